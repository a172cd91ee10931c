//! A lead of theirs was given to somebody else.

use super::AlertParts;
use super::body::MessageBody;
use super::reader::Reader;
use super::short_text::{Sms, name_template};

pub(super) fn parts(reader: &Reader<'_>) -> AlertParts {
    let (called, owner) = (reader.prospect.called(), reader.owner());
    let mut body = MessageBody::default();
    body.say(&format!("Handed over to {owner}: {called}"));
    reader.explain_loss(&mut body);
    body.say("The lead is no longer yours, and its clock no longer runs against you.");
    body.say(&format!("If you have talked to them, please tell {owner} what you know."));
    body.say("What happened, step by step:").link(reader.link);
    reader.background(&mut body, "Why it qualified");
    let short = reader.owner_in_gsm();
    AlertParts {
        subject: name_template(format!("Handed over to {}: ", reader.owner_in_ascii()), ""),
        body,
        sms: Sms {
            wordings: vec![
                name_template("Baton: ", format!(" is now with {short}, no longer with you:")),
                name_template(format!("Now with {short}: "), ""),
            ],
            bare: format!("Handed over to {short}"),
        },
    }
}
