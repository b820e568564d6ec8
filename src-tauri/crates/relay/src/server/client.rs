//! Who connects: the address that rates are counted for, and the page that a browser comes from.

use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, header};

use crate::relay::Relay;

/// Where a connection comes from. A header says so only where a proxy in front is known to write it; the last address is
/// what our own proxy saw, those before are what the client says.
pub(super) fn address(relay: &Relay, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    if !relay.setup.is_behind_proxy {
        return peer;
    }
    let forwarded = headers.get_all("x-forwarded-for").iter().next_back();
    let last = forwarded
        .and_then(|value| value.to_str().ok())
        .and_then(|list| list.rsplit(',').next())
        .map(str::trim);
    last.and_then(ip).unwrap_or(peer)
}

/// An address as proxies write it: some with the port, and of IPv6 in brackets.
fn ip(text: &str) -> Option<IpAddr> {
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    let in_brackets = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    text.parse().ok().or_else(with_port).or_else(in_brackets)
}

/// Whether somebody is on this computer. Behind a proxy nobody knows: the proxy is.
pub(super) fn is_local(relay: &Relay, peer: IpAddr) -> bool {
    !relay.setup.is_behind_proxy && peer.to_canonical().is_loopback()
}

/// Pages of others must not speak for somebody who has pasted a code into ours: a browser names the page's origin.
pub(super) fn is_our_origin(relay: &Relay, peer: IpAddr, headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else {
        return true;
    };
    let Some((scheme, host)) = origin.to_str().ok().and_then(|origin| origin.split_once("://")) else {
        return false;
    };
    let usual_port = match scheme {
        "http" => ":80",
        "https" => ":443",
        _ => return false,
    };
    let is = |name: &String| {
        name.eq_ignore_ascii_case(host)
            || name
                .strip_suffix(usual_port)
                .is_some_and(|n| n.eq_ignore_ascii_case(host))
    };
    relay.setup.names_for(is_local(relay, peer)).iter().any(is)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::relay::Setup;
    use axum::http::HeaderValue;

    fn headers(name: &'static str, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::HeaderName::from_static(name), HeaderValue::from_static(value))])
    }

    #[test]
    fn who_connects_is_what_the_own_proxy_saw_and_only_where_there_is_one() {
        let peer = IpAddr::from([10, 0, 0, 1]);
        let forwarded = headers("x-forwarded-for", "198.51.100.9, 203.0.113.5");
        let of = |is_behind_proxy| {
            let setup = Setup {
                is_behind_proxy,
                ..Setup::default()
            };
            address(&Relay::new(setup).unwrap(), peer, &forwarded)
        };
        assert_eq!(of(false), peer);
        assert_eq!(of(true), IpAddr::from([203, 0, 113, 5]));
    }

    #[test]
    fn addresses_are_read_as_proxies_write_them() {
        let read = |text: &str| ip(text).map(|ip| ip.to_string());
        for text in ["203.0.113.5", "203.0.113.5:4711"] {
            assert_eq!(read(text).as_deref(), Some("203.0.113.5"));
        }
        for text in ["2001:db8::7", "[2001:db8::7]", "[2001:db8::7]:4711"] {
            assert_eq!(read(text).as_deref(), Some("2001:db8::7"));
        }
        assert_eq!(read("unknown"), None);
    }

    #[test]
    fn only_pages_of_this_relay_may_connect() {
        let setup = |is_behind_proxy| Setup {
            names: vec!["Relay.Example:443".to_owned()],
            local_names: vec!["localhost:8787".to_owned()],
            is_behind_proxy,
            ..Setup::default()
        };
        let relay = Relay::new(setup(false)).unwrap();
        let here = IpAddr::from([127, 0, 0, 1]);
        for (origin, ours) in [
            ("https://relay.example", true),
            ("http://localhost:8787", true),
            ("http://localhost", false),
            ("https://evil.example", false),
            ("https://relay.example.evil.example", false),
            ("null", false),
            ("file://relay.example", false),
        ] {
            assert_eq!(
                is_our_origin(&relay, here, &headers("origin", origin)),
                ours,
                "{origin}"
            );
        }
        assert!(is_our_origin(&relay, here, &HeaderMap::new()));
        // A page on somebody else's computer is not ours, and a proxy's address is nobody's.
        let page = headers("origin", "http://localhost:8787");
        assert!(!is_our_origin(&relay, IpAddr::from([192, 0, 2, 7]), &page));
        assert!(!is_our_origin(&Relay::new(setup(true)).unwrap(), here, &page));
    }
}
