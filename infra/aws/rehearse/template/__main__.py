"""Runs the rehearsal: `python -m template [--planted]`."""

import sys
from collections.abc import Iterator
from time import monotonic

from . import checks, house, lint, metrics
from .faults import FAULTS, Fault
from .transform import WAYS, Way, source
from .world import World, world


def main(arguments: list[str]) -> int:
    """Rehearses each way to deploy, then plants the faults; the exit code says whether all held."""
    if arguments not in ([], ["--planted"]):
        print("usage: run [--planted]", file=sys.stderr)
        return 2
    started, code = monotonic(), house.read()
    held = arguments == ["--planted"] or all([rehearse(way, code) for way in WAYS])
    # In a template that does not hold, a planted fault shows nothing.
    held = held and plant(code)
    for note in not_yet_true(code):
        print(f"not yet true: {note}")
    print(f"template {'holds' if held else 'DOES NOT HOLD'} ({monotonic() - started:.0f} s)")
    return 0 if held else 1


def rehearse(way: Way, code: house.House) -> bool:
    """Transforms, lints and checks the template for one way to deploy it."""
    deployed, linted = world(source(), way, code)
    problems = [f"lint: {complaint}" for complaint in lint.complaints(linted)]
    for check in checks.ALL:
        problems += [f"{checks.name(check)}: {problem}" for problem in found(check, deployed)]
    print(f"{way}: {len(deployed.resources)} resources, {len(checks.ALL)} checks and cfn-lint:",
          f"{len(problems)} problems")
    for problem in problems:
        print(f"  {problem}")
    return not problems


def found(check, deployed: World) -> list[str]:
    """What a check finds; where it can't even look, that is a find."""
    try:
        return list(check(deployed))
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        return [f"the template is not as this check reads it: {error!r}"]


def plant(code: house.House) -> bool:
    """Plants each fault alone and asks the check that has to catch it."""
    missed = [fault for fault in FAULTS if not caught(fault, code)]
    for fault in missed:
        print(f"  not caught: {fault.name}, by {fault.caught_by}")
    never = {checks.name(check) for check in checks.ALL} - {fault.caught_by for fault in FAULTS}
    for check in sorted(never):
        print(f"  no fault is planted for {check}")
    print(f"{len(FAULTS) - len(missed)} of {len(FAULTS)} planted faults caught")
    return not missed and not never


def caught(fault: Fault, code: house.House) -> bool:
    """Whether the check that has to catch a fault does."""
    deployed, linted = world(fault.planted_in(source()), fault.way, code)
    return any(True for _ in complaints(fault.caught_by, deployed, linted))


def complaints(by: str, deployed: World, linted: dict) -> Iterator[str]:
    """What one check says."""
    if by == "lint":
        return lint.complaints(linted, regions=lint.REGIONS[:1])
    (check,) = (check for check in checks.ALL if checks.name(check) == by)
    return check(deployed)


def not_yet_true(code: house.House) -> Iterator[str]:
    """What the template relies on and the code does not do yet."""
    for metric in sorted(metrics.EMITTED - code.metrics):
        yield f"no function emits {metrics.NAMESPACE} {metric}; its alarm and graph see nothing"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
