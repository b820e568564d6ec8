//! A relay that can be killed in the middle of everything and started again on its address.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use relay::relay::{Relay, Setup};
use relay::server;
use relay::shared::RedisAddress;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;
use tokio::time::sleep;

use crate::bench::{PATIENCE, within};

struct Life {
    runtime: Runtime,
    stop: oneshot::Sender<()>,
    ended: oneshot::Receiver<()>,
}

/// A relay whose tasks have a runtime of their own, which can be ended as a process is.
pub struct Server {
    pub place: SocketAddr,
    setup: Setup,
    life: Option<Life>,
}

impl Server {
    /// On a port of its own; agents reach it by these names.
    pub async fn start(names: Vec<String>, redis: Option<RedisAddress>) -> Self {
        let setup = Setup {
            names,
            redis,
            ..Setup::default()
        };
        let place = "127.0.0.1:0".parse().unwrap();
        let mut server = Self {
            place,
            setup,
            life: None,
        };
        server.start_again().await;
        server
    }

    /// Starts it on the same address, with nothing in memory.
    pub async fn start_again(&mut self) {
        let until = Instant::now() + PATIENCE;
        while !self.try_to_start() {
            // The threads of the life before may still be closing its sockets.
            assert!(
                Instant::now() < until,
                "the address {} does not become free",
                self.place
            );
            sleep(Duration::from_millis(5)).await;
        }
    }

    fn try_to_start(&mut self) -> bool {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let entered = runtime.enter();
        let Ok(listener) = server::listen(self.place) else {
            drop(entered);
            runtime.shutdown_background();
            return false;
        };
        self.place = listener.local_addr().unwrap();
        let mut setup = self.setup.clone();
        setup.names.push(self.place.to_string());
        let relay = Relay::new(setup).unwrap();
        let (stop, stopped) = oneshot::channel();
        let (tell, ended) = oneshot::channel();
        tokio::spawn(async move {
            server::serve(relay, listener, None, async move { drop(stopped.await) }).await;
            let _ = tell.send(());
        });
        drop(entered);
        self.life = Some(Life { runtime, stop, ended });
        true
    }

    /// Ends it as `kill -9` does: sockets close, nobody is told anything.
    pub fn kill(&mut self) {
        if let Some(life) = self.life.take() {
            life.runtime.shutdown_background();
        }
    }

    /// Ends it as its owner does.
    pub async fn stop(&mut self) {
        if let Some(Life { runtime, stop, ended }) = self.life.take() {
            let _ = stop.send(());
            within(ended).await.unwrap();
            runtime.shutdown_background();
        }
    }

    /// The whole answer to a request.
    pub async fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(self.place).await.unwrap();
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
            self.place
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    /// Waits until it says that it is ready, or that it is not; the answer.
    pub async fn readiness(&self, ready: bool) -> String {
        within(async {
            loop {
                let answer = self.get("/readyz").await;
                if answer.starts_with("HTTP/1.1 200") == ready {
                    return answer;
                }
                sleep(Duration::from_millis(20)).await;
            }
        })
        .await
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}
