"""What every story is given: a Baton of its own, and readers with a browser."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from desk.reader import Reader
from desk.served import Served
from playwright.sync_api import Browser, expect, sync_playwright

# Nothing but the pages' own requests leaves the browser, and none of those the machine.
FLAGS = [
    "--no-sandbox",
    "--lang=en-US",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--keep-shots", action="store_true", help="renew the README's pictures")
    # Nothing takes that long anywhere; what has not happened by then never will.
    parser.addoption("--patience", type=float, default=30, help="seconds to wait for anything")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    if report.when == "call":
        item.stash[TOLD] = report
    return report


TOLD = pytest.StashKey[pytest.TestReport]()


@pytest.fixture(scope="session")
def patience_ms(request: pytest.FixtureRequest) -> float:
    return request.config.getoption("--patience") * 1000


@pytest.fixture(scope="session")
def browser(patience_ms: float) -> Iterator[Browser]:
    expect.set_options(timeout=patience_ms)
    with sync_playwright() as playwright:
        chromium = os.environ["CHROMIUM"]
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with Served(tmp_path) as served:
        yield served
    wrong = [line for line in served.said().splitlines() if " ERROR " in line]
    assert not wrong, "\n".join(wrong)


@pytest.fixture
def opens(
    browser: Browser, served: Served, patience_ms: float, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Reader]]:
    """Opens a browser for somebody; `phone`, `locale` … as wished. At the end none of them saw
    anything that nobody should see."""
    readers: list[Reader] = []

    def open_one(**wishes: object) -> Reader:
        readers.append(Reader(browser, served, **wishes))
        readers[-1].context.set_default_timeout(patience_ms)
        return readers[-1]

    yield open_one
    report = request.node.stash.get(TOLD, None)
    if report is not None and report.failed:
        show(readers, request.node.name)
    faults = [fault for reader in readers for fault in reader.watch.faults]
    for reader in readers:
        reader.context.close()
    assert not faults, "\n".join(faults)


def show(readers: list[Reader], story: str) -> None:
    """Leaves what each saw last, for whoever asks why a story failed."""
    folder = Path(os.environ["SHOTS"]) / "failed"
    folder.mkdir(parents=True, exist_ok=True)
    for number, reader in enumerate(readers, 1):
        reader.page.screenshot(path=folder / f"{story}-{number}.png", full_page=True)
        print(f"reader {number} was at {reader.page.url}; see {folder / story}-{number}.png")
