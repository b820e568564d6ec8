//! `sacmes relay`: the server through which agents and viewers meet.

use std::ffi::OsString;
use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use clap::Args;
use protocol::refusal::Refusal;
use relay::limits::Limits;
use relay::relay::{Relay, Setup};
use relay::server::{self, ListenError, Tls};
use relay::shared::RedisAddress;

use crate::ending::{Ending, Failure, Outcome, complain};
use crate::interruption;

#[derive(Debug, Args)]
pub struct RelayCommand {
    /// Address and port to listen on.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8787")]
    listen: SocketAddr,

    /// A name by which agents and browsers reach the relay; can be given again. Without a port, the one that it listens on,
    /// or 443 behind a proxy.
    #[arg(long = "name", value_name = "HOST[:PORT]", value_parser = host)]
    names: Vec<String>,

    /// Keep channels in this Redis and share them with other relays, instead of in memory. Others on this computer can see it: a URL
    /// with a password belongs into a file, or into `SACMES_REDIS_URL`.
    #[arg(long, value_name = "URL", value_parser = RedisAddress::parse)]
    redis: Option<RedisAddress>,

    /// File with the URL of the Redis.
    #[arg(long, value_name = "FILE", conflicts_with = "redis")]
    redis_url_file: Option<PathBuf>,

    /// Certificate chain (PEM), for TLS without a proxy.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,

    /// Private key of the certificate (PEM).
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,

    /// File with a token that agents must show; without it, anybody may share through the relay.
    #[arg(long, visible_alias = "access-token", value_name = "FILE")]
    access_token_file: Option<PathBuf>,

    /// A proxy in front does TLS and writes `X-Forwarded-For`; nobody else reaches the relay.
    #[arg(long, conflicts_with = "tls_cert")]
    behind_proxy: bool,

    #[command(flatten)]
    limits: LimitOptions,
}

/// The limits that depend on the machine.
#[derive(Debug, Args)]
struct LimitOptions {
    /// Viewers of one channel.
    #[arg(long, value_name = "N", help_heading = "Limits")]
    max_viewers: Option<usize>,
    /// Viewers that wait on a channel whose agent has never come.
    #[arg(long, value_name = "N", help_heading = "Limits")]
    max_waiting_viewers: Option<usize>,
    /// Connections of the process.
    #[arg(long, value_name = "N", help_heading = "Limits")]
    max_connections: Option<usize>,
    /// Connections from one address (IPv6: from one /64).
    #[arg(long, value_name = "N", help_heading = "Limits")]
    max_connections_per_address: Option<usize>,
    /// New channels an hour.
    #[arg(long, value_name = "N", help_heading = "Limits")]
    max_new_channels: Option<usize>,
    /// New channels an hour from one address.
    #[arg(long, value_name = "N", help_heading = "Limits")]
    max_new_channels_per_address: Option<usize>,
    /// Hellos a second from one address; five times as many at once.
    #[arg(long, value_name = "N", help_heading = "Limits")]
    max_hellos: Option<u32>,
    /// Megabytes (2^20 bytes) kept of one channel's log.
    #[arg(long, value_name = "MIB", help_heading = "Limits")]
    window_mib: Option<usize>,
    /// Frames kept of one channel's log.
    #[arg(long, value_name = "N", help_heading = "Limits")]
    window_frames: Option<usize>,
    /// Megabytes kept of all channels together, without Redis.
    #[arg(long, value_name = "MIB", help_heading = "Limits")]
    memory_mib: Option<usize>,
    /// Megabytes that may wait for all connections together.
    #[arg(long, value_name = "MIB", help_heading = "Limits")]
    queues_mib: Option<usize>,
}

impl LimitOptions {
    fn limits(&self) -> Limits {
        let usual = Limits::default();
        let bytes = |mib: Option<usize>, usual: usize| mib.map_or(usual, |mib| mib.saturating_mul(1 << 20));
        let mut hellos = usual.hellos;
        if let Some(per_second) = self.max_hellos {
            hellos.per_second = f64::from(per_second);
            hellos.burst = 5.0 * f64::from(per_second);
        }
        Limits {
            viewers: self.max_viewers.unwrap_or(usual.viewers),
            waiting_viewers: self.max_waiting_viewers.unwrap_or(usual.waiting_viewers),
            connections: self.max_connections.unwrap_or(usual.connections).min(1_000_000),
            connections_of_address: self.max_connections_per_address.unwrap_or(usual.connections_of_address),
            new_channels: self.max_new_channels.unwrap_or(usual.new_channels),
            new_channels_of_address: self
                .max_new_channels_per_address
                .unwrap_or(usual.new_channels_of_address),
            hellos,
            window_bytes: bytes(self.window_mib, usual.window_bytes),
            window_frames: self.window_frames.unwrap_or(usual.window_frames),
            windows_bytes: bytes(self.memory_mib, usual.windows_bytes),
            queues_bytes: bytes(self.queues_mib, usual.queues_bytes),
            ..usual
        }
    }
}

