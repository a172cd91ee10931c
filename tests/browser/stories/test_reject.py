"""Turning a lead down, with one of the policy's reasons."""

from playwright.sync_api import expect


def test_a_reason_is_asked_for_and_kept(served, opens):
    lead = served.visits("Kim Lee")
    reader = opens(phone=True)
    page = reader.goes(served.link(kind="assigned", lead=lead, channel="sms"))
    reader.hands.open("Not for you? Reject it")
    # Without one the browser does not send it.
    reader.hands.press("button", "Reject")
    expect(page.get_by_label("Why?", exact=True)).to_be_focused()
    assert served.lead(lead)["status"] == "mql"

    reader.hands.choose("Why?", "No budget")
    reader.hands.press("button", "Reject")
    expect(page.get_by_role("status")).to_contain_text("eject")
    expect(page.get_by_role("button", name="Accept this lead")).to_have_count(0)
    assert served.lead(lead)["status"] == "returned"
    assert served.lead(lead, "/history")[-1]["reason"] == "no_budget"


def test_what_rules_a_lead_out_for_good_does(served, opens):
    lead = served.visits("Kim Lee")
    reader = opens()
    page = reader.goes(served.link(kind="assigned", lead=lead, channel="email"))
    reader.hands.open("Not for you? Reject it")
    groups = page.get_by_label("Why?", exact=True).locator("optgroup")
    assert [it.get_attribute("label") for it in groups.all()] == [
        "Back to marketing",
        "Rule out for good",
    ]
    reader.hands.choose("Why?", "Already in the CRM")
    reader.hands.press("button", "Reject")
    expect(page.get_by_role("status")).to_be_visible()
    assert served.lead(lead)["status"] == "disqualified"
