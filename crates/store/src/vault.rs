//! Encryption of what must not lie about in clear (certificate numbers) and blind indexes to find it all the same.

use aes_gcm::{
    Aes256Gcm, Nonce,
    aead::{Aead, KeyInit},
};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use hmac::{Hmac, Mac};
use kernel::{Env, Problem, Result};
use sha2::{Digest, Sha256};
use std::{fs, io::Write, path::Path};

/// Keys derived from one master key in `DATA/master.key` (created at first start, readable by the owner only).
/// Without that file sealed values cannot be read again: back it up apart from the records.
pub struct Vault {
    master: [u8; 32],
    cipher: Aes256Gcm,
    index: [u8; 32],
    env: Env,
}

impl Vault {
    pub(crate) fn open(data: &Path, env: &Env) -> Result<Self> {
        let path = data.join("master.key");
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => create(&path, env)?,
            Err(e) => return Err(Problem::internal(format!("{}: {e}", path.display()))),
        };
        let bytes = BASE64.decode(text.trim()).ok().and_then(|b| <[u8; 32]>::try_from(b).ok());
        let master = bytes.ok_or_else(|| Problem::internal(format!("{} is not a key", path.display())))?;
        let cipher = Aes256Gcm::new(&derive(&master, "certificate encryption").into());
        Ok(Self { index: derive(&master, "blind index"), cipher, master, env: env.clone() })
    }
    /// A key for another purpose, bound to the master key.
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        derive(&self.master, purpose)
    }
    pub fn seal(&self, clear: &str) -> Result<String> {
        let mut nonce = [0u8; 12];
        self.env.random(&mut nonce);
        let sealed = self.cipher.encrypt(Nonce::from_slice(&nonce), clear.as_bytes());
        let sealed = sealed.map_err(|_| Problem::internal("encryption failed"))?;
        Ok(format!("v1:{}", BASE64.encode([&nonce[..], &sealed].concat())))
    }
    pub fn open_sealed(&self, sealed: &str) -> Result<String> {
        let unreadable =
            || Problem::internal("a sealed value cannot be read: wrong master.key, or the record was altered");
        let bytes = sealed.strip_prefix("v1:").and_then(|b| BASE64.decode(b).ok()).ok_or_else(unreadable)?;
        let (nonce, text) = bytes.split_at_checked(12).ok_or_else(unreadable)?;
        let clear = self.cipher.decrypt(Nonce::from_slice(nonce), text).map_err(|_| unreadable())?;
        String::from_utf8(clear).map_err(|_| unreadable())
    }
    /// Equal texts of one kind give equal indexes; without the key nothing can be learnt from them.
    pub fn blind(&self, kind: &str, clear: &str) -> String {
        let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(&self.index).expect("HMAC takes any key length");
        mac.update(kind.as_bytes());
        mac.update(&[0]);
        mac.update(clear.as_bytes());
        mac.finalize().into_bytes().iter().take(16).map(|b| format!("{b:02x}")).collect()
    }
}

fn derive(master: &[u8; 32], purpose: &str) -> [u8; 32] {
    Sha256::new().chain_update(b"yitai ").chain_update(purpose).chain_update([0]).chain_update(master).finalize().into()
}

fn create(path: &Path, env: &Env) -> Result<String> {
    let mut key = [0u8; 32];
    env.random(&mut key);
    let text = BASE64.encode(key);
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(path).and_then(|mut f| f.write_all(text.as_bytes()).and_then(|()| f.sync_all()));
    written.map_err(|e| Problem::internal(format!("{}: {e}", path.display())))?;
    Ok(text)
}
