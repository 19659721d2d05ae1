//! Several people work on one event at once, at random: nothing breaks, nobody's change is lost, and
//! what the audit log tells is what is there.

pub mod editor;
pub mod replay;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use domain::access::Role;
use serde_json::{Value, json};
use tests::{Backend, Sdl, TestApp, both, example, variable};

use self::editor::{Dice, Done, Editor, Known, Scene};
use self::replay::{Entry, contradictions, log};
use crate::samples::{Maker, ask, refused, samples};

both!(
    two_who_edit_one_event_lose_nothing,
    four_who_edit_one_event_lose_nothing,
    what_every_mutation_does_is_told_in_the_log,
    an_import_is_told_in_the_log_and_so_is_the_next,
    the_log_is_only_ever_added_to
);

async fn two_who_edit_one_event_lose_nothing(backend: Backend) {
    edited(backend, [75, 75, 0, 0], 1).await;
}

async fn four_who_edit_one_event_lose_nothing(backend: Backend) {
    edited(backend, [40; 4], 2).await;
}

/// Lets four edit, each so many steps, and looks at what has become of it; again and again, for as
/// long as `CONVOKE_EDITING_SECONDS` says.
async fn edited(backend: Backend, steps: [usize; 4], seed: u64) {
    let begun = Instant::now();
    let long = variable("CONVOKE_EDITING_SECONDS").map(|text| text.parse().expect("seconds"));
    let long = Duration::from_secs(long.unwrap_or(0));
    for round in 0.. {
        let seed = seed + 1_000 * round;
        edit(backend, steps, seed).await;
        if begun.elapsed() >= long {
            break;
        }
    }
}

async fn edit(backend: Backend, steps: [usize; 4], seed: u64) {
    let app = TestApp::new(backend).await;
    // The log is in the order of time: no two things happen in the same millisecond.
    app.clock.tick();
    let other = app.another_node().await;
    let sdl = Sdl::served();
    let home = app.workspace("home").await;
    let secret = app.token(&home, Role::Owner, None).await;
    let owner = app.bearer(&secret);
    let maker = Maker {
        client: owner.clone(),
        sdl: &sdl,
        workspace: home.id.to_string(),
    };
    let made = maker.fresh(&json!(["$Event", "$Venue"])).await;
    let scene = Scene {
        event: made[0].as_str().expect("an id").to_owned(),
        venue: made[1].as_str().expect("an id").to_owned(),
        known: Known::default(),
    };
    scene.known.add("Event", &scene.event);
    for _ in 0..8 {
        let person = maker.fresh(&json!("$Person")).await;
        scene.known.add("Person", person.as_str().expect("an id"));
    }

    let editor = |name: usize| Editor {
        name,
        client: if name.is_multiple_of(2) {
            app.bearer(&secret)
        } else {
            other.bearer(&secret)
        },
        sdl: &sdl,
        scene: &scene,
        dice: Dice(seed + u64::try_from(name).expect("a few")),
        seen: BTreeMap::new(),
        revision: 0,
        said: 0,
        done: Vec::new(),
        refusals: BTreeMap::new(),
        undone: false,
        made: BTreeMap::new(),
    };
    let [mut one, mut two, mut three, mut four] = [0, 1, 2, 3].map(editor);
    tokio::join!(
        one.work(steps[0]),
        two.work(steps[1]),
        three.work(steps[2]),
        four.work(steps[3])
    );

    let log = log(&owner, "home").await;
    let mut wrong = contradictions(&app, &log).await;
    let mut changes = 0;
    for editor in [&one, &two, &three, &four] {
        changes += editor.done.len();
        wrong.extend(editor.done.iter().filter_map(|done| lost(&log, done)));
    }
    wrong.extend(gaps(&app).await);
    let refusals: Vec<_> = [&one, &two].map(|one| &one.refusals).into();
    assert!(
        wrong.is_empty(),
        "seed {seed}, refused {refusals:?}:\n{}",
        wrong.join("\n")
    );
    assert!(changes > 20, "hardly anything was done: {refusals:?}");
    let of_the_whole = |one: &Editor<'_>| -> usize {
        let names = ["agendaUndo", "agendaRedo", "agendaShift", "agendaEdit"];
        names.iter().filter_map(|name| one.made.get(name)).sum()
    };
    let of_the_whole: usize = [&one, &two, &three, &four].map(of_the_whole).iter().sum();
    assert!(
        of_the_whole > 2,
        "nobody changed much at once: {refusals:?}"
    );
    let stale: usize = refusals
        .iter()
        .filter_map(|one| one.get("STALE_VERSION"))
        .sum();
    assert!(stale > 0, "nobody was late: {refusals:?}");
}

/// That a change that was acknowledged was not made upon what its author had seen.
fn lost(log: &[Entry], done: &Done) -> Option<String> {
    let said = done.said.as_ref()?;
    let entries = log.iter().filter(|entry| {
        entry.object == done.object
            && entry.operation == done.operation
            && Value::Object(entry.after.clone())
                .to_string()
                .contains(said)
    });
    let entries: Vec<_> = entries.collect();
    let version = |record: &replay::Record| record.get("version").and_then(Value::as_i64);
    let is_kept = matches!(entries.as_slice(), [one]
        if version(&one.before) == Some(done.seen) && version(&one.after) == Some(done.seen + 1));
    (!is_kept).then(|| {
        format!(
            "{} of {} at {} was acknowledged, and the log tells {entries:?}",
            done.operation, done.object, done.seen
        )
    })
}

