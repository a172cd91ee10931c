"""Marketing's view of the rules: what they say, and what each did."""

import re

from playwright.sync_api import expect


def test_the_rules_are_words_with_what_each_did(opens):
    reader = opens().signs_in("mia")
    page = reader.goes("/policy")
    expect(page.get_by_role("heading", level=1)).to_contain_text("The policy")
    expect(page.get_by_text("100 points")).to_be_visible()
    row = page.get_by_role("row", name=re.compile("^Attended a webinar"))
    points, fired = row.get_by_role("cell").all_inner_texts()[:3:2]
    assert points.strip() == "+40"
    assert int(re.match(r"\d+", fired)[0]) > 0
    expect(page.get_by_text("never").first).to_be_visible()


def test_a_rule_s_number_leads_to_the_leads_it_qualified(opens):
    reader = opens().signs_in("mia")
    page = reader.goes("/policy")
    row = page.get_by_role("row", name=re.compile("^Asked for a demo"))
    number = row.get_by_role("link")
    count = number.inner_text()
    number.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(count)
    expect(page.locator("main").get_by_text("demo").first).to_be_visible()


def test_another_window_counts_other_days(opens):
    reader = opens().signs_in("mia")
    page = reader.goes("/policy")
    reader.hands.press("link", "Last 14 days")
    expect(page).to_have_url(re.compile("days=14"))
    expect(page.get_by_text(re.compile("20 Mar.* 2 Apr 2026"))).to_be_visible()
