"""The privacy desk: find somebody, hand over what is held, erase them."""

import json

from playwright.sync_api import expect

KIM = "kim.lee@acme.example"
WHO = "E-mail address, or a source’s own number"


def find(reader, who):
    reader.goes("/privacy")
    reader.hands.write(WHO, who)
    reader.hands.press("button", "Find")


def test_what_is_held_is_found_and_handed_over(served, opens):
    lead = served.visits("Kim Lee")
    reader = opens().signs_in("mia")
    find(reader, KIM.upper())
    page = reader.page
    expect(page.get_by_role("heading", level=1)).to_have_text("What is held of Kim Lee")
    assert KIM not in page.url.lower()
    with page.expect_download() as begun:
        reader.hands.press("button", "Export all as JSON")
    assert begun.value.suggested_filename == f"baton-{lead}.json"
    export = json.loads(begun.value.path().read_text())
    assert {"lead", "history", "ledger", "messages"} <= set(export)
    assert export["lead"]["email"] == KIM
    assert [it["type"] for it in export["ledger"]["entries"]] == ["event.booth_visited"]


def test_erasing_asks_for_the_address_and_then_leaves_nothing(served, opens):
    lead = served.visits("Kim Lee")
    reader = opens(phone=True).signs_in("mia")
    reader.watch.may_answer(404, 410, 422)
    find(reader, KIM)
    page = reader.page
    reader.hands.press("link", "Erase this person …")
    expect(page.get_by_role("heading", level=1)).to_have_text("Erase Kim Lee?")
    sure = page.get_by_label("To go on, type the address", exact=True)
    reader.hands.write("To go on, type the address", "kim.li@acme.example")
    reader.hands.press("button", "Erase for good")
    expect(sure).to_have_attribute("aria-invalid", "true")
    assert served.lead(lead)["status"] == "mql"

    reader.hands.write("To go on, type the address", KIM)
    reader.hands.press("button", "Erase for good")
    expect(page.get_by_role("heading", level=1)).to_have_text("Erased")
    expect(page.get_by_role("status")).to_contain_text("gone from Baton")
    expect(page.get_by_text("Kim")).to_have_count(0)
    find(reader, KIM)
    expect(page.get_by_text("Erased on")).to_be_visible()
    expect(page.get_by_role("button", name="Export all as JSON")).to_have_count(0)


def test_somebody_unknown_is_said_to_be_unknown_and_not_repeated(opens):
    reader = opens().signs_in("mia")
    reader.watch.may_answer(404)
    find(reader, "nobody@elsewhere.example")
    page = reader.page
    expect(page.get_by_text("Nothing is held")).to_be_visible()
    assert "elsewhere" not in page.content()
    expect(page.get_by_label(WHO, exact=True)).to_be_visible()
