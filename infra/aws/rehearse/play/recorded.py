"""The gateway's stand-in, held to payloads as API Gateway makes them: functions/*/events."""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime

from template.house import ROOT

from .gateway import Request, payload, route

# What the gateway puts in.
ADDED = {"content-length", "host", "x-amzn-trace-id"}


def gateway_complaints(keys: list[str]) -> Iterator[str]:
    """Each recorded payload is what the stand-in makes of its request."""
    checked = 0
    for path in sorted((ROOT / "functions").glob("*/events/*.json")):
        recorded = json.loads(path.read_text())
        if recorded.get("version") != "2.0":
            continue
        checked += 1
        request = _request(recorded)
        key, parameters = route(request, keys)
        now = datetime.fromtimestamp(recorded["requestContext"]["timeEpoch"] / 1000, UTC)
        made = payload(request, key, parameters, now)
        for name in sorted(made.keys() | recorded.keys()):
            if made.get(name) != recorded.get(name):
                yield f"{path.name}: {name} is {made.get(name)}, recorded {recorded.get(name)}"
    if checked == 0:
        yield "no payload is recorded"


def _request(recorded: dict) -> Request:
    """What was sent, by what the gateway made of it."""
    body = recorded.get("body", "").encode()
    headers = recorded["headers"]
    sent = {n: v for n, v in headers.items() if n not in ADDED and not n.startswith("x-forwarded")}
    return Request(
        recorded["requestContext"]["http"]["method"],
        recorded["rawPath"],
        recorded["rawQueryString"],
        sent,
        base64.b64decode(body) if recorded["isBase64Encoded"] else body,
    )
