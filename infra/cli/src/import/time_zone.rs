//! The time zone of the show, by its name.

use jiff::tz::{self, TimeZone};

/// A guess this far from what was written is no help, in letters.
const SLIPS: usize = 3;

/// Finds a zone by its name in the time zone database: `Europe/Berlin`.
///
/// # Errors
///
/// When no zone has that name; the message suggests the nearest one.
pub fn parse_time_zone(name: &str) -> Result<TimeZone, String> {
    let name = name.trim();
    TimeZone::get(name).map_err(|_| {
        let hint = nearest(name).map(|near| format!(" did you mean {near}?"));
        let hint = hint.unwrap_or_default();
        format!("there is no time zone of this name; they read like Europe/Berlin or UTC.{hint}")
    })
}

/// The zone of a city that was written without its continent, else the one written most alike.
fn nearest(name: &str) -> Option<String> {
    let wanted = name.replace(' ', "_").to_lowercase();
    let distance = |zone: &str| {
        let zone = zone.to_lowercase();
        let city = zone.rsplit('/').next().unwrap_or_default();
        strsim::damerau_levenshtein(&wanted, &zone).min(strsim::damerau_levenshtein(&wanted, city))
    };
    if wanted.is_empty() || wanted.len() > 64 {
        return None;
    }
    let zones = tz::db().available().map(|zone| (distance(zone.as_str()), zone.to_string()));
    let (slips, zone) = zones.min()?;
    (slips <= SLIPS && slips < wanted.len()).then_some(zone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_is_found_by_its_name() {
        assert_eq!(parse_time_zone("Europe/Berlin").unwrap().iana_name(), Some("Europe/Berlin"));
        assert_eq!(parse_time_zone(" utc ").unwrap(), TimeZone::UTC);
    }

    #[test]
    fn a_slip_and_a_bare_city_are_recognised() {
        for (name, near) in [
            ("Europe/Berlim", "Europe/Berlin"),
            ("berlin", "Europe/Berlin"),
            ("New York", "America/New_York"),
        ] {
            let said = parse_time_zone(name).unwrap_err();
            assert!(said.ends_with(&format!("did you mean {near}?")), "{said}");
        }
        assert!(parse_time_zone("Middle-earth/Bree").unwrap_err().ends_with("or UTC."));
        assert!(parse_time_zone("").is_err() && parse_time_zone(&"x".repeat(100_000)).is_err());
    }
}
