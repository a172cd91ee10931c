"""How much of what is priced a step, or a month, uses."""

from collections import Counter
from math import ceil

from . import data

# Of every run of a function, and of none of ours to change:
MEMORY_GB = 256 / 1024
# An access log's line: the template's format, filled in.
ACCESS_LOG_BYTES = 230 + 26
# X-Ray traces the first request of each second and so many of the others.
TRACED = 0.05
# The bus puts an event into the inbox; Lambda receives and deletes it.
INBOX_REQUESTS = 3
# Lambda's five pollers ask an empty queue three times a minute each (GitHub, getlift/lift#132).
IDLE_POLLS_PER_MINUTE = 15
MINUTES_PER_MONTH = 30 * 24 * 60
# Lambda keeps a function warm for hours at most: starts anew that a month without traffic may see.
STARTS_PER_MONTH = 4 * 24 * 30
# The table's key is asked for anew every five minutes, by each role that uses it: the timer's.
KEY_REQUESTS_PER_MONTH = MINUTES_PER_MONTH // 5
# The daily look at everybody's e-mail and SMS: a list for each of ten people, and one of numbers.
LISTS_PER_DAY = 10 + 1

Usage = Counter[str]


def table(step: str) -> Usage:
    """What a step asks of the table, the bus and SNS. Each alert is a mail and a text message."""
    counted = data.counted()[step]
    calls, writes = counted["calls"], counted["write_units"]
    alerts = calls.get("Publish", 0)
    return Counter({
        "table_read": counted["read_units"],
        "table_write": writes.get("table", 0),
        "index_write": sum(units for name, units in writes.items() if name != "table"),
        "event": calls.get("PutEvents", 0),
        "alert": alerts,
        "mail": alerts,
        "text_message": alerts * -(-counted["sms_chars"] // 160),
    })


def run(function: str, traced: float = TRACED) -> Usage:
    """One run of a function that is warm, by whole milliseconds. Its time is that measured on one
    machine: on Lambda every call to AWS takes some milliseconds more."""
    measured = data.measured()["functions"][function]
    return Counter({
        "lambda_request": 1,
        "lambda_gb_second": ceil(measured["warm_p50_ms"]) / 1e3 * MEMORY_GB,
        "log_gb": measured["log_bytes"] / 1e9,
        "trace": traced,
    })


def request(function: str, step: str) -> Usage:
    """One HTTP request and what it sets off at once."""
    logged = ACCESS_LOG_BYTES
    if function == "desk":
        # Measured is a look, which logs nothing; a command logs what `route` does, or less.
        logged += data.measured()["functions"]["route"]["log_bytes"]
    gateway = Counter({"api_request": 1, "log_gb": logged / 1e9})
    return gateway + run(function) + table(step)


def routed(step: str) -> Usage:
    """A lead that qualified goes through the inbox to its owner."""
    return Counter({"queue_request": INBOX_REQUESTS}) + run("route") + table(step)


def lapsed(step: str) -> Usage:
    """A deadline that a sweep finds; the sweep itself is the idle month's."""
    return table(step)


HAND_OFF = [("score", "qualify"), ("route", "route"), ("desk", "accept"), ("desk", "convert")]
SLIDE = [
    ("score", "slide_qualify"), ("route", "slide_route"), ("sla", "slide_escalate"),
    ("desk", "slide_accept"), ("sla", "slide_warn"), ("sla", "slide_return"),
]


def trip(steps: list[tuple[str, str]]) -> Usage:
    """All steps of a lead's trip through sales."""
    how = {"route": routed, "sla": lapsed}
    total: Usage = Counter()
    for function, step in steps:
        total += how[function](step) if function in how else request(function, step)
    return total


def idle_month() -> Usage:
    """Thirty days in which nobody does anything."""
    sweep = run("sla", traced=1) + table("idle_sweep_that_looks_for_rules")
    usage = _times(sweep, MINUTES_PER_MONTH)
    usage["log_gb_month"] = usage["log_gb"] * 3
    usage.update({
        "schedule": MINUTES_PER_MONTH + 30,
        "alert": 30 * LISTS_PER_DAY,
        "queue_request": IDLE_POLLS_PER_MINUTE * MINUTES_PER_MONTH,
        "metric_month": data.own_metrics(),
        "alarm_month": data.alarms(),
        "dashboard_month": 1,
        "secret_month": 1,
        "secret_read": STARTS_PER_MONTH,
        "key_request": KEY_REQUESTS_PER_MONTH,
    })
    return usage


def _times(usage: Usage, count: float) -> Usage:
    return Counter({name: amount * count for name, amount in usage.items()})


def gigabytes_per_million(step: str) -> float:
    """What a million activities leave in the table and its index, 100 bytes of overhead each."""
    size = data.counted()[step]["bytes_of_items"]["activity"] + 100
    return 2 * size * 1e6 / 1e9
