"""What functions are asked, in the shapes in which AWS asks."""

import json
from typing import Any

from .aws import DESK_KEY, SOURCE_KEY
from .here import ROOT


def _recorded(path: str) -> dict:
    return json.loads((ROOT / "functions" / path).read_text())


_REQUEST = _recorded("score/events/activity.json")
_BATCH = _recorded("route/events/lead-qualified.json")


def _request(method: str, path: str, body: str | None = None, key: str | None = None) -> dict:
    """What the HTTP API hands over."""
    headers = {k: v for k, v in _REQUEST["headers"].items() if k != "authorization"}
    if key is not None:
        headers["authorization"] = f"Bearer {key}"
    http = {**_REQUEST["requestContext"]["http"], "method": method, "path": path}
    context = {**_REQUEST["requestContext"], "http": http, "routeKey": f"{method} {path}"}
    asked = {k: v for k, v in _REQUEST.items() if k != "body"}
    asked |= {"rawPath": path, "headers": headers, "requestContext": context}
    return asked if body is None else {**asked, "body": body}


def activities(value: Any) -> dict:
    """One activity, or an array of them."""
    return _request("POST", "/activities", json.dumps(value), key=SOURCE_KEY)


HEALTH = _request("GET", "/health")
TICK = {"time": "2026-03-01T09:00:00Z"}


def lead(identity: str) -> dict:
    """The CRM asks for a lead."""
    return _request("GET", f"/leads/{identity}", key=DESK_KEY)


def qualified(event: dict) -> dict:
    """The inbox brings one event from the bus."""
    [record] = _BATCH["Records"]
    envelope = {**json.loads(record["body"]), "detail": event, "resources": [event["lead"]]}
    return {"Records": [{**record, "body": json.dumps(envelope)}]}
