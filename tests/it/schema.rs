//! The schema as a product of its own: written down, described, and with examples that run.

use graphql_api::http::graphiql;
use serde_json::{Value, json};
use tests::{Backend, EXAMPLES, Kind, Sdl, TestApp, both};

both!(
    introspection_describes_everything,
    the_examples_of_the_console_run
);

#[test]
fn the_schema_that_is_committed_is_the_one_that_is_served() {
    let file = tests::root().join("schema.graphql");
    let committed = std::fs::read_to_string(&file).expect("schema.graphql");
    let served = graphql_api::sdl();
    let differs = committed
        .lines()
        .zip(served.lines())
        .position(|(one, other)| one != other);
    assert!(
        committed == served,
        "schema.graphql is not what is served, from line {}: run `just schema`",
        differs.unwrap_or_else(|| committed.lines().count().min(served.lines().count())) + 1
    );
}

#[test]
fn every_part_of_the_schema_has_a_description() {
    let sdl = Sdl::served();
    let mut found = Vec::new();
    let mut check = |place: String, description: &Option<String>| {
        if description
            .as_ref()
            .is_none_or(|text| text.trim().is_empty())
        {
            found.push(place);
        }
    };
    for (name, of) in &sdl.types {
        check(name.clone(), &of.description);
        for (value, description) in &of.values {
            check(format!("{name}.{value}"), description);
        }
        for (field, told) in &of.fields {
            check(format!("{name}.{field}"), &told.description);
            for (argument, asked) in &told.arguments {
                check(format!("{name}.{field}({argument})"), &asked.description);
            }
        }
    }
    assert!(
        found.is_empty(),
        "these are not described:\n{}",
        found.join("\n")
    );
}

#[test]
fn every_scalar_says_by_what_it_is_specified() {
    let sdl = Sdl::served();
    let mut scalars = Vec::new();
    for (name, of) in sdl.types.iter().filter(|(_, of)| of.kind == Kind::Scalar) {
        let specified = of.directives.iter().find(|one| one.name == "specifiedBy");
        let address = specified.and_then(|one| one.arguments.get("url"));
        assert!(
            address.is_some_and(|address| address.starts_with("https://")),
            "{name}"
        );
        scalars.push(name.as_str());
    }
    assert_eq!(
        scalars,
        [
            "Date",
            "DateTime",
            "LanguageTag",
            "LocalDateTime",
            "TimeZone",
            "URL"
        ]
    );
}

#[test]
fn lists_and_their_contents_are_never_null_but_where_a_right_is_lacking() {
    let sdl = Sdl::served();
    let mut found = Vec::new();
    for (name, of) in sdl.types.iter().filter(|(_, of)| of.kind != Kind::Input) {
        for (field, told) in &of.fields {
            let right = told.requires().is_some_and(|right| right != "PUBLIC_READ");
            if told.of.is_list() && told.of.is_nullable() && !right {
                found.push(format!("{name}.{field}: {}", told.of));
            }
            if told.of.name() == "Boolean" && told.of.is_nullable() {
                found.push(format!("{name}.{field}: {}", told.of));
            }
        }
    }
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn names_follow_the_conventions() {
    let sdl = Sdl::served();
    let mut found = Vec::new();
    for (name, of) in &sdl.types {
        let plain = !name.ends_with("Type") && !name.contains('_');
        if !plain || !name.starts_with(|first: char| first.is_ascii_uppercase()) {
            found.push(name.clone());
        }
        for field in of.fields.keys() {
            if field.starts_with("get") || field.contains('_') {
                found.push(format!("{name}.{field}"));
            }
        }
        for value in of.values.keys() {
            if *value != value.to_uppercase() {
                found.push(format!("{name}.{value}"));
            }
        }
    }
    // One input and one payload to each mutation, of its own.
    for (name, field) in &sdl.of("Mutation").fields {
        let mut capital = name[..1].to_uppercase();
        capital.push_str(&name[1..]);
        let input = field
            .arguments
            .get("input")
            .map(|input| input.of.to_string());
        if input != Some(format!("{capital}Input!"))
            || field.arguments.len() != 1
            || field.of.to_string() != format!("{capital}Payload!")
        {
            found.push(format!("Mutation.{name}"));
        }
    }
    assert!(found.is_empty(), "{found:?}");
}

/// What the schema language shows, introspection shows too.
async fn introspection_describes_everything(backend: Backend) {
    let app = TestApp::new(backend).await;
    let operation = "{ __schema { types { kind name description specifiedByURL
        fields(includeDeprecated: true) { name description args { name description } }
        inputFields { name description } enumValues(includeDeprecated: true) { name description }
    } } }";
    let answer = app.anonymous().query(operation).await;
    let types = answer.expect_data()["__schema"]["types"]
        .as_array()
        .expect("types")
        .clone();
    assert!(types.len() > 80, "{}", types.len());
    for one in &types {
        let name = one["name"].as_str().expect("a name");
        // The specification's own.
        if name.starts_with("__") || ["ID", "String", "Int", "Float", "Boolean"].contains(&name) {
            continue;
        }
        described(one, name);
        assert_eq!(
            one["kind"] == "SCALAR",
            one["specifiedByURL"].is_string(),
            "{name}"
        );
        for list in ["fields", "inputFields", "enumValues"] {
            for part in one[list].as_array().into_iter().flatten() {
                let place = format!("{name}.{}", part["name"]);
                described(part, &place);
                for argument in part["args"].as_array().into_iter().flatten() {
                    described(argument, &format!("{place}({})", argument["name"]));
                }
            }
        }
    }
}

fn described(part: &Value, place: &str) {
    let description = part["description"].as_str().unwrap_or_default();
    assert!(!description.trim().is_empty(), "{place} is not described");
}

/// On what `convoke demo` serves, the operations that its page opens on have answers.
async fn the_examples_of_the_console_run(backend: Backend) {
    let app = TestApp::new(backend).await;
    let workspace = app.workspace("demo").await;
    for slug in EXAMPLES {
        app.publish_example(&workspace, slug).await;
    }
    let organiser = app.as_organiser(&workspace).await;
    for example in graphiql::EXAMPLES {
        let mut variables: Value = serde_json::from_str(example.variables).expect("JSON");
        // The one thing that a reader must fill in.
        if variables.get("workspaceId").is_some() {
            variables["workspaceId"] = json!(workspace.id.to_string());
        }
        let answer = organiser.ask(example.query, variables.clone()).await;
        let data = answer.expect_data();
        assert!(
            data.as_object()
                .is_some_and(|data| !data.values().any(Value::is_null)),
            "{data:#}"
        );
        assert_eq!(problems(data), Vec::<Value>::new(), "{}", example.title);
        if !example.query.contains("mutation") {
            app.anonymous()
                .ask(example.query, variables)
                .await
                .expect_data();
        }
    }
}

fn problems(data: &Value) -> Vec<Value> {
    let payloads = data.as_object().into_iter().flat_map(|data| data.values());
    payloads
        .filter_map(|one| one["userErrors"].as_array())
        .flatten()
        .cloned()
        .collect()
}
