//! Which discounts hold for an item: those the catalogue gives by itself, those a person picked, those a person grants.

use super::{Applies, Cut, Declined, Discount, PriceItem, Reduction};
use crate::{problems, settings};
use catalog::{DiscountValue, Offering, PriceKind};
use kernel::{Problem, Result};
use store::Tx;

/// The discounts that hold, and published ones whose conditions are not met. Asking for one that cannot be had is refused.
pub fn reductions(
    tx: &mut Tx<'_>,
    offering: &Offering,
    item: &PriceItem,
    together: &[String],
) -> Result<(Vec<Reduction>, Vec<Declined>)> {
    let published = catalog::discounts_for(tx, offering)?;
    let (mut wanted, mut declined) = (Vec::new(), Vec::new());
    for discount in &published {
        let asked = item.discounts.iter().find(|d| d.discount_id.as_deref() == Some(&discount.id));
        let met = discount.requires.is_empty() || discount.requires.iter().any(|r| together.contains(r));
        if !met {
            if asked.is_some() || discount.by_hand.is_none() {
                declined.push(Declined {
                    id: discount.id.clone(),
                    name: discount.name.clone(),
                    zh: "需同时持有或办理指定产品".into(),
                    en: "needs another product held or bought with it".into(),
                });
            }
            continue;
        }
        let granted = discount.by_hand.is_some();
        if granted && asked.is_none() {
            continue; // somebody has to grant it
        }
        let own = match discount.value {
            DiscountValue::Percent(percent) => Cut::Percent(percent),
            DiscountValue::Amount(amount) => Cut::Fen(amount),
        };
        let cut = asked.filter(|_| granted).and_then(cut_of).unwrap_or(own);
        wanted.push(Reduction {
            id: discount.id.clone(),
            name: discount.name.clone(),
            applies: if discount.applies == PriceKind::OneTime { Applies::OneTime } else { Applies::Recurring },
            cut,
            months: discount.months,
            stackable: discount.stackable,
            source: if granted { "granted" } else { "published" }.into(),
            reason: asked.map(|a| a.reason.clone()).unwrap_or_default(),
            request_id: asked.and_then(|a| a.request_id.clone()),
        });
    }
    let most = settings::MAX_PERCENT.number(tx)?;
    for (n, asked) in item.discounts.iter().enumerate() {
        match &asked.discount_id {
            Some(id) if !published.iter().any(|d| d.id == *id) => {
                return Err(Problem::new(&problems::DISCOUNT_UNKNOWN).field("discounts").with("value", id));
            }
            Some(_) => {}
            None => wanted.push(by_hand(asked, n, most)?),
        }
    }
    Ok((wanted, declined))
}

const fn cut_of(asked: &Discount) -> Option<Cut> {
    match (asked.percent, asked.amount) {
        (Some(percent), _) => Some(Cut::Percent(percent)),
        (None, Some(amount)) => Some(Cut::Fen(amount)),
        (None, None) => None,
    }
}

/// What a person grants beside the catalogue. It stacks: the person has looked at what there is already.
fn by_hand(asked: &Discount, n: usize, most: i64) -> Result<Reduction> {
    let cut = cut_of(asked).ok_or_else(|| Problem::invalid("discounts", "percent | amountFen"))?;
    if matches!(cut, Cut::Percent(percent) if percent > most) {
        return Err(Problem::invalid("discounts.percent", &format!("≤ {most}")));
    }
    if asked.reason.trim().is_empty() {
        return Err(Problem::new(&problems::DISCOUNT_REASON).field("discounts.reason"));
    }
    Ok(Reduction {
        id: format!("granted-{}", n + 1),
        name: asked.name.clone().unwrap_or_else(|| "授权优惠".into()),
        applies: asked.applies,
        cut,
        months: asked.months,
        stackable: true,
        source: "granted".into(),
        reason: asked.reason.trim().to_owned(),
        request_id: asked.request_id.clone(),
    })
}
