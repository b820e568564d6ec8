//! TLS by the relay itself: whoever trusts the certificate's root is served, whoever does not refuses.

use std::path::Path;
use std::process::Command;

use super::process::{Bench, Process, Relay, view};

/// A fresh certificate for this computer, and its key; what trusts it.
fn issue(folder: &Path, trusted: &str) -> std::path::PathBuf {
    let issued = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    std::fs::write(folder.join("chain.pem"), issued.cert.pem()).unwrap();
    std::fs::write(folder.join("key.pem"), issued.signing_key.serialize_pem()).unwrap();
    let root = folder.join(trusted);
    std::fs::write(&root, issued.cert.pem()).unwrap();
    root
}

fn trusting(mut command: Command, root: &Path) -> Command {
    command.env("SSL_CERT_FILE", root).env_remove("SSL_CERT_DIR");
    command
}

#[test]
fn agents_and_viewers_come_over_tls_if_they_trust_the_relay_and_a_renewed_certificate_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let first = issue(folder.path(), "first.pem");
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let relay = Relay::start(&["--tls-cert", &at("chain.pem"), "--tls-key", &at("key.pem")]);
    let port = relay.authority.rsplit_once(':').unwrap().1.to_owned();
    let out = relay.process.stdout();
    assert!(
        out.contains(&format!("--share --relay https://localhost:{port}\n")),
        "{out}"
    );
    assert!(out.contains(&format!("Browsers: https://localhost:{port}/\n")), "{out}");
    let (bench, address) = (Bench::new(), format!("wss://localhost:{port}"));
    let code = bench.code_file(&bench.view_only_code());
    let viewer = |root: &Path| Process::start(trusting(view(&code, &address, &[]), root));

    // Without trust neither of them says anything of itself.
    let other_folder = tempfile::tempdir().unwrap();
    let nothing = issue(other_folder.path(), "other.pem");
    let agent = Process::start(trusting(bench.sharing(&address, &[]), &nothing));
    agent.says(&format!(
        "sharing: https://localhost:{port} cannot be reached: its certificate is not trusted"
    ));
    assert_eq!(agent.end().code, Some(0));
    let distrusting = viewer(&nothing);
    distrusting.says("its certificate is not trusted");
    let plain = Process::start(view(&code, &format!("http://localhost:{port}"), &[]));
    plain.says("is unreachable since");

    let agent = Process::start(trusting(bench.sharing(&address, &[]), &first));
    agent.says(&format!("sharing: connected to https://localhost:{port}"));
    let trusts = viewer(&first);
    trusts.prints("\"event\":\"measured\"");

    // Renewed: connections stay, whoever comes from now on sees the new one.
    let second = issue(folder.path(), "second.pem");
    relay.process.signal(rustix::process::Signal::HUP);
    relay.process.until("the renewed certificate", || {
        let late = viewer(&second);
        late.until("an answer", || {
            !late.stdout().is_empty() || late.stderr().contains("not trusted")
        });
        !late.stdout().is_empty()
    });
    viewer(&first).says("its certificate is not trusted");
    assert!(!trusts.stderr().contains("unreachable"), "{}", trusts.stderr());
    // One that cannot be used changes nothing.
    std::fs::write(folder.path().join("key.pem"), "nothing").unwrap();
    relay.process.signal(rustix::process::Signal::HUP);
    relay.process.says("The certificate from before stays in use: ");
    viewer(&second).prints("\"event\":\"measured\"");
}
