//! What one file is.

use std::path::Path;

use instrument::recording::Recording;
use instrument::unreadable::Unreadable;
use protocol::inspect::Inspection;

use crate::analysis::Rules;
use crate::intake::read_regular;
use crate::store::MAX_CONTENT_BYTES;

/// What a file is, for `sacmes inspect` and the preview. A file that cannot be opened is reported like one that cannot be
/// used.
pub fn inspect_file(path: &Path, shown_as: &str, rules: &Rules) -> Inspection {
    let name = path
        .file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default();
    let cannot = |reason: &str, message: String| Inspection {
        reason: Some(reason.to_owned()),
        message: Some(message),
        ..unknown(shown_as)
    };
    let too_large = |bytes: u64| {
        let (size, limit) = (bytes / 1_000_000, MAX_CONTENT_BYTES / 1_048_576);
        cannot(
            "too_large",
            format!("{shown_as} has {size} MB; files of up to {limit} MB are read."),
        )
    };
    let content = match std::fs::metadata(path) {
        Ok(about) if about.is_dir() => return cannot("is_a_folder", format!("{shown_as} is a folder, not a file.")),
        Ok(about) if about.len() > MAX_CONTENT_BYTES => return too_large(about.len()),
        Ok(_) => read_regular(path, MAX_CONTENT_BYTES),
        Err(error) => Err(error),
    };
    let content = match content {
        Ok(content) if content.len() as u64 > MAX_CONTENT_BYTES => return too_large(content.len() as u64),
        Ok(content) => content,
        Err(error) => {
            let reason = match error.kind() {
                std::io::ErrorKind::NotFound => "file_absent",
                std::io::ErrorKind::PermissionDenied => "permission_denied",
                _ => "cannot_be_read",
            };
            return cannot(reason, format!("{shown_as} cannot be read: {error}."));
        }
    };
    inspect(&content, shown_as, &name, rules)
}

fn inspect(content: &[u8], shown_as: &str, name: &str, rules: &Rules) -> Inspection {
    let named = rules.pattern.parse_name(name).unwrap_or_default();
    match instrument::read(content, &rules.options) {
        Ok(recording) => of_recording(&recording, shown_as, named.frequency_hz),
        Err(unreadable) => of_unreadable(&unreadable, shown_as, named.frequency_hz),
    }
}

fn of_recording(recording: &Recording, file: &str, named_hz: Option<f64>) -> Inspection {
    let reservation = recording.reservations.first();
    let messages: Vec<String> = recording
        .reservations
        .iter()
        .map(instrument::reservation::Reservation::message)
        .collect();
    Inspection {
        file: file.to_owned(),
        format: recording.format.code().to_owned(),
        encoding: Some(recording.encoding.code().to_owned()),
        technique: recording.technique.code().to_owned(),
        frequency_hz: recording.frequency_hz.or(named_hz),
        scan_rate_v_s: recording.scan_rate_v_s,
        electrodes: recording.electrodes.iter().map(|e| e.electrode).collect(),
        points: recording.points as u64,
        cycles: recording.cycles,
        complete: recording.completeness.proven(),
        expected_points: recording.expected_points.map(|n| n as u64),
        started_at: recording.started_at.map(|t| t.to_string()),
        instrument: recording.instrument.clone(),
        reason: reservation.map(|r| r.code().to_owned()),
        message: (!messages.is_empty()).then(|| messages.join(" ")),
    }
}

fn of_unreadable(unreadable: &Unreadable, file: &str, named_hz: Option<f64>) -> Inspection {
    Inspection {
        format: unreadable.format.code().to_owned(),
        encoding: unreadable.encoding.map(|e| e.code().to_owned()),
        frequency_hz: named_hz,
        complete: unreadable.may_become_readable().then_some(false),
        reason: Some(unreadable.code().to_owned()),
        message: Some(format!("{file}: {} {}", unreadable.message(), unreadable.hint())),
        ..unknown(file)
    }
}

fn unknown(file: &str) -> Inspection {
    Inspection {
        file: file.to_owned(),
        format: "unknown".to_owned(),
        encoding: None,
        technique: "unknown".to_owned(),
        frequency_hz: None,
        scan_rate_v_s: None,
        electrodes: Vec::new(),
        points: 0,
        cycles: None,
        complete: None,
        expected_points: None,
        started_at: None,
        instrument: None,
        reason: None,
        message: None,
    }
}
