//! The network between a client and its relay, which a test cuts, holds up and heals.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use socket2::SockRef;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::sleep;

/// How bytes get on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Traffic {
    Flows,
    /// Each piece waits for so long.
    Slow(Duration),
    /// Nothing gets through, and nobody is told.
    Silent,
}

#[derive(Clone, Copy)]
struct Conditions {
    leads_to: Option<SocketAddr>,
    traffic: Traffic,
    cuts: u64,
}

/// Where a client dials, and what becomes of its bytes from there on.
pub struct Road {
    /// Address to dial.
    pub authority: String,
    conditions: watch::Sender<Conditions>,
}

impl Road {
    /// Leads nowhere yet.
    pub async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let authority = listener.local_addr().unwrap().to_string();
        let (conditions, seen) = watch::channel(Conditions {
            leads_to: None,
            traffic: Traffic::Flows,
            cuts: 0,
        });
        tokio::spawn(async move {
            let mut ended = seen.clone();
            loop {
                tokio::select! {
                    accepted = listener.accept() => if let Ok((client, _)) = accepted {
                        tokio::spawn(carry(client, seen.clone()));
                    },
                    // Until the road is dropped.
                    changed = ended.changed() => if changed.is_err() { return },
                }
            }
        });
        Self { authority, conditions }
    }

    /// New connections go to this relay.
    pub fn lead_to(&self, relay: SocketAddr) {
        self.conditions.send_modify(|now| now.leads_to = Some(relay));
    }

    /// Breaks all connections, so that both ends hear of it (RST).
    pub fn cut(&self) {
        self.conditions.send_modify(|now| now.cuts += 1);
    }

    /// Nothing gets through any more; neither end is told.
    pub fn fall_silent(&self) {
        self.conditions.send_modify(|now| now.traffic = Traffic::Silent);
    }

    /// Everything takes longer.
    pub fn slow_down(&self, by: Duration) {
        self.conditions.send_modify(|now| now.traffic = Traffic::Slow(by));
    }

    /// Everything gets through; what was held back first.
    pub fn heal(&self) {
        self.conditions.send_modify(|now| now.traffic = Traffic::Flows);
    }
}

async fn carry(mut client: TcpStream, mut seen: watch::Receiver<Conditions>) {
    let before = seen.borrow().cuts;
    let mut cut = seen.clone();
    let mut relay = None;
    let carried = async {
        passes(&mut seen).await;
        let place = seen.borrow().leads_to.ok_or(io::ErrorKind::NotConnected)?;
        let relay = relay.insert(TcpStream::connect(place).await?);
        relay.set_nodelay(true)?;
        client.set_nodelay(true)?;
        let (from_client, to_client) = client.split();
        let (from_relay, to_relay) = relay.split();
        tokio::try_join!(
            pipe(from_client, to_relay, seen.clone()),
            pipe(from_relay, to_client, seen.clone())
        )?;
        io::Result::Ok(())
    };
    let whole = tokio::select! {
        carried = carried => carried.is_ok(),
        _ = cut.wait_for(|now| now.cuts != before) => false,
    };
    if !whole {
        for end in relay.iter().chain([&client]) {
            // Without lingering a close is a reset.
            drop(SockRef::from(end).set_linger(Some(Duration::ZERO)));
        }
    }
}

async fn pipe(mut from: ReadHalf<'_>, mut to: WriteHalf<'_>, mut seen: watch::Receiver<Conditions>) -> io::Result<()> {
    let mut bytes = vec![0; 16 * 1024];
    loop {
        let length = from.read(&mut bytes).await?;
        passes(&mut seen).await;
        if length == 0 {
            return to.shutdown().await;
        }
        to.write_all(&bytes[..length]).await?;
    }
}

/// Returns when a piece may go on.
async fn passes(seen: &mut watch::Receiver<Conditions>) {
    let Ok(traffic) = seen
        .wait_for(|now| now.traffic != Traffic::Silent)
        .await
        .map(|now| now.traffic)
    else {
        // The test is over.
        return std::future::pending().await;
    };
    if let Traffic::Slow(by) = traffic {
        sleep(by).await;
    }
}
