//! The browser viewer: the files of `ui/dist`, as they were when the program was built, under strict headers.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

use crate::relay::Relay;

/// Path and content of each file.
static FILES: &[(&str, &[u8])] = &include!(concat!(env!("OUT_DIR"), "/page.rs"));

const NOT_BUILT: &str = "<!doctype html><title>SACMES relay</title><p>This relay works, but was built without the browser viewer: \
                         run <code>npm run build</code> in <code>ui/</code>, then build the relay again.</p>\n";

/// Whether the page was built into this program.
pub fn is_built() -> bool {
    !FILES.is_empty()
}

/// Gives a file of the page. Everything is at a fixed path: codes stand behind the `#`, which browsers keep to themselves.
pub(super) async fn file(State(relay): State<Arc<Relay>>, uri: Uri) -> Response {
    let path = match uri.path() {
        "/" | "/index.html" => "index.html",
        other => other.trim_start_matches('/'),
    };
    let known = FILES.iter().find(|(name, _)| *name == path).map(|(_, bytes)| *bytes);
    let content = match known {
        Some(bytes) => bytes,
        None if path == "index.html" => NOT_BUILT.as_bytes(),
        None => {
            return (
                StatusCode::NOT_FOUND,
                headers(&relay, "text/plain", false),
                "not found\n",
            )
                .into_response();
        }
    };
    let keeps = path.starts_with("assets/");
    (headers(&relay, kind(path), keeps), content).into_response()
}

fn headers(relay: &Relay, kind: &'static str, keeps: bool) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let mut put = |name, value| headers.insert(name, HeaderValue::from_static(value));
    put(header::CONTENT_TYPE, kind);
    // Files under assets/ have a hash of their content in their name.
    let caching = if keeps {
        "public, max-age=31536000, immutable"
    } else {
        "no-store"
    };
    put(header::CACHE_CONTROL, caching);
    put(header::REFERRER_POLICY, "no-referrer");
    put(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(header::X_FRAME_OPTIONS, "DENY");
    put(
        header::HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    );
    put(
        header::HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    );
    put(
        header::HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    );
    if relay.setup.is_secure {
        put(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    if let Ok(policy) = HeaderValue::from_str(&policy(relay)) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    headers
}

/// Scripts, styles and connections of this relay only. Its WebSockets are named: not every browser counts them as its own.
fn policy(relay: &Relay) -> String {
    let scheme = if relay.setup.is_secure { "wss" } else { "ws" };
    // Policies know no numbers of IPv6 in brackets; such a page has `'self'`.
    let is_plain = |name: &&String| name.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:".contains(&b));
    let mut sockets = String::new();
    for name in relay.setup.names.iter().filter(is_plain) {
        sockets.extend([" ", scheme, "://", name]);
    }
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; \
         connect-src 'self'{sockets}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}

fn kind(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, ending)| ending) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        Some("json") => "application/json",
        Some("wasm") => "application/wasm",
        _ => "application/octet-stream",
    }
}
