"""Reckons the cost: `python -m cost [--write]`. Without `--write` the pages must say so."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from speed import report

from . import data, tables

DEPLOY = data.MEASURE.parent / "deploy.md"
README = data.MEASURE / "README.md"
SAID = {
    README: {
        "speed": lambda: report.page(data.measured()),
        "activities": tables.per_million_activities,
        "hand-offs": tables.per_thousand_hand_offs,
        "idle": tables.idle,
        "units": tables.units,
        "prices": tables.prices,
    },
    DEPLOY: {"cost": tables.summary},
}


def main(arguments: list[str]) -> int:
    """The exit code says whether all adds up and the pages say so."""
    if arguments not in ([], ["--write"]):
        print("usage: reckon [--write]", file=sys.stderr)
        return 2
    problems = list(_problems())
    for problem in problems:
        print(f"  {problem}")
    if problems:
        return 1
    stale = [page for page in SAID if _filled(page) != page.read_text()]
    for page in stale if arguments else ():
        page.write_text(_filled(page))
    if stale and not arguments:
        names = ", ".join(map(_short, stale))
        print(f"{names}: not what is reckoned; run infra/aws/measure/reckon --write")
        return 1
    print(f"the cost adds up to what is said of it, at prices of {data.as_of()}")
    return 0


def _problems() -> Iterator[str]:
    """What would make the tables wrong without anybody seeing it."""
    for name, price in data.prices().items():
        if not {"usd", "per", "of", "source"} <= price.keys():
            yield f"price.{name} does not say what it is of, or where it is published"
    named = [name for names in tables.SERVICES.values() for name in names]
    stored = {"table_gb_month", "recovery_gb_month"}
    for name in sorted(set(data.prices()) ^ (set(named) | stored)):
        yield f"{name} is priced or used, not both"
    if len(named) != len(set(named)):
        yield "something is on two bills"
    # By hand: one read, and a transaction of an activity and of a lead below 1 KB, with the
    # ledger's index and that of what fired on a day: 1 × $0.125 and 6 × $0.625.
    activity = tables.usage.table("activity_of_a_new_lead")
    if abs(tables.dollars(activity) * 1e6 - 3.875) > 1e-9:
        yield "an activity of a new lead is not the $3.875 of DynamoDB a million that it is by hand"


def _filled(page: Path) -> str:
    text = page.read_text()
    for name, table in SAID[page].items():
        marks = re.compile(rf"(<!-- {name} -->\n).*?(<!-- -->)", re.DOTALL)
        body = "\n".join(["", *table(), "", ""])
        text, found = marks.subn(lambda match: match[1] + body + match[2], text)
        if found != 1:
            raise SystemExit(f"{_short(page)} has no place for {name}")
    return text


def _short(path: Path) -> str:
    return str(path.relative_to(data.MEASURE.parents[2]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
