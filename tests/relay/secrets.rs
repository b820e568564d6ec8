//! Nothing that opens anything is ever in a relay's logs, numbers or Redis.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use protocol::relay::Epoch;
use protocol::relay::message::FromViewer;
use relay::limits::Limits;
use relay::relay::Setup;

use crate::peers::{Claiming, Viewer, someone, start_as};
use crate::stage::RedisServer;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_code_name_or_entry_is_in_logs_numbers_or_redis() {
    let log = Log::default();
    let writer = log.clone();
    // For the whole process: other tests' lines are searched too, which does no harm.
    let _ = tracing_subscriber::fmt()
        // The WebSocket library writes whole frames when it is asked for everything; the command line never lets it.
        .with_env_filter("trace,tungstenite=info")
        .with_writer(move || writer.clone())
        .with_ansi(false)
        .try_init();
    let redis = RedisServer::start(&[]);
    let setup = Setup {
        limits: Limits::default(),
        redis: Some(redis.address()),
        ..Setup::default()
    };
    let running = start_as(setup).await;
    let (id, code) = someone();
    let mut agent = Claiming::new(&id, &running).claim(&running).await;
    agent.begin(Epoch([1; 16]), 1).await;
    agent.publish(1, "peak_current_a 4.2e-7").await;
    let mut viewer = Viewer::join(&running, &code, None).await;
    assert_eq!(viewer.texts(1).await, ["peak_current_a 4.2e-7"]);
    viewer.ask("what is asked").await;
    viewer.peer.say(&FromViewer::Hello(vec![1])).await;
    while viewer.hear().await.is_ok() {}
    let mut seen = redis.everything().await;
    assert!(seen.len() > 500, "Redis has the channel");
    for path in ["/metrics", "/stats", "/readyz", "/"] {
        seen.extend_from_slice(running.get(path).await.as_bytes());
    }
    let logged = log.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
    assert!(!logged.is_empty(), "something was logged");
    seen.extend_from_slice(&logged);
    let secrets: [(&str, Vec<u8>); 9] = [
        ("the User ID", id.reveal().into_bytes()),
        ("the owner key", id.owner_key().to_bytes().to_vec()),
        ("the control key", id.control_key().to_vec()),
        ("the label key", id.label_key().to_vec()),
        ("the view key", code.view_key().to_vec()),
        ("the view-only code", code.reveal().into_bytes()),
        ("the join token", code.join_token().to_vec()),
        ("the computer's name", b"LAB-PC-7".to_vec()),
        ("an entry", b"peak_current_a".to_vec()),
    ];
    for (name, secret) in secrets {
        let hex = data_encoding::HEXLOWER.encode(&secret).into_bytes();
        for form in [secret, hex] {
            let found = seen.windows(form.len()).any(|part| part == form);
            assert!(!found, "{name} was found");
        }
    }
}
