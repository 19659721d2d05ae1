//! Telling the problems of a merged document in the places of the document that was sent.

use std::collections::HashMap;

use domain::event_document::{EventDocument, ItemEntry};
use domain::problem::Path;
use domain::{Key, Problem};

/// What an entry is, wherever it stands: its list, and what tells it from others there.
type Name = (&'static str, String);

/// The same problems where `sent` has what `merged` has there: an entry of `sent` may stand in
/// another place of `merged`. What `sent` does not hold has no place to be told at.
pub(super) fn retold(
    problems: Vec<Problem>,
    merged: &EventDocument,
    sent: &EventDocument,
) -> Vec<Problem> {
    if problems.is_empty() {
        return problems;
    }
    let names: HashMap<Vec<String>, Name> = entries(merged).collect();
    let places: HashMap<Name, Vec<String>> =
        entries(sent).map(|(place, name)| (name, place)).collect();
    let retold = problems.into_iter().map(|problem| {
        let entry = (0..=problem.path.len()).rev().find_map(|steps| {
            let (around, within) = problem.path.split_at_checked(steps)?;
            names.get(around).map(|name| (name, within))
        });
        let (place, name, within) = match entry {
            Some((name, within)) => (places.get(name).cloned(), Some(name), within),
            None => (Some(Vec::new()), None, problem.path.as_slice()),
        };
        let mut message = problem.message;
        let path = match (place, name) {
            (Some(mut path), _) => {
                // A number beyond this would be that of an entry of the merged document.
                let is_member = |step: &&String| !step.bytes().all(|byte| byte.is_ascii_digit());
                path.extend(within.iter().take_while(is_member).cloned());
                path
            }
            (None, Some((list, key))) => {
                message = format!("{message} (`{key}` in {list})");
                Vec::new()
            }
            (None, None) => Vec::new(),
        };
        Problem {
            code: problem.code,
            path,
            message,
        }
    });
    retold.collect()
}

/// Problems that a document has only together with what is known.
pub(super) fn contradictions(
    problems: Vec<Problem>,
    merged: &EventDocument,
    sent: &EventDocument,
) -> Vec<Problem> {
    let mut problems = retold(problems, merged, sent);
    for problem in &mut problems {
        problem.message = format!("contradicts what is known already: {}", problem.message);
    }
    problems
}

/// The entries of a document that have a name, with their places.
fn entries(document: &EventDocument) -> impl Iterator<Item = (Vec<String>, Name)> {
    let mut entries = Entries::default();
    let root = Path::root();
    macro_rules! keyed {
        ($($list:literal: $entries:ident by $key:ident),+ $(,)?) => {$(
            let keys = document.$entries.iter().map(|entry| &entry.$key);
            entries.list(&root.at($list), $list, keys);
        )+};
    }
    keyed!(
        "venues": venues by key,
        "organizations": organizations by key,
        "people": people by key,
        "groups": groups by key,
        "participants": participants by person,
        "tracks": tracks by key,
        "releases": releases by key,
        "awards": awards by key,
        "letters": letters by key,
        "resolutions": resolutions by key,
        "actionItems": action_items by key,
        "reports": reports by key,
    );
    for (index, venue) in document.venues.iter().enumerate() {
        let at = root.at("venues").at(index).at("rooms");
        entries.list(&at, "rooms", venue.rooms.iter().map(|room| &room.key));
    }
    for (index, role) in document.roles.iter().enumerate() {
        let name = format!("{} {}", role.role, role.organization);
        let at = root.at("roles").at(index);
        entries.0.push((at.0, ("roles", name)));
    }
    entries.items(&root.at("agenda"), &document.agenda);
    entries.0.into_iter()
}

#[derive(Default)]
struct Entries(Vec<(Vec<String>, Name)>);

impl Entries {
    fn list<'k>(&mut self, at: &Path, list: &'static str, keys: impl Iterator<Item = &'k Key>) {
        let named = keys
            .enumerate()
            .map(|(index, key)| (at.at(index).0, (list, key.to_string())));
        self.0.extend(named);
    }

    fn items(&mut self, list: &Path, items: &[ItemEntry]) {
        for (index, item) in items.iter().enumerate() {
            let at = list.at(index);
            self.list(
                &at.at("releases"),
                "releases",
                item.releases.iter().map(|one| &one.key),
            );
            self.list(
                &at.at("awards"),
                "awards",
                item.awards.iter().map(|one| &one.key),
            );
            self.list(
                &at.at("resolutions"),
                "resolutions",
                item.resolutions.iter().map(|one| &one.key),
            );
            self.items(&at.at("items"), &item.items);
            self.0.push((at.0, ("agenda", item.key.to_string())));
        }
    }
}
