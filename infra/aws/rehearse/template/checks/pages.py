"""deploy.md tells of everything an operator meets."""

from collections.abc import Iterator

from ..transform import TEMPLATE
from ..world import World

PAGE = TEMPLATE.with_name("deploy.md")


def tell_of_everything(world: World) -> Iterator[str]:
    """Every parameter, output and alarm is on the page."""
    page = PAGE.read_text()
    alarms = world.of("CloudWatch::Alarm")
    for name in (*world.source["Parameters"], *world.outputs, *alarms):
        if f"`{name}`" not in page:
            yield f"deploy.md does not tell of {name}"


CHECKS = [tell_of_everything]
