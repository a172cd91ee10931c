//! The options of `baton import`.

use std::path::PathBuf;

use baton_core::id::{ActivityType, SourceName};
use clap::Args as Arguments;
use jiff::tz::TimeZone;

use super::rows::DateOrder;
use super::{MappedColumn, parse_delimiter, parse_mapping, parse_time_zone};

/// A list, and what its people did.
#[derive(Clone, Debug, Arguments)]
#[command(after_help = IMPORT_HELP)]
pub struct ImportArgs {
    /// The list: CSV with a header line, in UTF-8 or as Excel saves it
    pub file: PathBuf,
    /// Source the list comes from; its key is taken from the secrets
    #[arg(long, value_parser = SourceName::parse)]
    pub source: SourceName,
    /// What everybody on the list did, such as event.booth_visited
    #[arg(long = "type", value_name = "TYPE", value_parser = ActivityType::parse)]
    pub kind: ActivityType,
    /// Where Baton answers
    #[arg(long, default_value = "http://127.0.0.1:8787")]
    pub url: String,
    /// Secrets that hold the source's key [default: secrets.toml in baton-data]; the environment
    /// variable BATON_SOURCE_KEY goes before
    #[arg(long, value_name = "FILE")]
    pub secrets: Option<PathBuf>,
    /// Column that holds a field, where its name does not say so: email="Work E-mail"; repeatable,
    /// and of two columns for one field the first that is filled counts
    #[arg(long, value_name = "FIELD=COLUMN", value_parser = parse_mapping)]
    pub map: Vec<MappedColumn>,
    /// Policy whose source of that name may say which column is which (`columns`); --map goes
    /// before
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    /// What stands between cells, if the guess is wrong: ',' ';' '|' or tab
    #[arg(long, value_name = "CHARACTER", value_parser = parse_delimiter)]
    pub delimiter: Option<u8>,
    /// Line of the list to begin at: where an import stopped, so as not to send again what is on
    /// record
    #[arg(long, value_name = "LINE", default_value_t = 1)]
    pub from_line: u64,
    /// Send nothing, but say who would qualify by the policy (the sample, unless given), as if
    /// Baton knew none of them; needs no Baton and no key
    #[arg(long)]
    pub dry_run: bool,
    /// Time zone of the show, for times without an offset: Europe/Berlin
    #[arg(long, value_name = "ZONE", default_value = "UTC", value_parser = parse_time_zone)]
    pub time_zone: TimeZone,
    /// What 3/4/2026 means; without it such dates are refused, never guessed
    #[arg(long, value_name = "ORDER")]
    pub date_order: Option<DateOrder>,
}

/// The end of the help: columns, bad lines, repeated imports, exit codes.
pub(crate) const IMPORT_HELP: &str = "\
Columns may come in any request, under the names that badge apps give them: e-mail, first name, last
name, name, job title, company, country, phone, employees, scan time (or scan date and scan time),
badge id, scan id. Under other names, say which is which with --map. Its FIELD is one of email,
first_name, last_name, name, title, company, country, phone, employees, occurred_at (or scan_date
and scan_time), person_id (or badge), id (or scan_id); any other is a key of the lead's profile that
your policy asks about. Columns that nobody names are kept as data.\n
A line needs an e-mail or a badge id. Bad lines are told with their numbers, the rest is imported.
Importing a list again adds nothing: a visit is known by its scan id, else by who, what and when.
So a list that was interrupted is imported again; --from-line only saves time.\n
The delimiter is guessed from the header. Text that is not UTF-8 is read as Windows-1252, line by
line. Ends with 0 when every good line is on record, with 1 when it stopped or none was good.";
