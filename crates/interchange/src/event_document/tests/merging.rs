//! What becomes of what is known when a document is sent again, case by case.

use std::fmt::Write as _;

use domain::event_document::{EventDocument, ItemEntry, check, merge, replace};

use crate::event_document::read;

fn document(more: &str) -> EventDocument {
    let text = format!(
        "key: forum\nlanguage: en\ntitle: Forum\ntime: {{ timeZone: UTC, startsOn: 2024-05-14 }}\n{more}"
    );
    read(&text).unwrap_or_else(|problems| panic!("{problems:#?}\n{text}"))
}

/// The hosts after those of `new` were sent over those of `known`.
fn hosts(known: &str, new: &str) -> String {
    let hosts = |keys: &str| {
        let mut text = "organizations:\n".to_owned();
        for key in keys.split(' ') {
            writeln!(text, "  - {{ key: {key}, name: {key} }}").unwrap();
        }
        text += "roles:\n";
        for key in keys.split(' ') {
            writeln!(text, "  - {{ organization: {key}, role: HOST }}").unwrap();
        }
        document(&text)
    };
    let merged = merge(hosts(new), hosts(known));
    let keys = merged.roles.iter().map(|role| role.organization.as_str());
    keys.collect::<Vec<_>>().join(" ")
}

#[test]
fn a_part_of_a_list_leaves_its_order() {
    assert_eq!(hosts("a b c d e", "e"), "a b c d e");
    assert_eq!(hosts("a b c d e", "b d"), "a b c d e");
    // Those that are named stand as they are named, the others behind those that they followed.
    assert_eq!(hosts("a b c d e", "d b"), "a d e b c");
    assert_eq!(hosts("a b c", "c b a"), "c b a");
    // What is new comes behind the one that it follows, or last.
    assert_eq!(hosts("a b c", "a x y"), "a x y b c");
    assert_eq!(hosts("a b c", "x b"), "a x b c");
    assert_eq!(hosts("a b c", "x"), "a b c x");
}

fn outline(items: &[ItemEntry]) -> String {
    let items = items.iter().map(|item| match item.items.as_slice() {
        [] => item.key.to_string(),
        below => format!("{}({})", item.key, outline(below)),
    });
    items.collect::<Vec<_>>().join(" ")
}

/// An agenda from its outline: `a(b c) d`.
fn agenda(outline: &str) -> EventDocument {
    let spelled = outline.chars().map(|c| match c {
        '(' => ", items: [".to_owned(),
        ')' => "] }".to_owned(),
        ' ' => " ".to_owned(),
        key => format!("{{ key: {key}, kind: TALK"),
    });
    // Close those that hold nothing.
    let mut text = String::new();
    let spelled: Vec<_> = spelled.collect();
    for (place, part) in spelled.iter().enumerate() {
        text += part;
        let holds = spelled
            .get(place + 1)
            .is_some_and(|next| next.starts_with(','));
        if part.starts_with('{') && !holds {
            text += " }";
        }
        let last = spelled
            .get(place + 1)
            .is_none_or(|next| next.starts_with(']'));
        if text.ends_with('}') && !last {
            text += ",";
        }
    }
    document(&format!("agenda: [{text}]"))
}

#[test]
fn items_keep_their_place_among_their_siblings() {
    let merged = |known: &str, new: &str| outline(&merge(agenda(new), agenda(known)).agenda);
    assert_eq!(merged("a(b c) d(e)", "a(b c) d(e)"), "a(b c) d(e)");
    assert_eq!(merged("a(b c) d(e) f", "d"), "a(b c) d(e) f");
    assert_eq!(merged("a(b c) d(e) f", "a(c)"), "a(b c) d(e) f");
    // What is moved takes its children along, and leaves the others where they were.
    assert_eq!(merged("a(b c) d e", "e(a)"), "d e(a(b c))");
    assert_eq!(merged("a(b(x y) c) d(e)", "d(e b)"), "a(c) d(e b(x y))");
    assert_eq!(merged("a(b) c(d)", "b(c)"), "a b(c(d))");
    assert_eq!(merged("a(b(c))", "c(a)"), "c(a(b))");
    // What is new stands behind the one that it follows.
    assert_eq!(merged("a(b c) d", "a(b x) y"), "a(b x c) y d");
}

fn posts(document: &EventDocument) -> Vec<String> {
    let people = document.people.iter();
    let posts = people.flat_map(|person| &person.posts).map(|post| {
        let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string());
        format!(
            "{} {}..{}",
            post.title,
            day(post.since).unwrap_or_default(),
            day(post.until).unwrap_or_default()
        )
    });
    posts.collect()
}

/// A person with these terms as a chair: each its beginning and end.
fn chair(terms: &[(&str, &str)]) -> EventDocument {
    let mut text = "people:\n  - key: ada\n    name: Ada\n    posts:\n".to_owned();
    for (since, until) in terms {
        writeln!(
            text,
            "      - {{ title: chair, since: {since}, until: {until} }}"
        )
        .unwrap();
    }
    text += "organizations:\n  - key: board\n    name: Board\n    memberships:\n";
    for (since, until) in terms {
        writeln!(
            text,
            "      - {{ member: {{ person: ada }}, post: chair, since: {since}, until: {until} }}"
        )
        .unwrap();
    }
    document(&text)
}

