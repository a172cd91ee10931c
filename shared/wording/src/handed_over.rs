//! A lead of theirs was given to somebody else.

use super::Draft;
use super::brief::{Sms, around};
use super::letter::Letter;
use super::reader::Reader;

pub(super) fn draft(reader: &Reader<'_>) -> Draft {
    let (called, owner) = (reader.prospect.called(), reader.owner());
    let mut letter = Letter::default();
    letter.say(&format!("Handed over to {owner}: {called}"));
    reader.explain_loss(&mut letter);
    letter.say("The lead is no longer yours, and its clock no longer runs against you.");
    letter.say(&format!("If you have talked to them, please tell {owner} what you know."));
    letter.say("What happened, step by step:").link(reader.link);
    reader.background(&mut letter, "Why it qualified");
    let short = reader.owner_in_gsm();
    Draft {
        subject: around(format!("Handed over to {}: ", reader.owner_in_ascii()), ""),
        letter,
        sms: Sms {
            wordings: vec![
                around("Baton: ", format!(" is now with {short}, no longer with you:")),
                around(format!("Now with {short}: "), ""),
            ],
            bare: format!("Handed over to {short}"),
        },
    }
}
