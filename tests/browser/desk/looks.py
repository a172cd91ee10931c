"""How a page looks: on a phone and at a desk, by day and by night, to axe and on paper."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from .reader import DESK, PHONE

SHOTS = Path(os.environ["SHOTS"])
KEPT = Path(__file__).parents[3] / "shared/docs/desk"
# A README is read on trains, too.
KEPT_BYTES = 150_000
SIZES = {"phone": PHONE, "desk": DESK}
SCHEMES = ("light", "dark")
# The narrowest that WCAG 2.2 asks for, of a page that is enlarged to 400 %.
NARROWEST = {"width": 320, "height": 640}
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}

# What sticks out to the right, when a page can be scrolled sideways.
STICKS_OUT = """() => {
    const root = document.documentElement;
    if (root.scrollWidth <= root.clientWidth) return '';
    const out = [...document.querySelectorAll('body *')].filter(it =>
        it.getBoundingClientRect().right > root.clientWidth + 1 && !it.closest('svg'));
    return out.slice(0, 3).map(it => it.outerHTML.slice(0, 100)).join(' … ') || root.outerHTML;
}"""


def faults(page: Page, name: str) -> list[str]:
    """What is wrong with how a page looks; leaves pictures of it. Its size is put back."""
    was, found = page.viewport_size, []
    for size, viewport in SIZES.items():
        page.set_viewport_size(viewport)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            picture(page, f"{name}-{size}-{scheme}")
            with unfolded(page):
                found += [f"{name}, {size}, {scheme}: {it}" for it in to_axe(page)]
                found += [f"{name}, {size}: too wide: {it}" for it in too_wide(page)]
    page.set_viewport_size(NARROWEST)
    with unfolded(page):
        found += [f"{name}, 320 px: too wide: {it}" for it in too_wide(page)]
    page.set_viewport_size(was)
    return found


def to_axe(page: Page) -> list[str]:
    """What axe-core finds against accessibility."""
    violations = Axe().run(page, options=RULES).response["violations"]
    return [
        f"{it['id']}: {it['help']}: {node['html'][:120]} {node['failureSummary']}"
        for it in violations
        for node in it["nodes"][:3]
    ]


def too_wide(page: Page) -> list[str]:
    """What makes the page scroll sideways."""
    out = page.evaluate(STICKS_OUT)
    return [out] if out else []


def picture(page: Page, name: str) -> None:
    """Leaves a picture of the whole page."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png", full_page=True, animations="disabled")


def keep(page: Page, name: str, size: str, scheme: str) -> None:
    """Leaves a picture of what a screen shows of it, for the README."""
    page.set_viewport_size({**SIZES[size], "height": 800})
    page.emulate_media(color_scheme=scheme)
    KEPT.mkdir(parents=True, exist_ok=True)
    picture = page.screenshot(path=KEPT / f"{name}.png", animations="disabled")
    assert len(picture) <= KEPT_BYTES, f"{len(picture)} bytes of {name}.png"


@contextmanager
def unfolded(page: Page) -> Iterator[None]:
    """All that is folded is open meanwhile: what is inside is looked at too."""
    page.evaluate("document.querySelectorAll('details').forEach(it => {"
                  "it.dataset.was = it.open ? 'open' : ''; it.open = true; })")
    yield
    page.evaluate("document.querySelectorAll('details').forEach(it => {"
                  "it.open = it.dataset.was === 'open'; delete it.dataset.was; })")
