"""What the twins are asked before anything is measured: the demo's activities, and the rest."""

import json
import random
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

from . import payloads
from .here import ROOT

# The same each time: a difference can be looked at again.
SEED = 4
GENERATED = 400
TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

_KINDS = [
    "form.submitted", "webinar.attended", "pricing.viewed", "email.clicked", "email.unsubscribed",
    "event.booth_visited", "form.demo_requested", "newsletter.opened",
]
_TITLES = [
    "VP Sales", "director of IT", "Student, physics", "Chief of Staff", "Head of Ops", "Engineer",
    "", " Vice President ", "Marketingleiterin", "Studentin",
]
_DOMAINS = ["acme.example", "gmail.com", "competitor.example", "GMX.de", "müller.example"]
_EMPLOYEES = [12, 200, 199.5, "1,200", " 450 ", "many", True, 0]
_COUNTRIES = ["DE", "us", " FR ", "JP", "", "Germany"]


def requests(now: datetime) -> Iterator[dict]:
    """Payloads one after another; what they tell happened in the weeks before `now`."""
    yield from _demo(now)
    yield from _refused(now)
    yield from Generator(now).requests()


def rfc3339(at: datetime) -> str:
    """A time as a source writes it."""
    return at.astimezone(timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z")


def _demo(now: datetime) -> Iterator[dict]:
    text = (ROOT / "infra/cli/demo/activities.jsonl").read_text()
    lines = [json.loads(line) for line in text.splitlines()]
    later = now - timedelta(hours=1) - max(datetime.fromisoformat(line["at"]) for line in lines)
    for post in (line["post"] for line in lines):
        for one in post if isinstance(post, list) else [post]:
            one["occurred_at"] = rfc3339(datetime.fromisoformat(one["occurred_at"]) + later)
        yield payloads.activities(post)


def _refused(now: datetime) -> Iterator[dict]:
    """Each way to be wrong, alone."""
    at = {"occurred_at": rfc3339(now - timedelta(days=1))}
    fine = {"id": "fine", "type": "form.submitted", "email": "fine@acme.example", **at}
    nested: dict = {}
    for _ in range(20):
        nested = {"n": nested}
    wrong: list = [
        None, 7, "text", True, {}, {"id": None, "type": None}, {"id": "", "type": " "},
        {"id": [1], "type": {}}, {"id": "x" * 257, "type": "a" * 65}, {"id": "a\x00b"},
        {**fine, "type": "Form Submitted"}, {**fine, "type": ".a"}, {**fine, "emial": "x"},
        {**fine, "a/b~c": 1, "\u202ehidden": 2}, {**fine, "profile": []}, {**fine, "data": "x"},
        {**fine, "profile": {"title": [1], "": 1, "k" * 65: 1, "v": "x" * 1025, "n": 1e300}},
        {**fine, "profile": {"name": "a\u202eb", "bio": "two\nlines", "b\x07": 1}},
        {**fine, "profile": {f"k{n}": n for n in range(65)}},
        {**fine, "data": nested}, {**fine, "data": {"t": "x" * 17_000}},
        {**fine, "data": {"": 1}}, {**fine, "data": {"n": 1e-200}},
        {**fine, "data": {"list": [1, {"t": "a\x1bb"}]}},
        *({**fine, "email": email} for email in (
            "kim", "kim@", "@acme.example", "kim@acme", "a@b@c.d", "a b@c.de", "a@-b.de", "a@b..de",
            "<a@b.de>", "a\x00@b.de", f"{'x' * 260}@b.de", 7,
        )),
        *({**fine, "occurred_at": time} for time in (
            "yesterday", "2026-02-30T09:00:00Z", "2026-03-01T09:00:00", 1772355600, "",
            rfc3339(now + timedelta(days=1)), rfc3339(now - timedelta(days=740)),
        )),
    ]
    for value in wrong:
        yield payloads.activities(value)
    yield payloads.activities([fine, *wrong])
    yield payloads.activities([])
    yield payloads.activities([fine] * 501)
    yield payloads.activities(fine, key=None)
    yield payloads.activities(fine, key="nobody-has-this-key")
    yield payloads.request("POST", "/activities", b"{not json")
    yield payloads.request("POST", "/activities")
    yield payloads.request("POST", "/activities", b'"' + b"x" * 1_048_575 + b'"')
    yield payloads.request("PUT", "/activities", b"{}")
    yield payloads.request("GET", "/nothing")
    yield payloads.request("POST", "/health")
    yield payloads.HEALTH


class Generator:
    """People who do things, again and again, some of it twice, some of it out of order."""

    def __init__(self, now: datetime):
        self._chance, self._now = random.Random(SEED), now
        self._sent: list[dict] = []

    def requests(self) -> Iterator[dict]:
        """Single activities and arrays."""
        while len(self._sent) < GENERATED:
            if self._chance.random() < 0.1:
                some = [self._activity() for _ in range(self._chance.randint(2, 12))]
                # One address to an id: leads of an array are taken side by side.
                yield payloads.activities(list({one["id"]: one for one in some}.values()))
            else:
                trace = self._chance.choice([None, TRACE, "00-kim-lee-01"])
                as_base64 = self._chance.random() < 0.1
                yield payloads.activities(self._activity(), as_base64=as_base64, trace=trace)

    def _activity(self) -> dict:
        chance = self._chance
        if self._sent and chance.random() < 0.1:
            return self._again(chance.choice(self._sent))
        number = len(self._sent)
        kind = chance.choice(_KINDS)
        activity = {"id": number if chance.random() < 0.1 else f"g-{number}", "type": kind}
        at = self._now - timedelta(seconds=chance.randint(3600, 90 * 86_400))
        if kind == "email.clicked":
            # Clicks fall into few seconds, so that some look like a scanner's.
            at = self._now - timedelta(days=chance.randint(1, 3))
            activity["data"] = self._click(at)
        activity["occurred_at"] = rfc3339(at)
        person = chance.randint(1, 40)
        if person <= 3:
            activity["person_id"] = f"badge-{person}"
        else:
            domain = _DOMAINS[person % len(_DOMAINS)]
            activity["email"] = chance.choice(["P{}@{}", " p{}@{} "]).format(person, domain)
        if chance.random() < 0.6:
            activity["profile"] = {
                "title": chance.choice(_TITLES), "employees": chance.choice(_EMPLOYEES),
                "country": chance.choice(_COUNTRIES), "note": None, "name": "Kim Łęcka ✓",
            }
        self._sent.append(activity)
        return activity

    def _click(self, at: datetime) -> dict:
        data = {"link": f"https://baton.example/{self._chance.randint(1, 3)}"}
        if self._chance.random() < 0.3:
            data["sent_at"] = rfc3339(at - timedelta(seconds=self._chance.choice([3, 9, 10, 600])))
        return data if self._chance.random() < 0.8 else {"url": "https://baton.example/u"}

    def _again(self, activity: dict) -> dict:
        """Sent twice; now and then under another address."""
        if self._chance.random() < 0.3:
            return {**activity, "email": "another@acme.example"}
        return activity
