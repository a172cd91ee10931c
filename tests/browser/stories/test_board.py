"""The board: whose leads, by stage, what is urgent first."""

import re

from playwright.sync_api import Page, expect

STAGES = ("Waiting for an owner", "To be accepted", "Going back to marketing", "Working")


def counted(page: Page) -> dict[str, int]:
    """What each stage's tile says."""
    tiles = page.get_by_role("list", name="Stages").get_by_role("link").all_inner_texts()
    said = (re.match(r"(\d+)\s+(.+)", tile) for tile in tiles)
    return {it[2].strip(): int(it[1]) for it in said}


def listed(page: Page, stage: str) -> int:
    """How many leads a stage really lists, page after page."""
    page.get_by_role("list", name="Stages").get_by_role("link", name=stage).click()
    leads: list[str] = []
    while True:
        cards = page.get_by_role("region", name=stage).get_by_role("heading", level=3)
        leads += [it.get_attribute("href") for it in cards.get_by_role("link").all()]
        further = page.get_by_role("link", name=re.compile(r"^Next \d+"))
        if further.count() == 0:
            break
        further.click()
    assert len(set(leads)) == len(leads), "a lead is on two pages"
    return len(leads)


def test_each_stage_lists_as_many_leads_as_it_says(served, opens):
    served.visits("Kim Lee")
    page = opens().signs_in("mia").goes("/board")
    expect(page.get_by_role("heading", level=1)).to_have_text("Everybody’s leads")
    said = counted(page)
    assert set(said) == set(STAGES)
    assert sum(said.values()) > 25, "the demo leaves more than a page of open leads"
    expect(page.get_by_text(f"{sum(said.values())} open leads")).to_be_visible()
    for stage, count in said.items():
        page.goto("/board")
        assert listed(page, stage) == count, stage


def test_filters_narrow_the_lists_and_say_so_in_the_address(served, opens):
    served.visits("Kim Lee")
    reader = opens().signs_in("sven")
    page = reader.goes("/board")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your team’s leads")
    everything = counted(page)
    of_one = {}
    for owner in ("Ana Ruiz", "Ben Fischer"):
        page.goto("/board")
        reader.hands.open("Filter")
        reader.hands.choose("Owner", owner)
        reader.hands.press("button", "Show")
        expect(page).to_have_url(re.compile(r"owner=(ana|ben)"))
        expect(page.get_by_label("Owner", exact=True)).to_have_value(owner.split()[0].lower())
        held = page.locator("main").get_by_role("listitem").filter(has_text="emea")
        expect(held.filter(has_not_text=owner)).to_have_count(0)
        of_one[owner] = counted(page)
    for stage, count in everything.items():
        assert count == sum(one[stage] for one in of_one.values()), stage

    page.goto("/board")
    reader.hands.open("Filter")
    reader.hands.choose("Qualified", "By fast track")
    reader.hands.choose("Source", "website")
    reader.hands.press("button", "Show")
    expect(page.get_by_role("link", name="Kim Lee")).to_be_visible()
    assert 0 < sum(counted(page).values()) < sum(everything.values())


def test_what_is_overdue_is_marked_first_and_can_be_had_alone(served, opens):
    served.visits("Kim Lee")
    served.passes("30h")
    served.visits("Lou Park")
    reader = opens(phone=True).signs_in("sven")
    page = reader.goes("/board?stage=accept")
    cards = page.get_by_role("region", name="To be accepted").get_by_role("listitem")
    said = [("overdue" in it) for it in cards.all_inner_texts()]
    assert True in said and False in said
    assert said == sorted(said, reverse=True), "overdue ones come first"
    reader.hands.open("Filter")
    reader.hands.tick("Overdue only")
    reader.hands.press("button", "Show")
    expect(page.get_by_role("link", name="Kim Lee")).to_be_visible()
    expect(page.get_by_role("link", name="Lou Park")).to_have_count(0)


def test_nothing_to_show_is_said_in_a_sentence(opens):
    reader = opens().signs_in("sven")
    page = reader.goes("/board")
    reader.hands.open("Filter")
    reader.hands.choose("Queue", "americas")
    reader.hands.choose("Owner", "Ana Ruiz")
    reader.hands.press("button", "Show")
    expect(page.get_by_text("No lead matches")).to_be_visible()
    reader.hands.press("link", "Show all")
    assert sum(counted(page).values()) > 0
