//! What a request would become, without storing it: for whoever writes a mapping.

use baton_cloud::Notifications;
use baton_engine::Keys;
use baton_http::Request;
use baton_intake::map::{Mapped, map};
use baton_intake::{Scheme, Source};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{body, form, proof, prove};

/// What a request would become.
#[derive(Clone, Debug)]
pub struct Preview {
    /// Whether it proves to be the source's own, or why not; `None` where nothing could be checked.
    pub proof: Option<Result<(), String>>,
    /// Why a machine seems to have sent it.
    pub suspicions: Vec<String>,
    /// What it would become, or why nothing can be made of it.
    pub mapped: Result<Mapped, String>,
}

/// Reads a request as the hook would. Without keys, a signature or a secret is not checked.
pub async fn preview(
    source: &Source,
    keys: Option<&Keys>,
    request: &Request,
    zone: &TimeZone,
    now: Timestamp,
) -> Preview {
    let can_check = match source.verify {
        Scheme::Form(_) => true,
        Scheme::Sns { .. } => false,
        Scheme::Hmac(_) | Scheme::Bearer | Scheme::Header(_) | Scheme::Url => keys.is_some(),
    };
    let proof = match can_check {
        true => {
            let proven = prove(source, keys, &Notifications::default(), request, now).await;
            Some(proven.map(drop).map_err(|unproven| unproven.to_string()))
        }
        false => None,
    };
    let delivery = body::read(request, source).await;
    let suspicions = match (&source.verify, &delivery) {
        (Scheme::Form(public), Ok(delivery)) => form::suspicions(public, &delivery.body, now),
        _ => Vec::new(),
    };
    let mapped = delivery.map(|delivery| map(source, delivery, zone, now));
    Preview { proof, suspicions, mapped: mapped.map_err(|flaw| format!("the body {flaw}")) }
}

impl Preview {
    /// Why people in the request would go to quarantine.
    pub fn reasons(&self) -> Vec<String> {
        match &self.mapped {
            Ok(mapped) => proof::reasons(&mapped.unusable, &[]),
            Err(reason) => vec![reason.clone()],
        }
    }
}
