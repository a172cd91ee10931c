"""What an operator does beside `sam deploy`: publishes rules and people, as deploy.md has it."""

import subprocess
from pathlib import Path

from uploads.build import TARGET

from .cloud import OPERATOR, Cloud
from .stack import Stack

BATON = TARGET / "debug/baton"


def publish(cloud: Cloud, stack: Stack, policy: Path, roster: Path) -> None:
    """Puts both documents into force, and makes people's topics."""
    command = [BATON, "policy", "publish", policy, "--with", roster]
    environment = {
        **cloud.environment(OPERATOR),
        "BATON_TABLE": stack.outputs["TableName"],
        "BATON_TOPIC_PREFIX": stack.outputs["TopicPrefix"],
    }
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
