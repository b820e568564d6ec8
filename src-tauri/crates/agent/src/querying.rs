//! Queries: reading the store, without effect.

mod applicability;
mod trends;

pub use applicability::{without_index, without_trends};
pub use trends::{calibrations, trends};
pub(crate) use trends::{concentrations_over_electrodes, curves, time_axis};

use std::path::Path;

use protocol::columns::Columns;
use protocol::ids::SessionId;
use protocol::note::{LONGEST_SEARCH, NoteFilter};
use protocol::query::{Answer, ColumnQuery, Query, QueueLength};
use protocol::refusal::Refusal;
use protocol::session::{FileState, SessionDetail};
use protocol::settings::Settings;

use crate::analysis::{CurvesOf, Rules, ScanFile, curves_of};
use crate::engine::{Engine, absolute};
use crate::intake::read_regular;
use crate::series_columns::SeriesColumns;
use crate::store::{MAX_CONTENT_BYTES, Store, StoreError};
use crate::{export, lot, preview, study};

/// Notes in an answer at most: with the longest texts they are less than what an answer may be.
const MOST_NOTES: u32 = 500;

pub(crate) async fn answer(engine: &Engine, query: Query) -> Result<Answer, Refusal> {
    let store = engine.inner.store.clone();
    let waiting = if query == Query::Stats {
        Some(engine.waiting().await)
    } else {
        None
    };
    let answered = tokio::task::spawn_blocking(move || read(&store, query));
    let mut answer = answered.await.map_err(|_| StoreError::Closed)??;
    if let (Answer::Stats { stats }, Some(waiting)) = (&mut answer, waiting) {
        stats.queues = vec![
            QueueLength {
                queue: "intake".to_owned(),
                length: waiting,
            },
            QueueLength {
                queue: "store".to_owned(),
                length: engine.inner.store.queue_length(),
            },
        ];
    }
    Ok(answer)
}

pub(crate) async fn columns(engine: &Engine, query: ColumnQuery) -> Result<Columns, Refusal> {
    let store = engine.inner.store.clone();
    let answered = tokio::task::spawn_blocking(move || read_columns(&store, query));
    answered.await.map_err(|_| StoreError::Closed)?
}

/// Answers a query from a store, also one that was opened for reading only.
///
/// # Errors
/// Why there is no answer.
pub fn read(store: &Store, query: Query) -> Result<Answer, Refusal> {
    Ok(match query {
        Query::Sessions => Answer::Sessions {
            sessions: store.sessions()?.into_iter().map(|s| s.summary).collect(),
        },
        Query::Session { session } => Answer::Session {
            detail: Box::new(detail(store, session)?),
        },
        Query::Results { session, after, limit } => {
            let limit = limit.clamp(1, 10_000);
            let measurements = store.results(session, after, limit)?;
            let full = measurements.len() == limit as usize;
            let next = measurements
                .last()
                .and_then(|m| m.measurement)
                .map(|m| m.0)
                .filter(|_| full);
            Answer::Results { measurements, next }
        }
        Query::Measurement { measurement } => Answer::Measurement {
            measurement: Box::new(store.measurement(measurement.0)?.measurement),
        },
        Query::Files {
            session,
            states,
            offset,
            limit,
        } => files(store, session, &states, offset, limit)?,
        Query::Record {
            session,
            from_seq,
            limit,
        } => Answer::Record {
            entries: store.record_of(session, from_seq, limit.clamp(1, 1_000))?,
        },
        Query::Calibrations { session, calibration } => Answer::Calibrations {
            calibrations: calibrations(store, session, calibration.as_deref())?,
        },
        Query::Marks { session } => Answer::Marks {
            marks: store.marks(session)?,
        },
        Query::Stats => Answer::Stats {
            stats: Box::new(store.stats()?),
        },
        Query::FolderPreview {
            folder,
            settings,
            files,
        } => Answer::FolderPreview {
            preview: Box::new(preview::folder(&absolute(&folder)?, &settings, &files)?),
        },
        Query::Lot { paths } => Answer::Lot {
            lot: Box::new(lot::sorted(&paths)?),
        },
        Query::ImportRules => Answer::ImportRules {
            rules: lot::rules(store)?,
        },
        Query::FrequencyMaps { sessions, mean } => Answer::FrequencyMaps {
            study: Box::new(study::frequency_maps(store, &sessions, mean)?),
        },
        Query::ScanRates { sessions, couple } => Answer::ScanRates {
            study: Box::new(study::scan_rates(store, &sessions, &couple)?),
        },
        Query::FigurePreview { session, figure } => Answer::FigurePreview {
            svg: export::figure::preview(store, session, *figure)?,
        },
        Query::ExportPreview {
            session,
            layout,
            selection,
        } => Answer::ExportPreview {
            beginning: export::preview(store, session, layout, &selection)?,
        },
        Query::Notes { filter, offset, limit } => {
            let (notes, total) = store.notes(&searchable(filter)?, offset, limit.clamp(1, MOST_NOTES))?;
            Answer::Notes { notes, total }
        }
        Query::NoteTopics { filter } => Answer::NoteTopics {
            topics: store.note_topics(&searchable(filter)?)?,
        },
        Query::NoteStatistics { filter, utc_offset_min } => Answer::NoteStatistics {
            statistics: Box::new(store.note_statistics(&searchable(filter)?, utc_offset_min)?),
        },
    })
}

