//! What is wrong with a document: every dangling key, doubled key, circle and impossible time.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::{
    AppearanceEntry, AppearingKey, AwardEntry, EventDocument, ItemEntry, PartyKey, ReleaseEntry,
    ResolutionEntry,
};
use crate::agenda::DEEPEST;
use crate::appointment_letter::LetterStatus;
use crate::availability::{AvailabilityError, MOST_WINDOWS, Window};
use crate::event::{EventState, room_change};
use crate::event_organization::EventOrganizationRole;
use crate::link::{Link, is_web_address};
use crate::person::is_email;
use crate::problem::{Path, Problem, ProblemCode};
use crate::text::Key;
use crate::time::{check_span, check_year};

/// The most entries of one kind in a document: more than any event has, few enough to be looked up
/// in one statement.
const MOST: usize = 10_000;

/// Everything that is wrong with a document, in the order in which it is written.
pub fn check(document: &EventDocument) -> Vec<Problem> {
    let mut check = Check {
        keys: Keys::of(document),
        problems: Vec::new(),
        seen: BTreeMap::new(),
    };
    check.counts(document);
    check.document(document);
    check.problems
}

/// The keys that can be referred to.
struct Keys<'a> {
    venues: BTreeSet<&'a Key>,
    rooms: BTreeSet<&'a Key>,
    organizations: BTreeSet<&'a Key>,
    people: BTreeSet<&'a Key>,
    groups: BTreeSet<&'a Key>,
    tracks: BTreeSet<&'a Key>,
    letters: BTreeSet<&'a Key>,
}

impl<'a> Keys<'a> {
    fn of(document: &'a EventDocument) -> Self {
        Self {
            venues: document.venues.iter().map(|venue| &venue.key).collect(),
            rooms: document
                .venues
                .iter()
                .flat_map(|venue| venue.rooms.iter().map(|room| &room.key))
                .collect(),
            organizations: document
                .organizations
                .iter()
                .map(|entry| &entry.key)
                .collect(),
            people: document.people.iter().map(|entry| &entry.key).collect(),
            groups: document.groups.iter().map(|entry| &entry.key).collect(),
            tracks: document.tracks.iter().map(|entry| &entry.key).collect(),
            letters: document.letters.iter().map(|entry| &entry.key).collect(),
        }
    }
}

struct Check<'a> {
    keys: Keys<'a>,
    problems: Vec<Problem>,
    /// For each list of siblings, where each key was first used.
    seen: BTreeMap<(&'static str, String), Path>,
}

impl<'a> Check<'a> {
    fn document(&mut self, document: &'a EventDocument) {
        let root = Path::root();
        if let Err(error) = document.time.check() {
            self.problems
                .push(Problem::invalid(&root.at("time"), error));
        }
        if document.cancellation_reason.is_some() && document.status != Some(EventState::Cancelled)
        {
            self.problems.push(Problem::invalid(
                &root.at("cancellationReason"),
                format!("is only for the status {}", EventState::Cancelled),
            ));
        }
        self.venue(&root.at("venue"), document.venue.as_ref());
        self.room(&root.at("room"), document.room.as_ref());
        self.at_least(&root.at("capacity"), document.capacity, 1);
        if let Some(Err(error)) = document.room_change_minutes.map(room_change) {
            self.problems
                .push(Problem::invalid(&root.at("roomChangeMinutes"), error.0));
        }
        if document.parent.as_ref() == Some(&document.key) {
            self.problems.push(Problem::invalid(
                &root.at("parent"),
                "an event cannot be part of itself",
            ));
        }
        for (index, venue) in document.venues.iter().enumerate() {
            let at = root.at("venues").at(index);
            self.once("venue", &venue.key, &at.at("key"));
            for (index, room) in venue.rooms.iter().enumerate() {
                let at = at.at("rooms").at(index);
                self.once("room", &room.key, &at.at("key"));
                self.at_least(&at.at("capacity"), room.capacity, 1);
                self.availability(&at.at("availability"), &room.availability);
            }
        }
        self.organizations(document);
        self.people(document);
        self.participation(document);
        for (index, track) in document.tracks.iter().enumerate() {
            let at = root.at("tracks").at(index);
            self.once("track", &track.key, &at.at("key"));
            if track.color.as_deref().is_some_and(|color| !is_color(color)) {
                self.problems
                    .push(Problem::invalid(&at.at("color"), "must be written #rrggbb"));
            }
        }
        self.appearances(&root.at("appearances"), &document.appearances);
        self.items(&root.at("agenda"), &document.agenda, 1);
        self.releases(&root.at("releases"), &document.releases);
        self.awards(&root.at("awards"), &document.awards);
        self.resolutions(&root.at("resolutions"), &document.resolutions);
        self.follow_up(document);
    }

