//! Our values in PostgreSQL's binary form.

use crate::Value;
use bytes::BytesMut;
use kernel::{Problem, Result};
use postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use std::error::Error;

type Fault = Box<dyn Error + Sync + Send>;

impl ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> std::result::Result<IsNull, Fault> {
        match (self, ty) {
            (Self::Null, _) => return Ok(IsNull::Yes),
            (Self::Int(n), &Type::INT4) => i32::try_from(*n)?.to_sql(ty, out)?,
            (Self::Int(n), &Type::INT2) => i16::try_from(*n)?.to_sql(ty, out)?,
            (Self::Int(n), &Type::FLOAT8) => (*n as f64).to_sql(ty, out)?,
            (Self::Int(n), &Type::BOOL) => (*n != 0).to_sql(ty, out)?,
            (Self::Int(n), &Type::TEXT | &Type::VARCHAR) => n.to_string().to_sql(ty, out)?,
            (Self::Int(n), _) => n.to_sql(&Type::INT8, out)?,
            (Self::Real(n), _) => n.to_sql(&Type::FLOAT8, out)?,
            (Self::Text(s), &Type::JSONB) => {
                out.extend_from_slice(&[1]);
                out.extend_from_slice(s.as_bytes());
                IsNull::No
            }
            (Self::Text(s), _) => s.to_sql(&Type::TEXT, out)?,
            (Self::Blob(b), _) => b.to_sql(&Type::BYTEA, out)?,
        };
        Ok(IsNull::No)
    }
    fn accepts(_: &Type) -> bool {
        true
    }
    to_sql_checked!();
}

/// A column as it came over the wire.
pub(super) struct Raw<'a>(Type, Option<&'a [u8]>);

impl<'a> FromSql<'a> for Raw<'a> {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> std::result::Result<Self, Fault> {
        Ok(Self(ty.clone(), Some(raw)))
    }
    fn from_sql_null(ty: &Type) -> std::result::Result<Self, Fault> {
        Ok(Self(ty.clone(), None))
    }
    fn accepts(_: &Type) -> bool {
        true
    }
}

pub(super) fn owned(raw: &Raw<'_>) -> Result<Value> {
    let Raw(ty, Some(bytes)) = raw else { return Ok(Value::Null) };
    let text = |b: &[u8]| Value::Text(String::from_utf8_lossy(b).into_owned());
    let decoded = match *ty {
        Type::INT8 => i64::from_sql(ty, bytes).map(Value::Int),
        Type::INT4 => i32::from_sql(ty, bytes).map(|n| Value::Int(n.into())),
        Type::INT2 => i16::from_sql(ty, bytes).map(|n| Value::Int(n.into())),
        Type::BOOL => bool::from_sql(ty, bytes).map(|b| Value::Int(b.into())),
        Type::FLOAT8 => f64::from_sql(ty, bytes).map(Value::Real),
        Type::JSONB => Ok(text(bytes.get(1..).unwrap_or_default())),
        Type::JSON | Type::TEXT | Type::VARCHAR | Type::NAME | Type::UNKNOWN | Type::BPCHAR => Ok(text(bytes)),
        Type::BYTEA => Ok(Value::Blob(bytes.to_vec())),
        ref other => {
            return Err(Problem::internal(format!("column type {other} is not read: CAST it in the statement")));
        }
    };
    decoded.map_err(Problem::internal)
}
