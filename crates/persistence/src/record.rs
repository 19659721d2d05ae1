//! Things written down whole: each column of a row by its name, as JSON that says what it says in
//! the graph too. The audit log keeps such records, and what was removed can be put back from them.

use chrono::{DateTime, NaiveDate, NaiveDateTime, SecondsFormat, Utc};
use domain::Id;
use domain::id::{EventId, Kind, WorkspaceId, kind};
use domain::organization::Party;
use sea_orm::sea_query::SimpleExpr;
use sea_orm::{ActiveModelBehavior, ColumnTrait, Condition, EntityTrait, IntoActiveModel};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::column::{AsJson, DbId, Json, Spelled, Spelling};
use crate::entity::agenda::{agenda_item, appearance, release, track};
use crate::entity::ceremony::{appointment_letter, award, award_recipient};
use crate::entity::credential::{credential, letterhead, paper_template};
use crate::entity::directory::{membership, organization, person, post};
use crate::entity::event::{event, series};
use crate::entity::follow_up::{action_item, report, resolution};
use crate::entity::message::{mail_template, message, suppression};
use crate::entity::participation::{event_organization, participant, participant_group};
use crate::entity::place::{room, venue};

/// A row, column by column.
pub(crate) type Record = Map<String, Value>;

/// A list of ids in a record.
pub(crate) fn ids<K: Kind>(list: &[Id<K>]) -> Value {
    list.iter().map(Id::to_string).collect()
}

/// A list of people and organizations in a record.
pub(crate) fn parties(list: &[Party]) -> Value {
    list.iter()
        .map(|party| match party {
            Party::Person(id) => id.to_string(),
            Party::Organization(id) => id.to_string(),
        })
        .collect()
}

/// A row that can be written down and read back.
pub(crate) trait Recorded: Sized {
    fn record(&self) -> Record;
    /// Nothing, where the record is not of such a row.
    fn from_record(record: Record) -> Option<Self>;
}

/// A column's value in a record.
pub(crate) trait Written: Sized {
    fn write(&self) -> Value;
    fn read(value: Value) -> Option<Self>;
}

fn text<T: std::str::FromStr>(value: &Value) -> Option<T> {
    value.as_str()?.parse().ok()
}

