//! The one store: every read and every use case on events and what belongs to them, on SQLite and
//! PostgreSQL alike. It asks who is asking before it asks the database.

mod access;
mod action_item;
mod agenda;
mod agenda_item;
mod agenda_shift;
mod appearance;
mod appointment_letter;
mod audit;
mod award;
mod badge;
mod bulk;
mod calendar_entry;
mod ceremony;
mod column;
mod constraint;
mod correspondence;
mod credential;
mod delivery;
mod directory;
mod entity;
mod error;
mod event;
mod event_calendar;
mod event_document;
mod event_organization;
mod follow_up;
mod invitation;
mod letterhead;
mod listed;
mod mail_template;
mod merge;
mod message;
mod operation;
mod organization;
mod owned;
mod page;
mod paper_template;
mod participant;
mod participant_group;
mod participant_link;
mod participation;
mod person;
mod place;
mod print;
mod random;
mod received_mail;
mod record;
mod release;
mod report;
mod resolution;
mod search;
mod series;
mod sight;
mod storage;
mod store;
mod suppression;
mod told;
mod track;
mod tx;
mod venue;

pub use access::{AccountCreateRefused, NewToken, TokenRevokeRefused, WorkspaceCreateRefused};
pub use agenda::{
    AgendaEdit, AgendaPublish, Drafted, Edited, HistoryDirection, Notify, Publication,
    PublishedAgenda, Versions,
};
pub use agenda_item::RemovedItem;
pub use appearance::NewAppearance;
pub use appointment_letter::NewLetter;
pub use audit::{AuditFilter, AuditOf, AuditPageOf};
pub use badge::{BadgeFacts, BadgeStatuses};
pub use bulk::{Bulk, Bulky, GoodRows, MOST_ROWS, OnError};
pub use ceremony::LettersOf;
pub use correspondence::{DeliveriesOf, DeliveryFilter, MessageFilter, MessagesOf, SuppressionsOf};
pub use credential::{
    CredentialFilter, CredentialsOf, DocumentsOf, DraftOf, Expected, Issue, IssueWhat, Issued,
    Programme, Proof, ProofSheet, Reissue, SignIn, Typesetter, Unchecked, Verification,
};
pub use delivery::{Claim, IssuedTo, Outgoing, POSTMASTER, Secrets, Settled, Written};
pub use directory::{OrganizationFilter, PersonFilter};
pub use error::{Error, Fault};
pub use event::{EventCopy, EventFilter, EventOrder, EventOrderField, EventPart, NewEvent};
pub use event_calendar::EventCalendar;
pub use event_document::{EventImport, ImportChanges, ImportRefused, ImportStage, Missing};
pub use event_organization::NewEventOrganization;
pub use invitation::{Invited, ParticipantAnswer, ParticipantInvite};
pub use letterhead::letterhead_of;
pub use mail_template::NewMailTemplate;
pub use merge::Merged;
pub use message::Going;
pub use operation::{ANSWERS_ARE_KEPT, Effect, Refused, Retry, Seen};
pub use owned::Of;
pub use page::{Direction, Page, PageError, PageRequest};
pub use paper_template::NewPaperTemplate;
pub use participant::NewParticipant;
pub use participant_link::{LinkKey, LinkKeyRefused, MailSecret};
pub use participation::{ParticipantFilter, ParticipantsOf};
pub use print::{Job, Look, ToPrint, Tried};
pub use random::Random;
pub use received_mail::{
    CalendarReply, CalendarSaying, MailContent, MailToken, NewReceivedMail, ProposedMoment,
    ReceivedMailFilter, ReceivedMailOf, ReceivedMailPageOf, Returned,
};
pub use search::{Searched, searched_words};
pub use storage::{Storage, StorageFault, StoredFile};
pub use store::{Connect, Store};
pub use suppression::{Leaving, NewSuppression};
pub use told::{Told, ToldChange, ToldItem, ToldPart};
