"""All that can be done at the desk, once by the keyboard alone and once without JavaScript."""

import pytest
from desk.hands import Keyboard, Mouse
from desk.people import name
from desk.reader import Reader
from desk.served import Served
from playwright.sync_api import expect

WAYS = {
    "by the keyboard alone": (Keyboard, {}),
    "without JavaScript": (Mouse, {"java_script_enabled": False}),
}


@pytest.fixture(params=WAYS)
def reader(request, opens):
    hands, wishes = WAYS[request.param]
    reader = opens(**wishes)
    reader.hands = hands(reader.page)
    return reader


def test_a_supervisor_s_day(served, reader):
    owners = {lead: served.lead(served.visits(lead))["owner"]
              for lead in ("Kim Lee", "Lou Park", "Max Stone", "Noa Field")}
    hands, page = reader.comes_in("sven").hands, reader.page

    opens_from_the_board(reader, "Kim Lee", owners["Kim Lee"])
    hands.press("button", f"Accept for {name(owners['Kim Lee'])}")
    stands(reader, "Working")
    hands.open("Need more time?")
    hands.write("What are you waiting for?", "The budget round")
    hands.press("button", "Extend by 14 days")
    stands(reader, "Working")
    hands.press("button", "Convert: it is a contact or opportunity")
    stands(reader, "Converted")

    opens_from_the_board(reader, "Lou Park", owners["Lou Park"])
    colleague = next(it for it in ("ana", "ben") if it != owners["Lou Park"])
    hands.open("Give it to a colleague")
    hands.choose("To whom?", name(colleague))
    hands.press("button", "Give it to them")
    stands(reader, "To be accepted")
    expect(page.get_by_role("button", name=f"Accept for {name(colleague)}")).to_be_visible()

    opens_from_the_board(reader, "Max Stone", owners["Max Stone"])
    hands.open("Reject it for")
    hands.choose("Why?", "No budget")
    hands.press("button", "Reject")
    stands(reader, "Back with marketing")

    opens_from_the_board(reader, "Noa Field", owners["Noa Field"])
    hands.press("button", f"Accept for {name(owners['Noa Field'])}")
    stands(reader, "Working")
    hands.open("Nothing in it for now?")
    hands.write("Why?", "No answer to six calls")
    hands.press("button", "Give back to marketing")
    stands(reader, "Back with marketing")
    hands.press("button", "Sign out")
    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()


def test_marketing_s_day(served: Served, reader: Reader):
    lead = served.visits("Kim Lee")
    hands, page = reader.comes_in("mia").hands, reader.page
    hands.press("link", "Funnel")
    hands.open("Another window")
    hands.write("From", "2026-03-02")
    hands.write("To, included", "2026-04-02")
    hands.press("button", "Show")
    returned = page.get_by_role("row", name="Returned to marketing").first.get_by_role("link")
    hands.press_part(returned.first)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Returned to marketing")
    back = page.get_by_role("listitem").filter(has_text="now with marketing").get_by_role("link")
    hands.press_part(back.first)
    hands.write("Ready for sales after all?", "They called us")
    hands.press("button", "Pass to sales")
    stands(reader, "To be accepted")

    hands.press("link", "Policy")
    hands.press("link", "Last 90 days")
    expect(page.get_by_role("heading", level=1)).to_contain_text("The policy")

    hands.press("link", "Privacy")
    hands.write("E-mail address, or a source’s own number", "kim.lee@acme.example")
    hands.press("button", "Find")
    with page.expect_download():
        hands.press("button", "Export all as JSON")
    hands.press("link", "Erase this person …")
    hands.write("To go on, type the address", "kim.lee@acme.example")
    hands.press("button", "Erase for good")
    expect(page.get_by_role("heading", level=1)).to_have_text("Erased")
    reader.goes("/")
    hands.press("button", "Sign out")
    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    assert lead


def opens_from_the_board(reader: Reader, lead: str, owner: str) -> None:
    reader.hands.press("link", "Board")
    reader.hands.open("Filter")
    reader.hands.choose("Owner", name(owner))
    reader.hands.press("button", "Show")
    reader.hands.press("link", lead)
    expect(reader.page.get_by_role("heading", level=1)).to_have_text(lead)


def stands(reader: Reader, stage: str) -> None:
    expect(reader.page.get_by_role("heading", name=stage)).to_be_visible()
