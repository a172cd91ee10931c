"""On paper: the funnel for the meeting, a lead for a visit."""

import re

import pytest
from desk.looks import SHOTS, too_wide


@pytest.mark.parametrize("what", ["funnel", "lead"])
def test_a_page_is_printed_in_black_on_white(served, opens, what):
    lead = served.visits("Kim Lee")
    reader = opens(color_scheme="dark").signs_in("mia")
    page = reader.goes("/funnel" if what == "funnel" else f"/leads/{lead}")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") in (
        "rgb(255, 255, 255)",
        "rgba(0, 0, 0, 0)",
    )
    assert not too_wide(page)
    assert page.get_by_role("navigation").count() == 0, "nobody can follow a link on paper"
    SHOTS.mkdir(parents=True, exist_ok=True)
    paper = page.pdf(path=SHOTS / f"{what}.pdf", format="A4")
    assert paper.startswith(b"%PDF-")
    pages = len(re.findall(rb"/Type\s*/Page\b", paper))
    assert 1 <= pages <= 8, pages
