//! Settings in the form in which files are measured: parsed once, used for every file.

use std::num::NonZeroUsize;

use instrument::names::{NameFilter, NamePattern};
use instrument::options::{DecimalMark, Delimiter, ReadOptions};
use instrument::units::{CurrentUnit, PotentialUnit, TimeUnit};
use protocol::refusal::Refusal;
use protocol::settings::{self, FilterMode, PeakMethod, PeakPolarity, Settings, SettingsError, Technique};

use super::measuring::ca::CaRules;
use voltammetry::cv::{ConventionChoice, CvMethod, CvSettings, MassTransport};
use voltammetry::swv::{Hampel, PeakCount, PolarityChoice, Quantity, SavitzkyGolay, SwvMethod, SwvSettings};

/// Why settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    /// They contradict themselves.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The file-name template is wrong.
    #[error("files.pattern is not a template: {0}")]
    Pattern(String),
}

impl From<RulesError> for Refusal {
    fn from(error: RulesError) -> Self {
        match error {
            RulesError::Settings(error) => error.to_refusal(),
            RulesError::Pattern(_) => Self::new(
                "pattern_invalid",
                format!("{error}."),
                "Use \"auto\", or a template of <H>, <E>, <F> and <N> such as <H>_<F>Hz_<N>.",
            ),
        }
    }
}

/// How a sweep is measured.
#[derive(Debug, Clone)]
pub(crate) enum Method {
    /// Square-wave voltammetry, in series and frequency maps.
    Swv(SwvSettings),
    /// Cyclic voltammetry.
    Cv(CvSettings),
    /// Chronoamperometry.
    Ca(CaRules),
}

/// How the files of a session are chosen, read and measured.
#[derive(Debug, Clone)]
pub struct Rules {
    /// The settings that these rules follow from.
    pub settings: Settings,
    pub(crate) pattern: NamePattern,
    pub(crate) filter: NameFilter,
    pub(crate) any_name: bool,
    pub(crate) options: ReadOptions,
    pub(crate) method: Method,
}

impl Rules {
    /// Prepares settings.
    ///
    /// # Errors
    /// [`RulesError`], naming the key.
    pub fn new(settings: &Settings) -> Result<Self, RulesError> {
        settings.validate()?;
        let method = match settings.technique {
            Technique::Swv | Technique::FrequencyMap => Method::Swv(swv(settings)),
            Technique::Cv => Method::Cv(cv(settings)),
            Technique::Ca => Method::Ca(CaRules::of(&settings.ca)),
        };
        let pattern = NamePattern::parse(&settings.files.pattern).map_err(|e| RulesError::Pattern(e.to_string()))?;
        let files = &settings.files;
        let filter = NameFilter {
            handle: files.handle.clone(),
            extension: files.extension.clone(),
            frequencies_hz: files.frequencies_hz.clone(),
            first_index: files.first_index,
            last_index: files.last_index,
        };
        Ok(Self {
            settings: settings.clone(),
            pattern,
            filter,
            any_name: false,
            options: options(&settings.columns),
            method,
        })
    }

    /// The same rules for files that somebody chose one by one: handle, extension and index of their names, and names that
    /// look hidden or temporary, exclude none of them. A template still does.
    #[must_use]
    pub fn for_chosen_files(self) -> Self {
        Self { any_name: true, ..self }
    }
}

fn options(columns: &settings::Columns) -> ReadOptions {
    let column = |n: Option<u32>| n.and_then(|n| NonZeroUsize::new(n as usize));
    ReadOptions {
        potential: column(columns.potential),
        current: column(columns.current),
        spacing: column(columns.spacing),
        time: column(columns.time),
        forward: column(columns.forward),
        reverse: column(columns.reverse),
        delimiter: columns.delimiter.and_then(|d| Delimiter::from_code(d.as_str())),
        decimal: columns.decimal.and_then(|d| DecimalMark::from_code(d.as_str())),
        potential_unit: columns.potential_unit.as_deref().and_then(PotentialUnit::parse),
        current_unit: columns.current_unit.as_deref().and_then(CurrentUnit::parse),
        time_unit: columns.time_unit.as_deref().and_then(TimeUnit::parse),
        ..ReadOptions::default()
    }
}

