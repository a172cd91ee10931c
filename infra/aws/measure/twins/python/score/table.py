"""The table and the bus: one read, one transaction, and delivery of what it makes known."""

import hashlib
import json
import os
import random
import secrets
import time
from decimal import Decimal

import boto3
from boto3.dynamodb.types import Binary, TypeDeserializer, TypeSerializer
from botocore.config import Config

from .decide import new_lead, record
from .parse import lead_id
from .times import day_of, ms, now_ms, rfc3339

CONFIG = Config(
    connect_timeout=1,
    read_timeout=3,
    max_pool_connections=16,
    retries={"mode": "standard", "total_max_attempts": 4},
    tcp_keepalive=True,
)

# A client, not a resource: it is thread-safe, and starts in less time.
_table = boto3.client("dynamodb", config=CONFIG)
_bus = boto3.client("events", config=CONFIG)
_NAME = os.environ["BATON_TABLE"]
_BUS = os.environ["BATON_BUS"]

_ATTEMPTS = 40
_RETENTION_S = 732 * 86_400
_REDELIVER_AFTER_MS = 60_000
_PASSING = {
    "ConditionalCheckFailed", "TransactionConflict", "ThrottlingError",
    "ProvisionedThroughputExceeded",
}

_serialize = TypeSerializer().serialize
_deserialize = TypeDeserializer().deserialize


class Contended(Exception):
    """Others kept changing the same lead."""


def edition_in_force(document):
    """The number of the edition: 0 is the sample. Opens the connection, too."""
    return (_get(f"document#{document}", "current") or {}).get("edition", 0)


def take(activity, correlation, logger):
    """Puts an activity on record, once: gives (outcome, points, lead, event)."""
    id_, stamp = activity.lead, secrets.token_hex(8)
    for attempt in range(1, _ATTEMPTS + 1):
        stored = _get(f"lead#{id_}", "lead")
        if stored and stored["stamp"] == stamp:
            return "duplicate", 0, _lead_in(stored), None
        known = _lead_in(stored) if stored else new_lead(activity.who, now_ms())
        decision = record(known, activity, correlation, now_ms())
        before = _commit(decision, stamp)
        if before == "conflict":
            time.sleep(random.random() * min(0.008 * 2**attempt, 0.5))
            continue
        if before:
            return "duplicate", before["points"], _lead_of(before, known), None
        lead, entry = decision.lead, decision.entry
        logger.info(
            f"lead {id_}: record", lead=id_, command="record", by=f"source:{activity.source}",
            status_was=decision.status_was, to=lead["status"], version=lead["version"],
            policy=entry["policy"],
        )
        if decision.event:
            _deliver(decision, logger)
        outcome = "excluded" if lead["excluded"] else "scored"
        return outcome, entry["points"], lead, decision.event
    raise Contended(f"lead {id_} kept changing: gave up after {_ATTEMPTS} tries")


def _get(pk, sk):
    key = {"pk": {"S": pk}, "sk": {"S": sk}}
    found = _table.get_item(TableName=_NAME, Key=key, ConsistentRead=True).get("Item")
    return _plain(found) if found else None


def _plain(item):
    return {name: _numbers(_deserialize(value)) for name, value in item.items()}


def _numbers(value):
    """Decimals to numbers that can be reckoned with."""
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case dict():
            return {key: _numbers(item) for key, item in value.items()}
        case list():
            return [_numbers(item) for item in value]
        case Binary():
            return value.value
        case _:
            return value


def _decimals(value):
    """Floats to decimals, which is all that the serialiser takes."""
    match value:
        case float():
            return Decimal(repr(value))
        case dict():
            return {key: _decimals(item) for key, item in value.items()}
        case list():
            return [_decimals(item) for item in value]
        case _:
            return value


_NOT_THE_LEADS = ("pk", "sk", "item", "schema", "stamp", "due_shard", "due_at", "held_by", "row")


def _lead_in(item):
    lead = {"clicked": [], "excluded": None, **item}
    for name in _NOT_THE_LEADS:
        lead.pop(name, None)
    return lead


def _lead_of(entry, named):
    """The lead in whose ledger an entry is."""
    if entry["lead"] == named["lead"]:
        return named
    other = _get(f"lead#{entry['lead']}", "lead")
    return _lead_in(other) if other else named


def _commit(decision, stamp):
    """None when committed; the entry that was there, or "conflict"."""
    try:
        _table.transact_write_items(TransactItems=_writes(decision, stamp))
        return None
    except _table.exceptions.TransactionInProgressException:
        return "conflict"
    except _table.exceptions.TransactionCanceledException as cancelled:
        reasons = cancelled.response["CancellationReasons"]
        if reasons[0].get("Code") == "ConditionalCheckFailed":
            entry = _plain(reasons[0]["Item"])
            return None if entry["stamp"] == stamp else entry
        if any(reason.get("Code") in _PASSING for reason in reasons):
            return "conflict"
        raise


def _writes(decision, stamp):
    lead = decision.lead
    writes = [_put_new(_activity_item(decision, stamp)), _put_lead(decision, stamp)]
    if decision.history:
        writes.append(_put_new(_history_item(decision)))
    if decision.event:
        writes.append(_put_new(_message_item(lead, decision)))
    return writes


