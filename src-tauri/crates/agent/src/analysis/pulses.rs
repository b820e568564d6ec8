//! Pulses of one step that were saved in several files, such as a short one sampled fast and a long one sampled slowly, measured as one.
//!
//! Only where all files are at hand at once: a session measures each file when it is complete, under an id that belongs to this file.

use instrument::recording::Recording;
use protocol::measurement::{Measurement, Status};
use voltammetry::ca::{PulsePart, Step, merge_pulses};

use super::measuring::{self, ca::CaRules, failed, place};
use super::naming::judge_name;
use super::rules::{Method, Rules};
use super::selection::selected;
use super::{FileFacts, Reading, ScanFile, read_and_measure};

/// Potentials of one step in several files agree within this (V).
const SAME_POTENTIAL_V: f64 = 5e-3;

/// A file with a pulse.
#[derive(Debug, Clone, Copy)]
pub struct PulseFile<'a> {
    /// The file.
    pub file: ScanFile<'a>,
    /// What of its pulse is used, s after the step; none for all of it.
    pub range_s: Option<(f64, f64)>,
}

/// What a pulse of a file is, or why it is none.
type Pulse = Result<(Recording, FileFacts), Box<Measurement>>;

/// The steps of a file, and what of each is used.
type StepsUsed = (Option<(f64, f64)>, Vec<Step>);

