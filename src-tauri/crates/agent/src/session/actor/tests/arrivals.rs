//! Files that stop, are held, are left out, or are away for a moment.

use super::*;

const NAME: &str = "SWV_15Hz_1.txt";

#[tokio::test(start_paused = true)]
async fn a_run_that_was_stopped_early_is_given_up_after_ten_minutes_and_read_when_it_goes_on() {
    let mut desk = Desk::new(&Settings::default()).await;
    let whole = chi(1);
    let cut: String = whole.split_inclusive('\n').take(whole.lines().count() - 20).collect();
    desk.put(NAME, &cut);
    desk.date(NAME, Duration::from_hours(1));
    desk.scan_and_look().await;
    desk.pass(A_MOMENT).await;
    desk.pass(Duration::from_mins(9)).await;
    assert_eq!(desk.state(NAME), (FileState::Partial, Some("partial".to_owned())));
    assert!(desk.results().is_empty());
    desk.pass(Duration::from_mins(1)).await;
    let entry = desk.file(NAME);
    assert_eq!(
        (entry.state, entry.reason.as_deref()),
        (FileState::Skipped, Some("stopped_early"))
    );
    let (points, expected) = (entry.points.unwrap(), entry.expected_points.unwrap());
    assert_eq!(expected - points, 20);
    let message = format!(
        "{NAME} has {points} of {expected} points and has not changed for 10 minutes: the run was probably stopped early."
    );
    assert_eq!(entry.message, Some(message.clone()));
    let failed = desk.results().remove(0);
    assert_eq!(
        (failed.reason.as_deref(), failed.message),
        (Some("stopped_early"), Some(message))
    );
    assert_eq!(desk.kept(NAME), [cut.len() as u64]);
    // Once, and not again after a restart.
    desk.restart();
    desk.scan_and_look().await;
    desk.pass(Duration::from_mins(11)).await;
    assert_eq!(desk.told(NAME), [FileState::Partial, FileState::Skipped]);

    desk.put(NAME, &whole);
    desk.pass(A_WHILE).await;
    assert_eq!(desk.told(NAME).last(), Some(&FileState::Measured));
    let results = desk.results();
    assert_eq!((results.len(), results[0].reason.as_deref()), (1, None));
}

#[tokio::test(start_paused = true)]
async fn a_young_file_is_not_given_up_whatever_our_clock_says() {
    let mut desk = Desk::new(&Settings::default()).await;
    let whole = chi(1);
    desk.put(NAME, &whole[..whole.len() / 2]);
    desk.scan_and_look().await;
    desk.pass(A_MOMENT).await;
    desk.pass(Duration::from_hours(1)).await;
    assert_eq!(desk.state(NAME).0, FileState::Partial);
}

#[tokio::test(start_paused = true)]
async fn a_folder_that_is_away_in_the_quiet_time_costs_no_scan() {
    let mut desk = Desk::new(&Settings::default()).await;
    desk.put(NAME, scan_text(1, FileFormat::Csv));
    desk.scan_and_look().await;
    let away = desk.files.path().with_extension("away");
    std::fs::rename(desk.files.path(), &away).unwrap();
    desk.pass(A_WHILE).await;
    assert!(desk.actor.trouble.is_some() && desk.actor.agenda.len() == 0);
    std::fs::rename(&away, desk.files.path()).unwrap();
    desk.pass(A_WHILE).await;
    desk.pass(A_WHILE).await;
    assert_eq!(desk.state(NAME), (FileState::Measured, None));
}

#[tokio::test(start_paused = true)]
async fn a_measured_file_that_is_away_in_the_middle_of_a_rewrite_is_looked_at_when_it_is_back() {
    let mut desk = Desk::new(&Settings::default()).await;
    desk.put(NAME, scan_text(1, FileFormat::Csv));
    desk.scan_and_look().await;
    desk.pass(A_WHILE).await;
    desk.put(NAME, scan_text(2, FileFormat::Csv));
    desk.scan_and_look().await;
    let away = desk.files.path().with_extension("away");
    std::fs::rename(desk.files.path(), &away).unwrap();
    desk.pass(A_WHILE).await;
    std::fs::rename(&away, desk.files.path()).unwrap();
    desk.pass(A_WHILE).await;
    desk.pass(A_WHILE).await;
    assert_eq!(desk.file(NAME).file_revision, 2);
}

#[tokio::test(start_paused = true)]
async fn a_log_beside_the_scans_is_kept_once_and_told_once() {
    let mut desk = Desk::new(&Settings::default()).await;
    let mut log = "the run began\n".to_owned();
    for line in 0..20 {
        desk.put("log.txt", &log);
        // Faster than the quiet time: not even that is a reason to keep it.
        desk.pass(A_MOMENT).await;
        if line % 5 == 4 {
            desk.pass(A_WHILE).await;
        }
        log.push_str("another line without a number\n");
    }
    let told = desk.told("log.txt");
    assert_eq!(
        told.iter().filter(|state| **state == FileState::Skipped).count(),
        1,
        "{told:?}"
    );
    assert_eq!(desk.state("log.txt").1.as_deref(), Some("no_numbers"));
    assert_eq!(desk.kept("log.txt").len(), 1);
    assert!(desk.kept("log.txt")[0] > 400, "the newest is the one that is kept");
    assert_eq!(desk.actor.known.quiet_time(), crate::session::known::QUIET);
}

