//! Lists: filter, order and page in SQL; bodies pass through as text unless something must be taken out.

use super::{Resource, filter};
use crate::{Answer, Ctx, Reply};
use kernel::{Actor, Problem, Result, codes};
use serde_json::{Map, Value};
use std::{
    collections::HashMap,
    sync::{LazyLock, Mutex, PoisonError},
};
use store::{Filter, Tx, Vault};

/// The first page where the client names no limit, and the largest page.
const DEFAULT_LIMIT: i64 = 50;
const MAX_LIMIT: i64 = 1_000;
/// `X-Total-Count` is exact up to this; beyond it the header is left out and `X-Total-Count-Limit` says so.
const COUNT_LIMIT: i64 = 10_000;
/// For so long a filter that exceeded the limit is taken to exceed it still.
const COUNT_CACHE_SECONDS: i64 = 10;

/// A parsed list request.
pub struct Listing {
    pub filter: Filter,
    pub order: String,
    pub offset: i64,
    pub limit: i64,
    pub fields: Fields,
    /// The client named offset or limit, so it asked for a part.
    pub part: bool,
}

/// The `fields` parameter; `id` and `href` go with what is named unless the resource's rules say otherwise.
pub struct Fields {
    named: Option<Vec<String>>,
    exact: bool,
}

impl Fields {
    pub fn parse(resource: &Resource, parameters: &[(String, String)]) -> Self {
        let named: Vec<String> = parameters
            .iter()
            .filter(|(n, _)| n == "fields")
            .flat_map(|(_, v)| v.split(','))
            .map(|f| f.trim().to_owned())
            .filter(|f| !f.is_empty())
            .collect();
        let all = named.is_empty() || named.iter().any(|f| f == "all");
        Self { named: (!all).then_some(named), exact: resource.rules.exact_fields() }
    }
    pub fn is_all(&self) -> bool {
        self.named.is_none()
    }
    fn select(&self, doc: Map<String, Value>) -> Map<String, Value> {
        let Some(named) = &self.named else { return doc };
        let wanted = |name: &str| {
            !self.exact && matches!(name, "id" | "href")
                || named.iter().any(|f| f == name || f.split('.').next() == Some(name))
        };
        doc.into_iter()
            .filter(|(name, _)| wanted(name))
            .map(|(name, value)| {
                let paths: Vec<&str> = named.iter().filter_map(|f| f.strip_prefix(&name)?.strip_prefix('.')).collect();
                let whole = paths.is_empty() || named.contains(&name);
                let value = if whole { value } else { inner(value, &paths) };
                (name, value)
            })
            .collect()
    }
}

/// Keeps only `paths` inside an object, or inside each object of an array.
fn inner(value: Value, paths: &[&str]) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(|v| inner(v, paths)).collect(),
        Value::Object(object) => {
            Fields { named: Some(paths.iter().map(|p| (*p).to_owned()).collect()), exact: true }.select(object).into()
        }
        other => other,
    }
}

/// Parses a TMF630 query for `resource`, restricted to what `actor` may see.
pub fn select(
    resource: &Resource,
    actor: &Actor,
    parameters: &[(String, String)],
    engine: store::Engine,
) -> Result<Listing> {
    let invalid = |detail: &str| Problem::new(&codes::QUERY_INVALID).with("detail", detail);
    let mut listing = Listing {
        filter: Filter::default(),
        order: String::new(),
        offset: 0,
        limit: DEFAULT_LIMIT,
        fields: Fields::parse(resource, parameters),
        part: false,
    };
    if !resource.rules.shared() {
        listing.filter.scope("org", actor);
    }
    let mut conditions = Vec::new();
    for (name, value) in parameters {
        let number = || value.parse::<i64>().ok().filter(|n| *n >= 0).ok_or_else(|| invalid(name));
        match name.as_str() {
            "fields" => {}
            "offset" => (listing.offset, listing.part) = (number()?, true),
            "limit" => (listing.limit, listing.part) = (number()?.min(MAX_LIMIT), true),
            "sort" => listing.order = filter::order(resource, value, engine)?,
            _ => conditions.push((name.as_str(), value.as_str())),
        }
    }
    filter::conditions(resource, &conditions, engine, &mut listing.filter)?;
    if listing.order.is_empty() {
        // newest first: our ids grow with time
        listing.order = resource.rules.rendered().map_or("id DESC", |r| r.order).to_owned();
    }
    Ok(listing)
}

