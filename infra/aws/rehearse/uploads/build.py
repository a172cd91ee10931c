"""From sources to one zip a function: `cargo lambda build`, then as `sam deploy` packs."""

import io
import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

from template.house import ROOT, TARGET

NAME = "bootstrap"


def packages() -> dict[str, str]:
    """The binary of each function's package, by the package."""
    manifests = [tomllib.loads(p.read_text()) for p in (ROOT / "functions").glob("*/Cargo.toml")]
    return {m["package"]["name"]: m["bin"][0]["name"] for m in manifests}


def build() -> dict[str, Path]:
    """Builds every function; gives the binaries by their names."""
    chosen = [word for package in sorted(packages()) for word in ("--package", package)]
    environment = {
        **os.environ,
        # cargo-lambda and the zig that links for it are this environment's.
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        # What is not here must fail, not be fetched: a target or toolchain would come from there.
        "RUSTUP_DIST_SERVER": "http://127.0.0.1:9",
    }
    command = ["cargo", "lambda", "build", "--locked", "--quiet", "--profile", "lambda", "--x86-64"]
    subprocess.run([*command, *chosen], cwd=ROOT, env=environment, check=True)
    return optimised()


def optimised() -> dict[str, Path]:
    """The binaries that would be uploaded, by their names."""
    return {name: TARGET / "lambda" / name / NAME for name in packages().values()}


def as_tested() -> dict[str, Path]:
    """The binaries that `cargo build-all` makes of the same sources, by their names."""
    return {name: TARGET / "debug" / name for name in packages().values()}


def zipped(binary: bytes) -> bytes:
    """What is uploaded of a binary: `sam deploy` packs with zipfile's own level, too."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as upload:
        entry = zipfile.ZipInfo(NAME)
        entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o100755 << 16
        upload.writestr(entry, binary)
    return archive.getvalue()
