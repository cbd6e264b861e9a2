//! What the demonstration's lines used: this month and the three before, at the hours and in the amounts that people have,
//! with some that the error pool keeps.

use super::{Sample, random::Random};
use ::usage::{Direction, Incoming, Kind, NewFile, Service};
use kernel::{Actor, Date, Result, Timestamp};
use store::{Db, Tx};

const MONTHS: i32 = 3;
/// Customers whose lines have usage: more are only larger, not different.
const MOST: usize = 400;
const AT_ONCE: usize = 40;
/// Hours of the day in which people telephone.
const HOURS: [i64; 24] = [8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 14, 15, 16, 17, 18, 18, 19, 19, 20, 20, 21, 21, 22, 23];

pub(super) fn fill(db: &Db, samples: &[Sample], seed: u64) -> Result<()> {
    for (n, some) in (0..).zip(samples.get(..MOST).unwrap_or(samples).chunks(AT_ONCE)) {
        let some = some.to_vec();
        db.load_blocking(Actor::system(), move |tx| {
            let mut batch = Vec::new();
            for (index, sample) in (0u64..).zip(&some) {
                for service in ::usage::services_of_customer(tx, &sample.id)? {
                    use_service(tx, &service, seed ^ (n * 1_000 + index), &mut batch);
                }
            }
            ::usage::take(tx, &batch).map(drop)
        })?;
    }
    if samples.is_empty() { Ok(()) } else { file(db) }
}

/// A file of a switch with all that can be wrong with one, so that the pages of files and errors show something.
fn file(db: &Db) -> Result<()> {
    let today = db.env().now().date();
    let (day, future) = (today.plus_days(-1), today.plus_days(40));
    let text = format!(
        "号码,业务类型,开始时间,时长(分钟),对端号码,流水号\n\
         19900000001,语音,{day} 09:00:00,3.5,13711112222,S-000001\n\
         19900000001,短信,{day} 09:10:00,1,13711112222,S-000002\n\
         19900000002,语音,{day} 10:30:00,12,02088886666,S-000003\n\
         19900000003,语音,{future} 10:30:00,2,13711113333,S-000004\n\
         19900000004,语音,{day} 11:00:00,-2,13711113333,S-000005\n\
         19900000004,传真,{day} 11:05:00,2,13711113333,S-000006\n"
    );
    let path = std::env::temp_dir().join(format!("yitai-demo-usage-{}.csv", db.env().random_hex(4)));
    let failed = |e: std::io::Error| kernel::Problem::internal(e);
    std::fs::write(&path, text).map_err(failed)?;
    let (digest, bytes) = ::usage::digest(&path)?;
    let from = path.clone();
    let entered = db.write_blocking(Actor::system(), move |tx| {
        ::usage::begin(tx, &NewFile { path: &from, name: "GZ-MSC01.csv", digest: &digest, bytes })
    });
    let done = match entered {
        Ok(id) => ::usage::import(db, &Actor::system(), &id, &mut |_| ()).map(drop),
        // Seeded again on the same day.
        Err(problem) if problem.code.status == 409 => Ok(()),
        Err(problem) => Err(problem),
    };
    std::fs::remove_file(&path).map_err(failed)?;
    done
}

fn use_service(tx: &Tx<'_>, service: &Service, seed: u64, batch: &mut Vec<Incoming>) {
    // Mobile lines only: what broadband carries is not counted.
    if !service.number.starts_with("+861") {
        return;
    }
    let mut random = Random::at(seed, service.key.0.unsigned_abs());
    let now = tx.now();
    let first = now.date().first_of_month().plus_months(-MONTHS).max(service.from.date());
    let friends: Vec<String> = (0..6).map(|_| format!("+86137{:08}", random.below(100_000_000))).collect();
    let heavy = 1 + random.below(4);
    let mut day = first;
    while day <= now.date() {
        for _ in 0..random.below(heavy + 2) {
            one(&mut random, service, day, now, &friends, heavy, batch);
        }
        day = day.plus_days(1);
    }
}

fn one(
    random: &mut Random,
    service: &Service,
    day: Date,
    now: Timestamp,
    friends: &[String],
    heavy: u64,
    batch: &mut Vec<Incoming>,
) {
    let at = day.start().plus_seconds(random.pick(&HOURS) * 3_600 + random.below(3_600).cast_signed());
    if at >= now || at < service.from {
        return;
    }
    let whose = random.pick(friends).clone();
    let (kind, amount, peer) = match random.below(10) {
        0..=3 => (Kind::Call, 5 + random.below(420) * heavy, whose),
        4 => (Kind::Sms, 1, whose),
        5 => (Kind::Call, 20 + random.below(60), "10086".to_owned()),
        6 if random.chance(8) => (Kind::Content, 1, "video-vip".to_owned()),
        _ => (Kind::Data, (1 + random.below(220)) * heavy * 1_048_576, "cmnet".to_owned()),
    };
    let fee_fen = if kind == Kind::Content { 1_500 } else { 0 };
    let incoming = kind == Kind::Call && random.chance(35);
    batch.push(Incoming {
        number: service.number.clone(),
        product_id: String::new(),
        at,
        kind,
        direction: if incoming { Direction::In } else { Direction::Out },
        amount,
        peer,
        place: if random.chance(4) { "31".to_owned() } else { String::new() },
        fee_fen,
        id: format!("D{}-{:05}", at.date().to_string().replace('-', ""), batch.len()),
    });
}
