//! The OpenAPI 3.1 document: what the handlers say of themselves, and with it what holds for all of them alike: who may,
//! by the table of roles, and how a call is refused.

use serde_json::{Value, json};
use utoipa::OpenApi;

use crate::access::{self, Who};
use crate::problem::Document as Problem;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Bayan",
        description = "The trading platform of a rare-earth exchange. Money and prices are decimal strings with two \
                       decimals, quantities decimal strings, times RFC 3339 in UTC. A call that changes something takes \
                       an Idempotency-Key and gets the first answer again when it is repeated. Errors are problem \
                       documents (RFC 9457) with a stable `reason`."
    ),
    components(schemas(Problem))
)]
pub(crate) struct Head;

/// The OpenAPI document of all endpoints.
#[must_use]
pub fn document() -> Value {
    let (_, mut document) = crate::routes::all();
    document.merge(crate::live::Messages::openapi());
    let mut document = serde_json::to_value(document).expect("a document is JSON");
    document["components"]["securitySchemes"] = json!({
        "bearer": {"type": "http", "scheme": "bearer"},
        "cookie": {"type": "apiKey", "in": "cookie", "name": crate::guard::COOKIE}
    });
    for (path, item) in document["paths"].as_object_mut().into_iter().flatten() {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            complete(path, method, operation);
        }
    }
    document
}

/// Adds to one operation what the handler does not say itself.
fn complete(path: &str, method: &str, operation: &mut Value) {
    // Handlers are named within their subject; in the document a name stands alone.
    if let (Some(subject), Some(name)) = (operation["tags"][0].as_str(), operation["operationId"].as_str()) {
        operation["operationId"] = json!(format!("{subject}_{name}"));
    }
    let who = access::TABLE
        .iter()
        .find(|row| row.path == path && row.method.eq_ignore_ascii_case(method))
        .map_or(Who::Anyone, |row| row.who);
    let changes = method != "get";
    let with_key =
        operation["parameters"].as_array().is_some_and(|all| all.iter().any(|p| p["name"] == "Idempotency-Key"));
    let mut refusals = Vec::new();
    if who != Who::Anyone {
        operation["security"] = json!([{"bearer": []}, {"cookie": []}]);
        refusals.extend(["401", "429"]);
    }
    if let Who::Roles(roles) = who {
        operation["x-roles"] = roles.iter().map(|role| role.word()).collect();
        refusals.push("403");
    }
    if operation.get("requestBody").is_some() {
        refusals.extend(["400", "413", "415"]);
    }
    if with_key {
        refusals.extend(["400", "422", "504"]);
    }
    if changes {
        refusals.push("503");
    } else if path.starts_with("/api/v1/") && path != "/api/v1/feed" {
        refusals.extend(["400", "503"]);
        let wanted = json!({"name": "Min-Sequence", "in": "header", "required": false, "schema": {"type": "integer"},
            "description": "The answer knows this entry, or is 503 after two seconds."});
        match operation["parameters"].as_array_mut() {
            Some(parameters) => parameters.push(wanted),
            None => operation["parameters"] = json!([wanted]),
        }
    }
    let Some(responses) = operation["responses"].as_object_mut() else { return };
    for status in refusals {
        responses.entry(status).or_insert_with(|| json!({}));
    }
    for (status, response) in responses.iter_mut().filter(|(status, _)| status.as_str() >= "400") {
        response["description"] = json!(meaning(status));
        response["content"] = json!({"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}});
    }
}

/// What a status means in every call.
fn meaning(status: &str) -> &'static str {
    match status {
        "400" => "Not JSON, not the schema, or a header that cannot be.",
        "401" => "Not signed in, or login or password are wrong.",
        "403" => "The role does not allow it, or another person must.",
        "404" => "There is no such thing for who asks.",
        "409" => "A rule said no; `reason` names it.",
        "413" => "The body is too large.",
        "415" => "The body is not declared as JSON.",
        "422" => "A value that cannot be, or a key that was used with another request.",
        "426" => "This is a WebSocket.",
        "429" => "Too often; see Retry-After.",
        "503" => "Surely nothing was done; see Retry-After.",
        "504" => "It may have been done: ask again with the same key.",
        _ => "Refused.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Protects that every reference in the document leads somewhere, and that every operation has its own name.
    #[test]
    fn references_and_names_hold() {
        fn references(value: &Value, found: &mut Vec<String>) {
            match value {
                Value::Object(object) => {
                    if let Some(Value::String(reference)) = object.get("$ref") {
                        found.push(reference.clone());
                    }
                    object.values().for_each(|value| references(value, found));
                }
                Value::Array(values) => values.iter().for_each(|value| references(value, found)),
                _ => {}
            }
        }
        let document = document();
        let mut found = Vec::new();
        references(&document, &mut found);
        assert!(found.len() > 50);
        for reference in found {
            let pointer = reference.strip_prefix('#').expect("a reference within the document");
            assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
        }
        let mut names: Vec<String> = Vec::new();
        for item in document["paths"].as_object().unwrap().values() {
            names.extend(item.as_object().unwrap().values().map(|o| o["operationId"].to_string()));
        }
        names.sort();
        let twice: Vec<_> = names.windows(2).filter(|pair| pair[0] == pair[1]).collect();
        assert!(twice.is_empty(), "{twice:?}");
    }
}
