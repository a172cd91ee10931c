//! Where somebody goes on to once they are signed in: what they asked for, and nowhere else.

use super::{KIM_ID, Reader, address, cookie_of, leads_to, link_for, world_with_kim};

#[test]
fn whoever_is_not_signed_in_comes_back_to_what_they_asked_for() {
    let world = world_with_kim();
    let lead = format!("/leads/{KIM_ID}");
    let asked = world.call("GET", &lead).from_browser().send();
    let sign_in = leads_to(&asked).to_owned();
    let page = world.call("GET", &sign_in).from_browser().send().expect(200).text;
    assert!(page.contains(&format!("name=\"next\" value=\"{lead}\"")), "{page}");
    let fields = [("email", address("ana")), ("next", &lead)];
    let sent = world.call("POST", "/sign-in").from_browser().form(&fields).send().expect(303);
    let next = cookie_of(&sent, "__Host-baton-next").unwrap();
    let link = world.link_of("ana");
    let call = world.call("GET", &link).from_browser();
    let call = call.header("cookie", &format!("a=b; __Host-baton-next={next}"));
    let page = call.send().expect(200).text;
    assert!(page.contains(&format!("name=\"next\" value=\"{lead}\"")), "{page}");
    let fields = [("next", lead.as_str())];
    let entered = world.call("POST", &link).from_browser().form(&fields).send();
    assert_eq!(leads_to(&entered), lead);
}

#[test]
fn nobody_is_led_anywhere_else() {
    let world = world_with_kim();
    let ana = Reader::sign_in(&world, "ana");
    for elsewhere in ["//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nb: c"] {
        let next = baton_tests::encoded(elsewhere);
        let page = world.call("GET", &format!("/sign-in?next={next}")).from_browser().send();
        assert!(!page.expect(200).text.contains("evil"));
        assert_eq!(leads_to(&ana.open(&format!("/sign-in?next={next}"))), "/board");
        world.advance("5m");
        let link = link_for(&world, "ana");
        let cookie = format!("__Host-baton-next={next}");
        let page = world.call("GET", &link).from_browser().header("cookie", &cookie).send();
        assert!(!page.expect(200).text.contains("evil"));
        let entered = world.call("POST", &link).from_browser().form(&[("next", elsewhere)]).send();
        assert_eq!(leads_to(&entered), "/board");
    }
}

#[test]
fn a_program_without_a_key_is_told_so_and_not_led_to_a_page() {
    let world = world_with_kim();
    let lead = format!("/leads/{KIM_ID}");
    assert_eq!(world.call("GET", &lead).send().problem().0, 401);
    let browser = |call: baton_tests::Call<'_>| call.from_browser().send().status;
    assert_eq!(browser(world.call("GET", &lead).key("wrong")), 401);
    assert_eq!(browser(world.call("GET", &format!("{lead}?t=wrong"))), 401);
    assert_eq!(browser(world.call("GET", "/l/wrong")), 401);
    assert_eq!(browser(world.call("POST", &format!("{lead}/accept"))), 401);
}
