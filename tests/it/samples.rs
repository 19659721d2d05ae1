//! A sample of every operation of the schema, and what it takes to ask it: things of its own, made
//! through the API by other samples.

mod papers;
mod table;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Map, Value, json};
use tests::{Answer, Client, Field, Sdl};

use crate::reach::is_set_in_type;

pub use table::{samples, things};

/// How one operation is asked.
#[derive(Debug)]
pub struct Sample {
    /// The root field, and after a comma what is special about this one.
    pub name: &'static str,
    /// The arguments of a query, or the input of a mutation. In its strings `$Event` stands for the
    /// id of a fresh event, `$Event:b` for that of another, `$Event.version` for one of its fields,
    /// `{n}` for a number that nothing else has,
    /// and `{template}` for a template of mails that is still ours.
    pub given: Value,
}

/// How a thing that samples speak of is made.
#[derive(Debug)]
pub struct ThingMaker {
    /// How samples call it.
    pub name: &'static str,
    /// Its type; none if it is no node.
    pub of: Option<&'static str>,
    /// The sample that makes it.
    pub by: &'static str,
    /// Where its id stands in the payload.
    pub at: &'static str,
}

impl Sample {
    /// The sample of this name.
    pub fn of(name: &str) -> Self {
        let found = samples().into_iter().find(|one| one.name == name);
        found.unwrap_or_else(|| panic!("no sample of {name}"))
    }

    /// The root field.
    pub fn operation(&self) -> &'static str {
        self.name.split(',').next().unwrap_or(self.name)
    }
}

/// A root field: of which type, and what the schema says of it.
pub fn root<'a>(sdl: &'a Sdl, operation: &str) -> (&'static str, &'a Field) {
    for root in ["Query", "Mutation"] {
        if let Some(field) = sdl.of(root).fields.get(operation) {
            return (root, field);
        }
    }
    panic!("the schema has no {operation}")
}

/// What a root field is asked with, as text; `given` are the variables that go with it.
pub fn document(sdl: &Sdl, operation: &str, given: &Value, deep: usize) -> (String, Value) {
    let (of, field) = root(sdl, operation);
    let selection = selection(sdl, field.of.name(), deep);
    let selection = selection.map_or_else(String::new, |inner| format!("{{ {inner} }}"));
    if of == "Mutation" {
        let input = field.arguments["input"].of.to_string();
        let text =
            format!("mutation($input: {input}) {{ {operation}(input: $input) {selection} }}");
        return (text, json!({ "input": given }));
    }
    let given = given.as_object().expect("arguments");
    let declared = given
        .keys()
        .map(|name| format!("${name}: {}", field.arguments[name].of));
    let passed = given.keys().map(|name| format!("{name}: ${name}"));
    let list = |all: Vec<String>| {
        if all.is_empty() {
            String::new()
        } else {
            format!("({})", all.join(", "))
        }
    };
    let text = format!(
        "query{} {{ {operation}{} {selection} }}",
        list(declared.collect()),
        list(passed.collect())
    );
    (text, Value::Object(given.clone()))
}

/// What is asked of a type: everything, and of the things that it refers to, so many deep, the same;
/// beyond that which they are. Nothing, where there is nothing to choose.
fn selection(sdl: &Sdl, name: &str, deep: usize) -> Option<String> {
    let objects = sdl.objects(name);
    match objects.as_slice() {
        [] => None,
        [one] if *one == name => {
            let mut told = vec!["__typename".to_owned()];
            for (field, said) in &sdl.of(name).fields {
                let of = said.of.name();
                let is_node = |name: &str| sdl.of(name).implements.iter().any(|one| one == "Node");
                let told_how = match sdl.objects(of).as_slice() {
                    [] => Some(field.clone()),
                    // It costs much and is no text.
                    _ if is_set_in_type(said) => None,
                    _ if of == "UserError" => Some(format!("{field} {{ code message path }}")),
                    _ if of.ends_with("Connection") && deep == 0 => None,
                    [one] if is_node(one) && deep == 0 => Some(format!("{field} {{ id }}")),
                    [one] if is_node(one) => {
                        let inner = selection(sdl, one, deep - 1).unwrap_or_default();
                        Some(format!("{field} {{ {inner} }}"))
                    }
                    [one] if *one == of => {
                        let inner = selection(sdl, one, deep).unwrap_or_default();
                        Some(format!("{field} {{ {inner} }}"))
                    }
                    _ => Some(format!("{field} {{ __typename }}")),
                };
                told.extend(told_how);
            }
            Some(told.join(" "))
        }
        _ => Some("__typename ... on Node { id }".to_owned()),
    }
}

