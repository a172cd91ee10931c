"""Every page, as it looks: see desk/looks.py. Its pictures are left in target/desk-shots."""

import pytest
from desk import looks
from desk.morning import busy
from desk.people import address
from desk.reader import Reader
from desk.served import Served
from playwright.sync_api import expect

HELD = "E-mail address, or a source’s own number"
WHOLE = "from=2026-03-02&to=2026-04-02"


def sign_in(reader: Reader, served: Served) -> None:
    reader.goes("/sign-in")


def sign_in_again(reader: Reader, served: Served) -> None:
    reader.goes("/sign-in")
    reader.page.locator("form[action='/sign-in']").evaluate("it => { it.noValidate = true; }")
    reader.hands.write("Your work e-mail address", "ana.ruiz")
    reader.hands.press("button", "Send me a link")
    expect(reader.page.get_by_text("That is not an e-mail address")).to_be_visible()


def sign_in_sent(reader: Reader, served: Served) -> None:
    reader.asks_for_a_link(address("ana"))
    expect(reader.page.get_by_role("heading", name="Look at your messages")).to_be_visible()


def sign_in_open(reader: Reader, served: Served) -> None:
    sign_in_sent(reader, served)
    reader.goes(served.link(kind="sign_in", to="ana"))


def sign_in_expired(reader: Reader, served: Served) -> None:
    sign_in_sent(reader, served)
    served.passes("16m")
    reader.goes(served.link(kind="sign_in", to="ana"))


def problem(reader: Reader, served: Served) -> None:
    reader.goes("/nowhere")


def problem_link(reader: Reader, served: Served) -> None:
    reader.goes(served.link(kind="assigned")[:-4])


def lead_new(reader: Reader, served: Served) -> str:
    lead = busy(served)["silke.kleinschmidt@steigerwald-medizintechnik.example"]
    reader.goes(served.link(kind="assigned", lead=lead))
    return lead


def lead_overdue(reader: Reader, served: Served) -> None:
    lead = busy(served)["sanne.oosterling@maasdelta-terminals.example"]
    reader.signs_in("sven").goes(f"/leads/{lead}")


def lead_already(reader: Reader, served: Served) -> None:
    served.commands(lead_new(reader, served), "accept")
    reader.hands.press("button", "Accept this lead")
    expect(reader.page.get_by_text("Your tap changed nothing")).to_be_visible()


def lead_working(reader: Reader, served: Served) -> None:
    reader.signs_in("mia").goes(f"/leads/{served.first('convert')}")


def lead_warned(reader: Reader, served: Served) -> None:
    reader.signs_in("sven").goes(f"/leads/{served.first('take_back', whose='sven')}")


def lead_returned(reader: Reader, served: Served) -> None:
    behind(reader, served)
    back = reader.page.get_by_role("listitem").filter(has_text="now with marketing")
    back.get_by_role("link").first.click()
    expect(reader.page.get_by_role("button", name="Pass to sales")).to_be_visible()


def board(reader: Reader, served: Served) -> None:
    busy(served)
    reader.signs_in("sven").goes("/board")


def board_mine(reader: Reader, served: Served) -> None:
    busy(served)
    reader.signs_in("ana").goes("/board")


def board_all(reader: Reader, served: Served) -> None:
    busy(served)
    reader.signs_in("mia").goes("/board")


def board_working(reader: Reader, served: Served) -> None:
    reader.signs_in("mia").goes("/board?stage=convert")


def board_empty(reader: Reader, served: Served) -> None:
    reader.signs_in("sven").goes("/board?queue=americas&owner=ana")


def funnel(reader: Reader, served: Served) -> None:
    reader.signs_in("mia").goes("/funnel?from=2026-03-06&to=2026-03-19")


def behind(reader: Reader, served: Served) -> None:
    reader.signs_in("mia").goes(f"/funnel/leads?what=returned&{WHOLE}")


def policy(reader: Reader, served: Served) -> None:
    reader.signs_in("mia").goes("/policy")


def privacy(reader: Reader, served: Served) -> None:
    reader.signs_in("mia").goes("/privacy")


def privacy_unknown(reader: Reader, served: Served) -> None:
    privacy(reader, served)
    reader.hands.write(HELD, "nobody@elsewhere.example")
    reader.hands.press("button", "Find")
    expect(reader.page.get_by_text("Nothing is held")).to_be_visible()


def privacy_found(reader: Reader, served: Served) -> None:
    served.visits("Kim Lee")
    privacy(reader, served)
    reader.hands.write(HELD, "kim.lee@acme.example")
    reader.hands.press("button", "Find")
    expect(reader.page.get_by_role("heading", level=1)).to_contain_text("What is held")


def privacy_erase(reader: Reader, served: Served) -> None:
    privacy_found(reader, served)
    reader.hands.press("link", "Erase this person …")
    expect(reader.page.get_by_role("heading", level=1)).to_have_text("Erase Kim Lee?")


def privacy_erased(reader: Reader, served: Served) -> None:
    privacy_erase(reader, served)
    reader.hands.write("To go on, type the address", "kim.lee@acme.example")
    reader.hands.press("button", "Erase for good")
    expect(reader.page.get_by_role("heading", level=1)).to_have_text("Erased")


PAGES = {
    "sign-in": sign_in,
    "sign-in-again": sign_in_again,
    "sign-in-sent": sign_in_sent,
    "sign-in-open": sign_in_open,
    "sign-in-expired": sign_in_expired,
    "problem": problem,
    "problem-link": problem_link,
    "lead-new": lead_new,
    "lead-overdue": lead_overdue,
    "lead-already": lead_already,
    "lead-working": lead_working,
    "lead-warned": lead_warned,
    "lead-returned": lead_returned,
    "board": board,
    "board-mine": board_mine,
    "board-all": board_all,
    "board-working": board_working,
    "board-empty": board_empty,
    "funnel": funnel,
    "funnel-leads": behind,
    "policy": policy,
    "privacy": privacy,
    "privacy-unknown": privacy_unknown,
    "privacy-found": privacy_found,
    "privacy-erase": privacy_erase,
    "privacy-erased": privacy_erased,
}


# Of these the README has a picture.
KEPT = {
    "board": ("desk", "light"),
    "lead-new": ("phone", "light"),
    "lead-warned": ("phone", "dark"),
    "funnel": ("desk", "light"),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_right_on_every_screen_by_day_and_by_night(served, opens, pytestconfig, name):
    reader = opens()
    reader.watch.may_answer(401, 404, 409, 410, 422)
    PAGES[name](reader, served)
    found = looks.faults(reader.page, name)
    assert not found, "\n".join(found)
    if name in KEPT and pytestconfig.getoption("--keep-shots"):
        looks.keep(reader.page, name, *KEPT[name])
