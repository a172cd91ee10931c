"""Measures: `python -m speed [--keep]`; see infra/aws/measure/run."""

import json
import sys
from datetime import date

from . import report, rounds
from .here import MADE, ROOT

KEPT = ROOT / "infra/aws/measure/measured.json"


def main(arguments: list[str]) -> int:
    """Prints the figures and writes them to a file."""
    if arguments not in ([], ["--keep"]):
        print("usage: run [--keep]", file=sys.stderr)
        return 2
    samples = rounds.measure()
    result = {
        "measured_on": date.today().isoformat(),
        "measured_at_commit": report.commit(),
        "conditions": report.conditions(),
        "instrument_ms": round(report.percentile(samples["health"].warm_ms, 0.5), 2),
        "functions": {name: report.figures(samples[name]) for name in rounds.FUNCTIONS},
    }
    print("\n".join(report.page(result)))
    kept = KEPT if arguments == ["--keep"] else MADE / "measured.json"
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps(result, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
