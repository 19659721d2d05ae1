//! Importing the schedule of a conference.

use async_graphql::{Context, Enum, InputObject, Object, Result, SimpleObject};
use domain::Problem;
use domain::id::kind;
use interchange::schedule::{self, Choices, Oddities};
use persistence::{Effect, Error, EventImport, ImportRefused, Missing};

use crate::event::Event;
use crate::event_import::{EventImportChanges, read_aside};
use crate::failure::denied;
use crate::id::GlobalId;
use crate::list::List;
use crate::request::session;
use crate::requires::requires;
use crate::scalar::LanguageTag;
use crate::user_error::{UserError, user_errors};
use crate::word::Permission;

/// How a schedule is written.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
pub(crate) enum ScheduleFormat {
    /// The XML of pentabarf, frab and pretalx (`schedule.xml`).
    ScheduleXml,
    /// The JSON of the c3voc (`schedule.json`), of version 1 or 2.
    ScheduleJson,
}

impl From<ScheduleFormat> for schedule::Format {
    fn from(format: ScheduleFormat) -> Self {
        match format {
            ScheduleFormat::ScheduleXml => Self::Xml,
            ScheduleFormat::ScheduleJson => Self::Json,
        }
    }
}

/// What is odd about a schedule.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "schedule::OddityKind")]
pub(crate) enum ScheduleOddityCode {
    /// Two events are in one room at the same time. Both are kept.
    RoomOverlap,
    /// Somebody is at two events at the same time. Both are kept.
    PersonInTwoPlaces,
    /// An id is used by several events. The later ones are told from the first by when they begin.
    DuplicateId,
    /// An event has neither guid nor id. It goes by its slug or its title.
    IdMissing,
    /// An event has no title. It goes by its kind.
    TitleMissing,
    /// An event stands in no room.
    OutsideRoom,
    /// An event names another room than the one it stands in. The one it names is taken.
    RoomsDiffer,
    /// A date or time is missing or cannot be read. It is left out.
    DateUnreadable,
    /// It is not said how long an event lasts. It has no end.
    DurationMissing,
    /// A duration cannot be read. The event has no end.
    DurationUnreadable,
    /// Two times contradict each other. The more exact one is taken.
    TimesContradict,
    /// The clocks there show this time twice, and the second is meant. The first is kept.
    TimeAmbiguous,
    /// An event begins before its day does, or ends after it. It is kept as it is.
    OutsideDay,
    /// The days of the conference contradict those of its events. All of them are taken.
    DaysContradict,
    /// No time zone is named, or none that is known.
    TimeZoneUnknown,
    /// It is not said which language the texts are in.
    LanguageUnknown,
    /// A language is not written as a tag. It is left out.
    NotALanguage,
    /// A person has neither guid nor id. They go by their name.
    PersonWithoutId,
    /// A person has no name. They are left out.
    PersonWithoutName,
    /// A person has several names. The first is theirs, the others are printed where they stand.
    PersonNamesDiffer,
    /// A person stands twice at an event. They are taken once.
    PersonTwice,
    /// The rooms are in no building that is named. One is made for them.
    VenueUnknown,
    /// A type of event is not known. The events are taken for talks.
    TypeUnknown,
    /// What a person does is not known. They are taken for a speaker.
    RoleUnknown,
    /// An address is none that a browser can open. It is left out.
    UrlUnreadable,
    /// An address is relative or holds blanks. It was mended.
    UrlMended,
    /// A colour or a number of seats cannot be read. It is left out.
    ValueUnreadable,
    /// A text is HTML. It is kept as plain text.
    HtmlMadePlain,
    /// A text is longer than Convoke keeps. It was cut.
    TextCut,
    /// A value has another shape than the format says. It is left out.
    ShapeUnknown,
    /// A part of the format has no place in Convoke. It is left out.
    NotKept,
    /// A part is none of the format. It is left out.
    PartUnknown,
}

