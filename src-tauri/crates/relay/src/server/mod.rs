//! The relay over HTTP: two WebSockets, the page, the health of the process, and its numbers.

mod allowance;
mod client;
mod listening;
mod page;
mod tls;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::extract::connect_info::ConnectInfo;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use protocol::relay::{LONGEST_DOWN, LONGEST_UP};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

pub use self::allowance::Allowance;
use self::allowance::Metered;
pub use self::listening::{ListenError, listen};
pub use self::page::is_built as page_is_built;
pub use self::tls::{Tls, TlsError};
use crate::connection::{WebSocket, serve_agent, serve_viewer, upgrade};
use crate::numbers;
use crate::places::Place;
use crate::relay::Relay;

/// A request's head, and a TLS handshake before it, come within this time.
const HEAD_WITHIN: Duration = Duration::from_secs(5);
/// Connections beyond those that the relay serves: for health, numbers and refusals.
const SPARE: usize = 256;

/// The place that a connection has among those of its address.
type Own = Option<Arc<Place>>;

/// Serves until `shutdown` ends. The address is then free, connections are told to come back, and what waits for them is
/// written, within the time of the limits.
pub async fn serve(
    relay: Arc<Relay>,
    listener: TcpListener,
    tls: Option<Tls>,
    shutdown: impl Future<Output = ()> + Send,
) {
    let router = router(Arc::clone(&relay));
    let upkeep = tokio::spawn(Arc::clone(&relay).keep_up());
    let places = Arc::new(Semaphore::new(relay.setup.limits.connections.saturating_add(SPARE)));
    tokio::pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            () = &mut shutdown => break,
            accepted = listener.accept() => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Such as too many open files: it passes when others end.
                tracing::warn!("a connection could not be taken: {error}");
                sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
            relay.counters.refuse("connections");
            continue;
        };
        // Behind a proxy all come from it: there a place is taken once it is known for whom.
        let own = if relay.setup.is_behind_proxy {
            None
        } else if let Some(own) = relay.addresses.take(peer.ip()) {
            Some(Arc::new(own))
        } else {
            relay.counters.refuse("connections_of_address");
            continue;
        };
        let (relay, router, acceptor) = (Arc::clone(&relay), router.clone(), tls.as_ref().map(Tls::acceptor));
        tokio::spawn(async move {
            // An ended or broken connection is the other end's affair.
            let _ = stream.set_nodelay(true);
            match acceptor {
                Some(acceptor) => match timeout(HEAD_WITHIN, acceptor.accept(stream)).await {
                    Ok(Ok(stream)) => serve_one(&relay, stream, (peer, own), router).await,
                    Ok(Err(_)) | Err(_) => relay.counters.refuse("tls"),
                },
                None => serve_one(&relay, stream, (peer, own), router).await,
            }
            drop(place);
        });
    }
    drop(listener);
    upkeep.abort();
    relay.stop();
    // Until everything is written, claims are given back and viewers are counted out.
    let ended = async { tokio::join!(relay.queues.emptied(), relay.tasks.finished()) };
    if timeout(relay.setup.limits.stop_within, ended).await.is_err() {
        tracing::warn!("{} connections did not end in time", relay.queues.connections());
    }
}

async fn serve_one<S>(relay: &Relay, stream: S, (peer, own): (SocketAddr, Own), router: Router)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let allowance = Allowance::default();
    let service = router
        .layer(Extension(ConnectInfo(peer)))
        .layer(Extension(own))
        .layer(Extension(allowance.clone()));
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_WITHIN)
        .max_buf_size(16 * 1024)
        .serve_connection(
            TokioIo::new(Metered::new(stream, allowance)),
            TowerToHyperService::new(service),
        )
        .with_upgrades();
    // A WebSocket is served elsewhere from its first message on. An answer that nobody reads takes no place for ever.
    let Ok(served) = timeout(relay.setup.limits.served_within, served).await else {
        relay.counters.refuse("slow_answer");
        return;
    };
    if let Err(error) = served {
        if error.is_timeout() {
            relay.counters.refuse("slow_request");
        } else if error.is_parse() {
            relay.counters.refuse("bad_request");
        }
        tracing::debug!("a connection ended: {error}");
    }
}

