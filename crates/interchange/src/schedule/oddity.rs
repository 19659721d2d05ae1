//! What is odd about a schedule, and does not keep it from being imported.

use std::collections::BTreeMap;
use std::fmt;

/// The most oddities that are told one by one; beyond them they are counted.
pub const MOST_TOLD: usize = 10_000;

/// Declares the kinds with their codes.
macro_rules! kinds {
    ($( $(#[doc = $text:literal])+ $kind:ident = $code:literal ),+ $(,)?) => {
        /// What kind of oddity.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum OddityKind { $( $(#[doc = $text])+ $kind, )+ }

        impl OddityKind {
            /// Every kind, in the order in which they are told.
            pub const ALL: &'static [Self] = &[$( Self::$kind, )+];

            /// The code, which stays what it is.
            pub fn code(self) -> &'static str {
                match self { $( Self::$kind => $code, )+ }
            }

            /// What it means, in a sentence.
            pub fn meaning(self) -> &'static str {
                match self { $( Self::$kind => concat!($( $text ),+).trim_ascii(), )+ }
            }
        }
    };
}

kinds! {
    /// Two events are in one room at the same time. Both are kept.
    RoomOverlap = "ROOM_OVERLAP",
    /// Somebody is at two events at the same time. Both are kept.
    PersonInTwoPlaces = "PERSON_IN_TWO_PLACES",
    /// An id is used by several events. The later ones are told from the first by when they begin.
    DuplicateId = "DUPLICATE_ID",
    /// An event has neither guid nor id. It goes by its slug or its title.
    IdMissing = "ID_MISSING",
    /// An event has no title. It goes by its kind.
    TitleMissing = "TITLE_MISSING",
    /// An event stands in no room.
    OutsideRoom = "OUTSIDE_ROOM",
    /// An event names another room than the one it stands in. The one it names is taken.
    RoomsDiffer = "ROOMS_DIFFER",
    /// A date or time is missing or cannot be read. It is left out.
    DateUnreadable = "DATE_UNREADABLE",
    /// It is not said how long an event lasts. It has no end.
    DurationMissing = "DURATION_MISSING",
    /// A duration cannot be read. The event has no end.
    DurationUnreadable = "DURATION_UNREADABLE",
    /// Two times contradict each other. The more exact one is taken.
    TimesContradict = "TIMES_CONTRADICT",
    /// The clocks there show this time twice, and the second is meant. The first is kept.
    TimeAmbiguous = "TIME_AMBIGUOUS",
    /// An event begins before its day does, or ends after it. It is kept as it is.
    OutsideDay = "OUTSIDE_DAY",
    /// The days of the conference contradict those of its events. All of them are taken.
    DaysContradict = "DAYS_CONTRADICT",
    /// No time zone is named, or none that is known.
    TimeZoneUnknown = "TIME_ZONE_UNKNOWN",
    /// It is not said which language the texts are in.
    LanguageUnknown = "LANGUAGE_UNKNOWN",
    /// A language is not written as a tag. It is left out.
    NotALanguage = "NOT_A_LANGUAGE",
    /// A person has neither guid nor id. They go by their name.
    PersonWithoutId = "PERSON_WITHOUT_ID",
    /// A person has no name. They are left out.
    PersonWithoutName = "PERSON_WITHOUT_NAME",
    /// A person has several names. The first is theirs, the others are printed where they stand.
    PersonNamesDiffer = "PERSON_NAMES_DIFFER",
    /// A person stands twice at an event. They are taken once.
    PersonTwice = "PERSON_TWICE",
    /// The rooms are in no building that is named. One is made for them.
    VenueUnknown = "VENUE_UNKNOWN",
    /// A type of event is not known. The events are taken for talks.
    TypeUnknown = "TYPE_UNKNOWN",
    /// What a person does is not known. They are taken for a speaker.
    RoleUnknown = "ROLE_UNKNOWN",
    /// An address is none that a browser can open. It is left out.
    UrlUnreadable = "URL_UNREADABLE",
    /// An address is relative or holds blanks. It was mended.
    UrlMended = "URL_MENDED",
    /// A colour or a number of seats cannot be read. It is left out.
    ValueUnreadable = "VALUE_UNREADABLE",
    /// A text is HTML. It is kept as plain text.
    HtmlMadePlain = "HTML_MADE_PLAIN",
    /// A text is longer than Convoke keeps. It was cut.
    TextCut = "TEXT_CUT",
    /// A value has another shape than the format says. It is left out.
    ShapeUnknown = "SHAPE_UNKNOWN",
    /// A part of the format has no place in Convoke. It is left out.
    NotKept = "NOT_KEPT",
    /// A part is none of the format. It is left out.
    PartUnknown = "PART_UNKNOWN",
}

