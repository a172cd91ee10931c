//! Who the lead is, and how to reach them.

use baton_core::lead::{Lead, Status};
use baton_core::profile::Scalar;
use baton_wording::human_time;

use super::view::LeadView;
use crate::reader::Reader;
use crate::words::name_of;

/// The fewest digits of a telephone number.
const DIGITS: usize = 5;

/// The longest text that is shown as the size of a company.
const SIZE_CHARS: usize = 20;

pub(super) struct Head {
    pub(super) eyebrow: String,
    pub(super) name: String,
    pub(super) role: String,
    pub(super) people: Option<String>,
    pub(super) phone: Option<Phone>,
    pub(super) email: Option<String>,
}

/// The number as it was given, and as a telephone dials it, if it is one.
pub(super) struct Phone {
    pub(super) shown: String,
    pub(super) dialled: Option<String>,
}

impl Head {
    pub(super) fn of(view: &LeadView<'_>) -> Self {
        let lead = view.lead;
        let country = lead.profile.text("country").map(country);
        let text = |key| lead.profile.text(key).map(str::to_owned);
        let role = [text("title"), text("company"), country].into_iter().flatten();
        let phone = text("phone").map(|shown| Phone { dialled: dialled(&shown), shown });
        Self {
            eyebrow: eyebrow(lead),
            name: name_of(lead),
            role: role.collect::<Vec<_>>().join(", "),
            people: lead.profile.get("employees").and_then(|size| people(size, view.reader)),
            phone,
            email: lead.email().map(ToString::to_string),
        }
    }
}

fn eyebrow(lead: &Lead) -> String {
    let stage = match lead.status() {
        Status::Mql => "New lead",
        Status::Working => "Lead in work",
        Status::Converted => "Converted lead",
        Status::Nurturing | Status::Returned => "Lead with marketing",
        Status::Disqualified => "Lead ruled out",
    };
    let queue = lead.queue().map(|queue| format!("{queue} queue"));
    let again = (lead.cycle() > 1).then(|| format!("{} time", human_time::ordinal(lead.cycle())));
    let parts = [Some(stage.to_owned()), queue, again];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn country(text: &str) -> String {
    if text.len() == 2 { text.to_uppercase() } else { text.to_owned() }
}

fn people(size: &Scalar, reader: &Reader) -> Option<String> {
    match size {
        Scalar::Number(n) if (1.0..1e9).contains(n) => Some(reader.decimal(*n, 0)),
        Scalar::Text(text) => match text.trim().parse::<u32>() {
            Ok(n) => Some(reader.count(n)),
            Err(_) => Some(text.trim().to_owned())
                .filter(|text| !text.is_empty() && text.chars().count() <= SIZE_CHARS),
        },
        Scalar::Bool(_) | Scalar::Number(_) => None,
    }
}

/// The digits of a telephone number, unless the text has anything else in it.
fn dialled(text: &str) -> Option<String> {
    let is_number = text.chars().all(|c| c.is_ascii_digit() || "+-()./ ".contains(c));
    let number: String = text.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    (is_number && number.len() >= DIGITS).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_number_is_dialled() {
        assert_eq!(dialled("+49 (30) 2312-5157").as_deref(), Some("+493023125157"));
        for odd in ["", "123", "0800 CALL ME", "12345\u{200b}", "javascript:12345"] {
            assert_eq!(dialled(odd), None, "{odd}");
        }
    }
}
