//! Several frequency maps, one after the other, as the predecessor wrote the two that it could hold.

use std::io::Write;

use super::form::{Report, Writer};
use super::frequency_map::{Quantity, table};
use crate::study::OneMap;

/// Writes the tables of every map. The predecessor left potentials out.
///
/// # Errors
/// What the destination reports.
pub fn report(to: &mut impl Write, maps: &[OneMap]) -> std::io::Result<()> {
    let mut out = Report::new(to, Writer::Page);
    out.line("# SACMES Frequency Map Data - Hold Mode Comparison")?;
    out.line(&format!("# Export Date: {}", crate::clock::now()))?;
    for (number, map) in maps.iter().enumerate() {
        out.line(&format!("# Session {}: {}", number + 1, in_one_line(&map.name)))?;
    }
    for (number, map) in maps.iter().enumerate() {
        if number > 0 {
            out.line("")?;
        }
        for quantity in Quantity::ALL {
            out.line("")?;
            out.line(&format!("## {} - {}", in_one_line(&map.name), quantity.heading()))?;
            out.line("")?;
            table(&mut out, &map.map, quantity)?;
        }
    }
    Ok(())
}

/// A name cannot begin a line of its own.
fn in_one_line(name: &str) -> String {
    name.split(['\r', '\n']).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use protocol::settings::{Settings, Technique};

    use crate::export::series::tests::measurement;
    use crate::export::write_sacmes_web;

    #[test]
    fn every_index_is_a_map_of_the_comparison() {
        let settings = Settings {
            technique: Technique::FrequencyMap,
            ..Settings::default()
        };
        let rows = [
            measurement(1, 10.0, 1, Some(3e-6)),
            measurement(1, 10.0, 2, Some(-2e-6)),
        ];
        let mut bytes = Vec::new();
        write_sacmes_web(&mut bytes, &settings, &rows).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[2..4], ["# Session 1: Map #1", "# Session 2: Map #2"]);
        assert_eq!(
            lines[4..9],
            [
                "",
                "## Map #1 - Charge (C)",
                "",
                "Frequency (Hz),Averaged,Electrode 1,Std",
                "10,3.000000e-7,3.000000e-7,N/A"
            ]
        );
        let second = lines
            .iter()
            .position(|line| *line == "## Map #2 - Peak Current (A)")
            .unwrap();
        assert_eq!(lines[second + 3], "10,-2.000000e-6,-2.000000e-6,N/A");
        assert!(!text.contains('\r'));
    }
}
