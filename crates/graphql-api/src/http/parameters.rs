//! The parameters of a GraphQL request as they come over HTTP: the JSON of a body, or a query string.

use async_graphql::{Extensions, Request, Variables};
use serde::Deserialize;
use serde_json::Value;

/// What a client sends. Members of other names are ignored, as the specification has it.
#[derive(Default, Deserialize)]
struct Parameters {
    query: Option<String>,
    #[serde(rename = "operationName")]
    operation_name: Option<String>,
    #[serde(default)]
    variables: Variables,
    #[serde(default)]
    extensions: Extensions,
}

impl Parameters {
    fn into_request(self) -> Result<Request, String> {
        let mut request = Request::new(self.query.ok_or("member `query` is missing")?);
        request.operation_name = self.operation_name;
        request.variables = self.variables;
        request.extensions = self.extensions;
        Ok(request)
    }
}

/// The request in the body of a POST, or what is wrong with it.
pub(super) fn from_body(body: &[u8]) -> Result<Request, String> {
    // A derived reader takes an array for a struct as well, and an array is a batch.
    if body.trim_ascii_start().first() != Some(&b'{') {
        return Err(diagnose(body));
    }
    let parameters: Parameters = match serde_json::from_slice(body) {
        Ok(parameters) => parameters,
        Err(error) if error.is_data() => return Err(diagnose(body)),
        Err(error) => return Err(format!("the body is not JSON: {error}")),
    };
    parameters.into_request()
}

/// Names the member at fault, which the reader does not.
fn diagnose(body: &[u8]) -> String {
    let value: Value = match serde_json::from_slice(body) {
        Ok(value) => value,
        Err(error) => return format!("the body is not JSON: {error}"),
    };
    let Value::Object(members) = value else {
        return "a request is one JSON object; several in an array are not answered".to_owned();
    };
    for name in ["query", "operationName"] {
        if members
            .get(name)
            .is_some_and(|value| !value.is_string() && !value.is_null())
        {
            return format!("member `{name}` must be a string");
        }
    }
    for name in ["variables", "extensions"] {
        if members
            .get(name)
            .is_some_and(|value| !value.is_object() && !value.is_null())
        {
            return format!("member `{name}` must be an object");
        }
    }
    "a member is given twice, or cannot be read".to_owned()
}

/// The request in the query string of a GET, or what is wrong with it.
pub(super) fn from_query(pairs: Vec<(String, String)>) -> Result<Request, String> {
    let mut parameters = Parameters::default();
    let mut seen = Vec::new();
    for (name, value) in pairs {
        match name.as_str() {
            "query" => parameters.query = Some(value),
            "operationName" => parameters.operation_name = Some(value),
            "variables" => parameters.variables = object(&name, &value)?,
            "extensions" => parameters.extensions = object(&name, &value)?,
            _ => continue,
        }
        if seen.contains(&name) {
            return Err(format!("parameter `{name}` is given twice"));
        }
        seen.push(name);
    }
    parameters.into_request()
}

fn object<'a, T: Deserialize<'a> + Default>(name: &str, text: &'a str) -> Result<T, String> {
    if text.is_empty() {
        return Ok(T::default());
    }
    serde_json::from_str(text)
        .map_err(|error| format!("parameter `{name}` must be a JSON object: {error}"))
}
