"""Where things are."""

import os
from pathlib import Path

ROOT = Path(__file__).parents[4]
TARGET = ROOT / os.environ.get("CARGO_TARGET_DIR", "target")
MADE = TARGET / "measure"


def bootstrap(name: str) -> Path:
    """What would be uploaded for a function of ours."""
    return TARGET / "lambda" / f"bootstrap-{name}" / "bootstrap"
