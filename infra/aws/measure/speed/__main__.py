"""Measures: `python -m speed [--keep | --equal]`; see infra/aws/measure/run."""

import json
import os
import sys
from datetime import date

from . import equal, report, rounds, subjects
from .here import MADE, ROOT

KEPT = ROOT / "infra/aws/measure/measured.json"


def main(arguments: list[str]) -> int:
    """The exit code says whether the twins were equal; a figure that is missed is only printed."""
    if arguments not in ([], ["--keep"], ["--equal"]):
        print("usage: run [--keep | --equal]", file=sys.stderr)
        return 2
    interpreter = os.environ.get("TWIN_PYTHON", sys.executable)
    twins = [subjects.NODE, subjects.python(interpreter)]
    if not equal.check(twins):
        return 1
    if arguments == ["--equal"]:
        return 0
    samples = rounds.measure(twins)
    result = {
        "measured_on": date.today().isoformat(),
        "conditions": report.conditions(interpreter),
        "instrument_ms": round(report.percentile(samples["health"].warm_ms, 0.5), 2),
        "functions": {name: report.figures(samples[name]) for name in report.FUNCTIONS},
        "ratios": report.ratios(samples),
    }
    print("\n".join(["", *report.page(result)]))
    kept = KEPT if arguments == ["--keep"] else MADE / "measured.json"
    kept.write_text(json.dumps(result, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
