"""What API Gateway makes of a request: a payload of format 2.0. And which route takes it.

The one place of the rehearsal that knows payloads; held to the ones in functions/*/events.
"""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, unquote

# Bodies of these are handed on as text, all others in base64.
TEXT = re.compile(r"text/|application/(json|javascript|xml|[\w.-]+\+(json|xml))")
ACCOUNT, API = "123456789012", "r3pmxmplak"
DOMAIN = f"{API}.execute-api.eu-central-1.amazonaws.com"
# One visitor and one id for all: none of it is ours to look at.
VISITOR, REQUEST_ID = "198.51.100.24", "JKJaXmPLvHcESHA="
TRACE_ID = "Root=1-69a3f890-5d8f0f2a1c1f4b7a6f3c2d1e"


@dataclass(frozen=True)
class Request:
    """A request as it is sent; header names in lower case."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


def route(request: Request, keys: list[str]) -> tuple[str, dict[str, str]]:
    """The route that takes a request, and its path parameters."""
    for key in keys:
        method, template = key.split(" ")
        pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(template))
        found = re.fullmatch(pattern, request.path)
        if found and method == request.method:
            return key, {name: unquote(value) for name, value in found.groupdict().items()}
    raise LookupError(f"API Gateway would answer 404: no route for {request.method} {request.path}")


def headers(request: Request) -> dict[str, str]:
    """A request's headers as they arrive: what every client and the gateway put in is there."""
    length = {"content-length": str(len(request.body))} if request.body else {}
    return {
        **{"accept": "*/*", "user-agent": "Baton-Example/1.0", "host": DOMAIN, **length},
        **{"x-amzn-trace-id": TRACE_ID, "x-forwarded-for": VISITOR},
        **{"x-forwarded-port": "443", "x-forwarded-proto": "https", **request.headers},
    }


def payload(request: Request, key: str, parameters: dict[str, str], now: datetime) -> dict:
    """What the function of a route is handed."""
    arrived = headers(request)
    # They come in a list of their own, and in no header.
    cookies = arrived.pop("cookie", "").split("; ")
    made: dict[str, Any] = {
        "version": "2.0",
        "routeKey": key,
        "rawPath": request.path,
        "rawQueryString": request.query,
        "headers": arrived,
        "requestContext": {
            "accountId": ACCOUNT,
            "apiId": API,
            "domainName": DOMAIN,
            "domainPrefix": API,
            "http": {
                "method": request.method,
                "path": request.path,
                "protocol": "HTTP/1.1",
                "sourceIp": VISITOR,
                "userAgent": arrived["user-agent"],
            },
            "requestId": REQUEST_ID,
            "routeKey": key,
            "stage": "$default",
            "time": now.astimezone(UTC).strftime("%d/%b/%Y:%H:%M:%S +0000"),
            "timeEpoch": int(now.timestamp() * 1000),
        },
    }
    if any(cookies):
        made["cookies"] = cookies
    if request.query:
        pairs = parse_qsl(request.query, keep_blank_values=True)
        made["queryStringParameters"] = {
            name: ",".join(v for n, v in pairs if n == name) for name, _ in pairs
        }
    if parameters:
        made["pathParameters"] = parameters
    is_text = TEXT.match(arrived.get("content-type", "text/plain"))
    if request.body:
        encoded = request.body if is_text else base64.b64encode(request.body)
        made["body"] = encoded.decode()
    made["isBase64Encoded"] = bool(request.body) and not is_text
    return made
