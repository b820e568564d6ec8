use proptest::prelude::*;

use super::*;
use crate::codes::UserId;
use crate::relay::header::{Destination, DownHeader, UpKind};
use crate::relay::{ControlKey, Epoch, LONGEST_DOWN, LONGEST_UP, Run, ViewKey, Visit};

const OWNER: &str = "0b5c1e9e-6f0a-4d3c-9a7e-2f4b8d6c1a35";
const STRANGER: &str = "0b5c1e9e-6f0a-4d3c-9a7e-2f4b8d6c1a36";
const AGENT: Run = Run([0xaa; 16]);
const VIEWER: Run = Run([0xbb; 16]);
const VISIT: Visit = Visit([0xcc; 16]);
const EPOCH: Epoch = Epoch([0xee; 16]);
const LOG: Destination = Destination::Log { first: 5, count: 2 };

fn id(text: &str) -> UserId {
    text.parse().unwrap()
}

fn view(id: &UserId) -> ViewKey {
    ViewKey::of(&id.view_only_code(1))
}

fn down_sealer(of: &str, epoch: Epoch) -> DownSealer {
    let id = id(of);
    DownSealer::new(&view(&id), id.owner_key(), 1, AGENT, epoch)
}

fn down_opener() -> DownOpener {
    let id = id(OWNER);
    DownOpener::new(view(&id), id.owner_key().verifying_key(), 1)
}

#[test]
fn a_viewer_reads_what_the_agent_sealed() {
    let mut sealer = down_sealer(OWNER, EPOCH);
    let mut opener = down_opener();
    let latest = Destination::Latest { key: 7 };
    for (counter, destination) in [LOG, latest, Destination::Direct { viewer: VIEWER }]
        .into_iter()
        .enumerate()
    {
        let opened = opener.open(EPOCH, &sealer.seal(destination, b"news").unwrap()).unwrap();
        assert_eq!(opened.plain, b"news");
        assert_eq!(opened.header.destination, destination);
        assert_eq!(opened.header.counter, counter as u64);
    }
}

#[test]
fn an_altered_byte_of_a_frame_is_noticed_wherever_it_stands() {
    let frame = down_sealer(OWNER, EPOCH).seal(LOG, b"0.815 V").unwrap();
    let mut opener = down_opener();
    for at in 0..frame.len() {
        let mut altered = frame.clone();
        altered[at] ^= 1 << (at % 8);
        assert!(opener.open(EPOCH, &altered).is_err(), "byte {at}");
    }
    for length in 0..frame.len() {
        assert!(opener.open(EPOCH, &frame[..length]).is_err(), "cut to {length}");
    }
    assert!(opener.open(EPOCH, &frame).is_ok());
}

#[test]
fn a_log_frame_of_another_life_of_the_record_is_refused() {
    let old = down_sealer(OWNER, Epoch([1; 16])).seal(LOG, b"old").unwrap();
    assert_eq!(down_opener().open(EPOCH, &old), Err(SealError::Signature));
}

#[test]
fn frames_of_another_channel_or_owner_are_refused() {
    let other = down_sealer(STRANGER, EPOCH).seal(LOG, b"forged").unwrap();
    assert_eq!(down_opener().open(EPOCH, &other), Err(SealError::Signature));
    // A holder of the code can seal, but not sign.
    let id_of_owner = id(OWNER);
    let mut forger = DownSealer::new(&view(&id_of_owner), id(STRANGER).owner_key(), 1, AGENT, EPOCH);
    let forged = forger.seal(LOG, b"forged").unwrap();
    assert_eq!(down_opener().open(EPOCH, &forged), Err(SealError::Signature));
}

#[test]
fn a_frame_of_a_renewed_code_names_its_generation() {
    let owner = id(OWNER);
    let newer = ViewKey::of(&owner.view_only_code(2));
    let frame = DownSealer::new(&newer, owner.owner_key(), 2, AGENT, EPOCH)
        .seal(LOG, b"news")
        .unwrap();
    assert_eq!(down_opener().open(EPOCH, &frame), Err(SealError::Generation(2)));
}

/// Such a frame counted as one of a renewed code, which raises no alarm.
#[test]
fn a_generation_that_the_relay_wrote_is_an_alteration() {
    let mut frame = down_sealer(OWNER, EPOCH).seal(LOG, b"news").unwrap();
    // Version, kind, generation.
    frame[3] = 2;
    assert_eq!(down_opener().open(EPOCH, &frame), Err(SealError::Signature));
}

