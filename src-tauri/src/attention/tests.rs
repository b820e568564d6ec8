use std::time::Duration;

use protocol::ids::SessionId;
use protocol::measurement::{Measurement, Quality, Status};
use protocol::record::{Event, LiveEvent, RecordEntry, RecordEvent};
use protocol::refusal::Refusal;
use protocol::session::{SessionState, Source};
use protocol::settings::Settings;
use protocol::sharing::SharingStatus;
use tokio::time::Instant;

use super::notice::{in_words, sentence};
use super::*;

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_mins(1);

/// A watch over one session, and a clock that stands still until it is moved.
struct Lab {
    watch: Watch,
    session: SessionId,
    now: Instant,
}

impl Lab {
    fn new() -> Self {
        Self::with(Source::WatchedFolder {
            folder: "/lab/run 7".to_owned(),
        })
    }

    fn with(source: Source) -> Self {
        let mut lab = Self {
            watch: Watch::default(),
            session: SessionId::new(),
            now: Instant::now(),
        };
        let started = RecordEvent::SessionStarted {
            name: "Ada 7".to_owned(),
            source,
            settings: Box::new(Settings::default()),
        };
        assert_eq!(lab.happens(started), []);
        lab
    }

    fn happens(&mut self, event: RecordEvent) -> Vec<Word> {
        let entry = RecordEntry {
            session: self.session,
            seq: 1,
            offset: 1,
            at: "2026-01-01T00:00:00Z".to_owned(),
            event,
        };
        self.watch.heard(self.now, &Event::Record(Box::new(entry)))
    }

    /// A file whose electrodes gave results, or did not.
    fn file(&mut self, electrodes: &[(u32, bool)]) -> Vec<Word> {
        let measurements = electrodes.iter().map(|&(electrode, good)| measurement(electrode, good));
        self.happens(RecordEvent::Measured {
            measurements: measurements.collect(),
        })
    }

    /// So many files, one after the other.
    fn files(&mut self, count: u32, electrodes: &[(u32, bool)]) -> Vec<Word> {
        (0..count).flat_map(|_| self.file(electrodes)).collect()
    }

    fn paced_files(&mut self, count: u32, every: Duration) {
        for _ in 0..count {
            assert_eq!(self.file(&[(1, true), (2, true)]), []);
            self.quiet(every);
        }
    }

    /// Lets time pass, looking whenever the watch wants to; what it said.
    fn passes(&mut self, duration: Duration) -> Vec<Word> {
        let end = self.now + duration;
        let mut words = Vec::new();
        while let Some(due) = self.watch.due().filter(|due| *due <= end) {
            self.now = self.now.max(due);
            words.extend(self.watch.looked(self.now));
        }
        self.now = end;
        words.extend(self.watch.looked(self.now));
        words
    }

    fn quiet(&mut self, duration: Duration) {
        assert_eq!(self.passes(duration), []);
    }

    fn becomes(&mut self, state: SessionState, reason: Option<&str>) -> Vec<Word> {
        let reason = reason.map(str::to_owned);
        self.happens(match state {
            SessionState::Finished => RecordEvent::SessionEnded { reason },
            state => RecordEvent::SessionChanged {
                name: "Ada 7".to_owned(),
                state,
                reason,
            },
        })
    }

    fn shared(&mut self, status: &SharingStatus) -> Vec<Word> {
        self.watch.sharing(self.now, status)
    }
}

fn measurement(electrode: u32, good: bool) -> Measurement {
    Measurement {
        measurement: None,
        session: None,
        revision: Some(1),
        file: "a.txt".to_owned(),
        file_revision: 1,
        electrode: Some(electrode),
        frequency_hz: Some(15.0),
        index: Some(1),
        time: None,
        time_source: None,
        method: None,
        status: if good { Status::Ok } else { Status::Warning },
        reason: (!good).then(|| "no_peak".to_owned()),
        message: (!good).then(|| "there is no peak".to_owned()),
        peak_current_a: good.then_some(1e-6),
        peak_potential_v: None,
        baseline_current_a: None,
        area_va: None,
        charge_c: None,
        fwhm_v: None,
        snr: None,
        polarity: None,
        quality: Some(if good { Quality::Pass } else { Quality::Warning }),
        excluded: false,
        marked_by_hand: None,
        peak: None,
        peak_current_error_a: None,
        peak_potential_error_v: None,
        cv: None,
        ca: None,
    }
}

