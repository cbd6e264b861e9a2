//! Which records are worth comparing: those that share one of these keys. Nothing is compared with everything.

use super::features::{Features, mix};

/// More records than these under one key: the key says nothing (a number of a shop, a placeholder) and is left out.
pub const LARGEST: usize = 120;

/// The keys of a record, into `out`.
pub fn keys(f: &Features, out: &mut Vec<u64>) {
    out.clear();
    let mut key = |kind: u64, parts: &[u64]| {
        if parts.iter().all(|p| *p != 0) {
            out.push(parts.iter().fold(kind.wrapping_mul(0x9e37_79b9_7f4a_7c15), |h, p| mix(h, *p)));
        }
    };
    let wide = |n: u32| u64::from(n);
    key(1, &[f.certificate]);
    for phone in f.phones {
        key(2, &[phone]);
    }
    let [area, birth, sequence] = f.parts.map(wide);
    key(3, &[birth, sequence]);
    key(4, &[area, sequence, u64::from(f.letters[0])]);
    key(5, &[f.pinyin, wide(f.birth)]);
    key(6, &[f.pinyin, wide(f.road), wide(f.number)]);
    if f.organization {
        key(7, &[f.name]);
        key(8, &[wide(f.road), wide(f.number), u64::from(f.letters[0])]);
    } else {
        // One letter of the name mistyped, same door.
        key(9, &[wide(f.road), wide(f.number), wide(f.room), u64::from(f.letters[0])]);
    }
    out.sort_unstable();
    out.dedup();
}
