"""The tables of README.md."""

from collections import Counter

from . import data, usage
from .usage import Usage

ACTIVITIES = {
    "of a new lead": "activity_of_a_new_lead",
    "typical": "activity",
    "a duplicate": "duplicate",
    "of a lead in sales": "activity_of_a_lead_in_sales",
    "of a lead 70 days busy": "activity_of_a_busy_lead",
}
# Whose bill a line is on, and what it is the sum of.
SERVICES = {
    "API Gateway": ("api_request",),
    "Lambda": ("lambda_request", "lambda_gb_second"),
    "DynamoDB: reads": ("table_read",),
    "DynamoDB: writes": ("table_write",),
    "DynamoDB: writes of indexes": ("index_write",),
    "EventBridge": ("event", "schedule"),
    "SQS": ("queue_request",),
    "SNS: alerts and e-mail": ("alert", "mail"),
    "SNS: text messages": ("text_message",),
    "CloudWatch: logs": ("log_gb", "log_gb_month"),
    "CloudWatch: metrics": ("metric_month",),
    "CloudWatch: alarms and dashboard": ("alarm_month", "dashboard_month"),
    "X-Ray": ("trace",),
    "Secrets Manager and KMS": ("secret_month", "secret_read", "key_request"),
}


def dollars(used: Usage, names: tuple[str, ...] | None = None) -> float:
    """What usage costs, or those of it."""
    prices = data.prices()
    chosen = names if names is not None else tuple(used)
    return sum(used[name] * prices[name]["usd"] / prices[name]["per"] for name in chosen)


def units() -> list[str]:
    """What a step asks of DynamoDB."""
    lines = ["| step | calls | read units | write units: table, indexes | the lead, in bytes |",
             "|---|---|---|---|---|"]
    for name, step in data.counted().items():
        calls = ", ".join(f"{count} {call}" for call, count in step["calls"].items())
        writes = usage.table(name)
        units = f"{writes['table_write']:.0f}, {writes['index_write']:.0f}"
        lead = step["bytes_of_items"].get("lead", "")
        lines.append(f"| `{name}` | {calls} | {step['read_units']:.0f} | {units} | {lead} |")
    return lines


def per_million_activities() -> list[str]:
    """An activity of each kind, a million times."""
    used = {head: usage.request("score", step) for head, step in ACTIVITIES.items()}
    lines = _priced(used, 1e6, "$ per million activities")
    kept = usage.gigabytes_per_million("activity")
    prices = data.prices()
    month = kept * (prices["table_gb_month"]["usd"] + prices["recovery_gb_month"]["usd"])
    return [*lines, "", f"And {kept:.1f} GB that a million activities leave behind for two years: "
            f"${month:.2f} a month,", "point-in-time recovery included."]


def per_thousand_hand_offs() -> list[str]:
    """Leads that convert, and leads that slide back to marketing."""
    used = {"converted": usage.trip(usage.HAND_OFF), "slid back": usage.trip(usage.SLIDE)}
    return _priced(used, 1e3, "$ per thousand leads")


def idle() -> list[str]:
    """A month without traffic."""
    return _priced({"a month": usage.idle_month()}, 1, "$ idle")


def summary() -> list[str]:
    """The three figures that somebody asks for first."""
    million = dollars(usage.request("score", "activity")) * 1e6
    trips = usage.trip(usage.HAND_OFF)
    texts = dollars(trips, ("text_message",)) * 1e3
    thousand = dollars(trips) * 1e3 - texts
    return [
        f"About ${dollars(usage.idle_month()):.0f} a month while nobody does anything, "
        f"${million:.2f} for a million",
        f"activities, and ${thousand:.2f} for a thousand leads handed off and converted, besides "
        f"${texts:.0f} if each alert",
        "is a text message as well: at list prices, without free tiers.",
    ]


def prices() -> list[str]:
    """Every price, where it is published, and whether anybody looked."""
    lines = ["| what | $ | |", "|---|---|---|"]
    for price in data.prices().values():
        per = "" if price["per"] == 1 else f" per {price['per']:,.0f}"
        seen = "" if "seen" in price else " (u)"
        usd = f"{price['usd']:.10f}".rstrip("0")
        usd = f"{price['usd']:.2f}" if len(usd.split(".")[1]) < 2 else usd
        lines.append(f"| {price['of']} | {usd}{per}{seen} | [list]({price['source']}) |")
    return lines


def _priced(used: dict[str, Usage], times: float, head: str) -> list[str]:
    lines = [f"| {head} | {' | '.join(used)} |", "|---" * (len(used) + 1) + "|"]
    for service, names in SERVICES.items():
        costs = [dollars(one, names) * times for one in used.values()]
        if any(costs):
            lines.append(f"| {service} | {' | '.join(map(_shown, costs))} |")
    totals = " | ".join(f"**{dollars(one) * times:.2f}**" for one in used.values())
    lines.append(f"| **together** | {totals} |")
    if any(one["text_message"] for one in used.values()):
        rest = [dollars(one - Counter({"text_message": one["text_message"]})) * times
                for one in used.values()]
        lines.append(f"| without text messages | {' | '.join(map(_shown, rest))} |")
    return lines


def _shown(cost: float) -> str:
    return f"{cost:.2f}" if cost >= 1 else f"{cost:.3f}"
