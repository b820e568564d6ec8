//! What is sealed, and how it is packed. Two programs may deflate differently: these are for reading.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::frames::versions;
use super::{AGENT, EPOCH, POSITION, VISIT, fields, hex};
use crate::columns::Columns;
use crate::command::{Command, Outcome};
use crate::ids::{CommandId, OperationId, SessionId};
use crate::query::{Answer, ColumnQuery, Query};
use crate::record::{LiveEvent, RecordEntry, RecordEvent};
use crate::refusal::Refusal;
use crate::relay::body::{
    AgentStatus, Ask, Direct, News, Opened, Opening, Order, Question, Reply, Trouble, Verdict, WholeAnswer,
    pack_entries, packing, to_json,
};

pub(super) fn vectors() -> Value {
    json!({
        "opening": opening(),
        "direct": direct(),
        "questions": questions(),
        "order": text(&order()),
        "status": text(&status()),
        "dictionary": { "bytes": packing::DICTIONARY.len(), "sha256": hex(&Sha256::digest(packing::DICTIONARY)) },
        "packing": packed(),
        "answers": answers(),
        "entries": entries(),
    })
}

fn text(body: &impl serde::Serialize) -> String {
    String::from_utf8(to_json(body).unwrap()).unwrap()
}

fn opening() -> Value {
    let bytes = |position| {
        let versions = versions();
        Opening { versions, position }.bytes()
    };
    let who = [
        (1, "lowest version of the protocol"),
        (1, "highest"),
        (2, "length of the program's version"),
        (5, "the program's version"),
    ];
    let there = [
        (1, "there is a position"),
        (16, "epoch"),
        (16, "the agent's run"),
        (8, "offset of the last entry"),
    ];
    json!([
        { "what": "at a position", "fields": fields(&bytes(Some(POSITION)), &[&who[..], &there].concat()) },
        { "what": "new", "fields": fields(&bytes(None), &[&who[..], &[(1, "there is no position")]].concat()) },
    ])
}

fn direct() -> Value {
    let opened = Direct::Opened(Opened {
        verdict: Verdict::StartOver,
        visit: VISIT,
        epoch: EPOCH,
        run: AGENT,
        head: 12,
        tick_ms: 34,
        versions: versions(),
    });
    let part = |last| Direct::Part {
        question: 5,
        number: 6,
        last,
        bytes: b"piece".to_vec(),
    };
    let part_fields = [
        (1, "kind"),
        (4, "number of the question"),
        (4, "number of the part in its visit"),
        (1, "whether it is the last part"),
        (5, "bytes"),
    ];
    let ready = Direct::News(News::Ready {
        operation: OperationId(Uuid::from_u128(1)),
        transfer: Uuid::from_u128(2),
        name: "run.csv".to_owned(),
        bytes: 3,
        sha256: hex(&Sha256::digest(b"abc")),
    });
    let progress = Direct::News(News::Progress {
        event: LiveEvent::Progress {
            operation: OperationId(Uuid::from_u128(1)),
            session: session(1),
            label: "Exporting".to_owned(),
            done: 1,
            total: 2,
            outcome: None,
        },
    });
    let news = [(1, "kind"), (0, "JSON of News")];
    json!([
        { "what": "opened", "fields": fields(&opened.bytes().unwrap(), &[
            (1, "kind"),
            (1, "verdict: 0 go on, 1 start over"),
            (16, "visit"),
            (16, "epoch"),
            (16, "the agent's run"),
            (8, "offset of the newest entry"),
            (8, "milliseconds of the agent's run"),
            (1, "lowest version of the protocol"),
            (1, "highest"),
            (2, "length of the program's version"),
            (5, "the program's version"),
        ]) },
        { "what": "part", "fields": fields(&part(false).bytes().unwrap(), &part_fields) },
        { "what": "last part", "fields": fields(&part(true).bytes().unwrap(), &part_fields) },
        { "what": "ready", "fields": fields(&ready.bytes().unwrap(), &news) },
        { "what": "progress", "fields": fields(&progress.bytes().unwrap(), &news) },
    ])
}

