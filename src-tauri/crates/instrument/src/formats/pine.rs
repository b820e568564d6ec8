//! Plots that `AfterMath`, the software for Pine Research instruments, exports as text.
//!
//! An export is a table of two columns, or three if its points are numbered. `Point`, `Potential(mV)` and `Current(microAmp)`
//! above it, with the unit of current as a word, are written by nobody else. The other exports have names that many programs
//! write; they are known by the words in the lines above, and without such words they are tables like any other.
//!
//! A lab's own table may name the instrument too. So what is stated about the columns holds here as for any table.

use super::delimited::read_table;
use super::{FileFormat, Input};
use crate::format::Format;
use crate::options::ReadOptions;
use crate::recording::{Recording, Technique, Trace};
use crate::text::Lines;
use crate::unreadable::Unreadable;

/// Reads plots exported by `AfterMath`.
pub struct PineText;

/// Lines that are looked at.
const LINES: usize = 40;
/// Names of the software and of its instruments.
const MAKERS: [&str; 6] = [
    "aftermath",
    "wavenano",
    "wavenow",
    "wavedriver",
    "pine research",
    "pine instrument",
];
/// What a plot of square waves or pulses is called.
const PLOT: [&str; 2] = ["difference current", "average potential"];
/// Words that say the technique.
const TECHNIQUES: [(&str, Technique); 9] = [
    ("square wave", Technique::Swv),
    ("square-wave", Technique::Swv),
    ("swv", Technique::Swv),
    ("differential pulse", Technique::Dpv),
    ("dpv", Technique::Dpv),
    ("cyclic voltammetry", Technique::Cv),
    ("linear sweep", Technique::Lsv),
    ("normal pulse", Technique::Other),
    ("staircase", Technique::Lsv),
];

impl FileFormat for PineText {
    fn format(&self) -> Format {
        Format::Pine
    }

    fn recognises(&self, input: &Input<'_>) -> bool {
        above(input).any(|line| {
            has_numbered_points(&line)
                || MAKERS.iter().any(|maker| line.contains(maker))
                || PLOT.iter().all(|words| line.contains(words))
        })
    }

    fn read(&self, input: &Input<'_>, options: &ReadOptions) -> Result<Recording, Unreadable> {
        let recording = read_table(input, Format::Pine, options)?;
        let over_potential = |recording: &Recording| {
            let first = recording.electrodes.first();
            first.is_some_and(|electrode| matches!(electrode.trace, Trace::Voltammogram(_)))
        };
        let technique = match recording.technique {
            Technique::Unknown if over_potential(&recording) => stated(input).unwrap_or(Technique::Unknown),
            known => known,
        };
        Ok(Recording { technique, ..recording })
    }
}

/// The lines above the numbers, in small letters.
fn above<'a>(input: &'a Input<'_>) -> impl Iterator<Item = String> + 'a {
    Lines::of(input.head())
        .take(LINES)
        .map(|line| String::from_utf8_lossy(line.content).to_lowercase())
}

/// Whether a line is `Point Potential(V) Current(milliAmp)`, with any separator and units.
fn has_numbered_points(line: &str) -> bool {
    let names: Vec<&str> = line
        .split(['\t', ',', ';'])
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .collect();
    match names[..] {
        ["point", potential, current] => {
            potential.starts_with("potential(") && current.starts_with("current(") && current.ends_with("amp)")
        }
        _ => false,
    }
}

