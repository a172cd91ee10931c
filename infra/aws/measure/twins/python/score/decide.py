"""An activity arrives: the new lead, the ledger's entry, and what it makes known. Pure."""

import copy
import json
from dataclasses import dataclass

from . import policy, scan
from .parse import lead_id
from .times import ms, rfc3339

_RECENT_KEPT = 8
_PROFILE_KEPT = 128


@dataclass(slots=True)
class Decision:
    was: int
    status_was: str
    lead: dict
    now: int
    correlation: str
    entry: dict | None = None
    history: dict | None = None
    event: dict | None = None


def new_lead(who, now):
    at = rfc3339(now)
    return {
        "lead": lead_id(who), "who": who, "status": "nurturing", "cycle": 0,
        "behaviour": {"value": 0.0, "as_of": at}, "fit": 0, "profile": {}, "recent": [],
        "caps": [], "clicked": [], "era": 0, "extensions": 0, "escalations": 0,
        "marks": {"evidence": []}, "created_at": at, "changed_at": at, "version": 0,
    }


def record(known, activity, correlation, clock):
    lead = copy.deepcopy(known)
    now = max(clock, ms(lead["changed_at"]))
    decision = Decision(known["version"], known["status"], lead, now, correlation)
    lead["version"] += 1
    lead["changed_at"] = rfc3339(now)
    if lead["version"] == 1:
        lead["behaviour"] = {"value": 0.0, "as_of": rfc3339(activity.occurred_at)}
    _learn(lead["profile"], activity)
    scanned = scan.look(lead, activity)
    facts = policy.facts(lead)
    fits = policy.fits(facts)
    lead["fit"] = sum(rule.points for rule in fits)
    lead["excluded"] = policy.exclusion(facts)
    if scanned is not None:
        decision.entry = _entry(decision, activity, [], scanned, "scanner")
        return decision
    by_rule = policy.earn(activity, lead["caps"])
    fast_track = policy.fast_track(activity.type)
    points = sum(earned["points"] for earned in by_rule)
    counted, note = _count(lead, activity, points)
    scan.remember(lead, activity, by_rule, counted)
    if note != "before_restart":
        _remember(lead, activity, points, by_rule, fast_track)
    decision.entry = _entry(decision, activity, by_rule, counted, note, fast_track)
    if fits:
        decision.entry["fits"] = [rule.name for rule in fits]
    _qualify_if_enough(decision, activity, points, fast_track)
    if decision.event:
        decision.entry["qualified"] = True
    return decision


def _learn(profile, activity):
    """The newest word wins; of two of the same moment, the greater."""
    at = activity.occurred_at
    for key, value in activity.profile.items():
        known = profile.get(key)
        if known is None:
            if len(profile) < _PROFILE_KEPT:
                profile[key] = {"value": value, "as_of": rfc3339(at)}
            continue
        age = at - ms(known["as_of"])
        if age > 0 or (age == 0 and _rank(value) > _rank(known["value"])):
            profile[key] = {"value": value, "as_of": rfc3339(at)}


def _rank(value):
    return ("Text" if isinstance(value, str) else "Scalar") + json.dumps(value)


def _count(lead, activity, points):
    restarted_at = lead.get("restarted_at")
    if restarted_at and activity.occurred_at < ms(restarted_at):
        return 0.0, "before_restart"
    counted = policy.add_points(lead, points, activity.occurred_at)
    return counted, None if counted == points else "floor"


def _remember(lead, activity, points, by_rule, fast_track):
    """Keeps the activity among the lead's newest, if it speaks for the lead."""
    if fast_track:
        label = fast_track["label"]
    elif points > 0:
        rules = policy.ACTIVITIES[activity.type]
        label = next(rule["label"] for rule in rules if rule["name"] == by_rule[0]["rule"])
    else:
        return
    at, recent = activity.occurred_at, lead["recent"]
    evidence = {"type": activity.type, "label": label, "at": rfc3339(at), "points": points}
    place = next((i for i, known in enumerate(recent) if ms(known["at"]) <= at), len(recent))
    recent.insert(place, evidence)
    del recent[_RECENT_KEPT:]


def _entry(decision, activity, by_rule, counted, note, fast_track=None):
    entry = {
        "lead": decision.lead["lead"], "source": activity.source, "id": activity.id,
        "type": activity.type, "occurred_at": rfc3339(activity.occurred_at),
        "received_at": rfc3339(decision.now),
        "points": sum(earned["points"] for earned in by_rule), "counted": counted,
        "era": decision.lead["era"], "policy": policy.VERSION,
    }
    optional = {
        "by_rule": by_rule or None, "note": note,
        "fast_track": fast_track["name"] if fast_track else None,
        "excluded": decision.lead["excluded"], "profile": activity.profile or None,
        "data": activity.data,
    }
    return entry | {name: value for name, value in optional.items() if value is not None}


def _qualify_if_enough(decision, activity, points, fast_track):
    lead = decision.lead
    match lead["status"]:
        case "nurturing":
            by_score, by_fast_track = points >= 0, True
        case "returned":
            returned_at = lead["marks"].get("returned_at")
            is_new = returned_at is None or activity.occurred_at >= ms(returned_at)
            by_score, by_fast_track = is_new and points > 0, is_new
        case _:
            return
    if lead["excluded"]:
        return
    if fast_track and by_fast_track:
        _qualify(decision, activity, "fast_track", fast_track["name"])
    elif by_score and policy.score_of(lead, decision.now)["total"] >= policy.THRESHOLD:
        _qualify(decision, activity, "score", None)


def _qualify(decision, activity, by, because):
    lead, now = decision.lead, decision.now
    at = rfc3339(now)
    marks = {
        "first_mql_at": lead["marks"].get("first_mql_at", at), "mql_at": at, "mql_by": by,
        "mql_source": activity.source, "evidence": lead["recent"],
        "score_at_mql": policy.score_of(lead, now),
    } | ({"mql_because": because} if because else {})
    deadline = {"kind": "route", "at": rfc3339(now + policy.ROUTE_WITHIN_MS)}
    lead.update(
        status="mql", cycle=lead["cycle"] + 1, extensions=0, escalations=0, deadline=deadline,
        marks=marks, unrouted_told_at=None,
    )
    decision.event = {
        "schema": 1, "name": "lead.qualified", "lead": lead["lead"], "at": at,
        "status": lead["status"], "cycle": lead["cycle"], "version": lead["version"],
        "queue": lead.get("queue"), "owner": lead.get("owner"),
        "supervisor": lead.get("supervisor"), "mql_by": by, "deadline": deadline,
        "correlation": decision.correlation,
    }
    decision.history = {
        "at": at, "from": decision.status_was, "to": lead["status"], "command": "record",
        "by": f"source:{activity.source}", "mql_at": at, "path": by, "cycle": lead["cycle"],
        "policy": policy.VERSION, "version": lead["version"],
    } | ({"reason": because} if because else {})
