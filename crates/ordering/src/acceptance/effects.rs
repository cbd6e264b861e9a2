//! What an order changes in our records, one effect a row (table `business_effect`): planned when the order is placed, done in
//! one transaction with its step, and taken back in reverse order from the values it found. So whatever business it is, a
//! cancelled order leaves no residue, and the audit has before and after.
//!
//! ```text
//! planned → done → undone
//! ```

mod perform;

use super::Change;
use inventory::products::{
    Status,
    locks::{Level, Reason},
};
use kernel::{Problem, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::{Tx, params, sql};

/// One change of our records.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "effect", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Effect {
    /// A suspension lock is set, or set to another level; the product stops with the first one.
    Lock {
        product: String,
        reason: String,
        /// Orders of before there were levels stop both ways.
        #[serde(default = "both_ways")]
        level: String,
    },
    /// A suspension lock is taken off; the product works again without any.
    Unlock {
        product: String,
        reason: String,
    },
    Status {
        product: String,
        to: String,
    },
    /// The product is gone: number to quarantine, port free, services ended. Only at last: nothing takes it back.
    End {
        product: String,
    },
    Characteristics {
        product: String,
        set: Map<String, Value>,
    },
    Attributes {
        product: String,
        set: Map<String, Value>,
    },
    /// The product gets another number; the old one waits for [`Effect::RetireNumber`].
    Number {
        product: String,
        old: String,
        new: String,
    },
    RetireNumber {
        number: String,
    },
    /// The product belongs to somebody else.
    Holder {
        product: String,
        from: String,
        to: String,
    },
    /// A line moves to another port; the old one waits for [`Effect::LeavePort`].
    MovePort {
        product: String,
    },
    LeavePort {
        product: String,
    },
    CustomerName {
        customer: String,
        name: String,
    },
    /// The product has another SIM card.
    Card {
        product: String,
        old: Option<String>,
        new: String,
        stocked: bool,
    },
    /// The number goes to another operator, for good.
    PortNumberOut {
        number: String,
    },
}

fn both_ways() -> String {
    Level::TwoWay.name().to_owned()
}

impl Effect {
    pub fn lock(product: &str, reason: Reason, level: Level) -> Self {
        Self::Lock { product: product.to_owned(), reason: reason.name().to_owned(), level: level.name().to_owned() }
    }
    pub fn unlock(product: &str, reason: Reason) -> Self {
        Self::Unlock { product: product.to_owned(), reason: reason.name().to_owned() }
    }
    pub fn status(product: &str, to: Status) -> Self {
        Self::Status { product: product.to_owned(), to: to.text().to_owned() }
    }
    pub fn characteristic(product: &str, name: &str, value: impl Into<Value>) -> Self {
        Self::Characteristics { product: product.to_owned(), set: Map::from_iter([(name.to_owned(), value.into())]) }
    }
    pub fn attribute(product: &str, name: &str, value: impl Into<Value>) -> Self {
        Self::Attributes { product: product.to_owned(), set: Map::from_iter([(name.to_owned(), value.into())]) }
    }
}

/// With which step an effect is booked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stage {
    /// Before the network is asked.
    First,
    /// Once the network has done its part.
    Main,
    /// With the order's completion.
    Last,
}

impl Stage {
    const fn name(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Main => "main",
            Self::Last => "last",
        }
    }
}

sql! {
    PLAN = "INSERT INTO business_effect (order_id, seq, stage, effect, state) VALUES ($1, $2, $3, $4, 'planned')";
    PLANNED = "SELECT seq, effect FROM business_effect WHERE order_id = $1 AND stage = $2 AND state = 'planned' ORDER BY seq";
    DONE = "SELECT seq, effect, found FROM business_effect WHERE order_id = $1 AND stage = $2 AND state = 'done' ORDER BY seq DESC";
    SET_DONE = "UPDATE business_effect SET state = 'done', found = $3, at = $4 WHERE order_id = $1 AND seq = $2";
    SET_UNDONE = "UPDATE business_effect SET state = 'undone', at = $3 WHERE order_id = $1 AND seq = $2";
    OF_ORDER = "SELECT effect, state, found, at FROM business_effect WHERE order_id = $1 ORDER BY seq";
}

/// Writes down what an order will change.
pub fn plan(tx: &mut Tx<'_>, order_id: &str, change: &Change) -> Result<()> {
    let of = |stage, effects: &'_ [Effect]| effects.iter().cloned().map(|e| (stage, e)).collect::<Vec<_>>();
    let mut staged = of(Stage::First, &change.first);
    staged.extend(of(Stage::Main, &change.effects));
    staged.extend(of(Stage::Last, &change.at_last));
    for (seq, (stage, effect)) in staged.iter().enumerate() {
        let text = serde_json::to_string(effect).map_err(Problem::internal)?;
        tx.execute(&PLAN, params![order_id, seq, stage.name(), text])?;
    }
    Ok(())
}

/// Does what is planned for a stage; done again it does nothing.
pub fn perform(tx: &mut Tx<'_>, order_id: &str, stage: Stage) -> Result<()> {
    for row in tx.query(&PLANNED, params![order_id, stage.name()])? {
        let effect: Effect = read(row.str(1))?;
        let found = perform::perform(tx, order_id, &effect)?;
        let now = tx.now();
        tx.execute(&SET_DONE, params![order_id, row.int(0), found, now])?;
    }
    Ok(())
}

/// Takes back what was done, the last first; what was not done is left alone.
pub fn undo(tx: &mut Tx<'_>, order_id: &str, stage: Stage) -> Result<()> {
    for row in tx.query(&DONE, params![order_id, stage.name()])? {
        let effect: Effect = read(row.str(1))?;
        perform::undo(tx, order_id, &effect, &row.json(2))?;
        let now = tx.now();
        tx.execute(&SET_UNDONE, params![order_id, row.int(0), now])?;
    }
    Ok(())
}

/// What an order changes, for its page: effect, state, what stood there before.
pub fn of_order(tx: &mut Tx<'_>, order_id: &str) -> Result<Vec<Value>> {
    let rows = tx.query(&OF_ORDER, params![order_id])?;
    rows.iter()
        .map(|r| {
            let mut shown = r.json(0);
            shown["state"] = Value::from(r.text(1));
            shown["found"] = r.opt_text(2).map_or(Value::Null, |_| r.json(2));
            shown["at"] = r.opt_time(3).map_or(Value::Null, |t| Value::from(t.to_string()));
            Ok(shown)
        })
        .collect()
}

fn read(text: &str) -> Result<Effect> {
    serde_json::from_str(text).map_err(Problem::internal)
}
