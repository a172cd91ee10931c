"""The measurement: every function in turn, again and again, each time in a new process."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

from runtime import Function

from . import payloads
from .aws import Aws
from .here import bootstrap

FUNCTIONS = ("score", "route", "sla", "desk")
MEMORY_MB = 256
ROUNDS = 12
# Of a process: invocations before the ones that are measured, and those.
WARM_UP = 20
WARM = 100
LEADS = 40
BATCH = 500
# CloudWatch counts so much for every line besides the line.
LINE_BYTES = 26


@dataclass
class Samples:
    """What was measured of one function, a value a round; `warm_ms` has all invocations."""

    started_ms: list[float] = field(default_factory=list)
    first_ms: list[float] = field(default_factory=list)
    peak_mb: list[float] = field(default_factory=list)
    batch_mb: list[float] = field(default_factory=list)
    warm_ms: list[float] = field(default_factory=list)
    log_bytes: list[float] = field(default_factory=list)


def measure() -> dict[str, Samples]:
    """Measures in turns, so that what else the machine does falls on all of them."""
    samples = {name: Samples() for name in [*FUNCTIONS, "health"]}
    for number in range(ROUNDS):
        turn = number % len(FUNCTIONS)
        with Aws() as aws:
            for name in FUNCTIONS[turn:] + FUNCTIONS[:turn]:
                _once(name, aws, samples[name])
            _instrument(aws, samples["health"])
    return samples


def _started(name: str, aws: Aws) -> Function:
    """A function in a new process, as Lambda starts it, once it is entered."""
    return Function(name, [bootstrap(name)], aws.environment(), memory_mb=MEMORY_MB)


def _once(name: str, aws: Aws, into: Samples) -> None:
    asked = _asked(name, aws)
    with _started(name, aws) as function:
        _answered(function, next(asked))
        into.first_ms.append(function.first_answer_in_ms)
        into.started_ms.append(function.started_in_ms)
        for payload in itertools.islice(asked, WARM_UP):
            _answered(function, payload)
        before = len(function.lines)
        warm = [_answered(function, payload) for payload in itertools.islice(asked, WARM)]
        into.peak_mb.append(function.peak_kib * 1024 / 1e6)
        if name == "score":
            _answered(function, _array())
            into.batch_mb.append(function.peak_kib * 1024 / 1e6)
    into.warm_ms += warm
    printed = function.lines[before:]
    size = sum(len(line.text.encode()) + LINE_BYTES for line in printed)
    into.log_bytes.append(size / (WARM + (BATCH if into.batch_mb else 0)))


def _instrument(aws: Aws, into: Samples) -> None:
    """What the emulator and a request cost by themselves: one that asks nobody anything."""
    with _started("score", aws) as function:
        for payload in itertools.repeat(payloads.HEALTH, WARM_UP):
            _answered(function, payload)
        health = itertools.repeat(payloads.HEALTH, WARM)
        into.warm_ms += [_answered(function, payload) for payload in health]


def _answered(function: Function, payload: dict) -> float:
    reply = function.invoke(payload)
    answer = reply.json()
    status = answer.get("statusCode", 200) if isinstance(answer, dict) else 200
    if reply.failed or status != 200:
        raise RuntimeError(f"{function.name} answered {reply.body[:300]!r}")
    return reply.took_ms


def _asked(name: str, aws: Aws) -> Iterator[dict]:
    match name:
        case "route":
            return map(payloads.qualified, _qualified(aws))
        case "sla":
            return itertools.repeat(payloads.TICK)
        case "desk":
            [event, *_] = _qualified(aws, 1)
            return itertools.repeat(payloads.lead(event["lead"]))
        case _:
            return (payloads.activities(_viewed("one", n)) for n in itertools.count())


def _viewed(word: str, number: int) -> dict:
    """Somebody looks at our prices: scored, and not enough to qualify."""
    return {
        "id": f"{word}-{number}", "type": "pricing.viewed",
        "email": f"{word}-{number % LEADS}@acme.example",
        "profile": {"name": "Kim Lee", "title": "VP Sales", "company": "Acme", "country": "DE"},
        "data": {"page": "/pricing", "campaign": "spring"},
    }


def _array() -> dict:
    return payloads.activities([_viewed("array", n) for n in range(BATCH)])


def _qualified(aws: Aws, count: int = 1 + WARM_UP + WARM) -> list[dict]:
    """Leads qualify at a booth; gives what the bus heard of it."""
    before = len(aws.events())
    visits = [
        {"id": f"scan-{before}-{n}", "type": "event.booth_visited",
         "email": f"visitor-{before}-{n}@acme.example",
         "profile": {"name": "Kim Lee", "title": "VP Sales", "company": "Acme", "country": "DE"}}
        for n in range(count)
    ]
    with _started("score", aws) as function:
        _answered(function, payloads.activities(visits))
    heard = aws.events()[before:]
    return [event for event in heard if event["name"] == "lead.qualified"]
