//! What nobody issues and everybody has in their hands: the programme of an event, and the sheet at the door.

use std::collections::{BTreeMap, HashSet};

use chrono::NaiveDate;
use documents::{
    AgendaBooklet, AgendaDay, AgendaEntry, Appearance, Document, Paper, SignInRow, SignInSheet,
    Template,
};
use domain::agenda::{Agenda, AgendaItem};
use domain::appearance::Appearing;
use domain::credential::PaperKind;
use domain::event_organization::EventOrganizationRole;
use domain::id::AgendaItemId;
use domain::person::Person;
use domain::{LanguageTag, LocalizedText};
use persistence::{Expected, Look, Programme, SignIn};
use words::Language;

use crate::compose::{languages, picture};

/// So many empty lines follow on a sheet, for those who come unannounced.
const EMPTY: u16 = 8;

/// The programme of an event.
pub(crate) fn booklet(of: &Programme, look: &Look) -> Document {
    let agenda = of.agenda.as_ref();
    let event = agenda.event();
    let mut days: BTreeMap<NaiveDate, Vec<AgendaEntry>> = BTreeMap::new();
    let mut day = event.time.starts_on;
    for item in agenda
        .items()
        .iter()
        .filter(|item| item.parent_id.is_none())
    {
        // What has no time happens after what stands before it.
        day = agenda
            .takes_place(item)
            .starts_at
            .map_or(day, |at| at.date());
        days.entry(day).or_default().push(entry(agenda, item));
    }
    let mut organizers: Vec<(EventOrganizationRole, Vec<LocalizedText>)> = Vec::new();
    for (role, name) in &of.organizers {
        match organizers.iter_mut().find(|(of, _)| of == role) {
            Some((_, names)) => names.push(name.clone()),
            None => organizers.push((*role, vec![name.clone()])),
        }
    }
    let plain = |text: &String| LocalizedText::single(event.title.main_language().clone(), text);
    let noon = event.time.starts_on.and_hms_opt(12, 0, 0);
    let paper = AgendaBooklet {
        event: event.title.clone(),
        theme: event.theme.clone(),
        organizers: organizers
            .into_iter()
            .map(|(role, names)| {
                (
                    in_each(|in_it| words::organizers(role, in_it).to_owned()),
                    names,
                )
            })
            .collect(),
        days: (event.time.starts_on, event.time.ends_on),
        place: of.place.as_ref().or(event.locality.as_ref()).map(plain),
        clocks: noon.map(|noon| in_each(|in_it| words::clocks(event.time.zone, noon, in_it))),
        agenda: days
            .into_iter()
            .map(|(date, entries)| AgendaDay { date, entries })
            .collect(),
        logo: picture(look.logo.as_ref()),
        address: None,
        as_of: of.as_of,
    };
    let paper = Document::new(Paper::AgendaBooklet(paper), languages(of.languages));
    with_template(paper, PaperKind::AgendaBooklet, look)
}

/// The sheet at the door of an event, or of an item of it.
pub(crate) fn sheet(of: &SignIn, look: &Look) -> Document {
    let agenda = of.agenda.as_ref();
    let event = agenda.event();
    let item = of.item.and_then(|id| agenda.item(id));
    let takes_place = item
        .map(|item| agenda.takes_place(item))
        .unwrap_or_default();
    let language = event.title.main_language();
    let room = takes_place.room_id.and_then(|id| agenda.room(id));
    let room = room.map(|room| &room.name);
    let place = room.or(of.place.as_ref()).or(event.locality.as_ref());
    let rows = of.rows.iter().map(|one| row(one, language));
    let paper = SignInSheet {
        event: event.title.clone(),
        session: item.map(title),
        date: takes_place
            .starts_at
            .map_or(event.time.starts_on, |at| at.date()),
        place: place.map(|place| LocalizedText::single(language.clone(), place)),
        rows: rows.collect(),
        empty_rows: EMPTY,
        logo: picture(look.logo.as_ref()),
    };
    let paper = Document::new(Paper::SignInSheet(paper), languages(of.languages));
    with_template(paper, PaperKind::SignInSheet, look)
}

fn with_template(paper: Document, kind: PaperKind, look: &Look) -> Document {
    Document {
        template: look.templates.get(&kind).cloned().and_then(Template::new),
        ..paper
    }
}

fn row(of: &Expected, language: &LanguageTag) -> SignInRow {
    let listed = &of.participant;
    SignInRow {
        organization: of.from.clone(),
        name: named(of.person.as_deref(), &listed.printed_name, language),
        post: posts(&listed.printed_posts, language),
    }
}

