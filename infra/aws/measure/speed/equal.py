"""Holds the twins to our `score`: the same answers, the same events, the same table."""

import contextlib
import json
import math
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from runtime import Function, Reply

from . import cases
from .aws import Aws
from .subjects import Subject, ours

# A random mark of the attempt that wrote an item.
_CHANCE = {"stamp"}
# How long the same request to another function may come after the first.
_LATER = timedelta(minutes=5)
_SHOWN = 10
_RETURNED = 25


class Run:
    """Our function and the twins, each against an account of its own."""

    def __init__(self, stack: contextlib.ExitStack, twins: Sequence[Subject]):
        self.subjects = [ours("score"), *twins]
        self.accounts = [stack.enter_context(Aws()) for _ in self.subjects]
        self.functions: list[Function] = [
            stack.enter_context(subject.on(account))
            for subject, account in zip(self.subjects, self.accounts)
        ]
        self.started = datetime.now(timezone.utc)
        self.differences: list[str] = []
        self.outcomes: Counter[str] = Counter()
        self.compared = {"answers": 0, "items": 0, "events": 0}

    def play(self) -> None:
        """Everything, then the leads that sales gave back."""
        for request in cases.requests(self.started):
            self._ask(request)
        for request in self._given_back():
            self._ask(request)
        self._compare_all("items", [account.items() for account in self.accounts])
        self._compare_all("events", [_by_lead(account.events()) for account in self.accounts])

    def _ask(self, request: dict) -> None:
        self.compared["answers"] += 1
        answers = [_answer(function.invoke(request)) for function in self.functions]
        self.outcomes.update(_outcomes(answers[0]["body"]))
        self._compare(f"answer to {json.dumps(request.get('body'))[:200]}", answers)

    def _given_back(self) -> list[dict]:
        """Puts leads into every table that `score` alone never makes, and what they do then."""
        at = cases.rfc3339(self.started - timedelta(days=20))
        leads = [item for item in self.accounts[0].items().values()
                 if item["sk"]["S"] == "lead" and item["status"]["S"] == "mql"][:_RETURNED]
        requests = []
        for number, lead in enumerate(leads):
            for account in self.accounts:
                account.put(_returned(account.items()[f"{lead['pk']['S']} lead"], at))
            who = lead["who"]["M"]
            if "email" in who:
                requests += _comeback(who["email"]["S"], number, self.started)
        return requests

    def _compare_all(self, what: str, found: list[dict]) -> None:
        self.compared[what] = len(found[0])
        for key in sorted(set().union(*found), key=str):
            self._compare(f"{what} {key}", [each.get(key) for each in found])

    def _compare(self, what: str, found: list[Any]) -> None:
        for subject, other in zip(self.subjects[1:], found[1:]):
            for place in self._unlike(found[0], other, ""):
                self.differences.append(f"{subject.name}: {what}: {place}")

    def _unlike(self, ours: Any, other: Any, place: str):
        if _is_number(ours) and _is_number(other):
            ours, other = float(ours["N"]), float(other["N"])
        if isinstance(ours, dict) and isinstance(other, dict):
            for key in sorted((ours.keys() | other.keys()) - _CHANCE):
                yield from self._unlike(ours.get(key), other.get(key), f"{place}/{key}")
        elif isinstance(ours, list) and isinstance(other, list) and len(ours) == len(other):
            for index, pair in enumerate(zip(ours, other)):
                yield from self._unlike(*pair, f"{place}/{index}")
        elif not self._same(ours, other):
            yield f"{place} is {ours!r}, there {other!r}"

    def _same(self, ours: Any, other: Any) -> bool:
        if ours == other:
            return True
        if isinstance(ours, float) and isinstance(other, float):
            if math.isclose(ours, other, rel_tol=1e-9, abs_tol=1e-9):
                return True
        return self._now_for_both(_moment(ours), _moment(other))

    def _now_for_both(self, ours: datetime | None, other: datetime | None) -> bool:
        """Two times that are when each was asked, and not when somebody did something."""
        if ours is None or other is None:
            return False
        if ours == other:
            return True
        # What runs out is told from now on, to the routing deadline or to the end of retention.
        spans = (timedelta(0), timedelta(minutes=1), timedelta(minutes=2), timedelta(days=732))
        first = self.started - timedelta(seconds=5)
        return any(
            first <= ours - span <= first + _LATER and first <= other - span <= first + _LATER
            for span in spans
        )


def check(twins: Sequence[Subject]) -> bool:
    """Prints what came of it; whether all was equal."""
    with contextlib.ExitStack() as stack:
        run = Run(stack, twins)
        run.play()
    for difference in run.differences[:_SHOWN]:
        print(f"  {difference}")
    if run.differences:
        print(f"{len(run.differences)} differences: of unequal twins nothing is measured")
        return False
    counts = ", ".join(f"{count} of {count} {what}" for what, count in run.compared.items())
    print(f"equal: {counts}, in each of {len(twins)} twins")
    print("  ", ", ".join(f"{count} {word}" for word, count in run.outcomes.most_common()))
    return True


def _answer(reply: Reply) -> dict:
    answer = reply.json()
    body = json.loads(answer["body"])
    # Parsers put it in words of their own.
    if isinstance(body, dict) and body.get("code") == "invalid_json":
        del body["detail"]
    return {"status": answer["statusCode"], "headers": answer["headers"], "body": body}


def _outcomes(body: dict) -> list[str]:
    """What became of the activities of a request, in a word each."""
    lines = body.get("results", [body])
    return [line.get("outcome") or line.get("code", "other") for line in lines]


def _by_lead(events: list[dict]) -> dict[str, dict]:
    """Leads of an array are taken side by side: only one lead's events have an order."""
    return {f"{event['lead']} {event['version']}": event for event in events}


def _returned(lead: dict, at: str) -> dict:
    """A lead as it is after sales gave it back."""
    gone = {"due_shard", "due_at", "deadline", "held_by", "row", "owner", "supervisor", "queue"}
    marks = {**lead["marks"]["M"], "returned_at": {"S": at}, "returned_reason": {"S": "not_now"}}
    return {
        **{name: value for name, value in lead.items() if name not in gone},
        "status": {"S": "returned"},
        "marks": {"M": marks},
        "era": {"N": "1"},
        "restarted_at": {"S": at},
        "behaviour": {"M": {"value": {"N": "0"}, "as_of": {"S": at}}},
    }


def _comeback(email: str, number: int, now: datetime) -> list[dict]:
    """Something from before, something new, and a fast track: before or after the return."""
    def did(name: str, kind: str, days_ago: int) -> dict:
        at = cases.rfc3339(now - timedelta(days=days_ago))
        return cases.payloads.activities(
            {"id": f"back-{number}-{name}", "type": kind, "email": email, "occurred_at": at}
        )

    fast_track = did("booth", "event.booth_visited", 30 if number % 2 else 10)
    return [did("old", "webinar.attended", 25), fast_track,
            *(did(f"new-{n}", "webinar.attended", 9 - n) for n in range(3))]


def _is_number(value: Any) -> bool:
    """Whether it is a number as DynamoDB writes them: in a text, as long as its writer pleases."""
    return isinstance(value, dict) and value.keys() == {"N"}


def _moment(value: Any) -> datetime | None:
    """A time, as text or in seconds or milliseconds since 1970."""
    if isinstance(value, float):
        seconds = value / 1000 if value > 1e11 else value
        return datetime.fromtimestamp(seconds, timezone.utc) if seconds > 1e9 else None
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
