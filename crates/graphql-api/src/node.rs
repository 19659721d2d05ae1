//! Finding anything by its id.

use async_graphql::{Context, ID, Interface, Result};
use domain::Id;
use domain::id::{Kind, kind, split};

use crate::action_item::ActionItem;
use crate::agenda::{AgendaItem, AgendaVersion, Track};
use crate::appearance::Appearance;
use crate::appointment_letter::AppointmentLetter;
use crate::audit::AuditEntry;
use crate::award::{Award, AwardRecipient};
use crate::credential::{Credential, Job};
use crate::delivery::Delivery;
use crate::event::{Event, Series};
use crate::event_organization::EventOrganization;
use crate::failure::bad_input;
use crate::invitation::Invitation;
use crate::letterhead::Letterhead;
use crate::load::{AgendaOf, EventOfItem};
use crate::mail_template::MailTemplate;
use crate::message::Message;
use crate::organization::{Membership, Organization};
use crate::paper_template::PaperTemplate;
use crate::participant::{Participant, ParticipantGroup};
use crate::person::{Person, Post};
use crate::received_mail::ReceivedMail;
use crate::release::Release;
use crate::report::Report;
use crate::request::{Session, session};
use crate::resolution::Resolution;
use crate::suppression::Suppression;
use crate::venue::{Room, Venue};
use crate::workspace::{Account, Workspace};

/// Anything that has an id of its own.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Its id, opaque and for ever."))]
pub(crate) enum Node {
    Account(Account),
    ActionItem(ActionItem),
    AgendaItem(AgendaItem),
    AgendaVersion(AgendaVersion),
    Appearance(Appearance),
    AppointmentLetter(AppointmentLetter),
    AuditEntry(AuditEntry),
    Award(Award),
    AwardRecipient(AwardRecipient),
    Credential(Credential),
    Delivery(Delivery),
    Event(Event),
    EventOrganization(EventOrganization),
    Invitation(Invitation),
    Job(Job),
    Letterhead(Letterhead),
    MailTemplate(MailTemplate),
    Membership(Membership),
    Message(Message),
    Organization(Organization),
    PaperTemplate(PaperTemplate),
    Participant(Participant),
    ParticipantGroup(ParticipantGroup),
    Person(Person),
    Post(Post),
    ReceivedMail(ReceivedMail),
    Release(Release),
    Report(Report),
    Resolution(Resolution),
    Room(Room),
    Series(Series),
    Suppression(Suppression),
    Track(Track),
    Venue(Venue),
    Workspace(Workspace),
}

/// What an id names, as far as the reader may see it.
pub(crate) async fn node(ctx: &Context<'_>, id: &str) -> Result<Option<Node>> {
    let (prefix, uuid) = split(id).map_err(|refused| bad_input(refused.to_string()))?;
    let session = session(ctx)?;
    macro_rules! by_kind {
        ($($kind:ident => $node:expr),+ $(,)?) => {
            match prefix {
                $(kind::$kind::PREFIX => {
                    let found = session.one(Id::<kind::$kind>::from_uuid(uuid)).await?;
                    Ok(found.map(|found| Node::from($node(found))))
                })+
                kind::AgendaItem::PREFIX => agenda_item(session, Id::from_uuid(uuid)).await,
                kind::Report::PREFIX => report(session, Id::from_uuid(uuid)).await,
                _ => Err(bad_input(format!("`{prefix}_` begins no id of ours"))),
            }
        };
    }
    by_kind! {
        Account => Account,
        ActionItem => ActionItem,
        AgendaVersion => AgendaVersion,
        Appearance => Appearance::Loose,
        AppointmentLetter => AppointmentLetter,
        AuditEntry => AuditEntry,
        Award => Award::Loose,
        AwardRecipient => AwardRecipient::Loose,
        Credential => Credential,
        Delivery => Delivery,
        Event => Event,
        EventOrganization => EventOrganization,
        Invitation => Invitation,
        Job => Job,
        Letterhead => Letterhead,
        MailTemplate => MailTemplate,
        Membership => Membership,
        Message => Message,
        Organization => Organization,
        PaperTemplate => PaperTemplate,
        Participant => Participant,
        ParticipantGroup => ParticipantGroup::Loose,
        Person => Person,
        Post => Post,
        ReceivedMail => ReceivedMail,
        Release => Release,
        Resolution => Resolution,
        Room => Room,
        Series => Series,
        Suppression => Suppression,
        Track => Track,
        Venue => Venue,
        Workspace => Workspace,
    }
}

/// An item is a part of its agenda, and seen by whoever sees that.
async fn agenda_item(session: &Session, id: domain::id::AgendaItemId) -> Result<Option<Node>> {
    let Some(event) = session.one(EventOfItem(id)).await? else {
        return Ok(None);
    };
    let agenda = session.one(AgendaOf(event)).await?;
    Ok(agenda
        .and_then(|agenda| AgendaItem::of(&agenda, id))
        .map(Node::from))
}

/// A report's time goes by the zone of its event.
async fn report(session: &Session, id: domain::id::ReportId) -> Result<Option<Node>> {
    let Some(report) = session.one(id).await? else {
        return Ok(None);
    };
    let event = session.one(report.event_id).await?;
    Ok(event.map(|event| {
        Node::from(Report {
            report,
            zone: event.time.zone,
        })
    }))
}
