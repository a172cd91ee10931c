//! What can be typed after `baton`.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use baton_cloud::{Clock, TopicPrefix};
use baton_core::id::{ActivityType, PersonId, SourceName};
use clap::{Args as Arguments, Parser, Subcommand};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::house;
use crate::import::rows::DateOrder;
use crate::import::{Mapped, delimiter_named, mapped, zone};
use crate::quarantine::Quarantine;
use crate::secrets::Secrets;
use crate::source::Source;

/// Passes leads from marketing to sales and does not let anyone drop them.
#[derive(Debug, Parser)]
#[command(version, about, arg_required_else_help = true)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub verb: Verb,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Play the hand-off on sample data: 32 days in seconds, told as a timeline
    Demo(Demo),
    /// Run the whole system on this machine
    Serve(Serve),
    /// Look through a whole table and say everything that is wrong, and what to do about it
    Fsck(Fsck),
    /// Send a trade-show list (CSV) to a running Baton; safe to run twice
    Import(Import),
    /// Make the keys of a new deployment
    Secrets {
        /// What to do with them.
        #[command(subcommand)]
        verb: Secrets,
    },
    /// Write the mapping of a tool that posts payloads of its own
    Source {
        /// What to do with it.
        #[command(subcommand)]
        verb: Source,
    },
    /// Look after deliveries nothing could be made of
    Quarantine {
        /// What to do with them.
        #[command(subcommand)]
        verb: Quarantine,
    },
    /// Check a policy, publish it to a deployment, bring an earlier one back
    Policy {
        /// What to do with it.
        #[command(subcommand)]
        verb: Edit,
    },
    /// Check a roster, publish it to a deployment, look after people's e-mail and SMS
    Roster {
        /// What to do with it.
        #[command(subcommand)]
        verb: Roster,
    },
}

/// What to do with a document.
#[derive(Debug, Subcommand)]
pub enum Edit {
    /// Read FILE and report every mistake with its line
    Check {
        /// The TOML document
        file: PathBuf,
    },
    /// Put FILE into force on a deployment, within a minute and without deploying
    Publish {
        /// The TOML document
        file: PathBuf,
        /// The other document, when the two only fit each other: both or neither come into force
        #[arg(long, value_name = "FILE")]
        with: Option<PathBuf>,
        /// Where.
        #[command(flatten)]
        at: At,
        /// Whom to tell.
        #[command(flatten)]
        people: People,
    },
    /// Every edition that was published, newest first
    History {
        /// Where.
        #[command(flatten)]
        at: At,
    },
    /// Put an earlier edition into force again
    Rollback {
        /// Its number in the history
        number: u64,
        /// Where.
        #[command(flatten)]
        at: At,
        /// Whom to tell.
        #[command(flatten)]
        people: People,
    },
}

/// What to do with a roster.
#[derive(Debug, Subcommand)]
pub enum Roster {
    /// What is done with every document.
    #[command(flatten)]
    Edit(Edit),
    /// How the e-mail and SMS of everybody on the published roster stand; ends with 1 if one of
    /// them is not confirmed, or somebody is told who should not be
    Channels {
        /// Where.
        #[command(flatten)]
        at: At,
        /// Whose.
        #[command(flatten)]
        topics: Topics,
    },
    /// Confirm an e-mail address by the link in the mail that SNS sent there, so that only your
    /// account can end the subscription
    Confirm {
        /// The link as it was copied, not opened; or the token in it
        #[arg(value_name = "LINK-OR-TOKEN")]
        link: String,
        /// Whose it is: a link says so itself, a token does not
        #[arg(long, value_name = "ID", value_parser = PersonId::parse)]
        person: Option<PersonId>,
        /// Where.
        #[command(flatten)]
        at: At,
        /// Whose.
        #[command(flatten)]
        topics: Topics,
    },
}

/// Whom a roster's publication makes topics for, and subscribes to them. A policy alone needs
/// none of it.
#[derive(Clone, Debug, Arguments)]
pub struct People {
    /// What people's topics begin with: the output TopicPrefix of the stack. A roster needs it
    #[arg(long, value_name = "ARN-PREFIX", env = "BATON_TOPIC_PREFIX")]
    pub topics: Option<TopicPrefix>,
    /// Make no topics and subscribe nobody, for a table from which nobody is to be told
    #[arg(long)]
    pub no_topics: bool,
    /// End the subscriptions of people who are not on the roster even if they are most of those
    /// whom alerts reach now
    #[arg(long)]
    pub let_go: bool,
}

/// Where people's topics are.
#[derive(Clone, Debug, Arguments)]
pub struct Topics {
    /// What they begin with: the output TopicPrefix of the stack
    #[arg(long = "topics", value_name = "ARN-PREFIX", env = "BATON_TOPIC_PREFIX")]
    pub prefix: TopicPrefix,
}

/// A deployment, by its table. Credentials and region come from the environment:
/// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION
#[derive(Clone, Debug, Arguments)]
pub struct At {
    /// The deployment's table: the output TableName of its stack
    #[arg(long, value_name = "NAME", env = "BATON_TABLE")]
    pub table: String,
}

