"""Whether two systems ended alike: call by call, then who was told what and what was published."""

import difflib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from .answer import masked
from .stage import TRACES, Stage


@dataclass(frozen=True)
class Ends:
    """What is left of a play."""

    answers: list[dict]
    letters: dict[str, list[dict]]
    events: dict[str, list[dict]]


def ends(stage: Stage) -> Ends:
    """What a system answered, and what left it.

    One sweep takes up eight promises at once, so no order is promised between the letters to two
    people, nor between two leads; what one person gets about one lead has its order, and so has
    what the bus hears of one lead."""
    letters = _by(map(_of_any_link, stage.system.letters()), lambda it: f"{it['lead']} to {it['to']}, {it['channel']}")
    events = _by(map(_of_any_run, stage.system.events()), lambda it: it["detail"]["lead"])
    return Ends(list(stage.answers), letters, events)


def differences(deployed: Ends, local: Ends) -> Iterator[str]:
    """Lines that show what differs; none, if nothing does."""
    yield from _two_sided("answers", deployed.answers, local.answers)
    for what in ("letters", "events"):
        yield from _two_sided(what, getattr(deployed, what), getattr(local, what))


def _of_any_link(letter: dict) -> dict:
    """A letter without what a link to sign in has of chance."""
    return {**letter, "body": masked(letter["body"])}


def _of_any_run(event: dict) -> dict:
    """An event whose correlation is kept where the script gave it: each run of the timer has an id
    of its own."""
    detail = event["detail"]
    was_given = detail["correlation"].startswith(TRACES)
    told = detail["correlation"] if was_given else "a run of the timer"
    return {**event, "detail": {**detail, "correlation": told}}


def _by(items: Iterable[dict], key: Any) -> dict[str, list[dict]]:
    sorted_by: dict[str, list[dict]] = {}
    for item in items:
        sorted_by.setdefault(key(item), []).append(item)
    return dict(sorted(sorted_by.items()))


def _two_sided(what: str, deployed: Any, local: Any) -> Iterator[str]:
    texts = (json.dumps(side, indent=1, sort_keys=True, ensure_ascii=False).splitlines()
             for side in (local, deployed))
    names = (f"{what} of baton serve", f"{what} of the functions on moto")
    yield from difflib.unified_diff(*texts, *names, lineterm="", n=6)
