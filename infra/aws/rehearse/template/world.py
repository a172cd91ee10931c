"""What a check looks at."""

from collections.abc import Iterator
from dataclasses import dataclass

from .concrete import decided, written_out
from .house import House
from .transform import Way, transformed


@dataclass(frozen=True)
class World:
    """The template as it is written, as it is deployed in one way, and what the code says."""

    way: Way
    source: dict
    resources: dict[str, dict]
    outputs: dict[str, dict]
    house: House

    def of(self, kind: str) -> dict[str, dict]:
        """The properties of every resource of a kind, by its name."""
        return {
            name: resource.get("Properties", {})
            for name, resource in self.resources.items()
            if resource["Type"] == f"AWS::{kind}"
        }

    def functions(self) -> dict[str, dict]:
        """The functions, by their resources' names."""
        return self.of("Lambda::Function")


def world(source: dict, way: Way, house: House) -> tuple[World, dict]:
    """The world of one way to deploy, and the template to lint for it."""
    template = transformed(source, way)
    plain = decided(template)
    sections = written_out(plain)
    # With everything on, the template is linted whole, its conditions and rules with it.
    linted = template if way.with_options else plain
    return World(way, source, sections["Resources"], sections["Outputs"], house), linted


def differences(what: str, here: set, there: set, nowhere: str) -> Iterator[str]:
    """A line for each element of one set that the other lacks."""
    for extra in sorted(here - there):
        yield f"{what} {extra} {nowhere}".strip()
