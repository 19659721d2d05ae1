//! The closed sets of words, as enums of the schema. Each is bound to the domain's: a member that
//! is missing here does not compile.

use async_graphql::Enum;

/// An act that needs a right. Named for the act, not for the object.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "domain::access::Permission")]
pub(crate) enum Permission {
    /// See what is published for everybody. Everyone has it.
    PublicRead,
    /// See the workspace's events, published or not, its organizations and its people.
    EventRead,
    /// See who takes part in an event.
    ParticipantRead,
    /// See e-mail addresses and telephone numbers.
    ContactRead,
    /// See appointment letters.
    LetterRead,
    /// See resolutions and action items.
    FollowUpRead,
    /// See and change the draft of an agenda.
    AgendaEdit,
    /// Create an event from a document, or bring it up to date.
    EventImport,
    /// Create and change events, with what surrounds the agenda: roles, awards, reports.
    EventEdit,
    /// Make known and change people, organizations, places and series.
    DirectoryEdit,
    /// Put people on the list of an event, and change what is said of them there.
    ParticipantEdit,
    /// Draft appointment letters.
    LetterEdit,
    /// Issue letters and certificates, and take them back.
    LetterIssue,
    /// Record resolutions and action items, and how far they have come.
    FollowUpEdit,
    /// Publish an event.
    EventPublish,
    /// See who changed what, and when.
    AuditRead,
    /// Create workspaces, accounts and tokens.
    Administer,
}

/// What kind of event it is.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "domain::event::EventKind")]
pub(crate) enum EventKind {
    /// A conference.
    Conference,
    /// A conference at which two sides exchange what they need and offer.
    ExchangeConference,
    /// A forum.
    Forum,
    /// A round table.
    RoundTable,
    /// A visit of leaders to see for themselves, often with talks on the spot.
    ResearchVisit,
    /// A meeting.
    Meeting,
    /// A conference at which something is founded or set going.
    LaunchConference,
    /// A ceremony.
    Ceremony,
    /// A course or a training.
    Training,
    /// Anything else.
    Other,
}

/// How far an event has come.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "domain::event::EventState")]
pub(crate) enum EventStatus {
    /// Being planned; seen by those alone who have a role in the workspace.
    Draft,
    /// Announced.
    Published,
    /// Over.
    Concluded,
    /// Called off.
    Cancelled,
}

/// Who may see an event once it is published.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "domain::event::EventVisibility")]
pub(crate) enum EventVisibility {
    /// Everybody.
    Public,
    /// Those with a role in its workspace.
    Workspace,
}

/// A part of the day, where no clock time is known.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "domain::time::DayPart")]
pub(crate) enum DayPart {
    /// Before noon.
    Morning,
    /// After noon.
    Afternoon,
    /// After the working day.
    Evening,
}

/// How exactly a time is known.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "domain::time::TimePrecision")]
pub(crate) enum TimePrecision {
    /// The day alone.
    Day,
    /// The day, and which part of it.
    DayPart,
    /// Hour and minute.
    Exact,
}

/// The role of an organization in an event.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "domain::event_organization::EventOrganizationRole")]
pub(crate) enum EventOrganizationRole {
    /// Guides it from above (指导).
    Guiding,
    /// Hosts it (主办).
    Host,
    /// Carries it out (承办).
    Organizer,
    /// Helps to carry it out (协办).
    CoOrganizer,
    /// Supports it (支持).
    Supporter,
    /// Reports on it.
    Media,
    /// Attends (参会).
    Attending,
}

/// What an organization is.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "domain::organization::OrganizationKind")]
pub(crate) enum OrganizationKind {
    /// A department, bureau or office of a government or a party.
    Department,
    /// A university or college.
    University,
    /// A school, vocational schools included.
    School,
    /// A company.
    Company,
    /// An association or society.
    Association,
    /// A newspaper, a station, a portal.
    Media,
    /// A committee.
    Committee,
    /// A vocational-education group.
    VocationalEducationGroup,
    /// A consortium.
    Consortium,
    /// An alliance.
    Alliance,
    /// Anything else.
    Other,
}