def _put_new(item):
    return {
        "Put": {
            "TableName": _NAME,
            "Item": _item(item),
            "ConditionExpression": "attribute_not_exists(pk)",
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
    }


def _put_lead(decision, stamp):
    put = {"TableName": _NAME, "Item": _item(_lead_item(decision.lead, stamp))}
    if decision.was == 0:
        put["ConditionExpression"] = "attribute_not_exists(pk)"
    else:
        put["ConditionExpression"] = "version = :was"
        put["ExpressionAttributeValues"] = {":was": {"N": str(decision.was)}}
    return {"Put": put}


def _item(item):
    return {name: _serialize(_decimals(value)) for name, value in item.items()}


def _lead_item(lead, stamp):
    item = _without_nulls(lead)
    item |= {"pk": f"lead#{lead['lead']}", "sk": "lead", "item": "lead", "schema": 1,
             "stamp": stamp}
    if not item["clicked"]:
        del item["clicked"]
    if deadline := lead.get("deadline"):
        item |= _promise(lead, ms(deadline["at"]))
        item |= {"held_by": lead.get("owner") or "-", "row": _row(lead)}
    return item


def _row(lead):
    """What the board knows of an open lead."""
    kind, due, marks = lead["deadline"]["kind"], lead["deadline"]["at"], lead["marks"]
    began = {"route": "mql_at", "accept": "assigned_at"}.get(kind, "accepted_at")
    slipped = (kind == "route" and lead.get("unrouted_told_at")) or (
        kind == "accept" and lead["escalations"] > 0
    )
    return _without_nulls({
        "lead": lead["lead"], "owner": lead.get("owner"), "supervisor": lead.get("supervisor"),
        "queue": lead.get("queue"), "stage": kind, "due": due,
        "since": marks.get(began) or lead["created_at"], "slipped": True if slipped else None,
        "path": marks.get("mql_by"), "source": marks.get("mql_source"),
    })


def _without_nulls(mapping):
    return {name: value for name, value in mapping.items() if value is not None}


def _hash(source_id):
    """Of a source's own id, as it is in a key: 128 bits of SHA-256."""
    return hashlib.sha256(source_id.encode()).hexdigest()[:32]


def _shard(lead):
    return int(lead[:2], 16) % 8


def _promise(lead, due_at):
    return {"due_shard": _shard(lead["lead"]), "due_at": due_at}


def _activity_item(decision, stamp):
    entry = decision.entry
    shard = _shard(entry["lead"])
    return entry | {
        "pk": f"activity#{entry['source']}#{_hash(entry['id'])}",
        "sk": "activity", "item": "activity",
        "schema": 1, "stamp": stamp, "ledger_of": entry["lead"],
        "occurred_ms": ms(entry["occurred_at"]),
        "day": f"fired#{entry['received_at'][:10]}#{shard}", "at_ms": ms(entry["received_at"]),
        "expires_at": decision.now // 1000 + _RETENTION_S,
    }


def _history_item(decision):
    lead, line = decision.lead["lead"], decision.history
    return line | {
        "pk": f"lead#{lead}", "sk": f"history#{line['version']:012}", "item": "history",
        "schema": 1, "lead": lead, "day": day_of(decision.now), "at_ms": decision.now,
    }


def _message_key(lead):
    return f"lead#{lead['lead']}", f"message#{lead['version']:012}#0000"


def _message_item(lead, decision):
    pk, sk = _message_key(lead)
    return {
        "pk": pk, "sk": sk, "item": "message", "schema": 1,
        "id": {"lead": lead["lead"], "version": lead["version"], "index": 0},
        "at": rfc3339(decision.now), "message": {"event": _without_nulls(decision.event)},
        "lead": lead["lead"],
        **_promise(lead, decision.now + _REDELIVER_AFTER_MS),
    }


def _deliver(decision, logger):
    """Publishes the event, takes it off the list of promises; what fails, the sweep delivers."""
    event = decision.event
    lead, word = event["lead"], event["name"]
    pk, sk = _message_key(decision.lead)
    about = {"lead": lead, "outbox": f"{lead}-{event['version']}-0", "word": word,
             "policy": decision.entry["policy"]}
    try:
        answer = _bus.put_events(Entries=[{
            "EventBusName": _BUS, "Source": "baton", "DetailType": event["name"],
            "Resources": [event["lead"]], "Detail": json.dumps(event, separators=(",", ":")),
        }])
        if code := answer["Entries"][0].get("ErrorCode"):
            raise RuntimeError(f"the bus refused the event: {code}")
        _table.update_item(
            TableName=_NAME,
            Key={"pk": {"S": pk}, "sk": {"S": sk}},
            UpdateExpression="SET delivered_at = :at REMOVE due_shard, due_at",
            ConditionExpression="attribute_exists(due_at)",
            ExpressionAttributeValues={":at": {"S": rfc3339(now_ms())}},
        )
        logger.info(f"lead {lead}: {word} delivered", **about)
    except Exception:
        logger.exception(f"lead {lead}: {word} not delivered; the sweep will", **about)
