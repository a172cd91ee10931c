"""cfn-lint on a transformed template: whatever it has to say is a failure, hints too."""

import json
from collections.abc import Iterator

from cfnlint.api import ManualArgs, lint

REGIONS = ["eu-central-1", "us-east-1"]


def complaints(template: dict, regions: list[str] = REGIONS) -> Iterator[str]:
    """What cfn-lint says, a line each."""
    config = ManualArgs(regions=regions, include_checks=["I"])
    for match in lint(json.dumps(template, indent=1), config=config):
        place = "/".join(map(str, match.path or []))
        yield f"{match.rule.id} at {place}: {match.message}"
