//! The sections of `settings.toml` that one technique has for itself.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

choice!(
    /// How a redox couple reaches the electrode.
    MassTransport {
        /// Bound to it.
        Surface = "surface",
        /// By diffusion.
        Solution = "solution",
    }
);

choice!(
    /// How a cyclic voltammogram is measured.
    CvMethod {
        /// Ours.
        Tangent = "tangent",
        /// The numbers of SACMES_Web.
        SacmesWeb = "sacmes-web",
    }
);

choice!(
    /// Which sign of current is anodic in the files.
    SignConvention {
        /// Found from the sweeps.
        Auto = "auto",
        /// IUPAC: oxidation currents are positive.
        Iupac = "iupac",
        /// US, or polarographic: reduction currents are positive.
        Us = "us",
    }
);

/// Cyclic voltammetry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct CvSettings {
    /// V/s; 0 = from the file.
    pub scan_rate_v_s: f64,
    /// Mass transport.
    pub mass_transport: MassTransport,
    /// Method.
    pub method: CvMethod,
    /// Segment; 0 = automatic.
    pub forward_segment: u32,
    /// Segment; 0 = automatic.
    pub reverse_segment: u32,
    /// `[low, high]`, V; empty = whole sweep.
    pub range_v: Vec<f64>,
    /// Potentials at which currents are read, V.
    pub probes_v: Vec<f64>,
    /// Which sign of current is anodic.
    pub convention: SignConvention,
    /// Electrons transferred per molecule.
    pub electrons: u32,
    /// Area of the electrode, m²; 0 = not known, then there is no surface coverage.
    pub area_m2: f64,
}

impl Default for CvSettings {
    fn default() -> Self {
        Self {
            scan_rate_v_s: 0.0,
            mass_transport: MassTransport::Surface,
            method: CvMethod::Tangent,
            forward_segment: 0,
            reverse_segment: 0,
            range_v: Vec::new(),
            probes_v: Vec::new(),
            convention: SignConvention::Auto,
            electrons: 1,
            area_m2: 0.0,
        }
    }
}

choice!(
    /// Number of exponentials.
    CaModel {
        /// One.
        Mono = "mono",
        /// Two.
        Bi = "bi",
    }
);

/// Chronoamperometry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct CaSettings {
    /// Model.
    pub model: CaModel,
    /// `[from, to]`, s after the step; empty = all.
    pub fit_range_s: Vec<f64>,
    /// Which step of a file is measured, from 1; 0 = all.
    pub step: u32,
    /// Whether repeats of the same step in a file are measured as one.
    pub merge_repeats: bool,
    /// Whether a Cottrell region is looked for.
    pub cottrell: bool,
    /// `[from, to]` of the Cottrell region, s after the step; empty = found.
    pub cottrell_range_s: Vec<f64>,
    /// Electrons transferred per molecule.
    pub electrons: u32,
    /// Area of the electrode, m²; 0 = not known, then there is no diffusion coefficient.
    pub area_m2: f64,
    /// Concentration, mol/m³ (mmol/L); 0 = not known, then there is no diffusion coefficient.
    pub concentration_mol_m3: f64,
}

impl Default for CaSettings {
    fn default() -> Self {
        Self {
            model: CaModel::Mono,
            fit_range_s: Vec::new(),
            step: 0,
            merge_repeats: false,
            cottrell: true,
            cottrell_range_s: Vec::new(),
            electrons: 1,
            area_m2: 0.0,
            concentration_mol_m3: 0.0,
        }
    }
}
