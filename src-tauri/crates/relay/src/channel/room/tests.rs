//! What goes to whom, and in which order.

use protocol::relay::{Epoch, Offset};

use super::viewer::at;
use super::*;
use crate::connection::{Drain, Queues};
use crate::shared::Claim;

const EPOCH: Epoch = Epoch([1; 16]);
const RUN: Run = Run([5; 16]);

fn claim() -> Claim {
    Claim {
        channel: protocol::codes::Channel([1; 16]),
        owner: [2; 32],
        generation: 1,
        join_hash: [1; 32],
        process: protocol::relay::Process([3; 16]),
        run: RUN,
        label: protocol::relay::hello::SealedLabel([4; 80]),
        silent: None,
    }
}

struct Guest {
    id: u64,
    reading: Reading,
    drain: Drain,
    outbox: Outbox,
}

impl Guest {
    fn enter(room: &mut Room, queues: &Queues) -> Self {
        let (outbox, drain) = queues.open();
        let reading = room.admit(outbox.clone(), [1; 32], None);
        Self {
            id: outbox.id(),
            reading,
            drain,
            outbox,
        }
    }

    async fn reads(mut self) -> Vec<u8> {
        self.outbox.close(CloseCode::Restarting);
        let mut read = Vec::new();
        while let Ok(message) = self.drain.next().await {
            read.push(message[0]);
        }
        read
    }
}

fn kept(first: Offset, last: Offset) -> Kept {
    Kept {
        epoch: EPOCH,
        first,
        last,
        frame: Bytes::from(vec![last as u8; 10]),
    }
}

fn words(letter: u8) -> Bytes {
    Bytes::from(vec![letter])
}

fn view(frames: &[Kept], top: Offset) -> View {
    View {
        owner: [0; 32],
        generation: 1,
        epoch: Some(EPOCH),
        floor: 1,
        top,
        agent_present: true,
        seen_s: 0,
        is_whole: true,
        frames: frames.to_vec(),
        latest: vec![words(b'n')],
    }
}

#[tokio::test]
async fn a_viewer_gets_the_window_then_what_came_meanwhile_then_live_each_once() {
    let (queues, mut room) = (Queues::new(1_000, 10_000), Room::default());
    let guest = Guest::enter(&mut room, &queues);
    assert!(room.log(&kept(2, 2)).is_empty());
    assert!(room.log(&kept(3, 3)).is_empty());
    // The window was read after entry 2 came, and before entry 3: it is read again.
    let given = room.give(&guest.reading, &view(&[kept(1, 1), kept(2, 2)], 2));
    assert_eq!(given, Given::More(Some(at(EPOCH, 2))));
    assert_eq!(room.give(&guest.reading, &view(&[kept(3, 3)], 3)), Given::Live);
    assert!(room.log(&kept(4, 4)).is_empty());
    assert!(room.log(&kept(4, 4)).is_empty());
    // Greeted once: 1 is the kind of "joined".
    assert_eq!(guest.reads().await, [1, b'n', 1, 2, 3, 4]);
}

#[tokio::test]
async fn a_viewer_with_a_hole_reads_the_window_again() {
    let (queues, mut room) = (Queues::new(1_000, 10_000), Room::default());
    let guest = Guest::enter(&mut room, &queues);
    assert_eq!(room.give(&guest.reading, &view(&[], 0)), Given::Live);
    assert!(room.log(&kept(1, 1)).is_empty());
    assert_eq!(room.log(&kept(3, 3)), [guest.id]);
    let reading = room.read_again(guest.id, None).unwrap();
    assert_eq!(reading.position, Some(at(EPOCH, 1)));
    assert!(room.log(&kept(4, 4)).is_empty());
    let window = [kept(2, 2), kept(3, 3), kept(4, 4)];
    // An older reading that ends late changes nothing.
    assert_eq!(room.give(&guest.reading, &view(&window, 4)), Given::Superseded);
    assert_eq!(room.give(&reading, &view(&window, 4)), Given::Live);
    assert_eq!(guest.reads().await, [1, b'n', 1, 2, 3, 4]);
}

/// It began again at the first entry, however far it had come.
#[tokio::test]
async fn a_reading_that_begins_anew_goes_on_from_where_the_one_before_was() {
    let (queues, mut room) = (Queues::new(1_000, 10_000), Room::default());
    let guest = Guest::enter(&mut room, &queues);
    let part = View {
        is_whole: false,
        ..view(&[kept(1, 1), kept(2, 2)], 9)
    };
    assert_eq!(room.give(&guest.reading, &part), Given::More(Some(at(EPOCH, 2))));
    let again = room.read_again(guest.id, None).unwrap();
    assert_eq!(again.position, Some(at(EPOCH, 2)));
    assert_eq!(room.read_again(guest.id, None).unwrap().position, Some(at(EPOCH, 2)));
    // In another life of the record everything is new.
    assert_eq!(room.greet_again(guest.id, true).unwrap().position, None);
    assert_eq!(room.read_again(guest.id, None).unwrap().position, None);
}

