"""What was measured, in words."""

import os
import platform
import statistics
import subprocess
from pathlib import Path

from .rounds import BATCH, FUNCTIONS, MEMORY_MB, ROUNDS, WARM, Samples


def percentile(values: list[float], share: float) -> float:
    """The value that so large a share of them does not exceed."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def figures(samples: Samples) -> dict[str, float]:
    """One function's figures: medians over the rounds, and shares of all invocations."""
    found = {
        "started_ms": statistics.median(samples.started_ms),
        "first_ms": statistics.median(samples.first_ms),
        "warm_p50_ms": percentile(samples.warm_ms, 0.5),
        "warm_p99_ms": percentile(samples.warm_ms, 0.99),
        "peak_mb": max(samples.peak_mb),
        "log_bytes": statistics.median(samples.log_bytes),
    }
    if samples.batch_mb:
        found["batch_mb"] = max(samples.batch_mb)
    return {name: round(value, 2) for name, value in found.items()}


def table(measured: dict[str, dict[str, float]]) -> list[str]:
    """All functions, one line each, as Markdown."""
    lines = [
        "| function | start to its first question | start to first answer | warm p50 | warm p99 "
        "| memory | with an array of 500 |",
        "|---|---|---|---|---|---|---|",
    ]
    for name in FUNCTIONS:
        of = measured[name]
        batch = f"{of['batch_mb']:.0f} MB" if "batch_mb" in of else ""
        lines.append(
            f"| {name} | {of['started_ms']:.1f} ms | {of['first_ms']:.1f} ms "
            f"| {of['warm_p50_ms']:.2f} ms | {of['warm_p99_ms']:.2f} ms | {of['peak_mb']:.0f} MB "
            f"| {batch} |"
        )
    return lines


def page(result: dict) -> list[str]:
    """All of a run, as Markdown."""
    own = f"{result['instrument_ms']} ms of each warm figure are the emulator's, and a request's " \
          "that asks nobody anything"
    conditions = [f"* {condition}" for condition in [*result["conditions"], own]]
    when = f"Measured on {result['measured_on']}, at commit `{result['measured_at_commit']}`:"
    return [*table(result["functions"]), "", when, "", *conditions]


def commit() -> str:
    """The commit that is checked out, marked where the working tree differs from it."""
    command = ["git", "describe", "--always", "--exclude=*", "--abbrev=7", "--dirty"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def conditions() -> list[str]:
    """Where and under what it was measured."""
    cpu = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line]
    load = os.getloadavg()[1]
    # The function under measurement is always at work, and so is the engine.
    busy = ": busy with other things, so that all of this is provisional" if load > 2 else ""
    return [
        f"{len(cpu)} cores of {cpu[0].split(': ')[1]}, {platform.system()} {platform.release()}",
        f"a load average of {load:.1f} meanwhile{busy}",
        f"{MEMORY_MB} MB told to each",
        f"{ROUNDS} rounds of a new process each: {WARM} warm invocations, arrays of {BATCH}",
    ]