/// A schedule, and what to do with it.
#[derive(InputObject)]
pub(crate) struct ScheduleImportInput {
    /// The workspace in which the event is created or brought up to date.
    workspace_id: GlobalId<kind::Workspace>,
    /// How the schedule is written.
    format: ScheduleFormat,
    /// The schedule. Together with the rest of the request it has at most 4 MiB.
    document: String,
    /// The event's slug, by which it is found when the schedule is sent again; made of the acronym
    /// or the title where it is not given.
    slug: Option<String>,
    /// The name of the time zone whose clocks the conference goes by, such as `Europe/Berlin`; the
    /// one that the schedule names where it is not given.
    time_zone: Option<String>,
    /// The language of all texts that do not say theirs; the one that the schedule names, or in
    /// which most is held, where it is not given.
    language: Option<LanguageTag>,
    /// Whether it is only tried: the answer says what would happen, and nothing does.
    #[graphql(default = false)]
    dry_run: bool,
    /// Whether what belongs to the event and is not in the schedule is removed. Otherwise what the
    /// schedule no longer holds stays as it is.
    #[graphql(default = false)]
    remove_missing: bool,
}

/// What became of a schedule.
#[derive(SimpleObject)]
pub(crate) struct ScheduleImportPayload {
    /// The event as it is now; null after a dry run that would have created it, and if there were
    /// problems.
    event: Option<Event>,
    /// What was changed, or would have been; null if there were problems.
    changes: Option<EventImportChanges>,
    /// What was odd about the schedule, in the order in which it was found; at most 1,000, and
    /// `oddityCounts` has them all. Empty if it could not be read at all.
    oddities: List<ScheduleOddity>,
    /// How many oddities there were, by their codes.
    oddity_counts: List<ScheduleOddityCount>,
    /// Every problem that kept the schedule from being imported.
    user_errors: List<UserError>,
}

/// Something odd about a schedule, which was imported nevertheless.
#[derive(SimpleObject)]
pub(crate) struct ScheduleOddity {
    /// What kind of oddity.
    code: ScheduleOddityCode,
    /// What is odd: a lower-case fragment without a period.
    message: String,
    /// Where, such as `line 17` or `schedule.conference.days[0]`; the first place of several.
    place: String,
    /// What the schedule calls the event concerned: its guid, id, slug or title; null if it is of
    /// no single event.
    event: Option<String>,
    /// How often it is so.
    times: i32,
}

/// How many oddities of a kind there are.
#[derive(SimpleObject)]
pub(crate) struct ScheduleOddityCount {
    /// What kind.
    code: ScheduleOddityCode,
    /// How many.
    count: i32,
}

/// The most oddities that are told one by one.
const MOST_ODDITIES: usize = 1_000;

