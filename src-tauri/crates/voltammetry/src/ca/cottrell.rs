//! The Cottrell region: diffusion to a flat electrode after a potential step.
//!
//! `i = n F A c sqrt(D / (pi t))`. Source: F. G. Cottrell, Z. Phys. Chem. 42 (1903) 385-431; A. J. Bard, L. R. Faulkner,
//! Electrochemical Methods, 2nd ed. (2001), section 5.2.

mod region;

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
    /// Its error (m²/s): the standard error from that of the slope, and never less than what the coefficients of the early and the late half of
    /// the region differ by, so that what bends the line does not pass for precision. Area and concentration are taken as exact.
    pub diffusion_error_m2_s: Option<f64>,
    /// `n F A c` (C/m), `|slope| sqrt(pi / D)`; `None` where `D` is not given.
    pub nfac_c_m: Option<f64>,
}

/// The Cottrell line over a given region, or over the one chosen.
///
/// Chosen is the widest stretch, in cells of `ln t`, of at least a decade and 8 points, over which `ln |i|` falls with `ln t` by ½ ± 0.02, and by
/// ½ ± 0.04 over each of its halves, and whose line is straight: the slopes over its early and its late half agree within three standard errors, or
/// within 1 %, and within 10 % whatever the noise, and the mean of
/// each sixth is on the line within 0.5 % or three standard errors. Charging at the start and convection at the end bend away from that, and are left outside.
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
        region::between(&points, low, high)
    } else {
        region::choose(&points)?
    };
    if region.len() < 3 {
        return Err(CaReason::TooFewPoints);
    }
    let line =
        Line::fit(region.iter().map(|(time, current)| (1.0 / time.sqrt(), *current))).map_err(|_| CaReason::NoSpan)?;
    let range_s = (region[0].0, region[region.len() - 1].0);

    let (mut diffusion_m2_s, mut diffusion_error_m2_s, mut nfac_c_m) = (None, None, None);
    match settings.given {
        CottrellGiven::Nothing => {}
        CottrellGiven::Concentration {
            electrons,
            area_m2,
            concentration_mol_m3,
        } => {
            let nfac = electrons * FARADAY_C_MOL * area_m2 * concentration_mol_m3;
            let of_slope = |slope: f64| positive(std::f64::consts::PI * (slope / nfac).powi(2));
            diffusion_m2_s = of_slope(line.slope);
            let of_noise = line.slope_error.zip(diffusion_m2_s);
            let of_noise = of_noise.map(|(error, diffusion)| 2.0 * diffusion * error / line.slope.abs());
            let between_halves = region::halves(region)
                .and_then(|(early, late)| Some((of_slope(early.slope)? - of_slope(late.slope)?).abs()));
            diffusion_error_m2_s = of_noise.map(|error| error.max(between_halves.unwrap_or(0.0)));
        }
        CottrellGiven::Diffusion { diffusion_m2_s } => {
            nfac_c_m = positive(line.slope.abs() * (std::f64::consts::PI / diffusion_m2_s).sqrt());
        }
    }
    Ok(Cottrell {
        slope_a_sqrt_s: line.slope,
        slope_error_a_sqrt_s: line.slope_error,
        intercept_a: line.intercept,
        intercept_error_a: line.intercept_error,
        r_squared: line.r_squared,
        logarithmic_slope: region::logarithmic_slope(region.iter().copied()),
        range_s,
        points: region.len(),
        diffusion_m2_s,
        diffusion_error_m2_s,
        nfac_c_m,
    })
}

fn positive(value: f64) -> Option<f64> {
    (value.is_finite() && value > 0.0).then_some(value)
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
        let off = (found.diffusion_m2_s.unwrap() / D - 1.0).abs();
        let stated = found.diffusion_error_m2_s.unwrap() / D;
        assert!(off < 0.02 && off < stated && stated < 0.05, "{off} {found:?}");
        assert!(found.r_squared.unwrap() > 0.99);
    }

    #[test]
    fn slow_charging_under_diffusion_is_trimmed_from_the_left_and_the_error_covers_what_is_left() {
        // 10 ms of charging that hides in the line: over everything D came out 10.7 % high, with a stated error of 0.24 %.
        let slow = 7e-10;
        let time_s: Vec<f64> = (1..=2000).map(|k| 5e-3 * f64::from(k)).collect();
        let current =
            |t: f64| FARADAY_C_MOL * 7.07e-6 * (slow / (std::f64::consts::PI * t)).sqrt() + 3e-5 * (-t / 10e-3).exp();
        let current_a = time_s.iter().map(|t| current(*t)).collect();
        let charged = Transient::new(time_s, current_a).unwrap();
        let settings = CottrellSettings {
            given: GIVEN,
            ..CottrellSettings::default()
        };
        let found = cottrell(&charged, &settings).unwrap();
        let off = |found: &Cottrell| (found.diffusion_m2_s.unwrap() / slow - 1.0).abs();
        let stated = |found: &Cottrell| found.diffusion_error_m2_s.unwrap() / slow;
        assert!(found.range_s.0 > 0.015 && found.range_s.1 > 5.0, "{found:?}");
        assert!(
            off(&found) < 0.01 && off(&found) <= stated(&found),
            "{} {found:?}",
            off(&found)
        );
        let given = CottrellSettings {
            range_s: Some((5e-3, 10.0)),
            ..settings
        };
        let everything = cottrell(&charged, &given).unwrap();
        assert!(
            off(&everything) > 0.1 && stated(&everything) > off(&everything),
            "a given region keeps its bias, and says so: {everything:?}"
        );
    }

    #[test]
    fn two_exponentials_on_an_offset_have_no_region() {
        let ours = CottrellSettings::default();
        for fast_s in [1e-3, 3e-3, 0.01, 0.03] {
            for factor in [3.0, 6.0, 10.0, 30.0] {
                for share in [0.05, 0.1, 0.2, 0.5, 1.0] {
                    for offset in [0.0, 1e-8, 1e-7] {
                        let bound = transient(|t, _| {
                            1e-6 * (-t / fast_s).exp() + 1e-6 * share * (-t / (factor * fast_s)).exp() + offset
                        });
                        let found = cottrell(&bound, &ours);
                        assert_eq!(
                            found,
                            Err(CaReason::NoCottrellRegion),
                            "{fast_s} {factor} {share} {offset}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn refuses_what_is_no_diffusion() {
        let ours = CottrellSettings::default();
        let decay = transient(|t, _| 1e-6 * (-t / 0.3).exp() + 1e-7);
        assert_eq!(cottrell(&decay, &ours), Err(CaReason::NoCottrellRegion));
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
