//! Who is who: an id that a source gives to two deeds, and one person by several names.

mod any_order;
mod reused_ids;
mod ties;
