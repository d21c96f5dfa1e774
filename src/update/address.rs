//! Which addresses an update may reach: the source's own, and those to which the source allows a redirect.
//!
//! | rule | |
//! |---|---|
//! | scheme | `https`; `http` for this machine, or for a source that says `unencrypted = true` |
//! | redirects | at most [`MAX_REDIRECTS`], to the source's own host or one of its `hosts`, never from `https` to `http` |
//! | addresses | a redirect reaches no private, link-local or loopback address – after the host is resolved – unless the source's own host has one of the same kind |
//!
//! Limits: through a proxy it is the proxy that resolves names, and only addresses that are written as numbers are checked.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

/// The most redirects of one file.
pub(super) const MAX_REDIRECTS: usize = 5;

/// What an address on the network is reached by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    Public,
    /// Of this machine.
    Loopback,
    /// Of this link: with it the services of clouds that give out credentials.
    LinkLocal,
    /// Of a private network, and everything else that is not public.
    Private,
}

impl Scope {
    pub(super) fn of(address: IpAddr) -> Scope {
        match address {
            IpAddr::V4(v4) => Scope::of_v4(v4),
            IpAddr::V6(v6) => match embedded_v4(v6) {
                Some(v4) => Scope::of_v4(v4),
                None if v6.is_loopback() => Scope::Loopback,
                None if v6.is_unicast_link_local() => Scope::LinkLocal,
                // Global unicast (RFC 4291) but for the examples of documents (RFC 3849).
                None if v6.segments()[0] & 0xe000 == 0x2000 && v6.segments()[..2] != [0x2001, 0xdb8] => {
                    Scope::Public
                }
                None => Scope::Private,
            },
        }
    }

    fn of_v4(v4: Ipv4Addr) -> Scope {
        let [a, b, ..] = v4.octets();
        if v4.is_loopback() {
            Scope::Loopback
        } else if v4.is_link_local() {
            Scope::LinkLocal
        } else if v4.is_private()
            || v4.is_multicast()
            || v4.is_documentation()
            || a == 0
            || a >= 240
            || (a == 100 && (64..128).contains(&b))
            || (a == 198 && (18..20).contains(&b))
            || (a == 192 && v4.octets()[1..3] == [0, 0])
        {
            Scope::Private
        } else {
            Scope::Public
        }
    }
}

/// The IPv4 address within one of IPv6: mapped, translated (NAT64) or tunnelled (6to4).
fn embedded_v4(v6: Ipv6Addr) -> Option<Ipv4Addr> {
    let s = v6.segments();
    let v4 = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    v6.to_ipv4_mapped().or(match s {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => Some(v4(high, low)),
        [0x2002, high, low, ..] => Some(v4(high, low)),
        [0, 0, 0, 0, 0, 0, high, low] if high != 0 => Some(v4(high, low)),
        _ => None,
    })
}

/// Whether a host is this machine by its name or number.
pub(super) fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| Scope::of(address) == Scope::Loopback)
}

/// Refuses a host that is written as a number and that a redirect must not reach. Where a proxy resolves hosts, this is all
/// that is known of them.
pub(super) fn check_literal(host: &str, allowed: &[Scope]) -> Result<(), String> {
    let plain = host.trim_start_matches('[').trim_end_matches(']');
    match plain.parse::<IpAddr>().map(Scope::of) {
        Ok(scope) if scope != Scope::Public && !allowed.contains(&scope) => {
            Err(format!("redirected to {host}, which is not public"))
        }
        _ => Ok(()),
    }
}

/// Resolves hosts, and refuses what must not be reached.
#[derive(Clone, Debug)]
pub(super) struct GuardedResolver {
    /// The host that the check is for, and not a proxy's.
    host: String,
    /// What a redirect may reach besides public addresses; `None` for the source's own address.
    allowed: Option<Vec<Scope>>,
    /// What the host's addresses were.
    seen: Arc<Mutex<Vec<Scope>>>,
}

impl GuardedResolver {
    /// For a host; `allowed` as in the field.
    pub(super) fn new(host: &str, allowed: Option<Vec<Scope>>) -> GuardedResolver {
        GuardedResolver { host: host.to_string(), allowed, seen: Arc::default() }
    }

    /// What the addresses of the host were.
    pub(super) fn seen(&self) -> Vec<Scope> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Resolver for GuardedResolver {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = DefaultResolver::default().resolve(uri, config, timeout)?;
        if uri.host() != Some(self.host.as_str()) {
            return Ok(found);
        }
        for address in found.iter().map(|socket| socket.ip()) {
            let scope = Scope::of(address);
            if let Some(allowed) = &self.allowed
                && scope != Scope::Public
                && !allowed.contains(&scope)
            {
                let what = format!("{} has the address {address}, which is not public", self.host);
                return Err(ureq::Error::Other(what.into()));
            }
            self.seen.lock().unwrap_or_else(PoisonError::into_inner).push(scope);
        }
        Ok(found)
    }
}

