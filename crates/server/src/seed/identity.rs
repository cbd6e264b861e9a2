//! What other systems know of the demonstration's customers, and of people who are none yet: two small files taken in and
//! matched, so that codes, doubts and refused rows are there to look at.

use identity::{records, run, sample};
use kernel::{Actor, OrgPath, Problem, Result, Timestamp};
use std::{fmt::Write, fs, path::Path, sync::atomic::AtomicBool};
use store::Db;

/// Customers of ours that the 97 system knows too.
const KNOWN: i64 = 60;
/// Further people in each file.
const OTHERS: u64 = 120;

/// Takes the files in and matches. `dir` keeps them meanwhile.
pub fn fill(db: &Db, dir: &Path) -> Result<()> {
    let failed = |e: std::io::Error| Problem::new(&identity::problems::WORKPLACE).because(e);
    fs::create_dir_all(dir).map_err(failed)?;
    let (mut first, mut second, mut truth) = (Vec::new(), Vec::new(), Vec::new());
    sample::write(OTHERS, 7, &mut first, &mut second, &mut truth)?;
    let people =
        db.read_blocking(Actor::system(), |tx| customer::standing_people(tx, "", Timestamp::from_micros(0), KNOWN))?;
    let mut known = String::new();
    for (n, person) in people.iter().enumerate() {
        // Every third has no certificate there, every fifth an old number, one row is broken.
        let number = person.certificate.as_ref().filter(|_| n % 3 != 0).map_or("", |c| c.1.as_str());
        let phone = if n % 5 == 0 { "" } else { person.phones.first().map_or("", |p| p.as_str()) };
        let name = if n == 7 { "" } else { person.name.as_str() };
        let _ = writeln!(known, "G{n:04},{name},{number},{phone},{}", person.address); // a String takes everything
    }
    first.extend_from_slice(known.as_bytes());
    let system = Actor::system_at(OrgPath::parse("/cn/44/4401")?);
    let go_on = AtomicBool::new(false);
    for (source, name, content) in [("97", "97用户档案.csv", first), ("billing", "计费帐户.csv", second)] {
        let path = dir.join(format!("{source}.csv"));
        fs::write(&path, content).map_err(failed)?;
        let id = db.write_blocking(system.clone(), move |tx| {
            if source == "97" {
                records::set_mapping(tx, source, &sample::mapping())?;
            }
            records::begin(tx, &records::Import { source, path: &path, name })
        })?;
        records::import(db, &system, &id, &go_on, &mut |_| ())?;
    }
    let entered = db.write_blocking(system, run::enter)?;
    run::go(db, &entered.id, &go_on, &mut |_| ()).map(drop)
}
