//! Every bound on what a stranger may send or a policy may ask for, in one place.
//!
//! Each is a named constant so that the error that cites it, the OpenAPI document and the test
//! that crosses it agree. Sizes are in bytes of UTF-8 unless the name says otherwise.

/// An activity's own id, as its source gave it.
pub const ID_BYTES: usize = 256;
/// A name we chose: source, queue, person, rule, activity type.
pub const NAME_BYTES: usize = 64;
/// An e-mail address (RFC 5321 §4.5.3.1.3: a path is at most 256 octets with its brackets).
pub const EMAIL_BYTES: usize = 254;
/// Keys in one activity's `profile`.
pub const PROFILE_KEYS: usize = 64;
/// A profile key.
pub const PROFILE_KEY_BYTES: usize = 64;
/// A profile value.
pub const PROFILE_VALUE_BYTES: usize = 1024;
/// Keys kept in a lead's merged profile; a further new key stays on its activity only.
pub const LEAD_PROFILE_KEYS: usize = 128;
/// An activity's `data`, serialised.
pub const DATA_BYTES: usize = 16 * 1024;
/// Nesting of an activity's `data`.
pub const DATA_DEPTH: usize = 16;
/// Activities in one request.
pub const BATCH: usize = 500;
/// A request body.
pub const BODY_BYTES: usize = 1024 * 1024;
/// A reason a person types for a command.
pub const REASON_BYTES: usize = 500;
/// How far ahead of us a sender's clock may be before its time is refused, in minutes.
pub const CLOCK_SKEW_MINUTES: i64 = 10;
/// How long ago an activity may have happened, in days: the default retention of the ledger.
pub const OLDEST_ACTIVITY_DAYS: i64 = 731;
/// Activities remembered on the lead itself, to say "why now" without reading the ledger.
pub const RECENT_ACTIVITIES: usize = 8;
/// Daily caps remembered on the lead: one entry per capped rule and day, oldest forgotten first.
pub const CAP_ENTRIES: usize = 64;
/// Seconds with clicks remembered on the lead, to tell a mail scanner; the one remembered first is
/// forgotten first.
pub const CLICKED_SECONDS: usize = 4;
/// Daily caps remembered for one such second, to be given back; further ones stay used up.
pub const CLICKED_CAPS: usize = 8;
/// Activity types that a policy's scanners are looked for among.
pub const SCANNER_TYPES: usize = 100;
/// People remembered per queue who are away, and are owed something or owe it.
pub const ABSENT_SHARES: usize = 100;
/// Points of one rule, either way.
pub const RULE_POINTS: i64 = 100_000;
/// Rules of one kind in a policy.
pub const RULES: usize = 2_000;
/// Nested `any` / `all` / `not` in a condition.
pub const CONDITION_DEPTH: usize = 8;
/// A regular expression in a condition, in characters.
pub const PATTERN_CHARS: usize = 500;
/// People on a roster, and in one queue.
pub const PEOPLE: usize = 1_000;
/// A person's weight in a queue.
pub const WEIGHT: u32 = 100;
/// A policy or roster document.
pub const DOCUMENT_BYTES: usize = 256 * 1024;
/// A label, a person's name, a CRM's word or a document's version.
pub const LABEL_BYTES: usize = 120;
/// A policy's threshold, and its floor below zero.
pub const SCORE_POINTS: i64 = 1_000_000;
/// What one lead may be called by: its addresses and its ids at sources.
pub const NAMES: usize = 16;
/// The longest span of time in a policy, in days.
pub const SPAN_DAYS: i64 = 3_650;
/// Extensions a policy may allow in one cycle.
pub const EXTENSIONS: u32 = 100;
/// Values in one list of a condition.
pub const CONDITION_VALUES: usize = 1_000;
/// A regular expression in a condition, compiled.
pub const PATTERN_COMPILED_BYTES: usize = 256 * 1024;
/// Mistakes in one document that get a suggestion; further ones are told without.
pub const SUGGESTIONS: usize = 100;
/// Leads on one board; of more, those that are due first.
pub const BOARD_LEADS: usize = 5_000;
/// Leads on one page of a list.
pub const PAGE_LEADS: usize = 100;
/// Days off of one person, in ranges.
pub const AWAY_RANGES: usize = 100;
/// People who get the funnel by mail.
pub const MEETING_PEOPLE: usize = 100;
/// Reasons to turn a lead down, and words of a CRM.
pub const WORDS: usize = 100;
/// A webhook's body: quarantined whole it must fit into one item, of at most 400 KB.
pub const WEBHOOK_BODY_BYTES: usize = 256 * 1024;
/// Nesting of a webhook's body.
pub const WEBHOOK_DEPTH: usize = 64;
/// Answers looked at in one payload.
pub const ANSWERS: usize = 1_000;
/// A path in a policy.
pub const PATH_BYTES: usize = 512;
/// Sources in a policy.
pub const SOURCES: usize = 200;
/// Places a value may be in, topics, origins, and other short lists of a source.
pub const PLACES: usize = 64;
/// Requests a source may be allowed in a minute, or at once.
pub const REQUESTS: i64 = 1_000_000;
/// Messages one person is sent at once, and then in a minute: half of what SNS lets through to an
/// e-mail subscription in a second before it switches that off.
pub const MESSAGES: Limit = Limit { per_minute: 5, burst: 5 };
/// Alerts that one person is still sent singly when they wait; more of them go into a digest.
pub const SINGLES: usize = 3;
/// Days that may be asked of the funnel at once.
pub const FUNNEL_DAYS: u16 = 366;
/// Alerts in one digest: at their longest they fit into the 256 KB of a message of SNS.
pub const DIGEST: usize = 150;
/// Links to sign in that all together may ask for: what API Gateway lets through as well.
pub const SIGN_INS: Limit = Limit { per_minute: 300, burst: 20 };
/// Links to sign in for one address: one in so many minutes, and so many at once.
pub const SIGN_INS_EACH: (i64, i64) = (5, 3);
/// The same over a day: ten of them, and then one in a tenth of a day.
pub const SIGN_INS_A_DAY: (i64, i64) = (144, 10);
/// A path that a reader goes on to once they are signed in.
pub const NEXT_BYTES: usize = 512;

/// How much somebody may send: so many requests a minute, and so many at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Requests a minute, in the long run.
    pub per_minute: u32,
    /// Requests at once, after a pause.
    pub burst: u32,
}
