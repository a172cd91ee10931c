//! Who is who: an id that a source gives to two deeds, and one person by several names.

mod reused_ids;
