//! Reading request bodies: size, type, depth and characters are checked before anything else looks at them.

use crate::{App, Error, problems};
use axum::{
    extract::{FromRequest, Request},
    http::header,
};
use kernel::{Problem, codes};
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// A JSON body parsed into `T`, and the fingerprint that tells a repeat from another request.
pub struct Body<T> {
    pub value: T,
    pub fingerprint: String,
    /// The media type without parameters, in lower case.
    pub media_type: String,
}

/// The body as it came, for files.
pub struct Raw(pub bytes::Bytes);

/// Files may be larger than other bodies.
const FILE_LIMIT: usize = 64 << 20;

impl<T: DeserializeOwned> FromRequest<App> for Body<T> {
    type Rejection = Error;
    async fn from_request(request: Request, app: &App) -> Result<Self, Error> {
        let media_type = media_type(&request);
        if !(media_type == "application/json" || media_type.ends_with("+json")) {
            return Err(Problem::new(&codes::MEDIA_TYPE).with("value", &media_type).into());
        }
        let bytes = read(request, app.options().body_limit).await?;
        let fingerprint = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
        let invalid = |e: serde_json::Error| Problem::new(&codes::BODY_INVALID).with("detail", &e.to_string());
        if memchr_nul(&bytes) {
            // Only then is it worth looking closely: PostgreSQL cannot keep U+0000.
            let value: Value = serde_json::from_slice(&bytes).map_err(invalid)?;
            if has_nul(&value) {
                return Err(Problem::new(&problems::NUL).into());
            }
        }
        Ok(Self { value: serde_json::from_slice(&bytes).map_err(invalid)?, fingerprint, media_type })
    }
}

impl FromRequest<App> for Raw {
    type Rejection = Error;
    async fn from_request(request: Request, _: &App) -> Result<Self, Error> {
        Ok(Self(read(request, FILE_LIMIT).await?))
    }
}

async fn read(request: Request, limit: usize) -> Result<bytes::Bytes, Error> {
    let too_large = || Error(Problem::new(&codes::BODY_TOO_LARGE).with("limit", &format!("{} KiB", limit >> 10)));
    let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|n| n > limit) {
        return Err(too_large());
    }
    axum::body::to_bytes(request.into_body(), limit).await.map_err(|_| too_large())
}

fn media_type(request: &Request) -> String {
    let header = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
    header.unwrap_or("application/json").split(';').next().unwrap_or("").trim().to_ascii_lowercase()
}

fn memchr_nul(bytes: &[u8]) -> bool {
    bytes.windows(6).any(|w| w == b"\\u0000")
}

fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(s) => s.contains('\0'),
        Value::Array(a) => a.iter().any(has_nul),
        Value::Object(o) => o.iter().any(|(k, v)| k.contains('\0') || has_nul(v)),
        _ => false,
    }
}
