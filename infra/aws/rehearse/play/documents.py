"""The policy, roster and secrets that both systems are given: the samples, and keys of tests."""

import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from template.house import ROOT

SAMPLES = ROOT / "shared/documents/src"
# Where a Zap of the script's has the address: the mapping that is mended on the way.
MENDED = 'email = "contact.address"\n'


# The one meeting of the script.
MEETING = """[meeting]
to = ["mia", "sven"]
first = 2026-04-02
every = "365d"
hour = 7
"""


@dataclass(frozen=True)
class Documents:
    """The files, in a folder of their own."""

    policy: Path
    mended_policy: Path
    roster: Path
    secrets: Path

    @cached_property
    def people(self) -> list[dict]:
        """Everybody on the roster."""
        return tomllib.loads(self.roster.read_text())["person"]

    @cached_property
    def keys(self) -> dict:
        """What the secrets file says."""
        return tomllib.loads(self.secrets.read_text())


def written(folder: Path) -> Documents:
    """Writes them."""
    sample = (SAMPLES / "policy/sample.toml").read_text()
    rules = sample.replace("[meeting]\nto = []\n", MEETING) + Path(__file__).with_name("sources.toml").read_text()
    policy, mended = folder / "policy.toml", folder / "mended-policy.toml"
    policy.write_text(rules)
    mended.write_text(rules.replace('"sample-1"', '"sample-2"', 1) + MENDED)
    secrets = ROOT / "infra/aws/contract/secrets.toml"
    return Documents(policy, mended, SAMPLES / "roster/sample.toml", secrets)
