//! EC-Lab text files.

use instrument::{Completeness, Format, Technique};

use super::{Facts, Outcome, Row};

pub const ROWS: &[Row] = &[
    Row {
        file: "biologic/ixdat/Pt_poly_cv.mpt",
        outcome: Outcome::Read(Facts {
            format: Format::BiologicMpt,
            technique: Technique::Cv,
            frequency_hz: None,
            scan_rate_v_s: Some(0.1),
            electrodes: &[1],
            points: 4473,
            cycles: Some(5),
            completeness: Completeness::Unproven,
            ends: [(0.9495891, 2.979992e-7), (0.193813, 1.521393e-5)],
            reservations: &["last_line_kept"],
        }),
    },
    Row {
        file: "biologic/ixdat/Pt_poly_cv_CUT.mpt",
        outcome: Outcome::Read(Facts {
            format: Format::BiologicMpt,
            technique: Technique::Cv,
            frequency_hz: None,
            scan_rate_v_s: Some(0.1),
            electrodes: &[1],
            points: 223,
            cycles: Some(5),
            completeness: Completeness::Complete,
            ends: [(0.8786953, -2.604325e-6), (0.154713, 1.777132e-5)],
            reservations: &[],
        }),
    },
    Row {
        file: "biologic/ixdat_large/biologic_dataset_with_loop/dataset_with_loop_01_01_OCV_DUSB0_C01.mpt",
        outcome: Outcome::Refused(Format::BiologicMpt, "other_technique"),
    },
    Row {
        file: "biologic/ixdat_large/biologic_dataset_with_loop/dataset_with_loop_01_02_CVA_DUSB0_C01.mpt",
        outcome: Outcome::Read(Facts {
            format: Format::BiologicMpt,
            technique: Technique::Cv,
            frequency_hz: None,
            scan_rate_v_s: Some(0.02),
            electrodes: &[1],
            points: 154,
            cycles: Some(2),
            completeness: Completeness::Unproven,
            ends: [(0.8543057, 3.681491e-7), (0.8538663, 6.457082e-7)],
            reservations: &["last_line_kept"],
        }),
    },
    Row {
        file: "biologic/ixdat_large/biologic_dataset_with_loop/dataset_with_loop_01_03_CP_DUSB0_C01.mpt",
        outcome: Outcome::Refused(Format::BiologicMpt, "other_technique"),
    },
    Row {
        file: "biologic/ixdat_large/biologic_dataset_with_loop/dataset_with_loop_01_05_PEIS_DUSB0_C01.mpt",
        outcome: Outcome::Refused(Format::BiologicMpt, "other_technique"),
    },
    Row {
        file: "biologic/ixdat_large/biologic_multiple_techniques_dataset/multiple_techniques_dataset_01_01_PEIS_C01.mpt",
        outcome: Outcome::Refused(Format::BiologicMpt, "other_technique"),
    },
    Row {
        file: "biologic/ixdat_large/biologic_multiple_techniques_dataset/multiple_techniques_dataset_01_02_CVA_C01.mpt",
        outcome: Outcome::Read(Facts {
            format: Format::BiologicMpt,
            technique: Technique::Cv,
            frequency_hz: None,
            scan_rate_v_s: None,
            electrodes: &[1],
            points: 2572,
            cycles: Some(6),
            completeness: Completeness::Unproven,
            ends: [(0.9177026, -4.376391e-7), (0.9008088, 1.12674e-5)],
            reservations: &["last_line_kept"],
        }),
    },
    Row {
        file: "biologic/ixdat_large/biologic_multiple_techniques_dataset/multiple_techniques_dataset_01_03_CP_C01.mpt",
        outcome: Outcome::Refused(Format::BiologicMpt, "other_technique"),
    },
    Row {
        file: "biologic/ixdat_large/biologic_multiple_techniques_dataset/multiple_techniques_dataset_01_04_CP_C01.mpt",
        outcome: Outcome::Refused(Format::BiologicMpt, "other_technique"),
    },
    Row {
        file: "biologic/ixdat_large/biologic_multiple_techniques_dataset/multiple_techniques_dataset_01_05_CA_C01.mpt",
        outcome: Outcome::Read(Facts {
            format: Format::BiologicMpt,
            technique: Technique::Ca,
            frequency_hz: None,
            scan_rate_v_s: None,
            electrodes: &[1],
            points: 204,
            cycles: None,
            completeness: Completeness::Unproven,
            ends: [(600.581, -3.640214e-5), (629.5808, -1.001744e-6)],
            reservations: &["last_line_kept"],
        }),
    },
    Row {
        file: "biologic/ixdat_large/biologic_multiple_techniques_dataset/multiple_techniques_dataset_01_06_CA_C01.mpt",
        outcome: Outcome::Read(Facts {
            format: Format::BiologicMpt,
            technique: Technique::Ca,
            frequency_hz: None,
            scan_rate_v_s: None,
            electrodes: &[1],
            points: 234,
            cycles: None,
            completeness: Completeness::Unproven,
            ends: [(629.6814, -0.0002500923), (639.6812, -1.845042e-6)],
            reservations: &["last_line_kept"],
        }),
    },
    Row {
        file: "biologic/ixdat_large/biologic_multiple_techniques_dataset/multiple_techniques_dataset_01_07_ZIR_C01.mpt",
        outcome: Outcome::Refused(Format::BiologicMpt, "other_technique"),
    },
    Row {
        file: "biologic/ixdat_large/biologic_multiple_techniques_dataset/multiple_techniques_dataset_01_08_CVA_C01.mpt",
        outcome: Outcome::Read(Facts {
            format: Format::BiologicMpt,
            technique: Technique::Cv,
            frequency_hz: None,
            scan_rate_v_s: None,
            electrodes: &[1],
            points: 2295,
            cycles: Some(7),
            completeness: Completeness::Unproven,
            ends: [(-0.000383476, -0.0002500923), (0.8763813, 2.756041e-7)],
            reservations: &["last_line_kept"],
        }),
    },
];
