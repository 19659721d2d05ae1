//! Mutations as a client sends them. What is asked back is made from the schema, so that a test says
//! only what it does and what comes of it.

use std::sync::LazyLock;

use serde_json::{Value, json};
use tests::{Answer, Client, Sdl};

/// The schema that is served.
pub static SDL: LazyLock<Sdl> = LazyLock::new(Sdl::served);

/// Something that was made or changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Its id.
    pub id: String,
    /// The version that it is at.
    pub version: i64,
}

/// Sends a mutation, and asks back all that its payload tells; of things which they are, and at
/// which version.
pub async fn send(client: &Client<'_>, mutation: &str, input: Value) -> Answer {
    let mutation = field_of(mutation);
    let field = &SDL.of("Mutation").fields[mutation];
    let input_type = field.arguments["input"].of.name();
    let told = told(field.of.name());
    let operation =
        format!("mutation($input: {input_type}!) {{ {mutation}(input: $input) {{ {told} }} }}");
    client.ask(&operation, json!({ "input": input })).await
}

/// A mutation may be told apart from itself by what stands behind a slash.
pub fn field_of(mutation: &str) -> &str {
    mutation.split('/').next().unwrap_or(mutation)
}

/// What it did, where nothing was wrong.
pub async fn done(client: &Client<'_>, mutation: &str, input: Value) -> Value {
    let answer = send(client, mutation, input.clone()).await;
    let payload = &answer.expect_data()[field_of(mutation)];
    assert_eq!(
        payload["userErrors"],
        json!([]),
        "{mutation} of {input:#}: {payload:#}"
    );
    payload.clone()
}

/// The one thing that it made or changed.
pub async fn made(client: &Client<'_>, mutation: &str, input: Value) -> Made {
    let payload = done(client, mutation, input).await;
    let members = payload.as_object().expect("an object");
    let mut things = members.values().filter(|one| one["id"].is_string());
    let thing = things
        .next()
        .unwrap_or_else(|| panic!("{mutation} made nothing: {payload:#}"));
    Made {
        id: thing["id"].as_str().expect("an id").to_owned(),
        version: thing["version"].as_i64().expect("a version"),
    }
}

/// What was wrong. Nothing else may be told then, and no row may be otherwise.
pub async fn refused(
    app: &tests::TestApp,
    client: &Client<'_>,
    mutation: &str,
    input: Value,
) -> Vec<Value> {
    let before = app.database.contents().await;
    let answer = send(client, mutation, input.clone()).await;
    let payload = &answer.expect_data()[mutation];
    let errors = payload["userErrors"].as_array().expect("a list");
    assert!(!errors.is_empty(), "{mutation} took {input:#}: {payload:#}");
    for (member, value) in payload.as_object().expect("an object") {
        let nothing = value.is_null() || *value == json!([]) || *value == json!(0);
        assert!(member == "userErrors" || nothing, "{payload:#}");
    }
    assert!(
        before == app.database.contents().await,
        "{mutation} was refused and left a trace: {input:#}"
    );
    errors.clone()
}

/// Each error as its code and its path: `NOT_FOUND input.roomId`.
pub fn in_short(errors: &[Value]) -> Vec<String> {
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let short = errors.iter().map(|error| {
        assert!(!text(&error["message"]).is_empty(), "{error}");
        let path: Vec<_> = error["path"].as_array().expect("a path").iter().collect();
        let path: Vec<_> = path.into_iter().map(text).collect();
        format!("{} {}", text(&error["code"]), path.join("."))
    });
    short.collect()
}

/// An input with more members, or other ones.
pub fn with(mut input: Value, more: Value) -> Value {
    let (Value::Object(members), Value::Object(more)) = (&mut input, more) else {
        panic!("not an object: {input}");
    };
    members.extend(more);
    input
}

fn told(payload: &str) -> String {
    let fields = &SDL.of(payload).fields;
    let each = fields.iter().map(|(field, is)| {
        if field == "userErrors" {
            return format!("userErrors {{ {} }}", *ERRORS);
        }
        let of = is.of.name();
        let is_node = |name: &&str| SDL.of(name).implements.iter().any(|one| one == "Node");
        match SDL.objects(of).as_slice() {
            [] => field.clone(),
            [name] if is_node(name) && SDL.of(name).fields.contains_key("version") => {
                format!("{field} {{ __typename id version }}")
            }
            [name] if is_node(name) => format!("{field} {{ __typename id }}"),
            _ => format!("{field} {{ {} }}", told(of)),
        }
    });
    each.collect::<Vec<_>>().join(" ")
}

/// Everything that errors tell.
static ERRORS: LazyLock<String> = LazyLock::new(|| {
    let versioned = SDL.objects("Node").into_iter();
    let versioned = versioned.filter(|name| SDL.of(name).fields.contains_key("version"));
    let current: Vec<_> = versioned
        .map(|name| format!("... on {name} {{ version }}"))
        .collect();
    format!(
        "__typename code message path
         ... on StaleVersionError {{ currentVersion current {{ __typename id {} }} }}
         ... on AlreadyExistsError {{ existing {{ __typename id }} }}
         ... on InUseError {{ uses {{ typeName count }} }}",
        current.join(" ")
    )
});
