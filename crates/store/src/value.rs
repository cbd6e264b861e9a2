//! Values bound to statements and the rows that come back, the same for both engines.

use kernel::{Id, Money, OrgPath, Timestamp};
use serde_json::Value as Json;

#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    Null,
    Int(i64),
    Real(f64),
    Text(String),
    Blob(Vec<u8>),
}

/// What a statement can bind. A trait of ours so that domains bind their own types.
pub trait ToValue {
    fn to_value(&self) -> Value;
}

macro_rules! to_value {
    ($($kind:ty, $self:ident => $make:expr;)*) => {$(
        impl ToValue for $kind {
            fn to_value(&self) -> Value {
                let $self = self;
                $make
            }
        }
    )*};
}

to_value! {
    Value, v => v.clone();
    i64, v => Value::Int(*v);
    i32, v => Value::Int(i64::from(*v));
    u32, v => Value::Int(i64::from(*v));
    u16, v => Value::Int(i64::from(*v));
    usize, v => Value::Int(i64::try_from(*v).unwrap_or(i64::MAX));
    bool, v => Value::Int(i64::from(*v));
    f64, v => Value::Real(*v);
    str, v => Value::Text(v.to_owned());
    String, v => Value::Text(v.clone());
    Vec<u8>, v => Value::Blob(v.clone());
    Timestamp, v => Value::Int(v.micros());
    Money, v => Value::Int(v.in_fen());
    OrgPath, v => Value::Text(v.as_str().to_owned());
    Json, v => Value::Text(v.to_string());
}

impl<T: ?Sized> ToValue for Id<T> {
    fn to_value(&self) -> Value {
        Value::Text(self.as_str().to_owned())
    }
}
impl<T: ToValue + ?Sized> ToValue for &T {
    fn to_value(&self) -> Value {
        (**self).to_value()
    }
}
impl<T: ToValue> ToValue for Option<T> {
    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Null, ToValue::to_value)
    }
}
/// Builds the bind list of a statement: `params![id, tx.now(), "text"]`.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => { &[$($crate::ToValue::to_value(&$value)),*] as &[$crate::Value] };
}

/// One row. Reading a column as another type than the statement gives is a mistake in the program: it panics, the
/// operation is rolled back and the caller gets an internal error.
#[derive(Clone, PartialEq, Debug)]
pub struct Row(pub(crate) Vec<Value>);

impl Row {
    pub fn value(&self, i: usize) -> &Value {
        &self.0[i]
    }
    pub fn len(&self) -> usize {
        self.0.len()
    }
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    pub fn str(&self, i: usize) -> &str {
        match &self.0[i] {
            Value::Text(s) => s,
            other => panic!("column {i} is {other:?}, not text"),
        }
    }
    pub fn text(&self, i: usize) -> String {
        self.str(i).to_owned()
    }
    pub fn opt_text(&self, i: usize) -> Option<String> {
        (!self.is_null(i)).then(|| self.text(i))
    }
    pub fn int(&self, i: usize) -> i64 {
        match &self.0[i] {
            Value::Int(n) => *n,
            other => panic!("column {i} is {other:?}, not an integer"),
        }
    }
    pub fn opt_int(&self, i: usize) -> Option<i64> {
        (!self.is_null(i)).then(|| self.int(i))
    }
    pub fn flag(&self, i: usize) -> bool {
        self.int(i) != 0
    }
    pub fn is_null(&self, i: usize) -> bool {
        self.0[i] == Value::Null
    }
    pub fn money(&self, i: usize) -> Money {
        Money::fen(self.int(i))
    }
    pub fn time(&self, i: usize) -> Timestamp {
        Timestamp::from_micros(self.int(i))
    }
    pub fn opt_time(&self, i: usize) -> Option<Timestamp> {
        self.opt_int(i).map(Timestamp::from_micros)
    }
    pub fn id<T: ?Sized>(&self, i: usize) -> Id<T> {
        Id::trusted(self.text(i))
    }
    pub fn json(&self, i: usize) -> Json {
        serde_json::from_str(self.str(i)).unwrap_or(Json::Null)
    }
}
