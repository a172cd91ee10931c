"""The rules: the sample policy, turned into JSON by the build, and what an activity is worth."""

import json
import math
import re
from pathlib import Path

from .times import day_of, ms, rfc3339

_UNIT_MS = {"s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}


def _span(text):
    return int(text[:-1]) * _UNIT_MS[text[-1]]


def _compiled(test):
    match test:
        case str():
            return _one_of([test])
        case list():
            return _one_of(test)
        case {"matches": pattern}:
            search = re.compile(pattern).search
            return lambda value: isinstance(value, str) and search(value.strip()) is not None
        case {"at_least": least}:
            return lambda value: (number := _number(value)) is not None and number >= least


def _one_of(values):
    known = {value.lower() for value in values}
    return lambda value: isinstance(value, str) and value.strip().lower() in known


def _number(value):
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        try:
            return float(value.strip().replace(",", ""))
        except ValueError:
            return None
    return value


class _Conditioned:
    def __init__(self, rule):
        self.name, self.points = rule["name"], rule.get("points", 0)
        self._tests = [(field, _compiled(test)) for field, test in rule["when"].items()]

    def holds(self, facts):
        return all(passes(facts.get(field)) for field, passes in self._tests)


def _by_type(rules):
    found = {}
    for rule in rules:
        found.setdefault(rule["type"], []).append({"name": rule["type"], **rule})
    return found


_sample = json.loads((Path(__file__).parent / "policy.json").read_text())

VERSION = _sample["version"]
THRESHOLD = _sample["score"]["threshold"]
FLOOR = _sample["score"]["floor"]
ROUTE_WITHIN_MS = _span(_sample["clocks"]["route_within"])
SCANNED = frozenset(_sample["scanners"]["types"])
AFTER_SENDING_MS = _span(_sample["scanners"]["after_sending"])
ACTIVITIES = _by_type(_sample["activity"])
FAST_TRACKS = _by_type(_sample["fast_track"])
_HALF_LIFE_MS = _span(_sample["score"]["half_life"])
_FIT = [_Conditioned(rule) for rule in _sample["fit"]]
_EXCLUSIONS = [_Conditioned(rule) for rule in _sample["exclusion"]]


def facts(lead):
    known = {key: dated["value"] for key, dated in lead["profile"].items()}
    known["email_domain"] = lead["who"].get("email", "").partition("@")[2] or None
    return known


def fits(known):
    return [rule for rule in _FIT if rule.holds(known)]


def exclusion(known):
    return next((rule.name for rule in _EXCLUSIONS if rule.holds(known)), None)


def fast_track(type_):
    return next(iter(FAST_TRACKS.get(type_, [])), None)


def earn(activity, caps):
    """Points rule by rule; uses up the lead's daily caps."""
    earned = []
    for rule in ACTIVITIES.get(activity.type, []):
        points = rule["points"]
        if "at_most_per_day" in rule:
            points = _use_cap(caps, rule, activity.occurred_at)
        line = {"rule": rule["name"], "points": points}
        earned.append(line if points == rule["points"] else {**line, "capped": True})
    return earned


def cap_of(caps, day, rule):
    return next((cap for cap in caps if cap["day"] == day and cap["rule"] == rule), None)


def set_refused(cap, refused):
    if refused:
        cap["refused"] = refused
    else:
        cap.pop("refused", None)


def _use_cap(caps, rule, occurred_at):
    day = day_of(occurred_at)
    cap = cap_of(caps, day, rule["name"])
    left = max(abs(rule["at_most_per_day"]) - abs(cap["points"] if cap else 0), 0)
    points = min(max(rule["points"], -left), left)
    if cap is None:
        cap = {"day": day, "rule": rule["name"], "points": 0}
        caps.append(cap)
        caps.sort(key=lambda known: (known["day"], known["rule"]))
    cap["points"] += points
    set_refused(cap, cap.get("refused", 0) + rule["points"] - points)
    if len(caps) > 64:
        caps.pop(0)
    return points


def _decay(age_ms):
    """What a point is still worth after so long."""
    return 2.0 ** -max(age_ms / _HALF_LIFE_MS, 0.0)


def score_of(lead, now):
    """The score as people see it."""
    exact = lead["behaviour"]["value"] * _decay(now - ms(lead["behaviour"]["as_of"]))
    behaviour = int(math.copysign(math.floor(abs(exact) + 0.5), exact))
    return {"behaviour": behaviour, "fit": lead["fit"], "total": behaviour + lead["fit"]}


def add_points(lead, points, occurred_at):
    """Adds points dated `occurred_at`; gives those that really counted."""
    was = ms(lead["behaviour"]["as_of"])
    as_of = max(was, occurred_at)
    before = lead["behaviour"]["value"] * _decay(as_of - was)
    age = _decay(as_of - occurred_at)
    total = before + points * age
    value = max(total, min(float(FLOOR), before)) if points < 0 else total
    lead["behaviour"] = {"value": value, "as_of": rfc3339(as_of)}
    return points if value == total else (value - before) / age