pub async fn list(resource: &'static Resource, ctx: Ctx) -> Answer {
    let listing = select(resource, &ctx.actor, &ctx.parameters(), ctx.app.db().engine())?;
    let masks = resource.rules.masks(&ctx.actor);
    let Listing { offset, limit, part, ref fields, .. } = listing;
    let (filter, order) = (listing.filter.clone(), listing.order.clone());
    let (bodies, total) = ctx.read(move |tx| page(tx, resource, &filter, &order, offset, limit)).await?;
    let returned = bodies.len() as i64;
    let mut body = String::with_capacity(bodies.iter().map(|b| b.len() + 1).sum::<usize>() + 2);
    body.push('[');
    for (i, text) in bodies.iter().enumerate() {
        if i > 0 {
            body.push(',');
        }
        if fields.is_all() && !masks {
            body.push_str(text);
        } else {
            let viewer = masks.then(|| (&ctx.actor, ctx.app.db().vault()));
            body.push_str(&shape(resource, fields, viewer, text)?);
        }
    }
    body.push(']');
    let whole = total == Some(returned) && offset == 0;
    let status = if part && !whole { 206 } else { 200 };
    let mut reply = Reply::text(status, body).header("x-result-count", returned);
    reply = match total {
        Some(total) => reply.total(total),
        None => reply.header("x-total-count-limit", COUNT_LIMIT),
    };
    let links = links(&ctx, offset, limit, returned, total);
    Ok(if links.is_empty() { reply } else { reply.header("link", links) })
}

/// The bodies of one page, and the number of all matches unless there are more than the limit.
fn page(
    tx: &mut Tx<'_>,
    resource: &Resource,
    filter: &Filter,
    order: &str,
    offset: i64,
    limit: i64,
) -> Result<(Vec<String>, Option<i64>)> {
    let condition = filter.to_where();
    let n = filter.binds.len();
    let rendered = resource.rules.rendered();
    let select = rendered.map_or_else(|| format!("SELECT body FROM {}", resource.table), |r| r.select.to_owned());
    let text = format!("{select}{condition} ORDER BY {order} LIMIT ${} OFFSET ${}", n + 1, n + 2);
    let mut binds = filter.binds.clone();
    binds.extend_from_slice(store::params![limit, offset]);
    let rows = tx.query(&text, &binds)?;
    let bodies: Vec<String> = match rendered {
        None => rows.iter().map(|r| r.text(0)).collect(),
        Some(rendered) => {
            let documents = (rendered.write)(tx, &rows)?;
            documents.iter().map(serde_json::to_string).collect::<Result<_, _>>().map_err(Problem::internal)?
        }
    };
    let returned = bodies.len() as i64;
    let total = if (returned < limit && returned > 0) || (returned == 0 && offset == 0 && limit > 0) {
        Some(offset + returned)
    } else {
        count(tx, resource.table, &condition, &filter.binds)?
    };
    Ok((bodies, total))
}

fn count(tx: &mut Tx<'_>, table: &str, condition: &str, binds: &[store::Value]) -> Result<Option<i64>> {
    static MANY: LazyLock<Mutex<HashMap<String, i64>>> = LazyLock::new(Mutex::default);
    let key = format!("{:p} {table}{condition} {binds:?}", tx.vault());
    let now = tx.now().micros() / 1_000_000;
    let known = MANY.lock().unwrap_or_else(PoisonError::into_inner).get(&key).copied();
    if known.is_some_and(|until| now < until) {
        return Ok(None);
    }
    let text = format!("SELECT COUNT(*) FROM (SELECT 1 FROM {table}{condition} LIMIT {}) AS counted", COUNT_LIMIT + 1);
    let n = tx.query_one(&text, binds)?.int(0);
    if n <= COUNT_LIMIT {
        return Ok(Some(n));
    }
    let mut many = MANY.lock().unwrap_or_else(PoisonError::into_inner);
    if many.len() > 1_000 {
        many.clear();
    }
    many.insert(key, now + COUNT_CACHE_SECONDS);
    Ok(None)
}

/// Takes out of a stored document what was not asked for or must not be seen.
pub fn shape(resource: &Resource, fields: &Fields, viewer: Option<(&Actor, &Vault)>, text: &str) -> Result<String> {
    let mut doc: Map<String, Value> = serde_json::from_str(text).map_err(Problem::internal)?;
    if let Some((actor, vault)) = viewer {
        resource.rules.show(&mut doc, actor, vault);
    }
    serde_json::to_string(&fields.select(doc)).map_err(Problem::internal)
}

fn links(ctx: &Ctx, offset: i64, limit: i64, returned: i64, total: Option<i64>) -> String {
    let link = |offset: i64, rel: &str| {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in ctx.parameters().iter().filter(|(n, _)| n != "offset" && n != "limit") {
            query.append_pair(name, value);
        }
        query.append_pair("offset", &offset.to_string()).append_pair("limit", &limit.to_string());
        format!("<{}?{}>; rel=\"{rel}\"", ctx.path, query.finish())
    };
    let mut links = Vec::new();
    let more = total.map_or(returned == limit, |t| offset + returned < t);
    if limit > 0 && (offset > 0 || more) {
        links.push(link(0, "first"));
        if offset > 0 {
            links.push(link((offset - limit).max(0), "prev"));
        }
        if more {
            links.push(link(offset + limit, "next"));
        }
        if let Some(total) = total.filter(|t| *t > 0) {
            links.push(link((total - 1) / limit * limit, "last"));
        }
    }
    links.join(", ")
}