impl RelayCommand {
    /// Serves until asked to end.
    pub fn run(self) -> Outcome {
        super::runtime()?.block_on(self.serve())
    }

    async fn serve(self) -> Outcome {
        let tls = match (&self.tls_cert, &self.tls_key) {
            (Some(certificate), Some(key)) => Some(Tls::read(certificate, key).map_err(|error| {
                usage(
                    "bad_certificate",
                    &error,
                    "Give a PEM certificate chain and its private key.",
                )
            })?),
            _ => None,
        };
        let access_token_hash = self.access_token_file.as_deref().map(read_token).transpose()?;
        let listener = server::listen(self.listen).map_err(|error| not_listening(&error))?;
        let address = listener.local_addr().unwrap_or(self.listen);
        let is_secure = tls.is_some() || self.behind_proxy;
        let names = names(&self.names, address, self.behind_proxy);
        let local_names = local_names(address);
        let redis = match self.redis.clone() {
            None => redis_elsewhere(self.redis_url_file.as_deref(), std::env::var_os("SACMES_REDIS_URL"))?,
            given => given,
        };
        let setup = Setup {
            limits: self.limits.limits(),
            names: names.clone(),
            access_token_hash,
            local_names: local_names.clone(),
            redis,
            is_behind_proxy: self.behind_proxy,
            is_secure,
        };
        let relay = Relay::new(setup)
            .map_err(|why| usage("bad_redis", &why, "Give an address such as redis://localhost:6379/."))?;
        let all_names = if self.behind_proxy {
            names
        } else {
            [names, local_names].concat()
        };
        say(&introduction(
            address,
            &all_names,
            is_secure,
            access_token_hash.is_some(),
        ))?;
        if let Some(tls) = tls.clone() {
            tokio::spawn(renew_certificates(tls));
        }
        let requested = async {
            interruption::requested().await;
            tokio::spawn(interruption::requested_again());
        };
        server::serve(relay, listener, tls, requested).await;
        Ok(Ending::Done)
    }
}

/// A certificate that was renewed is read again when the program is told so (SIGHUP).
#[cfg(unix)]
async fn renew_certificates(tls: Tls) {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut hang_up) = signal(SignalKind::hangup()) else {
        return;
    };
    while hang_up.recv().await.is_some() {
        match tls.read_again() {
            Ok(()) => tracing::info!("the certificate was read again"),
            Err(error) => complain(&format!("The certificate from before stays in use: {error}.")),
        }
    }
}

#[cfg(not(unix))]
async fn renew_certificates(_: Tls) {}

/// What whoever starts a relay has to know.
fn introduction(address: SocketAddr, names: &[String], is_secure: bool, wants_token: bool) -> String {
    // One address for agents and browsers: people copy it from one to the other.
    let scheme = if is_secure { "https" } else { "http" };
    let mut lines = vec![format!("Relay listening on {address}")];
    let best = names.first().map_or_else(|| address.to_string(), Clone::clone);
    lines.push(format!(
        "Agents: sacmes agent --watch FOLDER --share --relay {scheme}://{best}"
    ));
    // Browsers have the cryptography only over HTTPS or on this computer.
    let page = names.iter().find(|name| is_secure || is_local(name));
    match page {
        Some(name) => lines.push(format!("Browsers: {scheme}://{name}/")),
        None => lines.push(
            "Browsers: no link, since they refuse to decrypt on pages without HTTPS; use --tls-cert and --tls-key, or a \
             proxy and --behind-proxy"
                .to_owned(),
        ),
    }
    if !server::page_is_built() {
        lines.push("The browser viewer was not built into this program (npm run build in ui/).".to_owned());
    }
    if wants_token {
        lines.push("Agents must show the access token.".to_owned());
    }
    lines.join("\n") + "\n"
}

