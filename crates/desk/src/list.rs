//! The list of customers as the page shows it.

use crate::find;
use http::{Answer, Ctx, Reply};
use kernel::Problem;

/// So far a search goes: nobody pages through more, they type another letter.
const FOUND: usize = 200;

pub(crate) async fn list(ctx: Ctx) -> Answer {
    let paging = ctx.paging(20, 100)?;
    let q = ctx.parameter("q").unwrap_or_default();
    let kind = ctx.parameter("kind").unwrap_or_default();
    if !matches!(kind.as_str(), "" | "individual" | "organization") {
        return Err(Problem::invalid("kind", "individual | organization").into());
    }
    let oldest_first = ctx.parameter("sort").as_deref() == Some("createdAt");
    let (rows, total) = ctx
        .read(move |tx| {
            if q.trim().is_empty() {
                let (page, total) = customer::page(tx, &kind, oldest_first, paging.offset, paging.limit)?;
                let rows = page.iter().map(|c| find::row(tx, c)).collect::<kernel::Result<Vec<_>>>()?;
                return Ok((rows, total));
            }
            let mut found = customer::find(tx, &q, FOUND)?;
            found.retain(|f| kind.is_empty() || f.customer.kind == kind);
            let total = found.len() as i64;
            let skip = usize::try_from(paging.offset).unwrap_or(usize::MAX);
            let page = found.iter().skip(skip).take(usize::try_from(paging.limit).unwrap_or(0));
            let rows = page.map(|f| find::found_row(tx, f)).collect::<kernel::Result<Vec<_>>>()?;
            Ok((rows, Some(total)))
        })
        .await?;
    let reply = Reply::ok(&rows);
    Ok(match total {
        Some(total) => reply.total(total),
        None => reply.header("x-total-count-limit", customer::COUNT_LIMIT),
    })
}