#[tokio::test(start_paused = true)]
async fn what_the_settings_leave_out_is_not_opened_and_comes_when_they_change() {
    let mut settings = Settings::default();
    settings.files.extension = ".csv".to_owned();
    let mut desk = Desk::new(&settings).await;
    for text in [&chi(1)[..500], &chi(1)] {
        desk.put(NAME, text);
        desk.pass(A_WHILE).await;
    }
    desk.put("binary.bin", [0_u8, 159, 146, 150].repeat(50));
    desk.pass(A_WHILE).await;
    assert_eq!(desk.told(NAME), [FileState::Skipped]);
    assert_eq!(desk.state(NAME).1.as_deref(), Some("extension_differs"));
    assert!(desk.kept(NAME).is_empty() && desk.kept("binary.bin").is_empty());
    assert!(desk.results().is_empty());
    // New settings while it was paused: nothing is kept of the file, so it is looked at.
    desk.actor.rules = Arc::new(Rules::new(&Settings::default()).unwrap());
    desk.actor.look_afresh();
    desk.pass(A_WHILE).await;
    desk.pass(A_WHILE).await;
    assert_eq!(desk.told(NAME), [FileState::Skipped, FileState::Measured]);
    assert_eq!(desk.state("binary.bin").1.as_deref(), Some("binary"));
    assert!(desk.kept("binary.bin").is_empty(), "no setting makes a scan of it");
}

/// Gives up the powers by which root reads everything, in this thread and those that it starts.
#[cfg(target_os = "linux")]
fn without_powers(desk: &Desk) -> bool {
    use rustix::thread::{CapabilitySet, capabilities, set_capabilities};
    if let Ok(mut sets) = capabilities(None) {
        sets.effective
            .remove(CapabilitySet::DAC_OVERRIDE | CapabilitySet::DAC_READ_SEARCH);
        let _ = set_capabilities(None, sets);
    }
    desk.put("probe", "x");
    allow(desk, "probe", 0o000);
    let refused = std::fs::read(desk.path("probe")).is_err();
    std::fs::remove_file(desk.path("probe")).unwrap();
    if !refused {
        eprintln!("skipped: this user may read every file");
    }
    refused
}

#[cfg(target_os = "linux")]
fn allow(desk: &Desk, name: &str, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(desk.path(name), std::fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(target_os = "linux")]
#[tokio::test(start_paused = true)]
async fn a_file_that_its_writer_holds_for_a_moment_is_never_told_as_skipped() {
    let mut desk = Desk::new(&Settings::default()).await;
    if !without_powers(&desk) {
        return;
    }
    desk.put(NAME, chi(1));
    allow(&desk, NAME, 0o000);
    desk.scan_and_look().await;
    desk.pass(A_MOMENT).await;
    allow(&desk, NAME, 0o644);
    desk.pass(A_MOMENT).await;
    assert_eq!(desk.told(NAME), [FileState::Measured]);
    assert_eq!(desk.results().len(), 1);
}

#[cfg(target_os = "linux")]
#[tokio::test(start_paused = true)]
async fn a_file_without_permission_says_so_and_is_measured_once_it_may_be_read() {
    let mut desk = Desk::new(&Settings::default()).await;
    if !without_powers(&desk) {
        return;
    }
    desk.put(NAME, chi(1));
    allow(&desk, NAME, 0o000);
    desk.scan_and_look().await;
    desk.pass(A_WHILE).await;
    desk.pass(A_WHILE).await;
    assert_eq!(
        desk.state(NAME),
        (FileState::Skipped, Some("permission_denied".to_owned()))
    );
    assert_eq!(desk.results()[0].reason.as_deref(), Some("permission_denied"));
    // Neither its size nor its time changes by this.
    allow(&desk, NAME, 0o644);
    desk.pass(A_WHILE).await;
    assert_eq!(desk.told(NAME), [FileState::Skipped, FileState::Measured]);
    assert_eq!(desk.results().len(), 1);
}

#[cfg(target_os = "linux")]
#[tokio::test(start_paused = true)]
async fn a_measured_file_whose_next_content_cannot_be_read_keeps_its_numbers_and_is_tried_again() {
    let mut desk = Desk::new(&Settings::default()).await;
    if !without_powers(&desk) {
        return;
    }
    desk.put(NAME, chi(1));
    desk.scan_and_look().await;
    let first = desk.results();
    desk.put("next", chi(2));
    allow(&desk, "next", 0o000);
    std::fs::rename(desk.path("next"), desk.path(NAME)).unwrap();
    desk.scan_and_look().await;
    desk.pass(A_WHILE).await;
    assert_eq!(
        desk.state(NAME),
        (FileState::Partial, Some("permission_denied".to_owned()))
    );
    assert!(
        desk.file(NAME)
            .message
            .is_some_and(|m| m.contains("earlier numbers stay"))
    );
    assert_eq!(desk.results(), first);
    allow(&desk, NAME, 0o644);
    desk.pass(A_WHILE).await;
    assert_eq!(
        (desk.state(NAME).0, desk.file(NAME).file_revision),
        (FileState::Measured, 2)
    );
    assert_eq!(desk.results().len(), 1);
}