/// In what capacity a person takes part.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "domain::participant::ParticipantCategory")]
pub(crate) enum ParticipantCategory {
    /// A member of the meeting (出席).
    Regular,
    /// Sits in and may speak, without a vote (列席).
    NonVoting,
    /// Listens (旁听).
    Observer,
    /// A special guest (特邀).
    SpecialGuest,
    /// Works there.
    Staff,
    /// Reports on it.
    Media,
}

/// How far a person's participation has come.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "domain::participant::ParticipantState")]
pub(crate) enum ParticipantStatus {
    /// On the list, not asked yet.
    Listed,
    /// Asked.
    Invited,
    /// May come.
    Tentative,
    /// Comes.
    Confirmed,
    /// Would come, if there were room.
    Waitlisted,
    /// Does not come.
    Declined,
    /// Struck from the list.
    Cancelled,
    /// Was there.
    Attended,
}

/// What a delegate is in a delegation.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "domain::participant::DelegateRole")]
pub(crate) enum DelegateRole {
    /// Leads it.
    Head,
    /// Belongs to it.
    Delegate,
}

/// What cannot all happen as planned.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "domain::agenda::ConflictKind")]
pub(crate) enum AgendaConflictKind {
    /// Two items in one room at one time.
    RoomOverlap,
    /// One person at two places at one time.
    PersonOverlap,
    /// An item before the event begins or after it ends.
    OutsideEvent,
    /// An item before the one that it is part of begins, or after it ends.
    OutsideParent,
    /// More people appear on an item than its room holds, or are expected at it.
    OverCapacity,
    /// Someone appears on an item at a time when they are not there.
    PersonAway,
    /// An item in a room at a time when it cannot be used.
    RoomAway,
    /// Too little time for a person to get from one room to the next.
    ShortChange,
    /// An item begins or ends at a time that no clock shows, since clocks are put forward then.
    SkippedTime,
}

/// What became of an item of the agenda between two versions.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "domain::agenda::ItemChangeKind")]
pub(crate) enum AgendaItemChangeKind {
    /// It is there now, and was not before.
    Added,
    /// It was there before, and is not now.
    Removed,
    /// It is at another time or place.
    Moved,
    /// What is said of it, or who appears on it, is otherwise.
    Changed,
}

/// What of an item of the agenda is otherwise.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "domain::agenda::ItemAspect")]
pub(crate) enum AgendaItemAspect {
    /// When it begins or ends.
    Time,
    /// Its room.
    Room,
    /// The item that it is part of.
    Parent,
    /// Its place among its siblings.
    Order,
    /// What it is called.
    Title,
    /// What stands below the title.
    Subtitle,
    /// What it is about.
    Abstract,
    /// What happens.
    Kind,
    /// The language it is held in.
    Language,
    /// Its strand.
    Track,
    /// Its page, links, or what is handed out.
    Links,
    /// Who appears on it, as what, and on whose behalf.
    People,
    /// What is made public at it.
    Releases,
    /// What is awarded at it.
    Awards,
}

/// What became of a thing.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "domain::audit::AuditAction")]
pub(crate) enum AuditAction {
    /// It was not there before.
    Created,
    /// It is otherwise than it was.
    Updated,
    /// It is there no longer.
    Removed,
}

/// What happens.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "domain::agenda::AgendaItemKind")]
pub(crate) enum AgendaItemKind {
    /// The opening.
    Opening,
    /// A speech (讲话).
    Speech,
    /// A speech of congratulation (致辞).
    CongratulatorySpeech,
    /// A briefing (通报).
    Briefing,
    /// A keynote (主旨报告).
    Keynote,
    /// A talk.
    Talk,
    /// A panel.
    Panel,
    /// A discussion.
    Discussion,
    /// A round table (座谈).
    RoundTable,
    /// An analysis.
    Analysis,
    /// Something is made public (发布).
    Release,
    /// Awards are given (颁奖、授牌).
    AwardCeremony,
    /// People are appointed and receive their letters (聘书).
    AppointmentCeremony,
    /// Something is founded or set going (启动、揭牌).
    Launch,
    /// Something is signed (签约).
    Signing,
    /// A visit on the spot (考察).
    Visit,
    /// A workshop.
    Workshop,
    /// A break.
    Break,
    /// A meal.
    Meal,
    /// Signing in (签到).
    SignIn,
    /// The closing.
    Closing,
    /// Anything else, a day or a block of several items included.
    Other,
}