fn is_local(name: &str) -> bool {
    let host = name.rsplit_once(':').map_or(name, |(host, _)| host);
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// The names by which agents reach the relay, each with its port.
fn names(given: &[String], address: SocketAddr, is_behind_proxy: bool) -> Vec<String> {
    let port = address.port();
    let usual_port = if is_behind_proxy { 443 } else { port };
    let mut names: Vec<String> = given
        .iter()
        .map(|name| {
            if has_port(name) {
                name.clone()
            } else {
                format!("{name}:{usual_port}")
            }
        })
        .collect();
    if names.is_empty() && !address.ip().is_unspecified() && !address.ip().is_loopback() {
        names.push(address.to_string());
    }
    names
}

/// The names of the computer itself; elsewhere they are another computer's.
fn local_names(address: SocketAddr) -> Vec<String> {
    let port = address.port();
    let loopback = SocketAddr::from((Ipv4Addr::LOCALHOST, port)).to_string();
    vec![format!("localhost:{port}"), loopback, format!("[::1]:{port}")]
}

fn has_port(name: &str) -> bool {
    name.rsplit_once(':')
        .is_some_and(|(host, port)| port.parse::<u16>().is_ok() && (!host.contains(':') || host.ends_with(']')))
}

/// The Redis whose URL is not on the command line: in a file, or in the environment.
fn redis_elsewhere(file: Option<&Path>, environment: Option<OsString>) -> Result<Option<RedisAddress>, Failure> {
    let what_next = "Give one line such as redis://:password@localhost:6379/.";
    let text = match (file, environment) {
        (Some(path), _) => std::fs::read_to_string(path)
            .map_err(|error| usage("bad_redis", &format!("{}: {error}", path.display()), what_next))?,
        (None, Some(url)) => url.to_string_lossy().into_owned(),
        (None, None) => return Ok(None),
    };
    let address = RedisAddress::parse(text.trim());
    address.map(Some).map_err(|why| usage("bad_redis", &why, what_next))
}

/// A host, with or without a port: no scheme, no path.
fn host(text: &str) -> Result<String, String> {
    let is_host = !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:[]".contains(&b));
    is_host
        .then(|| text.to_ascii_lowercase())
        .ok_or_else(|| "give a host such as relay.example or relay.example:8787, without https://".to_owned())
}

fn read_token(path: &Path) -> Result<[u8; 32], Failure> {
    let what_next = "Give a file with one line of 16 to 256 characters.";
    let text = std::fs::read_to_string(path)
        .map_err(|error| usage("bad_access_token", &format!("{}: {error}", path.display()), what_next))?;
    let token = text.trim();
    if !(16..=256).contains(&token.len()) {
        let why = format!("The access token in {} has {} characters", path.display(), token.len());
        return Err(usage("bad_access_token", &why, what_next));
    }
    Ok(relay::access_token_hash(token))
}

fn not_listening(error: &ListenError) -> Failure {
    let code = match error {
        ListenError::Occupied(_) => "address_in_use",
        ListenError::Refused(..) => "address_refused",
    };
    let what_next = "End that program, or choose another address or port with --listen.";
    Failure::Refused(Refusal::new(code, format!("{error}."), what_next))
}

fn usage(code: &'static str, why: &impl std::fmt::Display, what_next: &'static str) -> Failure {
    Failure::Usage(Refusal::new(code, format!("{why}."), what_next))
}

fn say(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    written.map_err(|error| Failure::of_output(&error, "Standard output"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> SocketAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_page_that_browsers_refuse_to_decrypt_on_is_not_offered() {
        let at = address("192.0.2.7:8787");
        let link = |names: &[&str], is_secure| {
            let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
            introduction(at, &names, is_secure, false)
        };
        assert!(link(&["relay.example:8787"], false).contains("Browsers: no link"));
        assert!(link(&["relay.example:443"], true).contains("Browsers: https://relay.example:443/"));
        assert!(link(&["localhost:8787"], false).contains("Browsers: http://localhost:8787/"));
        assert!(link(&["[::1]:8787"], false).contains("http://[::1]:8787/"));
    }

    #[test]
    fn a_redis_with_a_password_need_not_be_on_the_command_line() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("url");
        std::fs::write(&file, "redis://:geheim@localhost:6379/\n").unwrap();
        assert!(redis_elsewhere(Some(&file), None).unwrap().is_some());
        assert!(
            redis_elsewhere(None, Some("redis://localhost/".into()))
                .unwrap()
                .is_some()
        );
        assert!(redis_elsewhere(None, None).unwrap().is_none());
        std::fs::write(&file, "geheim").unwrap();
        let Err(Failure::Usage(refusal)) = redis_elsewhere(Some(&file), None) else {
            panic!("not refused");
        };
        assert!(!format!("{refusal:?}").contains("geheim"));
    }

    #[test]
    fn names_have_ports_and_those_of_the_computer_itself_are_apart() {
        let given = ["relay.example".to_owned(), "other.example:9".to_owned()];
        let listens = address("0.0.0.0:8787");
        assert_eq!(
            names(&given, listens, false)[..2],
            ["relay.example:8787", "other.example:9"]
        );
        assert_eq!(names(&given, listens, true)[0], "relay.example:443");
        assert!(names(&[], listens, false).is_empty());
        assert_eq!(local_names(listens), ["localhost:8787", "127.0.0.1:8787", "[::1]:8787"]);
        assert_eq!(names(&[], address("192.0.2.7:8787"), false)[0], "192.0.2.7:8787");
        assert_eq!(
            names(&["[2001:db8::1]".to_owned()], listens, false)[0],
            "[2001:db8::1]:8787"
        );
        assert!(host("https://relay.example").is_err() && host("relay.example/x").is_err());
    }
}