/// The technique that the lines above say.
fn stated(input: &Input<'_>) -> Option<Technique> {
    above(input).find_map(|line| {
        TECHNIQUES
            .iter()
            .find(|(words, _)| line.contains(words))
            .map(|(_, technique)| *technique)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::read;

    fn read_text(text: &str) -> Recording {
        read(text.as_bytes(), &ReadOptions::default()).unwrap()
    }

    fn rows(separator: &str, row: impl Fn(f64) -> (f64, f64)) -> String {
        let row = |k: i32| {
            let (x, y) = row(f64::from(k));
            format!("{x:.6}{separator}{y:.12}\n")
        };
        (0..30).map(row).collect::<Vec<_>>().concat()
    }

    #[test]
    fn numbered_points_have_their_units() {
        let up_and_down = |k: f64| (250.0 + 5.0 * (15.0 - (k - 15.0).abs()), 16.0 + k);
        let numbered = |(row, k): (&str, i32)| format!("{k}\t{row}\n");
        let rows = rows("\t", up_and_down);
        let body = rows.lines().zip(1..).map(numbered).collect::<Vec<_>>().concat();
        let recording = read_text(&format!("Point\tPotential(mV)\tCurrent(microAmp)\n{body}"));
        assert_eq!((recording.format, recording.technique), (Format::Pine, Technique::Cv));
        let sweep = recording.electrodes[0].voltammogram().unwrap();
        assert_eq!((sweep.potential_v()[0], sweep.current_a()[0]), (0.25, 16e-6));
        assert_eq!(sweep.len(), 30);
        let amperes = read_text(&format!("Point\tPotential(V)\tCurrent(milliAmp)\n{body}"));
        assert_eq!(amperes.electrodes[0].voltammogram().unwrap().current_a()[0], 16e-3);
    }

    #[test]
    fn a_plot_is_known_by_the_words_above_it() {
        let body = rows(",", |k| (-0.01 * k, 1e-7 * k));
        for (above, technique) in [
            (
                "Difference Current vs Average Potential\nPotential (V),Current (A)",
                Technique::Unknown,
            ),
            (
                "Square Wave Voltammetry (AfterMath 1.6)\nPotential (V),Current (A)",
                Technique::Swv,
            ),
            (
                "WaveNano, DPV\nAverage Potential (V),Difference Current (A)",
                Technique::Dpv,
            ),
            (
                "Pine Research\nPotential (V vs. Ag/AgCl),Current (A)",
                Technique::Unknown,
            ),
        ] {
            let recording = read_text(&format!("{above}\n{body}"));
            assert_eq!(
                (recording.format, recording.technique),
                (Format::Pine, technique),
                "{above}"
            );
            let sweep = recording.electrodes[0].voltammogram().unwrap();
            assert_eq!((sweep.potential_v()[2], sweep.current_a()[2]), (-0.02, 2e-7), "{above}");
        }
    }

    #[test]
    fn the_columns_that_a_lab_states_hold_below_the_name_of_the_instrument() {
        let rows: Vec<String> = (0..20).map(|k| format!("{k},{},0.5,{}\n", 10 * k, 3 * k)).collect();
        let rows = rows.concat();
        let text = format!("Instrument: Pine WaveNow\nPotential (V),Applied (mV),Current (A),Probe\n{rows}");
        let options = ReadOptions {
            potential: std::num::NonZeroUsize::new(2),
            current: std::num::NonZeroUsize::new(4),
            potential_unit: Some(crate::units::PotentialUnit::Millivolt),
            current_unit: Some(crate::units::CurrentUnit::Nanoampere),
            ..ReadOptions::default()
        };
        let recording = read(text.as_bytes(), &options).unwrap();
        assert_eq!((recording.format, recording.electrodes.len()), (Format::Pine, 1));
        let sweep = recording.electrodes[0].voltammogram().unwrap();
        assert_eq!((sweep.potential_v()[2], sweep.current_a()[2]), (0.02, 6e-9));
    }

    #[test]
    fn names_that_many_programs_write_are_no_sign_of_the_maker() {
        let body = rows(",", |k| (-0.01 * k, 1e-7 * k));
        for above in ["Potential (V),Current (A)", "E/V,I/A", "Time (s),Current (A)"] {
            assert_ne!(read_text(&format!("{above}\n{body}")).format, Format::Pine, "{above}");
        }
    }

    #[test]
    fn a_file_cut_at_any_byte_is_partial_or_unproven() {
        let body = rows(",", |k| (-0.01 * k, 1e-7 * k));
        let whole = format!("AfterMath\nPotential (V),Current (A)\n{body}");
        let all = read_text(&whole);
        let all = all.electrodes[0].voltammogram().unwrap();
        for cut in 0..whole.len() {
            match read(&whole.as_bytes()[..cut], &ReadOptions::default()) {
                Ok(part) => {
                    let sweep = part.electrodes[0].voltammogram().unwrap();
                    assert!(all.potential_v().starts_with(sweep.potential_v()), "cut at {cut}");
                    assert!(all.current_a().starts_with(sweep.current_a()), "cut at {cut}");
                }
                Err(error) => assert!(error.may_become_readable(), "cut at {cut}: {error}"),
            }
        }
    }
}
