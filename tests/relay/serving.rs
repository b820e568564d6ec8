//! The relay as a server: its address, its page, TLS, its end.

use std::sync::Arc;

use protocol::relay::message::ToAgent;
use protocol::relay::{CloseCode, Epoch};
use relay::limits::Limits;
use relay::relay::{Relay, Setup};
use relay::server::{ListenError, Tls, listen};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::peers::{Claiming, Peer, Viewer, someone, start};

#[tokio::test]
async fn an_occupied_address_is_named() {
    let running = start(Limits::default()).await;
    let address = running.authority.parse().unwrap();
    let error = listen(address).unwrap_err();
    assert!(matches!(error, ListenError::Occupied(_)));
    assert!(error.to_string().contains(&running.authority), "{error}");
}

#[tokio::test]
async fn a_relay_that_stops_tells_everybody_writes_what_waits_and_frees_its_address() {
    let running = start(Limits::default()).await;
    let (id, code) = someone();
    let mut agent = Claiming::new(&id, &running).claim(&running).await;
    agent.begin(Epoch([1; 16]), 1).await;
    let mut viewer = Viewer::join(&running, &code, None).await;
    agent.publish(1, "last words").await;
    let address = running.authority.parse().unwrap();
    running.stop().await;
    assert_eq!(viewer.texts(1).await, ["last words"]);
    assert_eq!(viewer.hear().await, Err(Some(CloseCode::Restarting)));
    loop {
        if let Err(code) = agent.peer.hear::<ToAgent>().await {
            break assert_eq!(code, Some(CloseCode::Restarting));
        }
    }
    // At once, although connections of before have not all ended.
    drop(listen(address).unwrap());
}

#[tokio::test]
async fn the_page_is_served_under_strict_headers_and_nothing_else_is() {
    let running = start(Limits::default()).await;
    let page = running.get("/").await;
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    for header in [
        "content-security-policy: default-src 'none'; script-src 'self'; style-src 'self'",
        "frame-ancestors 'none'",
        "referrer-policy: no-referrer",
        "x-content-type-options: nosniff",
        "cross-origin-opener-policy: same-origin",
        "cache-control: no-store",
    ] {
        assert!(page.contains(header), "{header} is missing: {page}");
    }
    for path in ["/nothing", "/../Cargo.toml", "/%2e%2e/Cargo.toml", "/assets/"] {
        assert!(running.get(path).await.starts_with("HTTP/1.1 404"), "{path}");
    }
    assert!(running.get("/healthz").await.ends_with("ok\n"));
    assert!(running.get("/readyz").await.ends_with("ready\n"));
    assert!(running.get("/metrics").await.contains("sacmes_relay_viewers 0"));
    assert!(running.get("/stats").await.contains("\"agents\":0"));
}

#[tokio::test]
async fn tls_works_and_the_certificate_can_be_renewed() {
    let folder = tempfile::tempdir().unwrap();
    let (certificate, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
    let issue = || {
        let issued = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        std::fs::write(&certificate, issued.cert.pem()).unwrap();
        std::fs::write(&key, issued.signing_key.serialize_pem()).unwrap();
        issued.cert.der().clone()
    };
    let first = issue();
    let tls = Tls::read(&certificate, &key).unwrap();
    let listener = listen("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = listener.local_addr().unwrap();
    let relay = Relay::new(Setup::default()).unwrap();
    tokio::spawn(relay::server::serve(
        relay,
        listener,
        Some(tls.clone()),
        std::future::pending(),
    ));
    let ask = async |trusted| {
        let mut roots = rustls::RootCertStore::empty();
        roots.add(trusted).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let stream = TcpStream::connect(address).await.unwrap();
        let name = "localhost".try_into().unwrap();
        let mut stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await.ok()?;
        let request = b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
        stream.write_all(request).await.unwrap();
        let mut answer = String::new();
        // The relay ends without a closing alert; what came before is what counts.
        drop(stream.read_to_string(&mut answer).await);
        Some(answer)
    };
    assert!(ask(first.clone()).await.unwrap().ends_with("ok\n"));
    let second = issue();
    tls.read_again().unwrap();
    assert!(ask(second).await.unwrap().ends_with("ok\n"));
    assert!(ask(first).await.is_none());
    std::fs::write(&key, "nothing").unwrap();
    assert!(tls.read_again().is_err());
}

#[tokio::test]
async fn a_page_of_somebody_else_may_not_connect() {
    let running = start(Limits::default()).await;
    let refused = Peer::connect_from(&running.authority, "/v1/view", "https://evil.example").await;
    assert!(refused.is_err());
    let own = format!("http://{}", running.authority);
    assert!(Peer::connect_from(&running.authority, "/v1/view", &own).await.is_ok());
    assert_eq!(running.relay.counters.refused().get("origin"), Some(&1));
}