/// What an answer comes to: `ok`; or the code of its first error; of a mutation `refused: …` with
/// what was wrong; of a query `null` or `empty`.
pub fn outcome(answer: &Answer, operation: &str) -> String {
    if let Some(error) = answer.errors().first() {
        let code = error["extensions"]["code"].as_str();
        return code
            .unwrap_or_else(|| panic!("no code: {:#}", answer.body))
            .to_owned();
    }
    let data = &answer.expect_data()[operation];
    let refused = refused(data);
    if !refused.is_empty() {
        return format!("refused: {}", Value::from(refused));
    }
    let list = data.get("nodes").unwrap_or(data);
    match list {
        Value::Null => "null".to_owned(),
        Value::Array(all) if all.is_empty() => "empty".to_owned(),
        Value::Array(all) if all.iter().all(Value::is_null) => "null".to_owned(),
        _ => "ok".to_owned(),
    }
}

/// Everything that was wrong with what a mutation was given, of its rows too.
pub fn refused(payload: &Value) -> Vec<Value> {
    let of = |one: &Value| one["userErrors"].as_array().cloned().unwrap_or_default();
    let mut all = of(payload);
    all.extend(
        payload["results"]
            .as_array()
            .into_iter()
            .flatten()
            .flat_map(of),
    );
    all
}

/// Asks an operation.
pub async fn ask(client: &Client<'_>, sdl: &Sdl, operation: &str, given: &Value) -> Answer {
    let (text, variables) = document(sdl, operation, given, 0);
    client.ask(&text, variables).await
}

/// Who makes what samples speak of, and where.
#[derive(Debug)]
pub struct Maker<'a> {
    /// As whom.
    pub client: Client<'a>,
    /// The schema.
    pub sdl: &'a Sdl,
    /// In which workspace.
    pub workspace: String,
}

/// A number that nothing else has.
fn number() -> u64 {
    static NUMBERS: AtomicU64 = AtomicU64::new(1);
    NUMBERS.fetch_add(1, Ordering::Relaxed)
}

