//! The trade show's badge list: one activity a row, and the rows nobody can use.

use jiff::civil::DateTime;
use serde_json::{Map, Value, json};

/// Who was scanned where, as the organiser exports it from Excel, with the usual mistakes.
const LIST: &str = include_str!("../../demo/badges.csv");
/// Where the show was: its times are local.
const TIME_ZONE: &str = "Europe/Berlin";
/// How the organiser writes a time.
const TIME: &str = "%d.%m.%Y %H:%M";

/// The rows of the list, by what they are.
pub(super) struct Badges {
    /// People who passed a door, as activities that give no points.
    pub(super) hall: Vec<Value>,
    /// People who came to our booth.
    pub(super) booth: Vec<Value>,
    /// Rows that can't be sent, in words.
    pub(super) unusable: Vec<String>,
}

/// A row's cells by the name of their column.
struct Row<'a> {
    names: &'a csv::StringRecord,
    cells: &'a csv::StringRecord,
}

/// Reads the list that ships with the demo.
pub(super) fn read() -> Result<Badges, csv::Error> {
    let text = LIST.trim_start_matches('\u{feff}');
    let mut reader =
        csv::ReaderBuilder::new().delimiter(b';').flexible(true).from_reader(text.as_bytes());
    let names = reader.headers()?.clone();
    let mut badges = Badges { hall: Vec::new(), booth: Vec::new(), unusable: Vec::new() };
    for record in reader.records() {
        let cells = record?;
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let row = Row { names: &names, cells: &cells };
        match row.activity() {
            Ok(activity) if row.is_booth() => badges.booth.push(activity),
            Ok(activity) => badges.hall.push(activity),
            Err(problem) => {
                let line = cells.position().map_or(0, csv::Position::line);
                badges.unusable.push(format!("line {line} {problem}"));
            }
        }
    }
    Ok(badges)
}

impl Row<'_> {
    fn cell(&self, name: &str) -> Option<&str> {
        let place = self.names.iter().position(|known| known == name)?;
        self.cells.get(place).map(str::trim).filter(|cell| !cell.is_empty())
    }

    fn is_booth(&self) -> bool {
        self.cell("Where").is_some_and(|place| place.starts_with("Booth"))
    }

    /// The row in the shape of `POST /activities`. The same row has the same id every time.
    fn activity(&self) -> Result<Value, String> {
        if self.cells.len() != self.names.len() {
            return Err("has another number of cells than the header".to_owned());
        }
        let (badge, email) = (self.cell("Badge"), self.cell("E-mail"));
        if badge.is_none() && email.is_none() {
            return Err("has neither an e-mail nor a badge number".to_owned());
        }
        let written = self.cell("Scanned at").unwrap_or_default();
        let local = DateTime::strptime(TIME, written)
            .map_err(|_| format!("has no time that there is: '{written}'"))?;
        let at = local.in_tz(TIME_ZONE).map_err(|error| error.to_string())?.timestamp();
        let place = self.cell("Where").unwrap_or_default();
        let who = badge.or(email).unwrap_or_default();
        let kind = if self.is_booth() { "event.booth_visited" } else { "event.badge_scanned" };
        Ok(json!({
            "id": format!("{who} {place} {local}"),
            "type": kind,
            "occurred_at": at.to_string(),
            "email": email,
            "person_id": badge,
            "profile": self.profile(),
            "data": { "where": place, "notes": self.cell("Notes") },
        }))
    }

    fn profile(&self) -> Map<String, Value> {
        let fields = [
            ("first_name", "First name"),
            ("last_name", "Last name"),
            ("title", "Job title"),
            ("company", "Company"),
            ("employees", "Employees"),
            ("country", "Country"),
            ("phone", "Phone"),
        ];
        let said = fields.iter().filter_map(|(key, name)| Some((key, self.cell(name)?)));
        said.map(|(key, cell)| ((*key).to_owned(), cell.into())).collect()
    }
}
