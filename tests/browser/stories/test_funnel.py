"""The funnel of any window, and the leads behind each number."""

import csv
import io
import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect


def tiles(page: Page) -> dict[str, int]:
    """What happened, by name."""
    table = page.get_by_role("region", name="What happened").get_by_role("row")
    rows = [row.locator("th, td").all_inner_texts() for row in table.all()[1:]]
    return {row[0].strip(): int(row[2]) for row in rows}


def test_the_window_is_the_last_fourteen_days_and_can_be_any(opens):
    reader = opens().signs_in("mia")
    page = reader.goes("/funnel")
    expect(page.get_by_role("heading", level=1)).to_have_text("The funnel")
    windows = "20 Mar 2026 – 2 Apr 2026, against 6 Mar 2026 – 19 Mar 2026"
    expect(page.get_by_text(windows)).to_be_visible()
    fortnight = tiles(page)

    reader.hands.open("Another window")
    reader.hands.write("From", "2026-03-02")
    reader.hands.write("To, included", "2026-04-02")
    reader.hands.press("button", "Show")
    expect(page).to_have_url(re.compile(r"from=2026-03-02&to=2026-04-02"))
    whole = tiles(page)
    assert whole["Became MQLs"] > fortnight["Became MQLs"] > 0
    reader.hands.open("Another window")
    expect(page.get_by_label("From", exact=True)).to_have_value("2026-03-02")

    # Two halves are the whole.
    halves = []
    for window in ("from=2026-03-02&to=2026-03-17", "from=2026-03-18&to=2026-04-02"):
        page.goto(f"/funnel?{window}")
        halves.append(tiles(page))
    for step, count in whole.items():
        assert count == sum(half[step] for half in halves), step


def test_a_window_that_ends_before_it_begins_is_said(opens):
    reader = opens().signs_in("mia")
    reader.watch.may_answer(422)
    page = reader.goes("/funnel")
    reader.hands.open("Another window")
    reader.hands.write("From", "2026-04-02")
    reader.hands.write("To, included", "2026-03-02")
    reader.hands.press("button", "Show")
    expect(page.get_by_text("before the first day")).to_be_visible()


def test_a_supervisor_sees_the_team_and_nobody_else(opens):
    sven = opens().signs_in("sven")
    page = sven.goes("/funnel?from=2026-03-02&to=2026-04-02")
    expect(page.get_by_role("navigation", name="Main").get_by_role("link", name="Policy")
           ).to_have_count(0)
    assert "Carla Thompson" not in page.locator("main").inner_text()
    assert "Ana Ruiz" in page.locator("main").inner_text()


def test_every_number_is_as_many_leads_as_are_behind_it(opens):
    reader = opens().signs_in("mia")
    page = reader.goes("/funnel?from=2026-03-02&to=2026-04-02")
    numbers = page.locator("main a.n").all()
    said = {it.get_attribute("href"): it.inner_text() for it in numbers}
    assert len(said) > 20
    for address, number in said.items():
        answer = reader.context.request.get(address, headers={"Accept": "text/html"})
        assert answer.status == 200, address
        heading = re.search(r"<h1>.*?<span class=\"quiet\">(\d+)</span>", answer.text(), re.S)
        assert heading and heading[1] == number.strip(), f"{number} of {address}"


def test_a_number_leads_to_its_leads_and_from_there_to_each(opens):
    reader = opens(phone=True).signs_in("mia")
    page = reader.goes("/funnel?from=2026-03-02&to=2026-04-02")
    tile = page.get_by_role("list", name="In these").get_by_role("link", name="Returned")
    count = int(re.match(r"\d+", tile.inner_text())[0])
    tile.tap()
    expect(page.get_by_role("heading", level=1)).to_contain_text(str(count))
    assert parse_qs(urlsplit(page.url).query)["what"] == ["returned"]
    lead = page.get_by_role("heading", level=2).get_by_role("link").first
    name = lead.inner_text()
    lead.tap()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def test_the_file_says_what_the_page_says(opens):
    reader = opens().signs_in("mia")
    page = reader.goes("/funnel?from=2026-03-02&to=2026-04-02")
    said = tiles(page)
    with page.expect_download() as begun:
        reader.hands.press("link", "CSV, for a spreadsheet")
    assert begun.value.suggested_filename == "funnel-2026-03-02-2026-04-02.csv"
    rows = list(csv.DictReader(io.StringIO(begun.value.path().read_text("utf-8-sig"))))
    values = [row["value"] for row in rows]
    for step, count in said.items():
        assert str(count) in values, step
    address = page.get_by_role("link", name="JSON", exact=True).get_attribute("href")
    assert '"2026-03-02"' in reader.context.request.get(address).text()
