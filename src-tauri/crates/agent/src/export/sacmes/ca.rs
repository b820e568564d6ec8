//! Chronoamperometry: a row per file number, the lifetimes of each electrode in columns.

use std::collections::{BTreeMap, BTreeSet};

use protocol::measurement::Measurement;
use protocol::settings::CaModel;

use super::series::label;
use super::table::Table;

const MILLI_PER_UNIT: f64 = 1e3;

/// The table of a series of decays. Files without a number have rows behind the others, in their order. The first step of an electrode has
/// the original's columns; further ones, which it did not know, have columns of their own.
pub fn table(measurements: &[Measurement]) -> Table {
    let mut files: BTreeMap<&str, usize> = BTreeMap::new();
    let mut rows: BTreeSet<Row> = BTreeSet::new();
    let mut places: BTreeSet<(Option<u32>, u32)> = BTreeSet::new();
    let mut lifetimes: BTreeMap<(Option<u32>, u32, Row), [Option<f64>; 2]> = BTreeMap::new();
    let mut has_second = false;
    for m in measurements {
        let order = files.len();
        let order = *files.entry(m.file.as_str()).or_insert(order);
        let row = m.index.map_or(Row::Unnumbered(order), Row::Numbered);
        rows.insert(row);
        let Some(ca) = &m.ca else { continue };
        let step = ca.step.unwrap_or(1);
        places.insert((m.electrode, step));
        has_second |= ca.model == CaModel::Bi;
        if !m.excluded && m.reason.as_deref() != Some("duplicate_index") {
            let milliseconds = |tau: Option<f64>| tau.map(|tau| tau * MILLI_PER_UNIT);
            lifetimes
                .entry((m.electrode, step, row))
                .or_insert([milliseconds(ca.tau1_s), milliseconds(ca.tau2_s)]);
        }
    }
    let mut table = Table::default();
    table.column("File", rows.iter().map(|row| row.number()).collect());
    let first_steps: BTreeMap<Option<u32>, u32> = places.iter().rev().copied().collect();
    for (electrode, step) in &places {
        let electrode_and_step = match first_steps.get(electrode) {
            Some(first) if first == step => label(*electrode),
            _ => format!("{}_Step{step}", label(*electrode)),
        };
        let column = |at: usize| -> Vec<Option<f64>> {
            let cell = |row: &Row| lifetimes.get(&(*electrode, *step, *row)).and_then(|both| both[at]);
            rows.iter().map(cell).collect()
        };
        table.column(format!("{electrode_and_step}_Lifetime(ms)"), column(0));
        if has_second {
            table.column(format!("{electrode_and_step}_Lifetime_2(ms)"), column(1));
        }
    }
    table
}

/// A row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Row {
    /// File number.
    Numbered(u32),
    /// A file without one, by its order.
    Unnumbered(usize),
}

impl Row {
    fn number(self) -> Option<f64> {
        match self {
            Self::Numbered(number) => Some(f64::from(number)),
            Self::Unnumbered(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use protocol::measurement::CaNumbers;

    use super::*;
    use crate::export::series::tests::measurement;

    fn decay(electrode: u32, index: u32, step: u32, tau_s: [Option<f64>; 2], model: CaModel) -> Measurement {
        Measurement {
            file: format!("CA_{index}.txt"),
            frequency_hz: None,
            ca: Some(CaNumbers {
                step: Some(step),
                tau1_s: tau_s[0],
                tau2_s: tau_s[1],
                ..CaNumbers::without_numbers(model)
            }),
            ..measurement(electrode, 1.0, index, None)
        }
    }

    fn text(measurements: &[Measurement]) -> String {
        let mut bytes = Vec::new();
        table(measurements).write(&mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn lifetimes_are_milliseconds_under_the_originals_names() {
        let rows = [
            decay(1, 2, 1, [Some(0.25), None], CaModel::Mono),
            decay(3, 1, 1, [None, None], CaModel::Mono),
            decay(1, 1, 1, [Some(0.5), None], CaModel::Mono),
        ];
        assert_eq!(
            text(&rows),
            "File E1_Lifetime(ms) E3_Lifetime(ms)\r\n1 500 nan\r\n2 250 nan\r\n"
        );
        let two = [decay(2, 7, 1, [Some(0.5), Some(4.0)], CaModel::Bi)];
        assert_eq!(text(&two), "File E2_Lifetime(ms) E2_Lifetime_2(ms)\r\n7 500 4000\r\n");
    }

    #[test]
    fn further_steps_and_files_without_a_number_are_there_too() {
        let mut unnumbered = decay(1, 9, 2, [Some(2.0), None], CaModel::Mono);
        unnumbered.index = None;
        let mut excluded = decay(1, 4, 3, [Some(3.0), None], CaModel::Mono);
        excluded.excluded = true;
        let rows = [unnumbered, decay(1, 4, 2, [Some(1.0), None], CaModel::Mono), excluded];
        assert_eq!(
            text(&rows),
            "File E1_Lifetime(ms) E1_Step3_Lifetime(ms)\r\n4 1000 nan\r\nnan 2000 nan\r\n"
        );
    }
}
