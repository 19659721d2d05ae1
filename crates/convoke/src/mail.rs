//! Sending mail, as the settings say.

use std::path::Path;

use chrono::TimeDelta;
use domain::Site;
use notifier::dispatch::{DispatchSettings, Dispatcher};
use notifier::dkim::Dkim;
use notifier::pace::Limit;
use notifier::transport::{Transport, TransportSettings};
use notifier::writer::Writer;
use persistence::Store;

use crate::cli::MailArguments;
use crate::failure::Failure;

/// Who sends mails, if the settings say by which way.
pub(crate) fn dispatcher(
    store: &Store,
    arguments: &MailArguments,
    site: &Site,
) -> Result<Option<Dispatcher>, Failure> {
    let Some(transport) = &arguments.mail else {
        return Ok(None);
    };
    let from = arguments
        .mail_from
        .clone()
        .ok_or_else(|| Failure::Setting {
            setting: "--mail-from (CONVOKE_MAIL_FROM)",
            reason: "with --mail, it must be said which address mails come from".to_owned(),
        })?;
    let dkim = match &arguments.dkim_key {
        Some(file) => Some(dkim(file, from.domain(), &arguments.dkim_selector)?),
        None => None,
    };
    let replies = match &arguments.mail_replies {
        // As an address of it says it.
        Some(domain) => {
            let address = notifier::Address::new("rsvp", domain);
            let address = address.map_err(|reason| Failure::Setting {
                setting: "--mail-replies (CONVOKE_MAIL_REPLIES)",
                reason: reason.to_string(),
            })?;
            Some(address.domain().to_owned())
        }
        None => None,
    };
    let at_once = match transport {
        TransportSettings::Smtp(settings) => settings.limits.connections,
        TransportSettings::File(_) => 4,
    };
    let transport = Transport::new(transport.clone()).map_err(|reason| Failure::Setting {
        setting: "--mail (CONVOKE_MAIL)",
        reason: reason.to_string(),
    })?;
    let writer = Writer {
        from,
        replies,
        site: site.clone(),
        dkim,
    };
    let settings = DispatchSettings {
        // Who waits for a connection is at hand when it is free.
        at_once: at_once * 2,
        lease: TimeDelta::seconds(i64::from(arguments.mail_lease)),
        pace: Limit {
            at_once: arguments.mail_at_once,
            per_minute: arguments.mail_per_minute,
            burst: Limit::default().burst,
        },
        ..DispatchSettings::default()
    };
    Ok(Some(Dispatcher::new(
        store.clone(),
        writer,
        transport,
        settings,
    )))
}

fn dkim(file: &Path, domain: &str, selector: &str) -> Result<Dkim, Failure> {
    let pem = std::fs::read_to_string(file).map_err(Failure::io(format!(
        "cannot read {} (--dkim-key, CONVOKE_DKIM_KEY)",
        file.display()
    )))?;
    Dkim::from_pem(domain, selector, &pem).map_err(|reason| Failure::Setting {
        setting: "--dkim-key (CONVOKE_DKIM_KEY)",
        reason: reason.to_string(),
    })
}
