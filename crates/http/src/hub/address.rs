//! Which addresses a webhook may reach: whoever may register one must not turn this server against its own network.

use crate::problems;
use kernel::{Problem, Result};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use ureq::{
    http::Uri,
    unversioned::{
        resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver},
        transport::NextTimeout,
    },
};
use url::{Host, Url};

/// Hosts, addresses and networks (`10.1.0.0/16`) that may be reached although they are not public.
#[derive(Clone, Debug, Default)]
pub struct Allowed(pub Vec<String>);

impl Allowed {
    fn host(&self, host: &str) -> bool {
        self.0.iter().any(|a| a.eq_ignore_ascii_case(host.trim_matches(['[', ']'])))
    }
    fn address(&self, ip: IpAddr) -> bool {
        is_public(ip) || self.0.iter().any(|a| within(a, ip))
    }
}

/// `network` is an address, or an address with a prefix length.
fn within(network: &str, ip: IpAddr) -> bool {
    let (base, length) = network.split_once('/').map_or((network, None), |(b, l)| (b, l.parse::<u32>().ok()));
    match (base.parse(), ip) {
        (Ok(IpAddr::V4(base)), IpAddr::V4(ip)) => {
            let length = length.unwrap_or(32).min(32);
            let mask = u32::MAX.checked_shl(32 - length).unwrap_or(0);
            u32::from(base) & mask == u32::from(ip) & mask
        }
        (Ok(IpAddr::V6(base)), IpAddr::V6(ip)) => {
            let length = length.unwrap_or(128).min(128);
            let mask = u128::MAX.checked_shl(128 - length).unwrap_or(0);
            u128::from(base) & mask == u128::from(ip) & mask
        }
        _ => false,
    }
}

fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

/// Everything but what the IANA special-purpose registry sets apart.
fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let special = ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_multicast()
        || ip.is_broadcast()
        || ip.is_unspecified()
        || ip.is_documentation()
        || a == 0
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (18..20).contains(&b))
        || a >= 240;
    !special
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let s = ip.segments();
    // Addresses that carry an IPv4 address inside reach that one.
    let inner = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    if let Some(v4) = ip.to_ipv4_mapped() {
        return is_public_v4(v4);
    }
    match s {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => is_public_v4(inner(high, low)),
        [0x2002, high, low, ..] => is_public_v4(inner(high, low)),
        // Only global unicast, without documentation and Teredo.
        _ => {
            s[0] & 0xe000 == 0x2000
                && !(s[0] == 0x2001 && (s[1] == 0x0db8 || s[1] == 0))
                && !(s[0] == 0x3fff && s[1] < 0x1000)
        }
    }
}

fn forbidden(why: &str) -> Problem {
    Problem::new(&problems::CALLBACK_FORBIDDEN).field("callback").with("why", why)
}

/// Checks a callback as far as its text tells. What its name resolves to is checked at each delivery.
pub fn check(callback: &str, allowed: &Allowed) -> Result<()> {
    let url = Url::parse(callback).map_err(|_| forbidden("URL"))?;
    if callback.len() > 1000 || !matches!(url.scheme(), "http" | "https") {
        return Err(forbidden("http, https"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(forbidden("user@"));
    }
    let host = url.host().ok_or_else(|| forbidden("host"))?;
    let address: Option<IpAddr> = match host {
        Host::Ipv4(ip) => Some(ip.into()),
        Host::Ipv6(ip) => Some(ip.into()),
        Host::Domain(name) => {
            let local = name.trim_end_matches('.').to_ascii_lowercase();
            let local = local == "localhost"
                || local.ends_with(".localhost")
                || local.ends_with(".local")
                || local.ends_with(".internal");
            if local && !allowed.host(name) {
                return Err(forbidden(name));
            }
            None
        }
    };
    match address {
        Some(ip) if !allowed.address(ip) => Err(forbidden(&ip.to_string())),
        _ => Ok(()),
    }
}

/// Resolves a name and keeps only addresses that may be reached; the connection goes to one of these and nowhere else,
/// so a name that answers differently a moment later gains nothing.
#[derive(Debug)]
pub struct Guarded(pub Allowed);

impl Resolver for Guarded {
    fn resolve(
        &self,
        uri: &Uri,
        config: &ureq::config::Config,
        timeout: NextTimeout,
    ) -> std::result::Result<ResolvedSocketAddrs, ureq::Error> {
        let found = DefaultResolver::default().resolve(uri, config, timeout)?;
        let trusted = uri.host().is_some_and(|h| self.0.host(h));
        let mut kept = self.empty();
        let usable = |a: &&SocketAddr| trusted || self.0.address(a.ip());
        found.iter().filter(usable).for_each(|a| kept.push(*a));
        if kept.is_empty() {
            return Err(ureq::Error::Other("the address is not allowed".into()));
        }
        Ok(kept)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inner_addresses_are_refused_in_every_spelling() {
        let none = Allowed::default();
        for bad in [
            "http://127.0.0.1/",
            "http://127.1/",
            "http://2130706433/",
            "http://0x7f.0.0.1/",
            "http://0/",
            "http://localhost:8080/",
            "http://LOCALHOST./",
            "http://10.0.0.5/",
            "http://172.16.3.4/",
            "http://192.168.1.1/",
            "http://169.254.169.254/latest",
            "http://100.64.0.1/",
            "http://224.0.0.1/",
            "http://[::1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[fe80::1]/",
            "http://[fd00::1]/",
            "http://[64:ff9b::7f00:1]/",
            "http://[2002:7f00:1::]/",
            "ftp://example.com/",
            "file:///etc/passwd",
            "http://user:pw@example.com/",
            "//example.com",
            "not a url",
            "http://printer.local/",
            "http://0.0.0.0/",
            "http://255.255.255.255/",
        ] {
            assert!(check(bad, &none).is_err(), "{bad}");
        }
        for good in ["https://example.com/listener", "http://203.0.114.1:8080/", "http://[2606:4700::1]/x"] {
            assert!(check(good, &none).is_ok(), "{good}");
        }
    }

    #[test]
    fn what_the_operator_allows_is_let_through_and_nothing_beside_it() {
        let some = Allowed(vec!["127.0.0.1".into(), "10.1.0.0/16".into(), "bus.internal".into()]);
        assert!(check("http://127.0.0.1:9000/", &some).is_ok() && check("http://127.0.0.2/", &some).is_err());
        assert!(check("http://10.1.7.9/", &some).is_ok() && check("http://10.2.7.9/", &some).is_err());
        assert!(check("http://bus.internal/", &some).is_ok() && check("http://db.internal/", &some).is_err());
    }

    #[test]
    fn a_name_that_resolves_to_an_inner_address_is_not_connected_to() {
        let inner = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = inner.local_addr().unwrap().port();
        inner.set_nonblocking(true).unwrap();
        let post = |allowed: Vec<String>| {
            let config = ureq::Agent::config_builder()
                .proxy(None)
                .timeout_global(Some(std::time::Duration::from_millis(300)))
                .build();
            let connector = ureq::unversioned::transport::DefaultConnector::default();
            let agent = ureq::Agent::with_parts(config, connector, Guarded(Allowed(allowed)));
            agent.post(format!("http://localhost:{port}/")).send("{}").map(drop)
        };
        let refused = post(Vec::new()).unwrap_err().to_string();
        assert!(refused.contains("not allowed"), "{refused}");
        assert!(inner.accept().is_err(), "somebody came through");
        let _ = post(vec!["127.0.0.1".into()]); // nobody answers there, but the line is opened
        assert!(inner.accept().is_ok());
    }
}