    /// That there are not too many of a kind, wherever in the document they stand.
    fn counts(&mut self, document: &EventDocument) {
        let mut in_agenda = Counts {
            appearances: document.appearances.len(),
            releases: document.releases.len(),
            awards: document.awards.len(),
            recipients: recipients(&document.awards),
            resolutions: document.resolutions.len(),
            links: 0,
            items: 0,
        };
        in_agenda.add(&document.agenda, 1);
        let delegations = document
            .roles
            .iter()
            .filter_map(|role| role.delegation.as_ref());
        let delegates =
            delegations.map(|one| one.delegates.len() + usize::from(one.head.is_some()));
        let rooms = document.venues.iter().map(|venue| venue.rooms.len());
        let memberships = document
            .organizations
            .iter()
            .map(|one| one.memberships.len());
        let posts = document.people.iter().map(|person| person.posts.len());
        let root = Path::root();
        for (list, noun, count) in [
            ("venues", "venues", document.venues.len()),
            ("venues", "rooms", rooms.sum()),
            (
                "organizations",
                "organizations",
                document.organizations.len(),
            ),
            ("organizations", "memberships", memberships.sum()),
            ("people", "people", document.people.len()),
            ("people", "posts", posts.sum()),
            ("roles", "roles", document.roles.len()),
            ("roles", "delegates", delegates.sum()),
            ("groups", "groups", document.groups.len()),
            ("participants", "participants", document.participants.len()),
            ("appearances", "appearances", in_agenda.appearances),
            ("tracks", "tracks", document.tracks.len()),
            ("agenda", "agenda items", in_agenda.items),
            ("agenda", "links and attachments", in_agenda.links),
            ("releases", "releases", in_agenda.releases),
            ("awards", "awards", in_agenda.awards),
            ("awards", "recipients of awards", in_agenda.recipients),
            ("letters", "letters", document.letters.len()),
            ("resolutions", "resolutions", in_agenda.resolutions),
            ("actionItems", "action items", document.action_items.len()),
            ("reports", "reports", document.reports.len()),
        ] {
            if count > MOST {
                self.problems.push(Problem::invalid(
                    &root.at(list),
                    format!("a document holds at most {MOST} {noun} in all, not {count}"),
                ));
            }
        }
    }

