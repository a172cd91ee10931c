"""POST /activities: one object or an array of them, each with its own outcome."""

import base64
import hashlib
import hmac
import json
import os
import re
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import boto3
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit, single_metric

from .answer import (
    Problem, fields_problem, no_route, reply, unauthorised, unavailable, wrong_method,
)
from .parse import Activity, parse_activity
from .policy import score_of
from .table import CONFIG, edition_in_force, take
from .times import now_ms

_BATCH = 500
_BODY_BYTES = 1024 * 1024
_LEADS_AT_ONCE = 16
_LOOK_EVERY_MS = 30_000

logger = Logger(service="score")
metrics = Metrics(namespace="Baton", service="score")
_TABLE = {"Table": os.environ["BATON_TABLE"]}
metrics.set_default_dimensions(**_TABLE)


def _keys():
    client = boto3.client("secretsmanager", config=CONFIG)
    secret = client.get_secret_value(SecretId=os.environ["BATON_SECRET"])["SecretString"]
    sources = json.loads(secret)["sources"]
    return [(name, _digest(key)) for name, pair in sources.items() for key in pair.values()]


def _digest(key):
    return hashlib.sha256(key.encode()).digest()


_looked_at = 0


def _refresh():
    """The twin has the sample rules only: it looks whether others are published, and says so."""
    global _looked_at
    if now_ms() - _looked_at < _LOOK_EVERY_MS:
        return
    _looked_at = now_ms()
    try:
        if any([edition_in_force("policy"), edition_in_force("roster")]):
            logger.error("published rules are not in force")
    except Exception:
        logger.exception("published rules can't be looked at")


# During init: the keys, and a first look at the table, which opens its connection.
_KEYS = _keys()
_refresh()


@metrics.log_metrics
def handler(event, context):
    correlation = _correlation(event) or context.aws_request_id
    logger.append_keys(correlation=correlation)
    _refresh()
    answered = _answer_or_problem(event, correlation)
    answered["headers"]["x-correlation-id"] = correlation
    return answered


def _answer_or_problem(event, correlation):
    try:
        return _answer(event, correlation)
    except Problem as problem:
        return reply(problem.body["status"], problem.body, problem.headers)
    except Exception:
        logger.exception("activities not recorded")
        problem = unavailable()
        return reply(503, problem.body, problem.headers)


_TRACE = re.compile("00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


def _correlation(event):
    """The trace that the caller says a request belongs to, else the gateway's own id of it."""
    trace = _TRACE.fullmatch(event.get("headers", {}).get("traceparent", "").strip())
    return trace[1] if trace else event["requestContext"].get("requestId")


def _source_of(headers):
    scheme, _, key = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key:
        raise unauthorised()
    offered = _digest(key.strip())
    # All are compared, so that the time tells nothing.
    found = [name for name, digest in _KEYS if hmac.compare_digest(digest, offered)]
    if not found:
        raise unauthorised()
    return found[0]


def _answer(event, correlation):
    method, body = event["requestContext"]["http"]["method"], _body(event)
    match event["rawPath"]:
        case "/activities":
            if method != "POST":
                raise wrong_method("POST")
            return _take_body(body, _source_of(event.get("headers", {})), correlation)
        case "/health":
            if method not in ("GET", "HEAD"):
                raise wrong_method("GET")
            return reply(200, {"status": "ok"})
        case _:
            raise no_route()


def _body(event):
    body = event.get("body", "")
    raw = base64.b64decode(body) if event.get("isBase64Encoded") else body.encode()
    if len(raw) > _BODY_BYTES:
        detail = (
            f"the body is {len(raw)} bytes long; at most {_BODY_BYTES} are taken: "
            "send fewer activities at once"
        )
        raise Problem(413, "body_too_large", detail)
    return raw


def _take_body(body, source, correlation):
    try:
        value = json.loads(body)
    except ValueError:
        raise Problem(400, "invalid_json", "the body is not JSON") from None
    if isinstance(value, list):
        return reply(200, {"results": _take_all(value, source, correlation)})
    parsed = parse_activity(value, source, now_ms())
    if not isinstance(parsed, Activity):
        raise fields_problem("invalid_activity", parsed.errors)
    return reply(200, _take_one(parsed, correlation))


def _take_all(values, source, correlation):
    if len(values) > _BATCH:
        expected = f"at most {_BATCH} activities in one request"
        error = {"field": "", "problem": f"has {len(values)} elements", "expected": expected}
        raise fields_problem("too_many_activities", [error])
    now, results, leads = now_ms(), [None] * len(values), {}
    for index, value in enumerate(values):
        parsed = parse_activity(value, source, now)
        if isinstance(parsed, Activity):
            leads.setdefault(parsed.lead, []).append((index, parsed))
        else:
            error = fields_problem("invalid_activity", parsed.errors).body
            results[index] = {"id": parsed.id, "outcome": "invalid", "error": error}
    with ThreadPoolExecutor(_LEADS_AT_ONCE) as pool:
        in_order = partial(_take_in_order, correlation=correlation)
        for lines in pool.map(in_order, leads.values()):
            for index, line in lines:
                results[index] = line
    return results


def _take_in_order(activities, correlation):
    return [(index, _take_one(activity, correlation)) for index, activity in activities]


def _take_one(activity, correlation):
    outcome, points, lead, event = take(activity, correlation, logger)
    counted = "Duplicates" if outcome == "duplicate" else "Activities"
    metrics.add_metric(counted, MetricUnit.Count, 1)
    if event:
        metrics.add_metric("Mqls", MetricUnit.Count, 1)
        count = {"name": "Mqls", "unit": MetricUnit.Count, "value": 1, "namespace": "Baton"}
        with single_metric(**count, default_dimensions=_TABLE) as by_path:
            by_path.add_dimension("Path", event["mql_by"])
    line = {
        "id": activity.id, "lead": lead["lead"], "outcome": outcome, "points": points,
        "score": score_of(lead, now_ms()), "status": lead["status"],
    }
    return line | ({"excluded_by": lead["excluded"]} if outcome == "excluded" else {})
