//! What only a database can get wrong: races, transactions, constraints, migrations, settings.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;

use domain::Slug;
use domain::access::{Actor, Denied, Role};
use domain::event::EventPublishRefused;
use domain::event_document::EventDocument;
use domain::id::{AccountId, EventId, WorkspaceId};
use domain::refusal::{IllegalState, Refusals, Stale};
use domain::time::Clock;
use domain::workspace::Workspace;
use interchange::event_document::read;
use migrations::{Migrator, MigratorTrait as _};
use persistence::{
    AccountCreateRefused, Connect, Effect, Error, EventImport, Fault, Missing, NewToken, Random,
    Store, WorkspaceCreateRefused,
};
use sea_orm_migration::sea_orm::{
    ConnectionTrait as _, Database, DatabaseConnection, DbBackend, Statement,
};
use tests::{Backend, EXAMPLES, STAGEHAND, TestApp, TestDatabase, both, example};

both!(
    an_event_is_published_once,
    a_stale_version_is_refused,
    a_document_sent_eight_times_at_once_is_one_event,
    documents_that_share_people_may_come_at_once,
    readers_never_see_half_an_import,
    a_slug_is_given_once,
    what_refers_to_nothing_is_not_written,
    another_workspace_does_not_exist,
    migrations_go_all_the_way_down_and_up,
    ids_sort_as_they_were_minted,
);

/// Two programs on one database, in turn.
async fn nodes(app: &TestApp) -> impl Fn(usize) -> Store {
    let nodes = [app.store.clone(), store_on(&app.database.url).await];
    move |number| nodes[number % nodes.len()].clone()
}

/// So many of the same at once.
async fn at_once<F>(count: usize, make: impl Fn(usize) -> F) -> Vec<F::Output>
where
    F: Future<Output: Send + 'static> + Send + 'static,
{
    let barrier = Arc::new(tokio::sync::Barrier::new(count));
    let tasks: Vec<_> = (0..count)
        .map(|number| {
            let (barrier, one) = (Arc::clone(&barrier), make(number));
            tokio::spawn(async move {
                barrier.wait().await;
                one.await
            })
        })
        .collect();
    let mut outcomes = Vec::with_capacity(count);
    for task in tasks {
        outcomes.push(task.await.expect("no panic"));
    }
    outcomes
}

fn document(text: &str) -> EventDocument {
    read(text).unwrap_or_else(|problems| panic!("{problems:#?}\n{text}"))
}

fn import(workspace: &Workspace, document: EventDocument) -> EventImport {
    EventImport {
        workspace: workspace.id,
        document,
        missing: Missing::Keep,
        effect: Effect::Apply,
    }
}

fn why<R>(refused: Refusals<R>) -> Vec<R> {
    let refused = refused.into_vec().into_iter();
    refused.map(|one| one.why).collect()
}

