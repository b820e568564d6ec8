//! Messages of both sockets.

use serde_json::{Value, json};

use super::frames::versions;
use super::{AGENT, AUTHORITY, EPOCH, POSITION, VIEWER, fields, hex, owner};
use crate::codes::Channel;
use crate::relay::hello::{AgentHello, SealedLabel, ViewerHello};
use crate::relay::message::{FromAgent, FromViewer, Message, ToAgent, ToViewer};
use crate::relay::{LabelKey, Process, Retirement};
use sha2::{Digest, Sha256};

const POSITION_FIELDS: [(usize, &str); 3] = [(16, "epoch"), (16, "the agent's run"), (8, "offset of the last entry")];

pub(super) fn vectors() -> Value {
    json!({
        "authority": AUTHORITY,
        "challenge": hex(&[0x11; 32]),
        "agent_to_relay": agent_to_relay(),
        "relay_to_agent": relay_to_agent(),
        "viewer_to_relay": viewer_to_relay(),
        "relay_to_viewer": relay_to_viewer(),
    })
}

fn message(what: &str, message: &impl Message, lengths: &[(usize, &str)]) -> Value {
    let kind = [(1, "kind")];
    json!({ "what": what, "fields": fields(&message.bytes(), &[&kind[..], lengths].concat()) })
}

fn agent_to_relay() -> Value {
    let id = owner();
    let hello = AgentHello {
        owner: id.owner_key().verifying_key().to_bytes(),
        channel: id.channel(),
        process: Process([0x22; 16]),
        run: AGENT,
        generation: 1,
        join_hash: Sha256::digest(id.view_only_code(1).join_token()).into(),
        label: SealedLabel::seal(&LabelKey::of(&id), AGENT, "lab-pc-3").unwrap(),
        versions: versions(),
        access_token: Some(b"token".to_vec()),
    };
    let signed = hello.sign(&id.owner_key(), AUTHORITY, &[0x11; 32]);
    json!([
        message(
            "hello",
            &FromAgent::Hello(signed),
            &[
                (32, "the owner's public key"),
                (16, "channel, the hash of the key"),
                (16, "this start of the program"),
                (16, "this connection"),
                (2, "generation of the view-only code"),
                (32, "SHA-256 of its join token"),
                (80, "name of the computer, sealed for holders of the User ID"),
                (1, "lowest version of the protocol"),
                (1, "highest"),
                (2, "length of the program's version"),
                (5, "the program's version"),
                (1, "there is an access token"),
                (2, "its length"),
                (5, "the access token"),
                (64, "the owner's signature for this relay and this challenge"),
            ]
        ),
        message(
            "begin",
            &FromAgent::Begin { epoch: EPOCH, first: 5 },
            &[(16, "epoch"), (8, "offset of the entry that follows"),]
        ),
        message("frame", &FromAgent::Frame(b"sealed".to_vec()), &[(0, "sealed frame")]),
        message(
            "retire",
            &FromAgent::Retire(Retirement::of(&id.owner_key())),
            &[(32, "public half of the owner key"), (64, "the owner's signature")]
        ),
        message("release", &FromAgent::Release, &[]),
        message("dismiss", &FromAgent::Dismiss(VIEWER), &[(16, "the viewer's run")]),
        message("alive", &FromAgent::Alive, &[]),
    ])
}

fn relay_to_agent() -> Value {
    let at_a_position = [&[(1, "there is a position")][..], &POSITION_FIELDS].concat();
    json!([
        message("challenge", &ToAgent::Challenge([0x11; 32]), &[(32, "random")]),
        message(
            "claimed",
            &ToAgent::Claimed {
                fence: 9,
                position: Some(POSITION)
            },
            &[&[(8, "fence")][..], &at_a_position].concat(),
        ),
        message("ack", &ToAgent::Ack(8), &[(8, "last offset that viewers can get")]),
        message("have", &ToAgent::Have(None), &[(1, "there is no position")]),
        message("frame", &ToAgent::Frame(b"sealed".to_vec()), &[(0, "sealed frame")]),
        message("viewers", &ToAgent::Viewers(3), &[(4, "how many look")]),
        message("gone", &ToAgent::Gone(VIEWER), &[(16, "the viewer's run")]),
        message(
            "in use",
            &ToAgent::InUse {
                run: AGENT,
                label: SealedLabel([0x33; 80])
            },
            &[(16, "run of the holder"), (80, "sealed name of its computer")],
        ),
        message("probe", &ToAgent::Probe, &[]),
        message(
            "retired",
            &ToAgent::Retired(Channel([0x22; 16])),
            &[(16, "the channel that is given up")]
        ),
    ])
}

fn viewer_to_relay() -> Value {
    let id = owner();
    let hello = ViewerHello {
        channel: id.channel(),
        join_token: id.view_only_code(1).join_token(),
        versions: versions(),
        position: Some(POSITION),
    };
    let first = ViewerHello {
        position: None,
        ..hello.clone()
    };
    let who = [
        (16, "channel"),
        (32, "join token of the code"),
        (1, "lowest version of the protocol"),
        (1, "highest"),
        (2, "length of the program's version"),
        (5, "the program's version"),
    ];
    let at_a_position = [&who[..], &[(1, "there is a position")], &POSITION_FIELDS].concat();
    json!([
        message("hello", &FromViewer::Hello(hello.bytes()), &at_a_position),
        message(
            "hello without a position",
            &FromViewer::Hello(first.bytes()),
            &[&who[..], &[(1, "there is no position")]].concat(),
        ),
        message("frame", &FromViewer::Frame(b"sealed".to_vec()), &[(0, "sealed frame")]),
        message("resume", &FromViewer::Resume(POSITION), &POSITION_FIELDS),
    ])
}

fn relay_to_viewer() -> Value {
    let joined = |epoch| ToViewer::Joined {
        owner: owner().owner_key().verifying_key().to_bytes(),
        generation: 1,
        epoch,
        floor: 3,
        top: 9,
        agent_present: epoch.is_some(),
    };
    let (before, after) = (
        [(32, "the owner's public key"), (2, "generation of the view-only code")],
        [
            (8, "first entry that the relay has"),
            (8, "last one"),
            (1, "the agent is there"),
        ],
    );
    let with = |epoch: &[(usize, &'static str)]| [&before[..], epoch, &after].concat();
    json!([
        message(
            "joined",
            &joined(Some(EPOCH)),
            &with(&[(1, "there is an epoch"), (16, "epoch")]),
        ),
        message(
            "joined without an epoch",
            &joined(None),
            &with(&[(1, "there is no epoch")])
        ),
        message("frame", &ToViewer::Frame(b"sealed".to_vec()), &[(0, "sealed frame")]),
        message(
            "absent",
            &ToViewer::Absent {
                last_seen_s: Some(1_796_025_600)
            },
            &[(1, "it was there"), (8, "when, seconds since 1970")],
        ),
        message(
            "never there",
            &ToViewer::Absent { last_seen_s: None },
            &[(1, "it was never there")]
        ),
        message("present", &ToViewer::Present, &[]),
        message(
            "renewed",
            &ToViewer::Renewed { generation: 2 },
            &[(2, "current generation")]
        ),
    ])
}
