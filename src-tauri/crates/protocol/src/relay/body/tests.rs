use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::ids::OperationId;
use crate::query::{Answer, Query};
use crate::record::{LiveEvent, OperationOutcome};
use crate::refusal::Refusal;
use crate::relay::{Epoch, Position, Run, Versions, Visit};

fn opened(position: [u8; 16], numbers: (u64, u64)) -> Opened {
    Opened {
        verdict: Verdict::GoOn,
        visit: Visit(position),
        epoch: Epoch(position),
        run: Run(position),
        head: numbers.0,
        tick_ms: numbers.1,
        versions: Versions::own(),
    }
}

proptest! {
    #[test]
    fn openings_and_their_answers_come_back_from_their_bytes(id: [u8; 16], head: u64, tick: u64) {
        let position = Position { epoch: Epoch(id), run: Run(id), offset: head };
        for position in [None, Some(position)] {
            let opening = Opening { versions: Versions::own(), position };
            prop_assert_eq!(Opening::read(&opening.bytes()).unwrap(), opening);
        }
        let direct = Direct::Opened(opened(id, (head, tick)));
        prop_assert_eq!(Direct::read(&direct.bytes().unwrap()).unwrap(), direct);
    }

    #[test]
    fn parts_and_answers_come_back_from_their_bytes(question: u32, number: u32, last: bool, bytes: Vec<u8>) {
        let part = Direct::Part { question, number, last, bytes: bytes.clone() };
        prop_assert_eq!(Direct::read(&part.bytes().unwrap()).unwrap(), part);
        for whole in [WholeAnswer::Columns(bytes.clone()), WholeAnswer::Bytes(bytes)] {
            prop_assert_eq!(WholeAnswer::read(&whole.bytes().unwrap(), 1 << 20).unwrap(), whole);
        }
    }

    #[test]
    fn no_bytes_make_a_reader_panic(bytes: Vec<u8>) {
        let _ = Opening::read(&bytes);
        let _ = Direct::read(&bytes);
        let _ = WholeAnswer::read(&bytes, 1_000);
        let _ = unpack_entries(&bytes, 1_000);
    }
}

#[test]
fn replies_and_news_come_back() {
    let refusal = Refusal::new("too_late", "The command came too late.", "Try again.");
    let replies = [
        Reply::Refused {
            refusal: refusal.clone(),
        },
        Reply::Answer {
            answer: Box::new(Answer::Sessions { sessions: Vec::new() }),
        },
        Reply::Entries {
            entries: Vec::new(),
            through: 7,
        },
    ];
    for reply in replies {
        let whole = WholeAnswer::Reply(Box::new(reply));
        assert_eq!(WholeAnswer::read(&whole.bytes().unwrap(), 1 << 20).unwrap(), whole);
    }
    let progress = LiveEvent::Progress {
        operation: OperationId(Uuid::from_u128(1)),
        session: crate::ids::SessionId(Uuid::from_u128(2)),
        label: "Exporting".to_owned(),
        done: 1,
        total: 2,
        outcome: Some(OperationOutcome::Failed { refusal }),
    };
    let direct = Direct::News(News::Progress { event: progress });
    assert_eq!(Direct::read(&direct.bytes().unwrap()).unwrap(), direct);
}

#[test]
fn a_question_with_an_unknown_field_or_word_is_refused() {
    let question = Question {
        question: 1,
        ask: Ask::Query { query: Query::Sessions },
    };
    let text = String::from_utf8(to_json(&question).unwrap()).unwrap();
    assert_eq!(
        text,
        r#"{"question":1,"ask":{"ask":"query","query":{"query":"sessions"}}}"#
    );
    assert_eq!(from_json::<Question>(text.as_bytes()).unwrap(), question);
    for wrong in [
        text.replace("sessions", "secrets"),
        text.replace(r#"{"question""#, r#"{"x":1,"question""#),
    ] {
        assert!(from_json::<Question>(wrong.as_bytes()).is_err(), "{wrong}");
    }
}
