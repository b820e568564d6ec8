use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use semver::Version;
use tokio_rustls::rustls::RootCertStore;

use super::*;

/// A server on this computer that gives these answers, one for each connection; what it was asked comes with the end.
fn server(answers: Vec<String>) -> (String, thread::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let serving = thread::spawn(move || {
        let asked = answers.into_iter().map(|answer| {
            let (mut stream, _) = listener.accept().unwrap();
            let mut question = Vec::new();
            let mut part = [0; 1024];
            while !question.ends_with(b"\r\n\r\n") {
                let length = stream.read(&mut part).unwrap();
                assert!(length > 0, "the question broke off");
                question.extend_from_slice(&part[..length]);
            }
            stream.write_all(answer.as_bytes()).unwrap();
            String::from_utf8(question).unwrap()
        });
        asked.collect()
    });
    (address, serving)
}

fn answer(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

fn moved(to: &str) -> String {
    format!("HTTP/1.1 302 Found\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n")
}

async fn looked(address: &str) -> Result<Found, Refusal> {
    let chosen = Updates {
        check: true,
        address: address.to_owned(),
    };
    let fetcher = Fetcher::trusting(RootCertStore::empty());
    look(&fetcher, &chosen, &Version::new(0, 1, 0)).await
}

#[tokio::test]
async fn a_newer_version_is_told_with_its_page_and_nothing_of_this_computer_is_told_there() {
    let body = r#"{"version": "0.10.0", "page": "https://example.org/sacmes", "notes": "Faster.\u0007", "more": 1}"#;
    let (address, serving) = server(vec![answer(body)]);
    let found = looked(&format!("{address}/latest.json?channel=stable")).await.unwrap();
    assert_eq!(
        found,
        Found::Newer {
            version: "0.10.0".to_owned(),
            page: Some("https://example.org/sacmes".to_owned()),
            notes: Some("Faster.".to_owned()),
        }
    );
    let asked = serving.join().unwrap().remove(0).to_lowercase();
    let lines: Vec<&str> = asked.trim_end().lines().collect();
    assert_eq!(lines[0], "get /latest.json?channel=stable http/1.1");
    let headers: Vec<&str> = lines[1..].iter().filter_map(|line| line.split(':').next()).collect();
    assert_eq!(headers, ["host", "accept"], "{asked}");
}

#[tokio::test]
async fn this_version_or_an_older_one_is_no_news() {
    for version in ["0.1.0", "0.0.9", "0.1.0-beta.2"] {
        let (address, serving) = server(vec![answer(&format!("{{\"version\": \"{version}\"}}"))]);
        let newest = Found::Newest {
            version: version.to_owned(),
        };
        assert_eq!(looked(&address).await.unwrap(), newest);
        serving.join().unwrap();
    }
}

#[tokio::test]
async fn what_is_no_answer_is_refused_with_the_address() {
    let long = answer(&"x".repeat(70_000));
    for (sent, code) in [
        (answer("{\"version\": \"next\"}"), "updates_not_understood"),
        (answer("<html>"), "updates_not_understood"),
        (long, "updates_unreachable"),
        (
            "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n".to_owned(),
            "updates_unreachable",
        ),
        ("hello\r\n\r\n".to_owned(), "updates_unreachable"),
    ] {
        let (address, serving) = server(vec![sent]);
        let refusal = looked(&address).await.unwrap_err();
        assert_eq!(refusal.code, code, "{refusal}");
        assert!(refusal.message.contains(&address), "{refusal}");
        drop(serving);
    }
}

#[tokio::test]
async fn a_move_is_followed_but_not_to_where_nothing_may_be_asked_and_not_for_ever() {
    let (address, serving) = server(vec![moved("/new.json"), answer("{\"version\": \"0.1.0\"}")]);
    assert!(looked(&address).await.is_ok());
    assert!(serving.join().unwrap()[1].starts_with("GET /new.json "));

    let (address, _serving) = server(vec![moved("http://example.org/x.json")]);
    assert_eq!(looked(&address).await.unwrap_err().code, "updates_unreachable");

    let (address, serving) = server(vec![moved("/a"); 4]);
    assert_eq!(looked(&address).await.unwrap_err().code, "updates_unreachable");
    assert_eq!(serving.join().unwrap().len(), 4);
}

#[tokio::test]
async fn only_https_is_asked_beyond_this_computer_and_without_an_address_nobody() {
    for wrong in [
        "http://example.org/x.json",
        "ftp://example.org",
        "file:///etc/passwd",
        "example.org",
    ] {
        assert_eq!(looked(wrong).await.unwrap_err().code, "updates_address_invalid");
    }
    let of_this_build = address(&Updates::default()).unwrap();
    if of_this_build.is_none() {
        assert_eq!(looked(" ").await.unwrap(), Found::NoAddress);
    }
}

#[tokio::test]
async fn a_page_of_another_kind_is_left_out() {
    let body = r#"{"version": "9.0.0", "page": "file:///etc/passwd"}"#;
    let (address, serving) = server(vec![answer(body)]);
    let found = looked(&address).await.unwrap();
    assert!(matches!(found, Found::Newer { page: None, .. }), "{found:?}");
    serving.join().unwrap();
}

#[tokio::test]
async fn a_server_whose_certificate_nobody_vouches_for_is_not_believed() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("https://{}/latest.json", listener.local_addr().unwrap());
    let certificate = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
    let provider = std::sync::Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let config = tokio_rustls::rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.cert.der().clone()],
            certificate.signing_key.serialize_der().try_into().unwrap(),
        )
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(std::sync::Arc::new(config));
    listener.set_nonblocking(true).unwrap();
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    let serving = tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let Ok(mut stream) = acceptor.accept(stream).await else {
                continue;
            };
            let sent = answer("{\"version\": \"2.0.0\"}");
            tokio::io::AsyncWriteExt::write_all(&mut stream, sent.as_bytes())
                .await
                .unwrap();
            tokio::io::AsyncWriteExt::flush(&mut stream).await.unwrap();
            tokio::io::AsyncReadExt::read(&mut stream, &mut [0; 1024]).await.ok();
        }
    });
    let chosen = Updates { check: true, address };
    let own = Version::new(0, 1, 0);

    let mut roots = RootCertStore::empty();
    let other = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
    roots.add(other.cert.der().clone()).unwrap();
    let refusal = look(&Fetcher::trusting(roots), &chosen, &own).await.unwrap_err();
    assert_eq!(refusal.code, "updates_unreachable");

    let mut roots = RootCertStore::empty();
    roots.add(certificate.cert.der().clone()).unwrap();
    let found = look(&Fetcher::trusting(roots), &chosen, &own).await.unwrap();
    assert!(matches!(found, Found::Newer { .. }), "{found:?}");
    serving.abort();
}
