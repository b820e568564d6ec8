//! The Cottrell region: diffusion to a flat electrode after a potential step.
//!
//! `i = n F A c sqrt(D / (pi t))`. Source: F. G. Cottrell, Z. Phys. Chem. 42 (1903) 385-431; A. J. Bard, L. R. Faulkner,
//! Electrochemical Methods, 2nd ed. (2001), section 5.2.

use super::reason::CaReason;
use crate::statistics::Line;
use crate::transient::Transient;

/// Faraday constant (C/mol, exact in the SI of 2019 to the digits given).
pub const FARADAY_C_MOL: f64 = 96_485.332_12;

/// What is known besides the transient.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum CottrellGiven {
    /// Nothing.
    #[default]
    Nothing,
    /// Electrons, area and concentration: gives the diffusion coefficient.
    Concentration {
        /// Electrons per molecule.
        electrons: f64,
        /// Area of the electrode (m²).
        area_m2: f64,
        /// Concentration in the bulk (mol/m³, which is mmol/L).
        concentration_mol_m3: f64,
    },
    /// The diffusion coefficient (m²/s): gives the product `n F A c` (C/m).
    Diffusion {
        /// Diffusion coefficient (m²/s).
        diffusion_m2_s: f64,
    },
}

/// Settings of [`cottrell`].
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct CottrellSettings {
    /// When the step was made, on the transient's clock (s).
    pub step_s: f64,
    /// Region (s after the step, both ends included); `None` chooses it.
    pub range_s: Option<(f64, f64)>,
    /// What is known besides.
    pub given: CottrellGiven,
}

/// The line of the current over the inverse root of time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cottrell {
    /// Slope (A·s^½), signed like the current.
    pub slope_a_sqrt_s: f64,
    /// Its standard error (A·s^½).
    pub slope_error_a_sqrt_s: Option<f64>,
    /// Intercept (A): 0 for pure planar diffusion; what is left at long times otherwise.
    pub intercept_a: f64,
    /// Its standard error (A).
    pub intercept_error_a: Option<f64>,
    /// Share of the variance that the line explains.
    pub r_squared: Option<f64>,
    /// Slope of `ln |i|` over `ln t`, -½ for pure planar diffusion; `None` where the current changes its sign.
    pub logarithmic_slope: Option<f64>,
    /// First and last time of the region's points (s after the step).
    pub range_s: (f64, f64),
    /// Number of points.
    pub points: usize,
    /// Diffusion coefficient (m²/s), `pi (slope / (n F A c))^2`; `None` where these are not given.
    pub diffusion_m2_s: Option<f64>,
    /// Its standard error (m²/s), from that of the slope alone.
    pub diffusion_error_m2_s: Option<f64>,
    /// `n F A c` (C/m), `|slope| sqrt(pi / D)`; `None` where `D` is not given.
    pub nfac_c_m: Option<f64>,
}

/// Fewest points of a region.
const FEWEST_POINTS: usize = 8;

/// Cells of equal width in `ln t` that a region is made of. Each counts once, however many points it holds: else the late points of an evenly
/// sampled transient would decide alone.
const CELLS: usize = 24;

/// Fewest cells with points of a region.
const FEWEST_CELLS: usize = 4;

/// A region that is chosen spans at least this factor in time.
const LEAST_FACTOR: f64 = 3.0;

/// Its logarithmic slope is within this of -½, that of each half within twice as much.
const SLOPE_TOLERANCE: f64 = 0.02;

