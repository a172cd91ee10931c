//! `baton source secret`: a secret, and where it goes.

use std::io::Write;

use baton_documents::preset::{self, PRESETS};

use super::SecretArgs;
use crate::exit::CliResult;
use crate::secrets_file;

#[derive(Debug, thiserror::Error)]
#[error("there is no preset {name}; there are {known}")]
struct UnknownPreset {
    name: String,
    known: String,
}

pub(super) fn run(args: &SecretArgs, out: &mut impl Write) -> CliResult {
    let preset = match &args.preset {
        Some(name) => Some(preset::named(name).ok_or_else(|| unknown_preset(name))?),
        None => preset::named(args.name.as_str()),
    };
    let name = &args.name;
    writeln!(out, "Into the secrets (a secret that is there already becomes `previous`):\n")?;
    writeln!(
        out,
        "[sources.{name}]\ncurrent = \"{}\"\n",
        secrets_file::fresh_secret(preset.map(|preset| preset.name))
    )?;
    writeln!(out, "The URL is https://YOUR-BATON/webhooks/{name}")?;
    match preset {
        Some(preset) => writeln!(out, "{}", preset.paste)?,
        None => writeln!(
            out,
            "Give the tool both. If it is one Baton knows, --preset NAME says where:\n{}",
            known()
        )?,
    }
    Ok(())
}

fn unknown_preset(name: &str) -> UnknownPreset {
    UnknownPreset { name: name.to_owned(), known: known() }
}

fn known() -> String {
    let names: Vec<&str> = PRESETS.iter().map(|preset| preset.name).collect();
    names.join(", ")
}