impl<K: Kind> Written for DbId<K> {
    fn write(&self) -> Value {
        Value::String(self.0.to_string())
    }
    fn read(value: Value) -> Option<Self> {
        text(&value).map(Self)
    }
}
impl<T: Spelling> Written for Spelled<T> {
    fn write(&self) -> Value {
        Value::String(self.0.to_string())
    }
    fn read(value: Value) -> Option<Self> {
        text(&value).map(Self)
    }
}
impl<T: AsJson> Written for Json<T> {
    fn write(&self) -> Value {
        self.0.to_json()
    }
    fn read(value: Value) -> Option<Self> {
        T::from_json(value).map(Self)
    }
}
impl<T: Written> Written for Option<T> {
    fn write(&self) -> Value {
        self.as_ref().map_or(Value::Null, Written::write)
    }
    fn read(value: Value) -> Option<Self> {
        if value.is_null() {
            Some(None)
        } else {
            T::read(value).map(Some)
        }
    }
}
impl Written for String {
    fn write(&self) -> Value {
        Value::String(self.clone())
    }
    fn read(value: Value) -> Option<Self> {
        text(&value)
    }
}
impl Written for i32 {
    fn write(&self) -> Value {
        Value::from(*self)
    }
    fn read(value: Value) -> Option<Self> {
        value.as_i64()?.try_into().ok()
    }
}
impl Written for NaiveDate {
    fn write(&self) -> Value {
        Value::String(self.to_string())
    }
    fn read(value: Value) -> Option<Self> {
        text(&value)
    }
}
impl Written for NaiveDateTime {
    fn write(&self) -> Value {
        Value::String(self.format("%Y-%m-%dT%H:%M:%S%.f").to_string())
    }
    fn read(value: Value) -> Option<Self> {
        text(&value)
    }
}
impl Written for DateTime<Utc> {
    fn write(&self) -> Value {
        Value::String(self.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
    fn read(value: Value) -> Option<Self> {
        text(&value)
    }
}

/// What only one row may be, or be called.
pub(crate) struct Claim {
    /// What it is: `external id`.
    pub(crate) what: &'static str,
    /// Where in an input it is said.
    pub(crate) member: &'static str,
    /// The columns that say it.
    pub(crate) columns: &'static [&'static str],
    /// The rows that are, or are called, so.
    pub(crate) by: Condition,
}

impl Claim {
    /// What a row says in the columns of this claim: two rows that say the same claim the same.
    pub(crate) fn said_by(&self, record: &Record) -> String {
        let said: Vec<_> = self
            .columns
            .iter()
            .map(|column| record.get(*column))
            .collect();
        format!("{} {said:?}", self.what)
    }
}

/// A table of things that people make, change and remove. Every such row has an id, a version and a
/// workspace.
pub(crate) trait Thing:
    EntityTrait<
        Model: Recorded + IntoActiveModel<Self::ActiveModel> + PartialEq + Clone + Send + Sync,
        ActiveModel: ActiveModelBehavior + Send,
    >
{
    type Kind: Kind;
    const ID: Self::Column;
    const WORKSPACE: Self::Column;

    fn uuid(row: &Self::Model) -> Uuid;
    fn workspace(row: &Self::Model) -> WorkspaceId;
    /// The event that the row is or belongs to.
    fn event(row: &Self::Model) -> Option<EventId>;
    fn version(row: &Self::Model) -> i32;
    fn set_version(row: &mut Self::Model, version: i32);
    /// Whether it is a part of the agenda as it is read: a change of it is one of the agenda.
    fn is_in_agenda(row: &Self::Model) -> bool;

    /// What no other row may be, or be called, besides this one.
    fn claims(row: &Self::Model) -> Vec<Claim>;

    fn id(row: &Self::Model) -> Id<Self::Kind> {
        Id::from_uuid(Self::uuid(row))
    }
}

macro_rules! things {
    ($($table:ident $kind:ident |$row:ident| $event:expr, $in_agenda:literal, $claims:expr);+ $(;)?) => {$(
        impl Thing for $table::Entity {
            type Kind = kind::$kind;
            const ID: $table::Column = $table::Column::Id;
            const WORKSPACE: $table::Column = $table::Column::WorkspaceId;

            fn uuid(row: &$table::Model) -> Uuid {
                row.id.0.uuid()
            }
            fn workspace(row: &$table::Model) -> WorkspaceId {
                row.workspace_id.0
            }
            fn event($row: &$table::Model) -> Option<EventId> {
                let _ = $row;
                $event
            }
            fn version(row: &$table::Model) -> i32 {
                row.version
            }
            fn set_version(row: &mut $table::Model, version: i32) {
                row.version = version;
            }
            fn is_in_agenda(_row: &$table::Model) -> bool {
                $in_agenda
            }
            fn claims($row: &$table::Model) -> Vec<Claim> {
                let _ = $row;
                $claims
            }
        }
    )+};
}

/// A name of the caller's own, unique in a list.
macro_rules! keyed {
    ($table:ident, $row:ident, $list:ident $of:ident) => {
        $row.external_id
            .iter()
            .map(|key| Claim {
                what: "external id",
                member: "externalId",
                columns: &[stringify!($of), "external_id"],
                by: Condition::all()
                    .add($table::Column::$list.eq($row.$of))
                    .add($table::Column::ExternalId.eq(key.0.as_str())),
            })
            .collect()
    };
}

/// What things of one kind are told apart by, besides their ids.
macro_rules! told_apart {
    ($table:ident, $row:ident, $what:literal at $member:literal by $($column:ident $of:ident),+) => {
        vec![Claim {
            what: $what,
            member: $member,
            columns: &[$(stringify!($of)),+],
            by: Condition::all()$(.add(same($table::Column::$column, $row.$of.clone())))+,
        }]
    };
}

/// Whether a column has a value, or has none either.
fn same<V: Into<sea_orm::Value>>(column: impl ColumnTrait, value: V) -> SimpleExpr {
    let value = value.into();
    if value == value.as_null() {
        column.is_null()
    } else {
        column.eq(value)
    }
}

things! {
    series Series |row| None, false, keyed!(series, row, WorkspaceId workspace_id);
    venue Venue |row| None, false, keyed!(venue, row, WorkspaceId workspace_id);
    room Room |row| None, false, keyed!(room, row, VenueId venue_id);
    organization Organization |row| None, false,
        keyed!(organization, row, WorkspaceId workspace_id);
    person Person |row| None, false, keyed!(person, row, WorkspaceId workspace_id);
    post Post |row| None, false, told_apart!(post, row, "title, organization and beginning" at "title" by
        PersonId person_id, Title title, OrganizationId organization_id, Since since);
    membership Membership |row| None, false, told_apart!(membership, row,
        "member, post and beginning" at "post" by OrganizationId organization_id,
        MemberPersonId member_person_id, MemberOrganizationId member_organization_id,
        Post post, Since since);
    event Event |row| Some(row.id.0), false, told_apart!(event, row, "slug" at "slug" by
        WorkspaceId workspace_id, Slug slug);
    event_organization EventOrganization |row| Some(row.event_id.0), false, told_apart!(
        event_organization, row, "organization and role" at "role" by
        EventId event_id, OrganizationId organization_id, Role role);
    participant Participant |row| Some(row.event_id.0), false, told_apart!(participant, row,
        "person" at "personId" by EventId event_id, PersonId person_id);
    participant_group ParticipantGroup |row| Some(row.event_id.0), true,
        keyed!(participant_group, row, EventId event_id);
    track Track |row| Some(row.event_id.0), true, keyed!(track, row, EventId event_id);
    agenda_item AgendaItem |row| Some(row.event_id.0), true,
        keyed!(agenda_item, row, EventId event_id);
    appearance Appearance |row| Some(row.event_id.0), true, told_apart!(appearance, row,
        "item, role and name" at "role" by EventId event_id, ItemId item_id, Role role,
        PersonId person_id, OrganizationId organization_id, GroupId group_id);
    release Release |row| Some(row.event_id.0), true, keyed!(release, row, EventId event_id);
    award Award |row| Some(row.event_id.0), true, keyed!(award, row, EventId event_id);
    award_recipient AwardRecipient |row| Some(row.event_id.0), true, told_apart!(
        award_recipient, row, "award and recipient" at "recipient" by AwardId award_id,
        PersonId person_id, OrganizationId organization_id);
    appointment_letter AppointmentLetter |row| Some(row.event_id.0), false,
        keyed!(appointment_letter, row, EventId event_id);
    resolution Resolution |row| Some(row.event_id.0), false,
        keyed!(resolution, row, EventId event_id);
    action_item ActionItem |row| Some(row.event_id.0), false,
        keyed!(action_item, row, EventId event_id);
    report Report |row| Some(row.event_id.0), false, keyed!(report, row, EventId event_id);
    message Message |row| Some(row.event_id.0), false, Vec::new();
    suppression Suppression |row| None, false, told_apart!(suppression, row, "address" at "address" by
        WorkspaceId workspace_id, Address address);
    credential Credential |row| Some(row.event_id.0), false, told_apart!(credential, row, "number" at
        "number" by WorkspaceId workspace_id, Number number);
    letterhead Letterhead |row| None, false, Vec::new();
    paper_template PaperTemplate |row| None, false, told_apart!(paper_template, row, "kind" at "kind"
        by WorkspaceId workspace_id, Kind kind);
    mail_template MailTemplate |row| None, false, told_apart!(mail_template, row, "name" at "name" by
        WorkspaceId workspace_id, Name name);
}