/// The Cottrell line over a given region, or over the one chosen.
///
/// Chosen is the widest stretch, in cells of `ln t`, of at least a factor of 3 and 8 points, over which `ln |i|` falls with `ln t` by ½ ± 0.02, and
/// by ½ ± 0.04 over each of its halves: charging at the start and convection at the end bend away from that.
///
/// # Errors
/// [`CaReason::TooFewPoints`] for fewer than 8 points (3 in a region that is given), [`CaReason::NoSpan`] for points of one time,
/// [`CaReason::NoCottrellRegion`] where none is found.
pub fn cottrell(transient: &Transient, settings: &CottrellSettings) -> Result<Cottrell, CaReason> {
    let pairs = transient.time_s().iter().zip(transient.current_a());
    let mut points: Vec<(f64, f64)> = pairs
        .map(|(time, current)| (time - settings.step_s, *current))
        .filter(|(time, current)| *time > 0.0 && time.is_finite() && current.is_finite())
        .collect();
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    let region = if let Some((low, high)) = settings.range_s {
        between(&points, low, high)
    } else {
        choose(&points)?
    };
    if region.len() < 3 {
        return Err(CaReason::TooFewPoints);
    }
    let line =
        Line::fit(region.iter().map(|(time, current)| (1.0 / time.sqrt(), *current))).map_err(|_| CaReason::NoSpan)?;
    let range_s = (region[0].0, region[region.len() - 1].0);

    let (diffusion_m2_s, nfac_c_m) = match settings.given {
        CottrellGiven::Nothing => (None, None),
        CottrellGiven::Concentration {
            electrons,
            area_m2,
            concentration_mol_m3,
        } => {
            let nfac = electrons * FARADAY_C_MOL * area_m2 * concentration_mol_m3;
            (positive(std::f64::consts::PI * (line.slope / nfac).powi(2)), None)
        }
        CottrellGiven::Diffusion { diffusion_m2_s } => (
            None,
            positive(line.slope.abs() * (std::f64::consts::PI / diffusion_m2_s).sqrt()),
        ),
    };
    Ok(Cottrell {
        slope_a_sqrt_s: line.slope,
        slope_error_a_sqrt_s: line.slope_error,
        intercept_a: line.intercept,
        intercept_error_a: line.intercept_error,
        r_squared: line.r_squared,
        logarithmic_slope: logarithmic_slope(region.iter().copied()),
        range_s,
        points: region.len(),
        diffusion_m2_s,
        diffusion_error_m2_s: diffusion_m2_s
            .zip(line.slope_error)
            .map(|(diffusion, error)| 2.0 * diffusion * error / line.slope.abs()),
        nfac_c_m,
    })
}

fn positive(value: f64) -> Option<f64> {
    (value.is_finite() && value > 0.0).then_some(value)
}

/// Ascending points with times from `low` to `high`.
fn between(points: &[(f64, f64)], low: f64, high: f64) -> &[(f64, f64)] {
    let from = points.partition_point(|point| point.0 < low);
    let to = points.partition_point(|point| point.0 <= high);
    points.get(from..to).unwrap_or(&[])
}

/// The widest region with the slope of diffusion.
fn choose(points: &[(f64, f64)]) -> Result<&[(f64, f64)], CaReason> {
    let (Some(&(first, _)), Some(&(last, _))) = (points.first(), points.last()) else {
        return Err(CaReason::TooFewPoints);
    };
    if points.len() < FEWEST_POINTS {
        return Err(CaReason::TooFewPoints);
    }
    if last <= first {
        return Err(CaReason::NoSpan);
    }
    let width = (last / first).ln() / CELLS as f64;
    let cell_of = |point: &(f64, f64)| (((point.0 / first).ln() / width) as usize).min(CELLS - 1);
    let mut cells: Vec<Cell> = Vec::with_capacity(CELLS);
    let mut from = 0;
    for group in points.chunk_by(|a, b| cell_of(a) == cell_of(b)) {
        let n = group.len() as f64;
        let (time, current) = group
            .iter()
            .fold((0.0, 0.0), |(t, i), point| (t + point.0.ln(), i + point.1));
        cells.push(Cell {
            points: (from, from + group.len()),
            mean: (time / n, current / n),
        });
        from += group.len();
    }
    for length in (FEWEST_CELLS..=cells.len()).rev() {
        for region in cells.windows(length) {
            let (Some(low), Some(high)) = (region.first(), region.last()) else {
                continue;
            };
            let (from, to) = (low.points.0, high.points.1);
            let factor = points[to - 1].0 / points[from].0;
            if factor >= LEAST_FACTOR && to - from >= FEWEST_POINTS && is_diffusion(region) {
                return Ok(&points[from..to]);
            }
        }
    }
    Err(CaReason::NoCottrellRegion)
}

/// Points of neighbouring times.
#[derive(Debug, Clone, Copy)]
struct Cell {
    /// Positions of its first point, and behind its last.
    points: (usize, usize),
    /// Mean of `ln t`, mean current.
    mean: (f64, f64),
}

/// Whether the current falls with the root of time over the whole and over each half of the cells.
fn is_diffusion(cells: &[Cell]) -> bool {
    let is_near = |cells: &[Cell], tolerance: f64| {
        let means = cells.iter().map(|cell| (cell.mean.0.exp(), cell.mean.1));
        logarithmic_slope(means).is_some_and(|slope| (slope + 0.5).abs() <= tolerance)
    };
    let middle = cells.len() / 2;
    is_near(cells, SLOPE_TOLERANCE)
        && is_near(&cells[..=middle], 2.0 * SLOPE_TOLERANCE)
        && is_near(&cells[middle - 1..], 2.0 * SLOPE_TOLERANCE)
}

