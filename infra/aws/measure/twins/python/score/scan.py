"""Mail scanners: several links in the same second. Their clicks leave the score as it was."""

import hashlib

from . import policy, times
from .policy import cap_of, set_refused

_SECONDS_KEPT = 4
_CAPS_KEPT = 8


def look(lead, activity):
    """What a scanner's click counts: nothing, less what is taken back. None for anything else."""
    if activity.type not in policy.SCANNED:
        return None
    too_soon = 0.0 if _is_too_soon(activity) else None
    link = _link_in(activity.data)
    if link is None:
        return too_soon
    hashed = int.from_bytes(hashlib.sha256(link.encode()).digest()[:8])
    clicked = _second_clicked(lead, activity.occurred_at // 1000, hashed)
    if clicked.get("link") == hashed:
        return too_soon
    return _take_back(lead, clicked, activity.occurred_at)


def remember(lead, activity, by_rule, counted):
    """Remembers what a click counted, so that it can be taken back."""
    if activity.type not in policy.SCANNED or _link_in(activity.data) is None:
        return
    second = activity.occurred_at // 1000
    clicked = next((known for known in lead["clicked"] if known["second"] == second), None)
    if clicked is None:
        return
    before = clicked["counted"] if clicked["era"] == lead["era"] else 0.0
    clicked["counted"], clicked["era"] = before + counted, lead["era"]
    for used in _caps_used(activity, by_rule):
        caps = clicked.setdefault("caps", [])
        if known := cap_of(caps, used["day"], used["rule"]):
            known["points"] += used["points"]
            set_refused(known, known.get("refused", 0) + used.get("refused", 0))
        elif len(caps) < _CAPS_KEPT:
            caps.append(used)


def _text(data, key):
    value = data.get(key) if isinstance(data, dict) else None
    return (value.strip() or None) if isinstance(value, str) else None


def _link_in(data):
    return _text(data, "link") or _text(data, "url")


def _is_too_soon(activity):
    try:
        sent_at = times.ms(_text(activity.data, "sent_at") or "")
    except ValueError:
        return False
    return abs(activity.occurred_at - sent_at) < policy.AFTER_SENDING_MS


def _second_clicked(lead, second, link):
    for known in lead["clicked"]:
        if known["second"] == second:
            return known
    if len(lead["clicked"]) >= _SECONDS_KEPT:
        lead["clicked"].pop(0)
    clicked = {"second": second, "link": link, "counted": 0.0, "era": lead["era"]}
    lead["clicked"].append(clicked)
    return clicked


def _take_back(lead, clicked, at):
    second, era, counted = clicked["second"], clicked["era"], clicked["counted"]
    caps = clicked.pop("caps", [])
    clicked["counted"] = 0.0
    clicked.pop("link", None)
    passed_on = sum(_give_back(lead["caps"], used) for used in caps)

    def clicked_then(known):
        return times.ms(known["at"]) // 1000 == second and known["type"] in policy.SCANNED

    lead["recent"] = [known for known in lead["recent"] if not clicked_then(known)]
    restarted = lead.get("restarted_at") and at < times.ms(lead["restarted_at"])
    if era != lead["era"] or restarted:
        return 0.0
    return policy.add_points(lead, 0.0 - (counted - passed_on), at)


def _give_back(caps, used):
    """Returns what was used of a cap; gives the points that pass to what the cap refused."""
    cap = cap_of(caps, used["day"], used["rule"])
    if cap is None:
        return 0
    asked = used["points"] + used.get("refused", 0)
    refused = cap.get("refused", 0)
    no_longer = min(max(refused, min(asked, 0)), max(asked, 0))
    set_refused(cap, refused - no_longer)
    cap["points"] -= asked - no_longer
    return used["points"] - (asked - no_longer)


def _caps_used(activity, by_rule):
    points_of = {earned["rule"]: earned["points"] for earned in by_rule}
    for rule in policy.ACTIVITIES.get(activity.type, []):
        if "at_most_per_day" in rule:
            points = points_of[rule["name"]]
            day = times.day_of(activity.occurred_at)
            used = {"day": day, "rule": rule["name"], "points": points}
            set_refused(used, rule["points"] - points)
            yield used
