//! What must hold for any bytes, as plain functions: the tests run them over seeded mutations, cargo-fuzz over its own.

use instrument::formats::{FORMATS, Input};
use instrument::{NamePattern, ReadOptions, Recording, Trace, Unreadable};

/// Reads bytes as a file of unknown format, while it may still grow and when it no longer does.
pub fn any_file(bytes: &[u8]) {
    for options in options() {
        check(bytes, &instrument::read(bytes, &options));
    }
}

/// Gives bytes to one parser, whether it recognises them or not.
pub fn one_parser(choice: usize, bytes: &[u8]) {
    let format = FORMATS[choice % FORMATS.len()];
    let input = Input::new(bytes);
    let _ = format.recognises(&input);
    for options in options() {
        check(bytes, &format.read(&input, &options));
    }
}

/// Gives bytes to every parser in turn.
pub fn every_parser(bytes: &[u8]) {
    for choice in 0..FORMATS.len() {
        one_parser(choice, bytes);
    }
}

/// Reads a file name, and a pattern for file names.
pub fn scan_name(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for pattern in ["auto", "<H>_<F>Hz_<N>", "E<E>_<H>_<F>Hz_<N>", &text] {
        if let Ok(pattern) = NamePattern::parse(pattern) {
            let _ = pattern.parse_name(&text);
        }
    }
}

fn options() -> [ReadOptions; 2] {
    [false, true].map(|settled| ReadOptions {
        settled,
        ..ReadOptions::default()
    })
}

/// What every result has to fulfil.
fn check(bytes: &[u8], result: &Result<Recording, Unreadable>) {
    match result {
        Ok(recording) => check_recording(bytes, recording),
        Err(unreadable) => {
            assert!(!unreadable.code().is_empty());
            assert!(unreadable.message().ends_with('.'), "{}", unreadable.message());
        }
    }
}

fn check_recording(bytes: &[u8], recording: &Recording) {
    assert!(!recording.electrodes.is_empty(), "a recording without an electrode");
    let mut values = 0;
    for electrode in &recording.electrodes {
        let points = electrode.trace.len();
        assert!(points > 0, "an electrode without a point");
        assert!(points <= recording.points, "more points than rows");
        let (x, current_a) = match &electrode.trace {
            Trace::Voltammogram(sweep) => (sweep.potential_v(), sweep.current_a()),
            Trace::Transient(transient) => (transient.time_s(), transient.current_a()),
        };
        assert_eq!((x.len(), current_a.len()), (points, points));
        for beside in [&electrode.time_s, &electrode.forward_a, &electrode.reverse_a] {
            assert!(beside.as_ref().is_none_or(|beside| beside.len() == points));
            values += beside.as_ref().map_or(0, Vec::len);
        }
        assert!(electrode.cycle.as_ref().is_none_or(|cycle| cycle.len() == points));
        values += 2 * points;
    }
    // A number takes a byte and its separator another; a potential or time may be shared by all electrodes of a row.
    assert!(
        values <= 4 * bytes.len().max(64) || is_packed(bytes),
        "{values} values of {} bytes",
        bytes.len()
    );
    for reservation in &recording.reservations {
        assert!(reservation.message().ends_with('.'), "{}", reservation.message());
    }
    for value in [recording.frequency_hz, recording.scan_rate_v_s].into_iter().flatten() {
        assert!(value.is_finite() && value > 0.0, "{value}");
    }
}

/// Workbooks are compressed.
fn is_packed(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK")
}
