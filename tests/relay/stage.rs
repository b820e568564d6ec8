//! What relays share in a test: the memory of one, or a Redis of the test's own.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use relay::limits::Limits;
use relay::relay::Setup;
use relay::shared::RedisAddress;

use crate::peers::{PATIENCE, Running, start_as};

/// Makes a test of each function, once over either back end.
macro_rules! over_both {
    ($($name:ident),* $(,)?) => {
        mod memory {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(&crate::stage::Stage::memory()).await;
            })*
        }
        mod redis {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(&crate::stage::Stage::redis()).await;
            })*
        }
    };
}
pub(crate) use over_both;

pub struct Stage {
    redis: Option<RedisServer>,
}

impl Stage {
    pub fn memory() -> Self {
        Self { redis: None }
    }

    pub fn redis() -> Self {
        Self {
            redis: Some(RedisServer::start(&[])),
        }
    }

    pub fn setup(&self, limits: Limits) -> Setup {
        Setup {
            limits,
            redis: self.redis.as_ref().map(RedisServer::address),
            ..Setup::default()
        }
    }

    pub async fn relay(&self, limits: Limits) -> Running {
        start_as(self.setup(limits)).await
    }
}

/// A Redis in a folder of its own, which ends with the test.
pub struct RedisServer {
    folder: tempfile::TempDir,
    options: Vec<String>,
    process: Child,
}

impl RedisServer {
    pub fn start(options: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options: Vec<String> = options.iter().map(|option| (*option).to_owned()).collect();
        let process = Self::spawn(&folder.path().join("redis.sock"), &options);
        Self {
            folder,
            options,
            process,
        }
    }

    fn spawn(socket: &Path, options: &[String]) -> Child {
        // A socket file needs no free port.
        let process = Command::new("redis-server")
            .args(["--port", "0", "--save", "", "--appendonly", "no", "--unixsocket"])
            .arg(socket)
            .args(options)
            .current_dir(socket.parent().unwrap())
            .stdout(Stdio::null())
            .spawn()
            .expect("these tests need redis-server (cargo xtask test installs it)");
        let until = Instant::now() + PATIENCE;
        while std::os::unix::net::UnixStream::connect(socket).is_err() {
            assert!(Instant::now() < until, "redis-server does not start");
            std::thread::sleep(Duration::from_millis(5));
        }
        process
    }

    fn url(&self) -> String {
        format!("unix://{}", self.folder.path().join("redis.sock").display())
    }

    pub fn address(&self) -> RedisAddress {
        RedisAddress::parse(&self.url()).unwrap()
    }

    /// Kills it: everything in it is forgotten.
    pub fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        std::fs::remove_file(self.folder.path().join("redis.sock")).unwrap();
    }

    /// It answers no more, and its connections stay.
    pub fn hang(&self) {
        self.signal("-STOP");
    }

    pub fn go_on(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let pid = self.process.id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
    }

    pub fn start_again(&mut self) {
        self.process = Self::spawn(&self.folder.path().join("redis.sock"), &self.options);
    }

    pub async fn connect(&self) -> redis::aio::MultiplexedConnection {
        let client = redis::Client::open(self.url()).unwrap();
        client.get_multiplexed_async_connection().await.unwrap()
    }

    /// Everything in it: keys and values.
    pub async fn everything(&self) -> Vec<u8> {
        let mut connection = self.connect().await;
        let keys: Vec<Vec<u8>> = redis::cmd("KEYS").arg("*").query_async(&mut connection).await.unwrap();
        let mut all = Vec::new();
        for key in keys {
            all.extend_from_slice(&key);
            let kind: String = redis::cmd("TYPE").arg(&key).query_async(&mut connection).await.unwrap();
            let mut command = match kind.as_str() {
                "string" => redis::cmd("GET"),
                "hash" => redis::cmd("HGETALL"),
                "stream" => redis::cmd("XRANGE"),
                "zset" => redis::cmd("ZRANGE"),
                other => panic!("a key of type {other}"),
            };
            command.arg(&key);
            match kind.as_str() {
                "stream" => drop(command.arg("-").arg("+")),
                "zset" => drop(command.arg(0).arg(-1)),
                _ => {}
            }
            let value: redis::Value = command.query_async(&mut connection).await.unwrap();
            collect(&value, &mut all);
        }
        all
    }
}

fn collect(value: &redis::Value, all: &mut Vec<u8>) {
    match value {
        redis::Value::BulkString(bytes) => all.extend_from_slice(bytes),
        redis::Value::Array(values) => values.iter().for_each(|value| collect(value, all)),
        redis::Value::Map(pairs) => {
            for (key, value) in pairs {
                collect(key, all);
                collect(value, all);
            }
        }
        _ => {}
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        // It may have been killed already.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
