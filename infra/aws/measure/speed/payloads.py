"""What functions are asked, in the shapes in which AWS asks."""

import base64
import json
from typing import Any

from .aws import DESK_KEY, SOURCE_KEY
from .here import ROOT


def _recorded(path: str) -> dict:
    return json.loads((ROOT / "functions" / path).read_text())


_REQUEST = _recorded("score/events/activity.json")
_BATCH = _recorded("route/events/lead-qualified.json")


def request(method: str, path: str, body: bytes | None = None, key: str | None = SOURCE_KEY,
            as_base64: bool = False, trace: str | None = None) -> dict:
    """What the HTTP API hands over."""
    headers = {k: v for k, v in _REQUEST["headers"].items() if k != "authorization"}
    if key is not None:
        headers["authorization"] = f"Bearer {key}"
    if trace is not None:
        headers["traceparent"] = trace
    http = {**_REQUEST["requestContext"]["http"], "method": method, "path": path}
    context = {**_REQUEST["requestContext"], "http": http, "routeKey": f"{method} {path}"}
    asked = {**_REQUEST, "rawPath": path, "headers": headers, "requestContext": context,
             "isBase64Encoded": as_base64}
    del asked["body"]
    if body is not None:
        asked["body"] = base64.b64encode(body).decode() if as_base64 else body.decode()
    return asked


def activities(value: Any, **how: Any) -> dict:
    """One activity, or an array of them."""
    return request("POST", "/activities", json.dumps(value, ensure_ascii=False).encode(), **how)


HEALTH = request("GET", "/health", key=None)
TICK = {"time": "2026-03-01T09:00:00Z"}


def lead(identity: str) -> dict:
    """The CRM asks for a lead."""
    return request("GET", f"/leads/{identity}", key=DESK_KEY)


def qualified(event: dict) -> dict:
    """The inbox brings one event from the bus."""
    [record] = _BATCH["Records"]
    envelope = {**json.loads(record["body"]), "detail": event, "resources": [event["lead"]]}
    return {"Records": [{**record, "body": json.dumps(envelope)}]}
