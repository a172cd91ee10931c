"""Sign-in without a password."""

import re

from desk.people import address
from playwright.sync_api import expect


def test_a_link_from_the_inbox_signs_in_and_sign_out_ends_it(served, opens):
    reader = opens(phone=True)
    page = reader.goes("/board")
    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    reader.asks_for_a_link(address("ana"))
    expect(page.get_by_role("heading", name="Look at your messages")).to_be_visible()
    reader.goes(served.link(kind="sign_in", to="ana"))
    expect(page.get_by_role("heading", name="Hello, Ana")).to_be_visible()
    reader.hands.press("button", "Sign in as Ana Ruiz")
    expect(page.get_by_role("heading", name="Your leads")).to_be_visible()
    reader.hands.press("button", "Sign out")
    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    reader.goes("/board")
    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()


def test_opening_a_link_changes_nothing_and_using_it_twice_does_not_work(served, opens):
    scanner, ana, thief = opens(java_script_enabled=False), opens(), opens()
    ana.asks_for_a_link(address("ana"))
    link = served.link(kind="sign_in", to="ana")
    scanner.goes(link)
    scanner.goes("/board")
    expect(scanner.page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    thief.goes(link)
    ana.goes(link)
    ana.hands.press("button", "Sign in as Ana Ruiz")
    expect(ana.page.get_by_role("heading", name="Your leads")).to_be_visible()
    thief.watch.may_answer(410)
    thief.hands.press("button", "Sign in as Ana Ruiz")
    expect(thief.page.get_by_role("heading", name="This link has run out")).to_be_visible()


def test_a_stranger_is_told_the_same_and_sent_nothing(served, opens):
    known, stranger = opens(), opens()
    known.asks_for_a_link(address("ben"))
    before = len(served.letters())
    stranger.asks_for_a_link("nobody@elsewhere.example")
    expect(known.page.get_by_role("heading", name="Look at your messages")).to_be_visible()
    expect(stranger.page.get_by_role("heading", name="Look at your messages")).to_be_visible()
    assert stranger.page.content() == known.page.content()
    assert len(served.letters()) == before


def test_what_is_no_address_is_said_beside_the_field(opens):
    reader = opens()
    reader.watch.may_answer(422)
    page = reader.goes("/sign-in")
    # The browser would not send it: the server has to say it to those that would.
    page.locator("form[action='/sign-in']").evaluate("it => it.noValidate = true")
    reader.hands.write("Your work e-mail address", "ana.ruiz")
    reader.hands.press("button", "Send me a link")
    field = page.get_by_label("Your work e-mail address", exact=True)
    expect(field).to_have_value("ana.ruiz")
    expect(field).to_have_accessible_description(re.compile("^That is not an e-mail address"))
    expect(field).to_have_attribute("aria-invalid", "true")


def test_the_pages_of_another_role_are_neither_offered_nor_opened(opens):
    ana = opens().signs_in("ana")
    ana.watch.may_answer(403)
    page = ana.goes("/board")
    assert page.get_by_role("navigation", name="Main").get_by_role("link").all_inner_texts() == [
        "Board"
    ]
    for path in ("/funnel", "/policy", "/privacy", "/board?whose=all"):
        answer = page.goto(path)
        assert answer.status == 403, path
