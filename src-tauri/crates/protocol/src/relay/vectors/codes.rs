//! Codes, and the keys that follow from them.

use serde_json::{Value, json};

use super::{AGENT, OWNER, VIEWER, VISIT, hex, owner};
use crate::codes::{CodeError, UserId, ViewOnlyCode, derive};

pub(super) fn vectors() -> Value {
    let id = owner();
    let channel = id.channel();
    let key = |key: &[u8; 32], runs: &[[u8; 16]], info: &str| {
        let salt = [&channel.0[..], &runs.concat()].concat();
        let derived: [u8; 32] = derive(key, &salt, info.as_bytes());
        hex(&derived)
    };
    let view = id.view_only_code(1).view_key();
    json!({
        "user_id": id.reveal(),
        "owner_public": hex(id.owner_key().verifying_key().as_bytes()),
        "channel": hex(&channel.0),
        "control_key": hex(&id.control_key()),
        "generations": ([1, 2, 0xffff].map(generation)),
        "sealing_keys": {
            "agent_run": hex(&AGENT.0),
            "viewer_run": hex(&VIEWER.0),
            "visit": hex(&VISIT.0),
            "down": key(&view, &[AGENT.0], "down"),
            "open": key(&view, &[VIEWER.0], "open"),
            "query": key(&view, &[VIEWER.0, VISIT.0], "query"),
            "command": key(&id.control_key(), &[VIEWER.0, VISIT.0], "command"),
        },
        "user_ids": user_ids().iter().map(|text| {
            let read = text.parse::<UserId>().map(|id| id.reveal());
            json!({ "text": text, "read": read.as_ref().ok(), "error": read.err().map(error) })
        }).collect::<Vec<_>>(),
        "view_only_codes": view_only_codes().iter().map(|text| {
            let read = text.parse::<ViewOnlyCode>().map(|code| code.reveal());
            json!({ "text": text, "read": read.as_ref().ok(), "error": read.err().map(error) })
        }).collect::<Vec<_>>(),
    })
}

fn generation(generation: u16) -> Value {
    let code = owner().view_only_code(generation);
    json!({
        "generation": generation,
        "view_key": hex(&code.view_key()),
        "join_token": hex(&code.join_token()),
        "code": code.reveal(),
    })
}

fn error(error: CodeError) -> &'static str {
    match error {
        CodeError::Empty => "empty",
        CodeError::NotACode => "not_a_code",
    }
}

/// As people and programs write them, and what is none.
fn user_ids() -> Vec<String> {
    let upper = OWNER.to_uppercase();
    let simple = OWNER.replace('-', "");
    let mut texts: Vec<String> = [
        "",
        " \n",
        "hello",
        "0b5c1e9e-6f0a-1d3c-9a7e-2f4b8d6c1a35",
        "0b5c1e9e-6f0a-4d3c-7a7e-2f4b8d6c1a35",
        "0b5c1e9e-6f0a-4d3c-ca7e-2f4b8d6c1a35",
        "00000000-0000-0000-0000-000000000000",
        "0b5c1e9e6f0a-4d3c-9a7e-2f4b8d6c1a35",
        "0b5c1e9-e6f0a-4d3c-9a7e-2f4b8d6c1a35",
        "gb5c1e9e-6f0a-4d3c-9a7e-2f4b8d6c1a35",
    ]
    .map(str::to_owned)
    .into();
    texts.extend([
        OWNER.to_owned(),
        upper.clone(),
        simple.clone(),
        format!("{{{OWNER}}}"),
        format!("{{{simple}}}"),
        format!("urn:uuid:{upper}"),
        format!("URN:UUID:{OWNER}"),
        format!("urn:uuid:{simple}"),
        format!("\t {OWNER}\r\n"),
        format!("{{{OWNER}"),
        OWNER[..35].to_owned(),
        format!("{OWNER}0"),
    ]);
    texts
}

fn view_only_codes() -> Vec<String> {
    let code = owner().view_only_code(1).reveal();
    vec![
        String::new(),
        " ".to_owned(),
        code.clone(),
        code.to_uppercase(),
        format!(" {}-{} {}\n", &code[..8], &code[8..20], &code[20..]),
        code.replace('0', "o").replace('1', "l"),
        code.replace('0', "O").replace('1', "I"),
        code.replacen("kq8", "kq9", 1),
        code.replacen("kq8", "ku8", 1),
        code[..62].to_owned(),
        format!("{code}0"),
        format!("{}h", &code[..62]),
        OWNER.to_owned(),
        "é".to_owned(),
    ]
}