#[tokio::test]
async fn who_waits_where_no_agent_has_been_waits_for_so_long() {
    let (queues, mut room) = (Queues::new(1_000, 10_000), Room::default());
    let [waits, greeted] = [(); 2].map(|()| Guest::enter(&mut room, &queues));
    room.wait(&waits.reading, words(b'w'));
    assert_eq!(room.give(&greeted.reading, &view(&[], 0)), Given::Live);
    assert_eq!(room.waiting(None), Waiting { still: 1, closed: 0 });
    let later = Instant::now() + std::time::Duration::from_secs(1);
    assert_eq!(room.waiting(Some(later)), Waiting { still: 0, closed: 1 });
    assert_eq!(
        (waits.outbox.closed(), greeted.outbox.closed()),
        (Some(CloseCode::Full), None)
    );
}

#[tokio::test]
async fn a_frame_of_another_life_of_the_record_has_the_window_read_again() {
    let (queues, mut room) = (Queues::new(1_000, 10_000), Room::default());
    let guest = Guest::enter(&mut room, &queues);
    assert_eq!(room.give(&guest.reading, &view(&[], 0)), Given::Live);
    let other = Kept {
        epoch: Epoch([2; 16]),
        ..kept(1, 1)
    };
    assert_eq!(room.log(&other), [guest.id]);
    assert_eq!(guest.reads().await, [1, b'n']);
}

#[tokio::test]
async fn a_frame_for_one_viewer_reaches_nobody_else() {
    let (queues, mut room) = (Queues::new(1_000, 10_000), Room::default());
    let [one, other] = [(); 2].map(|()| Guest::enter(&mut room, &queues));
    assert_eq!(room.bind(one.id, RUN), Ok(None));
    assert_eq!(room.bind(one.id, RUN), Ok(None));
    assert_eq!(room.bind(other.id, RUN), Err(RunInUse));
    assert_eq!(room.direct(RUN, words(b'd')), Some(Pushed::Queued));
    assert_eq!(room.leave(one.id), Some(RUN));
    assert_eq!(room.direct(RUN, words(b'e')), None);
    assert_eq!(room.bind(other.id, RUN), Ok(None));
    assert_eq!(room.bind(other.id, Run([6; 16])), Ok(Some(RUN)));
    assert_eq!(one.reads().await, [b'd']);
    assert_eq!(other.reads().await, [] as [u8; 0]);
}

#[tokio::test]
async fn the_newest_of_a_kind_goes_to_those_who_are_live() {
    let (queues, mut room) = (Queues::new(1_000, 10_000), Room::default());
    let [live, joining] = [(); 2].map(|()| Guest::enter(&mut room, &queues));
    room.wait(&live.reading, words(b'w'));
    room.latest(&words(b'l'));
    room.tell_presence(true, &words(b't'));
    assert_eq!(live.reads().await, [b'w', b'l', b't']);
    assert_eq!(joining.reads().await, [b't']);
}

#[tokio::test]
async fn an_agent_that_came_while_the_window_was_read_is_not_said_to_be_away() {
    let (queues, mut room) = (Queues::new(1_000, 10_000), Room::default());
    let guest = Guest::enter(&mut room, &queues);
    let before = View {
        agent_present: false,
        ..view(&[], 0)
    };
    room.tell_presence(true, &words(b'p'));
    assert_eq!(room.give(&guest.reading, &before), Given::Live);
    // "Absent" would be 3.
    assert_eq!(guest.reads().await, [b'p', 1, b'n']);
}

#[tokio::test]
async fn those_who_were_told_that_there_is_no_agent_are_told_when_there_is_one_all_the_same() {
    let (queues, mut room) = (Queues::new(1_000, 10_000), Room::default());
    let [told, other] = [(); 2].map(|()| Guest::enter(&mut room, &queues));
    let as_of = room.presence();
    room.tell_absent_to(told.id, as_of, words(b'a'));
    room.correct_absence(&words(b'p'));
    room.correct_absence(&words(b'p'));
    room.tell_presence(true, &words(b'P'));
    // What was found out before the last word is no news.
    room.tell_absent_to(told.id, as_of, words(b'a'));
    assert_eq!(told.reads().await, [b'a', b'p', b'P']);
    assert_eq!(other.reads().await, [b'P']);
}

#[test]
fn those_who_waited_with_another_code_have_to_leave() {
    let (queues, mut room) = (Queues::new(1_000, 10_000), Room::default());
    let [(one, _one), (other, _other)] = [(); 2].map(|()| queues.open());
    room.admit(one.clone(), [1; 32], None);
    room.admit(other.clone(), [2; 32], None);
    assert_eq!(room.check(&[1; 32]), [one.id()]);
    assert_eq!((one.closed(), other.closed()), (None, Some(CloseCode::CodeRenewed)));
}

#[test]
fn a_new_claim_closes_the_connection_of_the_old_one_and_is_not_undone_by_it() {
    let (queues, mut room) = (Queues::new(1_000, 10_000), Room::default());
    let [(old, _old), (new, _new)] = [(); 2].map(|()| queues.open());
    let seat = |fence, outbox: &Outbox| Seat::new(fence, claim(), outbox.clone());
    room.seat(seat(1, &old));
    room.seat(seat(2, &new));
    assert_eq!((old.closed(), new.closed()), (Some(CloseCode::Fenced), None));
    room.unseat(1);
    assert_eq!(room.agent().map(|seat| seat.fence), Some(2));
    room.unseat(2);
    assert!(room.end_if_empty());
}
