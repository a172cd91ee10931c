"""The play itself, on each of the two systems."""

import io
import zipfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from runtime import Line
from template.transform import source
from uploads.build import zipped

from . import dead_channel, operator, outage, script, spoilt
from .clock import Clock
from .cloud import Call, Cloud
from .compare import Ends, ends
from .deployed import Deployed
from .documents import Documents
from .local import Local
from .stage import Stage
from .stack import SUBSTITUTES, Stack, stand_up


@dataclass(frozen=True)
class Played:
    """What a play on the functions left."""

    stack: Stack
    ends: Ends
    calls: list[Call]
    lines: list[Line]
    asked: set[str]


def on_the_functions(folder: Path, documents: Documents, built: dict[str, Path]) -> Played:
    """Deploys the binaries that were built, and plays."""
    clock = Clock(folder, script.START)
    uploads = {name: zipped(binary.read_bytes()) for name, binary in built.items()}
    with Cloud(lambda: clock.now) as cloud:
        stack = stand_up(cloud, uploads, documents.secrets.read_text())
        tell(stack)
        publish = partial(operator.publish, cloud, stack, roster=documents.roster)
        publish(documents.policy)
        binaries = unpacked(uploads, folder)
        with Deployed(cloud, stack, clock, binaries, publish) as deployed:
            stage = Stage(deployed, documents)
            script.play(stage)
            end = ends(stage)
            outage.play(stage, deployed)
            spoilt.play(stage, deployed)
            dead_channel.play(stage, deployed)
        lines = [line for function in deployed.functions.values() for line in function.lines]
        return Played(stack, end, cloud.calls, lines, deployed.asked)


def on_one_machine(folder: Path, documents: Documents, url: str) -> Ends:
    """Plays the same on the embedded store."""
    files = {name: getattr(documents, name) for name in ("policy", "roster", "secrets")}
    with Local(operator.BATON, folder / "data", files, url, script.START) as local:
        stage = Stage(local, documents)
        script.play(stage)
        return ends(stage)


def unpacked(uploads: dict[str, bytes], folder: Path) -> dict[str, Path]:
    """The very binaries that were uploaded, out of their zips, by their functions' resources."""
    binaries = {}
    for name, function in source()["Resources"].items():
        if function["Type"] == "AWS::Serverless::Function":
            binary = Path(function["Properties"]["CodeUri"]).name
            binaries[name] = folder / name
            binaries[name].write_bytes(unzipped(uploads[binary]))
            binaries[name].chmod(0o755)
    return binaries


def tell(stack: Stack) -> None:
    """Says how much of the template was stood up."""
    print(f"moto made {len(stack.physical)} of {len(stack.resources)} resources; it can't make",
          ", ".join(f"{len(names)} {kind}" for kind, names in sorted(stack.left_out.items())))
    for name, reason in SUBSTITUTES.items():
        print(f"  {name} is substituted: {reason}")


def unzipped(upload: bytes) -> bytes:
    """The one file of an upload."""
    with zipfile.ZipFile(io.BytesIO(upload)) as archive:
        (name,) = archive.namelist()
        return archive.read(name)