/// The only notice among words.
fn told(words: &[Word]) -> &Notice {
    match words {
        [Word::Tell(notice)] => notice,
        other => panic!("not one notice: {other:?}"),
    }
}

#[test]
fn a_session_stalls_when_it_is_quiet_for_four_times_its_usual_gap() {
    let mut lab = Lab::new();
    lab.paced_files(10, MINUTE);
    lab.quiet(2 * MINUTE);
    let words = lab.passes(MINUTE + SECOND);
    let notice = told(&words);
    assert_eq!(notice.cause, Cause::Stalled(lab.session));
    assert_eq!(notice.title, "Ada 7 has stalled");
    assert!(notice.body.contains("No new file for 4 min."), "{}", notice.body);
    assert!(notice.body.contains("at least every 60 s"), "{}", notice.body);
    assert!(notice.body.contains("saves into /lab/run 7"), "{}", notice.body);
    assert_eq!(lab.watch.stalled(), 1);
}

#[test]
fn a_fast_session_may_be_quiet_for_two_minutes_and_one_without_a_pace_for_twenty() {
    let mut lab = Lab::new();
    lab.quiet(48 * 60 * MINUTE);
    assert_eq!(lab.file(&[(1, true)]), []);
    lab.quiet(19 * MINUTE);
    assert_eq!(told(&lab.passes(2 * MINUTE)).cause, Cause::Stalled(lab.session));

    let mut fast = Lab::new();
    fast.paced_files(20, SECOND);
    fast.quiet(Duration::from_secs(118));
    told(&fast.passes(2 * SECOND));
}

#[test]
fn a_stall_is_told_once_until_it_is_over_and_its_length_is_no_pace() {
    let mut lab = Lab::new();
    lab.paced_files(5, MINUTE);
    assert_eq!(lab.passes(10 * 60 * MINUTE).len(), 1);
    assert_eq!(lab.file(&[(1, true)]), [Word::Over(Cause::Stalled(lab.session))]);
    assert_eq!(lab.watch.stalled(), 0);
    lab.quiet(3 * MINUTE + 59 * SECOND);
    assert_eq!(lab.passes(10 * MINUTE).len(), 1);
}

#[test]
fn who_pauses_or_ends_a_session_hears_of_no_stall() {
    let mut lab = Lab::new();
    lab.paced_files(5, MINUTE);
    assert_eq!(lab.becomes(SessionState::Paused, None), []);
    lab.quiet(60 * MINUTE);
    assert_eq!(lab.becomes(SessionState::Running, None), []);
    lab.quiet(3 * MINUTE);
    assert_eq!(told(&lab.passes(2 * MINUTE)).cause, Cause::Stalled(lab.session));
    // It ends while it is stalled: what was told of the stall goes.
    let words = lab.becomes(SessionState::Finished, Some("stopped"));
    assert_eq!(words[0], Word::Over(Cause::Stalled(lab.session)));
    assert_eq!(told(&words[1..]).cause, Cause::Finished(lab.session));
    lab.quiet(600 * MINUTE);
}

#[test]
fn a_folder_that_is_away_is_a_stall_with_its_reason() {
    let mut lab = Lab::new();
    lab.paced_files(5, SECOND);
    lab.becomes(SessionState::Waiting, Some("the folder is away"));
    let words = lab.passes(3 * MINUTE);
    assert!(told(&words).body.contains("The folder is away. Check"), "{words:?}");
}

