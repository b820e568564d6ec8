//! One question over HTTP: a GET without a cookie, a name or anything about this computer.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::{Body, Incoming};
use hyper::header::{ACCEPT, HOST, LOCATION};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use url::{Host, Url};

/// All of it.
const MAY_TAKE: Duration = Duration::from_secs(20);
/// No answer is longer.
const LONGEST: usize = 64 * 1024;
/// Pages move; rings of them lead nowhere.
const MOVES: usize = 3;

/// Why there was no answer.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The network, or the other end.
    #[error("{0}")]
    Unreachable(#[from] std::io::Error),
    /// What came is not HTTP.
    #[error("what answers there does not speak HTTP: {0}")]
    Http(#[from] hyper::Error),
    /// The other end has no such thing.
    #[error("the answer was {0}")]
    Status(hyper::StatusCode),
    /// It took too long.
    #[error("there was no answer within {} s", MAY_TAKE.as_secs())]
    TooSlow,
    /// More came than any answer has.
    #[error("the answer is longer than {LONGEST} bytes")]
    TooLong,
    /// It was moved to where nothing may be asked, or again and again.
    #[error("it was moved to where SACMES does not ask")]
    Moved,
    /// No address with a host.
    #[error("the address names no computer")]
    NoHost,
    /// Certificates cannot be checked on this computer.
    #[error("this computer has no certificates to check the other end with")]
    NoCertificates,
}

/// Asks, with what it trusts.
pub struct Fetcher {
    tls: Option<TlsConnector>,
}

/// Over https; without, on this computer only, as tests and laboratories do.
pub fn may_be_asked(address: &Url) -> bool {
    match (address.scheme(), address.host()) {
        ("https", Some(_)) | ("http", Some(Host::Domain("localhost"))) => true,
        ("http", Some(Host::Ipv4(ip))) => IpAddr::from(ip).is_loopback(),
        ("http", Some(Host::Ipv6(ip))) => IpAddr::from(ip).is_loopback(),
        _ => false,
    }
}

impl Fetcher {
    /// Trusts whom the system trusts.
    pub fn trusting_the_system() -> Self {
        let mut roots = RootCertStore::empty();
        let found = rustls_native_certs::load_native_certs();
        roots.add_parsable_certificates(found.certs);
        Self::trusting(roots)
    }

    /// Trusts these.
    pub fn trusting(roots: RootCertStore) -> Self {
        let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .ok()
            .filter(|_| !roots.is_empty())
            .map(|builder| builder.with_root_certificates(roots).with_no_client_auth());
        Self {
            tls: config.map(|config| TlsConnector::from(Arc::new(config))),
        }
    }

    /// What is at an address.
    ///
    /// # Errors
    /// Why nothing came.
    pub async fn get(&self, address: &Url) -> Result<Vec<u8>, FetchError> {
        timeout(MAY_TAKE, self.follow(address.clone()))
            .await
            .unwrap_or(Err(FetchError::TooSlow))
    }

    async fn follow(&self, mut address: Url) -> Result<Vec<u8>, FetchError> {
        for _ in 0..=MOVES {
            let answer = self.ask(&address).await?;
            let status = answer.status();
            if status.is_success() {
                return whole(answer.into_body()).await;
            }
            let place = answer.headers().get(LOCATION).filter(|_| status.is_redirection());
            let Some(place) = place else {
                return Err(FetchError::Status(status));
            };
            let next = place.to_str().ok().and_then(|place| address.join(place).ok());
            // Not from https to anything less.
            address = next
                .filter(|next| may_be_asked(next) && (next.scheme() == address.scheme() || next.scheme() == "https"))
                .ok_or(FetchError::Moved)?;
        }
        Err(FetchError::Moved)
    }

    async fn ask(&self, address: &Url) -> Result<Response<Incoming>, FetchError> {
        let host = address.host_str().ok_or(FetchError::NoHost)?;
        let port = address.port_or_known_default().ok_or(FetchError::NoHost)?;
        let stream = TcpStream::connect((host.trim_matches(['[', ']']), port)).await?;
        if address.scheme() != "https" {
            return send(address, stream).await;
        }
        let tls = self.tls.as_ref().ok_or(FetchError::NoCertificates)?;
        let name = ServerName::try_from(host.trim_matches(['[', ']']).to_owned()).map_err(|_| FetchError::NoHost)?;
        send(address, tls.connect(name, stream).await?).await
    }
}

async fn send<S>(address: &Url, stream: S) -> Result<Response<Incoming>, FetchError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(async move {
        // Whoever waits for the answer hears of it.
        if let Err(error) = connection.await {
            tracing::debug!(%error, "the connection ended");
        }
    });
    let mut request = Request::new(String::new());
    let path = &address[url::Position::BeforePath..url::Position::AfterQuery];
    *request.uri_mut() = path.parse().unwrap_or_default();
    let host = &address[url::Position::BeforeHost..url::Position::AfterPort];
    let headers = request.headers_mut();
    if let Ok(host) = host.parse() {
        headers.insert(HOST, host);
    }
    headers.insert(ACCEPT, hyper::header::HeaderValue::from_static("application/json"));
    Ok(sender.send_request(request).await?)
}

async fn whole(mut body: Incoming) -> Result<Vec<u8>, FetchError> {
    let mut bytes = Vec::new();
    while let Some(frame) = std::future::poll_fn(|context| std::pin::Pin::new(&mut body).poll_frame(context)).await {
        if let Ok(data) = frame?.into_data() {
            if bytes.len() + data.len() > LONGEST {
                return Err(FetchError::TooLong);
            }
            bytes.extend_from_slice(&data);
        }
    }
    Ok(bytes)
}
