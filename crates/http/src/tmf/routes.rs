//! The five operations of a resource.

use super::{Ops, Resource, document, list, patch};
use crate::{Access, Answer, Body, Ctx, Reply, Route};
use axum::extract::Path;
use kernel::Problem;
use serde_json::{Map, Value};
use store::Tx;

/// The routes of a resource, on its API's base path and its aliases.
pub fn routes(resource: &'static Resource) -> Vec<Route> {
    let bases = std::iter::once(&resource.api.base).chain(resource.api.aliases);
    let mut routes: Vec<Route> = bases.flat_map(|base| on_base(resource, base)).collect();
    for route in &mut routes {
        route.info.resource = Some(resource);
    }
    routes
}

fn on_base(resource: &'static Resource, base: &str) -> Vec<Route> {
    let Resource { name, type_name, read, write, ops, .. } = resource;
    let collection = format!("{base}/{name}");
    let one = format!("{collection}/{{id}}");
    let (reads, writes) = (Access::Needs(*read), Access::Needs(*write));
    let listing = move |ctx: Ctx| list::list(resource, ctx);
    let mut routes = vec![
        Route::get(&collection, reads, listing)
            .doc(format!("List {type_name}"))
            .parameter("fields", "attributes to return")
            .parameter("offset", "rows to skip")
            .parameter("limit", "rows to return, at most 1000")
            .parameter("sort", "attribute, or -attribute"),
        Route::get(&one, reads, move |ctx: Ctx, Path(id): Path<String>| retrieve(resource, ctx, id))
            .doc(format!("Retrieve {type_name}")),
    ];
    let Ops { create: may_create, patch: may_patch, delete: may_delete } = *ops;
    if may_create {
        let example: Map<String, Value> = resource.mandatory.iter().map(|m| ((*m).to_owned(), Value::Null)).collect();
        let handler = move |ctx: Ctx, body: Body<Map<String, Value>>| create(resource, ctx, body);
        routes.push(
            Route::post(&collection, writes, handler).doc(format!("Create {type_name}")).body(Value::Object(example)),
        );
    }
    if may_patch {
        let handler = move |ctx: Ctx, Path(id): Path<String>, body: Body<Value>| change(resource, ctx, id, body);
        routes.push(
            Route::patch(&one, writes, handler).doc(format!("Change {type_name}")).body(Value::Object(Map::new())),
        );
    }
    if may_delete {
        let handler = move |ctx: Ctx, Path(id): Path<String>| remove(resource, ctx, id);
        routes.push(Route::delete(&one, writes, handler).doc(format!("Delete {type_name}")));
    }
    routes
}

async fn retrieve(resource: &'static Resource, ctx: Ctx, id: String) -> Answer {
    let fields = list::Fields::parse(resource, &ctx.parameters());
    let masks = resource.rules.masks(&ctx.actor);
    let plain = fields.is_all() && !masks;
    if resource.rules.rendered().is_some() {
        return written(resource, &ctx, id, &fields).await;
    }
    let text = format!("SELECT version, org, body FROM {} WHERE id = $1", resource.table);
    let (version, body) = ctx
        .peek(move |tx| {
            let row = tx.query_one(&text, store::params![id])?;
            if !resource.rules.shared() {
                tx.must_see(row.str(1))?;
            }
            Ok((row.int(0), row.text(2)))
        })
        .await?;
    let body = if plain {
        body
    } else {
        {
            let viewer = masks.then(|| (&ctx.actor, ctx.app.db().vault()));
            list::shape(resource, &fields, viewer, &body)?
        }
    };
    Ok(Reply::text(200, body).etag(version))
}

/// A document that is written from columns: it may take more than one look, so it takes a snapshot.
async fn written(resource: &'static Resource, ctx: &Ctx, id: String, fields: &list::Fields) -> Answer {
    let (version, body) = ctx
        .read(move |tx| {
            let doc = document::load(tx, resource, &id)?;
            Ok((doc.version, serde_json::to_string(&doc.body).map_err(Problem::internal)?))
        })
        .await?;
    let viewer = resource.rules.masks(&ctx.actor).then(|| (&ctx.actor, ctx.app.db().vault()));
    Ok(Reply::text(200, list::shape(resource, fields, viewer, &body)?).etag(version))
}

async fn create(resource: &'static Resource, ctx: Ctx, body: Body<Map<String, Value>>) -> Answer {
    let Body { value, fingerprint, .. } = body;
    let reply = ctx.create(&fingerprint, move |tx| {
        let doc = document::insert(tx, resource, value.clone())?;
        let (href, version) = (resource.href(&doc.id), doc.version);
        Ok(Reply::created(&href, &shown(tx, resource, doc.body)).etag(version))
    });
    Ok(reply.await?)
}

async fn change(resource: &'static Resource, ctx: Ctx, id: String, body: Body<Value>) -> Answer {
    let if_match = ctx.if_match.clone();
    let reply = ctx.write(move |tx| {
        let mut doc = document::lock(tx, resource, &id)?;
        crate::ctx::check_version(if_match.as_deref(), doc.version)?;
        let before = doc.body.clone();
        let mut after = patch::apply(&body.media_type, &body.value, &doc)?;
        for name in resource.mandatory {
            if matches!(after.get(*name), None | Some(Value::Null)) {
                return Err(Problem::missing(name));
            }
        }
        resource.rules.change(tx, &before, &mut after)?;
        doc.body = after;
        document::save(tx, resource, &before, &mut doc)?;
        resource.rules.changed(tx, &before, &doc)?;
        Ok(Reply::ok(&shown(tx, resource, doc.body)).etag(doc.version))
    });
    Ok(reply.await?)
}

/// A document as its reader may see it.
fn shown(tx: &Tx<'_>, resource: &Resource, mut body: Map<String, Value>) -> Map<String, Value> {
    if resource.rules.masks(tx.actor()) {
        resource.rules.show(&mut body, tx.actor(), tx.vault());
    }
    body
}

async fn remove(resource: &'static Resource, ctx: Ctx, id: String) -> Answer {
    let if_match = ctx.if_match.clone();
    let done = ctx.write(move |tx| {
        let doc = document::lock(tx, resource, &id)?;
        crate::ctx::check_version(if_match.as_deref(), doc.version)?;
        document::delete(tx, resource, &doc)
    });
    done.await?;
    Ok(Reply::no_content())
}
