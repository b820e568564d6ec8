//! Which electrodes of a session fail.
//!
//! A scan of an electrode *fails* where none of its sweeps gave a usable result: it could not be used, is not to be trusted, or
//! has no peak. An electrode *fails* when [`IN_A_ROW`] of its scans did so one after the other while another electrode
//! goes on; where all electrodes do, that is told once, as one thing. It is over with the next scan that gives a result.

use std::collections::BTreeMap;

use protocol::measurement::{Measurement, Quality, Status};

/// So many scans in a row.
pub const IN_A_ROW: u32 = 5;

/// The electrodes of one session.
#[derive(Debug, Default)]
pub struct Electrodes {
    known: BTreeMap<u32, Electrode>,
    all_told: bool,
}

#[derive(Debug, Default)]
struct Electrode {
    failed: u32,
    is_told: bool,
}

/// What a scan changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// An electrode fails while others go on.
    Fails {
        /// Which.
        electrode: u32,
        /// Why its last scan gave nothing, for people.
        why: String,
    },
    /// All of them fail.
    AllFail {
        /// Why the last scan gave nothing, for people.
        why: String,
    },
    /// An electrode that failed goes on.
    GoesOn(u32),
    /// Not all of them fail any more.
    NotAll,
}

impl Electrodes {
    /// One file was measured.
    pub fn measured(&mut self, measurements: &[Measurement]) -> Vec<Change> {
        let mut changes = Vec::new();
        let mut scans: BTreeMap<u32, (bool, String)> = BTreeMap::new();
        for measurement in measurements {
            // A file that could not be used says nothing about any electrode.
            let Some(electrode) = measurement.electrode else {
                continue;
            };
            let scan = scans.entry(electrode).or_default();
            scan.0 |= is_usable(measurement);
            if let Some(message) = &measurement.message {
                scan.1.clone_from(message);
            }
        }
        let whys: BTreeMap<u32, String> = scans
            .into_iter()
            .filter_map(|(number, (is_usable, why))| {
                let electrode = self.known.entry(number).or_default();
                if !is_usable {
                    electrode.failed = electrode.failed.saturating_add(1);
                    return Some((number, why));
                }
                electrode.failed = 0;
                if std::mem::take(&mut electrode.is_told) {
                    changes.push(Change::GoesOn(number));
                }
                None
            })
            .collect();
        let all_fail = !self.known.is_empty() && self.known.values().all(|electrode| electrode.failed >= IN_A_ROW);
        if !all_fail && std::mem::take(&mut self.all_told) {
            changes.push(Change::NotAll);
        }
        if all_fail {
            // Those that were told one by one need not be told anew, but what they have in common does.
            if !self.all_told {
                self.all_told = true;
                let why = whys.into_values().next_back().unwrap_or_default();
                changes.push(Change::AllFail { why });
            }
            return changes;
        }
        let one_goes_on = self.known.values().any(|electrode| electrode.failed == 0);
        for (number, electrode) in &mut self.known {
            if one_goes_on && electrode.failed >= IN_A_ROW && !electrode.is_told {
                electrode.is_told = true;
                let why = whys.get(number).cloned().unwrap_or_default();
                changes.push(Change::Fails {
                    electrode: *number,
                    why,
                });
            }
        }
        changes
    }
}

fn is_usable(measurement: &Measurement) -> bool {
    let has_result = measurement.peak_current_a.is_some() || measurement.ca.is_some();
    measurement.status != Status::Failed && measurement.quality != Some(Quality::Fail) && has_result
}