#[test]
fn a_frame_above_the_limit_is_not_sealed_and_does_not_use_up_a_counter() {
    let mut sealer = down_sealer(OWNER, EPOCH);
    assert_eq!(
        sealer.seal(LOG, &vec![0; LONGEST_DOWN]),
        Err(FrameError::TooLarge.into())
    );
    let frame = sealer.seal(LOG, b"").unwrap();
    assert_eq!(DownHeader::read(&frame).unwrap().0.counter, 0);
}

fn commands() -> (UpSealer, UpOpener) {
    let key = ControlKey::of(&id(OWNER)).command(VIEWER, VISIT);
    let sealer = UpSealer::new(key.clone(), UpKind::Command, 1, VIEWER, Some(AGENT));
    (sealer, UpOpener::new(key, AGENT))
}

#[test]
fn a_command_counts_once_and_in_order() {
    let (mut sealer, mut opener) = commands();
    let (first, second) = (sealer.seal(b"pause").unwrap(), sealer.seal(b"resume").unwrap());
    assert_eq!(opener.open(&first).unwrap(), b"pause");
    assert_eq!(opener.open(&first), Err(SealError::Replayed));
    assert_eq!(opener.open(&second).unwrap(), b"resume");
    assert_eq!(opener.open(&first), Err(SealError::Replayed));
}

#[test]
fn a_command_of_another_visit_run_or_key_is_refused() {
    let owner = id(OWNER);
    let control = ControlKey::of(&owner);
    let here = || UpOpener::new(control.command(VIEWER, VISIT), AGENT);
    let seal = |key, agent| {
        UpSealer::new(key, UpKind::Command, 1, VIEWER, Some(agent))
            .seal(b"stop")
            .unwrap()
    };
    let earlier_visit = seal(control.command(VIEWER, Visit([1; 16])), AGENT);
    let earlier_agent = seal(control.command(VIEWER, VISIT), Run([1; 16]));
    // All that a view-only code gives.
    let view_only = seal(view(&owner).query(VIEWER, VISIT), AGENT);
    for frame in [earlier_visit, earlier_agent, view_only] {
        assert_eq!(here().open(&frame), Err(SealError::Altered));
    }
}

#[test]
fn a_frame_of_the_agent_reflected_to_it_is_refused() {
    let frame = down_sealer(OWNER, EPOCH)
        .seal(Destination::Latest { key: 1 }, b"news")
        .unwrap();
    let (_, mut opener) = commands();
    assert!(opener.open(&frame).is_err());
    assert!(open_once(&view(&id(OWNER)).open(VIEWER), &frame).is_err());
}

#[test]
fn the_first_frame_of_a_visit_is_the_only_one_under_its_key() {
    let key = view(&id(OWNER)).open(VIEWER);
    let mut sealer = UpSealer::new(key.clone(), UpKind::Open, 1, VIEWER, None);
    let (first, second) = (sealer.seal(b"open").unwrap(), sealer.seal(b"again").unwrap());
    assert_eq!(open_once(&key, &first).unwrap(), b"open");
    assert_eq!(open_once(&key, &second), Err(SealError::Replayed));
}

#[test]
fn lengths_of_frames_from_viewers_do_not_name_commands() {
    let (mut sealer, _) = commands();
    let lengths = [1, 100, 252].map(|length| sealer.seal(&vec![b'x'; length]).unwrap().len());
    assert!(lengths.iter().all(|length| *length == lengths[0]), "{lengths:?}");
    assert_eq!(sealer.seal(&[b'x'; 253]).unwrap().len(), lengths[0] + 256);
    assert_eq!(sealer.seal(&vec![0; LONGEST_UP]), Err(FrameError::TooLarge.into()));
}

#[test]
fn a_log_frame_costs_what_the_documentation_says() {
    let mut sealer = down_sealer(OWNER, EPOCH);
    // Header 28 and 10, tag 16, signature 64.
    assert_eq!(sealer.seal(LOG, b"").unwrap().len(), 118);
}

proptest! {
    #[test]
    fn any_text_comes_back_and_no_bytes_make_an_opener_panic(text in proptest::collection::vec(any::<u8>(), 0..600)) {
        let mut sealer = down_sealer(OWNER, EPOCH);
        let mut opener = down_opener();
        prop_assert_eq!(opener.open(EPOCH, &sealer.seal(LOG, &text).unwrap()).unwrap().plain, text.clone());
        prop_assert!(opener.open(EPOCH, &text).is_err());
        let (mut sealer, mut opener) = commands();
        prop_assert!(opener.open(&text).is_err());
        prop_assert_eq!(opener.open(&sealer.seal(&text).unwrap()).unwrap(), text);
    }
}
