"""Between two meetings: an alert's link, a phone, one tap."""

from playwright.sync_api import expect


def test_an_alert_s_link_opens_its_lead_and_one_tap_accepts_it(served, opens):
    lead = served.visits("Kim Lee")
    link = served.link(kind="assigned", lead=lead, channel="sms")
    reader = opens(phone=True)
    page = reader.goes(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("Kim Lee")
    expect(page.get_by_role("heading", name="To be accepted")).to_be_visible()
    expect(page.get_by_text("24 h left")).to_be_visible()
    # A link is for one lead: there is nowhere else to go.
    expect(page.get_by_role("navigation")).to_have_count(0)
    accept = page.get_by_role("button", name="Accept this lead")
    expect(accept).to_be_in_viewport(ratio=1)
    assert served.lead(lead)["status"] == "mql"

    reader.hands.press("button", "Accept this lead")
    expect(page.get_by_role("status")).to_contain_text("ccepted")
    expect(page.get_by_role("heading", name="Working")).to_be_visible()
    expect(accept).to_have_count(0)
    told = served.lead(lead)
    assert told["status"] == "working"
    assert served.lead(lead, "/history")[-1]["command"] == "accept"


def test_the_countdown_runs_while_the_page_is_open(served, opens):
    lead = served.visits("Kim Lee")
    reader = opens(phone=True)
    # The browser's clock stands still until it is moved.
    reader.page.clock.install(time="2026-11-22T08:00:00Z")
    reader.page.clock.pause_at("2026-11-22T09:00:00Z")
    page = reader.goes(served.link(kind="assigned", lead=lead, channel="sms"))
    expect(page.get_by_text("24 h left")).to_be_visible()
    page.clock.fast_forward("36:00")
    expect(page.get_by_text("23 h 24 min left")).to_be_visible()
    page.clock.fast_forward("24:00:00")
    expect(page.get_by_text("36 min overdue")).to_be_visible()


def test_a_link_opens_no_other_lead(served, opens):
    mine, other = served.visits("Kim Lee"), served.visits("Lou Park")
    reader = opens(phone=True)
    reader.goes(served.link(kind="assigned", lead=mine, channel="sms"))
    reader.goes(f"/leads/{other}")
    expect(reader.page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()


def test_a_link_that_was_cut_says_where_a_good_one_is(served, opens):
    lead = served.visits("Kim Lee")
    reader = opens(phone=True)
    reader.watch.may_answer(401, 403, 404, 410)
    reader.goes(served.link(kind="assigned", lead=lead, channel="sms")[:-4])
    heading = reader.page.get_by_role("heading", name="This link is no longer good")
    expect(heading).to_be_visible()
    reader.hands.press("link", "Sign in to see your leads")
    expect(reader.page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
