//! What both implementations must agree on, byte for byte: `tests/wire/vectors.json`, made here and read by the tests of the
//! user interface (`ui/src/remote/`). A change of the protocol that only one of them follows breaks the other's tests.

mod bodies;
mod codes;
mod frames;
mod messages;

use std::path::PathBuf;

use serde_json::{Value, json};

use super::{Epoch, Position, Run, Visit};
use crate::codes::UserId;

const OWNER: &str = "0b5c1e9e-6f0a-4d3c-9a7e-2f4b8d6c1a35";
const AUTHORITY: &str = "relay.example.org:443";
const AGENT: Run = Run([0xaa; 16]);
const VIEWER: Run = Run([0xbb; 16]);
const VISIT: Visit = Visit([0xcc; 16]);
const EPOCH: Epoch = Epoch([0xee; 16]);
const POSITION: Position = Position {
    epoch: EPOCH,
    run: AGENT,
    offset: 0x0102_0304,
};

fn owner() -> UserId {
    OWNER.parse().unwrap()
}

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

/// Bytes cut into their fields, each with what it is: put together they are the whole. The last takes what is left.
fn fields(bytes: &[u8], lengths: &[(usize, &str)]) -> Value {
    let mut rest = bytes;
    let mut cut = Vec::new();
    for (k, (length, is)) in lengths.iter().enumerate() {
        let (field, after) = rest.split_at(if k + 1 == lengths.len() { rest.len() } else { *length });
        assert!(*length == 0 || field.len() == *length, "{is}");
        cut.push(json!({ "is": is, "hex": hex(field) }));
        rest = after;
    }
    Value::Array(cut)
}

fn vectors() -> Value {
    json!({
        "about": "Made by the test relay::vectors of the crate protocol (SACMES_WRITE_VECTORS=1 writes it anew); read by the tests of ui/src/remote. \
            Bytes are hexadecimal; \"fields\" put together are the whole.",
        "codes": codes::vectors(),
        "frames": frames::vectors(),
        "messages": messages::vectors(),
        "bodies": bodies::vectors(),
    })
}

/// The committed vectors are those of today's code. `SACMES_WRITE_VECTORS=1` writes them anew.
#[test]
fn committed_vectors_are_current() {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../tests/wire/vectors.json");
    let text = format!("{:#}\n", vectors());
    if std::env::var_os("SACMES_WRITE_VECTORS").is_some() {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, &text).unwrap();
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        committed.replace("\r\n", "\n") == text,
        "tests/wire/vectors.json is out of date: run SACMES_WRITE_VECTORS=1 cargo test -p protocol vectors, then the tests in ui/"
    );
}
