//! A connection of a viewer: it shows that it has a code, gets the window and everything new, and asks.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use protocol::relay::header::{UpHeader, UpKind};
use protocol::relay::hello::ViewerHello;
use protocol::relay::message::{FromViewer, Message, ToViewer};
use protocol::relay::{CloseCode, LONGEST_UP, Versions};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use tokio::time::Instant;

use super::socket::Socket;
use super::upgrading::WebSocket;
use crate::counters::Present;
use crate::limits::LAST_OFFSET;
use crate::rate::{Bucket, network};
use crate::relay::{Relay, message};
use crate::server::Allowance;

/// Serves a viewer until its connection ends.
pub async fn serve_viewer(relay: Arc<Relay>, socket: WebSocket, address: IpAddr, allowance: Allowance) {
    let mut socket = Socket::new(Arc::clone(&relay), socket);
    if relay.is_stopping() {
        return socket.end(Some(CloseCode::Restarting)).await;
    }
    let why = match admit(&relay, &mut socket, address).await {
        Ok(hello) => {
            let _present = Present::new(&relay.counters.viewers);
            allowance.lift();
            let why = listen(&relay, &mut socket, &hello).await;
            relay.leave(hello.channel, socket.outbox.id()).await;
            why
        }
        Err(why) => why,
    };
    socket.end(why).await;
}

async fn admit(relay: &Relay, socket: &mut Socket, address: IpAddr) -> Result<ViewerHello, Option<CloseCode>> {
    relay.counters.hellos.fetch_add(1, Ordering::Relaxed);
    if !relay.hellos.take(network(address), Instant::now()) {
        return Err(Some(CloseCode::Rate));
    }
    let deadline = Instant::now() + relay.setup.limits.hello_within;
    let bytes = socket.next_before(deadline).await?;
    let Ok(FromViewer::Hello(hello)) = FromViewer::read(&bytes) else {
        return Err(Some(CloseCode::Protocol));
    };
    let hello = ViewerHello::read(&hello).map_err(|_| Some(CloseCode::Protocol))?;
    if hello.position.is_some_and(|position| position.offset > LAST_OFFSET) {
        return Err(Some(CloseCode::Protocol));
    }
    if Versions::own().common(&hello.versions).is_err() {
        return Err(Some(CloseCode::Version));
    }
    let join_hash: [u8; 32] = Sha256::digest(hello.join_token).into();
    let door = relay
        .door(hello.channel)
        .await
        .map_err(|_| Some(CloseCode::Restarting))?;
    if let Some(door) = door {
        if door.retired {
            return Err(Some(CloseCode::Retired));
        }
        if !bool::from(door.join_hash.ct_eq(&join_hash)) {
            let generation = door.generation;
            socket.outbox.push(message(&ToViewer::Renewed { generation }));
            return Err(Some(CloseCode::CodeRenewed));
        }
    }
    let outbox = &socket.outbox;
    let joined = relay.join(hello.channel, outbox, join_hash, hello.position, door.is_some());
    joined.await?;
    Ok(hello)
}

async fn listen(relay: &Relay, socket: &mut Socket, hello: &ViewerHello) -> Option<CloseCode> {
    let id = socket.outbox.id();
    let (limits, now) = (&relay.setup.limits, Instant::now());
    let mut rate = Bucket::new(limits.up_frames, now);
    let mut bytes_rate = Bucket::new(limits.up_bytes, now);
    let mut opens = Bucket::new(limits.opens_of_connection, now);
    loop {
        let bytes = match socket.next().await {
            Ok(bytes) => bytes,
            Err(why) => return why,
        };
        if bytes.len() > LONGEST_UP + 1 {
            return Some(CloseCode::FrameTooLarge);
        }
        let now = Instant::now();
        if !rate.take(now) {
            return Some(CloseCode::Rate);
        }
        if !bytes_rate.take_many(bytes.len(), now) {
            relay.counters.refuse("up_bytes");
            return Some(CloseCode::Rate);
        }
        match FromViewer::read(&bytes) {
            Ok(FromViewer::Frame(frame)) => {
                let Ok((header, _)) = UpHeader::read(&frame) else {
                    return Some(CloseCode::Protocol);
                };
                // Not answered, and so said again later; whoever floods takes no visits from others.
                if header.kind == UpKind::Open && !opens.take(now) {
                    relay.counters.refuse("opens_of_connection");
                    continue;
                }
                if let Err(code) = relay.up(hello.channel, id, &header, &frame).await {
                    return Some(code);
                }
            }
            Ok(FromViewer::Resume(position)) if position.offset > LAST_OFFSET => return Some(CloseCode::Protocol),
            Ok(FromViewer::Resume(position)) => relay.resume(hello.channel, id, position),
            Ok(FromViewer::Hello(_)) | Err(_) => return Some(CloseCode::Protocol),
        }
    }
}