#[test]
fn a_post_may_be_held_for_several_terms() {
    const FIRST: (&str, &str) = ("2015-01-01", "2019-12-31");
    const SECOND: (&str, &str) = ("2020-01-01", "2024-12-31");
    let merged = |known: &[_], new: &[_]| {
        let merged = merge(chair(new), chair(known));
        assert_eq!(check(&merged), []);
        let replaced = replace(chair(new), chair(known));
        assert_eq!(posts(&replaced), posts(&merged));
        let memberships = merged
            .organizations
            .iter()
            .flat_map(|body| &body.memberships);
        let of_posts = merged.people.iter().flat_map(|person| &person.posts);
        assert!(
            memberships
                .map(|one| (one.since, one.until))
                .eq(of_posts.map(|one| (one.since, one.until)))
        );
        posts(&merged)
    };
    let first = "chair 2015-01-01..2019-12-31";
    let second = "chair 2020-01-01..2024-12-31";
    assert_eq!(merged(&[FIRST], &[SECOND]), [first, second]);
    assert_eq!(merged(&[FIRST, SECOND], &[FIRST, SECOND]), [first, second]);
    // A beginning that becomes known makes no other term; nor does one that is left out.
    assert_eq!(merged(&[("", "")], &[FIRST]), [first]);
    assert_eq!(merged(&[FIRST, ("", "")], &[SECOND]), [first, second]);
    assert_eq!(
        merged(&[FIRST, ("", "")], &[FIRST, SECOND]),
        [first, second]
    );
    assert_eq!(merged(&[FIRST], &[("", "")]), [first]);
    // Where it could be either, nothing is guessed.
    let unknown = "chair ..";
    assert_eq!(
        merged(&[("", "")], &[FIRST, SECOND]),
        [unknown, first, second]
    );
    assert_eq!(
        merged(&[FIRST, SECOND], &[("", "")]),
        [first, second, unknown]
    );
}

#[test]
fn what_is_placed_elsewhere_is_there_no_more() {
    let delegations = |works: &str, school: &str| {
        document(&format!(
            "
organizations:
  - {{ key: works, name: Works }}
  - {{ key: school, name: School }}
people:
  - {{ key: ada, name: Ada }}
  - {{ key: bo, name: Bo }}
roles:
  - {{ organization: works, role: ATTENDING, delegation: {{ {works} }} }}
  - {{ organization: school, role: ATTENDING, delegation: {{ {school} }} }}
"
        ))
    };
    let merged = |known: (&str, &str), new: (&str, &str)| {
        let merged = merge(delegations(new.0, new.1), delegations(known.0, known.1));
        assert_eq!(check(&merged), []);
        let delegations = merged.roles.into_iter().filter_map(|role| role.delegation);
        let told = delegations.map(|one| {
            let head = one.head.map(|head| head.to_string()).unwrap_or_default();
            let delegates = one.delegates.iter().map(ToString::to_string);
            format!("{head}: {}", delegates.collect::<Vec<_>>().join(" "))
        });
        told.collect::<Vec<_>>()
    };
    let known = ("head: ada, delegates: [bo]", "quota: 2");
    assert_eq!(merged(known, ("head: bo", "")), ["bo: ", ": "]);
    assert_eq!(merged(known, ("", "head: bo")), ["ada: ", "bo: "]);
    assert_eq!(merged(known, ("", "delegates: [ada]")), [": bo", ": ada"]);
    assert_eq!(merged(known, ("delegates: [ada]", "")), [": ada", ": "]);
    assert_eq!(merged(known, ("quota: 1", "")), ["ada: bo", ": "]);

    let rooms = |of_hall: &str, of_annex: &str| {
        document(&format!(
            "
venues:
  - {{ key: hall, name: Hall, rooms: [{of_hall}] }}
  - {{ key: annex, name: Annex, rooms: [{of_annex}] }}
"
        ))
    };
    let known = || {
        rooms(
            "{ key: one, name: One, capacity: 9 }, { key: two, name: Two }",
            "",
        )
    };
    let moved = || rooms("", "{ key: one, name: One }");
    for merged in [merge(moved(), known()), replace(moved(), known())] {
        assert_eq!(check(&merged), []);
        let keys = merged.venues.iter().map(|venue| {
            let keys = venue.rooms.iter().map(|room| room.key.as_str());
            keys.collect::<Vec<_>>()
        });
        assert_eq!(keys.collect::<Vec<_>>(), [["two"], ["one"]]);
    }
}

#[test]
fn a_reason_goes_with_the_cancellation() {
    let cancelled = || document("status: CANCELLED\ncancellationReason: a flood");
    let merged = merge(document(""), cancelled());
    assert_eq!(merged.cancellation_reason.as_deref(), Some("a flood"));
    let merged = merge(document("status: PUBLISHED"), cancelled());
    assert_eq!(check(&merged), []);
}
