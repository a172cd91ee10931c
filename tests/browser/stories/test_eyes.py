"""The eyes can see: each fault that is planted in a page is found."""

import re
from collections.abc import Callable

import pytest
from desk import looks
from desk.hands import Keyboard
from desk.reader import Reader
from playwright.sync_api import Page, Route

ASK = "Your work e-mail address"
# What is put before the end of a page → what is said of it.
PLANTED = {
    '<img src="/static/none.png">': "404 from GET",
    "<script>console.log('here')</script>": "Content Security Policy",
    '<p style="color: red">Red</p>': "Content Security Policy",
    '<img src="https://cdn.example/a.png" alt="">': "Content Security Policy",
    "<!--" + "x" * 100_000 + "-->": "bytes of",
}
# The same, of how it looks.
UGLY = {
    '<img src="/icon.svg">': "image-alt",
    '<p class="nowrap">' + "on one line " * 40 + "</p>": "too wide",
    '<input name="nameless">': "label",
    "<h5>A step left out</h5>": "heading-order",
}


@pytest.fixture
def spoilt(opens) -> Callable[[str], Reader]:
    def open_one(planted: str) -> Reader:
        reader = opens()
        reader.page.route("**/sign-in", lambda route: spoil(route, planted))
        reader.goes("/sign-in")
        return reader

    return open_one


def spoil(route: Route, planted: str) -> None:
    answer = route.fetch()
    body = answer.text().replace("</main>", planted + "</main>")
    head = {**answer.headers, "content-length": str(len(body.encode()))}
    route.fulfill(response=answer, headers=head, body=body)


def seen(reader: Reader) -> list[str]:
    """What was complained of, which then is none of the story's own faults."""
    faults = list(reader.watch.faults)
    reader.watch.faults.clear()
    return faults


@pytest.mark.parametrize("planted", PLANTED, ids=PLANTED.values())
def test_what_nobody_should_see_is_seen(spoilt, planted):
    assert any(PLANTED[planted] in fault for fault in seen(spoilt(planted)))


@pytest.mark.parametrize("planted", UGLY, ids=UGLY.values())
def test_what_looks_wrong_is_seen(spoilt, planted):
    reader = spoilt(planted)
    found = looks.to_axe(reader.page)
    reader.page.set_viewport_size(looks.NARROWEST)
    found += [f"too wide: {it}" for it in looks.too_wide(reader.page)]
    seen(reader)
    assert any(UGLY[planted] in fault for fault in found), found


def test_a_page_without_faults_has_none(spoilt):
    reader = spoilt("<p>Welcome</p>")
    assert not seen(reader)
    assert not looks.faults(reader.page, "spoilt")


def test_another_host_is_noticed_even_where_the_page_lets_it_be_asked(opens):
    reader = opens()
    page: Page = reader.page
    page.route("**/sign-in", lambda route: route.fulfill(
        body='<img src="https://cdn.example/a.png" alt="">',
        headers={"content-type": "text/html", "content-length": "50"}))
    reader.goes("/sign-in")
    assert any("another host was asked: https://cdn.example" in fault for fault in seen(reader))


def test_a_focus_that_can_t_be_seen_stops_the_keyboard(opens):
    reader = opens()
    reader.page.route(re.compile(r"\.css$"), hide_the_focus)
    reader.goes("/sign-in")
    with pytest.raises(AssertionError, match="what has the focus is not marked"):
        Keyboard(reader.page).write(ASK, "ana.ruiz@northwind.example")


def hide_the_focus(route: Route) -> None:
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.text() + ":focus { outline: none !important; }")
