//! The relay over HTTP: two WebSockets, the health of the process, and its numbers.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::extract::ws::{WebSocket, WebSocketUpgrade};
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use protocol::relay::{CloseCode, LONGEST_DOWN, LONGEST_UP};
use tokio::net::TcpListener;

use crate::connection::{serve_agent, serve_viewer};
use crate::numbers;
use crate::relay::Relay;

/// Bytes that a socket reads at once: small, since most connections are idle.
const READ_BUFFER: usize = 4 * 1024;

/// Serves until `shutdown` ends; connections are then told to come back, and what waits for them is written.
///
/// # Errors
/// What the system reports of the socket.
pub async fn serve(
    relay: Arc<Relay>,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let router = router(Arc::clone(&relay)).into_make_service_with_connect_info::<SocketAddr>();
    let closing = async move {
        shutdown.await;
        relay.queues.close_all(CloseCode::Restarting);
    };
    axum::serve(listener, router).with_graceful_shutdown(closing).await
}

fn router(relay: Arc<Relay>) -> Router {
    Router::new()
        .route("/v1/agent", get(agent))
        .route("/v1/view", get(view))
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(|| async { "ready\n" }))
        .route("/metrics", get(metrics))
        .route("/stats", get(stats))
        .with_state(relay)
}

async fn agent(
    State(relay): State<Arc<Relay>>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    upgrade: WebSocketUpgrade,
) -> Response {
    upgraded(
        relay,
        address.ip(),
        upgrade,
        LONGEST_DOWN + 1,
        |relay, socket, address| tokio::spawn(serve_agent(relay, socket, address)),
    )
}

async fn view(
    State(relay): State<Arc<Relay>>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    if !is_our_origin(&relay, &headers) {
        relay.counters.refuse("origin");
        return StatusCode::FORBIDDEN.into_response();
    }
    upgraded(
        relay,
        address.ip(),
        upgrade,
        LONGEST_UP + 1,
        |relay, socket, address| tokio::spawn(serve_viewer(relay, socket, address)),
    )
}

fn upgraded<T>(
    relay: Arc<Relay>,
    address: IpAddr,
    upgrade: WebSocketUpgrade,
    longest: usize,
    serve: impl FnOnce(Arc<Relay>, WebSocket, IpAddr) -> T + Send + 'static,
) -> Response {
    if relay.queues.connections() >= relay.setup.limits.connections {
        relay.counters.refuse("connections");
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    upgrade
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0)
        .max_message_size(longest)
        .max_frame_size(longest)
        .on_upgrade(move |socket| async move {
            serve(relay, socket, address);
        })
}

/// Pages of others must not speak for somebody who has pasted a code into ours: a browser names the page's origin.
fn is_our_origin(relay: &Relay, headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else {
        return true;
    };
    let host = origin
        .to_str()
        .ok()
        .and_then(|origin| origin.split_once("://"))
        .map(|(_, host)| host);
    host.is_some_and(|host| {
        let own = |name: &String| {
            name == host || name.strip_suffix(":443") == Some(host) || name.strip_suffix(":80") == Some(host)
        };
        relay.setup.names.iter().any(own)
    })
}

async fn metrics(State(relay): State<Arc<Relay>>) -> impl IntoResponse {
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4")];
    (kind, numbers::prometheus(&relay))
}

async fn stats(State(relay): State<Arc<Relay>>) -> impl IntoResponse {
    axum::Json(numbers::stats(&relay))
}
