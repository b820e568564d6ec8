//! Who connects: the address that rates are counted for, and the page that a browser comes from.

use std::net::IpAddr;

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
    last.and_then(|address| address.parse().ok()).unwrap_or(peer)
}

/// Pages of others must not speak for somebody who has pasted a code into ours: a browser names the page's origin.
pub(super) fn is_our_origin(relay: &Relay, headers: &HeaderMap) -> bool {
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
    relay.setup.names.iter().any(is)
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
    fn only_pages_of_this_relay_may_connect() {
        let names = vec!["Relay.Example:443".to_owned(), "localhost:8787".to_owned()];
        let relay = Relay::new(Setup {
            names,
            ..Setup::default()
        })
        .unwrap();
        for (origin, ours) in [
            ("https://relay.example", true),
            ("http://localhost:8787", true),
            ("http://localhost", false),
            ("https://evil.example", false),
            ("https://relay.example.evil.example", false),
            ("null", false),
            ("file://relay.example", false),
        ] {
            assert_eq!(is_our_origin(&relay, &headers("origin", origin)), ours, "{origin}");
        }
        assert!(is_our_origin(&relay, &HeaderMap::new()));
    }
}
