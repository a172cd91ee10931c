"""What goes back: JSON, or a problem of RFC 9457 with a stable code."""

import json
from http import HTTPStatus

_HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}


class Problem(Exception):
    """What went wrong, for the sender."""

    def __init__(self, status, code, detail, headers=None, **more):
        super().__init__(detail)
        # RFC 9110 renamed two of them; the contract has the new names.
        title = {413: "Payload Too Large", 422: "Unprocessable Entity"}.get(status)
        title = title or HTTPStatus(status).phrase
        self.body = {"status": status, "title": title, "code": code, "detail": detail, **more}
        self.headers = headers or {}


def reply(status, value, headers=None):
    kind = "application/json" if status < 400 else "application/problem+json"
    return {
        "statusCode": status,
        "headers": {"content-type": kind, **_HEADERS, **(headers or {})},
        "body": json.dumps(value, separators=(",", ":"), ensure_ascii=False),
        "isBase64Encoded": False,
        "cookies": [],
    }


def fields_problem(code, errors):
    detail = f"{len(errors)} fields are not as expected; see errors"
    if len(errors) == 1:
        [error] = errors
        name = error["field"] or "the body"
        detail = f"{name} {error['problem']}; expected {error['expected']}"
    return Problem(422, code, detail, errors=errors)


def unauthorised():
    detail = "send the source's key as 'Authorization: Bearer KEY'"
    return Problem(401, "unauthorised", detail, {"www-authenticate": "Bearer"})


def wrong_method(allowed):
    return Problem(405, "method_not_allowed", f"this route takes {allowed}", {"allow": allowed})


def no_route():
    detail = "there is nothing here; /openapi.yaml lists what there is"
    return Problem(404, "no_such_route", detail)


def unavailable():
    detail = "we could not do this just now; nothing was lost: please send it again"
    return Problem(503, "unavailable", detail, {"retry-after": "5"}, retry_after=5)
