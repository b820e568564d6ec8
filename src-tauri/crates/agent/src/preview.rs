//! What is in a folder, before anything is started: nothing is stored.

use std::collections::BTreeMap;
use std::path::Path;

use instrument::recording::Recording;
use instrument::unreadable::Unreadable;
use protocol::inspect::Inspection;
use protocol::query::{Coverage, FolderPreview, HandleCount, RefusedName};
use protocol::refusal::Refusal;
use protocol::settings::Settings;

use crate::analysis::Rules;
use crate::intake::list;
use crate::store::MAX_CONTENT_BYTES;

/// Files that are read for a preview: the first, the newest, and some in between.
const SAMPLE: usize = 12;
/// Refused names that are shown.
const REFUSED: usize = 50;

/// Looks into a folder and reads a sample of its files.
///
/// # Errors
/// A folder that cannot be read, and settings that contradict themselves.
pub fn folder(folder: &Path, settings: &Settings) -> Result<FolderPreview, Refusal> {
    let rules = Rules::new(settings)?;
    let mut files = list(folder).map_err(Refusal::from)?;
    files.sort_by(|a, b| instrument::names::natural_order(&a.name, &b.name));
    let (mut handles, mut coverage) = (BTreeMap::new(), BTreeMap::new());
    let (mut accepted, mut refused) = (Vec::new(), Vec::new());
    let mut index_range: Option<(u32, u32)> = None;
    for file in &files {
        let Some(name) = rules.pattern.parse_name(&file.name) else {
            let message = format!("{} does not fit the pattern {}.", file.name, settings.files.pattern);
            refused.push(RefusedName {
                file: file.name.clone(),
                reason: "name_does_not_match".to_owned(),
                message,
            });
            continue;
        };
        if let Err(reason) = rules.filter.accepts(&file.name, &name) {
            let (reason, message) = (reason.code().to_owned(), reason.message());
            refused.push(RefusedName {
                file: file.name.clone(),
                reason,
                message,
            });
            continue;
        }
        *handles.entry(name.handle.clone()).or_insert(0) += 1;
        let place = (name.electrode, name.frequency_hz.map(f64::to_bits));
        *coverage.entry(place).or_insert(0_u64) += 1;
        if let Some(index) = name.index {
            index_range = Some(index_range.map_or((index, index), |(a, b)| (a.min(index), b.max(index))));
        }
        accepted.push(file.name.clone());
    }
    let inspected: Vec<Inspection> = sample(&accepted)
        .into_iter()
        .map(|name| inspect_file(&folder.join(name), name, &rules))
        .collect();
    let mut electrodes: Vec<u32> = inspected.iter().flat_map(|i| i.electrodes.iter().copied()).collect();
    electrodes.extend(coverage.keys().filter_map(|(electrode, _)| *electrode));
    electrodes.sort_unstable();
    electrodes.dedup();
    let mut frequencies: Vec<f64> = inspected.iter().filter_map(|i| i.frequency_hz).collect();
    frequencies.extend(coverage.keys().filter_map(|(_, bits)| bits.map(f64::from_bits)));
    frequencies.sort_by(f64::total_cmp);
    frequencies.dedup();
    let mut handles: Vec<HandleCount> = handles
        .into_iter()
        .map(|(handle, files)| HandleCount { handle, files })
        .collect();
    handles.sort_by_key(|handle| std::cmp::Reverse(handle.files));
    refused.truncate(REFUSED);
    Ok(FolderPreview {
        folder: folder.to_string_lossy().into_owned(),
        files: files.len() as u64,
        matching: accepted.len() as u64,
        handles,
        pattern: settings.files.pattern.clone(),
        electrodes,
        frequencies_hz: frequencies,
        index_range,
        inspected,
        refused,
        coverage: coverage
            .into_iter()
            .map(|((electrode, bits), files)| Coverage {
                electrode,
                frequency_hz: bits.map(f64::from_bits),
                files,
            })
            .collect(),
    })
}

/// At most [`SAMPLE`] names, spread over the list, first and last included.
fn sample(names: &[String]) -> Vec<&str> {
    if names.len() <= SAMPLE {
        return names.iter().map(String::as_str).collect();
    }
    (0..SAMPLE)
        .map(|k| names[k * (names.len() - 1) / (SAMPLE - 1)].as_str())
        .collect()
}

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
    let content = match std::fs::metadata(path) {
        Ok(about) if about.is_dir() => return cannot("is_a_folder", format!("{shown_as} is a folder, not a file.")),
        Ok(about) if about.len() > MAX_CONTENT_BYTES => {
            let (size, limit) = (about.len() / 1_000_000, MAX_CONTENT_BYTES / 1_048_576);
            return cannot(
                "too_large",
                format!("{shown_as} has {size} MB; files of up to {limit} MB are read."),
            );
        }
        Ok(_) => std::fs::read(path),
        Err(error) => Err(error),
    };
    let content = match content {
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