async fn an_event_is_published_once(backend: Backend) {
    let app = TestApp::new(backend).await;
    let node = nodes(&app).await;
    let here = app.workspace("here").await;
    let event = app.import(&here, &example("jimei-forum-2024")).await;
    let outcomes = at_once(12, |number| {
        let store = node(number);
        async move { store.publish_event(&STAGEHAND, event.id, None).await }
    })
    .await;
    let mut published = Vec::new();
    for outcome in outcomes {
        match outcome {
            Ok(event) => published.push(event),
            Err(Error::Refused(refused)) => assert_eq!(
                why(refused),
                [EventPublishRefused::IllegalState(IllegalState(
                    "an event that is PUBLISHED cannot become PUBLISHED".to_owned()
                ))]
            ),
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(published.len(), 1);
    assert_eq!(published[0].version, event.version + 1);
    let now = app.store.events(&STAGEHAND, &[event.id]).await;
    assert_eq!(now.expect("the event"), published);
}

async fn a_stale_version_is_refused(backend: Backend) {
    let app = TestApp::new(backend).await;
    let node = nodes(&app).await;
    let here = app.workspace("here").await;
    let event = app.import(&here, &example("jimei-forum-2024")).await;
    let before = app.database.contents().await;
    let stale = |current| {
        EventPublishRefused::Stale(Stale {
            id: event.id.to_string(),
            current,
        })
    };
    for seen in [event.version - 1, event.version + 1] {
        let refused = app.store.publish_event(&STAGEHAND, event.id, Some(seen));
        match refused.await {
            Err(Error::Refused(refused)) => assert_eq!(why(refused), [stale(event.version)]),
            other => panic!("{other:?}"),
        }
        assert_eq!(app.database.contents().await, before);
    }

    // Of those who have all seen the same version, one is in time.
    let outcomes = at_once(8, |number| {
        let store = node(number);
        async move {
            let expected = Some(event.version);
            store.publish_event(&STAGEHAND, event.id, expected).await
        }
    })
    .await;
    let (done, late): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
    assert_eq!(done.len(), 1);
    for outcome in late {
        match outcome {
            Err(Error::Refused(refused)) => {
                assert!(why(refused).contains(&stale(event.version + 1)));
            }
            other => panic!("{other:?}"),
        }
    }
}

async fn a_document_sent_eight_times_at_once_is_one_event(backend: Backend) {
    let app = TestApp::new(backend).await;
    let node = nodes(&app).await;
    let here = app.workspace("here").await;
    let sent = document(&example("jimei-forum-2024"));
    let outcomes = at_once(8, |number| {
        let (store, import) = (node(number), import(&here, sent.clone()));
        async move { store.import_event(&STAGEHAND, import).await }
    })
    .await;
    let mut created = Vec::new();
    let mut ids = Vec::new();
    for outcome in outcomes {
        let (event, changes) = outcome.unwrap_or_else(|error| panic!("{error:?}"));
        ids.push(event.id);
        created.push(changes.created);
        assert_eq!((changes.updated, changes.removed), (0, 0));
    }
    ids.dedup();
    assert_eq!(ids.len(), 1);
    // One has made everything; the others have found it.
    created.sort_unstable();
    let everything = created.pop().expect("the largest");
    assert!(everything > 0);
    assert_eq!(created, [0; 7]);

    let lone = TestApp::new(backend).await;
    let elsewhere = lone.workspace("here").await;
    lone.import(&elsewhere, &example("jimei-forum-2024")).await;
    let rows = |contents: BTreeMap<String, Vec<String>>| -> BTreeMap<String, usize> {
        let tables = contents.into_iter();
        tables.map(|(table, rows)| (table, rows.len())).collect()
    };
    assert_eq!(
        rows(app.database.contents().await),
        rows(lone.database.contents().await)
    );
}

/// A document that has a person and an organization in common with its likes.
fn sharing(number: usize) -> EventDocument {
    document(&format!(
        "
key: event-{number}
language: en
title: Event {number}
time: {{ timeZone: UTC, startsOn: 2024-01-01 }}
organizations:
  - {{ key: works, name: Works, memberships: [{{ member: {{ person: ada }} }}, {{ member: {{ person: own-{number} }} }}] }}
people:
  - {{ key: own-{number}, name: Person {number} }}
  - {{ key: ada, name: Ada, posts: [{{ title: head, organization: works }}] }}
roles:
  - {{ organization: works, role: HOST }}
appearances:
  - {{ role: CHAIR, person: ada }}
"
    ))
}

async fn documents_that_share_people_may_come_at_once(backend: Backend) {
    const EVENTS: usize = 8;
    let app = TestApp::new(backend).await;
    let node = nodes(&app).await;
    let here = app.workspace("here").await;
    let outcomes = at_once(EVENTS, |number| {
        let (store, import) = (node(number), import(&here, sharing(number)));
        async move { store.import_event(&STAGEHAND, import).await }
    })
    .await;
    let mut events = Vec::new();
    for outcome in outcomes {
        events.push(outcome.unwrap_or_else(|error| panic!("{error:?}")).0.id);
    }
    let contents = app.database.contents().await;
    let expected = [
        ("event", EVENTS),
        ("organization", 1),
        ("person", 1 + EVENTS),
        ("post", 1),
        ("membership", 1 + EVENTS),
        ("event_organization", EVENTS),
        ("participant", EVENTS),
        ("appearance", EVENTS),
    ];
    for (table, rows) in expected {
        assert_eq!(contents[table].len(), rows, "{table}");
    }
    // Each is whole, and sending all of them again changes nothing.
    for number in 0..EVENTS {
        let import = import(&here, sharing(number));
        let (_, changes) = app
            .store
            .import_event(&STAGEHAND, import)
            .await
            .expect("it");
        assert_eq!((changes.created, changes.removed), (0, 0));
    }
    for event in events {
        let whole = app.store.export_event(&STAGEHAND, event).await.expect("it");
        assert_eq!(whole.organizations[0].memberships.len(), 1 + EVENTS);
    }
}

async fn readers_never_see_half_an_import(backend: Backend) {
    let app = TestApp::new(backend).await;
    let here = app.workspace("here").await;
    let (odd, even) = (
        document(&example("jimei-forum-2024")),
        EventDocument {
            agenda: Vec::new(),
            groups: Vec::new(),
            ..document(&example("jimei-forum-2024"))
        },
    );
    let replace = |document: &EventDocument| EventImport {
        missing: Missing::Remove,
        ..import(&here, document.clone())
    };
    let (event, _) = app
        .store
        .import_event(&STAGEHAND, replace(&odd))
        .await
        .expect("it");
    let store = app.store.clone();
    let imports: Vec<_> = (0..6)
        .map(|turn| replace(if turn % 2 == 0 { &even } else { &odd }))
        .collect();
    let writer = tokio::spawn(async move {
        for import in imports {
            store.import_event(&STAGEHAND, import).await.expect("it");
        }
    });
    let mut seen = 0;
    while !writer.is_finished() || seen == 0 {
        let document = app
            .store
            .export_event(&STAGEHAND, event.id)
            .await
            .expect("it");
        let items = document.agenda.len();
        assert!(items == 0 || items == odd.agenda.len(), "{items}");
        assert_eq!(document.groups.is_empty(), items == 0);
        let agendas = app
            .store
            .agendas(&STAGEHAND, &[event.id])
            .await
            .expect("it");
        let items = agendas[0].items().len();
        assert!(items == 0 || items == odd.agenda.len(), "{items}");
        seen += 1;
    }
    writer.await.expect("no panic");
}

async fn a_slug_is_given_once(backend: Backend) {
    let app = TestApp::new(backend).await;
    let node = nodes(&app).await;
    let slug: Slug = "office".parse().expect("a slug");
    let workspaces = at_once(8, |number| {
        let (store, slug) = (node(number), slug.clone());
        async move {
            let name = format!("Office {number}");
            store.create_workspace(&STAGEHAND, slug, name).await
        }
    })
    .await;
    let (made, refused): (Vec<_>, Vec<_>) = workspaces.into_iter().partition(Result::is_ok);
    assert_eq!(made.len(), 1);
    for outcome in refused {
        match outcome {
            Err(Error::Refused(WorkspaceCreateRefused::SlugTaken(taken))) => {
                assert_eq!(taken, slug);
            }
            other => panic!("{other:?}"),
        }
    }
    let accounts = at_once(8, |number| {
        let (store, slug) = (node(number), slug.clone());
        async move {
            let name = format!("Colleague {number}");
            store.create_account(&STAGEHAND, slug, name).await
        }
    })
    .await;
    let (made, refused): (Vec<_>, Vec<_>) = accounts.into_iter().partition(Result::is_ok);
    assert_eq!(made.len(), 1);
    for outcome in refused {
        match outcome {
            Err(Error::Refused(AccountCreateRefused::SlugTaken(taken))) => assert_eq!(taken, slug),
            other => panic!("{other:?}"),
        }
    }
    let contents = app.database.contents().await;
    assert_eq!(
        (contents["workspace"].len(), contents["account"].len()),
        (1, 1)
    );

    // An event's slug is its workspace's: the same in another is another event.
    let here = app.workspace("here").await;
    let there = app.workspace("there").await;
    let one = app.import(&here, &example("jimei-forum-2024")).await;
    let other = app.import(&there, &example("jimei-forum-2024")).await;
    assert_ne!(one.id, other.id);
}

/// On SQLite foreign keys are only kept where a connection asks for it.
async fn what_refers_to_nothing_is_not_written(backend: Backend) {
    let app = TestApp::new(backend).await;
    let here = app.workspace("here").await;
    let before = app.database.contents().await;
    let nobody = NewToken {
        account_id: AccountId::from_uuid(here.id.uuid()),
        label: String::new(),
        grants: Vec::new(),
        scopes: None,
        expires_at: None,
    };
    let fault = app.store.create_token(&STAGEHAND, nobody).await;
    assert!(
        matches!(fault, Err(Error::Fault(Fault::Database(_)))),
        "{fault:?}"
    );
    assert_eq!(app.database.contents().await, before);

    // Half of a transaction that fails has not happened either: the token of a workspace that is
    // not there.
    let (token, _) = app.make_token(&[(&here, Role::Viewer)], None, None).await;
    let before = app.database.contents().await;
    let nowhere = NewToken {
        account_id: token.account_id,
        label: String::new(),
        grants: vec![domain::access::Grant {
            workspace_id: WorkspaceId::from_uuid(token.id.uuid()),
            role: Role::Owner,
        }],
        scopes: None,
        expires_at: None,
    };
    let fault = app.store.create_token(&STAGEHAND, nowhere).await;
    assert!(
        matches!(fault, Err(Error::Fault(Fault::Database(_)))),
        "{fault:?}"
    );
    assert_eq!(app.database.contents().await, before);
    // And the store still writes.
    app.workspace("there").await;
}

async fn another_workspace_does_not_exist(backend: Backend) {
    let app = TestApp::new(backend).await;
    let (here, there) = (app.workspace("here").await, app.workspace("there").await);
    let theirs = app.import(&there, &example("jimei-forum-2024")).await;
    let (_, secret) = app.make_token(&[(&here, Role::Owner)], None, None).await;
    let owner = app
        .store
        .authenticate(&secret)
        .await
        .expect("no fault")
        .expect("one");
    let before = app.database.contents().await;
    let nothing = EventId::from_uuid(here.id.uuid());
    let nowhere = WorkspaceId::from_uuid(theirs.id.uuid());

    // What is another's answers as what is not there at all.
    for event in [theirs.id, nothing] {
        let denied = app.store.publish_event(&owner, event, None).await;
        assert!(
            matches!(denied, Err(Error::Denied(Denied::NotFound))),
            "{denied:?}"
        );
        let denied = app.store.export_event(&owner, event).await;
        assert!(
            matches!(denied, Err(Error::Denied(Denied::NotFound))),
            "{denied:?}"
        );
        assert!(
            app.store
                .events(&owner, &[event])
                .await
                .expect("none")
                .is_empty()
        );
        assert!(
            app.store
                .agendas(&owner, &[event])
                .await
                .expect("none")
                .is_empty()
        );
    }
    for workspace in [there.id, nowhere] {
        let import = EventImport {
            workspace,
            ..import(&here, sharing(1))
        };
        let denied = app.store.import_event(&owner, import.clone()).await;
        assert!(
            matches!(denied, Err(Error::Denied(Denied::NotFound))),
            "{denied:?}"
        );
        let denied = app.store.import_event(&Actor::Anonymous, import).await;
        assert!(
            matches!(denied, Err(Error::Denied(Denied::Unauthenticated))),
            "{denied:?}"
        );
    }
    // Not even for the program itself is there a workspace that is not there.
    let import = EventImport {
        workspace: nowhere,
        ..import(&here, sharing(1))
    };
    let denied = app.store.import_event(&STAGEHAND, import).await;
    assert!(
        matches!(denied, Err(Error::Denied(Denied::NotFound))),
        "{denied:?}"
    );
    assert_eq!(app.database.contents().await, before);
}

/// A store of its own on a database.
async fn store_on(url: &str) -> Store {
    let connect = Connect {
        url: url.to_owned(),
        connections: 2,
        clock: Arc::new(StandingStill),
        random: Arc::new(Sevens),
        link_key: None,
        storage: None,
    };
    Store::connect(connect).await.expect("the store connects")
}

/// Every table, column, index and constraint, as the database tells them.
async fn shape(connection: &DatabaseConnection) -> Vec<String> {
    let backend = connection.get_database_backend();
    let queries: &[&str] = if backend == DbBackend::Sqlite {
        &["SELECT type || ' ' || name || ' ' || coalesce(sql, '') AS value FROM sqlite_master"]
    } else {
        &[
            "SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '') AS value
             FROM information_schema.columns WHERE table_schema = current_schema()",
            "SELECT indexdef AS value FROM pg_indexes WHERE schemaname = current_schema()",
            "SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) AS value
             FROM pg_constraint WHERE connamespace = current_schema()::regnamespace",
        ]
    };
    let mut shape = Vec::new();
    for query in queries {
        let rows = connection.query_all_raw(Statement::from_string(backend, *query));
        let rows = rows.await.expect("its shape");
        shape.extend(
            rows.iter()
                .map(|row| row.try_get::<String>("", "value").expect("text")),
        );
    }
    shape.sort();
    shape
}

async fn migrations_go_all_the_way_down_and_up(backend: Backend) {
    let database = TestDatabase::create(backend).await;
    let connection = Database::connect(&database.url)
        .await
        .expect("a connection");
    let store = store_on(&database.url).await;
    assert_eq!(store.pending_migrations().await.expect("a number"), 0);
    let before = shape(&connection).await;
    let tables = database.contents().await;
    assert!(tables.contains_key("event") && tables.contains_key("access_token"));

    Migrator::down(&connection, None)
        .await
        .expect("all the way down");
    let steps = Migrator::migrations().len();
    assert_eq!(store.pending_migrations().await.expect("a number"), steps);
    let tables = database.contents().await;
    assert_eq!(tables.keys().collect::<Vec<_>>(), ["seaql_migrations"]);

    store.migrate().await.expect("all the way up");
    assert_eq!(store.pending_migrations().await.expect("a number"), 0);
    assert_eq!(shape(&connection).await, before);
    store.migrate().await.expect("nothing to do");
    assert_eq!(shape(&connection).await, before);

    // It is the database it was, not only in name.
    let slug: Slug = "here".parse().expect("a slug");
    let here = store
        .create_workspace(&STAGEHAND, slug, "Here".to_owned())
        .await;
    let here = here.expect("a workspace");
    for slug in EXAMPLES {
        let import = import(&here, document(&example(slug)));
        store.import_event(&STAGEHAND, import).await.expect("it");
    }
    drop(connection);
}

async fn ids_sort_as_they_were_minted(backend: Backend) {
    let database = TestDatabase::create(backend).await;
    let store = store_on(&database.url).await;
    // The clock stands still and every random number is the same: what tells ids apart is their
    // count, also beyond what fits into a millisecond.
    let slug: Slug = "here".parse().expect("a slug");
    let here = store
        .create_workspace(&STAGEHAND, slug, "Here".to_owned())
        .await;
    let here = here.expect("a workspace");
    let mut large = sharing(1);
    let ada = large.people.pop().expect("Ada");
    large.people = (0..5_000)
        .map(|number| domain::event_document::PersonEntry {
            key: format!("person-{number}").parse().expect("a key"),
            posts: Vec::new(),
            ..ada.clone()
        })
        .collect();
    large.organizations.clear();
    large.roles.clear();
    large.appearances.clear();
    large.groups.clear();
    large.participants = large
        .people
        .iter()
        .map(|one| domain::event_document::ParticipantEntry {
            person: one.key.clone(),
            category: None,
            status: None,
            representing: None,
            on_behalf_of: None,
            printed_name: None,
            printed_posts: None,
            availability: Vec::new(),
        })
        .collect();
    let (event, _) = store
        .import_event(&STAGEHAND, import(&here, large.clone()))
        .await
        .expect("it");
    let exported = store.export_event(&STAGEHAND, event.id).await.expect("it");
    assert!(exported.people == large.people, "in another order");
}

/// What a SQLite file keeps of its settings. (Foreign keys are each connection's own: see above.)
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sqlite_file_is_made_and_written_ahead() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("new.db");
    let url = format!("sqlite://{}", file.display());
    let store = store_on(&url).await;
    assert!(store.is_embedded());
    store.migrate().await.expect("from nothing");
    assert_eq!(store.pending_migrations().await.expect("a number"), 0);
    store.ping().await.expect("a sign of life");

    let connection = Database::connect(&url).await.expect("a second connection");
    let mode = Statement::from_string(DbBackend::Sqlite, "PRAGMA journal_mode");
    let mode = connection.query_one_raw(mode).await.expect("an answer");
    let mode: String = mode
        .expect("a row")
        .try_get("", "journal_mode")
        .expect("text");
    assert_eq!(mode, "wal");
}

#[tokio::test]
async fn a_database_of_another_kind_is_refused() {
    for (url, named) in [
        ("mysql://root:hunter2@localhost/convoke", "mysql"),
        ("host=localhost password=hunter2", "`…`"),
        ("", "`…`"),
        ("sqlite::memory:", "memory"),
    ] {
        let connect = Connect {
            url: url.to_owned(),
            connections: 1,
            clock: Arc::new(StandingStill),
            random: Arc::new(Sevens),
            link_key: None,
            storage: None,
        };
        match Store::connect(connect).await {
            Err(Fault::UnknownDatabase(text)) => {
                let told = Fault::UnknownDatabase(text).to_string();
                assert!(told.contains(named) && !told.contains("hunter2"), "{told}");
            }
            other => panic!("{other:?}"),
        }
    }
}

#[derive(Debug)]
struct StandingStill;

impl Clock for StandingStill {
    fn now(&self) -> chrono::DateTime<chrono::Utc> {
        chrono::DateTime::UNIX_EPOCH
    }
}

/// The worst there can be: always the same.
#[derive(Debug)]
struct Sevens;

impl Random for Sevens {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), Fault> {
        bytes.fill(7);
        Ok(())
    }
}
