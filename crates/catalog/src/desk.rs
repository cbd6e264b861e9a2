//! The catalogue as the desk's pages read it: `/api/v1/catalog/…`.

pub(crate) mod view;

use crate::{
    Family, Lifecycle,
    decompose::decompose,
    offering,
    resources::{PRODUCT_OFFERING, READ},
    versions,
};
use axum::extract::Path;
use http::{Access, Answer, Ctx, Reply, Route, tmf};
use kernel::{Problem, Result, codes};
use serde_json::{Value, json};
use store::{Filter, Tx, params, sql};

sql! {
    PARTS = "SELECT id, name, family FROM product_offering WHERE sold_alone = 0 AND status IN ('Active', 'Launched') \
             ORDER BY family, name, id LIMIT 100";
    FIND = "SELECT id, name, price_fen, status FROM product_offering \
            WHERE sold_alone = 1 AND search LIKE $1 ESCAPE '!' \
            ORDER BY CASE WHEN status IN ('Active', 'Launched') THEN 0 ELSE 1 END, name, id LIMIT $2";
}

/// An offering found by the command box.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    pub id: String,
    pub name: String,
    /// A month, where it recurs.
    pub price_fen: Option<i64>,
    pub status: String,
}

/// Offerings whose name or id holds `text`, those on sale first.
pub fn find(tx: &mut Tx<'_>, text: &str, limit: i64) -> Result<Vec<Found>> {
    let rows = tx.query(&FIND, params![pattern(text), limit])?;
    let found = |r: &store::Row| Found { id: r.text(0), name: r.text(1), price_fen: r.opt_int(2), status: r.text(3) };
    Ok(rows.iter().map(found).collect())
}

pub(crate) fn routes() -> Vec<Route> {
    let reads = Access::Needs(READ);
    vec![
        Route::get("/api/v1/catalog/offerings", reads, list)
            .doc("List offerings")
            .parameter("q", "words in the name or id")
            .parameter("family", "product lines such as mobile, broadband or bundle; several with commas")
            .parameter("status", "life-cycle status")
            .parameter("area", "area of validity")
            .parameter("minPrice", "least monthly price in fen")
            .parameter("maxPrice", "greatest monthly price in fen")
            .parameter("sellable", "true: only what can be sold now")
            .parameter("sort", "price, name, -price or -name"),
        Route::get("/api/v1/catalog/offerings/{id}", reads, one).doc("One offering in full"),
        Route::get("/api/v1/catalog/offerings/{id}/versions/{version}", reads, version)
            .doc("A former version of an offering"),
        Route::get("/api/v1/catalog/bundle-parts", reads, bundle_parts)
            .doc("What is sold only inside bundles, to design one with"),
        Route::get("/api/v1/catalog/summary", reads, summary)
            .doc("Offerings counted by family, status, price and area"),
    ]
}

/// `LIKE` pattern for text anywhere; `!` escapes.
pub(crate) fn pattern(text: &str) -> String {
    let mut out = String::from("%");
    for c in text.trim().to_lowercase().chars() {
        if matches!(c, '%' | '_' | '!') {
            out.push('!');
        }
        out.push(c);
    }
    out.push('%');
    out
}

fn invalid(detail: &str) -> Problem {
    Problem::new(&codes::QUERY_INVALID).with("detail", detail)
}

/// The conditions that list and summary share. Components of bundles are no offerings to choose from.
fn conditions(ctx: &Ctx) -> Result<Filter> {
    let mut filter = Filter::default();
    filter.and("sold_alone = 1".to_owned());
    for word in ctx.parameter("q").iter().flat_map(|q| q.split_whitespace()).take(8) {
        let bind = filter.bind(pattern(word));
        filter.and(format!("search LIKE {bind} ESCAPE '!'"));
    }
    if let Some(text) = ctx.parameter("family") {
        let wanted: Vec<String> = text
            .split(',')
            .map(|f| Family::parse(f).map(|f| filter.bind(f.as_str())).map_err(|_| invalid("family")))
            .collect::<Result<_>>()?;
        filter.and(format!("family IN ({})", wanted.join(", ")));
    }
    if let Some(text) = ctx.parameter("status") {
        let status = Lifecycle::parse(&text).map_err(|_| invalid("status"))?;
        filter.equal("status", status.as_str());
    }
    if let Some(area) = ctx.parameter("area") {
        filter.equal("area", area);
    }
    for (name, comparison) in [("minPrice", ">="), ("maxPrice", "<=")] {
        if let Some(text) = ctx.parameter(name) {
            let bind = filter.bind(text.parse::<i64>().map_err(|_| invalid(name))?);
            filter.and(format!("price_fen {comparison} {bind}"));
        }
    }
    if ctx.parameter("sellable").as_deref() == Some("true") {
        let now = filter.bind(ctx.now());
        filter.and(format!(
            "status IN ('Active', 'Launched') AND (valid_from IS NULL OR valid_from <= {now}) AND (valid_to IS NULL OR valid_to >= {now})"
        ));
    }
    Ok(filter)
}

fn order(sort: Option<&str>) -> Result<&'static str> {
    // Rows without a monthly price come last in either direction.
    Ok(match sort {
        None => "CASE WHEN status IN ('Active', 'Launched') THEN 0 ELSE 1 END, name, id",
        Some("price") => "CASE WHEN price_fen IS NULL THEN 1 ELSE 0 END, price_fen, name, id",
        Some("-price") => "CASE WHEN price_fen IS NULL THEN 1 ELSE 0 END, price_fen DESC, name, id",
        Some("name") => "name, id",
        Some("-name") => "name DESC, id",
        Some(_) => return Err(invalid("sort")),
    })
}

