"""deploy.md and observability.md tell of everything an operator meets."""

from collections.abc import Iterator

from .. import metrics
from ..house import ROOT
from ..transform import TEMPLATE
from ..world import World

PAGE = TEMPLATE.with_name("deploy.md")
METRICS = ROOT / "shared/docs/observability.md"


def tell_of_everything(world: World) -> Iterator[str]:
    """Every parameter, output, alarm and metric is on its page."""
    page = PAGE.read_text()
    alarms = world.of("CloudWatch::Alarm")
    for name in (*world.source["Parameters"], *world.outputs, *alarms):
        if f"`{name}`" not in page:
            yield f"deploy.md does not tell of {name}"
    table = METRICS.read_text()
    for name in sorted(metrics.EMITTED):
        if f"| `{name}` |" not in table:
            yield f"observability.md does not tell of {name}"


CHECKS = [tell_of_everything]
