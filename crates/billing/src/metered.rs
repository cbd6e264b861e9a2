//! What collaboration orders mean for usage and rating: whose records a number's are, which plan rates them, who shares.
//!
//! Everything that is done is noted, so that taking the order back undoes exactly that. A product has a service only where
//! something of it is metered; an option is rated on the line that it relies on.

mod bulk;

pub use bulk::{Metered, carried};

use crate::{
    collaboration::{Collaboration, CollaborationKind as Kind},
    cycle,
    subscription::{self, Subscription},
};
use kernel::{OrgPath, Result, Timestamp};
use rating::Assign;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::Tx;

/// What was done, for the inverse.
#[derive(Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Done {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    assigned: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ended: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    joined: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    left: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    opened: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    closed: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    moved: Vec<Moved>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    renumbered: Vec<(String, String)>,
}

#[derive(Serialize, Deserialize)]
struct Moved {
    product: String,
    customer: String,
    account: String,
    org: String,
}

/// The group under which the parts of a bundle share.
fn pool(order_id: &str, item_id: &str) -> String {
    format!("bundle:{order_id}:{item_id}")
}

/// After the order has had its effect on charging. `moved` names the products of merged or split accounts.
pub(crate) fn apply(tx: &mut Tx<'_>, fact: &Collaboration, moved: &Value) -> Result<Value> {
    let mut done = Done::default();
    let at = fact.effective_from;
    match fact.kind {
        Kind::Start => start(tx, fact, at, &mut done)?,
        Kind::Stop => stop(tx, &fact.product_id, at, &mut done)?,
        Kind::ChangeTariff => tariff(tx, fact, at, &mut done)?,
        Kind::Transfer => transfer(tx, fact, at, &mut done)?,
        Kind::ChangeNumber => number(tx, fact, at, &mut done)?,
        Kind::ChangePayer => follow(tx, &fact.product_id, at, &mut done)?,
        Kind::MergeAccounts | Kind::SplitAccount => {
            for product in moved["products"].as_array().into_iter().flatten().filter_map(Value::as_str) {
                follow(tx, product, at, &mut done)?;
            }
        }
        Kind::GroupMember => member(tx, fact, at, &mut done)?,
        Kind::Suspend | Kind::Resume | Kind::Rename | Kind::Refund | Kind::Contract | Kind::Discount => {}
    }
    serde_json::to_value(done).map_err(kernel::Problem::internal)
}

/// Puts back what [`apply`] did.
pub(crate) fn undo(tx: &mut Tx<'_>, done: &Value) -> Result<()> {
    if !done.is_object() {
        return Ok(()); // from before there was rating
    }
    let done: Done = serde_json::from_value(done.clone()).map_err(kernel::Problem::internal)?;
    let now = tx.now();
    rating::void(tx, &done.assigned)?;
    rating::reassign(tx, &done.ended)?;
    rating::void_shares(tx, &done.joined)?;
    rating::rejoin(tx, &done.left)?;
    for product in &done.opened {
        usage::close_service(tx, product, Timestamp::from_micros(0))?;
    }
    for product in &done.closed {
        if let Some(s) = usage::service_of(tx, product)? {
            give_up(tx, &s.number, product, now)?;
        }
        usage::reopen_service(tx, product)?;
    }
    for m in &done.moved {
        usage::move_service(tx, &m.product, &m.customer, &m.account, now)?;
        usage::move_org(tx, &m.product, &OrgPath::parse(&m.org)?)?;
    }
    for (product, number) in &done.renumbered {
        give_up(tx, number, product, now)?;
        usage::renumber(tx, product, number, now)?;
    }
    Ok(())
}

/// The last who claims a number has it: who held it before is about to be told that it does not.
fn give_up(tx: &mut Tx<'_>, number: &str, product_id: &str, at: Timestamp) -> Result<()> {
    for holding in usage::holdings(tx, number)?.into_iter().filter(|h| h.to.is_none()) {
        if let Some(other) = usage::service(tx, holding.key)?.filter(|s| s.product_id != product_id) {
            usage::renumber(tx, &other.product_id, "", at)?;
        }
    }
    Ok(())
}