/// The address to which a server redirects, or why it must not be followed. `hosts` are allowed besides the host of
/// `source`, the address of the file as configured.
pub(super) fn redirected(source: &Uri, hosts: &[String], from: &Uri, location: &str) -> Result<Uri, String> {
    let refused = |why: &str| format!("redirected to {location}: {why}");
    let to = joined(from, location).ok_or_else(|| refused("no address"))?;
    let host = to.host().unwrap_or_default();
    let is_https = to.scheme_str() == Some("https");
    if !is_https && source.scheme_str() == Some("https") {
        return Err(refused("an address without encryption"));
    }
    if !is_https && to.scheme_str() != Some("http") {
        return Err(refused("neither https nor http"));
    }
    if to.authority().is_some_and(|a| a.as_str().contains('@')) {
        return Err(refused("an address with a user"));
    }
    let is_own = source.host().is_some_and(|own| own.eq_ignore_ascii_case(host));
    if !is_own && !hosts.iter().any(|allowed| allowed.eq_ignore_ascii_case(host)) {
        return Err(refused("another host; the source allows it if its `hosts` name it"));
    }
    Ok(to)
}

/// An address relative to another (RFC 3986, section 5.2, without dot segments).
fn joined(from: &Uri, location: &str) -> Option<Uri> {
    let location = location.trim();
    let scheme = from.scheme_str()?;
    let authority = from.authority()?;
    let text = if location.contains("://") {
        location.to_string()
    } else if location.starts_with("//") {
        format!("{scheme}:{location}")
    } else if location.starts_with('/') {
        format!("{scheme}://{authority}{location}")
    } else {
        let folder = &from.path()[..from.path().rfind('/').map_or(0, |at| at + 1)];
        format!("{scheme}://{authority}{folder}{location}")
    };
    text.parse::<Uri>().ok().filter(|uri| uri.host().is_some_and(|host| !host.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_their_scopes() {
        for (address, scope) in [
            ("8.8.8.8", Scope::Public),
            ("2606:4700::1111", Scope::Public),
            ("127.0.0.1", Scope::Loopback),
            ("127.8.9.1", Scope::Loopback),
            ("::1", Scope::Loopback),
            ("::ffff:127.0.0.1", Scope::Loopback),
            ("169.254.169.254", Scope::LinkLocal),
            ("::ffff:169.254.169.254", Scope::LinkLocal),
            ("64:ff9b::a9fe:a9fe", Scope::LinkLocal),
            ("fe80::1", Scope::LinkLocal),
            ("10.0.0.1", Scope::Private),
            ("172.31.0.1", Scope::Private),
            ("192.168.1.1", Scope::Private),
            ("100.64.0.1", Scope::Private),
            ("0.0.0.0", Scope::Private),
            ("255.255.255.255", Scope::Private),
            ("fd00::1", Scope::Private),
            ("2002:a00:1::", Scope::Private),
            ("::", Scope::Private),
        ] {
            assert_eq!(Scope::of(address.parse().unwrap()), scope, "{address}");
        }
        assert!(is_loopback("localhost") && is_loopback("[::1]") && !is_loopback("localhost.example.org"));
    }

    #[test]
    fn redirects_stay_with_the_hosts_of_the_source() {
        let source: Uri = "https://lists.example.org/a/list.csv".parse().unwrap();
        let hosts = ["cdn.example.org".to_string()];
        let to = |location: &str| redirected(&source, &hosts, &source, location).map(|uri| uri.to_string());
        for (location, expected) in [
            ("/b.csv", "https://lists.example.org/b.csv"),
            ("b.csv?x=1", "https://lists.example.org/a/b.csv?x=1"),
            ("https://CDN.example.org/b", "https://cdn.example.org/b"),
            ("//cdn.example.org/b", "https://cdn.example.org/b"),
        ] {
            assert_eq!(to(location).map(|uri| uri.to_lowercase()).as_deref(), Ok(expected), "{location}");
        }
        for (location, why) in [
            ("http://lists.example.org/b", "encryption"),
            ("https://evil.example/b", "another host"),
            ("https://lists.example.org.evil.example/b", "another host"),
            ("https://lists.example.org@evil.example/b", "user"),
            ("ftp://lists.example.org/b", "encryption"),
            ("https://169.254.169.254/latest", "another host"),
            ("https:///b", "no address"),
        ] {
            let error = to(location).unwrap_err();
            assert!(error.contains(why), "{location}: {error}");
        }
    }

    #[test]
    fn a_redirect_reaches_no_address_that_is_not_public() {
        let resolve = |host: &str, allowed| {
            let uri: Uri = format!("http://{host}:80/").parse().unwrap();
            let timeout = NextTimeout {
                after: ureq::unversioned::transport::time::Duration::NotHappening,
                reason: ureq::Timeout::Resolve,
                per_read: None,
                per_write: None,
            };
            let resolver = GuardedResolver::new(host, allowed);
            resolver.resolve(&uri, &Config::default(), timeout).map(|_| resolver.seen())
        };
        assert_eq!(resolve("localhost", None).unwrap()[0], Scope::Loopback);
        assert!(resolve("localhost", Some(vec![])).unwrap_err().to_string().contains("not public"));
        assert!(resolve("localhost", Some(vec![Scope::Loopback])).is_ok());
        assert!(resolve("10.1.2.3", Some(vec![Scope::Loopback])).is_err());
    }
}
