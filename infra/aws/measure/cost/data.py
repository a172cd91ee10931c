"""What the cost is reckoned from: counted by a test, measured, or read off the template."""

import json
import re
import tomllib
from functools import cache
from pathlib import Path

from template import metrics

MEASURE = Path(__file__).parents[1]


@cache
def prices() -> dict[str, dict]:
    """Prices by name."""
    return tomllib.loads((MEASURE / "cost/prices.toml").read_text())["price"]


@cache
def as_of() -> str:
    """The month the prices are of."""
    return tomllib.loads((MEASURE / "cost/prices.toml").read_text())["as_of"]


@cache
def counted() -> dict[str, dict]:
    """Calls and capacity units, step by step: a snapshot of tests/tests/e2e/capacity."""
    _, _, body = (MEASURE / "counted.snap").read_text().split("---\n", 2)
    return json.loads(body)


@cache
def measured() -> dict:
    """Times, and bytes of log, of the last run that was kept."""
    return json.loads((MEASURE / "measured.json").read_text())


@cache
def alarms() -> int:
    """Alarms that the template makes without its optional parts."""
    text = (MEASURE.parent / "template.yaml").read_text()
    resources = re.split(r"^  (?=\w+:$)", text, flags=re.MULTILINE)
    made = [part for part in resources if "Type: AWS::CloudWatch::Alarm" in part]
    return sum("Condition: Has" not in part for part in made)


def own_metrics() -> int:
    """Metrics of ours, with those under a second dimension."""
    return len(metrics.EMITTED) + sum(len(values) for _, values in metrics.SPLIT.values())
