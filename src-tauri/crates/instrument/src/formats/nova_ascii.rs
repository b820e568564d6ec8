//! ASCII export of NOVA (Autolab): one header line with NOVA's own column names, then the table.

use std::num::NonZeroUsize;

use memchr::memmem;

use super::{FileFormat, Input, delimited};
use crate::format::Format;
use crate::options::ReadOptions;
use crate::recording::{ElectrodeSweep, Recording, Technique};
use crate::text::{Lines, is_blank};
use crate::unreadable::Unreadable;

/// Reads NOVA's ASCII export.
pub struct NovaAscii;

impl FileFormat for NovaAscii {
    fn format(&self) -> Format {
        Format::NovaAscii
    }

    fn recognises(&self, input: &Input<'_>) -> bool {
        let first = Lines::of(input.head()).find(|line| !is_blank(line.content));
        first.is_some_and(|line| {
            let has = |word: &[u8]| memmem::find(line.content, word).is_some();
            has(b"WE(1).") && (has(b"(V)") || (has(b"(A)") && has(b"(s)")))
        })
    }

    fn read(&self, input: &Input<'_>, options: &ReadOptions) -> Result<Recording, Unreadable> {
        let mut own = ReadOptions {
            settled: options.settled,
            ..ReadOptions::default()
        };
        // The applied potential is the abscissa, wherever it stands; beside it are the measured one and, for pulses, those
        // of base and pulse.
        own.potential = applied_potential(input.head());
        let mut recording = delimited::read_table(input, Format::NovaAscii, &own)?;
        if recording.technique == Technique::Unknown && recording.electrodes.iter().any(has_cycles) {
            recording.technique = Technique::Cv;
            let cycle = recording
                .electrodes
                .iter()
                .find_map(|electrode| electrode.cycle.as_deref());
            let turns = cycle.map(|cycle| cycle.windows(2).filter(|pair| pair[0] != pair[1]).count());
            recording.cycles = turns.and_then(|turns| u32::try_from(turns + 1).ok());
        }
        Ok(recording)
    }
}

/// Several scans are a cyclic voltammogram, whatever the course of the potential.
fn has_cycles(electrode: &ElectrodeSweep) -> bool {
    let cycle = electrode.cycle.as_deref();
    cycle.is_some_and(|cycle| cycle.windows(2).any(|pair| pair[0] != pair[1]))
}

/// Number of the column of the applied potential in the first line.
fn applied_potential(head: &[u8]) -> Option<NonZeroUsize> {
    let line = Lines::of(head).find(|line| !is_blank(line.content))?;
    let names = line.content.split(|byte| matches!(byte, b';' | b'\t' | b','));
    let found = names.into_iter().position(|name| {
        let name = name.trim_ascii();
        memmem::find(name, b"otential applied").is_some() && memmem::find(name, b"(V)").is_some()
    })?;
    NonZeroUsize::new(found + 1)
}

#[cfg(test)]
mod tests {
    use crate::recording::{Completeness, Recording, Technique};
    use crate::{Format, ReadOptions, read};

    fn recorded(bytes: &[u8]) -> Recording {
        read(bytes, &ReadOptions::default()).unwrap()
    }

    fn cyclic(separator: &str, comma: bool, scans: usize) -> String {
        let names = [
            "WE(1).Potential (V)",
            "Time (s)",
            "Potential applied (V)",
            "WE(1).Current (A)",
            "Scan",
            "Index",
        ];
        let mut text = names.join(separator) + "\r\n";
        for k in 0..40 * scans {
            let e = 0.01 * (k % 40).min(40 - k % 40) as f64;
            let cells = [
                format!("{:.5}", e + 1e-4),
                format!("{:.2}", 0.1 * k as f64),
                format!("{e:.3}"),
                format!("{:.4e}", 1e-6 * k as f64),
                (k / 40 + 2).to_string(),
                (k + 1).to_string(),
            ];
            let row = cells.join(separator) + "\r\n";
            text += &if comma { row.replace('.', ",") } else { row };
        }
        text
    }

    #[test]
    fn scans_are_cycles_in_every_way_of_writing() {
        let expected = recorded(cyclic("\t", false, 2).as_bytes());
        assert_eq!(
            (expected.format, expected.technique, expected.completeness),
            (Format::NovaAscii, Technique::Cv, Completeness::Unproven)
        );
        assert_eq!((expected.cycles, expected.points), (Some(2), 80));
        let electrode = &expected.electrodes[0];
        assert_eq!(
            (
                electrode.cycle.as_ref().unwrap()[0],
                electrode.cycle.as_ref().unwrap()[79]
            ),
            (2, 3)
        );
        assert_eq!(
            electrode.voltammogram().unwrap().potential_v()[1],
            0.01,
            "the applied potential"
        );
        assert_eq!(electrode.voltammogram().unwrap().current_a()[1], 1e-6);
        assert_eq!(electrode.time_s.as_ref().unwrap()[1], 0.1);
        for (separator, comma) in [(";", false), (";", true), (",", false), ("\t", true)] {
            let text = cyclic(separator, comma, 2);
            for text in [text.clone(), format!("\u{feff}{text}")] {
                let recording = recorded(text.as_bytes());
                assert_eq!(recording.electrodes, expected.electrodes, "{separator:?} {comma}");
            }
        }
    }

    #[test]
    fn pulses_and_current_over_time_are_read() {
        let pulses = "Potential applied (V);WE(1).\u{3b4}.Current (A);WE(1).Base.Potential (V);WE(1).Forward.Current (A);\
            WE(1).Backward.Current (A)\n0,1;3e-6;0,09;2e-6;-1e-6\n0,2;4e-6;0,19;3e-6;-1e-6\n0,3;4e-6;0,29;3e-6;-1e-6\n";
        let recording = recorded(pulses.as_bytes());
        assert_eq!((recording.technique, recording.electrodes.len()), (Technique::Swv, 1));
        let electrode = &recording.electrodes[0];
        assert_eq!(electrode.voltammogram().unwrap().current_a(), [3e-6, 4e-6, 4e-6]);
        assert_eq!(electrode.reverse_a.as_deref(), Some(&[-1e-6; 3][..]));
        let steps = "Corrected time (s);Index;WE(1).Current (A)\n0,1;1;3e-6\n0,2;2;2e-6\n0,3;3;1e-6\n";
        let recording = recorded(steps.as_bytes());
        assert_eq!(
            (recording.format, recording.technique),
            (Format::NovaAscii, Technique::Ca)
        );
        assert_eq!(recording.electrodes[0].transient().unwrap().time_s(), [0.1, 0.2, 0.3]);
    }
}
