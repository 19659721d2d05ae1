//! The templates of each office, made ready when they change and not for every mail.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::id::WorkspaceId;
use domain::mail_template::MailTemplate;
use persistence::Outgoing;

use crate::template::{TemplateFault, Templates};

/// Of how many offices templates are at hand.
const OFFICES: usize = 100;

/// The templates that mails are written with.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    ours: Arc<Templates>,
    theirs: Mutex<HashMap<WorkspaceId, OfOffice>>,
}

/// What an office has put in place of ours, as it was read and made ready.
#[derive(Debug)]
struct OfOffice {
    written: Arc<Vec<MailTemplate>>,
    ready: Arc<Templates>,
}

impl Shelf {
    /// The templates of the office that writes a mail.
    pub(super) fn of(&self, outgoing: &Outgoing) -> Arc<Templates> {
        let written = &outgoing.templates;
        if written.is_empty() {
            return Arc::clone(&self.ours);
        }
        let office = outgoing.workspace.id;
        let mut theirs = self.theirs.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = theirs.get(&office)
            && (Arc::ptr_eq(&found.written, written) || found.written == *written)
        {
            return Arc::clone(&found.ready);
        }
        let ready = Arc::new(Templates::from(written.as_slice()));
        if theirs.len() >= OFFICES {
            theirs.clear();
        }
        let new = OfOffice {
            written: Arc::clone(written),
            ready: Arc::clone(&ready),
        };
        theirs.insert(office, new);
        ready
    }
}

/// What an organiser is told of templates of theirs that failed.
pub(super) fn remark(faults: &[TemplateFault]) -> Option<String> {
    if faults.is_empty() {
        return None;
    }
    let said: Vec<_> = faults.iter().map(ToString::to_string).collect();
    Some(format!("the built-in words were used: {}", said.join("; ")))
}