/// Slope of `ln |i|` over `ln t`; `None` where the current is not of one sign, or there is no line.
fn logarithmic_slope(points: impl Iterator<Item = (f64, f64)> + Clone) -> Option<f64> {
    let sign = points.clone().next()?.1.signum();
    if !points.clone().all(|(_, current)| current * sign > 0.0) {
        return None;
    }
    Line::fit(points.map(|(time, current)| (time.ln(), current.abs().ln())))
        .ok()
        .map(|line| line.slope)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ferrocene methanol: D = 7.8e-10 m²/s, 1 mM, 3 mm disc.
    const GIVEN: CottrellGiven = CottrellGiven::Concentration {
        electrons: 1.0,
        area_m2: 7.07e-6,
        concentration_mol_m3: 1.0,
    };
    const D: f64 = 7.8e-10;

    fn transient(of: impl Fn(f64, f64) -> f64) -> Transient {
        let time_s: Vec<f64> = (1..=2000).map(|k| 1e-3 * f64::from(k)).collect();
        let faradaic = |t: f64| FARADAY_C_MOL * 7.07e-6 * (D / (std::f64::consts::PI * t)).sqrt();
        let current_a = time_s.iter().map(|t| of(*t, faradaic(*t))).collect();
        Transient::new(time_s, current_a).unwrap()
    }

    #[test]
    fn gives_the_diffusion_coefficient_or_the_product() {
        for sign in [1.0, -1.0] {
            let pure = transient(|_, i| sign * i);
            let settings = CottrellSettings {
                given: GIVEN,
                ..CottrellSettings::default()
            };
            let found = cottrell(&pure, &settings).unwrap();
            assert!((found.diffusion_m2_s.unwrap() / D - 1.0).abs() < 1e-9, "{found:?}");
            assert_eq!((found.points, found.range_s), (2000, (1e-3, 2.0)));
            assert!((found.logarithmic_slope.unwrap() + 0.5).abs() < 1e-9 && found.slope_a_sqrt_s * sign > 0.0);
            let given = CottrellGiven::Diffusion { diffusion_m2_s: D };
            let found = cottrell(
                &pure,
                &CottrellSettings {
                    given,
                    range_s: Some((0.01, 1.0)),
                    ..settings
                },
            )
            .unwrap();
            assert!((found.nfac_c_m.unwrap() / (FARADAY_C_MOL * 7.07e-6) - 1.0).abs() < 1e-9);
            assert_eq!(found.diffusion_m2_s, None);
        }
    }

    #[test]
    fn leaves_charging_and_convection_outside_the_region() {
        // Charging dies with 2 ms, convection sets in after half a second.
        let real = transient(|t, i| i + 3e-4 * (-t / 2e-3).exp() + 2e-6 * (t - 0.5).max(0.0));
        let found = cottrell(
            &real,
            &CottrellSettings {
                given: GIVEN,
                ..CottrellSettings::default()
            },
        )
        .unwrap();
        assert!(found.range_s.0 > 2e-3 && found.range_s.1 < 1.5, "{found:?}");
        assert!((found.diffusion_m2_s.unwrap() / D - 1.0).abs() < 0.06, "{found:?}");
        assert!(found.r_squared.unwrap() > 0.99);
    }

    #[test]
    fn refuses_what_is_no_diffusion() {
        let ours = CottrellSettings::default();
        let decay = transient(|t, _| 1e-6 * (-t / 0.3).exp() + 1e-7);
        let found = cottrell(&decay, &ours);
        assert!(
            found.is_err() || found.unwrap().range_s.1 < 1.0,
            "an exponential crosses -1/2 over a short stretch only"
        );
        assert_eq!(
            cottrell(&transient(|_, _| 1e-6), &ours),
            Err(CaReason::NoCottrellRegion)
        );
        assert_eq!(
            cottrell(&transient(|t, _| (90.0 * t).sin()), &ours),
            Err(CaReason::NoCottrellRegion)
        );
        assert_eq!(cottrell(&Transient::default(), &ours), Err(CaReason::TooFewPoints));
        let narrow = CottrellSettings {
            range_s: Some((0.5, 0.5011)),
            ..ours
        };
        assert_eq!(cottrell(&decay, &narrow), Err(CaReason::TooFewPoints));
        let same = Transient::new(vec![1.0; 20], vec![1e-6; 20]).unwrap();
        assert_eq!(cottrell(&same, &ours), Err(CaReason::NoSpan));
    }
}
