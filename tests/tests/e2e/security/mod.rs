//! What somebody would try who wants to act for others, to hide in what we store or show, or to
//! have it run somewhere: none of it goes anywhere.
//!
//! What is proved elsewhere is not proved again: tokens changed or cut in any place, of another
//! lead, of an earlier cycle, expired (`links.rs`); signatures that are forged, stale or of another
//! body (`hooks/`); whoever shows no key or a wrong one (`contract.rs`, `wire_level.rs`); sizes and
//! characters that are refused (`bad_input.rs`); mails and SMS with hostile texts (`alert` in the
//! core); nothing of a stranger's in the log, so nothing to forge a line with (`privacy/`).

mod keys;
mod looking;
mod pages;
mod secrets;
mod tokens;

use baton_tests::{Baton, World};
use serde_json::{Value, json};

const KIM: &str = "email:kim@acme.example";

/// Kim at the booth, Ana's, in sales for the first time.
fn visit(baton: &Baton, name: &str, profile: &Value) -> Value {
    let mut visit = json!({
        "id": name, "type": "event.booth_visited", "email": format!("{name}@acme.example"),
        "profile": profile,
    });
    visit["profile"]["country"] = "DE".into();
    baton.activity(visit)
}

fn world_with_kim() -> World {
    let world = World::open();
    visit(&world, "kim", &json!({}));
    world
}

/// The token of the newest alert to that person.
fn token_of(world: &World, person: &str) -> String {
    world.link_of(person).trim_start_matches("/l/").to_owned()
}