/// A filter whose words can be looked for.
fn searchable(filter: NoteFilter) -> Result<NoteFilter, Refusal> {
    if filter.search.chars().count() > LONGEST_SEARCH {
        return Err(Refusal::new(
            "search_too_long",
            format!("At most {LONGEST_SEARCH} characters can be searched for."),
            "Type fewer words.",
        ));
    }
    Ok(filter)
}

fn detail(store: &Store, session: SessionId) -> Result<SessionDetail, StoreError> {
    let row = store.session(session)?;
    let revisions = store.revisions(row.row)?;
    let settings = revisions.last().map(|r| r.settings.clone()).unwrap_or_default();
    let (electrodes, frequencies_hz) = store.electrodes_and_frequencies(row.row)?;
    let markers = store.markers(row.row)?;
    Ok(SessionDetail {
        summary: row.summary,
        source: row.source,
        settings,
        revisions,
        markers,
        electrodes,
        frequencies_hz,
    })
}

fn files(
    store: &Store,
    session: SessionId,
    states: &[FileState],
    offset: u32,
    limit: u32,
) -> Result<Answer, StoreError> {
    let row = store.session(session)?;
    let mut files: Vec<_> = store.files(row.row)?.into_iter().map(|f| f.entry).collect();
    files.retain(|f| states.is_empty() || states.contains(&f.state));
    files.sort_by(|a, b| instrument::names::natural_order(&a.file, &b.file));
    let total = files.len() as u64;
    let page = files
        .into_iter()
        .skip(offset as usize)
        .take(limit.clamp(1, 1_000) as usize)
        .collect();
    Ok(Answer::Files { files: page, total })
}

/// Answers a query for columns from a store, also one that was opened for reading only.
///
/// # Errors
/// Why there is no answer.
pub fn read_columns(store: &Store, query: ColumnQuery) -> Result<Columns, Refusal> {
    match query {
        ColumnQuery::Series { session, after } => {
            let row = store.session(session)?;
            let about = serde_json::json!({"session": session, "seq": row.summary.seq});
            // The technique of the newest settings: that which the session began with may be another.
            let technique = current_settings(store, session)?.technique;
            let mut series = SeriesColumns::new(technique, about);
            for row in store.series(row.row, after)? {
                series.push(&row);
            }
            Ok(series.columns)
        }
        ColumnQuery::Trends {
            session,
            first_index,
            last_index,
        } => {
            let rows = trends(store, session, first_index, last_index)?;
            Ok(trends::columns(session, &rows))
        }
        ColumnQuery::Sweep {
            measurement,
            settings,
            points,
        } => {
            let stored = store.measurement(measurement.0)?;
            let (session, kept) = store.content_behind(measurement.0)?;
            let marked = match points {
                Some(points) => Some(points),
                // Most sweeps have none, and nobody looks for it.
                None if stored.measurement.marked_by_hand.is_some() => {
                    store.mark_of(session, &stored.measurement)?.map(|mark| mark.points)
                }
                None => None,
            };
            let settings = match settings {
                Some(settings) => *settings,
                None => current_settings(store, session)?,
            };
            let file = ScanFile {
                name: &kept.name,
                content: &kept.content,
                modified_ns: kept.modified_ns,
            };
            let wanted = CurvesOf {
                marked,
                ..CurvesOf::of(&stored.measurement)
            };
            let curves = curves_of(&file, &Rules::new(&settings)?, wanted);
            let mut columns = curves.ok_or_else(|| no_sweep(&kept.name))?;
            // What is stored is what is shown, unless other settings are being tried.
            columns.about["stored"] = serde_json::to_value(&stored.measurement).unwrap_or_default();
            Ok(columns)
        }
        ColumnQuery::FilePreview {
            folder,
            file,
            electrode,
            settings,
        } => {
            let rules = Rules::new(&settings)?;
            let path = absolute(&folder)?.join(Path::new(&file).file_name().unwrap_or_default());
            let cannot = |e: std::io::Error| {
                Refusal::new(
                    "cannot_be_read",
                    format!("{file} cannot be read: {e}."),
                    "Check the file and its rights.",
                )
            };
            let too_large = || {
                Refusal::new(
                    "too_large",
                    format!("{file} is too large."),
                    "Export a shorter recording.",
                )
            };
            let about = std::fs::metadata(&path).map_err(cannot)?;
            if about.len() > MAX_CONTENT_BYTES {
                return Err(too_large());
            }
            let content = read_regular(&path, MAX_CONTENT_BYTES).map_err(cannot)?;
            if content.len() as u64 > MAX_CONTENT_BYTES {
                return Err(too_large());
            }
            let signature = crate::intake::Signature::of(&about);
            let scan = ScanFile {
                name: &file,
                content: &content,
                modified_ns: signature.modified_ns,
            };
            let wanted = CurvesOf {
                electrode,
                ..CurvesOf::default()
            };
            curves_of(&scan, &rules, wanted).ok_or_else(|| no_sweep(&file))
        }
    }
}

fn no_sweep(file: &str) -> Refusal {
    Refusal::new(
        "no_sweep",
        format!("{file} holds no sweep that could be drawn."),
        "See the reason in the list of files.",
    )
}

/// The newest settings of a session.
///
/// # Errors
/// No such session, and what the store reports.
pub fn current_settings(store: &Store, session: SessionId) -> Result<Settings, StoreError> {
    let row = store.session(session)?;
    Ok(store.revisions(row.row)?.pop().map(|r| r.settings).unwrap_or_default())
}
