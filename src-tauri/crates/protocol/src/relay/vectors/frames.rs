//! Sealed frames of both directions.

use serde_json::{Value, json};

use super::{AGENT, EPOCH, POSITION, VIEWER, VISIT, fields, hex, owner};
use crate::command::Command;
use crate::ids::CommandId;
use crate::query::Query;
use crate::relay::body::{Ask, Opening, Order, Question, to_json};
use crate::relay::header::{Destination, UpKind};
use crate::relay::sealing::{DownSealer, UpSealer};
use crate::relay::{ControlKey, Run, Versions, ViewKey};
use uuid::Uuid;

const DOWN: [(usize, &str); 5] = [
    (1, "version of the protocol"),
    (1, "kind: 1 log, 2 latest, 3 direct"),
    (2, "generation of the view-only code"),
    (16, "the agent's run"),
    (8, "number of the frame in its run, the nonce's second part"),
];

const UP: [(usize, &str); 6] = [
    (1, "version of the protocol"),
    (1, "kind: 1 open, 2 query, 3 command"),
    (2, "generation of the view-only code"),
    (16, "the viewer's run"),
    (8, "number of the frame under its key, the nonce's second part"),
    (
        0,
        "ciphertext of length 4, body and zeros up to a multiple of 256; tag 16",
    ),
];

pub(super) fn vectors() -> Value {
    json!({ "epoch": hex(&EPOCH.0), "from_agent": from_agent(), "from_viewer": from_viewer() })
}

fn from_agent() -> Value {
    let id = owner();
    let view = ViewKey::of(&id.view_only_code(1));
    let mut sealer = DownSealer::new(&view, id.owner_key(), 1, AGENT, EPOCH);
    let kinds = [
        (
            "log",
            Destination::Log { first: 7, count: 300 },
            &[(8, "offset of the first entry"), (2, "how many entries")][..],
        ),
        ("latest", Destination::Latest { key: 1 }, &[(2, "which kind of news")]),
        (
            "direct",
            Destination::Direct { viewer: VIEWER },
            &[(16, "run of the viewer")],
        ),
    ];
    kinds
        .iter()
        .map(|(what, destination, own)| {
            let plain = format!("what is sealed in {what}");
            let frame = sealer.seal(*destination, plain.as_bytes()).unwrap();
            let end = [
                (plain.len(), "ciphertext"),
                (16, "tag"),
                (
                    64,
                    "the owner's signature over \"sacmes/1 frame\", AAD, ciphertext, tag",
                ),
            ];
            let lengths = [&DOWN[..], own, &end].concat();
            json!({ "what": what, "plain": hex(plain.as_bytes()), "fields": fields(&frame, &lengths) })
        })
        .collect()
}

fn from_viewer() -> Value {
    let id = owner();
    let view = ViewKey::of(&id.view_only_code(1));
    let opening = Opening {
        versions: versions(),
        position: Some(POSITION),
    };
    let question = Question {
        question: 1,
        ask: Ask::Query { query: Query::Sessions },
    };
    let order = Order {
        question: 2,
        id: CommandId(Uuid::from_u128(0x77)),
        tick_ms: 12_345,
        command: Command::PauseAll,
    };
    let frame = |what: &str, mut sealer: UpSealer, bodies: &[Vec<u8>]| -> Vec<Value> {
        bodies
            .iter()
            .map(|body| {
                let frame = sealer.seal(body).unwrap();
                json!({ "what": what, "plain": hex(body), "fields": fields(&frame, &UP) })
            })
            .collect()
    };
    let sealer = |key, kind, agent: Option<Run>| UpSealer::new(key, kind, 1, VIEWER, agent);
    [
        frame(
            "open",
            sealer(view.open(VIEWER), UpKind::Open, None),
            &[opening.bytes()],
        ),
        frame(
            "query",
            sealer(view.query(VIEWER, VISIT), UpKind::Query, Some(AGENT)),
            // A body that fills 256 bytes, and one that is a byte longer: the second frame of this key.
            &[to_json(&question).unwrap(), vec![b'x'; 252], vec![b'x'; 253]],
        ),
        frame(
            "command",
            sealer(ControlKey::of(&id).command(VIEWER, VISIT), UpKind::Command, Some(AGENT)),
            &[to_json(&order).unwrap()],
        ),
    ]
    .concat()
    .into()
}

/// Not those of this program, whose version changes.
pub(super) fn versions() -> Versions {
    Versions {
        lowest: 1,
        highest: 1,
        program: "0.1.0".to_owned(),
    }
}
