//! Hours, rates and limits of sending: rows with a source.

use kernel::{Problem, Result, Timestamp};
use store::{Tx, params, sql};

sql! {
    FIND = "SELECT value FROM message_setting WHERE name = $1";
}

pub fn number(tx: &mut Tx<'_>, name: &str) -> Result<i64> {
    let row = tx.query_opt(&FIND, params![name])?;
    row.map(|r| r.int(0)).ok_or_else(|| Problem::internal(format!("message setting {name} is missing")))
}

/// When a message that can wait may go: now, or when the quiet hours end.
pub fn after_quiet_hours(tx: &mut Tx<'_>, now: Timestamp) -> Result<Timestamp> {
    let (from, to) = (number(tx, "quiet.from_hour")?, number(tx, "quiet.to_hour")?);
    Ok(after(now, from, to))
}

fn after(now: Timestamp, from: i64, to: i64) -> Timestamp {
    let hour = i64::from(now.hour());
    let morning = now.date().start().plus_seconds(to * 3_600);
    let quiet = if from <= to { hour >= from && hour < to } else { hour >= from || hour < to };
    match quiet {
        false => now,
        true if hour < to => morning,
        true => morning.plus_seconds(86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_woken_for_what_can_wait() {
        let at = |text: &str| Timestamp::parse(&format!("2026-11-22T{text}:00+08:00")).unwrap();
        let next = |text: &str| Timestamp::parse(&format!("2026-11-23T{text}:00+08:00")).unwrap();
        assert_eq!(after(at("10:00"), 21, 8), at("10:00"));
        assert_eq!(after(at("20:59"), 21, 8), at("20:59"));
        assert_eq!(after(at("21:00"), 21, 8), next("08:00"));
        assert_eq!(after(at("02:30"), 21, 8), at("08:00"));
        assert_eq!(after(at("12:30"), 12, 14), at("14:00"));
        assert_eq!(after(at("02:30"), 0, 0), at("02:30"));
    }
}
