//! Studies over sessions of a store.

use std::collections::HashSet;

use protocol::ids::SessionId;
use protocol::measurement::Measurement;
use protocol::refusal::Refusal;
use protocol::settings::{Settings, Technique};
use protocol::study::{Couple, FrequencyMaps, ScanRates};

use super::frequency_maps::{MOST_MAPS, too_many_maps};
use super::{MapSource, Maps, RateSource, ScanRateFacts};
use crate::querying::current_settings;
use crate::store::{Store, StoreError};

/// Measurements read from the store at a time.
const PAGE: u32 = 2_000;

/// Frequency maps of sessions, the later ones compared with the first.
///
/// # Errors
/// No such session, one of another technique, more than [`MOST_MAPS`] maps, and what the store reports.
pub fn frequency_maps(store: &Store, sessions: &[SessionId], mean: bool) -> Result<FrequencyMaps, Refusal> {
    let sessions = &each_once(sessions);
    // Every session gives a map or something that was left out of one.
    if sessions.len() > MOST_MAPS {
        return Err(too_many_maps());
    }
    let mut sources = Vec::with_capacity(sessions.len());
    let mut maps = 0;
    for session in sessions {
        let source = map_source(store, *session, mean)?;
        maps += source.count()?;
        if maps > MOST_MAPS {
            return Err(too_many_maps());
        }
        sources.push(source);
    }
    Ok(Maps::new(sources).study())
}

/// The measurements of one session for frequency maps.
///
/// # Errors
/// As [`frequency_maps`].
pub fn map_source(store: &Store, session: SessionId, mean: bool) -> Result<MapSource, Refusal> {
    let (name, settings) = about(store, session)?;
    if !matches!(settings.technique, Technique::Swv | Technique::FrequencyMap) {
        return Err(other_technique(&name, "frequency maps", "frequency_map or swv"));
    }
    let mut source = MapSource::new(&name, Some(session), &settings, mean);
    each(store, session, |measurement| source.take(&measurement))?;
    source.count()?;
    Ok(source)
}

/// Peaks of sessions against the scan rate. What `couple` leaves open is as the settings of the first session say.
///
/// # Errors
/// As [`frequency_maps`].
pub fn scan_rates(store: &Store, sessions: &[SessionId], couple: &Couple) -> Result<ScanRates, Refusal> {
    let sessions = each_once(sessions);
    let facts = ScanRateFacts::default();
    let sources: Result<_, Refusal> = sessions.iter().map(|id| rate_source(store, *id, &facts)).collect();
    let settings = match sessions.first() {
        Some(first) => current_settings(store, *first)?,
        None => Settings::default(),
    };
    Ok(RateSource::study(sources?, couple, &settings))
}

/// The measurements of one session for a scan-rate study.
///
/// # Errors
/// As [`frequency_maps`].
pub fn rate_source(store: &Store, session: SessionId, facts: &ScanRateFacts) -> Result<RateSource, Refusal> {
    let (name, settings) = about(store, session)?;
    if settings.technique != Technique::Cv {
        return Err(other_technique(&name, "cyclic voltammograms", "cv"));
    }
    let mut source = RateSource::new(&name, &settings);
    each(store, session, |measurement| source.take(&measurement, facts))?;
    Ok(source)
}

/// A list that names a session again and again would have it read and kept as often.
fn each_once(sessions: &[SessionId]) -> Vec<SessionId> {
    let mut seen = HashSet::new();
    sessions
        .iter()
        .copied()
        .filter(|session| seen.insert(*session))
        .collect()
}

fn about(store: &Store, session: SessionId) -> Result<(String, Settings), StoreError> {
    let row = store.session(session)?;
    let settings = store.revisions(row.row)?.pop().map(|r| r.settings).unwrap_or_default();
    Ok((row.summary.name, settings))
}

fn other_technique(name: &str, wanted: &str, technique: &str) -> Refusal {
    Refusal::new(
        "other_technique",
        format!("The session \"{name}\" holds no {wanted}."),
        format!("Choose a session of technique {technique}."),
    )
}

fn each(store: &Store, session: SessionId, mut take: impl FnMut(Measurement)) -> Result<(), StoreError> {
    let mut after = 0;
    loop {
        let page = store.results(session, after, PAGE)?;
        let Some(last) = page.last().and_then(|m| m.measurement) else {
            return Ok(());
        };
        after = last.0;
        page.into_iter().for_each(&mut take);
    }
}
