//! Today at the desk, within the actor's scope.

use crate::find;
use http::{Answer, Ctx, Reply};
use kernel::Result;
use serde_json::{Value, json};
use store::Tx;

const RECENT: i64 = 8;
/// A quiet hall still sees whom it served last.
const RECENT_DAYS: i64 = 30;

pub(crate) async fn workbench(ctx: Ctx) -> Answer {
    Ok(Reply::ok(&ctx.read(compose).await?))
}

fn compose(tx: &mut Tx<'_>) -> Result<Value> {
    let midnight = tx.now().date().start();
    let by_hour = ordering::by_hour(tx, midnight)?;
    let since = midnight.plus_seconds(-RECENT_DAYS * 86_400);
    let recent = customer::recent(tx, since, RECENT)?;
    let customers = recent.iter().map(|c| find::row(tx, c)).collect::<Result<Vec<_>>>()?;
    Ok(json!({
        "today": {
            "orders": by_hour.iter().sum::<i64>(),
            "paymentsFen": billing::today_total(tx)?,
            "newCustomers": customer::created_since(tx, midnight)?,
            "falloutOpen": flow::fallout::summary(tx)?.open,
        },
        "ordersByHour": by_hour,
        "recentOrders": ordering::recent(tx, RECENT)?,
        "recentCustomers": customers,
    }))
}
