"""What was measured, in words: figures, and ratios of what ran in one run."""

import os
import platform
import statistics
import subprocess
from pathlib import Path

from .rounds import BATCH, ROUNDS, WARM, Samples
from .subjects import MEMORY_MB, NODE

FUNCTIONS = ("score", "score in Node", "score in Python", "route", "sla", "desk")
# What we say of ourselves, beside the better of the twins.
AIMS = {"first_ms": 10, "peak_mb": 5}


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


def ratios(samples: dict[str, Samples]) -> dict[str, dict[str, float]]:
    """Ours to the better twin, round by round: the middle one, the worst and the best."""
    found = {}
    for figure in ("first_ms", "peak_mb", "round_ms"):
        ours, node, python = (getattr(samples[name], figure) for name in FUNCTIONS[:3])
        by_round = [min(twins) / own for own, *twins in zip(ours, node, python)]
        found[figure] = {
            "median": round(statistics.median(by_round), 1),
            "least": round(min(by_round), 1),
            "most": round(max(by_round), 1),
        }
    return found


def verdicts(found: dict[str, dict[str, float]]) -> list[str]:
    """The ratios, beside what was expected, as Markdown."""
    words = {"first_ms": "start to first answer", "peak_mb": "memory", "round_ms": "warm"}
    lines = ["| the better twin's, by ours | median | least and most of a round | expected |",
             "|---|---|---|---|"]
    for figure, of in found.items():
        aim, met = AIMS.get(figure), ""
        if aim is not None:
            met = f"at least {aim}: {'met' if of['median'] >= aim else 'MISSED'}"
        lines.append(f"| {words[figure]} | {of['median']} | {of['least']}, {of['most']} | {met} |")
    return lines


def page(result: dict) -> list[str]:
    """All of a run, as Markdown."""
    own = f"{result['instrument_ms']} ms of each warm figure are the emulator's, and a request's " \
          "that asks nobody anything"
    conditions = [f"* {condition}" for condition in [*result["conditions"], own]]
    return [*table(result["functions"]), "", *verdicts(result["ratios"]), "",
            f"Measured on {result['measured_on']}:", "", *conditions]


def conditions(python: str) -> list[str]:
    """Where and under what it was measured."""
    cpu = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line]
    twin = subprocess.run([NODE.command[0], "--version"], capture_output=True, text=True).stdout
    show = "import platform as p; print(p.python_version(), p.python_compiler())"
    version = subprocess.run([python, "-c", show], capture_output=True, text=True).stdout
    load = os.getloadavg()[1]
    # One of ours is always at work, and so is the engine.
    busy = ": busy with other things, so that all of this is provisional" if load > 2 else ""
    return [
        f"{len(cpu)} cores of {cpu[0].split(': ')[1]}, {platform.system()} {platform.release()}",
        f"a load average of {load:.1f} meanwhile{busy}",
        f"Node {twin.strip()}, Python {version.strip()}; {MEMORY_MB} MB told to each",
        f"{ROUNDS} rounds of a new process each: {WARM} warm invocations, arrays of {BATCH}",
    ]