fn router(relay: Arc<Relay>) -> Router {
    Router::new()
        .route("/v1/agent", get(agent))
        .route("/v1/view", get(view))
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .route("/stats", get(stats))
        .fallback(get(page::file))
        .with_state(relay)
}

async fn agent(
    State(relay): State<Arc<Relay>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Extension(allowance): Extension<Allowance>,
    Extension(own): Extension<Own>,
    request: Request,
) -> Response {
    let headers = request.headers();
    // Agents are programs; a browser that speaks to an agent's door is somebody's page.
    if headers.contains_key(header::ORIGIN) && !client::is_our_origin(&relay, peer.ip(), headers) {
        relay.counters.refuse("origin");
        return StatusCode::FORBIDDEN.into_response();
    }
    let address = client::address(&relay, peer.ip(), headers);
    let is_local = client::is_local(&relay, peer.ip());
    let Some(own) = own_place(&relay, own, address) else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    upgraded(
        relay,
        allowance,
        request,
        LONGEST_DOWN + 1,
        move |relay, socket, allowance| {
            let serving = serve_agent(relay, socket, (address, is_local), allowance);
            async move {
                serving.await;
                drop(own);
            }
        },
    )
}

async fn view(
    State(relay): State<Arc<Relay>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Extension(allowance): Extension<Allowance>,
    Extension(own): Extension<Own>,
    request: Request,
) -> Response {
    let headers = request.headers();
    if !client::is_our_origin(&relay, peer.ip(), headers) {
        relay.counters.refuse("origin");
        return StatusCode::FORBIDDEN.into_response();
    }
    let address = client::address(&relay, peer.ip(), headers);
    let Some(own) = own_place(&relay, own, address) else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    upgraded(
        relay,
        allowance,
        request,
        LONGEST_UP + 1,
        move |relay, socket, allowance| {
            let serving = serve_viewer(relay, socket, address, allowance);
            async move {
                serving.await;
                drop(own);
            }
        },
    )
}

/// The place of a connection among those of its address; behind a proxy that address is known only now.
fn own_place(relay: &Relay, own: Own, address: IpAddr) -> Option<Arc<Place>> {
    let place = own.or_else(|| relay.addresses.take(address).map(Arc::new));
    if place.is_none() {
        relay.counters.refuse("connections_of_address");
    }
    place
}

fn upgraded<F>(
    relay: Arc<Relay>,
    allowance: Allowance,
    request: Request,
    longest: usize,
    serve: impl FnOnce(Arc<Relay>, WebSocket, Allowance) -> F + Send + 'static,
) -> Response
where
    F: Future<Output = ()> + Send,
{
    if relay.queues.connections() >= relay.setup.limits.connections {
        relay.counters.refuse("connections");
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    allowance.limit();
    let task = relay.tasks.begin();
    upgrade(request, longest, move |socket| async move {
        serve(relay, socket, allowance).await;
        drop(task);
    })
}

async fn ready(State(relay): State<Arc<Relay>>) -> Response {
    match relay.not_ready() {
        None => "ready\n".into_response(),
        Some(not) => {
            let at = not
                .since
                .duration_since(std::time::UNIX_EPOCH)
                .map_or(0, |since| since.as_secs());
            let text = format!(
                "not ready for {} s (since {at} s after 1970): {}\n",
                not.for_s, not.reason
            );
            (StatusCode::SERVICE_UNAVAILABLE, text).into_response()
        }
    }
}

async fn metrics(State(relay): State<Arc<Relay>>) -> impl IntoResponse {
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4")];
    (kind, numbers::prometheus(&relay))
}

async fn stats(State(relay): State<Arc<Relay>>) -> impl IntoResponse {
    axum::Json(numbers::stats(&relay))
}
