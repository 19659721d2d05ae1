//! Things written down whole: each column of a row by its name, as JSON that says what it says in
//! the graph too. The audit log keeps such records, and what was removed can be put back from them.

use chrono::{DateTime, NaiveDate, NaiveDateTime, SecondsFormat, Utc};
use domain::Id;
use domain::id::{EventId, Kind, WorkspaceId, kind};
use domain::organization::Party;
use sea_orm::{ActiveModelBehavior, EntityTrait, IntoActiveModel};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::column::{AsJson, DbId, Json, Spelled, Spelling};
use crate::entity::agenda::{agenda_item, appearance, release, track};
use crate::entity::ceremony::{appointment_letter, award, award_recipient};
use crate::entity::directory::{membership, organization, person, post};
use crate::entity::event::{event, series};
use crate::entity::follow_up::{action_item, report, resolution};
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
        match value {
            Value::Null => Some(None),
            value => T::read(value).map(Some),
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
    const VERSION: Self::Column;

    fn uuid(row: &Self::Model) -> Uuid;
    fn workspace(row: &Self::Model) -> WorkspaceId;
    /// The event that the row is or belongs to.
    fn event(row: &Self::Model) -> Option<EventId>;
    fn version(row: &Self::Model) -> i32;
    fn set_version(row: &mut Self::Model, version: i32);
    /// Whether it is a part of the agenda as it is read: a change of it is one of the agenda.
    fn is_in_agenda(row: &Self::Model) -> bool;

    fn id(row: &Self::Model) -> Id<Self::Kind> {
        Id::from_uuid(Self::uuid(row))
    }
}

macro_rules! things {
    ($($table:ident $kind:ident |$row:ident| $event:expr, $in_agenda:literal);+ $(;)?) => {$(
        impl Thing for $table::Entity {
            type Kind = kind::$kind;
            const ID: $table::Column = $table::Column::Id;
            const WORKSPACE: $table::Column = $table::Column::WorkspaceId;
            const VERSION: $table::Column = $table::Column::Version;

            fn uuid(row: &$table::Model) -> Uuid {
                row.id.0.uuid()
            }
            fn workspace(row: &$table::Model) -> WorkspaceId {
                row.workspace_id.0
            }
            fn event($row: &$table::Model) -> Option<EventId> {
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
        }
    )+};
}

things! {
    series Series |_row| None, false;
    venue Venue |_row| None, false;
    room Room |_row| None, false;
    organization Organization |_row| None, false;
    person Person |_row| None, false;
    post Post |_row| None, false;
    membership Membership |_row| None, false;
    event Event |row| Some(row.id.0), false;
    event_organization EventOrganization |row| Some(row.event_id.0), false;
    participant Participant |row| Some(row.event_id.0), false;
    participant_group ParticipantGroup |row| Some(row.event_id.0), true;
    track Track |row| Some(row.event_id.0), true;
    agenda_item AgendaItem |row| Some(row.event_id.0), true;
    appearance Appearance |row| Some(row.event_id.0), true;
    release Release |row| Some(row.event_id.0), true;
    award Award |row| Some(row.event_id.0), true;
    award_recipient AwardRecipient |row| Some(row.event_id.0), true;
    appointment_letter AppointmentLetter |row| Some(row.event_id.0), false;
    resolution Resolution |row| Some(row.event_id.0), false;
    action_item ActionItem |row| Some(row.event_id.0), false;
    report Report |row| Some(row.event_id.0), false;
}