fn start(tx: &mut Tx<'_>, fact: &Collaboration, at: Timestamp, done: &mut Done) -> Result<()> {
    let Some(s) = subscription::look(tx, &fact.product_id)? else { return Ok(()) };
    if let Some(line) = fact.new["reliesOn"].as_str().filter(|l| !l.is_empty()) {
        // An option is rated with its line, as long as that is metered.
        if usage::service_of(tx, line)?.is_some_and(|line| line.to.is_none()) {
            done.assigned.extend(assign(tx, (line, &s), fact, at)?);
        }
        return Ok(());
    }
    if s.number.is_empty() {
        // A group or bundle that is a product by itself may own what its members share.
        if let Some((plan, version)) = rating::pool_of(tx, &s.offering_id, s.offering_version)? {
            let new = of(&s.product_id, &s, None, at);
            done.assigned.push(rating::assign_plan(tx, &new, &plan, version)?);
        }
        return Ok(());
    }
    let Some(assigned) = assign(tx, (&s.product_id, &s), fact, at)? else { return Ok(()) };
    done.assigned.push(assigned);
    open(tx, &s, at, done)?;
    share(tx, fact, &s, at, done)
}

fn open(tx: &mut Tx<'_>, s: &Subscription, at: Timestamp, done: &mut Done) -> Result<()> {
    give_up(tx, &s.number, &s.product_id, at)?;
    let new = usage::NewService {
        product_id: &s.product_id,
        customer_id: &s.customer_id,
        account_id: &s.account_id,
        org: &s.org,
        number: &s.number,
        cycle_day: cycle::day_of(tx, &s.account_id)?,
        from: at,
    };
    usage::open_service(tx, &new)?;
    done.opened.push(s.product_id.clone());
    Ok(())
}

fn of<'a>(
    product_id: &'a str,
    s: &'a Subscription,
    bundle: Option<(&'a str, Option<i64>)>,
    at: Timestamp,
) -> Assign<'a> {
    Assign {
        product_id,
        source: &s.product_id,
        org: &s.org,
        offering_id: &s.offering_id,
        version: s.offering_version,
        bundle,
        from: at,
    }
}

fn assign(
    tx: &mut Tx<'_>,
    (product_id, s): (&str, &Subscription),
    fact: &Collaboration,
    at: Timestamp,
) -> Result<Option<String>> {
    let bundle = fact.bundle.as_ref().map(|b| (b.offering_id.as_str(), None));
    rating::assign(tx, &of(product_id, s, bundle, at))
}

/// Parts of a bundle whose allowances are one pool share it; other bundles' pools are left.
fn share(tx: &mut Tx<'_>, fact: &Collaboration, s: &Subscription, at: Timestamp, done: &mut Done) -> Result<()> {
    let mut wanted = None;
    if let Some(bundle) = &fact.bundle
        && let Some((plan, version)) = rating::pool_of(tx, &bundle.offering_id, None)?
    {
        let group = pool(&s.order_id, &bundle.item_id);
        if rating::open_on(tx, &group)?.is_empty() {
            let new = Assign {
                product_id: &group,
                source: &group,
                org: &s.org,
                offering_id: &bundle.offering_id,
                version: None,
                bundle: None,
                from: at,
            };
            done.assigned.push(rating::assign_plan(tx, &new, &plan, version)?);
        }
        wanted = Some(group);
    }
    let groups = rating::groups_of(tx, &s.product_id, at)?;
    for group in groups.iter().filter(|g| g.starts_with("bundle:") && wanted.as_ref() != Some(g)) {
        leave(tx, group, &s.product_id, at, done)?;
    }
    if let Some(group) = wanted {
        done.joined.extend(rating::share_join(tx, &group, &s.product_id, at)?);
    }
    Ok(())
}

/// The pool of a bundle ends with its last member.
fn leave(tx: &mut Tx<'_>, group: &str, product_id: &str, at: Timestamp, done: &mut Done) -> Result<()> {
    done.left.extend(rating::share_leave(tx, group, product_id, at)?);
    if group.starts_with("bundle:") && rating::members(tx, group, at)?.is_empty() {
        done.ended.extend(rating::unassign_all(tx, group, at)?);
    }
    Ok(())
}

fn stop(tx: &mut Tx<'_>, product_id: &str, at: Timestamp, done: &mut Done) -> Result<()> {
    done.ended.extend(rating::unassign_all(tx, product_id, at)?);
    done.ended.extend(rating::unassign(tx, product_id, at)?);
    for group in rating::groups_of(tx, product_id, at)? {
        leave(tx, &group, product_id, at, done)?;
    }
    if usage::service_of(tx, product_id)?.is_some_and(|s| s.to.is_none()) {
        usage::close_service(tx, product_id, at)?;
        done.closed.push(product_id.to_owned());
    }
    Ok(())
}

