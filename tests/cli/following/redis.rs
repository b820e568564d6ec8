//! A Redis of the test's own: what it is told, and what it keeps.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::process::PATIENCE;

/// What was seen so far.
pub type Bytes = Arc<Mutex<Vec<u8>>>;

/// Keeps what comes.
fn read_into(mut from: impl Read + Send + 'static, to: Bytes) {
    thread::spawn(move || {
        let mut buffer = [0; 4_096];
        while let Ok(read @ 1..) = from.read(&mut buffer) {
            to.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .extend_from_slice(&buffer[..read]);
        }
    });
}

/// What was kept so far.
pub fn taken(from: &Bytes) -> Vec<u8> {
    from.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// Ends with the test.
pub struct Redis {
    process: Child,
    folder: tempfile::TempDir,
}

impl Redis {
    pub fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let process = Command::new("redis-server")
            .args(["--port", "0", "--save", "", "--appendonly", "no", "--unixsocket"])
            .arg(folder.path().join("redis.sock"))
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .spawn()
            .expect("this test needs redis-server (cargo xtask test installs it)");
        let redis = Self { process, folder };
        let until = Instant::now() + PATIENCE;
        while UnixStream::connect(redis.socket()).is_err() {
            assert!(Instant::now() < until, "redis-server does not start");
            thread::sleep(Duration::from_millis(5));
        }
        redis
    }

    pub fn socket(&self) -> std::path::PathBuf {
        self.folder.path().join("redis.sock")
    }

    /// Every command from now on, as Redis tells it.
    pub fn monitor(&self) -> Bytes {
        let mut stream = UnixStream::connect(self.socket()).unwrap();
        stream.write_all(b"MONITOR\r\n").unwrap();
        let seen = Bytes::default();
        read_into(stream, Arc::clone(&seen));
        seen
    }

    /// What a command answers, as it is sent.
    fn ask(&self, command: &str) -> Vec<u8> {
        let mut stream = UnixStream::connect(self.socket()).unwrap();
        stream
            .write_all(format!("{command}\r\nECHO the-end\r\n").as_bytes())
            .unwrap();
        let mut answer = Vec::new();
        while !answer.ends_with(b"the-end\r\n") {
            let mut buffer = [0; 4_096];
            let read = stream.read(&mut buffer).unwrap();
            assert!(read > 0, "Redis ended");
            answer.extend_from_slice(&buffer[..read]);
        }
        answer
    }

    /// Every key and value.
    pub fn everything(&self) -> Vec<u8> {
        let keys = self.ask("KEYS *");
        let names: Vec<String> = BufReader::new(&keys[..])
            .lines()
            .map_while(Result::ok)
            .filter(|line| line.starts_with("sacmes:"))
            .collect();
        assert!(names.len() >= 3, "{names:?}");
        let mut all = keys;
        for name in names {
            let kind = String::from_utf8(self.ask(&format!("TYPE {name}"))).unwrap();
            let command = match kind.lines().next().unwrap() {
                "+string" => format!("GET {name}"),
                "+hash" => format!("HGETALL {name}"),
                "+stream" => format!("XRANGE {name} - +"),
                "+zset" => format!("ZRANGE {name} 0 -1"),
                other => panic!("a key of type {other}"),
            };
            all.extend(self.ask(&command));
        }
        all
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
