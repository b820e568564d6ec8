//! Where peaks may be: the mean over a stretch against the means of the stretches to either side, at all widths.
//!
//! This contrast does not notice a linear background, and its noise is known, so that it also says whether a peak
//! stands out at all. It is the box-shaped form of the matched filter of scale-space peak finders (P. Du, W. A. Kibbe,
//! S. M. Lin, Bioinformatics 22 (2006) 2059-2065).

use crate::swv::analysis::Polarity;

/// A place where a peak may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    pub polarity: Polarity,
    /// Index of its middle.
    pub centre: usize,
    /// Width at half height in points, within a factor of about √2.
    pub width: usize,
    /// Contrast (A), positive.
    pub contrast_a: f64,
    /// Contrast over its own standard deviation.
    pub significance: f64,
    /// Contrast less what noise may contribute (A).
    score_a: f64,
}

/// Contrast must be this many times its standard deviation.
///
/// The largest of the about 1.5 n independent contrasts in n points of white noise stays below it with a probability
/// of 0.9998 for n = 500 and 0.998 for n = 5,000.
pub(super) const SIGNIFICANT: f64 = 5.2;

/// Standard deviations of noise that are taken off a contrast before widths are compared.
const DISCOUNT: f64 = 3.0;

/// The best candidates, most promising first.
///
/// `z` holds the usable points; indices are relative to it.
pub(super) fn candidates(z: &[f64], noise_a: f64) -> Vec<Candidate> {
    let n = z.len();
    let mut sums = Vec::with_capacity(n + 1);
    let mut sum = 0.0;
    sums.push(0.0);
    for value in z {
        sum += value;
        sums.push(sum);
    }
    let mut found: Vec<Candidate> = Vec::with_capacity(16);
    let mut width = 3;
    while 3 * width <= n {
        let [up, down] = best_at_width(&sums, width);
        let deviation = noise_a * (1.5 / width as f64).sqrt();
        for (polarity, best) in [(Polarity::Up, up), (Polarity::Down, down)] {
            if let Some((centre, contrast_a)) = best {
                let significance = contrast_a / deviation;
                let score_a = contrast_a - DISCOUNT * deviation;
                if significance >= SIGNIFICANT {
                    found.push(Candidate {
                        polarity,
                        centre,
                        width,
                        contrast_a,
                        significance,
                        score_a,
                    });
                }
            }
        }
        width = (width * 7 / 5) | 1;
    }
    found.sort_unstable_by(|a, b| b.score_a.total_cmp(&a.score_a));
    let mut distinct: Vec<Candidate> = Vec::with_capacity(found.len());
    for candidate in found {
        let same = |other: &Candidate| {
            other.polarity == candidate.polarity
                && other.centre.abs_diff(candidate.centre) <= other.width.max(candidate.width) / 2
        };
        if !distinct.iter().any(same) {
            distinct.push(candidate);
        }
    }
    distinct
}

/// The largest contrast up and down that is not still rising half a width further on, with its position.
fn best_at_width(sums: &[f64], width: usize) -> [Option<(usize, f64)>; 2] {
    let n = sums.len() - 1;
    let half = width / 2;
    let reach = half + width;
    let w = width as f64;
    let contrast = |centre: usize| {
        let (a, b) = (centre - half, centre + half + 1);
        let inside = sums[b] - sums[a];
        let around = sums[b + width] - sums[a - width] - inside;
        (inside - 0.5 * around) / w
    };
    let stride = (width / 8).max(1);
    let apart = half.max(1);
    let (first, last) = (reach, n - 1 - reach);
    let mut best: [Option<(usize, f64)>; 2] = [None, None];
    let mut centre = first;
    while centre <= last {
        let here = contrast(centre);
        let (slot, sign) = if here > 0.0 { (0, 1.0) } else { (1, -1.0) };
        if best[slot].is_none_or(|(_, most)| sign * here > most)
            && centre >= first + apart
            && centre + apart <= last
            && sign * here >= sign * contrast(centre - apart)
            && sign * here >= sign * contrast(centre + apart)
        {
            best[slot] = Some((centre, sign * here));
        }
        centre += stride;
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_position_width_and_polarity() {
        for (width, sign) in [(8.0, 1.0), (30.0, -1.0), (90.0, 1.0)] {
            let sigma = width / 2.355;
            let z: Vec<f64> = (0..400)
                .map(|i| sign * (-0.5 * ((f64::from(i) - 210.0) / sigma).powi(2)).exp())
                .collect();
            let best = candidates(&z, 1e-3)[0];
            assert_eq!(best.polarity.sign(), sign);
            assert!(best.centre.abs_diff(210) as f64 <= width / 4.0, "{best:?}");
            assert!((0.6..1.9).contains(&(best.width as f64 / width)), "{best:?}");
        }
    }

    #[test]
    fn a_curve_without_a_local_extremum_of_contrast_gives_none() {
        let exponential: Vec<f64> = (0..300).map(|i| (f64::from(i) / 40.0).exp()).collect();
        assert!(candidates(&exponential, 1e-6).is_empty());
        assert!(candidates(&[0.0; 50], 1e-6).is_empty());
        assert!(candidates(&[0.0; 4], 1e-6).is_empty());
    }
}
