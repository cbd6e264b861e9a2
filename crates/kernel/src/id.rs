//! Typed identifiers: UUIDv7 text for our own records, any short token for ids that came from elsewhere.

use crate::{Problem, codes};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{fmt, marker::PhantomData};

/// The identifier of a `T`. Two ids of different kinds cannot be mixed up.
pub struct Id<T: ?Sized> {
    text: String,
    kind: PhantomData<fn() -> T>,
}

impl<T: ?Sized> Id<T> {
    /// Accepts 1–64 characters out of `A–Z a–z 0–9 - _ . :`, which is what fits into a path segment unescaped.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let valid = (1..=64).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b':'));
        if valid { Ok(Self::trusted(text.to_owned())) } else { Err(Problem::new(&codes::ID_INVALID).field("id")) }
    }

    /// Wraps text that is known to be an id, such as a column of our own table.
    pub fn trusted(text: String) -> Self {
        Self { text, kind: PhantomData }
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub fn into_string(self) -> String {
        self.text
    }
}

impl<T: ?Sized> Clone for Id<T> {
    fn clone(&self) -> Self {
        Self::trusted(self.text.clone())
    }
}
impl<T: ?Sized> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}
impl<T: ?Sized> Eq for Id<T> {}
impl<T: ?Sized> std::hash::Hash for Id<T> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}
impl<T: ?Sized> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
impl<T: ?Sized> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
impl<T: ?Sized> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.text)
    }
}
impl<'de, T: ?Sized> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        Self::parse(&text).map_err(|p| serde::de::Error::custom(p.code.id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_uuids_and_foreign_tokens_and_refuses_the_rest() {
        for good in ["0199-ab", "cmcc-25GD216778", "a:b.c_d"] {
            assert_eq!(Id::<()>::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", "a/b", "a b", "中文", "'; drop table", &"x".repeat(65)] {
            assert!(Id::<()>::parse(bad).is_err(), "{bad:?}");
        }
    }
}