fn tariff(tx: &mut Tx<'_>, fact: &Collaboration, at: Timestamp, done: &mut Done) -> Result<()> {
    let Some(s) = subscription::look(tx, &fact.product_id)? else { return Ok(()) };
    let on: Vec<(String, String)> =
        rating::brought_by(tx, &s.product_id)?.into_iter().map(|a| (a.id, a.product_id)).collect();
    // An option that is changed stays on its line.
    let target =
        on.iter().map(|(_, on)| on.as_str()).find(|on| *on != s.product_id).unwrap_or(&s.product_id).to_owned();
    done.ended.extend(rating::unassign(tx, &s.product_id, at)?);
    if s.number.is_empty() && target == s.product_id {
        if let Some((plan, version)) = rating::pool_of(tx, &s.offering_id, s.offering_version)? {
            done.assigned.push(rating::assign_plan(tx, &of(&target, &s, None, at), &plan, version)?);
        }
        return Ok(());
    }
    let assigned = assign(tx, (&target, &s), fact, at)?;
    if assigned.is_some() && usage::service_of(tx, &target)?.is_none() {
        open(tx, &s, at, done)?;
    }
    done.assigned.extend(assigned);
    share(tx, fact, &s, at, done)
}

/// The account that pays has changed: another holding begins, the plan goes on.
fn follow(tx: &mut Tx<'_>, product_id: &str, at: Timestamp, done: &mut Done) -> Result<()> {
    let Some(s) = subscription::look(tx, product_id)? else { return Ok(()) };
    let Some(was) = usage::service_of(tx, product_id)?.filter(|w| w.to.is_none()) else { return Ok(()) };
    if was.account_id == s.account_id && was.customer_id == s.customer_id {
        return Ok(());
    }
    usage::move_service(tx, product_id, &s.customer_id, &s.account_id, at)?;
    usage::move_org(tx, product_id, &s.org)?;
    let product = product_id.to_owned();
    done.moved.push(Moved { product, customer: was.customer_id, account: was.account_id, org: was.org });
    Ok(())
}

/// Another customer: what is included begins anew, so that nobody lives on what the other has left, or has not.
fn transfer(tx: &mut Tx<'_>, fact: &Collaboration, at: Timestamp, done: &mut Done) -> Result<()> {
    follow(tx, &fact.product_id, at, done)?;
    let Some(s) = subscription::look(tx, &fact.product_id)? else { return Ok(()) };
    for held in rating::open_on(tx, &fact.product_id)? {
        done.ended.extend(rating::end(tx, &held.id, at)?);
        let new = Assign {
            product_id: &held.product_id,
            source: &held.source,
            org: &s.org,
            offering_id: &held.offering_id,
            version: None,
            bundle: None,
            from: at,
        };
        done.assigned.push(rating::assign_plan(tx, &new, &held.plan_id, held.plan_version)?);
    }
    Ok(())
}

fn number(tx: &mut Tx<'_>, fact: &Collaboration, at: Timestamp, done: &mut Done) -> Result<()> {
    let Some(s) = subscription::look(tx, &fact.product_id)? else { return Ok(()) };
    let Some(was) = usage::service_of(tx, &s.product_id)?.filter(|w| w.to.is_none()) else { return Ok(()) };
    give_up(tx, &s.number, &s.product_id, at)?;
    usage::renumber(tx, &s.product_id, &s.number, at)?;
    done.renumbered.push((s.product_id, was.number));
    Ok(())
}

fn member(tx: &mut Tx<'_>, fact: &Collaboration, at: Timestamp, done: &mut Done) -> Result<()> {
    let group = |side: &Value| side["groupProductId"].as_str().filter(|g| !g.is_empty()).map(str::to_owned);
    if let Some(old) = group(&fact.old) {
        leave(tx, &old, &fact.product_id, at, done)?;
    }
    if let Some(new) = group(&fact.new)
        && usage::service_of(tx, &fact.product_id)?.is_some_and(|s| s.to.is_none())
    {
        done.joined.extend(rating::share_join(tx, &new, &fact.product_id, at)?);
    }
    Ok(())
}
