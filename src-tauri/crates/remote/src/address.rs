//! Where a relay is.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use url::{Host, Url};

/// A relay's address, such as `https://relay.example.org`. Plain `http` is for this computer and for networks of one's own:
/// what is measured is sealed either way, but a browser gives a page the means to unseal it only over `https` or from
/// this computer.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RelayAddress {
    secure: bool,
    host: String,
    port: u16,
}

/// A text is no address of a relay.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAnAddress {
    /// It cannot be read.
    #[error("\"{0}\" is not the address of a relay")]
    Unreadable(String),
    /// It has more than a name and a port.
    #[error("the address of a relay is a name and perhaps a port, without path, user or \"#\"")]
    TooMuch,
}

impl RelayAddress {
    /// Host and port as they are dialled, the port always with them: what an agent's proof names.
    pub fn authority(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// Whether the connection is encrypted, besides what travels in it.
    pub fn is_secure(&self) -> bool {
        self.secure
    }

    /// Where agents connect.
    pub fn agents(&self) -> String {
        self.socket("/v1/agent")
    }

    /// Where viewers connect.
    pub fn viewers(&self) -> String {
        self.socket("/v1/view")
    }

    /// The page of the relay's browser viewer.
    pub fn page(&self) -> String {
        let scheme = if self.secure { "https" } else { "http" };
        format!("{scheme}://{}/", self.shown())
    }

    /// Whether browsers let the page unseal anything there.
    pub fn is_good_for_browsers(&self) -> bool {
        self.secure || is_this_computer(&self.host)
    }

    fn socket(&self, path: &str) -> String {
        let scheme = if self.secure { "wss" } else { "ws" };
        format!("{scheme}://{}{path}", self.authority())
    }

    fn shown(&self) -> String {
        let usual = if self.secure { 443 } else { 80 };
        if self.port == usual {
            self.host.clone()
        } else {
            self.authority()
        }
    }
}

fn is_this_computer(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

impl FromStr for RelayAddress {
    type Err = NotAnAddress;

    /// With or without a scheme; without one it is `https`, on this computer `http`.
    fn from_str(text: &str) -> Result<Self, NotAnAddress> {
        let text = text.trim();
        let unreadable = || NotAnAddress::Unreadable(text.chars().take(80).collect());
        let with_scheme = if text.contains("://") {
            text.to_owned()
        } else {
            format!("https://{text}")
        };
        let url = Url::parse(&with_scheme).map_err(|_| unreadable())?;
        let is_bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        if !is_bare || !url.username().is_empty() || url.password().is_some() {
            return Err(NotAnAddress::TooMuch);
        }
        let host = match url.host() {
            Some(Host::Domain(name)) if !name.is_empty() => name.to_owned(),
            Some(Host::Ipv4(address)) => address.to_string(),
            Some(Host::Ipv6(address)) => format!("[{address}]"),
            _ => return Err(unreadable()),
        };
        let secure = match url.scheme() {
            "http" | "ws" => false,
            "https" | "wss" if text.contains("://") => true,
            "https" => !is_this_computer(&host),
            _ => return Err(unreadable()),
        };
        let named = url.port().or_else(|| {
            // The parser leaves a port out that is usual for its scheme.
            text.rsplit_once(':')
                .and_then(|(_, port)| port.trim_end_matches('/').parse().ok())
        });
        Ok(Self {
            secure,
            host,
            port: named.unwrap_or(if secure { 443 } else { 80 }),
        })
    }
}

impl fmt::Display for RelayAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.page().trim_end_matches('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> RelayAddress {
        text.parse().unwrap()
    }

    #[test]
    fn an_address_is_read_with_or_without_its_scheme() {
        for text in [
            "relay.example.org",
            "https://Relay.example.org/",
            "wss://relay.example.org:443",
        ] {
            let relay = address(text);
            assert_eq!(relay.authority(), "relay.example.org:443", "{text}");
            assert_eq!(relay.agents(), "wss://relay.example.org:443/v1/agent");
            assert_eq!(relay.to_string(), "https://relay.example.org");
        }
        assert_eq!(address("127.0.0.1:8080").agents(), "ws://127.0.0.1:8080/v1/agent");
        assert_eq!(address("localhost:443").viewers(), "ws://localhost:443/v1/view");
        assert_eq!(address("http://lab-relay").authority(), "lab-relay:80");
        assert_eq!(address("http://[::1]:9000").page(), "http://[::1]:9000/");
    }

    #[test]
    fn a_browser_needs_https_or_this_computer() {
        let good = |text| address(text).is_good_for_browsers();
        assert!(good("https://relay.example.org") && good("http://127.0.0.1:8080") && good("localhost:8080"));
        assert!(!good("http://lab-relay:8080") && !good("http://192.168.1.7:8080"));
    }

    #[test]
    fn what_is_more_than_a_name_and_a_port_is_refused() {
        for text in [
            "",
            "   ",
            "relay example",
            "ftp://relay.example.org",
            "https://",
            ":8080",
        ] {
            assert!(
                matches!(text.parse::<RelayAddress>(), Err(NotAnAddress::Unreadable(_))),
                "{text}"
            );
        }
        for text in [
            "https://relay.example.org/page",
            "https://relay/#code",
            "https://me@relay",
            "relay/?x=1",
        ] {
            assert_eq!(text.parse::<RelayAddress>(), Err(NotAnAddress::TooMuch), "{text}");
        }
    }
}