    fn organizations(&mut self, document: &'a EventDocument) {
        let parents: BTreeMap<_, _> = document
            .organizations
            .iter()
            .filter_map(|entry| Some((&entry.key, entry.parent.as_ref()?)))
            .collect();
        let circles = in_circles(&parents);
        for (index, entry) in document.organizations.iter().enumerate() {
            let at = Path::root().at("organizations").at(index);
            self.once("organization", &entry.key, &at.at("key"));
            self.organization(&at.at("parent"), entry.parent.as_ref());
            if circles.contains(&entry.key) {
                self.problems.push(Problem::invalid(
                    &at.at("parent"),
                    format!("`{}` would be part of itself", entry.key),
                ));
            }
            self.at_least(&at.at("protocolOrder"), entry.protocol_order, 0);
            let mut members = BTreeSet::new();
            for (index, membership) in entry.memberships.iter().enumerate() {
                let at = at.at("memberships").at(index);
                let term = (&membership.member, &membership.post, membership.since);
                if !members.insert(term) {
                    self.already(
                        &at,
                        "is a member with this post and the same beginning already",
                    );
                }
                self.party(&at.at("member"), Some(&membership.member));
                if membership.member == PartyKey::Organization(entry.key.clone()) {
                    self.problems.push(Problem::invalid(
                        &at.at("member"),
                        "a body cannot be its own member",
                    ));
                }
                self.term(&at, membership.since, membership.until);
                if let Some(letter) = &membership.letter
                    && !self.keys.letters.contains(letter)
                {
                    self.dangling(&at.at("letter"), letter, "letter", "letters");
                }
            }
        }
    }

    fn people(&mut self, document: &'a EventDocument) {
        for (index, person) in document.people.iter().enumerate() {
            let at = Path::root().at("people").at(index);
            self.once("person", &person.key, &at.at("key"));
            if person
                .email
                .as_deref()
                .is_some_and(|email| !is_email(email))
            {
                self.problems.push(Problem::invalid(
                    &at.at("email"),
                    "is not an e-mail address",
                ));
            }
            let mut held = BTreeSet::new();
            for (index, post) in person.posts.iter().enumerate() {
                let at = at.at("posts").at(index);
                if !held.insert((&post.title, &post.organization, post.since)) {
                    self.already(
                        &at,
                        format!(
                            "`{}` is a post of theirs with the same beginning already",
                            post.title
                        ),
                    );
                }
                self.organization(&at.at("organization"), post.organization.as_ref());
                self.term(&at, post.since, post.until);
            }
        }
    }

    fn participation(&mut self, document: &'a EventDocument) {
        let root = Path::root();
        let mut roles = BTreeSet::new();
        let mut delegates = BTreeSet::new();
        for (index, role) in document.roles.iter().enumerate() {
            let at = root.at("roles").at(index);
            self.organization(&at.at("organization"), Some(&role.organization));
            if !roles.insert((&role.organization, role.role)) {
                self.already(
                    &at,
                    format!("`{}` is {} already", role.organization, role.role),
                );
            }
            let Some(delegation) = &role.delegation else {
                continue;
            };
            let at = at.at("delegation");
            if role.role != EventOrganizationRole::Attending {
                self.problems.push(Problem::invalid(
                    &at,
                    format!(
                        "only an organization in the role {} sends a delegation",
                        EventOrganizationRole::Attending
                    ),
                ));
            }
            self.at_least(&at.at("quota"), delegation.quota, 0);
            self.person(&at.at("liaison"), delegation.liaison.as_ref());
            let head = delegation.head.iter().map(|key| (at.at("head"), key));
            let others = delegation.delegates.iter().enumerate();
            let others = others.map(|(index, key)| (at.at("delegates").at(index), key));
            for (at, key) in head.chain(others).collect::<Vec<_>>() {
                self.person(&at, Some(key));
                if !delegates.insert(key) {
                    self.already(
                        &at,
                        format!("`{key}` is a delegate already: a person has one delegation"),
                    );
                }
            }
        }
        for (index, group) in document.groups.iter().enumerate() {
            let at = root.at("groups").at(index);
            self.once("group", &group.key, &at.at("key"));
            self.organization(&at.at("organization"), group.organization.as_ref());
            self.at_least(&at.at("expectedCount"), group.expected_count, 1);
        }
        let mut participants = BTreeSet::new();
        for (index, participant) in document.participants.iter().enumerate() {
            let at = root.at("participants").at(index);
            self.person(&at.at("person"), Some(&participant.person));
            if !participants.insert(&participant.person) {
                self.already(
                    &at.at("person"),
                    format!("`{}` is a participant already", participant.person),
                );
            }
            self.organization(&at.at("representing"), participant.representing.as_ref());
            self.party(&at.at("onBehalfOf"), participant.on_behalf_of.as_ref());
            if participant.on_behalf_of == Some(PartyKey::Person(participant.person.clone())) {
                self.problems.push(Problem::invalid(
                    &at.at("onBehalfOf"),
                    "nobody comes in their own stead",
                ));
            }
            self.availability(&at.at("availability"), &participant.availability);
        }
    }

