//! The desk as people use it: at a browser, signed in.

mod board;
mod funnel;
mod going_on;
mod lead;
mod lists;
mod privacy;
mod sign_in;
mod whose;

use baton_engine::{Rules, Secrets};
use baton_tests::{Answer, Baton, Call, World, secrets_file};
use serde_json::{Value, json};

const KIM: &str = "email:kim@acme.example";
const KIM_ID: &str = "526dab18af648d3461ae0061";
pub(crate) const COOKIE: &str = "__Host-baton";

/// Somebody at a browser who has signed in.
#[derive(Clone)]
pub(crate) struct Reader<'b> {
    baton: &'b Baton,
    /// The value of their cookie.
    pub(crate) cookie: String,
}

/// Asks for a link to sign in, as the page's form does.
pub(crate) fn ask(baton: &Baton, email: &str) -> Answer {
    baton.call("POST", "/sign-in").from_browser().form(&[("email", email)]).send()
}

/// The address on the roster.
pub(crate) fn address(person: &str) -> &'static str {
    match person {
        "ana" => "ana.ruiz@northwind.example",
        "ben" => "ben.fischer@northwind.example",
        "carla" => "carla.thompson@northwind.example",
        "sven" => "sven.lindqvist@northwind.example",
        "sofia" => "sofia.almeida@northwind.example",
        _ => "mia.oconnor@northwind.example",
    }
}

/// The path that a fresh link to sign in leads to.
pub(crate) fn link_for(baton: &Baton, person: &str) -> String {
    ask(baton, address(person)).expect(303);
    let path = baton.link_of(person);
    assert!(path.starts_with("/sign-in/"), "{path}");
    path
}

/// The cookie of that name that an answer sets.
pub(crate) fn cookie_of(answer: &Answer, name: &str) -> Option<String> {
    let set = answer.headers.get_all("set-cookie").iter();
    let set = set.filter_map(|cookie| cookie.to_str().ok()?.split_once(';')?.0.split_once('='));
    set.filter(|(key, _)| *key == name).map(|(_, value)| value.to_owned()).next()
}

impl<'b> Reader<'b> {
    /// Signs somebody in by a link of their own.
    pub(crate) fn sign_in(baton: &'b Baton, person: &str) -> Self {
        let link = link_for(baton, person);
        let answer = baton.call("POST", &link).from_browser().form(&[]).send().expect(303);
        let cookie = cookie_of(&answer, COOKIE).expect("a session's cookie");
        Self { baton, cookie }
    }

    /// The same browser at another Baton.
    pub(crate) fn at<'o>(&self, baton: &'o Baton) -> Reader<'o> {
        Reader { baton, cookie: self.cookie.clone() }
    }

    /// Begins a request with their cookie.
    pub(crate) fn call(&self, method: &str, path: &str) -> Call<'b> {
        let cookie = format!("{COOKIE}={}", self.cookie);
        self.baton.call(method, path).from_browser().header("cookie", &cookie)
    }

    /// Opens a page.
    pub(crate) fn open(&self, path: &str) -> Answer {
        self.call("GET", path).send()
    }

    /// What the forms of their pages carry.
    pub(crate) fn csrf(&self) -> String {
        let page = self.open(&format!("/leads/{KIM_ID}")).expect(200).text;
        let (_, rest) = page.split_once("name=\"csrf\" value=\"").expect("a form");
        rest.split('"').next().unwrap_or_default().to_owned()
    }

    /// Sends a form of one of their pages.
    pub(crate) fn post(&self, path: &str, csrf: &str, fields: &[(&str, &str)]) -> Answer {
        let fields = [fields, &[("csrf", csrf)]].concat();
        self.call("POST", path).form(&fields).send()
    }
}

/// The proof that the forms of a session carry, whatever pages its reader may see.
pub(crate) fn own_csrf(reader: &Reader<'_>) -> String {
    let sessions = baton_engine::Sessions::new(&Secrets::read(&secrets_file()).unwrap().link_key);
    let now = baton_tests::START.parse().unwrap();
    sessions.read(&reader.cookie, &Rules::sample().roster, now).unwrap().csrf
}

/// Where an answer leads.
pub(crate) fn leads_to(answer: &Answer) -> &str {
    assert_eq!(answer.status, 303, "{}", answer.text);
    answer.header("location")
}

/// A world with a lead of Ana's.
pub(crate) fn world_with_kim() -> World {
    let world = World::open();
    qualify(&world, "kim", "DE");
    world
}

/// Somebody at the booth: of Germany for Ana or Ben, of the States for Carla or Diego.
pub(crate) fn qualify(baton: &Baton, name: &str, country: &str) -> Value {
    baton.activity(json!({
        "id": name, "type": "event.booth_visited", "email": format!("{name}@acme.example"),
        "profile": {"country": country, "name": "Kim Lee"},
    }))
}
