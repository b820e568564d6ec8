//! A connection of an agent: it proves the channel, claims it, and sends.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::ws::WebSocket;
use protocol::codes::Channel;
use protocol::relay::hello::{AgentHello, HelloError, is_retirement};
use protocol::relay::message::{FromAgent, Message, ToAgent};
use protocol::relay::{CloseCode, LONGEST_DOWN, Run, Versions};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use tokio::time::Instant;

use super::socket::Socket;
use crate::channel::Seat;
use crate::counters::Present;
use crate::relay::{FrameRefused, Relay, message};
use crate::shared::{Claim, Claimed, Fence, Lease, Lost};

/// Serves an agent until its connection ends.
pub async fn serve_agent(relay: Arc<Relay>, socket: WebSocket, address: IpAddr) {
    let mut socket = Socket::new(Arc::clone(&relay), socket);
    let why = match admit(&relay, &mut socket, address).await {
        Ok(agent) => {
            let _present = Present::new(&relay.counters.agents);
            let why = agent.listen(&relay, &mut socket).await;
            relay.release(agent.channel, agent.fence);
            why
        }
        Err(why) => why,
    };
    socket.end(why).await;
}

struct Agent {
    channel: Channel,
    owner: [u8; 32],
    run: Run,
    fence: Fence,
    seat: Seat,
}

async fn admit(relay: &Relay, socket: &mut Socket, address: IpAddr) -> Result<Agent, Option<CloseCode>> {
    if !relay.hellos.take(address, Instant::now()) {
        return Err(Some(CloseCode::Rate));
    }
    let mut challenge = [0; 32];
    getrandom::fill(&mut challenge).map_err(|_| Some(CloseCode::Full))?;
    socket.outbox.push(message(&ToAgent::Challenge(challenge)));
    let deadline = Instant::now() + relay.setup.limits.proof_within;
    let hello = socket
        .next_before(deadline)
        .await
        .map_err(|why| why.map(|_| CloseCode::Ownership))?;
    let Ok(FromAgent::Hello(hello)) = FromAgent::read(&hello) else {
        return Err(Some(CloseCode::Protocol));
    };
    let hello = AgentHello::verify(&hello, &relay.setup.names, &challenge).map_err(|error| {
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
        match relay.claim(&claim, address)? {
            Claimed::Yes { fence, position, first } => {
                let seat = Seat::new(fence, socket.outbox.clone());
                socket.outbox.push(message(&ToAgent::Claimed { fence, position }));
                relay.seat(&claim, seat.clone(), first);
                return Ok(Agent {
                    channel: claim.channel,
                    owner: claim.owner,
                    run: claim.run,
                    fence,
                    seat,
                });
            }
            Claimed::Held(holder) if is_alive(relay, claim.channel, &holder).await => {
                let Lease { run, label, .. } = holder;
                socket.outbox.push(message(&ToAgent::InUse { run, label }));
                return Err(Some(CloseCode::InUse));
            }
            Claimed::Held(holder) => claim.silent = Some(holder.fence),
            Claimed::Retired => return Err(Some(CloseCode::Retired)),
        }
    }
}

/// Asks the holder of a channel whether it still runs.
async fn is_alive(relay: &Relay, channel: Channel, holder: &Lease) -> bool {
    match relay.seat_of(channel, holder) {
        Some(seat) => seat.answers(relay.setup.limits.probe_within).await,
        None => false,
    }
}

impl Agent {
    async fn listen(&self, relay: &Relay, socket: &mut Socket) -> Option<CloseCode> {
        loop {
            let bytes = match socket.next().await {
                Ok(bytes) => bytes,
                Err(why) => return why,
            };
            self.seat.heard();
            if bytes.len() > LONGEST_DOWN + 1 {
                return Some(CloseCode::FrameTooLarge);
            }
            if let Err(code) = self.take(relay, &bytes) {
                return code;
            }
        }
    }

    /// Takes one message. An error ends the connection, with a code or, after a clean end, without.
    fn take(&self, relay: &Relay, bytes: &[u8]) -> Result<(), Option<CloseCode>> {
        let lost = |lost| {
            Some(match lost {
                Lost::Fenced => CloseCode::Fenced,
                Lost::Retired => CloseCode::Retired,
            })
        };
        match FromAgent::read(bytes).map_err(|_| Some(CloseCode::Protocol))? {
            FromAgent::Frame(frame) => {
                let answer = relay.frame(self.channel, self.fence, self.run, &frame);
                let answer = answer.map_err(|refused| match refused {
                    FrameRefused::Protocol => Some(CloseCode::Protocol),
                    FrameRefused::Lost(why) => lost(why),
                })?;
                if let Some(answer) = answer {
                    self.seat.outbox.push(message(&answer));
                }
            }
            FromAgent::Begin { epoch, first } => {
                relay.begin(self.channel, self.fence, epoch, first).map_err(lost)?;
            }
            FromAgent::Retire(signature) => {
                let owner = ed25519_dalek::VerifyingKey::from_bytes(&self.owner);
                if !owner.is_ok_and(|owner| is_retirement(&owner, &signature)) {
                    return Err(Some(CloseCode::Ownership));
                }
                relay.retire(self.channel, self.fence).map_err(lost)?;
                return Err(Some(CloseCode::Retired));
            }
            FromAgent::Release => return Err(None),
            FromAgent::Dismiss(run) => relay.dismiss(self.channel, run),
            FromAgent::Alive => {}
            FromAgent::Hello(_) => return Err(Some(CloseCode::Protocol)),
        }
        Ok(())
    }
}
