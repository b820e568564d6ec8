//! A connection of an agent: it proves the channel, claims it, and sends.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use protocol::relay::hello::{AgentHello, HelloError};
use protocol::relay::message::{FromAgent, Message, ToAgent};
use protocol::relay::{CloseCode, LONGEST_DOWN, Versions};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use tokio::time::{Instant, sleep};

use super::socket::Socket;
use super::upgrading::WebSocket;
use crate::channel::Seat;
use crate::counters::Present;
use crate::limits::Limits;
use crate::rate::{Bucket, network};
use crate::relay::{FrameRefused, Relay, message};
use crate::server::Allowance;
use crate::shared::{Claim, Claimed, Lease, Lost};

/// Serves an agent until its connection ends. It comes `from` an address, and from this computer or not.
pub async fn serve_agent(relay: Arc<Relay>, socket: WebSocket, from: (IpAddr, bool), allowance: Allowance) {
    let mut socket = Socket::new(Arc::clone(&relay), socket);
    if relay.is_stopping() {
        return socket.end(Some(CloseCode::Restarting)).await;
    }
    let why = match admit(&relay, &mut socket, from).await {
        Ok(agent) => {
            let _present = Present::new(&relay.counters.agents);
            allowance.lift();
            let why = agent.listen(&relay, &mut socket).await;
            relay.release(agent.seat.claim.channel, agent.seat.fence).await;
            why
        }
        Err(why) => why,
    };
    socket.end(why).await;
}

struct Agent {
    seat: Seat,
    address: IpAddr,
}

/// How often an agent may do what costs more than a frame.
struct AgentRates {
    messages: Bucket,
    begins: Bucket,
    retirements: Bucket,
}

impl AgentRates {
    fn new(limits: &Limits) -> Self {
        let now = Instant::now();
        Self {
            messages: Bucket::new(limits.down_messages, now),
            begins: Bucket::new(limits.begins, now),
            retirements: Bucket::new(limits.retirements, now),
        }
    }
}

async fn admit(
    relay: &Relay,
    socket: &mut Socket,
    (address, is_local): (IpAddr, bool),
) -> Result<Agent, Option<CloseCode>> {
    relay.counters.hellos.fetch_add(1, Ordering::Relaxed);
    if !relay.hellos.take(network(address), Instant::now()) {
        return Err(Some(CloseCode::Rate));
    }
    let mut challenge = [0; 32];
    getrandom::fill(&mut challenge).map_err(|_| Some(CloseCode::Full))?;
    socket.outbox.push(message(&ToAgent::Challenge(challenge)));
    let deadline = Instant::now() + relay.setup.limits.proof_within;
    // A proof that comes too late is the network's fault, and no reason to stay away.
    let hello = socket.next_before(deadline).await?;
    let Ok(FromAgent::Hello(hello)) = FromAgent::read(&hello) else {
        return Err(Some(CloseCode::Protocol));
    };
    let hello = AgentHello::verify(&hello, &relay.setup.names_for(is_local), &challenge).map_err(|error| {
        Some(match error {
            HelloError::Frame(_) => CloseCode::Protocol,
            HelloError::Channel | HelloError::Signature => CloseCode::Ownership,
        })
    })?;
    if Versions::own().common(&hello.versions).is_err() {
        return Err(Some(CloseCode::Version));
    }
    if let Some(expected) = &relay.setup.access_token_hash {
        let shown = Sha256::digest(hello.access_token.as_deref().unwrap_or_default());
        if !bool::from(shown.ct_eq(expected)) {
            return Err(Some(CloseCode::AccessToken));
        }
    }
    let mut claim = Claim {
        channel: hello.channel,
        owner: hello.owner,
        generation: hello.generation,
        join_hash: hello.join_hash,
        process: hello.process,
        run: hello.run,
        label: hello.label,
        silent: None,
    };
    loop {
        match relay.claim(&claim, address).await? {
            Claimed::Yes { fence, position, .. } => {
                let seat = Seat::new(fence, claim, socket.outbox.clone());
                seat.set_epoch(position.map(|position| position.epoch));
                socket.outbox.push(message(&ToAgent::Claimed { fence, position }));
                relay.seat(seat.clone()).await;
                return Ok(Agent { seat, address });
            }
            Claimed::Held(holder) if relay.is_alive(claim.channel, &holder).await => {
                let Lease { run, label, .. } = holder;
                socket.outbox.push(message(&ToAgent::InUse { run, label }));
                return Err(Some(CloseCode::InUse));
            }
            Claimed::Held(holder) => claim.silent = Some(holder.fence),
            Claimed::Retired => return Err(Some(CloseCode::Retired)),
        }
    }
}

/// Waits where too much came: the rest is read later, and the network tells the agent to wait. Nothing is lost.
async fn slow(relay: &Relay, rate: &mut Bucket, why: &'static str) {
    if !rate.take(Instant::now()) {
        relay.counters.refuse(why);
        sleep(rate.next_after()).await;
        // What came back meanwhile is used up.
        rate.take(Instant::now());
    }
}

impl Agent {
    async fn listen(&self, relay: &Relay, socket: &mut Socket) -> Option<CloseCode> {
        let mut rates = AgentRates::new(&relay.setup.limits);
        loop {
            slow(relay, &mut rates.messages, "down_messages").await;
            let bytes = match socket.next().await {
                Ok(bytes) => bytes,
                Err(why) => return why,
            };
            self.seat.heard();
            if bytes.len() > LONGEST_DOWN + 1 {
                return Some(CloseCode::FrameTooLarge);
            }
            if let Err(code) = self.take(relay, &bytes, &mut rates).await {
                return code;
            }
        }
    }

    /// Takes one message. An error ends the connection, with a code or, after a clean end, without.
    async fn take(&self, relay: &Relay, bytes: &[u8], rates: &mut AgentRates) -> Result<(), Option<CloseCode>> {
        let refused = |refused| {
            Some(match refused {
                FrameRefused::Protocol => CloseCode::Protocol,
                FrameRefused::Lost(Lost::Fenced) => CloseCode::Fenced,
                FrameRefused::Lost(Lost::Retired) => CloseCode::Retired,
                FrameRefused::Lost(Lost::Away) => CloseCode::Restarting,
            })
        };
        match FromAgent::read(bytes).map_err(|_| Some(CloseCode::Protocol))? {
            FromAgent::Frame(frame) => relay.frame(&self.seat, &frame).await.map_err(refused)?,
            FromAgent::Begin { epoch, first } => {
                slow(relay, &mut rates.begins, "begins").await;
                relay.begin(&self.seat, epoch, first).await.map_err(refused)?;
            }
            FromAgent::Retire(retirement) => {
                slow(relay, &mut rates.retirements, "retirements").await;
                match relay.retire(&retirement, self.address).await {
                    Ok(retired) if retired == self.seat.claim.channel => return Err(Some(CloseCode::Retired)),
                    Ok(retired) => drop(self.seat.outbox.push(message(&ToAgent::Retired(retired)))),
                    Err(CloseCode::Ownership) => return Err(Some(CloseCode::Ownership)),
                    // Without an answer the agent says it again when it comes back.
                    Err(why) => tracing::info!(code = why.code(), "a retirement has to wait"),
                }
            }
            FromAgent::Release => return Err(None),
            FromAgent::Dismiss(run) => relay.dismiss(&self.seat, run).await,
            FromAgent::Alive => {}
            FromAgent::Hello(_) => return Err(Some(CloseCode::Protocol)),
        }
        Ok(())
    }
}