fn hampel(smoothing: &settings::Smoothing) -> Hampel {
    match smoothing.hampel {
        FilterMode::Off => Hampel::Off,
        FilterMode::Auto => Hampel::Auto,
        FilterMode::Manual => Hampel::Manual {
            window: smoothing.hampel_window as usize,
            threshold: smoothing.hampel_threshold,
        },
    }
}

fn savgol(smoothing: &settings::Smoothing) -> SavitzkyGolay {
    match smoothing.savgol {
        FilterMode::Off => SavitzkyGolay::Off,
        FilterMode::Auto => SavitzkyGolay::Auto,
        FilterMode::Manual => SavitzkyGolay::Manual {
            window: smoothing.savgol_window as usize,
            degree: smoothing.savgol_degree as usize,
        },
    }
}

fn polarity(choice: PeakPolarity) -> PolarityChoice {
    match choice {
        PeakPolarity::Auto => PolarityChoice::Auto,
        PeakPolarity::Up => PolarityChoice::Up,
        PeakPolarity::Down => PolarityChoice::Down,
    }
}

pub(super) fn range(values: &[f64]) -> Option<(f64, f64)> {
    match values {
        [low, high] => Some((*low, *high)),
        _ => None,
    }
}

fn cv(settings: &Settings) -> CvSettings {
    let own = &settings.cv;
    let given = |value: f64| (value > 0.0).then_some(value);
    let segment = |number: u32| (number > 0).then_some(number);
    CvSettings {
        method: match own.method {
            settings::CvMethod::Tangent => CvMethod::Tangent,
            settings::CvMethod::SacmesWeb => CvMethod::SacmesWeb,
        },
        scan_rate_v_s: given(own.scan_rate_v_s),
        mass_transport: match own.mass_transport {
            settings::MassTransport::Surface => MassTransport::Surface,
            settings::MassTransport::Solution => MassTransport::Solution,
        },
        forward_segment: segment(own.forward_segment),
        reverse_segment: segment(own.reverse_segment),
        range_v: range(&own.range_v),
        probes_v: own.probes_v.clone(),
        convention: match own.convention {
            settings::SignConvention::Auto => ConventionChoice::Auto,
            settings::SignConvention::Iupac => ConventionChoice::AnodicPositive,
            settings::SignConvention::Us => ConventionChoice::CathodicPositive,
        },
        polarity: polarity(settings.peak.polarity),
        electrons: own.electrons,
        area_m2: given(own.area_m2),
        hampel: hampel(&settings.smoothing),
        savgol: savgol(&settings.smoothing),
    }
}

fn swv(settings: &Settings) -> SwvSettings {
    let (smoothing, peak) = (&settings.smoothing, &settings.peak);
    SwvSettings {
        method: match peak.method {
            PeakMethod::Tangent => SwvMethod::Tangent,
            PeakMethod::Polynomial => SwvMethod::Polynomial,
            PeakMethod::Arpls => SwvMethod::Arpls,
            PeakMethod::Gaussian => SwvMethod::Gaussian,
            PeakMethod::SacmesWeb => SwvMethod::SacmesWeb,
            PeakMethod::Sacmes => SwvMethod::Sacmes,
        },
        quantity: match peak.quantity {
            settings::Quantity::Height => Quantity::Height,
            settings::Quantity::Area => Quantity::Area,
        },
        polarity: polarity(peak.polarity),
        range_v: range(&peak.range_v),
        trim_points: peak.trim_points as usize,
        polynomial_degree: peak.polynomial_degree as usize,
        hampel: hampel(smoothing),
        savgol: savgol(smoothing),
        savgol_window_mv: smoothing.savgol_window_mv,
        zero_volt_truncation: false,
        peaks: match peak.peaks {
            0 => PeakCount::Auto,
            1 => PeakCount::One,
            _ => PeakCount::Two,
        },
    }
}
