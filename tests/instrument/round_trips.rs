//! Tables written in any style are read back as they were; damaged files never do harm.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may say what must hold in the shortest way"
)]

use std::fmt::Write;

use instrument::{Encoding, ReadOptions, read};
use proptest::prelude::*;

/// How a table is written.
#[allow(clippy::struct_excessive_bools, reason = "each is one choice of a writer")]
#[derive(Debug, Clone)]
struct Style {
    separator: &'static str,
    comma: bool,
    encoding: usize,
    header: usize,
    crlf: bool,
    scientific: bool,
    preamble: bool,
    trailing_blank_line: bool,
}

fn styles() -> impl Strategy<Value = Style> {
    (
        prop_oneof![
            Just((",", false)),
            Just((", ", false)),
            Just((";", false)),
            Just((";", true)),
            Just(("\t", false)),
            Just(("\t", true)),
            Just((" ", false)),
            Just(("   ", false)),
            Just((" ", true))
        ],
        (
            0..7_usize,
            0..4_usize,
            any::<bool>(),
            any::<bool>(),
            any::<bool>(),
            any::<bool>(),
        ),
    )
        .prop_map(
            |((separator, comma), (encoding, header, crlf, scientific, preamble, trailing_blank_line))| Style {
                separator,
                comma,
                encoding,
                header,
                crlf,
                scientific,
                preamble: preamble && header > 0,
                trailing_blank_line,
            },
        )
}

impl Style {
    fn number(&self, value: f64) -> String {
        let text = if self.scientific {
            format!("{value:.7e}")
        } else {
            format!("{value:.9}")
        };
        if self.comma { text.replace('.', ",") } else { text }
    }

    fn header(&self, electrodes: usize) -> Option<String> {
        let blanks = self.separator.starts_with(' ');
        let join = if blanks { "   " } else { self.separator };
        let names: Vec<String> = (0..=electrodes)
            .map(|column| match (self.header, column) {
                (1, 0) => "Potential (V)".to_owned(),
                (1, k) => format!("Current E{} (µA)", 2 * k),
                (2, 0) => "E/V".to_owned(),
                (2, k) => format!("i{}/uA", 2 * k),
                (_, 0) => "Voltage [V]".to_owned(),
                (_, k) => format!("ch{} [\u{3bc}A]", 2 * k),
            })
            .collect();
        (self.header > 0).then(|| names.join(join))
    }

    fn write(&self, potentials: &[f64], currents: &[Vec<f64>]) -> Vec<u8> {
        let mut lines = Vec::new();
        if self.preamble {
            lines.push("Measured in the basement".to_owned());
            lines.push("Frequency (Hz) = 25".to_owned());
            lines.push(String::new());
        }
        lines.extend(self.header(currents.len()));
        for (row, potential) in potentials.iter().enumerate() {
            let mut line = self.number(*potential);
            for electrode in currents {
                write!(line, "{}{}", self.separator, self.number(electrode[row])).unwrap();
            }
            lines.push(line);
        }
        if self.trailing_blank_line {
            lines.push(String::new());
        }
        let end = if self.crlf { "\r\n" } else { "\n" };
        let text = lines.join(end) + end;
        let utf16 = |to_bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(to_bytes).collect::<Vec<u8>>();
        match self.encoding {
            0 => text.into_bytes(),
            1 => ["\u{feff}", &text].concat().into_bytes(),
            2 => utf16(u16::to_le_bytes),
            3 => [vec![0xFF, 0xFE], utf16(u16::to_le_bytes)].concat(),
            4 => utf16(u16::to_be_bytes),
            5 => [vec![0xFE, 0xFF], utf16(u16::to_be_bytes)].concat(),
            _ => text
                .replace('\u{3bc}', "µ")
                .chars()
                .map(|c| u8::try_from(u32::from(c)).unwrap())
                .collect(),
        }
    }

    fn encoding(&self, bytes: &[u8]) -> Encoding {
        match self.encoding {
            2 | 3 => Encoding::Utf16Le,
            4 | 5 => Encoding::Utf16Be,
            6 if !bytes.is_ascii() => Encoding::Windows1252,
            _ => Encoding::Utf8,
        }
    }
}

/// Potentials in volt that go down in steps, and currents of some electrodes.
fn tables() -> impl Strategy<Value = (Vec<f64>, Vec<Vec<f64>>)> {
    (2..40_usize, 1..5_usize).prop_flat_map(|(rows, electrodes)| {
        let currents = proptest::collection::vec(proptest::collection::vec(-500.0..500.0_f64, rows), electrodes);
        (
            Just((0..rows).map(|k| 0.4 - 0.0123 * k as f64).collect::<Vec<f64>>()),
            currents,
        )
    })
}