/// Something on an agenda, with all that is beneath it, however deep, one after the other.
fn entry(agenda: &Agenda, item: &AgendaItem) -> AgendaEntry {
    let mut parts = Vec::new();
    let mut seen = HashSet::from([item.id]);
    beneath(agenda, item.id, &mut seen, &mut parts);
    AgendaEntry {
        parts,
        ..alone(agenda, item)
    }
}

fn beneath(
    agenda: &Agenda,
    item: AgendaItemId,
    seen: &mut HashSet<AgendaItemId>,
    into: &mut Vec<AgendaEntry>,
) {
    for child in agenda.children(item) {
        if seen.insert(child.id) {
            into.push(alone(agenda, child));
            beneath(agenda, child.id, seen, into);
        }
    }
}

fn alone(agenda: &Agenda, item: &AgendaItem) -> AgendaEntry {
    let language = agenda.event().title.main_language();
    let plain = |text: &str| LocalizedText::single(language.clone(), text);
    let track = item.track_id.and_then(|id| agenda.track(id));
    let room = item.room_id.and_then(|id| agenda.room(id));
    let releases = agenda.releases(item.id).iter().map(|one| one.title.clone());
    let awards = agenda.awards(item.id).iter().map(|one| one.title.clone());
    let people = agenda.appearances(Some(item.id)).iter();
    AgendaEntry {
        start: item.starts_at.map(|at| at.time()),
        end: item.ends_at.map(|at| at.time()),
        title: title(item),
        track: track.map(|track| plain(&track.name)),
        room: room.map(|room| plain(&room.name)),
        about: item.summary.clone(),
        presented: releases.chain(awards).collect(),
        people: people
            .map(|one| Appearance {
                role: one.role,
                name: match one.who {
                    Appearing::Person(id) => {
                        let person = agenda.person(id);
                        named(person.map(AsRef::as_ref), &one.printed_name, language)
                    }
                    Appearing::Organization(id) => match agenda.organization(id) {
                        Some(organization) if says(&organization.name, &one.printed_name) => {
                            organization.name.clone()
                        }
                        _ => plain(&one.printed_name),
                    },
                    Appearing::Group(_) => plain(&one.printed_name),
                },
                affiliation: posts(&one.printed_posts, language),
            })
            .collect(),
        parts: Vec::new(),
    }
}

/// What an item is called; one without a title goes by its kind.
fn title(item: &AgendaItem) -> LocalizedText {
    let by_kind = || {
        in_each(|language| {
            let wished: Option<LanguageTag> = language.tag().parse().ok();
            item.kind.label(wished.as_slice()).to_owned()
        })
    };
    item.title.clone().unwrap_or_else(by_kind)
}

fn posts(printed: &[String], language: &LanguageTag) -> Option<LocalizedText> {
    if printed.is_empty() {
        return None;
    }
    let between = if language.as_str().starts_with("zh") {
        "、"
    } else {
        ", "
    };
    Some(LocalizedText::single(
        language.clone(),
        printed.join(between),
    ))
}

/// Somebody as printed for an event; in every script that the name is known in, as long as it is the same.
fn named(person: Option<&Person>, printed: &str, language: &LanguageTag) -> LocalizedText {
    let plain = || LocalizedText::single(language.clone(), printed);
    let Some(person) = person.filter(|person| person.name == printed) else {
        return plain();
    };
    let mut texts = person.further_names.clone();
    if let Some(latin) = &person.transcription
        && let Ok(english) = Language::English.tag().parse()
    {
        texts.entry(english).or_insert_with(|| latin.clone());
    }
    let is_latin = printed.is_ascii();
    let main = if is_latin {
        Language::English
    } else {
        Language::Chinese
    };
    let Ok(main) = main.tag().parse::<LanguageTag>() else {
        return plain();
    };
    texts.insert(main.clone(), printed.to_owned());
    LocalizedText::new(main, texts).unwrap_or_else(|_it_has| plain())
}

/// Whether a name is called so in one of its languages.
fn says(name: &LocalizedText, printed: &str) -> bool {
    name.main_text() == printed
}

/// A word of ours, in each of our languages.
fn in_each(word: impl Fn(Language) -> String) -> LocalizedText {
    let tag = |language: Language| {
        let tag = language.tag().parse();
        tag.unwrap_or(LanguageTag::undetermined())
    };
    let texts = Language::ALL.map(|language| (tag(language), word(language)));
    let main = tag(Language::English);
    LocalizedText::new(main.clone(), texts.into_iter().collect())
        .unwrap_or_else(|_it_has| LocalizedText::single(main, word(Language::English)))
}
