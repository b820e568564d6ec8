//! Chronoamperograms: one step with its fit.

use figure::{Chronoamperogram, Colour, Figure, FittedDecay, Unit, value_text};
use protocol::measurement::{CaNumbers, Measurement, Status};

use super::sweeps::{chosen_one, column, curves};
use super::{Gathering, electrode_label};
use crate::export::ExportError;

pub(super) fn figure(gathering: &Gathering<'_>) -> Result<Figure, ExportError> {
    let (measurement, numbers) = chosen_one(gathering, "chronoamperogram", |m| m.ca.clone())?;
    let columns = curves(gathering, &measurement)?;
    // Steps stand one after the other; one of several measured together has all of them.
    let steps = columns.column("step").unwrap_or_default();
    let wanted = numbers.step.map(f64::from).filter(|step| steps.contains(step));
    let of_step = |values: Vec<Option<f64>>| -> Vec<Option<f64>> {
        let pairs = values.into_iter().zip(steps);
        pairs
            .filter(|(_, step)| wanted.is_none_or(|wanted| **step == wanted))
            .map(|(value, _)| value)
            .collect()
    };
    let fitted = of_step(column(&columns, "fitted_a"));
    Ok(Figure::Chronoamperogram(Chronoamperogram {
        label: label(&measurement, &numbers),
        colour: Colour::Electrode(measurement.electrode),
        time_s: of_step(column(&columns, "time_s"))
            .into_iter()
            .map(|t| t.unwrap_or(f64::NAN))
            .collect(),
        current_a: of_step(column(&columns, "raw_a")),
        fit: fitted.iter().any(Option::is_some).then(|| FittedDecay {
            current_a: fitted,
            facts: facts(&measurement, &numbers),
        }),
    }))
}

fn label(measurement: &Measurement, numbers: &CaNumbers) -> String {
    let step = numbers.step_potential_v;
    let step = step.map(|potential_v| format!("step to {}", value_text(potential_v, Unit::Volt)));
    // The file stands last: of a long name the end is cut, and nothing else.
    let words = [
        Some(electrode_label(measurement.electrode)),
        step,
        Some(measurement.file.clone()),
    ];
    words.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The words of a reason's code: "Warning: residuals correlated".
fn reservation(code: &str) -> String {
    format!("Warning: {}", code.replace('_', " "))
}

/// What was fitted, and the measurement's reservation where it has one: a curve that does not follow the current must not pass for one that does.
fn facts(measurement: &Measurement, numbers: &CaNumbers) -> Vec<String> {
    let time = |name: &str, value: Option<f64>| value.map(|s| format!("{name} = {}", value_text(s, Unit::Second)));
    let constants = match numbers.tau2_s {
        Some(_) => [time("τ₁", numbers.tau1_s), time("τ₂", numbers.tau2_s)],
        None => [time("τ", numbers.tau1_s), None],
    };
    let share = numbers.r_squared.map(|r| format!("R² = {r:.4}"));
    let reservation = match measurement.status {
        Status::Ok => None,
        Status::Warning | Status::Failed => measurement.reason.as_deref().map(reservation),
    };
    constants
        .into_iter()
        .flatten()
        .chain(share)
        .chain(reservation)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warning_has_the_words_of_its_reason() {
        assert_eq!(reservation("residuals_correlated"), "Warning: residuals correlated");
    }
}