#[test]
fn what_cannot_go_on_is_told_at_once() {
    let mut lab = Lab::new();
    lab.paced_files(2, SECOND);
    let words = lab.becomes(SessionState::Failed, Some("the disk is full."));
    assert_eq!(told(&words).title, "Ada 7 cannot go on");
    assert!(told(&words).body.starts_with("The disk is full. Open it"), "{words:?}");
    assert_eq!(lab.becomes(SessionState::Failed, Some("the disk is full.")), []);
    let over = [Word::Over(Cause::Stalled(lab.session))];
    assert_eq!(lab.becomes(SessionState::Running, None), over);
}

#[test]
fn the_end_is_told_once_each_time() {
    let mut lab = Lab::new();
    lab.file(&[(1, true)]);
    let words = lab.becomes(SessionState::Finished, Some("the simulated experiment is over"));
    assert_eq!(told(&words).title, "Ada 7 is finished");
    assert!(
        told(&words)
            .body
            .starts_with("The simulated experiment is over. Open it")
    );
    assert_eq!(lab.becomes(SessionState::Finished, None), []);
    assert_eq!(lab.becomes(SessionState::Running, None), []);
    assert_eq!(lab.becomes(SessionState::Finished, None).len(), 1);
}

#[test]
fn an_electrode_fails_after_five_scans_in_a_row_while_others_go_on() {
    let mut lab = Lab::new();
    assert_eq!(lab.files(4, &[(1, true), (2, false)]), []);
    let words = lab.file(&[(1, true), (2, false)]);
    let notice = told(&words);
    assert_eq!(notice.cause, Cause::Electrode(lab.session, 2));
    assert_eq!(notice.title, "Electrode 2 of Ada 7 fails");
    assert!(
        notice.body.contains("There is no peak. Look at its sweeps"),
        "{}",
        notice.body
    );
    assert_eq!(lab.files(50, &[(1, true), (2, false)]), []);
    // A single result ends it, and the count begins anew.
    let over = [Word::Over(Cause::Electrode(lab.session, 2))];
    assert_eq!(lab.file(&[(1, true), (2, true)]), over);
    assert_eq!(lab.files(4, &[(1, true), (2, false)]), []);
    assert_eq!(lab.file(&[(1, true), (2, false)]).len(), 1);
}

#[test]
fn electrodes_in_files_of_their_own_are_counted_by_their_own_scans() {
    let mut lab = Lab::new();
    for round in 1..=5 {
        assert_eq!(lab.file(&[(1, true)]), []);
        assert_eq!(lab.file(&[(3, true)]), []);
        assert_eq!(lab.file(&[(2, false)]).len(), usize::from(round == 5));
    }
}

#[test]
fn where_all_electrodes_fail_that_is_one_notice() {
    let mut lab = Lab::new();
    lab.files(3, &[(1, true), (2, true), (3, true)]);
    let words = lab.files(40, &[(1, false), (2, false), (3, false)]);
    assert_eq!(told(&words).cause, Cause::Electrodes(lab.session));
    assert_eq!(told(&words).title, "No electrode of Ada 7 gives a result");
    let words = lab.file(&[(1, true), (2, false), (3, false)]);
    // Now one goes on, so that the others fail as electrodes.
    assert_eq!(words[0], Word::Over(Cause::Electrodes(lab.session)));
    assert_eq!(words.len(), 3, "{words:?}");
    // A session with one electrode has no others to compare with.
    let mut single = Lab::new();
    let words = single.files(12, &[(1, false)]);
    assert_eq!(told(&words).cause, Cause::Electrodes(single.session));
}

#[test]
fn a_file_that_could_not_be_used_says_nothing_of_electrodes() {
    let mut lab = Lab::new();
    let mut unusable = measurement(1, false);
    (unusable.electrode, unusable.status) = (None, Status::Failed);
    for _ in 0..20 {
        let measurements = vec![unusable.clone()];
        assert_eq!(lab.happens(RecordEvent::Measured { measurements }), []);
    }
}

#[test]
fn files_that_were_there_before_are_no_news() {
    let mut lab = Lab::with(Source::ImportedFiles {
        folder: "/lab/old".to_owned(),
        files: Vec::new(),
    });
    assert_eq!(lab.files(20, &[(1, true), (2, false)]), []);
    lab.quiet(600 * MINUTE);
    assert_eq!(lab.becomes(SessionState::Finished, Some("all files were read")), []);
}