fn as_printed(style: &Style, value: f64) -> f64 {
    style.number(value).replace(',', ".").parse().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn what_is_written_in_any_style_is_read_back((potentials, currents) in tables(), style in styles()) {
        let bytes = style.write(&potentials, &currents);
        let recording = read(&bytes, &ReadOptions::default()).map_err(|error| TestCaseError::fail(format!("{error} {style:?}")))?;
        prop_assert_eq!(recording.encoding, style.encoding(&bytes));
        prop_assert_eq!(recording.points, potentials.len());
        prop_assert_eq!(recording.electrodes.len(), currents.len());
        prop_assert_eq!(recording.frequency_hz, style.preamble.then_some(25.0));
        for (position, (electrode, written)) in recording.electrodes.iter().zip(&currents).enumerate() {
            let (number, per_ampere) = if style.header > 0 { (2 * (position + 1), 1e6) } else { (position + 1, 1.0) };
            prop_assert_eq!(electrode.electrode as usize, number);
            prop_assert_eq!(electrode.stated, style.header > 0);
            let expected: Vec<f64> = written.iter().map(|current| as_printed(&style, *current) / per_ampere).collect();
            prop_assert_eq!(electrode.voltammogram().unwrap().current_a(), &expected[..]);
            let expected: Vec<f64> = potentials.iter().map(|potential| as_printed(&style, *potential)).collect();
            prop_assert_eq!(electrode.voltammogram().unwrap().potential_v(), &expected[..]);
        }
    }

    #[test]
    fn flipped_cut_and_inserted_bytes_never_do_harm(
        (potentials, currents) in tables(), style in styles(), which in 0..4_usize,
        damages in proptest::collection::vec((any::<prop::sample::Index>(), 0..4_u8, any::<u8>()), 1..12),
        settled in any::<bool>(),
    ) {
        let mut bytes = match which {
            0 => style.write(&potentials, &currents),
            other => samples()[other - 1].as_bytes().to_vec(),
        };
        for (place, kind, byte) in damages {
            if bytes.is_empty() {
                break;
            }
            let at = place.index(bytes.len());
            match kind {
                0 => bytes[at] ^= 1 << (byte % 8),
                1 => bytes.truncate(at),
                2 => bytes.insert(at, byte),
                _ => bytes.insert(at, b",;\t \n\r-.e\"0\0#"[usize::from(byte) % 13]),
            }
        }
        let options = ReadOptions { settled, ..ReadOptions::default() };
        match read(&bytes, &options) {
            Ok(recording) => {
                prop_assert!(!recording.electrodes.is_empty());
                for electrode in &recording.electrodes {
                    let points = electrode.trace.len();
                    prop_assert!(points > 0 && points <= recording.points);
                    prop_assert!(electrode.forward_a.as_ref().is_none_or(|forward| forward.len() == points));
                }
                prop_assert!(recording.reservations.iter().all(|reservation| !reservation.message().is_empty()));
            }
            Err(error) => prop_assert!(!error.message().is_empty() && !error.code().is_empty()),
        }
    }

    #[test]
    fn any_bytes_are_read_without_harm(bytes in proptest::collection::vec(any::<u8>(), 0..400), text in "[ -~\t\r\nµ]{0,300}") {
        let _ = read(&bytes, &ReadOptions::default());
        let _ = read(text.as_bytes(), &ReadOptions { settled: true, ..ReadOptions::default() });
    }
}

/// Files of recognised formats to damage.
fn samples() -> [&'static str; 3] {
    [
        "May 7, 2026   16:05:57\r\nSquare Wave Voltammetry\r\nFile: a.bin\r\nInstrument Model:  CHI1040C\r\n\r\nInit E (V) = 0\r\n\
         Final E (V) = -0.012\r\nIncr E (V) = 0.004\r\nFrequency (Hz) = 10\r\n\r\nPotential/V, i1d/A, i1f/A, i1r/A\r\n\r\n\
         -0.004, 1.5e-8, 1.0e-8, -5e-9\r\n-0.008, 1.6e-8, 1.1e-8, -5e-9\r\n-0.012, 1.7e-8, 1.2e-8, -5e-9\r\n",
        "Potential applied (V);Time (s);WE(1).Current (A);Scan\n-0,1;1;1,5e-6;1\n-0,25;2;-2,25e-6;1\n-0,3;3;3e-6;1\n",
        "0.010, -0.4900, -9.4744\n0.020, -0.4800, -9.2586\n0.030, -0.4700, -9.1030\n0.040, -0.4600, -8.8753\n",
    ]
}