    fn items(&mut self, list: &Path, items: &'a [ItemEntry], depth: usize) {
        if depth > DEEPEST && !items.is_empty() {
            self.problems.push(Problem::invalid(
                list,
                format!("an agenda has at most {DEEPEST} levels"),
            ));
            return;
        }
        for (index, item) in items.iter().enumerate() {
            let at = list.at(index);
            self.once("agenda item", &item.key, &at.at("key"));
            for (member, time) in [("startsAt", item.starts_at), ("endsAt", item.ends_at)] {
                if let Some(Err(error)) = time.map(|time| check_year(time.date())) {
                    self.problems.push(Problem::invalid(&at.at(member), error));
                }
            }
            if let Err(error) = check_span(item.starts_at, item.ends_at) {
                self.problems
                    .push(Problem::invalid(&at.at("endsAt"), error));
            }
            self.room(&at.at("room"), item.room.as_ref());
            if let Some(track) = &item.track
                && !self.keys.tracks.contains(track)
            {
                self.dangling(&at.at("track"), track, "track", "tracks");
            }
            self.at_least(&at.at("expectedAudience"), item.expected_audience, 1);
            self.url(&at.at("url"), item.url.as_deref());
            self.links(&at.at("links"), &item.links);
            self.links(&at.at("attachments"), &item.attachments);
            self.appearances(&at.at("appearances"), &item.appearances);
            self.releases(&at.at("releases"), &item.releases);
            self.awards(&at.at("awards"), &item.awards);
            self.resolutions(&at.at("resolutions"), &item.resolutions);
            self.items(&at.at("items"), &item.items, depth + 1);
        }
    }

    fn appearances(&mut self, list: &Path, appearances: &'a [AppearanceEntry]) {
        let mut seen = BTreeSet::new();
        for (index, appearance) in appearances.iter().enumerate() {
            let at = list.at(index);
            match &appearance.who {
                AppearingKey::Person(key) => self.person(&at.at("person"), Some(key)),
                AppearingKey::Organization(key) => {
                    self.organization(&at.at("organization"), Some(key));
                }
                AppearingKey::Group(key) if !self.keys.groups.contains(key) => {
                    self.dangling(&at.at("group"), key, "group", "groups");
                }
                AppearingKey::Group(_) => {}
            }
            self.party(&at.at("onBehalfOf"), appearance.on_behalf_of.as_ref());
            let same = match (&appearance.who, &appearance.on_behalf_of) {
                (AppearingKey::Person(who), Some(PartyKey::Person(whom)))
                | (AppearingKey::Organization(who), Some(PartyKey::Organization(whom))) => {
                    who == whom
                }
                _ => false,
            };
            if same {
                self.problems.push(Problem::invalid(
                    &at.at("onBehalfOf"),
                    "nobody appears on their own behalf",
                ));
            }
            if !seen.insert((&appearance.who, appearance.role)) {
                self.already(&at, format!("appears here as {} already", appearance.role));
            }
        }
    }

    fn links(&mut self, list: &Path, links: &[Link]) {
        for (index, link) in links.iter().enumerate() {
            self.url(&list.at(index).at("url"), Some(&link.url));
        }
    }

    fn releases(&mut self, list: &Path, releases: &'a [ReleaseEntry]) {
        for (index, release) in releases.iter().enumerate() {
            let at = list.at(index);
            self.once("release", &release.key, &at.at("key"));
            self.url(&at.at("url"), release.url.as_deref());
        }
    }

