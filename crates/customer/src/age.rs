//! How old a customer is, where their record says so.

use crate::{CUSTOMER, rules};
use http::tmf;
use kernel::{Date, Problem, Result};
use store::Tx;

/// Whole years of age today; `None` for organisations and where the date of birth is not known.
pub fn age_of(tx: &mut Tx<'_>, customer_id: &str) -> Result<Option<i64>> {
    let doc = tmf::get(tx, &CUSTOMER, customer_id)?.ok_or_else(Problem::not_found)?;
    let today = tx.now().date();
    let born = rules::engaged_party(tx, &doc.body)?.and_then(|p| Date::parse(p.text("birthDate").get(..10)?).ok());
    Ok(born.map(|born| years(born, today)))
}

fn years(born: Date, today: Date) -> i64 {
    let had_birthday = (today.month(), today.day()) >= (born.month(), born.day());
    i64::from(today.year() - born.year()) - i64::from(!had_birthday)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_is_full_on_the_birthday() {
        let day = |text| Date::parse(text).unwrap();
        assert_eq!(years(day("2010-11-22"), day("2026-11-21")), 15);
        assert_eq!(years(day("2010-11-22"), day("2026-11-22")), 16);
    }
}
