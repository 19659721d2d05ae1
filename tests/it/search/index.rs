//! The database keeps the index itself, and answers by it.

use domain::access::{Actor, Role};
use domain::workspace::Workspace;
use migrations::{Migrator, MigratorTrait as _};
use persistence::{EventFilter, OrganizationFilter, PersonFilter, Searched};
use sea_orm_migration::sea_orm::Database;
use serde_json::json;
use tests::{Backend, STAGEHAND, TestApp, both};

use super::{found, people};

both!(
    who_is_renamed_is_found_by_the_new_name_alone,
    a_search_is_answered_by_the_index,
    rows_of_before_are_found_as_well,
);

async fn who_is_renamed_is_found_by_the_new_name_alone(backend: Backend) {
    let app = TestApp::new(backend).await;
    let workspace = app.workspace("office").await;
    let client = app.as_viewer(&workspace).await;
    let before = [json!({ "name": "王小明" }), json!({ "name": "王大明" })];
    app.import(&workspace, &people("crowd", &before)).await;
    assert_eq!(found(&client, "people", "王小").await, ["王小明"]);
    let after = [json!({ "name": "赵小明" }), json!({ "name": "王大明" })];
    app.import(&workspace, &people("crowd", &after)).await;
    assert_eq!(found(&client, "people", "王小").await, Vec::<String>::new());
    assert_eq!(found(&client, "people", "赵").await, ["赵小明"]);
    assert_eq!(found(&client, "people", "明").await, ["王大明", "赵小明"]);
    // Who is gone leaves nothing in the index, and who comes back is found again.
    app.database
        .execute("DELETE FROM person WHERE name = '赵小明'")
        .await;
    assert_eq!(found(&client, "people", "赵").await, Vec::<String>::new());
    assert_eq!(found(&client, "people", "明").await, ["王大明"]);
    app.import(&workspace, &people("crowd", &after)).await;
    assert_eq!(found(&client, "people", "明").await, ["王大明", "赵小明"]);
}

/// So many more rows, by no door of ours: an import would take longer than what is asked here.
async fn fill(app: &TestApp, workspace: &Workspace, count: usize) {
    let (id, numbers) = match app.database.backend {
        Backend::Sqlite => (
            "randomblob(16)",
            format!(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})"
            ),
        ),
        Backend::Postgres => (
            "gen_random_uuid()",
            format!("WITH n(i) AS (SELECT generate_series(1, {count}))"),
        ),
    };
    let office = match app.database.backend {
        Backend::Sqlite => format!("x'{}'", workspace.id.uuid().simple()),
        Backend::Postgres => format!("'{}'", workspace.id.uuid()),
    };
    for (table, columns, values) in [
        ("person", "name, search_text, further_names", "'P ' || i, 'p ' || i, '{}'"),
        (
            "organization",
            "kind, name, sort_name, search_text, aliases, goals",
            "'OTHER', '{}', 'O ' || i, 'o ' || i, '[]', '[]'",
        ),
        (
            "event",
            "slug, kind, status, visibility, title, sort_title, search_text, alternative_titles, topics,
             time_zone, starts_on, ends_on, agenda_revision, created_at, updated_at",
            "'e-' || i, 'OTHER', 'DRAFT', 'WORKSPACE', '{}', 'E ' || i, 'e ' || i, '[]', '[]',
             'UTC', '2024-01-01', '2024-01-01', 1, '2024-01-01', '2024-01-01'",
        ),
    ] {
        // Of text beside a number, PostgreSQL is told that it is to be a date or JSON.
        let values = if app.database.backend == Backend::Postgres {
            values
                .replace("'{}'", "'{}'::jsonb")
                .replace("'[]'", "'[]'::jsonb")
                .replace("'2024-01-01'", "'2024-01-01'::date")
        } else {
            values.to_owned()
        };
        app.database
            .execute(&format!(
                "INSERT INTO {table} (id, workspace_id, version, {columns}) {numbers} SELECT {id}, {office}, 1, {values} FROM n"
            ))
            .await;
    }
    if app.database.backend == Backend::Postgres {
        app.database.execute("ANALYZE").await;
    }
}

