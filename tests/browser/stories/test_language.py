"""Dates and numbers as the reader's browser says they are written; times in the reader's zone."""

import pytest
from playwright.sync_api import expect

# How the demo ends for Ana in Madrid, and a sum of points. Words stay English: the pages are.
WRITTEN = {
    "en-GB": ("Fri 3 Apr 2026, 10:00 (Madrid)", "25.00"),
    "en-US": ("Fri, Apr 3, 2026, 10:00 AM (Madrid)", "25.00"),
    "de-DE": ("Fri 3 Apr 2026, 10:00 (Madrid)", "25,00"),
}


@pytest.mark.parametrize("locale", WRITTEN)
def test_dates_and_numbers_are_the_reader_s(served, opens, locale):
    lead = served.visits("Kim Lee")
    moment, points = WRITTEN[locale]
    reader = opens(locale=locale).signs_in("ana")
    page = reader.goes("/board")
    expect(page.get_by_role("contentinfo")).to_contain_text(moment)
    mia = opens(locale=locale).signs_in("mia")
    page = mia.goes(f"/leads/{lead}")
    mia.hands.open("The ledger")
    expect(page.get_by_role("row", name="Exact sum")).to_contain_text(points)
