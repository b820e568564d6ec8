//! Gamry data files.

use instrument::Format;

use super::{Outcome, Row};

pub const ROWS: &[Row] = &[
    Row {
        file: "gamry/gamry_parser_tests/chronoa_data.dta",
        outcome: Outcome::Refused(Format::GamryDta, "unsupported_format"),
    },
    Row {
        file: "gamry/gamry_parser_tests/chronoa_de_data.dta",
        outcome: Outcome::Refused(Format::GamryDta, "unsupported_format"),
    },
    Row {
        file: "gamry/gamry_parser_tests/cv_data.dta",
        outcome: Outcome::Refused(Format::GamryDta, "unsupported_format"),
    },
    Row {
        file: "gamry/gamry_parser_tests/cv_data_incompleteheader.dta",
        outcome: Outcome::Refused(Format::GamryDta, "unsupported_format"),
    },
    Row {
        file: "gamry/gamry_parser_tests/ocp_data.dta",
        outcome: Outcome::Refused(Format::GamryDta, "unsupported_format"),
    },
    Row {
        file: "gamry/gamry_parser_tests/ocvcurve_data.dta",
        outcome: Outcome::Refused(Format::GamryDta, "unsupported_format"),
    },
    Row {
        file: "gamry/gamry_parser_tests/squarewave_data.dta",
        outcome: Outcome::Refused(Format::GamryDta, "unsupported_format"),
    },
    Row {
        file: "gamry/gamry_parser_tests/vfp600_data.dta",
        outcome: Outcome::Refused(Format::GamryDta, "unsupported_format"),
    },
    Row {
        file: "gamry/kirkpsmith_cv/10mM_1_2_DAAQ_1_2_ChCl_EG_negative.DTA.txt",
        outcome: Outcome::Refused(Format::GamryDta, "unsupported_format"),
    },
    Row {
        file: "gamry/kirkpsmith_cv/10mM_2_amino_9_Fl_1_2_ChCl_EG__negative.DTA.txt",
        outcome: Outcome::Refused(Format::GamryDta, "unsupported_format"),
    },
    Row {
        file: "gamry/kirkpsmith_cv/10mM_9fluorenone_1_2_ChCl_EG.DTA",
        outcome: Outcome::Refused(Format::GamryDta, "unsupported_format"),
    },
    Row {
        file: "gamry/kirkpsmith_cv/10mM_F1CA_1M_KOH_pH_14_3.DTA",
        outcome: Outcome::Refused(Format::GamryDta, "unsupported_format"),
    },
    Row {
        file: "gamry/kirkpsmith_cv/10mM_F2CA_1M_KOH_pH_14_25mV.DTA",
        outcome: Outcome::Refused(Format::GamryDta, "unsupported_format"),
    },
    Row {
        file: "gamry/kirkpsmith_cv/10mM_F2CA_1M_KOH_pH_14_50mV.DTA",
        outcome: Outcome::Refused(Format::GamryDta, "unsupported_format"),
    },
    Row {
        file: "gamry/kirkpsmith_cv/10mM_F2CA_1M_KOH_pH_14_100mV.DTA",
        outcome: Outcome::Refused(Format::GamryDta, "unsupported_format"),
    },
    Row {
        file: "gamry/kirkpsmith_cv/10mM_F2CA_1M_KOH_pH_14_unkown_peak.DTA",
        outcome: Outcome::Refused(Format::GamryDta, "unsupported_format"),
    },
];