async fn list(ctx: Ctx) -> Answer {
    let (filter, order) = (conditions(&ctx)?, order(ctx.parameter("sort").as_deref())?);
    let paging = ctx.paging(20, 200)?;
    let lang = ctx.lang;
    let (rows, total) = ctx
        .read(move |tx| {
            let condition = filter.to_where();
            let total =
                tx.query_one(&format!("SELECT COUNT(*) FROM product_offering{condition}"), &filter.binds)?.int(0);
            let mut page = filter.clone();
            let (limit, offset) = (page.bind(paging.limit), page.bind(paging.offset));
            let text =
                format!("SELECT id FROM product_offering{condition} ORDER BY {order} LIMIT {limit} OFFSET {offset}");
            let ids = tx.query(&text, &page.binds)?;
            let rows = ids.iter().map(|id| view::row(tx, id.str(0), lang)).collect::<Result<Vec<Value>>>()?;
            Ok((rows, total))
        })
        .await?;
    Ok(Reply::ok(&rows).total(total))
}

async fn one(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let lang = ctx.lang;
    let (body, version) = ctx
        .read(move |tx| {
            let doc = tmf::load(tx, &PRODUCT_OFFERING, &id)?;
            let offering = offering::offering(tx, &id)?;
            let mut row = view::row(tx, &id, lang)?;
            row["details"] = view::published(&doc);
            row["description"] = json!(doc.text("description"));
            row["prices"] = view::prices(&offering);
            row["terms"] = view::terms(&offering);
            if let (Value::Object(row), Value::Object(mut rules)) = (&mut row, view::rules(&offering)) {
                row.append(&mut rules);
            }
            // What cannot be decomposed at the moment (a closed component) is shown without.
            row["decomposition"] =
                decompose(tx, &offering, &[]).map_or_else(|_| json!([]), |plan| view::decomposition(&plan));
            let versions = versions::versions(tx, &PRODUCT_OFFERING, &doc)?;
            row["versions"] =
                versions.iter().map(|v| json!({"version": v.version, "at": v.at, "summary": v.summary})).collect();
            Ok((row, doc.version))
        })
        .await?;
    Ok(Reply::ok(&body).etag(version))
}

async fn version(ctx: Ctx, Path((id, version)): Path<(String, i64)>) -> Answer {
    let body = ctx
        .read(move |tx| {
            let doc = tmf::load(tx, &PRODUCT_OFFERING, &id)?;
            if doc.version == version {
                Ok(doc.to_value())
            } else {
                versions::former(tx, &PRODUCT_OFFERING, &id, version)
            }
        })
        .await?;
    Ok(Reply::ok(&body))
}

async fn bundle_parts(ctx: Ctx) -> Answer {
    let part = |row: &store::Row| json!({"offeringId": row.str(0), "name": row.str(1), "family": row.str(2)});
    let body = ctx.read(move |tx| Ok(tx.query(&PARTS, params![])?.iter().map(part).collect::<Vec<_>>())).await?;
    Ok(Reply::ok(&body))
}

/// Bounds of the price bands, in fen a month.
const BANDS: [i64; 6] = [0, 3_000, 6_000, 10_000, 20_000, 50_000];

async fn summary(ctx: Ctx) -> Answer {
    let filter = conditions(&ctx)?;
    let body = ctx
        .read(move |tx| {
            let condition = filter.to_where();
            let mut count = |expression: &str| -> Result<Vec<(Option<String>, i64)>> {
                let text = format!("SELECT {expression}, COUNT(*) FROM product_offering{condition} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 100");
                Ok(tx.query(&text, &filter.binds)?.iter().map(|r| (r.opt_text(0), r.int(1))).collect())
            };
            let named = |name: &str, rows: Vec<(Option<String>, i64)>| -> Value {
                rows.into_iter().filter(|(v, _)| v.as_ref().is_some_and(|v| !v.is_empty())).map(|(v, n)| json!({name: v, "count": n})).collect()
            };
            let (family, status, area) = (count("family")?, count("status")?, count("area")?);
            let total: i64 = family.iter().map(|(_, n)| n).sum();
            let bands = count(&band_expression())?;
            Ok(json!({
                "total": total,
                "byFamily": named("family", family),
                "byStatus": named("status", status),
                "byPriceBand": price_bands(&bands),
                "byArea": named("area", area),
            }))
        })
        .await?;
    Ok(Reply::ok(&body))
}

/// The number of the band as text; NULL where there is no monthly price.
fn band_expression() -> String {
    let mut text = String::from("CASE WHEN price_fen IS NULL THEN NULL");
    for (i, to) in BANDS.iter().skip(1).enumerate() {
        text.push_str(&format!(" WHEN price_fen < {to} THEN '{i}'"));
    }
    text.push_str(&format!(" ELSE '{}' END", BANDS.len() - 1));
    text
}

fn price_bands(counts: &[(Option<String>, i64)]) -> Value {
    let band = |(i, from): (usize, &i64)| {
        let n = counts.iter().find(|(b, _)| b.as_deref() == Some(i.to_string().as_str())).map_or(0, |(_, n)| *n);
        json!({"from": from, "to": BANDS.get(i + 1), "count": n})
    };
    BANDS.iter().enumerate().map(band).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_searched_as_it_stands() {
        assert_eq!(pattern(" 50%_OFF! "), "%50!%!_off!!%");
    }
}
