//! Tables of the Rodeostat's own program.

use instrument::{Completeness, Format, Technique};

use super::{Facts, Outcome, Row};

pub const ROWS: &[Row] = &[
    Row {
        file: "rodeostat/iorodeo/cyclic_test_data.txt",
        outcome: Outcome::Read(Facts {
            format: Format::Delimited,
            technique: Technique::Cv,
            frequency_hz: None,
            scan_rate_v_s: None,
            electrodes: &[1],
            points: 500,
            cycles: None,
            completeness: Completeness::Unproven,
            ends: [(-0.1, -1.6828e-06), (-0.1, -1.6887e-06)],
            reservations: &["current_unit_inferred"],
        }),
    },
    Row {
        file: "rodeostat/iorodeo/data_shift_00.txt",
        outcome: Outcome::Read(Facts {
            format: Format::Delimited,
            technique: Technique::Cv,
            frequency_hz: None,
            scan_rate_v_s: None,
            electrodes: &[1],
            points: 200,
            cycles: None,
            completeness: Completeness::Unproven,
            ends: [(-0.49, -9.4744e-06), (-0.5, -9.622e-06)],
            reservations: &["current_unit_inferred"],
        }),
    },
    Row {
        file: "rodeostat/iorodeo/data_shift_25.txt",
        outcome: Outcome::Read(Facts {
            format: Format::Delimited,
            technique: Technique::Cv,
            frequency_hz: None,
            scan_rate_v_s: None,
            electrodes: &[1],
            points: 200,
            cycles: None,
            completeness: Completeness::Unproven,
            ends: [(0.01, 4.871e-07), (0.0, 2.787e-07)],
            reservations: &["current_unit_inferred"],
        }),
    },
    Row {
        file: "rodeostat/iorodeo/linear_sweep_data.txt",
        outcome: Outcome::Read(Facts {
            format: Format::Delimited,
            technique: Technique::Unknown,
            frequency_hz: None,
            scan_rate_v_s: None,
            electrodes: &[1],
            points: 2000,
            cycles: None,
            completeness: Completeness::Unproven,
            ends: [(0.0, 2.865e-07), (1.2, 2.4301e-05)],
            reservations: &["current_unit_inferred"],
        }),
    },
    Row {
        file: "rodeostat/iorodeo/test_data.txt",
        outcome: Outcome::Read(Facts {
            format: Format::Delimited,
            technique: Technique::Cv,
            frequency_hz: None,
            scan_rate_v_s: None,
            electrodes: &[1],
            points: 4400,
            cycles: None,
            completeness: Completeness::Unproven,
            ends: [(-0.0995, -1.6365e-06), (-0.1, -1.6213e-06)],
            reservations: &["current_unit_inferred"],
        }),
    },
];
