//! Every key of a policy: what the reader accepts is what the reference documents.

use crate::document::Keys;

pub(super) static POLICY: Keys = Keys::new(
    "the policy",
    &[
        "version",
        "time_zone",
        "score",
        "activity",
        "scanners",
        "fit",
        "fast_track",
        "exclusion",
        "route",
        "clocks",
        "meeting",
        "reject_reason",
        "crm_status",
        "source",
    ],
);
pub(super) static SCORE: Keys =
    Keys::new("[score]", &["threshold", "floor", "half_life", "restart_on_return"]);
pub(super) static ACTIVITY: Keys =
    Keys::new("[[activity]]", &["type", "points", "at_most_per_day", "name", "label", "when"]);
pub(super) static SCANNERS: Keys = Keys::new("[scanners]", &["types", "after_sending"]);
pub(super) static FIT: Keys = Keys::new("[[fit]]", &["name", "points", "when"]);
pub(super) static FAST_TRACK: Keys =
    Keys::new("[[fast_track]]", &["type", "name", "label", "when"]);
pub(super) static EXCLUSION: Keys = Keys::new("[[exclusion]]", &["name", "when"]);
pub(super) static ROUTE: Keys = Keys::new("[[route]]", &["queue", "name", "when"]);
pub(super) static CLOCKS: Keys = Keys::new(
    "[clocks]",
    &[
        "accept_within",
        "escalate_every",
        "convert_within",
        "take_back_after",
        "extend_by",
        "extensions_at_most",
        "route_within",
        "route_retry_every",
        "unrouted_remind_every",
    ],
);
pub(super) static MEETING: Keys = Keys::new("[meeting]", &["to", "first", "every", "hour"]);
pub(super) static REJECT_REASON: Keys =
    Keys::new("[[reject_reason]]", &["name", "label", "leads_to"]);
/// The words with a meaning of their own in a condition; any other key is a profile field.
pub(super) static CONDITION: Keys =
    Keys::new("a condition", &["any", "all", "not", "email_domain", "source", "data"]);
pub(super) static TEST: Keys =
    Keys::new("a test", &["is", "one_of", "at_least", "at_most", "matches", "exists"]);

pub(super) static SOURCE: Keys = Keys::new(
    "[[source]]",
    &[
        "name",
        "preset",
        "verify",
        "type",
        "type_at",
        "types",
        "only",
        "email",
        "person_id",
        "ids",
        "id",
        "occurred_at",
        "time_zone",
        "people",
        "json_in",
        "answers",
        "profile",
        "data",
        "columns",
        "limit",
        "thanks",
    ],
);
pub(super) static TYPE: Keys = Keys::new("an entry of `types`", &["type", "when"]);
pub(super) static PLACE: Keys =
    Keys::new("a place", &["label", "key", "ref", "kind", "join", "text"]);
pub(super) static ANSWERS: Keys = Keys::new(
    "`answers`",
    &["list", "label", "key", "ref", "kind", "value", "questions", "key_pattern"],
);
pub(super) static QUESTIONS: Keys = Keys::new("`questions`", &["list", "key", "label"]);
pub(super) static LIMIT: Keys = Keys::new("`limit`", &["per_minute", "burst"]);
pub(super) static VERIFY_HMAC: Keys = Keys::new(
    "`verify` with scheme hmac",
    &["scheme", "header", "prefix", "encoding", "signs", "id_header", "timestamp_header"],
);
pub(super) static VERIFY_HEADER: Keys =
    Keys::new("`verify` with scheme header", &["scheme", "header"]);
pub(super) static VERIFY_FORM: Keys = Keys::new(
    "`verify` with scheme form",
    &["scheme", "origins", "honeypot", "started", "fill_at_least"],
);
pub(super) static VERIFY_SNS: Keys = Keys::new("`verify` with scheme sns", &["scheme", "topics"]);
/// The schemes that need nothing but their name: `bearer`, `url`.
pub(super) static VERIFY: Keys = Keys::new("`verify`", &["scheme"]);

/// Every table of a policy and its keys, but for `[crm_status]`, whose keys are the CRM's words.
pub static KEYS: &[&Keys] = &[
    &POLICY,
    &SCORE,
    &ACTIVITY,
    &SCANNERS,
    &FIT,
    &FAST_TRACK,
    &EXCLUSION,
    &ROUTE,
    &CLOCKS,
    &MEETING,
    &REJECT_REASON,
    &CONDITION,
    &TEST,
    &SOURCE,
    &TYPE,
    &PLACE,
    &ANSWERS,
    &QUESTIONS,
    &LIMIT,
    &VERIFY,
    &VERIFY_HMAC,
    &VERIFY_HEADER,
    &VERIFY_FORM,
    &VERIFY_SNS,
];
