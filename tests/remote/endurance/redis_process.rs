//! A Redis of the test's own, which is killed, stopped and started again.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use relay::shared::RedisAddress;
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::bench::PATIENCE;

pub struct RedisProcess {
    folder: TempDir,
    process: Child,
    /// Writes everything to the disk, so that it remembers it after a kill.
    remembers: bool,
}

impl RedisProcess {
    /// `remembers`: what was in it is there again when it was killed and started again.
    pub fn start(remembers: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let process = spawn(&folder, remembers);
        Self {
            folder,
            process,
            remembers,
        }
    }

    pub fn address(&self) -> RedisAddress {
        let socket = self.folder.path().join("redis.sock");
        RedisAddress::parse(&format!("unix://{}", socket.display())).unwrap()
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        drop(std::fs::remove_file(self.folder.path().join("redis.sock")));
    }

    pub fn start_again(&mut self) {
        self.process = spawn(&self.folder, self.remembers);
    }

    /// It answers no more, and its connections stay.
    pub fn hang(&self) {
        kill_process(Pid::from_child(&self.process), Signal::STOP).unwrap();
    }

    pub fn go_on(&self) {
        kill_process(Pid::from_child(&self.process), Signal::CONT).unwrap();
    }
}

fn spawn(folder: &TempDir, remembers: bool) -> Child {
    let socket = folder.path().join("redis.sock");
    let append = if remembers { ["yes", "always"] } else { ["no", "no"] };
    // A socket file needs no free port.
    let process = Command::new("redis-server")
        .args([
            "--port",
            "0",
            "--save",
            "",
            "--appendonly",
            append[0],
            "--appendfsync",
            append[1],
        ])
        .arg("--unixsocket")
        .arg(&socket)
        .current_dir(folder.path())
        .stdout(Stdio::null())
        .spawn()
        .expect("these tests need redis-server (cargo xtask test installs it)");
    let until = Instant::now() + PATIENCE;
    while std::os::unix::net::UnixStream::connect(&socket).is_err() {
        assert!(Instant::now() < until, "redis-server does not start");
        std::thread::sleep(Duration::from_millis(5));
    }
    process
}

impl Drop for RedisProcess {
    fn drop(&mut self) {
        // It may have been killed already.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
