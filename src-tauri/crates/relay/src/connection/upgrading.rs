//! From a request to a WebSocket.

use axum::body::Body;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::server::create_response_with_body;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

/// Bytes that a socket reads at once: small, since most connections are idle.
const READ_BUFFER: usize = 4 * 1024;

/// A WebSocket of the relay's end.
pub type WebSocket = WebSocketStream<TokioIo<Upgraded>>;

/// Answers a request for a WebSocket, and serves that once the connection has become one. Messages of the other end are at
/// most `longest` bytes.
pub fn upgrade<F>(mut request: Request, longest: usize, serve: impl FnOnce(WebSocket) -> F + Send + 'static) -> Response
where
    F: Future<Output = ()> + Send,
{
    let Ok(response) = create_response_with_body(&request, Body::empty) else {
        return (StatusCode::BAD_REQUEST, "this is an address for WebSockets\n").into_response();
    };
    let upgrading = hyper::upgrade::on(&mut request);
    tokio::spawn(async move {
        // Whoever goes before the connection is a WebSocket has not begun anything.
        let Ok(upgraded) = upgrading.await else { return };
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER)
            .write_buffer_size(0)
            .max_message_size(Some(longest))
            .max_frame_size(Some(longest));
        serve(WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, Some(config)).await).await;
    });
    response
}