/// The lists whose places are not 0, 1, 2, ….
async fn gaps(app: &TestApp) -> Vec<String> {
    let mut lists: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for (table, by) in [
        ("track", &["event_id"][..]),
        ("room", &["venue_id"]),
        ("agenda_item", &["event_id", "parent_id"]),
        ("appearance", &["event_id", "item_id"]),
        ("participant", &["event_id"]),
        ("participant_group", &["event_id"]),
        ("event_organization", &["event_id"]),
        ("post", &["person_id"]),
        ("membership", &["organization_id"]),
        ("award", &["event_id"]),
        ("award_recipient", &["award_id"]),
        ("release", &["event_id"]),
        ("resolution", &["event_id"]),
        ("action_item", &["event_id"]),
        ("appointment_letter", &["event_id"]),
        ("report", &["event_id"]),
    ] {
        for row in app.database.rows(table).await {
            let list: Vec<_> = by.iter().map(|column| row[*column].to_string()).collect();
            let place = row["position"].as_i64().expect("a place");
            let list = format!("{table} of {}", list.join(" and "));
            lists.entry(list).or_default().push(place);
        }
    }
    let mut gaps = Vec::new();
    for (list, mut places) in lists {
        places.sort_unstable();
        if !places
            .iter()
            .copied()
            .eq(0..i64::try_from(places.len()).expect("a few"))
        {
            gaps.push(format!("{list}: {places:?}"));
        }
    }
    gaps
}

async fn what_every_mutation_does_is_told_in_the_log(backend: Backend) {
    let app = TestApp::new(backend).await;
    let sdl = Sdl::served();
    let home = app.workspace("home").await;
    let owner = app.as_owner(&home).await;
    let maker = Maker {
        client: owner.clone(),
        sdl: &sdl,
        workspace: home.id.to_string(),
    };
    for sample in samples() {
        let given = maker.fresh(&sample.given).await;
        let answer = ask(&owner, &sdl, sample.operation(), &given).await;
        answer.expect_data();
    }
    let log = log(&owner, "home").await;
    let mut wrong = contradictions(&app, &log).await;
    wrong.extend(gaps(&app).await);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

async fn an_import_is_told_in_the_log_and_so_is_the_next(backend: Backend) {
    let app = TestApp::new(backend).await;
    let home = app.workspace("home").await;
    let owner = app.as_owner(&home).await;
    let whole = crate::reach::every_member("autumn");
    app.import_document(&home, whole.clone()).await;
    let first = contradictions(&app, &log(&owner, "home").await).await;
    assert!(first.is_empty(), "{}", first.join("\n"));

    // Less of everything, and the rest otherwise.
    let mut less = whole;
    less.locality = Some("Hillside".to_owned());
    less.reports.clear();
    less.awards.clear();
    less.resolutions.clear();
    less.action_items.truncate(1);
    for item in &mut less.action_items {
        item.progress = Some("nearly done".to_owned());
    }
    less.agenda.truncate(1);
    less.releases.clear();
    let text = interchange::event_document::write(&less);
    let answer = owner
        .event_import_with(&home, &text, json!({ "removeMissing": true }))
        .await;
    let changes = &answer.expect_data()["eventImport"];
    assert_eq!(changes["userErrors"], json!([]), "{changes:#}");
    assert!(
        changes["changes"]["removed"].as_i64() > Some(3),
        "{changes:#}"
    );
    let mut second = contradictions(&app, &log(&owner, "home").await).await;
    second.extend(gaps(&app).await);
    assert!(second.is_empty(), "{}", second.join("\n"));

    // And a whole event goes with all that belongs to it.
    let mut other = crate::reach::every_member("winter");
    for organization in &mut other.organizations {
        // What was founded and appointed there would keep it.
        organization.founded_here = None;
        organization.memberships.clear();
    }
    other.letters.iter_mut().for_each(|one| one.status = None);
    let other = interchange::event_document::write(&other);
    let answer = owner.event_import(&home, &other).await;
    let event = answer.expect_data()["eventImport"]["event"].clone();
    let sdl = Sdl::served();
    let given = json!({ "id": event["id"], "expectedVersion": event["version"] });
    let answer = ask(&owner, &sdl, "eventRemove", &given).await;
    assert_eq!(
        refused(&answer.expect_data()["eventRemove"]),
        [] as [Value; 0]
    );
    let third = contradictions(&app, &log(&owner, "home").await).await;
    assert!(third.is_empty(), "{}", third.join("\n"));
}

async fn the_log_is_only_ever_added_to(backend: Backend) {
    let app = TestApp::new(backend).await;
    let home = app.workspace("home").await;
    app.import(&home, &example("jimei-forum-2024")).await;
    let before = app.database.contents().await;
    for statement in [
        "UPDATE audit_entry SET operation = 'nothing'",
        "UPDATE audit_entry SET after = before WHERE action = 'UPDATED' OR 1 = 1",
        "DELETE FROM audit_entry",
        "DELETE FROM workspace",
    ] {
        let said = app.database.refusal(statement).await;
        let said = said.unwrap_or_else(|| panic!("{statement} is carried out"));
        let by_the_log = said.contains("audit_entry is append-only");
        assert!(by_the_log || statement.ends_with("workspace"), "{said}");
        assert!(app.database.contents().await == before, "{statement}");
    }
}