async fn a_search_is_answered_by_the_index(backend: Backend) {
    let app = TestApp::new(backend).await;
    let workspace = app.workspace("office").await;
    fill(&app, &workspace, 5_000).await;
    let secret = app.token(&workspace, Role::Owner, None).await;
    let owner = app
        .store
        .authenticate(&secret)
        .await
        .expect("an answer")
        .expect("an actor");
    // What stands in no row, in few, and in every one of a table.
    for text in ["李", "李明", "1234", "p 77", "p", "o", "e"] {
        let search = Some(text.to_owned());
        let (people, organizations, events) = (
            PersonFilter {
                search: search.clone(),
                ..PersonFilter::default()
            },
            OrganizationFilter {
                search: search.clone(),
                ..OrganizationFilter::default()
            },
            EventFilter {
                search,
                ..EventFilter::default()
            },
        );
        for (table, searched) in [
            ("person", Searched::People(&people)),
            ("organization", Searched::Organizations(&organizations)),
            ("event", Searched::Events(&events)),
        ] {
            for actor in [&owner, &STAGEHAND, &Actor::Anonymous] {
                let plan = app
                    .store
                    .explain_search(actor, searched)
                    .await
                    .expect("a plan");
                let (through, whole) = match backend {
                    Backend::Sqlite => (
                        vec![
                            format!("SCAN {table}_gram VIRTUAL TABLE INDEX 0:M"),
                            format!("SEARCH {table}_gram_row USING INTEGER PRIMARY KEY"),
                            format!("SEARCH {table} USING INDEX sqlite_autoindex_{table}_1 (id=?)"),
                        ],
                        format!("SCAN {table}\n"),
                    ),
                    Backend::Postgres => (
                        vec![format!("Bitmap Index Scan on {table}_search_text_idx")],
                        format!("Seq Scan on {table}"),
                    ),
                };
                for step in through {
                    assert!(plan.contains(&step), "{text}, {step}:\n{plan}");
                }
                // To the public other tables are looked through: which events are public.
                assert!(
                    *actor == Actor::Anonymous || !plan.contains(&whole),
                    "{text}:\n{plan}"
                );
            }
        }
    }
}

async fn rows_of_before_are_found_as_well(backend: Backend) {
    let app = TestApp::new(backend).await;
    let workspace = app.workspace("office").await;
    let crowd = [
        json!({ "name": "José Groß" }),
        json!({ "name": "张　三", "transcription": "Zhāng Sān" }),
    ];
    app.import(&workspace, &people("crowd", &crowd)).await;
    let connection = Database::connect(&app.database.url)
        .await
        .expect("a connection");
    let steps = Migrator::migrations();
    let place = steps
        .iter()
        .position(|step| step.name() == "m20261124_000010_search");
    let later = steps.len() - place.expect("the step");
    let later = u32::try_from(later).expect("few");
    Migrator::down(&connection, Some(later))
        .await
        .expect("down");
    // As it was folded then, and not the main name first.
    for (name, before) in [("José Groß", "josé groß"), ("张　三", "zhāng sān\n张 三")] {
        app.database
            .execute(&format!(
                "UPDATE person SET search_text = '{before}' WHERE name = '{name}'"
            ))
            .await;
    }
    Migrator::up(&connection, None).await.expect("up");
    connection.close().await.expect("to close a connection");
    let client = app.as_viewer(&workspace).await;
    assert_eq!(found(&client, "people", "jose gross").await, ["José Groß"]);
    assert_eq!(found(&client, "people", "zhang").await, ["张　三"]);
    assert_eq!(found(&client, "people", "张三").await, ["张　三"]);
    assert_eq!(found(&client, "events", "crowd").await, ["crowd"]);
    let kept = app.database.contents().await;
    let people = kept["person"].join("\n");
    assert!(
        people.contains("jose gross") && people.contains("张三"),
        "{people}"
    );
    assert!(people.find("张三") < people.find("zhang san"), "{people}");
}
