//! From the moment a port has taken effect to the closed line: periodic, derived from the records alone.
//!
//! A line that another order holds is closed once it is free: meanwhile the number is away already, and the desk sees why.

use super::{PortOut, columns, read, worker};
use crate::{
    centre, setting,
    state::{OutEvent, OutState},
};
use http::App;
use inventory::products;
use kernel::{Actor, Lang, Result};
use messaging::Sms;
use serde_json::{Map, json};
use store::{Tx, params, sql};

sql! {
    WORK = concat!("SELECT ", columns!(), " FROM port_out WHERE live = 1 ORDER BY updated_at, id LIMIT 200");
    AGAIN = concat!("SELECT ", columns!(), " FROM port_out WHERE id = $1 {for_update}");
}

/// One look at every number that is on its way out.
pub async fn close_lines(app: App) -> Result<()> {
    let all =
        app.db().read(Actor::system(), |tx| tx.query(&WORK, params![])?.iter().map(read).collect::<Result<Vec<_>>>());
    for port in all.await? {
        match port.state {
            OutState::Accepted => ask_about(&app, port).await?,
            OutState::Effective => place(&app, port).await?,
            OutState::Closing => finish(&app, port).await?,
            OutState::Refused | OutState::Cancelled | OutState::Closed => {}
        }
    }
    Ok(())
}

/// A notice that should have come by now: the central system is asked.
async fn ask_about(app: &App, port: PortOut) -> Result<()> {
    let grace = app.db().peek(Actor::system(), |tx| setting::GRACE_SECONDS.get(tx)).await?;
    let now = app.db().env().now();
    let expected = port.effective_at.unwrap_or(port.created_at.plus_seconds(3_600)).plus_seconds(grace);
    if now < expected {
        return Ok(());
    }
    let Ok(centre) = centre::centre(app).await else { return Ok(()) };
    let Ok(Some(status)) = centre.status(port.request_id.clone()).await else { return Ok(()) }; // asked again with the next look
    let follow = app.db().write(worker(&port.org), move |tx| {
        let Some(row) = tx.query_opt(&AGAIN, params![port.id])? else { return Ok(false) };
        read(&row)?.follow(tx, &status)
    });
    follow.await.map(drop)
}

/// Places the order that closes the line.
async fn place(app: &App, port: PortOut) -> Result<()> {
    let id = port.id.clone();
    let placed = app.db().write(worker(&port.org), move |tx| {
        let Some(row) = tx.query_opt(&AGAIN, params![id])? else { return Ok(()) };
        let mut port = read(&row)?;
        if port.state != OutState::Effective {
            return Ok(());
        }
        let mut values = Map::new();
        values.insert("requestId".into(), json!(port.request_id));
        let (zh, _) = setting::operator(tx, &port.recipient)?;
        let ask = ordering::Ask {
            business: "portOut".to_owned(),
            product_id: Some(port.product_id.clone()),
            values,
            reason: format!("携出生效：{zh}"),
            ..ordering::Ask::default()
        };
        let placed = ordering::place(tx, ask)?;
        port.order_id = Some(placed.order_id);
        port.problem.clear();
        port.happen(tx, OutEvent::Close).map(drop)
    });
    let Err(problem) = placed.await else { return Ok(()) };
    let (id, why) = (port.id.clone(), problem.reason(Lang::Zh));
    tracing::warn!(port = %port.id, %problem, "the line of a number that has left cannot be closed yet");
    let noted = app.db().write(worker(&port.org), move |tx| {
        let Some(row) = tx.query_opt(&AGAIN, params![id])? else { return Ok(()) };
        let mut port = read(&row)?;
        if port.problem == why {
            return Ok(());
        }
        port.problem.clone_from(&why);
        port.save(tx)
    });
    noted.await
}

/// The line is closed: what is left to pay is told to the customer.
async fn finish(app: &App, port: PortOut) -> Result<()> {
    let done = app.db().write(worker(&port.org), move |tx| {
        let Some(row) = tx.query_opt(&AGAIN, params![port.id])? else { return Ok(()) };
        let mut port = read(&row)?;
        if port.state != OutState::Closing || !closed(tx, &port)? {
            return Ok(());
        }
        let dues = billing::arrears_of_product(tx, &port.product_id)?.total;
        port.dues_fen = Some(dues.in_fen());
        if dues > kernel::Money::ZERO {
            let text = format!("【一台电信】您的号码已携出，最终账单待结清 {dues} 元，请在到期日前缴清。感谢使用。");
            let sms = Sms {
                number: &port.number,
                purpose: "portOut.dues",
                text: &text,
                secret: None,
                customer_id: Some(&port.customer_id),
                org: &port.org,
            };
            messaging::send(tx, &sms)?;
        }
        port.happen(tx, OutEvent::Finish).map(drop)
    });
    done.await
}

/// The order that closes the line has ended, and the line with it.
fn closed(tx: &mut Tx<'_>, port: &PortOut) -> Result<bool> {
    let product = products::get(tx, &port.product_id)?;
    if product.text("status") != "terminated" {
        return Ok(false);
    }
    let Some(order) = &port.order_id else { return Ok(true) };
    Ok(flow::saga::of_subject(tx, order)?.is_none_or(|s| s.state().ended()))
}
