//! The little of RADIUS that proves an account: one Access-Request with PAP (RFC 2865), signed with a Message-Authenticator
//! (RFC 3579), and its answer checked against the shared secret.

use kernel::Env;
use md5::{Digest, Md5};
use std::{
    io,
    net::{SocketAddr, UdpSocket},
    time::Duration,
};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Access {
    Accept,
    Reject,
    Challenge,
}

const ACCESS_REQUEST: u8 = 1;
const USER_NAME: u8 = 1;
const USER_PASSWORD: u8 = 2;
const NAS_IDENTIFIER: u8 = 32;
const MESSAGE_AUTHENTICATOR: u8 = 80;
/// UDP may lose a packet: so many attempts, each with this patience.
const ATTEMPTS: usize = 3;
const PATIENCE: Duration = Duration::from_millis(1_500);

/// Asks the server whether it would let `user` in. Blocks.
pub fn ask(server: SocketAddr, secret: &str, user: &str, password: &str, env: &Env) -> io::Result<Access> {
    let socket = UdpSocket::bind(if server.is_ipv4() { "0.0.0.0:0" } else { "[::]:0" })?;
    socket.connect(server)?;
    socket.set_read_timeout(Some(PATIENCE))?;
    let mut random = [0u8; 17];
    env.random(&mut random);
    let (identifier, authenticator) = (random[16], &random[..16]);
    let request = request(identifier, authenticator, secret.as_bytes(), user.as_bytes(), password.as_bytes());
    let mut buffer = [0u8; 4_096];
    let mut last = io::Error::from(io::ErrorKind::TimedOut);
    for _ in 0..ATTEMPTS {
        socket.send(&request)?;
        match socket.recv(&mut buffer) {
            Ok(n) => {
                if let Some(access) = answer(&buffer[..n], identifier, authenticator, secret.as_bytes()) {
                    return Ok(access);
                }
                last = io::Error::other("the answer is not signed with our secret");
            }
            Err(e) => last = e,
        }
    }
    Err(last)
}

fn request(identifier: u8, authenticator: &[u8], secret: &[u8], user: &[u8], password: &[u8]) -> Vec<u8> {
    let mut packet = vec![ACCESS_REQUEST, identifier, 0, 0];
    packet.extend_from_slice(authenticator);
    attribute(&mut packet, USER_NAME, user);
    attribute(&mut packet, USER_PASSWORD, &hidden(password, secret, authenticator));
    attribute(&mut packet, NAS_IDENTIFIER, b"yitai");
    attribute(&mut packet, MESSAGE_AUTHENTICATOR, &[0; 16]);
    let length = packet.len();
    packet[2..4].copy_from_slice(&(length as u16).to_be_bytes());
    let signature = hmac(secret, &packet);
    packet[length - 16..].copy_from_slice(&signature);
    packet
}

fn attribute(packet: &mut Vec<u8>, kind: u8, value: &[u8]) {
    let value = &value[..value.len().min(253)];
    packet.extend_from_slice(&[kind, value.len() as u8 + 2]);
    packet.extend_from_slice(value);
}

/// RFC 2865 §5.2: the password in blocks of 16, each combined with a digest of the secret and the block before.
fn hidden(password: &[u8], secret: &[u8], authenticator: &[u8]) -> Vec<u8> {
    let mut padded = password[..password.len().min(128)].to_vec();
    padded.resize(padded.len().max(1).next_multiple_of(16), 0);
    let mut before = authenticator.to_vec();
    for block in padded.chunks_mut(16) {
        let mask = digest(&[secret, &before]);
        block.iter_mut().zip(mask).for_each(|(b, m)| *b ^= m);
        before = block.to_vec();
    }
    padded
}

/// The verdict of an answer that belongs to our request and carries the right signature.
fn answer(packet: &[u8], identifier: u8, authenticator: &[u8], secret: &[u8]) -> Option<Access> {
    let length = usize::from(u16::from_be_bytes([*packet.get(2)?, *packet.get(3)?]));
    let packet = packet.get(..length).filter(|p| p.len() >= 20)?;
    let expected = digest(&[&packet[..4], authenticator, &packet[20..], secret]);
    if packet[1] != identifier || packet[4..20] != expected {
        return None;
    }
    match packet[0] {
        2 => Some(Access::Accept),
        3 => Some(Access::Reject),
        11 => Some(Access::Challenge),
        _ => None,
    }
}

fn digest(parts: &[&[u8]]) -> [u8; 16] {
    let mut md5 = Md5::new();
    parts.iter().for_each(|p| md5.update(p));
    md5.finalize().into()
}

/// HMAC-MD5 (RFC 2104).
fn hmac(key: &[u8], text: &[u8]) -> [u8; 16] {
    let mut block = [0u8; 64];
    if key.len() > 64 {
        block[..16].copy_from_slice(&digest(&[key]));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let (inner, outer) = (block.map(|b| b ^ 0x36), block.map(|b| b ^ 0x5c));
    digest(&[&outer, &digest(&[&inner, text])])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 2865 §7.1: user nemo logs in with password arctangent and the shared secret xyzzy5461.
    #[test]
    fn a_password_is_hidden_as_in_the_example_of_the_standard() {
        let authenticator = *b"\x0f\x40\x3f\x94\x73\x97\x80\x57\xbd\x83\xd5\xcb\x98\xf4\x22\x7a";
        let expected = *b"\x0d\xbe\x70\x8d\x93\xd4\x13\xce\x31\x96\xe4\x3f\x78\x2a\x0a\xee";
        assert_eq!(hidden(b"arctangent", b"xyzzy5461", &authenticator), expected);
        let accept = b"\x02\x00\x00\x26\x86\xfe\x22\x0e\x76\x24\xba\x2a\x10\x05\xf6\xbf\x9b\x55\xe0\xb2\x06\x06\x00\x00\x00\x01\x0f\x06\x00\x00\x00\x00\x0e\x06\xc0\xa8\x01\x03";
        assert_eq!(answer(accept, 0, &authenticator, b"xyzzy5461"), Some(Access::Accept));
        assert_eq!(answer(accept, 0, &authenticator, b"another"), None);
    }

    /// RFC 2202, second test case.
    #[test]
    fn signatures_are_those_of_the_standard() {
        let expected = *b"\x75\x0c\x78\x3e\x6a\xb0\xb5\x03\xea\xa8\x6e\x31\x0a\x5d\xb7\x38";
        assert_eq!(hmac(b"Jefe", b"what do ya want for nothing?"), expected);
    }
}
