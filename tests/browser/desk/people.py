"""The people of the sample roster, whom the demo is played with."""

import tomllib
from pathlib import Path

ROSTER = Path(__file__).parents[3] / "shared/documents/src/roster/sample.toml"
PEOPLE = {it["id"]: it for it in tomllib.loads(ROSTER.read_text())["person"]}


def name(person: str) -> str:
    """As the pages call them."""
    return PEOPLE[person]["name"]


def address(person: str) -> str:
    """Where their alerts go."""
    return PEOPLE[person]["email"]