/// What someone does.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "domain::appearance::AppearanceRole")]
pub(crate) enum AppearanceRole {
    /// Chairs (主持).
    Chair,
    /// Leads a discussion.
    Moderator,
    /// Speaks.
    Speaker,
    /// Gives a keynote.
    KeynoteSpeaker,
    /// Sits on a panel.
    Panelist,
    /// Presents something made public, or hands something over.
    Presenter,
    /// Leads a visit or a delegation.
    Lead,
    /// Receives the guests.
    Host,
    /// Keeps the record.
    Secretary,
    /// Interprets.
    Interpreter,
    /// Is appointed and receives the letter.
    Appointee,
}

/// What is given.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "domain::award::AwardKind")]
pub(crate) enum AwardKind {
    /// An honour: a title given to a person.
    Honour,
    /// A prize, won.
    Prize,
    /// A plaque (授牌): a designation given to an organization.
    Plaque,
}

/// What a letter is worth.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "domain::appointment_letter::LetterState")]
pub(crate) enum LetterStatus {
    /// Being prepared.
    Draft,
    /// Issued, and good.
    Issued,
    /// Taken back.
    Revoked,
    /// Its term is over.
    Expired,
}

/// How far it has come.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "domain::action_item::ActionItemState")]
pub(crate) enum ActionItemStatus {
    /// To be done.
    Open,
    /// Begun.
    InProgress,
    /// Done.
    Done,
    /// Given up.
    Dropped,
}

/// What somebody answers to an invitation.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "domain::invitation::InvitationAnswer")]
pub(crate) enum InvitationAnswer {
    /// They come.
    Accepted,
    /// They may come.
    Tentative,
    /// They do not come.
    Declined,
}

/// By which way an answer came.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "domain::invitation::AnswerChannel")]
pub(crate) enum AnswerChannel {
    /// By the buttons of a calendar application.
    Calendar,
    /// By the participant's own link.
    Link,
    /// An organiser recorded it.
    Organiser,
}

/// Whether an invitation stands.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "domain::invitation::InvitationStatus")]
pub(crate) enum InvitationStatus {
    /// It stands.
    Standing,
    /// It was taken back: they are not expected there any more.
    Withdrawn,
}

/// What somebody is told.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "domain::message::MessageKind")]
pub(crate) enum MessageKind {
    /// They are asked whether they come.
    Invitation,
    /// They have not answered yet.
    Reminder,
    /// Their answer was received, or a place has become free: they come.
    Confirmed,
    /// They are not expected any more.
    Cancelled,
    /// The agenda was published, and what concerns them is otherwise than before.
    AgendaChanged,
    /// The event was called off.
    EventCancelled,
    /// A letter or a certificate was issued to them.
    CredentialIssued,
    /// What their calendar shows is otherwise, without more to say about it.
    CalendarUpdate,
}

/// Whether a message goes out.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "domain::message::MessageState")]
pub(crate) enum MessageState {
    /// It is looked at first, and goes when somebody says so.
    Held,
    /// It goes out.
    Released,
    /// It does not go out.
    Discarded,
}

/// How far a mail has come.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "domain::message::DeliveryState")]
pub(crate) enum DeliveryState {
    /// It waits until its message is released.
    Held,
    /// It waits to be sent.
    Queued,
    /// It is being sent.
    Sending,
    /// It may have arrived: the connection broke when it had been handed over and nothing was heard yet.
    /// It is sent again, the same to the byte, a few times.
    Uncertain,
    /// A mail server took it on.
    Sent,
    /// It was not taken on now, and is tried again.
    Deferred,
    /// It was given up.
    Failed,
    /// It is not sent: there is no address, or the address takes no mail.
    Suppressed,
    /// A newer one says what it would have said, or there is nothing left to say.
    Superseded,
    /// It was sent, and came back.
    Bounced,
    /// Its message was discarded.
    Discarded,
}

/// Why an address takes no mail.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "domain::message::SuppressionReason")]
pub(crate) enum SuppressionReason {
    /// There is no such mailbox.
    Unknown,
    /// It does not take mail for good.
    Bounced,
    /// Whoever reads it wants no more.
    Unsubscribed,
    /// An organiser said so.
    Organiser,
}

