//! Points marked by hand: kept beside the measurements, and applied whenever their sweep is measured.
//!
//! Everything here happens in the transaction that writes a measurement, so that no look, no recomputation and no mark that goes on at the
//! same time can lose one. The result without the mark is kept with it: taking the mark away gives back exactly that.

use protocol::author::Author;
use protocol::command::Outcome;
use protocol::ids::{CommandId, MarkId, MeasurementId, SessionId};
use protocol::mark::{Mark, MarkedPoints};
use protocol::measurement::{Measurement, Status};
use protocol::record::RecordEvent;
use protocol::refusal::Refusal;

use crate::analysis::{Rules, ScanFile, Unmarkable, at_marks, doubt_earlier_content};
use crate::store::{KeptFile, MarkRow, StoreError, Work};

/// Applies the marks of a file to what was measured of its newest content.
///
/// # Errors
/// What the store reports.
pub fn apply(
    work: &mut Work<'_>,
    session: i64,
    rules: &Rules,
    (file, name, file_revision): (i64, &str, u32),
    revision: u32,
    measurements: &mut [Measurement],
) -> Result<(), StoreError> {
    let marks = work.marks_of_file(session, name)?;
    if marks.is_empty() {
        return Ok(());
    }
    let kept = work
        .kept_content(file, file_revision)?
        .filter(|kept| kept.damage.is_none());
    for mark in marks {
        let measured = measurements.iter_mut().find(|m| is_of(&mark, m));
        let (Some(measured), Some(kept)) = (measured, &kept) else {
            work.note_automatic(mark.id, None)?;
            continue;
        };
        let automatic = Measurement {
            file_revision,
            revision: Some(revision),
            ..measured.clone()
        };
        if let Ok(mut marked) = at_marks(&scan(kept), rules, &automatic, &mark.points) {
            if mark.file_revision != file_revision {
                doubt_earlier_content(&mut marked);
            }
            *measured = marked;
        }
        work.note_automatic(mark.id, Some(&automatic))?;
    }
    Ok(())
}

/// Marks points of a sweep.
///
/// # Errors
/// What the store reports; why the points cannot be marked is in the outcome.
pub fn put(
    work: &mut Work<'_>,
    command: CommandId,
    session: SessionId,
    measurement: MeasurementId,
    points: MarkedPoints,
    from: Author,
) -> Result<Result<Outcome, Refusal>, StoreError> {
    let row = work.session_row(session)?;
    let stored = work.measurement(measurement)?;
    let current = stored.measurement;
    if current.session != Some(session) {
        return Err(StoreError::NoMeasurement(measurement.0));
    }
    if work.current_measurement(row, &current)? != Some(measurement) {
        return Ok(Err(Refusal::new(
            "sweep_replaced",
            format!(
                "{} has a newer content, and this sweep is not in the results any more.",
                current.file
            ),
            "Mark the points in the newest sweep of this file.",
        )));
    }
    let revision = current.revision.unwrap_or(1);
    let rules = match Rules::new(&work.settings_of(row, revision)?) {
        Ok(rules) => rules,
        Err(error) => return Ok(Err(error.into())),
    };
    let before = work.mark_of(row, &current)?.and_then(|row| row.automatic);
    let automatic = before.unwrap_or_else(|| current.clone());
    let kept = work.kept_content(stored.file_row, current.file_revision)?;
    let marked = match kept.filter(|kept| kept.damage.is_none()) {
        Some(kept) => at_marks(&scan(&kept), &rules, &automatic, &points),
        None => Err(Unmarkable::NoSweep),
    };
    let marked = match marked {
        Ok(marked) if marked.peak_current_a.is_some() => placed(marked, &current),
        Ok(none) => return Ok(Err(no_peak(&none))),
        Err(unmarkable) => return Ok(Err(refusal(unmarkable, &current.file))),
    };
    let mark = Mark {
        id: MarkId(0),
        file: current.file.clone(),
        file_revision: current.file_revision,
        electrode: current.electrode,
        frequency_hz: current.frequency_hz,
        index: current.index,
        segment: current.segment(),
        peak: current.peak,
        points,
        from,
        at: String::new(),
    };
    let mark = work.put_mark(
        row,
        &MarkRow {
            mark,
            automatic: Some(automatic),
        },
    )?;
    write(work, row, stored.file_row, &marked)?;
    let event = RecordEvent::MarkChanged {
        mark,
        removed: false,
        measurement: Some(Box::new(marked)),
    };
    work.append(row, session, event)?;
    work.settle_command(command, &Outcome::Done)?;
    Ok(Ok(Outcome::Done))
}

/// Takes marks away. Those that are gone already are no error.
///
/// # Errors
/// What the store reports.
pub fn remove(
    work: &mut Work<'_>,
    command: CommandId,
    session: SessionId,
    marks: &[MarkId],
) -> Result<Outcome, StoreError> {
    let row = work.session_row(session)?;
    for id in marks {
        let Some(MarkRow { mark, automatic }) = work.remove_mark(row, *id)? else {
            continue;
        };
        let mut restored = None;
        if let Some(automatic) = automatic
            && let Some(current) = work.current_measurement(row, &automatic)?
        {
            let stored = work.measurement(current)?;
            let automatic = placed(automatic, &stored.measurement);
            write(work, row, stored.file_row, &automatic)?;
            if automatic.status == Status::Failed {
                work.renew_axes(row)?;
            }
            restored = Some(Box::new(automatic));
        }
        let event = RecordEvent::MarkChanged {
            mark,
            removed: true,
            measurement: restored,
        };
        work.append(row, session, event)?;
    }
    work.settle_command(command, &Outcome::Done)?;
    Ok(Outcome::Done)
}

fn write(work: &mut Work<'_>, session: i64, file: i64, measurement: &Measurement) -> Result<(), StoreError> {
    let known = measurement.measurement.map(|id| id.0);
    work.put_measurement(session, file, known, measurement)?;
    work.note_axes(session, measurement)
}

/// Numbers in the place of a measurement that is there: its id, its revision, and whether it is left out.
fn placed(numbers: Measurement, there: &Measurement) -> Measurement {
    Measurement {
        measurement: there.measurement,
        session: there.session,
        revision: there.revision,
        file_revision: there.file_revision,
        excluded: there.excluded,
        ..numbers
    }
}

fn is_of(mark: &Mark, m: &Measurement) -> bool {
    (mark.electrode, mark.segment, mark.peak) == (m.electrode, m.segment(), m.peak)
}

fn scan(kept: &KeptFile) -> ScanFile<'_> {
    ScanFile {
        name: &kept.name,
        content: &kept.content,
        modified_ns: kept.modified_ns,
    }
}

fn no_peak(none: &Measurement) -> Refusal {
    let why = none.message.as_deref().unwrap_or("There is no peak at these points.");
    Refusal::new(
        "mark_gives_no_peak",
        format!("These points give no peak. {why}"),
        "Move the ends of the baseline or the peak, and apply again.",
    )
}

fn refusal(unmarkable: Unmarkable, file: &str) -> Refusal {
    match unmarkable {
        Unmarkable::Technique => Refusal::new(
            "marks_not_for_technique",
            "Points are marked by hand in square-wave voltammograms and frequency maps only.",
            "Change the range or the method in the settings instead.",
        ),
        Unmarkable::NoSweep => Refusal::new(
            "no_sweep",
            format!("{file} holds no sweep in which points could be marked."),
            "See the reason in the list of files.",
        ),
    }
}
