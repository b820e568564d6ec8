//! The file formats that are told apart.

use std::fmt;

/// A file format, by its stable code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Text export of CH Instruments software.
    ChiText,
    /// Binary file of CH Instruments software.
    ChiBin,
    /// Gamry Framework data file.
    GamryDta,
    /// CSV export of PSTrace (PalmSens).
    PalmsensCsv,
    /// Session or method file of PSTrace (PalmSens).
    PalmsensSession,
    /// Raw output of a MethodSCRIPT device (PalmSens).
    Methodscript,
    /// Text export of EC-Lab or BT-Lab (BioLogic).
    BiologicMpt,
    /// ASCII export of NOVA (Autolab).
    NovaAscii,
    /// Ivium data file.
    IviumIdf,
    /// Excel export of PSTrace (PalmSens).
    PalmsensExcel,
    /// Plot exported by `AfterMath` (Pine Research).
    Pine,
    /// A table of numbers in any other Excel workbook.
    ExcelTable,
    /// Any other table of numbers.
    Delimited,
    /// Not recognised.
    Unknown,
}

impl Format {
    /// Stable code for programs, as `sacmes inspect` prints it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::ChiText => "chi_text",
            Self::ChiBin => "chi_bin",
            Self::GamryDta => "gamry_dta",
            Self::PalmsensCsv => "palmsens_csv",
            Self::PalmsensSession => "palmsens_session",
            Self::Methodscript => "methodscript",
            Self::BiologicMpt => "biologic_mpt",
            Self::NovaAscii => "nova_ascii",
            Self::IviumIdf => "ivium_idf",
            Self::PalmsensExcel => "palmsens_excel",
            Self::Pine => "pine",
            Self::ExcelTable => "excel_table",
            Self::Delimited => "delimited",
            Self::Unknown => "unknown",
        }
    }

    /// Name for people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ChiText => "CH Instruments text",
            Self::ChiBin => "CH Instruments binary",
            Self::GamryDta => "Gamry DTA",
            Self::PalmsensCsv => "PSTrace CSV",
            Self::PalmsensSession => "PSTrace session",
            Self::Methodscript => "MethodSCRIPT output",
            Self::BiologicMpt => "BioLogic EC-Lab text",
            Self::NovaAscii => "Autolab NOVA text",
            Self::IviumIdf => "Ivium data file",
            Self::PalmsensExcel => "PSTrace Excel",
            Self::Pine => "Pine AfterMath text",
            Self::ExcelTable => "Excel table",
            Self::Delimited => "table of numbers",
            Self::Unknown => "unknown format",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
