//! Which services had new usage: written with it, one row an intake, and taken away by who looks at what it means, such as
//! the reminders of allowances. Several intakes looked at together name each service once.

use crate::{ServiceKey, runs::new_run};
use kernel::{Problem, Result};
use std::collections::BTreeSet;
use store::{Tx, Value, params, sql};

sql! {
    ADD = "INSERT INTO usage_touched (at, id, services, body) VALUES ($1, $2, $3, $4)";
    OLDEST = "SELECT at, id, body FROM usage_touched ORDER BY at, id LIMIT $1";
    TAKE_AWAY = "DELETE FROM usage_touched WHERE at = $1 AND id = $2";
}

/// The services of some intakes, the oldest ones.
#[derive(Clone, Debug, Default)]
pub struct Touched {
    intakes: Vec<(i64, i64)>,
    pub services: Vec<ServiceKey>,
}

impl Touched {
    pub fn is_empty(&self) -> bool {
        self.intakes.is_empty()
    }
}

/// Writes down that these services have new usage.
pub(crate) fn add(tx: &mut Tx<'_>, services: &BTreeSet<i64>) -> Result<()> {
    if services.is_empty() {
        return Ok(());
    }
    let (now, id) = (tx.now(), new_run(tx));
    let n = services.len() as i64;
    tx.execute(&ADD, params![now, id, n, Value::Blob(pack(services))]).map(drop)
}

/// The services that the oldest intakes touched, at most so many intakes.
pub fn touched(tx: &mut Tx<'_>, most: i64) -> Result<Touched> {
    let (mut intakes, mut keys) = (Vec::new(), BTreeSet::new());
    tx.each(&OLDEST, params![most], |row| {
        let Value::Blob(body) = row.value(2) else { return Err(Problem::internal("touched services without a body")) };
        intakes.push((row.int(0), row.int(1)));
        unpack(body, &mut keys)
    })?;
    Ok(Touched { intakes, services: keys.into_iter().map(ServiceKey).collect() })
}

/// They have been looked at; what came since has rows of its own.
pub fn looked_at(tx: &mut Tx<'_>, touched: &Touched) -> Result<()> {
    touched.intakes.iter().try_for_each(|(at, id)| tx.execute(&TAKE_AWAY, params![*at, *id]).map(drop))
}

/// Differences in groups of seven bits, the lowest first: neighbours take a byte.
fn pack(keys: &BTreeSet<i64>) -> Vec<u8> {
    let (mut out, mut before) = (Vec::with_capacity(keys.len() * 2), 0i64);
    for key in keys {
        let mut n = key.wrapping_sub(before).cast_unsigned();
        while n >= 0x80 {
            out.push((n & 0x7f) as u8 | 0x80);
            n >>= 7;
        }
        out.push(n as u8);
        before = *key;
    }
    out
}

fn unpack(body: &[u8], into: &mut BTreeSet<i64>) -> Result<()> {
    let (mut key, mut n, mut shift) = (0i64, 0u64, 0u32);
    for byte in body {
        if shift > 63 {
            return Err(Problem::internal("touched services are damaged"));
        }
        n |= u64::from(byte & 0x7f) << shift;
        shift += 7;
        if byte & 0x80 == 0 {
            key = key.wrapping_add(n.cast_signed());
            into.insert(key);
            (n, shift) = (0, 0);
        }
    }
    if shift == 0 { Ok(()) } else { Err(Problem::internal("touched services are cut off")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_back_as_they_were() {
        let keys: BTreeSet<i64> = [0, 1, 2, 127, 128, 300, 1_000_000, i64::MAX].into();
        let packed = pack(&keys);
        let mut back = BTreeSet::new();
        unpack(&packed, &mut back).unwrap();
        assert_eq!(back, keys);
        assert!(unpack(&packed[..packed.len() - 1], &mut back).is_err());
        assert!(unpack(&[0xff; 11], &mut back).is_err());
    }
}
