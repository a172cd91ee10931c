"""What the functions printed: metrics that alarms watch, and nothing that is a person's."""

import json
from collections.abc import Iterable, Iterator

from runtime import Line
from template import metrics


# A metric, and the dimensions it is kept under with their values: what an alarm or a graph names.
Row = tuple[str, ...]


def emitted(lines: Iterable[Line]) -> set[Row]:
    """Our metrics that CloudWatch would make of the lines."""
    found = set()
    for read in map(_object, lines):
        for directive in read.get("_aws", {}).get("CloudWatchMetrics", []):
            if directive["Namespace"] != metrics.NAMESPACE:
                continue
            for name in (metric["Name"] for metric in directive["Metrics"]):
                if isinstance(read.get(name), int | float | list):
                    found |= {_row(name, under, read) for under in directive["Dimensions"]}
    return found


def metric_complaints(emitted: set[Row], table: str) -> Iterator[str]:
    """Every metric that is looked for and not emitted, or emitted and looked for by nobody."""
    expected = set(_expected(table))
    for row in sorted(expected - emitted):
        yield f"no function emitted {' '.join(row)}"
    for row in sorted(emitted - expected):
        yield f"a function emitted {' '.join(row)}, which template/metrics.py does not know"


def leaks(lines: Iterable[Line], private: Iterable[str]) -> Iterator[str]:
    """Where a line has something that no log should. Does not repeat the line."""
    needles = sorted(private)
    for line in lines:
        text = line.text.lower()
        for needle in needles:
            if needle.lower() in text:
                yield f"{needle!r} is on {line.stream}"


def _expected(table: str) -> Iterator[Row]:
    """What the alarms and the dashboard look for, by template/metrics.py."""
    for name in metrics.EMITTED:
        yield _row(name, [metrics.DIMENSION], {metrics.DIMENSION: table})
    for name, (dimension, values) in metrics.SPLIT.items():
        for value in values:
            under = {metrics.DIMENSION: table, dimension: value}
            yield _row(name, list(under), under)


def _row(name: str, dimensions: list[str], values: dict) -> Row:
    return name, *(f"{dimension}={values.get(dimension)}" for dimension in sorted(dimensions))


def _object(line: Line) -> dict:
    try:
        read = json.loads(line.text)
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}