/// Measures files of chronoamperometry together: each step of each electrode, the points of all files in ascending time after it. Place and
/// time are those of the first file. Where one of the files cannot be used, or lacks an electrode or step of the first, there is
/// one failed measurement for it.
pub fn measured_together(files: &[PulseFile<'_>], rules: &Rules) -> Vec<Measurement> {
    let Method::Ca(ca) = &rules.method else {
        return Vec::new();
    };
    let mut recordings = Vec::with_capacity(files.len());
    for pulse in files {
        match read(&pulse.file, rules) {
            Ok((recording, facts)) => recordings.push((pulse, recording, facts)),
            Err(failed) => return vec![*failed],
        }
    }
    let Some((first, recording, facts)) = recordings.first() else {
        return Vec::new();
    };
    let of_file = place(&first.file, rules, facts, recording);
    let mut measured = Vec::new();
    for electrode in electrodes(&first.file, recording, rules) {
        let place = Measurement {
            electrode,
            ..of_file.clone()
        };
        let mut all = Vec::with_capacity(recordings.len());
        let mut missing = None;
        for (pulse, recording, _) in &recordings {
            match steps_of(&pulse.file, recording, electrode, rules, ca) {
                Ok(steps) => all.push((pulse.range_s, steps)),
                Err((reason, message)) => {
                    missing = Some((reason, format!("{}: {message}", pulse.file.name)));
                    break;
                }
            }
        }
        let steps = match missing {
            Some(missing) => Err(missing),
            None => merged(&all),
        };
        match steps {
            Ok(steps) => {
                let mut together = measuring::ca::measure(&place, &Ok(steps), ca, recording);
                // What has to be said about one of the files has to be said about what it is part of.
                for (pulse, recording, _) in recordings.iter().skip(1) {
                    for measurement in &mut together {
                        measuring::add_reservations_of(measurement, recording, pulse.file.name);
                    }
                }
                measured.extend(together);
            }
            Err((reason, message)) => measured.push(Measurement {
                status: Status::Failed,
                reason: Some(reason.to_owned()),
                message: Some(message),
                ..place
            }),
        }
    }
    measured
}

fn read(file: &ScanFile<'_>, rules: &Rules) -> Pulse {
    let refused = |facts: &FileFacts, reason: &str, message: &str| Box::new(failed(file, facts, reason, message));
    let facts = match read_and_measure(file, rules, true) {
        Reading::Measured { facts, .. } => facts,
        Reading::Partial {
            facts, reason, message, ..
        }
        | Reading::Unusable {
            facts, reason, message, ..
        } => return Err(refused(&facts, reason, &message)),
    };
    let options = instrument::options::ReadOptions {
        settled: true,
        ..rules.options.clone()
    };
    match instrument::read(file.content, &options) {
        Ok(recording) => Ok((recording, facts)),
        Err(unreadable) => Err(refused(&facts, unreadable.code(), &unreadable.message())),
    }
}

fn electrodes(file: &ScanFile<'_>, recording: &Recording, rules: &Rules) -> Vec<Option<u32>> {
    let name = judge_name(file, rules).map(|(_, name)| name).unwrap_or_default();
    let chosen = selected(recording, rules, &name);
    chosen.into_iter().map(|(electrode, _)| electrode).collect()
}

fn steps_of(
    file: &ScanFile<'_>,
    recording: &Recording,
    electrode: Option<u32>,
    rules: &Rules,
    ca: &CaRules,
) -> Result<Vec<Step>, (&'static str, String)> {
    let name = judge_name(file, rules).map(|(_, name)| name).unwrap_or_default();
    let found = selected(recording, rules, &name)
        .into_iter()
        .find(|(number, _)| *number == electrode);
    let Some((_, trace)) = found else {
        let message = format!("It does not hold electrode {}.", electrode.unwrap_or(0));
        return Err(("electrode_missing", message));
    };
    let trace = trace.map_err(|none| (none.code(), none.message(file.name, recording)))?;
    let Some(transient) = trace.transient() else {
        return Err(("not_a_transient", "It holds no current over time.".to_owned()));
    };
    let steps = ca.steps(transient, trace.potential_v.as_deref());
    steps.map_err(|none| (none.code(), none.message()))
}

/// The steps of the first file with the points of the same steps of the others.
fn merged(all: &[StepsUsed]) -> Result<Vec<Step>, (&'static str, String)> {
    let Some((_, of_first)) = all.first() else {
        return Ok(Vec::new());
    };
    of_first
        .iter()
        .map(|first| {
            let mut parts = Vec::with_capacity(all.len());
            let mut repeats = 0;
            for (range_s, steps) in all {
                let Some(step) = steps.iter().find(|step| step.number == first.number) else {
                    let message = format!(
                        "The files do not all have step {}. Choose one with ca.step.",
                        first.number
                    );
                    return Err(("step_missing", message));
                };
                if let (Some(one), Some(other)) = (first.potential_v, step.potential_v)
                    && (one - other).abs() > SAME_POTENTIAL_V
                {
                    let message = format!("The files step to different potentials, {one} V and {other} V.");
                    return Err(("potentials_differ", message));
                }
                repeats += step.repeats;
                parts.push(PulsePart {
                    transient: &step.transient,
                    start_s: 0.0,
                    range_s: *range_s,
                });
            }
            Ok(Step {
                transient: merge_pulses(&parts),
                repeats,
                ..first.clone()
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use protocol::settings::{CaModel, Settings, Technique};

    use super::*;

    const TAU_S: [f64; 2] = [2e-3, 80e-3];

    fn table(step_s: f64, points: u32, scale: f64) -> String {
        let mut text = "Time (s),Current E1 (A)\n".to_owned();
        for k in 1..=points {
            let t = step_s * f64::from(k);
            let current = 3e-6 * (-t / TAU_S[0]).exp() + 1e-6 * (-t / TAU_S[1]).exp() + 5e-8;
            // Not noise, but enough to be no perfect fit.
            let wobble = 1e-10 * (f64::from(k) * 1.7).sin();
            writeln!(text, "{t:e},{:e}", scale * current + wobble).unwrap();
        }
        text
    }

    fn together(contents: &[(&str, String)], ranges: &[Option<(f64, f64)>]) -> Vec<Measurement> {
        let mut settings = Settings {
            technique: Technique::Ca,
            ..Settings::default()
        };
        settings.ca.model = CaModel::Bi;
        let rules = Rules::new(&settings).unwrap();
        let files: Vec<PulseFile<'_>> = contents
            .iter()
            .zip(ranges)
            .map(|((name, content), range_s)| PulseFile {
                file: ScanFile {
                    name,
                    content: content.as_bytes(),
                    modified_ns: 0,
                },
                range_s: *range_s,
            })
            .collect();
        measured_together(&files, &rules)
    }

    #[test]
    fn a_short_and_a_long_pulse_give_both_time_constants() {
        let files = [
            ("Short_S_7.txt", table(5e-5, 200, 1.0)),
            ("Long_S_7.txt", table(2e-3, 250, 1.0)),
        ];
        let measured = together(&files, &[Some((0.0, 0.01)), Some((0.01, 0.5))]);
        assert_eq!(measured.len(), 1);
        let ca = measured[0].ca.as_ref().unwrap();
        assert_eq!((measured[0].index, ca.step, ca.repeats), (Some(7), Some(1), Some(2)));
        for (found, truth) in [ca.tau1_s, ca.tau2_s].into_iter().zip(TAU_S) {
            assert!(
                (found.unwrap() / truth - 1.0).abs() < 0.01,
                "{found:?} of {truth}: {measured:?}"
            );
        }
        assert_eq!(ca.fit_points, Some(200 + 246));
    }

    #[test]
    fn what_has_to_be_said_about_a_later_file_is_said_about_the_whole() {
        let whole = table(2e-3, 250, 1.0);
        let unreadable = whole.trim_end().to_owned() + "\nnot a number,at all\n";
        let files = |long: &str| [("Short_1.txt", table(5e-5, 200, 1.0)), ("Long_1.txt", long.to_owned())];
        let ranges = [Some((0.0, 0.01)), Some((0.01, 0.5))];
        assert_eq!(together(&files(&whole), &ranges)[0].status, Status::Ok);
        let measured = together(&files(&unreadable), &ranges);
        assert_eq!(measured[0].status, Status::Warning, "{measured:?}");
        assert!(
            measured[0].message.as_deref().unwrap().contains("Long_1.txt: "),
            "{measured:?}"
        );
    }

    #[test]
    fn what_cannot_be_put_together_says_why() {
        let files = [("Short_1.txt", table(5e-5, 200, 1.0)), ("Long_1.txt", String::new())];
        let measured = together(&files, &[None, None]);
        assert_eq!((measured.len(), measured[0].status), (1, Status::Failed));
        assert_eq!(measured[0].file, "Long_1.txt");
    }
}
