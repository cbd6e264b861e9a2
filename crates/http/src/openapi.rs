//! `/openapi.json`: the description of every route, made from the routes themselves, so that it cannot lag behind.

use crate::{Access, Answer, App, Ctx, Reply, RouteInfo};
use axum::http::Method;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

pub async fn document(ctx: Ctx) -> Answer {
    let text = ctx.app.describe_once(|app| describe(app).to_string());
    Ok(Reply::text(200, text).header("cache-control", "no-cache"))
}

fn describe(app: &App) -> Value {
    let mut paths: Map<String, Value> = Map::new();
    let mut tags = BTreeSet::new();
    for route in app.routes().iter().filter(|r| !is_page(r)) {
        tags.insert(route.tag.clone());
        let path = paths.entry(route.path.clone()).or_insert_with(|| json!({}));
        path[route.method.as_str().to_ascii_lowercase()] = operation(route);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "一台 Yitai",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "TM Forum Open APIs (v4) and the API of the desk. Every error carries a code, a zh-CN and an en text, and what to do.",
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{"bearer": []}, {"session": []}],
        "tags": tags.into_iter().map(|name| json!({"name": name})).collect::<Vec<_>>(),
        "paths": paths,
        "components": components(),
    })
}

/// Pages are for people: the API description leaves them out.
fn is_page(route: &RouteInfo) -> bool {
    route.path.contains("{*")
        || !["/api/", "/tmf-api/", "/openapi", "/healthz", "/metrics"].iter().any(|p| route.path.starts_with(p))
}

fn components() -> Value {
    let text = json!({"type": "string"});
    let both = json!({"type": "object", "properties": {"reason": text, "message": text}});
    json!({
        "securitySchemes": {
            "bearer": {"type": "http", "scheme": "bearer", "description": "API token"},
            "session": {"type": "apiKey", "in": "cookie", "name": "yitai_session", "description": "Log-in; unsafe methods also need X-CSRF-Token"},
        },
        "schemas": {
            "Error": {
                "type": "object",
                "required": ["@type", "code", "reason", "message", "status", "traceId", "i18n"],
                "properties": {
                    "@type": {"const": "Error"}, "code": text, "reason": text, "message": text, "status": text, "field": text,
                    "referenceError": {"type": "string", "format": "uri-reference"}, "traceId": text,
                    "i18n": {"type": "object", "properties": {"zh-CN": both, "en": both}},
                },
            },
        },
        "responses": {
            "Error": {"description": "A problem", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}},
        },
    })
}

fn operation(route: &RouteInfo) -> Value {
    let mut operation = json!({
        "operationId": operation_id(route),
        "summary": route.summary,
        "tags": [route.tag],
        "parameters": parameters(route),
        "responses": responses(route),
    });
    match route.access {
        Access::Public => operation["security"] = json!([]),
        Access::LoggedIn => {}
        Access::Needs(perm) => {
            operation["x-permission"] = json!(perm.name);
            operation["description"] = json!(format!("{} · {} (`{}`)", perm.zh, perm.en, perm.name));
        }
    }
    if let Some(example) = &route.body {
        let media = json!({"schema": schema_of(route, example), "example": example});
        let mut content = json!({"application/json": media});
        if route.method == Method::PATCH && route.resource.is_some() {
            content["application/merge-patch+json"] = json!({"schema": {"type": "object"}});
            content["application/json-patch+json"] = json!({"schema": {"type": "array", "items": {"type": "object"}}});
        }
        operation["requestBody"] = json!({"required": true, "content": content});
    }
    operation
}

fn operation_id(route: &RouteInfo) -> String {
    let words = route.path.split(['/', '.', '-']).filter(|s| !s.is_empty());
    let words = words.map(|s| s.trim_matches(['{', '}', '*']).replace(|c: char| !c.is_ascii_alphanumeric(), "_"));
    std::iter::once(route.method.as_str().to_ascii_lowercase()).chain(words).collect::<Vec<_>>().join("_")
}

fn parameters(route: &RouteInfo) -> Vec<Value> {
    let text = json!({"type": "string"});
    let mut all: Vec<Value> = route
        .path
        .split('/')
        .filter_map(|s| s.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| json!({"name": name.trim_start_matches('*'), "in": "path", "required": true, "schema": text}))
        .collect();
    let number = |name: &str| matches!(name, "offset" | "limit");
    all.extend(route.parameters.iter().map(|(name, meaning)| {
        let schema = if number(name) { json!({"type": "integer", "minimum": 0}) } else { text.clone() };
        json!({"name": name, "in": "query", "description": meaning, "schema": schema})
    }));
    let header =
        |name: &str, why: &str| json!({"name": name, "in": "header", "description": why, "schema": {"type": "string"}});
    if route.method == Method::POST && route.access != Access::Public {
        all.push(header("Idempotency-Key", "The same request under the same key is done once"));
    }
    if route.resource.is_some() && (route.method == Method::PATCH || route.method == Method::DELETE) {
        all.push(header("If-Match", "The version (ETag) the change is made to"));
    }
    all
}

fn responses(route: &RouteInfo) -> Value {
    let json_body = || json!({"application/json": {"schema": {"type": ["object", "array"]}}});
    let mut all = Map::new();
    match (&route.method, route.resource) {
        (m, Some(_)) if *m == Method::DELETE => drop(all.insert("204".into(), json!({"description": "Done"}))),
        (m, Some(_)) if *m == Method::POST => {
            drop(all.insert("201".into(), json!({"description": "Created", "content": json_body()})))
        }
        (_, Some(_)) => {
            all.insert("200".into(), json!({"description": "OK", "content": json_body()}));
            if route.method == Method::GET && !route.path.ends_with('}') {
                all.insert(
                    "206".into(),
                    json!({"description": "The part asked for with offset and limit", "content": json_body()}),
                );
            }
        }
        (_, None) => drop(all.insert("2XX".into(), json!({"description": "Done", "content": json_body()}))),
    }
    all.insert("default".into(), json!({"$ref": "#/components/responses/Error"}));
    Value::Object(all)
}

/// A schema as far as an example tells: names and types; mandatory are those the resource demands.
fn schema_of(route: &RouteInfo, example: &Value) -> Value {
    let mut schema = shape(example);
    let mandatory = route.resource.filter(|_| route.method == Method::POST).map_or(&[][..], |r| r.mandatory);
    if !mandatory.is_empty() {
        schema["required"] = json!(mandatory);
    }
    schema
}

fn shape(value: &Value) -> Value {
    match value {
        Value::Null => json!({}),
        Value::Bool(_) => json!({"type": "boolean"}),
        Value::Number(n) if n.is_f64() => json!({"type": "number"}),
        Value::Number(_) => json!({"type": "integer"}),
        Value::String(_) => json!({"type": "string"}),
        Value::Array(items) => json!({"type": "array", "items": items.first().map_or(json!({}), shape)}),
        Value::Object(object) => {
            let properties: Map<String, Value> = object.iter().map(|(name, v)| (name.clone(), shape(v))).collect();
            json!({"type": "object", "properties": properties})
        }
    }
}

impl App {
    /// The text is made at the first request and kept: the routes do not change.
    fn describe_once(&self, make: impl FnOnce(&Self) -> String) -> String {
        #[derive(Default)]
        struct Text(std::sync::OnceLock<String>);
        self.db().memory::<Text>().0.get_or_init(|| make(self)).clone()
    }
}