impl fmt::Display for OddityKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Where in a schedule something stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// In the whole.
    #[default]
    Whole,
    /// On a line, from 1: in XML.
    Line(u32),
    /// Under a path: in JSON.
    Path(String),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole => f.write_str("the schedule"),
            Self::Line(line) => write!(f, "line {line}"),
            Self::Path(path) => f.write_str(path),
        }
    }
}

/// One oddity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Oddity {
    /// What kind.
    pub kind: OddityKind,
    /// Where; the first place, if there are several.
    pub place: Place,
    /// The event concerned, by its guid or id.
    pub event: Option<String>,
    /// What a person is told: a lower-case fragment without a period.
    pub message: String,
    /// How often.
    pub times: usize,
}

impl fmt::Display for Oddity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.place)?;
        if let Some(event) = &self.event {
            write!(f, "event {event}: ")?;
        }
        f.write_str(&self.message)?;
        if self.times > 1 {
            write!(f, " ({} times)", self.times)?;
        }
        Ok(())
    }
}

/// All that is odd about a schedule.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Oddities {
    told: Vec<Oddity>,
    counts: BTreeMap<OddityKind, usize>,
    /// Where among those that are told the ones stand that are counted together.
    tallies: BTreeMap<(OddityKind, String), usize>,
}

impl Oddities {
    /// Those that are told one by one, in the order in which they were found.
    pub fn told(&self) -> &[Oddity] {
        &self.told
    }

    /// How many there are of each kind.
    pub fn counts(&self) -> &BTreeMap<OddityKind, usize> {
        &self.counts
    }

    /// How many there are of a kind.
    pub fn count(&self, kind: OddityKind) -> usize {
        self.counts.get(&kind).copied().unwrap_or_default()
    }

    pub(super) fn add(
        &mut self,
        kind: OddityKind,
        place: &Place,
        event: Option<&str>,
        message: impl fmt::Display,
    ) {
        *self.counts.entry(kind).or_default() += 1;
        if self.told.len() < MOST_TOLD {
            self.told.push(Oddity {
                kind,
                place: place.clone(),
                event: event.map(ToOwned::to_owned),
                message: message.to_string(),
                times: 1,
            });
        }
    }

    /// One that is so of many things alike: told once, at the first place, with how often.
    pub(super) fn tally(&mut self, kind: OddityKind, place: &Place, message: impl fmt::Display) {
        let message = message.to_string();
        let told = (kind, message);
        if let Some(index) = self.tallies.get(&told) {
            if let Some(oddity) = self.told.get_mut(*index) {
                oddity.times += 1;
            }
            *self.counts.entry(kind).or_default() += 1;
            return;
        }
        let index = self.told.len();
        self.add(kind, place, None, &told.1);
        // As many as are told, and no more, lest a hostile file fill the memory.
        if index < MOST_TOLD {
            self.tallies.insert(told, index);
        }
    }
}

/// A text from outside in a message: not too much of it.
pub(super) fn quoted(text: &str) -> String {
    let mut short: String = text
        .chars()
        .map(|one| if one.is_control() { ' ' } else { one })
        .take(80)
        .collect();
    if text.chars().nth(80).is_some() {
        short.push('…');
    }
    format!("`{short}`")
}
