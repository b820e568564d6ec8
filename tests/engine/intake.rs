//! What becomes of files of every kind.

use std::io::Write;
use std::time::Duration;

use instrument::simulated::{FileFormat, WritingStyle};
use protocol::measurement::Status;
use protocol::record::RecordEvent;
use protocol::session::{FileState, SessionState};
use protocol::settings::Settings;

use crate::bench::{Bench, files_in, play_into, scan_text};

#[tokio::test(flavor = "multi_thread")]
async fn every_scan_of_a_running_experiment_is_measured_once() {
    let bench = Bench::new().await;
    let session = bench.watch(Settings::default()).await;
    let folder = bench.files.path().to_owned();
    let playing =
        tokio::task::spawn_blocking(move || play_into(&folder, 3, 25, FileFormat::ChiText, WritingStyle::Atomic));
    let events = bench.until_files(session, FileState::Measured, 50).await;
    playing.await.unwrap();
    assert!(
        files_in(&events, FileState::Skipped).is_empty(),
        "temporary names are not scans"
    );

    let results = bench.results(session).await;
    assert_eq!(results.len(), 150);
    assert!(
        results
            .iter()
            .all(|m| m.status != Status::Failed && m.peak_current_a.is_some()),
        "{results:#?}"
    );
    let entries = bench.record(session).await;
    let seqs: Vec<u64> = entries.iter().map(|e| e.seq).collect();
    assert_eq!(seqs, (1..=entries.len() as u64).collect::<Vec<_>>());
    let detail = bench.detail(session).await;
    assert_eq!(detail.electrodes, [1, 2, 3]);
    assert_eq!(detail.frequencies_hz, [15.0, 200.0]);
    assert_eq!(
        (
            detail.summary.files,
            detail.summary.files_measured,
            detail.summary.measurements
        ),
        (50, 50, 150)
    );
    assert_eq!(detail.summary.state, SessionState::Running);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_without_an_end_mark_is_measured_after_the_quiet_time() {
    let bench = Bench::new().await;
    let session = bench.watch(Settings::default()).await;
    let whole = scan_text(1, FileFormat::Csv);
    // Line by line, with pauses shorter than the quiet time, for longer than it.
    let path = bench.put("SWV_15Hz_1.txt", "");
    let mut file = std::fs::OpenOptions::new().append(true).open(&path).unwrap();
    let chunks: Vec<&[u8]> = whole.as_bytes().chunks(whole.len() / 6).collect();
    let (last, most) = chunks.split_last().unwrap();
    for chunk in most {
        file.write_all(chunk).unwrap();
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    bench.until_files(session, FileState::Partial, 1).await;
    file.write_all(last).unwrap();
    drop(file);
    bench.until_files(session, FileState::Measured, 1).await;
    let results = bench.results(session).await;
    assert_eq!((results.len(), results[0].file_revision), (1, 1), "{results:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_chi_file_stays_partial_until_it_is_whole() {
    let bench = Bench::new().await;
    let session = bench.watch(Settings::default()).await;
    let whole = scan_text(1, FileFormat::ChiText);
    bench.put("SWV_15Hz_1.txt", &whole[..whole.len() / 2]);
    bench.until_files(session, FileState::Partial, 1).await;
    assert!(
        bench.results(session).await.is_empty(),
        "a partial file gives no result"
    );
    bench.put("SWV_15Hz_1.txt", &whole);
    bench.until_files(session, FileState::Measured, 1).await;
    assert_eq!(bench.results(session).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn new_content_is_a_new_revision_and_the_same_content_is_nothing() {
    let bench = Bench::new().await;
    let session = bench.watch(Settings::default()).await;
    let name = "SWV_15Hz_1.txt";
    bench.put(name, scan_text(1, FileFormat::ChiText));
    bench.until_files(session, FileState::Measured, 1).await;
    let first = bench.results(session).await.remove(0);
    // The same bytes again, with a new time.
    bench.put(name, scan_text(1, FileFormat::ChiText));
    bench.put(name, scan_text(2, FileFormat::ChiText));
    let is_second = |e: &RecordEvent| matches!(e, RecordEvent::FileState { file_revision: 2, .. });
    let events = bench.until(session, |events| events.iter().any(is_second)).await;
    assert_eq!(
        events
            .iter()
            .filter(|e| matches!(e, RecordEvent::Measured { .. }))
            .count(),
        2,
        "{events:#?}"
    );
    let results = bench.results(session).await;
    assert_eq!((results.len(), results[0].file_revision), (1, 2));
    assert_ne!(results[0].peak_current_a, first.peak_current_a);
    assert_ne!(
        results[0].measurement, first.measurement,
        "a new sweep is a new measurement"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_bad_file_has_a_reason_and_costs_the_others_nothing() {
    let bench = Bench::new().await;
    let good = scan_text(1, FileFormat::ChiText);
    let table = |rows: &str| format!("Potential (V),Current (A)\n{rows}");
    let sweep = |current: fn(f64) -> f64| {
        let rows: Vec<String> = (0..101)
            .map(|k| f64::from(k) * -0.005)
            .map(|v| format!("{v:.3},{:e}", current(v)))
            .collect();
        table(&(rows.join("\n") + "\n"))
    };
    bench.put("good_15Hz_1.txt", &good);
    bench.put("empty_15Hz_2.txt", "");
    bench.put("header_15Hz_3.txt", "Potential (V),Current (A)\n");
    bench.put("binary_15Hz_4.txt", [0_u8, 159, 146, 150, 0, 1, 2, 3].repeat(50));
    bench.put("two_15Hz_5.txt", table("0,1e-9\n-0.1,2e-9\n"));
    bench.put("flat_15Hz_6.txt", sweep(|_| 1e-9));
    bench.put("no_peak_15Hz_7.txt", sweep(|v| 1e-7 * v));
    bench.put(
        "nan_15Hz_8.txt",
        sweep(|v| {
            if v == -0.25 {
                f64::NAN
            } else {
                1e-6 * (-((v + 0.25) / 0.04).powi(2)).exp()
            }
        }),
    );
    bench.put("words_15Hz_9.txt", "this is a letter,\nnot a measurement\n");
    let comma = sweep(|v| 1e-6 * (-((v + 0.25) / 0.04).powi(2)).exp())
        .replace(',', ";")
        .replace('.', ",");
    bench.put("comma_15Hz_10.txt", &comma);
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(good.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    bench.put("utf16_15Hz_11.txt", utf16);
    let huge = std::fs::File::create(bench.files.path().join("huge_15Hz_12.txt")).unwrap();
    huge.set_len(300_000_000).unwrap();

    let session = bench.import(Settings::default()).await;
    bench.until_state(session, SessionState::Finished).await;
    let results = bench.results(session).await;
    let of = |name: &str| {
        results
            .iter()
            .find(|m| m.file.starts_with(name))
            .unwrap_or_else(|| panic!("{name} has no result"))
    };
    for (name, status, reason) in [
        ("good", Status::Ok, None),
        ("empty", Status::Failed, Some("empty")),
        ("header", Status::Failed, Some("header_only")),
        ("binary", Status::Failed, Some("binary")),
        ("two", Status::Failed, Some("too_few_points")),
        ("flat", Status::Warning, Some("flat_trace")),
        ("no_peak", Status::Warning, Some("no_peak")),
        ("nan", Status::Warning, Some("non_finite_points")),
        ("words", Status::Failed, Some("no_numbers")),
        ("utf16", Status::Ok, None),
        ("huge", Status::Failed, Some("too_large")),
    ] {
        let found = of(name);
        assert_eq!(
            (found.status, found.reason.as_deref()),
            (status, reason),
            "{name}: {found:#?}"
        );
        let has_number = found.peak_current_a.is_some();
        assert_eq!(has_number, matches!(name, "good" | "nan" | "utf16"), "{name}");
        assert_eq!(found.message.is_some(), reason.is_some(), "{name}: a reason in words");
    }
    let decimal_comma = of("comma");
    let height = decimal_comma.peak_current_a.unwrap();
    assert!(
        (height - 1e-6).abs() < 5e-8,
        "a decimal comma is no thousands mark: {height}"
    );
    let skipped: Vec<_> = bench
        .files(session)
        .await
        .into_iter()
        .filter(|f| f.state == FileState::Skipped)
        .collect();
    assert!(
        skipped
            .iter()
            .all(|f| f.reason.is_some() && f.message.as_ref().is_some_and(|m| m.contains(&f.file)))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn two_files_with_one_index_are_both_kept_and_gaps_block_nothing() {
    let bench = Bench::new().await;
    bench.put("a_15Hz_1.txt", scan_text(1, FileFormat::ChiText));
    bench.put("b_15Hz_1.txt", scan_text(2, FileFormat::ChiText));
    bench.put("a_15Hz_9.txt", scan_text(3, FileFormat::ChiText));
    let session = bench.import(Settings::default()).await;
    bench.until_state(session, SessionState::Finished).await;
    let results = bench.results(session).await;
    assert_eq!(results.len(), 3);
    let reasons: Vec<_> = results.iter().map(|m| m.reason.as_deref()).collect();
    assert_eq!(
        reasons.iter().filter(|r| **r == Some("duplicate_index")).count(),
        1,
        "{reasons:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_names_the_electrode_and_refuses_other_names_with_a_reason() {
    let bench = Bench::new().await;
    // A table that states an electrode itself would win over the name.
    let table = scan_text(1, FileFormat::Csv).replacen("Current E1 (A)", "Current (A)", 1);
    bench.put("E3_run_15Hz_1.txt", table);
    bench.put("notes.txt", scan_text(2, FileFormat::Csv));
    let mut settings = Settings::default();
    settings.files.pattern = "E<E>_<H>_<F>Hz_<N>".to_owned();
    settings.electrodes.selected = vec![3];
    let session = bench.import(settings).await;
    bench.until_state(session, SessionState::Finished).await;
    let refused = bench.file(session, "notes.txt").await;
    assert_eq!(
        (refused.state, refused.reason.as_deref()),
        (FileState::Skipped, Some("name_does_not_match"))
    );
    let measured: Vec<_> = bench
        .results(session)
        .await
        .into_iter()
        .filter(|m| m.status == Status::Ok)
        .collect();
    assert_eq!(measured.len(), 1);
    assert_eq!(
        (measured[0].electrode, measured[0].index, measured[0].frequency_hz),
        (Some(3), Some(1), Some(15.0))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_electrode_fails_alone() {
    let bench = Bench::new().await;
    play_into(bench.files.path(), 2, 1, FileFormat::ChiText, WritingStyle::Burst);
    let mut settings = Settings::default();
    settings.electrodes.selected = vec![2, 5];
    let session = bench.import(settings).await;
    bench.until_state(session, SessionState::Finished).await;
    let results = bench.results(session).await;
    assert_eq!(results.len(), 4);
    for m in &results {
        let reason = if m.electrode == Some(5) {
            Some("electrode_missing")
        } else {
            None
        };
        assert_eq!(m.reason.as_deref(), reason);
        assert_eq!(m.status == Status::Failed, reason.is_some());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_without_a_last_line_break_is_measured_once_it_rests() {
    let bench = Bench::new().await;
    let session = bench.watch(Settings::default()).await;
    bench.put("SWV_15Hz_1.txt", scan_text(1, FileFormat::Csv).trim_end());
    bench.until_files(session, FileState::Measured, 1).await;
    let results = bench.results(session).await;
    assert!(results[0].peak_current_a.is_some(), "{results:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_frequency_in_the_header_wins_over_the_one_in_the_name() {
    let bench = Bench::new().await;
    let text = scan_text(1, FileFormat::ChiText);
    bench.put("SWV_999Hz_1.txt", &text);
    bench.put(
        "SWV_15Hz_2.txt",
        text.replace("Frequency (Hz) = 15", "Frequency (Hz) = 40"),
    );
    let mut settings = Settings::default();
    settings.files.frequencies_hz = vec![15.0];
    let session = bench.import(settings).await;
    bench.until_state(session, SessionState::Finished).await;
    let results = bench.results(session).await;
    assert_eq!(results.len(), 1, "{results:#?}");
    assert_eq!((results[0].frequency_hz, results[0].index), (Some(15.0), Some(1)));
    let left_out = bench.file(session, "SWV_15Hz_2.txt").await;
    assert_eq!(left_out.reason.as_deref(), Some("frequency_not_selected"));
}