    fn awards(&mut self, list: &Path, awards: &'a [AwardEntry]) {
        for (index, award) in awards.iter().enumerate() {
            let at = list.at(index);
            self.once("award", &award.key, &at.at("key"));
            self.organizations_once(&at.at("grantors"), &award.grantors);
            let mut seen = BTreeSet::new();
            for (index, recipient) in award.recipients.iter().enumerate() {
                let at = at.at("recipients").at(index);
                self.party(&at, Some(recipient));
                if !seen.insert(recipient) {
                    self.already(&at, "has got this award already");
                }
            }
        }
    }

    fn resolutions(&mut self, list: &Path, resolutions: &'a [ResolutionEntry]) {
        for (index, resolution) in resolutions.iter().enumerate() {
            self.once("resolution", &resolution.key, &list.at(index).at("key"));
        }
    }

    fn follow_up(&mut self, document: &'a EventDocument) {
        let root = Path::root();
        for (index, letter) in document.letters.iter().enumerate() {
            let at = root.at("letters").at(index);
            self.once("letter", &letter.key, &at.at("key"));
            self.person(&at.at("appointee"), Some(&letter.appointee));
            self.organization(&at.at("body"), Some(&letter.body));
            self.organizations_once(&at.at("issuers"), &letter.issuers);
            self.term(&at, letter.since, letter.until);
            if let Some(LetterStatus::Revoked { issued_on, on, .. }) = &letter.status
                && on < issued_on
            {
                self.problems.push(Problem::invalid(
                    &at.at("revokedOn"),
                    "comes before the day of issue",
                ));
            }
        }
        for (index, action) in document.action_items.iter().enumerate() {
            let at = root.at("actionItems").at(index);
            self.once("action item", &action.key, &at.at("key"));
            self.person(&at.at("setBy"), action.set_by.as_ref());
            self.organizations_once(&at.at("responsible"), &action.responsible);
        }
        for (index, report) in document.reports.iter().enumerate() {
            let at = root.at("reports").at(index);
            self.once("report", &report.key, &at.at("key"));
            self.url(&at.at("url"), report.url.as_deref());
            if let (Some(day), Some(time)) = (report.published_on, report.published_at)
                && time.date() != day
            {
                self.problems.push(Problem::invalid(
                    &at.at("publishedAt"),
                    "is not on the day of publishedOn",
                ));
            }
        }
    }

    fn once(&mut self, noun: &'static str, key: &Key, at: &Path) {
        let first = self.seen.insert((noun, key.to_string()), at.clone());
        if let Some(first) = first {
            self.already(at, format!("there is a {noun} `{key}` already, at {first}"));
            self.seen.insert((noun, key.to_string()), first);
        }
    }

    fn organizations_once(&mut self, list: &Path, keys: &'a [Key]) {
        let mut seen = BTreeSet::new();
        for (index, key) in keys.iter().enumerate() {
            self.organization(&list.at(index), Some(key));
            if !seen.insert(key) {
                self.already(&list.at(index), format!("`{key}` is named already"));
            }
        }
    }

    fn venue(&mut self, at: &Path, key: Option<&Key>) {
        if let Some(key) = key.filter(|key| !self.keys.venues.contains(key)) {
            self.dangling(at, key, "venue", "venues");
        }
    }

    fn room(&mut self, at: &Path, key: Option<&Key>) {
        if let Some(key) = key.filter(|key| !self.keys.rooms.contains(key)) {
            self.dangling(at, key, "room", "venues[].rooms");
        }
    }

    fn organization(&mut self, at: &Path, key: Option<&Key>) {
        if let Some(key) = key.filter(|key| !self.keys.organizations.contains(key)) {
            self.dangling(at, key, "organization", "organizations");
        }
    }

    fn person(&mut self, at: &Path, key: Option<&Key>) {
        if let Some(key) = key.filter(|key| !self.keys.people.contains(key)) {
            self.dangling(at, key, "person", "people");
        }
    }

