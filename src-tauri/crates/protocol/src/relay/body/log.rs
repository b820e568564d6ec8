//! Entries of the record, as they travel in *log* frames.
//!
//! `count 1 ‖ count × session 16 ‖ packed JSON`: in the JSON array of entries, byte 1 followed by `32 + k` stands for the
//! text of the k-th session. An id is random and takes 57 bytes once deflated with its surroundings; so it takes 16. Byte 1
//! cannot occur in JSON otherwise.

use uuid::Uuid;

use super::{BodyError, from_json, packing, to_json};
use crate::record::RecordEntry;

/// Stands before the number of a session.
const MARK: u8 = 1;

/// Numbers begin at the blank, so that they are no control characters.
const FIRST: u8 = b' ';

/// Sessions in a frame; ids beyond are written out.
const MOST_SESSIONS: usize = 90;

/// The body of a log frame.
///
/// # Errors
/// None that occur: entries are JSON.
pub fn pack_entries(entries: &[RecordEntry]) -> Result<Vec<u8>, BodyError> {
    let mut sessions: Vec<Uuid> = Vec::new();
    for entry in entries {
        if !sessions.contains(&entry.session.0) && sessions.len() < MOST_SESSIONS {
            sessions.push(entry.session.0);
        }
    }
    let mut text = String::from_utf8(to_json(&entries)?).map_err(|_| BodyError::Packing)?;
    for (k, session) in (FIRST..).zip(&sessions) {
        let mark: String = [char::from(MARK), char::from(k)].iter().collect();
        text = text.replace(&session.hyphenated().to_string(), &mark);
    }
    let mut body = vec![sessions.len() as u8];
    for session in &sessions {
        body.extend_from_slice(session.as_bytes());
    }
    body.extend_from_slice(&packing::pack(text.as_bytes()));
    Ok(body)
}