#[test]
fn a_deleted_session_is_forgotten() {
    let mut lab = Lab::new();
    lab.paced_files(5, SECOND);
    let deleted = Event::Live(LiveEvent::SessionDeleted { session: lab.session });
    assert_eq!(lab.watch.heard(lab.now, &deleted), []);
    lab.quiet(600 * MINUTE);
}

fn offline(code: &str) -> SharingStatus {
    SharingStatus::Offline {
        relay: "https://relay.example.org".to_owned(),
        since: "2026-01-01T00:00:00Z".to_owned(),
        reason: Refusal::new(code, "It does not answer.", "Check the network."),
        again_at: "2026-01-01T00:01:00Z".to_owned(),
    }
}

fn connecting() -> SharingStatus {
    SharingStatus::Connecting {
        relay: "https://relay.example.org".to_owned(),
        since: "2026-01-01T00:00:00Z".to_owned(),
    }
}

fn online() -> SharingStatus {
    SharingStatus::Online {
        relay: "https://relay.example.org".to_owned(),
        since: "2026-01-01T00:00:00Z".to_owned(),
        viewers: 0,
    }
}

#[test]
fn a_relay_that_is_lost_for_ten_minutes_is_told_once_until_it_is_back() {
    let mut lab = Lab::new();
    lab.shared(&online());
    // It is tried again and again meanwhile: that is one loss.
    for _ in 0..9 {
        assert_eq!(lab.shared(&offline("relay_unreachable")), []);
        lab.quiet(Duration::from_secs(30));
        assert_eq!(lab.shared(&connecting()), []);
        lab.quiet(Duration::from_secs(30));
    }
    lab.shared(&offline("relay_unreachable"));
    let words = lab.passes(2 * MINUTE);
    assert_eq!(told(&words).cause, Cause::RelayLost);
    let body = &told(&words).body;
    assert!(
        body.starts_with(
            "https://relay.example.org is out of reach for 10 min. It does not answer. Check the network."
        ),
        "{body}"
    );
    assert_eq!(lab.shared(&offline("relay_unreachable")), []);
    lab.quiet(600 * MINUTE);
    assert_eq!(lab.shared(&online()), [Word::Over(Cause::RelayLost)]);
    lab.shared(&offline("relay_unreachable"));
    assert_eq!(lab.passes(11 * MINUTE).len(), 1);
}

#[test]
fn a_short_loss_or_sharing_that_is_turned_off_is_no_news() {
    let mut lab = Lab::new();
    lab.shared(&offline("relay_unreachable"));
    lab.quiet(9 * MINUTE);
    assert_eq!(lab.shared(&online()), []);
    lab.quiet(600 * MINUTE);
    lab.shared(&offline("relay_unreachable"));
    assert_eq!(lab.shared(&SharingStatus::Off { relay: None }), []);
    lab.quiet(600 * MINUTE);
}

#[test]
fn each_cause_has_its_switch() {
    let session = SessionId::new();
    assert_eq!(Cause::Electrodes(session).kind(), Kind::ElectrodeFailing);
    assert_eq!(Cause::Electrode(session, 1).kind(), Kind::ElectrodeFailing);
    assert_eq!(Cause::Stalled(session).kind(), Kind::Stalled);
    assert_eq!(Cause::Finished(session).kind(), Kind::Finished);
    assert_eq!(Cause::RelayLost.kind(), Kind::RelayLost);
    assert_eq!(
        (Cause::RelayLost.session(), Cause::Finished(session).session()),
        (None, Some(session))
    );
}

#[test]
fn durations_and_reasons_read_well() {
    let said = [1, 119, 120, 3599, 7200].map(|seconds| in_words(Duration::from_secs(seconds)));
    assert_eq!(said, ["1 s", "119 s", "2 min", "60 min", "2 h"]);
    assert_eq!(sentence("the disk is full"), "The disk is full.");
    assert_eq!(sentence("Done!"), "Done!");
    assert_eq!(sentence(" "), "");
}