/// How to play the demo.
#[derive(Clone, Debug, Arguments)]
pub struct Demo {
    /// New or empty folder to keep the data in, for `baton serve --data DIR` afterwards
    #[arg(long, value_name = "DIR")]
    pub keep: Option<PathBuf>,
}

/// How to run the whole system.
#[derive(Clone, Debug, Arguments)]
pub struct Serve {
    /// Address to answer on; beyond loopback the /local routes are off
    #[arg(long, default_value = "127.0.0.1:8787", value_name = "ADDRESS")]
    pub listen: SocketAddr,
    /// Folder that keeps the data over restarts
    #[arg(long, default_value = "baton-data", value_name = "DIR", conflicts_with = "memory")]
    pub data: PathBuf,
    /// Keep nothing over restarts
    #[arg(long)]
    pub memory: bool,
    /// Policy to use instead of the sample
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    /// Roster to use instead of the sample
    #[arg(long, value_name = "FILE")]
    pub roster: Option<PathBuf>,
    /// Keys and secrets (TOML); made with fresh keys if absent [default: secrets.toml in the data
    /// folder]
    #[arg(long, value_name = "FILE")]
    pub secrets: Option<PathBuf>,
    /// Where the time comes from: `system`, or `manual:2026-03-01T09:00:00Z` and moved by
    /// POST /local/clock [default: the manual clock that the data folder was kept by, if it was;
    /// else system]
    #[arg(long, value_name = "CLOCK", value_parser = clock)]
    pub clock: Option<ClockChoice>,
    /// Address that links in alerts begin with [default: http:// and the address answered on]
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
}

/// What to look through.
#[derive(Clone, Debug, Arguments)]
#[command(after_help = FSCK_HELP)]
pub struct Fsck {
    /// Folder of a `baton serve` that is stopped
    #[arg(long, value_name = "DIR", required_unless_present = "table")]
    pub data: Option<PathBuf>,
    /// A deployment's table: the output TableName of its stack. Credentials and region come from
    /// the environment; --data goes before
    #[arg(long, value_name = "NAME", env = "BATON_TABLE")]
    pub table: Option<String>,
    /// Policy that `serve` used instead of the sample
    #[arg(long, value_name = "FILE", requires = "data")]
    pub policy: Option<PathBuf>,
    /// Roster that `serve` used instead of the sample
    #[arg(long, value_name = "FILE", requires = "data")]
    pub roster: Option<PathBuf>,
    /// Where the time comes from, as for `serve`: with `manual:`, where that clock stands
    /// [default: as for `serve`]
    #[arg(long, value_name = "CLOCK", value_parser = clock)]
    pub clock: Option<ClockChoice>,
    /// Say it in JSON
    #[arg(long)]
    pub json: bool,
}

/// What a check finds, reads and ends with.
pub(crate) const FSCK_HELP: &str = "\
Reads everything once and what seems wrong twice, and changes nothing. A line for each finding: a
code, the item's key, what is wrong, and what to do. Keys hold no personal data. On a table in use,
a lead that changes while it is looked at is looked at again.\n
Ends with 0 if nothing is wrong, with 1 if something is, with 2 if it could not look at everything.";

/// Where the time comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockChoice {
    /// The machine.
    System,
    /// Somebody, by HTTP, beginning at this moment.
    Manual(Timestamp),
}

impl ClockChoice {
    /// What was chosen; else the clock that a data folder was kept by: its leads live in that time.
    pub(crate) fn or_of(chosen: Option<Self>, folder: Option<&Path>) -> Self {
        let stood = || house::stood_at(&house::clock_file(folder?));
        chosen.or_else(|| stood().map(Self::Manual)).unwrap_or(Self::System)
    }

    pub(crate) fn open(self) -> Clock {
        match self {
            Self::System => Clock::System,
            Self::Manual(at) => Clock::manual(at),
        }
    }
}

/// What to import, as what.
#[derive(Clone, Debug, Arguments)]
#[command(after_help = IMPORT_HELP)]
pub struct Import {
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
    #[arg(long, value_name = "FIELD=COLUMN", value_parser = mapped)]
    pub map: Vec<Mapped>,
    /// Policy whose source of that name may say which column is which (`columns`); --map goes
    /// before
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    /// What stands between cells, if the guess is wrong: ',' ';' '|' or tab
    #[arg(long, value_name = "CHARACTER", value_parser = delimiter_named)]
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
    #[arg(long, value_name = "ZONE", default_value = "UTC", value_parser = zone)]
    pub time_zone: TimeZone,
    /// What 3/4/2026 means; without it such dates are refused, never guessed
    #[arg(long, value_name = "ORDER")]
    pub date_order: Option<DateOrder>,
}

/// What the options of an import don't say.
pub(crate) const IMPORT_HELP: &str = "\
Columns may come in any order, under the names that badge apps give them: e-mail, first name, last
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

fn clock(text: &str) -> Result<ClockChoice, String> {
    match (text, text.strip_prefix("manual:")) {
        ("system", _) => Ok(ClockChoice::System),
        (_, Some(time)) => time
            .parse()
            .map(ClockChoice::Manual)
            .map_err(|_| "after 'manual:' comes a time such as 2026-03-01T09:00:00Z".to_owned()),
        _ => Err("'system' or 'manual:' and a time such as 2026-03-01T09:00:00Z".to_owned()),
    }
}