/// What kind of problem it is. Clients act on these; the message is for people.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "domain::problem::ProblemCode")]
pub(crate) enum UserErrorCode {
    /// A value is missing, malformed, out of range or contradicts another.
    Invalid,
    /// Something referred to does not exist, or not for the one who asks.
    NotFound,
    /// It was changed by someone else in the meantime.
    StaleVersion,
    /// There is no room for one more.
    CapacityExceeded,
    /// Its present state does not allow this.
    IllegalState,
    /// It contradicts something else that is planned.
    Conflict,
    /// Something of this name or key is there already.
    AlreadyExists,
    /// The idempotency key was used before, with another input.
    IdempotencyKeyReused,
}

/// What a mail is that came in.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "domain::received_mail::ReceivedMailKind")]
pub(crate) enum ReceivedMailKind {
    /// A calendar answers an invitation (iTIP REPLY; RFC 5546, 3.2.3).
    Answer,
    /// A calendar proposes another time (iTIP COUNTER; RFC 5546, 3.2.7).
    Counter,
    /// A calendar says something else, or nothing that can be read.
    Calendar,
    /// A mail of ours was not delivered, or not yet (RFC 3464).
    Bounce,
    /// Somebody called a mail of ours spam (RFC 5965).
    Complaint,
    /// A machine answers for somebody who is away (RFC 3834).
    AutoReply,
    /// A person writes.
    Letter,
    /// No mail that can be read.
    Unreadable,
}

/// What became of a mail that came in.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "domain::received_mail::ReceivedMailOutcome")]
pub(crate) enum ReceivedMailOutcome {
    /// What it says was taken down.
    Applied,
    /// It proposes another time: that is for an organiser to decide.
    Proposed,
    /// Somebody else comes instead, and was invited.
    Delegated,
    /// It answers to what was otherwise by then: nothing follows.
    Outdated,
    /// A later answer came before it: nothing follows.
    Overtaken,
    /// It answers to what was taken back by then: nothing follows.
    Withdrawn,
    /// The rules say against it, such as of who was struck off: nothing follows.
    Refused,
    /// It claims what the address that it came by does not bear out: nothing follows.
    Forged,
    /// It came by no address that says whose it is: nothing follows.
    Unknown,
    /// It says nothing that anything follows from.
    Noted,
}

/// Which way a list runs.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
pub(crate) enum OrderDirection {
    /// From the smallest, the earliest, the first of the alphabet.
    Asc,
    /// From the largest, the latest, the last of the alphabet.
    Desc,
}

impl From<OrderDirection> for persistence::Direction {
    fn from(direction: OrderDirection) -> Self {
        match direction {
            OrderDirection::Asc => Self::Ascending,
            OrderDirection::Desc => Self::Descending,
        }
    }
}

/// What was issued.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "domain::credential::CredentialKind")]
pub(crate) enum CredentialKind {
    /// A letter of appointment (聘书).
    AppointmentLetter,
    /// A certificate of an honour or a prize (荣誉证书).
    AwardCertificate,
    /// The sheet of a plaque (授牌).
    Plaque,
    /// A certificate of attendance (参会证明).
    AttendanceCertificate,
}

/// What a credential is worth.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "domain::credential::CredentialState")]
pub(crate) enum CredentialStatus {
    /// It holds.
    Valid,
    /// Its term is over.
    Expired,
    /// It was taken back.
    Revoked,
    /// Another was issued in its place.
    Superseded,
}

/// The languages that a paper is in.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "domain::credential::PaperLanguages")]
pub(crate) enum PaperLanguages {
    /// Chinese alone.
    Chinese,
    /// English alone.
    English,
    /// Chinese, with English beside or beneath it.
    Bilingual,
}

/// What an office prints.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "domain::credential::PaperKind")]
pub(crate) enum PaperKind {
    /// A letter of appointment (聘书).
    AppointmentLetter,
    /// A certificate of an honour or a prize (荣誉证书).
    AwardCertificate,
    /// The sheet of a plaque (授牌).
    Plaque,
    /// A certificate of attendance (参会证明).
    AttendanceCertificate,
    /// The programme of an event (会议手册).
    AgendaBooklet,
    /// The sheet at the door (签到表).
    SignInSheet,
}
