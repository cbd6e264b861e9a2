//! What leaves the house about a code or a certificate: a digest, never the thing itself.

use sha2::{Digest, Sha256};

fn hex(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hash.finalize().iter().map(|b| format!("{b:02x}")).collect()
}

/// Of an authorisation code: bound to its number.
pub fn code(number: &str, code: &str) -> String {
    hex(&["code", number, code.trim()])
}

/// Of a certificate number, however it is written.
pub fn certificate(number: &str) -> String {
    hex(&["certificate", &party::Certificate::look_up_text(number)])
}