fn questions() -> Vec<String> {
    let asks = [
        Ask::Query {
            query: Query::Session { session: session(1) },
        },
        Ask::Columns {
            query: ColumnQuery::Series {
                session: session(1),
                after: 0,
            },
        },
        Ask::History { after: 3, through: 9 },
        Ask::Transfer {
            transfer: Uuid::from_u128(2),
            from: 131_072,
        },
        Ask::Credit { through: 4 },
        Ask::Drop { of: 1 },
    ];
    (1..)
        .zip(asks)
        .map(|(question, ask)| text(&Question { question, ask }))
        .collect()
}

fn order() -> Order {
    Order {
        question: 7,
        id: CommandId(Uuid::from_u128(0x77)),
        tick_ms: 12_345,
        command: Command::RenameSession {
            session: session(1),
            name: "Ü 37 °C".to_owned(),
        },
    }
}

fn status() -> AgentStatus {
    AgentStatus {
        head: 12,
        tick_ms: 5_000,
        at: "2026-11-30T08:00:00Z".to_owned(),
        viewers: 2,
        trouble: Some(Trouble {
            code: "disk_full".to_owned(),
            message: "The disk is full.".to_owned(),
        }),
        deleted: vec![session(2)],
        notes: 3,
    }
}

fn packed() -> Value {
    let plain = b"\x00 short and without repetition \xff".to_vec();
    let repeated = br#"{"reply":"answer","answer":{"answer":"sessions","sessions":[]}}"#.repeat(40);
    [("as it is", plain), ("deflated", repeated), ("empty", Vec::new())]
        .into_iter()
        .map(|(what, content)| {
            let packed = packing::pack(&content);
            json!({ "what": what, "plain": hex(&content), "packed": hex(&packed) })
        })
        .collect()
}

fn answers() -> Value {
    let mut columns = Columns::new(&["index", "kdm"], json!({ "time_source": "file" }));
    columns.push(&[Some(1.0), Some(0.25)]);
    columns.push(&[Some(2.0), None]);
    let reply = |what: &str, reply: Reply| {
        let whole = WholeAnswer::Reply(Box::new(reply.clone()));
        json!({ "what": what, "whole": hex(&whole.bytes().unwrap()), "reply": reply })
    };
    let refusal = Refusal::new("too_late", "The command came too late.", "Try again.");
    json!([
        reply("answer", Reply::Answer { answer: Box::new(Answer::Sessions { sessions: Vec::new() }) }),
        reply("outcome", Reply::Outcome { outcome: Outcome::Started { session: session(1) } }),
        reply("entries", Reply::Entries { entries: record(), through: 14 }),
        reply("refused", Reply::Refused { refusal }),
        { "what": "columns", "whole": hex(&WholeAnswer::Columns(columns.to_bytes()).bytes().unwrap()), "columns": hex(&columns.to_bytes()) },
        { "what": "bytes", "whole": hex(&WholeAnswer::Bytes(b"a,b\n".to_vec()).bytes().unwrap()), "bytes": hex(b"a,b\n") },
    ])
}

fn entries() -> Value {
    let body = pack_entries(&record()).unwrap();
    json!({
        "body": fields(&body, &[
            (1, "how many sessions"),
            (16, "session"),
            (16, "session"),
            (0, "packed JSON, in which byte 1 and byte 32 + k stand for the k-th session"),
        ]),
        "entries": record(),
    })
}

fn record() -> Vec<RecordEntry> {
    let entry = |seq, offset, session, reason: Option<String>| RecordEntry {
        session,
        seq,
        offset,
        at: format!("2026-11-30T08:00:{offset:02}Z"),
        event: RecordEvent::SessionEnded { reason },
    };
    let said = format!("as session {} said: \u{1} \"ß\"", session(2).0);
    vec![
        entry(1, 11, session(1), None),
        entry(1, 12, session(2), Some(said)),
        entry(2, 14, session(1), Some("Stopped by you.".to_owned())),
    ]
}

fn session(number: u128) -> SessionId {
    SessionId(Uuid::from_u128(0x5e55_1000_0000_4000_8000_0000_0000_0000 | number))
}
