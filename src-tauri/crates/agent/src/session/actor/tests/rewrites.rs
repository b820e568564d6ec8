//! Names whose content is written again.

use super::*;

const NAME: &str = "SWV_15Hz_1.txt";

/// A scan that was measured, then cut short by a second run under its name that was told as partial.
async fn cut_short_again() -> (Desk, Measurement) {
    let mut desk = Desk::new(&Settings::default()).await;
    desk.put(NAME, chi(1));
    desk.scan_and_look().await;
    let first = desk.results().remove(0);
    let second = chi(2);
    desk.put(NAME, &second[..second.len() / 2]);
    desk.scan_and_look().await;
    desk.pass(A_MOMENT).await;
    assert_eq!(desk.told(NAME), [FileState::Measured, FileState::Partial]);
    (desk, first)
}

#[tokio::test(start_paused = true)]
async fn a_second_run_that_vanishes_leaves_the_first_and_the_third_is_new() {
    let (mut desk, first) = cut_short_again().await;
    std::fs::remove_file(desk.path(NAME)).unwrap();
    desk.actor.agenda.put(NAME, Instant::now());
    desk.look().await;
    let entry = desk.file(NAME);
    assert_eq!(
        (entry.state, entry.file_revision, entry.index),
        (FileState::Measured, 1, Some(1))
    );
    assert_eq!(desk.results(), std::slice::from_ref(&first));

    desk.put(NAME, chi(3));
    desk.pass(A_WHILE).await;
    assert_eq!(desk.file(NAME).file_revision, 2);
    let results = desk.results();
    assert_eq!((results.len(), results[0].file_revision), (1, 2));
    assert_ne!(results[0].measurement, first.measurement);
    let behind = |m: &Measurement| {
        let (_, kept) = desk.store.content_behind(m.measurement.unwrap().0).unwrap();
        String::from_utf8(kept.content).unwrap()
    };
    assert_eq!(behind(&first), chi(1));
    assert_eq!(behind(&results[0]), chi(3));
}

#[tokio::test(start_paused = true)]
async fn a_first_run_that_comes_back_is_the_one_that_was_measured() {
    let (mut desk, first) = cut_short_again().await;
    std::fs::remove_file(desk.path(NAME)).unwrap();
    // After a restart too: what was before the partial content is known from what is kept.
    desk.restart();
    desk.scan_and_look().await;
    assert_eq!(desk.state(NAME), (FileState::Measured, None));
    desk.put(NAME, chi(1));
    desk.pass(A_WHILE).await;
    assert_eq!(desk.state(NAME), (FileState::Measured, None));
    assert_eq!(desk.results(), [first]);
    assert_eq!(desk.kept(NAME).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_rewrite_that_ends_with_the_same_content_leaves_place_and_numbers() {
    let (mut desk, first) = cut_short_again().await;
    desk.put(NAME, chi(1));
    desk.pass(A_WHILE).await;
    let entry = desk.file(NAME);
    assert_eq!((entry.state, entry.file_revision), (FileState::Measured, 1));
    assert_eq!((entry.index, entry.frequency_hz), (Some(1), Some(15.0)));
    assert_eq!(desk.results(), [first]);
}

#[tokio::test(start_paused = true)]
async fn a_file_that_was_only_touched_is_not_read_at_every_start() {
    let mut desk = Desk::new(&Settings::default()).await;
    desk.put(NAME, chi(1));
    desk.scan_and_look().await;
    desk.date(NAME, Duration::from_hours(1));
    desk.pass(A_WHILE).await;
    let told = desk.record().len();
    desk.restart();
    desk.scan().await;
    assert_eq!(desk.actor.agenda.len(), 0, "its time is known");
    assert_eq!(desk.record().len(), told);
}

#[tokio::test(start_paused = true)]
async fn a_partial_file_that_vanishes_says_so_and_is_measured_when_it_is_back() {
    let mut desk = Desk::new(&Settings::default()).await;
    let whole = chi(1);
    desk.put(NAME, &whole[..whole.len() / 2]);
    desk.scan_and_look().await;
    desk.pass(A_MOMENT).await;
    std::fs::remove_file(desk.path(NAME)).unwrap();
    desk.actor.agenda.put(NAME, Instant::now());
    desk.look().await;
    assert_eq!(desk.state(NAME), (FileState::Skipped, Some("vanished".to_owned())));
    desk.put(NAME, &whole);
    desk.pass(A_WHILE).await;
    assert_eq!(
        desk.told(NAME),
        [FileState::Partial, FileState::Skipped, FileState::Measured]
    );
    assert_eq!(desk.results().len(), 1);
}
