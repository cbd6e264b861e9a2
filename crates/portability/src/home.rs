//! Numbers go home: one that came from another operator may not be kept once its user has left.

use crate::{
    centre, port_in, setting,
    state::{InEvent, InState},
};
use http::App;
use inventory::{numbers, products};
use kernel::{Actor, OrgPath, Problem, Result};
use serde_json::json;

/// Every foreign number that serves nobody is given back. What the central system does not take now is given later.
pub async fn return_numbers(app: App) -> Result<()> {
    let idle = app.db().read(Actor::system(), |tx| numbers::foreign_idle(tx, 100)).await?;
    for number in idle {
        if let Err(problem) = give_back(&app, &number).await {
            tracing::warn!(%problem, "a number could not be given back yet");
        }
    }
    Ok(())
}

async fn give_back(app: &App, number: &str) -> Result<()> {
    let own = app.db().peek(Actor::system(), setting::own).await?;
    let centre = centre::centre(app).await.map_err(|f| f.problem)?;
    centre.give_back(number.to_owned(), own).await.map_err(|f| f.problem)?;
    let number = number.to_owned();
    app.db()
        .write(Actor::system(), move |tx| {
            numbers::return_home(tx, &number)?;
            if let Some(mut port) = port_in::live(tx, &number)?
                && port.state == InState::Effective
            {
                port.happen(tx, InEvent::Return)?;
            }
            let detail = json!({"number": kernel::mask_phone(&number)});
            tx.audit("portability.returned", "portability", &number, &OrgPath::root(), &detail)
        })
        .await
}

/// Gives a number up that came in but never got a line: the only way back once a port has taken effect.
pub async fn give_up(app: &App, actor: Actor, id: &str, reason: &str) -> Result<()> {
    let key = id.to_owned();
    let looked = app.db().peek(actor.clone(), move |tx| {
        let port = port_in::one(tx, &key)?;
        port.state.after(InEvent::Return)?;
        let status = products::get(tx, &port.product_id)?.text("status").to_owned();
        port_in::must_be_idle(&status, &port.number)?;
        Ok((port, setting::own(tx)?))
    });
    let (port, own) = looked.await?;
    let centre = centre::centre(app).await.map_err(|f| f.problem)?;
    centre.give_back(port.number.clone(), own).await.map_err(|f| f.problem)?;
    let (key, reason) = (id.to_owned(), reason.to_owned());
    app.db()
        .write(actor, move |tx| {
            let mut port = port_in::lock(tx, &key)?;
            if port.state == InState::Returned {
                return Ok(());
            }
            let status = products::get(tx, &port.product_id)?.text("status").to_owned();
            port_in::must_be_idle(&status, &port.number)?;
            port.happen(tx, InEvent::Return)?;
            match numbers::return_home(tx, &port.number) {
                Ok(()) => {}
                Err(problem) if problem.code.status == 404 => {}
                Err(problem) => return Err(problem),
            }
            let detail = json!({"reason": reason, "number": kernel::mask_phone(&port.number)});
            tx.audit("portability.givenUp", "port-ins", &port.id, &port.org, &detail)?;
            flow::saga::wake(tx, &port.order_id)
        })
        .await
        .map_err(|p: Problem| p)
}