fn number(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

fn told(oddities: &Oddities) -> List<ScheduleOddity> {
    let told = oddities.told().iter().take(MOST_ODDITIES);
    told.map(|one| ScheduleOddity {
        code: one.kind.into(),
        message: one.message.clone(),
        place: one.place.to_string(),
        event: one.event.clone(),
        times: number(one.times),
    })
    .collect()
}

fn counted(oddities: &Oddities) -> List<ScheduleOddityCount> {
    let counts = oddities.counts().iter();
    counts
        .map(|(kind, count)| ScheduleOddityCount {
            code: (*kind).into(),
            count: number(*count),
        })
        .collect()
}

/// Importing the schedules that conferences publish.
#[derive(Debug, Default)]
pub(crate) struct ScheduleMutation;

#[Object]
impl ScheduleMutation {
    /// The schedule that a conference publishes, as an event with its agenda: created or brought up
    /// to date, all or nothing. Reading is liberal: what is odd is told, and keeps nothing from
    /// being imported. Sent again it updates in place, and ids stay. The whole request has at most
    /// 4 MiB; `convoke import` takes larger files. Needs the permission `EVENT_IMPORT`.
    #[graphql(directive = requires::apply(Permission::EventImport))]
    async fn schedule_import(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The schedule, and what to do with it.")] input: ScheduleImportInput,
    ) -> Result<ScheduleImportPayload> {
        schedule_import(ctx, input).await
    }
}

/// Imports a schedule.
async fn schedule_import(
    ctx: &Context<'_>,
    input: ScheduleImportInput,
) -> Result<ScheduleImportPayload> {
    let session = session(ctx)?;
    let workspace = input.workspace_id.0;
    let permission = domain::access::Permission::EventImport;
    // Before the schedule is read: what is wrong with it is nobody's business who may not send it.
    session.actor.may(permission, workspace).map_err(denied)?;
    let refused = |problems: Vec<Problem>, oddities: &Oddities| ScheduleImportPayload {
        event: None,
        changes: None,
        oddities: told(oddities),
        oddity_counts: counted(oddities),
        user_errors: placed(problems),
    };
    let choices = match choices(&input) {
        Ok(choices) => choices,
        Err(problems) => return Ok(refused(problems, &Oddities::default())),
    };
    let (document, format) = (input.document, input.format.into());
    let read = read_aside(move || schedule::import(&document, format, &choices));
    let lowered = match read.await? {
        Ok(lowered) => lowered,
        Err(problems) => return Ok(refused(problems, &Oddities::default())),
    };
    let import = EventImport {
        workspace,
        document: lowered.document,
        missing: if input.remove_missing {
            Missing::Remove
        } else {
            Missing::Keep
        },
        effect: if input.dry_run {
            Effect::Rehearse
        } else {
            Effect::Apply
        },
    };
    match session.store.import_event(&session.actor, import).await {
        Ok((event, changes)) => {
            session.forget();
            // After a rehearsal, what is there is what was there before.
            let event = if input.dry_run {
                session.one(event.id).await?
            } else {
                Some(event.into())
            };
            Ok(ScheduleImportPayload {
                event: event.map(Event),
                changes: Some(changes.into()),
                oddities: told(&lowered.oddities),
                oddity_counts: counted(&lowered.oddities),
                user_errors: List::default(),
            })
        }
        Err(Error::Refused(ImportRefused(problems))) => Ok(refused(problems, &lowered.oddities)),
        Err(Error::Denied(reason)) => Err(denied(reason)),
        Err(Error::Fault(error)) => Err(error.into()),
    }
}

/// The choices of the input, or what is wrong with them.
fn choices(input: &ScheduleImportInput) -> Result<Choices, Vec<Problem>> {
    let mut problems = Vec::new();
    let at = |member: &str| domain::problem::Path::root().at(member);
    let slug = input.slug.as_deref().map(str::parse).transpose();
    let slug = slug.unwrap_or_else(|error: domain::text::TextError| {
        problems.push(Problem::invalid(&at("slug"), error));
        None
    });
    let time_zone = input.time_zone.as_deref().map(str::parse).transpose();
    let time_zone = time_zone.unwrap_or_else(|error: domain::time::UnknownTimeZone| {
        problems.push(Problem::invalid(&at("timeZone"), error));
        None
    });
    if problems.is_empty() {
        Ok(Choices {
            slug,
            time_zone,
            language: input.language.as_ref().map(|tag| tag.0.clone()),
        })
    } else {
        Err(problems)
    }
}

/// Problems of the members of the input stand there, all others in the document.
fn placed(problems: Vec<Problem>) -> List<UserError> {
    let of_member = |problem: &Problem| matches!(problem.path.as_slice(), [one] if one == "slug" || one == "timeZone");
    let (of_members, of_document): (Vec<_>, Vec<_>) = problems.into_iter().partition(of_member);
    let mut errors = user_errors(of_members, &["input"]);
    errors.extend(user_errors(of_document, &["input", "document"]));
    errors
}