    fn party(&mut self, at: &Path, party: Option<&PartyKey>) {
        match party {
            Some(PartyKey::Person(key)) => self.person(&at.at("person"), Some(key)),
            Some(PartyKey::Organization(key)) => {
                self.organization(&at.at("organization"), Some(key));
            }
            None => {}
        }
    }

    fn dangling(&mut self, at: &Path, key: &Key, noun: &str, list: &str) {
        self.problems.push(Problem::not_found(
            at,
            format!("there is no {noun} with the key `{key}` in {list}"),
        ));
    }

    fn already(&mut self, at: &Path, message: impl Into<String>) {
        self.problems.push(Problem {
            code: ProblemCode::AlreadyExists,
            path: at.0.clone(),
            message: message.into(),
        });
    }

    fn at_least(&mut self, at: &Path, number: Option<i32>, least: i32) {
        if number.is_some_and(|number| number < least) {
            self.problems
                .push(Problem::invalid(at, format!("must be at least {least}")));
        }
    }

    fn availability(&mut self, list: &Path, windows: &[Window]) {
        if windows.len() > MOST_WINDOWS {
            self.problems
                .push(Problem::invalid(list, AvailabilityError::TooMany));
            return;
        }
        for (index, window) in windows.iter().enumerate() {
            if let Err(error) = window.check() {
                self.problems.push(Problem::invalid(&list.at(index), error));
            }
        }
    }

    fn term(&mut self, at: &Path, since: Option<NaiveDate>, until: Option<NaiveDate>) {
        if let (Some(since), Some(until)) = (since, until)
            && until < since
        {
            self.problems.push(Problem::invalid(
                &at.at("until"),
                "comes before its beginning",
            ));
        }
    }

    fn url(&mut self, at: &Path, url: Option<&str>) {
        if url.is_some_and(|url| !is_web_address(url)) {
            self.problems
                .push(Problem::invalid(at, "is not a web address (https://…)"));
        }
    }
}

/// How many there are of what stands both inside and outside the agenda.
struct Counts {
    items: usize,
    appearances: usize,
    releases: usize,
    awards: usize,
    recipients: usize,
    resolutions: usize,
    links: usize,
}

impl Counts {
    fn add(&mut self, items: &[ItemEntry], depth: usize) {
        // What is deeper is refused whatever its number.
        if depth > DEEPEST {
            return;
        }
        self.items += items.len();
        for item in items {
            self.appearances += item.appearances.len();
            self.releases += item.releases.len();
            self.awards += item.awards.len();
            self.recipients += recipients(&item.awards);
            self.resolutions += item.resolutions.len();
            self.links += item.links.len() + item.attachments.len();
            self.add(&item.items, depth + 1);
        }
    }
}

fn recipients(awards: &[AwardEntry]) -> usize {
    awards.iter().map(|award| award.recipients.len()).sum()
}

/// The keys that are above themselves. Each is walked over once.
fn in_circles<'a>(parents: &BTreeMap<&'a Key, &'a Key>) -> BTreeSet<&'a Key> {
    let mut walked: BTreeSet<&Key> = BTreeSet::new();
    let mut circles = BTreeSet::new();
    for start in parents.keys().copied() {
        let mut way = Vec::new();
        let mut on_this_way = BTreeSet::new();
        let mut next = Some(start);
        while let Some(key) = next.filter(|key| !walked.contains(key)) {
            walked.insert(key);
            way.push(key);
            on_this_way.insert(key);
            next = parents.get(key).copied();
        }
        // The way came back to itself: from there on it is a circle.
        if let Some(met) = next.filter(|key| on_this_way.contains(key)) {
            circles.extend(way.into_iter().skip_while(|key| *key != met));
        }
    }
    circles
}

fn is_color(text: &str) -> bool {
    text.len() == 7
        && text
            .strip_prefix('#')
            .is_some_and(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
}