impl Maker<'_> {
    /// What a sample is given, with fresh things in it.
    pub async fn fresh(&self, given: &Value) -> Value {
        let mut given = self.free(given).await;
        self.numbered(&mut given, number());
        let mut made = BTreeMap::new();
        self.make(&given, &mut made).await;
        self.filled(given, &made).await
    }

    /// The same, with the name of a template that nothing was put in place of yet: there are only so many;
    /// and with how papers look by now.
    async fn free(&self, given: &Value) -> Value {
        let mut given = given.to_string();
        if given.contains("{letterhead") || given.contains("{paper") {
            let asked = "query($id: ID!) { node(id: $id) { ... on Workspace {
                letterhead { id version } paperTemplates { kind version } } } }";
            let variables = json!({ "id": self.workspace });
            let answer = self.client.ask(asked, variables).await;
            let of = &answer.expect_data()["node"];
            let all = of["paperTemplates"].as_array().expect("templates");
            let free = all.iter().find(|one| one["version"].is_null());
            // Where there is no kind left, the last is changed once more.
            let paper = free.or(all.last()).expect("a kind of paper");
            let letterhead = &of["letterhead"];
            for (name, value) in [
                ("letterhead", &letterhead["id"]),
                ("letterhead version", &letterhead["version"]),
                ("paper", &paper["kind"]),
                ("paper version", &paper["version"]),
            ] {
                given = given.replace(&format!("\"{{{name}}}\""), &value.to_string());
            }
        }
        if !given.contains("{template}") {
            return given.parse().expect("what was printed");
        }
        let asked = "query($id: ID!) { node(id: $id) { ... on Workspace {
            mailTemplates { name isOverridden } } } }";
        let variables = json!({ "id": self.workspace });
        let answer = self.client.ask(asked, variables).await;
        let all = answer.expect_data()["node"]["mailTemplates"].clone();
        let all = all.as_array().expect("templates");
        let free = all.iter().find(|one| one["isOverridden"] == json!(false));
        let name = free.expect("a free one")["name"].as_str().expect("a name");
        let given = given.replace("{template}", name);
        given.parse().expect("what was printed")
    }

    fn numbered(&self, value: &mut Value, number: u64) {
        match value {
            Value::String(text) => {
                *text = text
                    .replace("{n}", &number.to_string())
                    .replace("$Workspace", &self.workspace);
            }
            Value::Array(all) => all.iter_mut().for_each(|one| self.numbered(one, number)),
            Value::Object(members) => {
                members
                    .values_mut()
                    .for_each(|one| self.numbered(one, number));
            }
            _ => {}
        }
    }

    /// Makes the things that are spoken of, and writes down their ids.
    async fn make(&self, value: &Value, made: &mut BTreeMap<String, String>) {
        for name in spoken_of(value) {
            let name = name.split('.').next().unwrap_or(name).to_owned();
            if made.contains_key(&name) {
                continue;
            }
            let maker = thing(&name);
            let mut given = self.free(&Sample::of(maker.by).given).await;
            self.numbered(&mut given, number());
            // What it is made of is its own, but for the event: that they have in common.
            let shares = !matches!(maker.of, Some("Event"));
            let mut parts = BTreeMap::new();
            if let Some(event) = made.get(EVENT).filter(|_| shares) {
                parts.insert(EVENT.to_owned(), event.clone());
            }
            Box::pin(self.make(&given, &mut parts)).await;
            if let Some(event) = parts.get(EVENT).filter(|_| shares) {
                made.insert(EVENT.to_owned(), event.clone());
            }
            let given = Box::pin(self.filled(given, &parts)).await;
            let operation = Sample::of(maker.by).operation();
            let answer = ask(&self.client, self.sdl, operation, &given).await;
            assert_eq!(
                outcome(&answer, operation),
                "ok",
                "{} makes {name}",
                maker.by
            );
            let id = answer.body["data"][operation].pointer(maker.at);
            let id = id.and_then(Value::as_str);
            let id = id.unwrap_or_else(|| panic!("{}: {:#}", maker.by, answer.body));
            made.insert(name, id.to_owned());
        }
    }

    /// Puts in what is spoken of.
    async fn filled(&self, value: Value, made: &BTreeMap<String, String>) -> Value {
        match value {
            Value::String(text) => {
                let Some(name) = text.strip_prefix('$') else {
                    return Value::String(text);
                };
                let Some((name, field)) = name.split_once('.') else {
                    return Value::from(made[name].as_str());
                };
                let of = thing(name).of.expect("a node");
                let operation =
                    format!("query($id: ID!) {{ node(id: $id) {{ ... on {of} {{ {field} }} }} }}");
                let answer = self
                    .client
                    .ask(&operation, json!({ "id": made[name] }))
                    .await;
                answer.expect_data()["node"][field].clone()
            }
            Value::Array(all) => {
                let mut filled = Vec::with_capacity(all.len());
                for one in all {
                    filled.push(Box::pin(self.filled(one, made)).await);
                }
                Value::Array(filled)
            }
            Value::Object(members) => {
                let mut filled = Map::new();
                for (name, one) in members {
                    filled.insert(name, Box::pin(self.filled(one, made)).await);
                }
                Value::Object(filled)
            }
            plain => plain,
        }
    }
}

/// What things of one sample share, so that they belong together.
const EVENT: &str = "Event";

fn thing(name: &str) -> ThingMaker {
    let plain = name.split([':', '.']).next().unwrap_or(name);
    let found = things().into_iter().find(|one| one.name == plain);
    found.unwrap_or_else(|| panic!("no maker of {name}"))
}

/// The names of the things that are spoken of.
fn spoken_of(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => text.strip_prefix('$').into_iter().collect(),
        Value::Array(all) => all.iter().flat_map(spoken_of).collect(),
        Value::Object(members) => members.values().flat_map(spoken_of).collect(),
        _ => Vec::new(),
    }
}
