//! EC-Lab text files.

use instrument::Format;

use super::{Outcome, Row};

pub const ROWS: &[Row] = &[
    Row {
        file: "biologic/ixdat/Pt_poly_cv.mpt",
        outcome: Outcome::Refused(Format::BiologicMpt, "unsupported_format"),
    },
    Row {
        file: "biologic/ixdat/Pt_poly_cv_CUT.mpt",
        outcome: Outcome::Refused(Format::BiologicMpt, "unsupported_format"),
    },
    Row {
        file: "biologic/ixdat_large/biologic_dataset_with_loop/dataset_with_loop_01_01_OCV_DUSB0_C01.mpt",
        outcome: Outcome::Refused(Format::BiologicMpt, "unsupported_format"),
    },
    Row {
        file: "biologic/ixdat_large/biologic_dataset_with_loop/dataset_with_loop_01_02_CVA_DUSB0_C01.mpt",
        outcome: Outcome::Refused(Format::BiologicMpt, "unsupported_format"),
    },
    Row {
        file: "biologic/ixdat_large/biologic_dataset_with_loop/dataset_with_loop_01_03_CP_DUSB0_C01.mpt",
        outcome: Outcome::Refused(Format::BiologicMpt, "unsupported_format"),
    },
    Row {
        file: "biologic/ixdat_large/biologic_dataset_with_loop/dataset_with_loop_01_05_PEIS_DUSB0_C01.mpt",
        outcome: Outcome::Refused(Format::BiologicMpt, "unsupported_format"),
    },
    Row {
        file: "biologic/ixdat_large/biologic_multiple_techniques_dataset/multiple_techniques_dataset_01_01_PEIS_C01.mpt",
        outcome: Outcome::Refused(Format::BiologicMpt, "unsupported_format"),
    },
    Row {
        file: "biologic/ixdat_large/biologic_multiple_techniques_dataset/multiple_techniques_dataset_01_02_CVA_C01.mpt",
        outcome: Outcome::Refused(Format::BiologicMpt, "unsupported_format"),
    },
    Row {
        file: "biologic/ixdat_large/biologic_multiple_techniques_dataset/multiple_techniques_dataset_01_03_CP_C01.mpt",
        outcome: Outcome::Refused(Format::BiologicMpt, "unsupported_format"),
    },
    Row {
        file: "biologic/ixdat_large/biologic_multiple_techniques_dataset/multiple_techniques_dataset_01_04_CP_C01.mpt",
        outcome: Outcome::Refused(Format::BiologicMpt, "unsupported_format"),
    },
    Row {
        file: "biologic/ixdat_large/biologic_multiple_techniques_dataset/multiple_techniques_dataset_01_05_CA_C01.mpt",
        outcome: Outcome::Refused(Format::BiologicMpt, "unsupported_format"),
    },
    Row {
        file: "biologic/ixdat_large/biologic_multiple_techniques_dataset/multiple_techniques_dataset_01_06_CA_C01.mpt",
        outcome: Outcome::Refused(Format::BiologicMpt, "unsupported_format"),
    },
    Row {
        file: "biologic/ixdat_large/biologic_multiple_techniques_dataset/multiple_techniques_dataset_01_07_ZIR_C01.mpt",
        outcome: Outcome::Refused(Format::BiologicMpt, "unsupported_format"),
    },
    Row {
        file: "biologic/ixdat_large/biologic_multiple_techniques_dataset/multiple_techniques_dataset_01_08_CVA_C01.mpt",
        outcome: Outcome::Refused(Format::BiologicMpt, "unsupported_format"),
    },
];