/// The entries in the body of a log frame.
///
/// # Errors
/// It is none, or unpacks to more than `most` bytes.
pub fn unpack_entries(body: &[u8], most: usize) -> Result<Vec<RecordEntry>, BodyError> {
    let (count, rest) = body.split_first().ok_or(BodyError::Packing)?;
    let (ids, packed) = rest
        .split_at_checked(16 * usize::from(*count))
        .ok_or(BodyError::Packing)?;
    let mut text = String::from_utf8(packing::unpack(packed, most)?).map_err(|_| BodyError::Packing)?;
    for (k, id) in (FIRST..).zip(ids.chunks_exact(16)) {
        let session = Uuid::from_slice(id).map_err(|_| BodyError::Packing)?;
        let mark: String = [char::from(MARK), char::from(k)].iter().collect();
        text = text.replace(&mark, &session.hyphenated().to_string());
        // Few marks may stand for many bytes.
        if text.len() > most {
            return Err(BodyError::Packing);
        }
    }
    from_json(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{MeasurementId, SessionId};
    use crate::measurement::{Measurement, Polarity, Quality, Status, TimeSource};
    use crate::record::RecordEvent;
    use crate::relay::header::Destination;
    use crate::relay::sealing::DownSealer;
    use crate::relay::{Epoch, Run, ViewKey};
    use crate::session::FileState;

    fn entry(seq: u64, session: SessionId) -> RecordEntry {
        // Numbers of full length, as measured ones are.
        let number = |scale: f64| Some(scale * (1.0 + (seq as f64 * 0.754_877_666).sin().abs()));
        let measurement = Measurement {
            measurement: Some(MeasurementId(seq as i64)),
            session: Some(session),
            revision: Some(1),
            file: format!("titration_{seq}_200Hz.csv"),
            file_revision: 1,
            electrode: Some(1),
            frequency_hz: Some(200.0),
            index: Some(seq as u32),
            time: Some(format!("2026-11-30T07:34:43.{:06}Z", seq * 7919 % 1_000_000)),
            time_source: Some(TimeSource::Modified),
            method: Some("tangent".to_owned()),
            status: Status::Ok,
            reason: None,
            message: None,
            peak_current_a: number(1e-6),
            peak_potential_v: number(-0.2),
            baseline_current_a: number(3e-6),
            area_va: number(1e-7),
            charge_c: number(1e-9),
            fwhm_v: number(0.08),
            snr: number(90.0),
            polarity: Some(Polarity::Up),
            quality: Some(Quality::Pass),
            excluded: false,
            marked_by_hand: None,
            peak: None,
            peak_current_error_a: None,
            peak_potential_error_v: None,
            cv: None,
            ca: None,
        };
        RecordEntry {
            session,
            seq,
            offset: seq + 12,
            at: format!("2026-11-30T07:34:43.{:06}Z", seq * 6_151 % 1_000_000),
            event: RecordEvent::Measured {
                measurements: vec![measurement],
            },
        }
    }

    #[test]
    fn entries_of_several_sessions_come_back_as_they_were() {
        let sessions = [SessionId::new(), SessionId::new()];
        let mut entries: Vec<RecordEntry> = (1..40).map(|k| entry(k, sessions[k as usize % 2])).collect();
        entries[3].event = RecordEvent::SessionEnded {
            reason: Some(format!("as session {} said:\u{1} \"ß\"", sessions[0])),
        };
        let body = pack_entries(&entries).unwrap();
        assert_eq!(unpack_entries(&body, 1 << 20).unwrap(), entries);
        assert!(unpack_entries(&body, 1_000).is_err());
        for cut in 0..body.len() {
            assert!(unpack_entries(&body[..cut], 1 << 20).is_err(), "cut to {cut}");
        }
    }

    #[test]
    fn what_the_engine_tells_of_one_file_takes_less_than_300_bytes() {
        let id: crate::codes::UserId = "0b5c1e9e-6f0a-4d3c-9a7e-2f4b8d6c1a35".parse().unwrap();
        let view = ViewKey::of(&id.view_only_code(1));
        let mut sealer = DownSealer::new(&view, id.owner_key(), 1, Run([1; 16]), Epoch([2; 16]));
        let session = SessionId::new();
        // As CH Instruments' text files of the simulated instrument are told of: measured, then the file's state.
        let of_one_file = |k: u64| {
            let mut measured = entry(k, session);
            let file = format!("SWV_15Hz_{k}.txt");
            measured.at = format!("2026-11-30T14:32:{:02}.{:03}Z", k % 60, k * 151 % 1_000);
            if let RecordEvent::Measured { measurements } = &mut measured.event {
                let measurement = &mut measurements[0];
                measurement.file.clone_from(&file);
                measurement.frequency_hz = Some(15.0);
                measurement.time = Some(format!("2025-01-01T09:{:02}:35.000Z", k % 60));
                measurement.time_source = Some(TimeSource::File);
                measurement.charge_c = None;
            }
            let mut state = entry(k + 1, session);
            state.at.clone_from(&measured.at);
            state.event = RecordEvent::FileState {
                file,
                file_revision: 1,
                state: FileState::Measured,
                reason: None,
                message: None,
            };
            [measured, state]
        };
        let lengths: Vec<usize> = (1..200)
            .map(|k| {
                let body = pack_entries(&of_one_file(1_000 + 2 * k)).unwrap();
                let destination = Destination::Log { first: 2 * k, count: 2 };
                // The message's kind, and what WebSocket writes before it.
                sealer.seal(destination, &body).unwrap().len() + 1 + 4
            })
            .collect();
        let mean = lengths.iter().sum::<usize>() / lengths.len();
        assert!(mean < 300, "{mean} bytes");
    }

    #[test]
    fn a_frame_with_one_measurement_takes_less_than_300_bytes() {
        let id: crate::codes::UserId = "0b5c1e9e-6f0a-4d3c-9a7e-2f4b8d6c1a35".parse().unwrap();
        let view = ViewKey::of(&id.view_only_code(1));
        let mut sealer = DownSealer::new(&view, id.owner_key(), 1, Run([1; 16]), Epoch([2; 16]));
        let session = SessionId::new();
        let lengths: Vec<usize> = (1..200)
            .map(|k| {
                let body = pack_entries(&[entry(1_000 + k, session)]).unwrap();
                // The message's kind, and what WebSocket writes before it.
                sealer
                    .seal(Destination::Log { first: k, count: 1 }, &body)
                    .unwrap()
                    .len()
                    + 1
                    + 4
            })
            .collect();
        let mean = lengths.iter().sum::<usize>() / lengths.len();
        assert!(mean < 300, "{mean} bytes");
    }
}
