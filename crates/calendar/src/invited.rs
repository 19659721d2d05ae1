//! What stands in the calendar of somebody who was invited, as a calendar is told of it.

use domain::LanguageTag;
use domain::invitation::{Invitation, InvitationStatus, InvitedTime};

use crate::entry::{Entry, Organizer, Status, When};

impl Entry {
    /// The entry of an invitation, the same in mail, feed and download.
    pub fn of_invitation(
        invitation: &Invitation,
        organizer: Organizer,
        language: Option<LanguageTag>,
    ) -> Self {
        let shown = &invitation.entry;
        let when = match &shown.time {
            InvitedTime::Event(time) => When::of_event(time),
            InvitedTime::Item {
                zone,
                starts_at,
                ends_at: Some(ends_at),
            } => When::Span {
                zone: *zone,
                starts_at: *starts_at,
                ends_at: *ends_at,
            },
            InvitedTime::Item {
                zone,
                starts_at,
                ends_at: None,
            } => When::Onset {
                zone: *zone,
                starts_at: *starts_at,
            },
        };
        Self {
            uid: invitation.uid(),
            // It begins at 0 and is only ever raised.
            sequence: u32::try_from(invitation.sequence).unwrap_or_default(),
            created: None,
            last_modified: invitation.changed_at,
            status: match invitation.status {
                InvitationStatus::Standing => Status::Confirmed,
                InvitationStatus::Withdrawn => Status::Cancelled,
            },
            when,
            language,
            summary: shown.title.clone(),
            description: shown.description.clone(),
            location: shown.place.clone(),
            position: None,
            url: shown.url.clone(),
            categories: Vec::new(),
            conference: None,
            organizer,
        }
    }
}
