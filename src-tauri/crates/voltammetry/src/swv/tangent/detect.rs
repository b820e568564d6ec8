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
    /// Contrast less what noise may contribute (A).
    score_a: f64,
}

/// Contrast must be this many times its standard deviation.
///
/// The largest of the about 1.5 n independent contrasts in n points of white noise stays below it with a probability
/// of 0.9998 for n = 500 and 0.998 for n = 5,000.
pub(super) const SIGNIFICANT: f64 = 5.2;

/// In short sweeps the noise itself is known less well: the demand grows by this part over the number of points.
const SHORT_SWEEP: f64 = 9.0;

/// A contrast must fall by this part half a width further on; that of a parabola stays the same everywhere.
const FALL: f64 = 0.03;

/// Standard deviations of noise that are taken off a contrast before widths are compared.
const DISCOUNT: f64 = 3.0;

/// Sums of the first 0, 1, 2, ... values.
pub(super) fn running_sums(z: &[f64]) -> Vec<f64> {
    let mut sums = Vec::with_capacity(z.len() + 1);
    let mut sum = 0.0;
    sums.push(sum);
    sums.extend(z.iter().map(|value| {
        sum += value;
        sum
    }));
    sums
}

/// The best candidates, most promising first.
///
/// `sums` are the [`running_sums`] of the usable points; indices are relative to them.
pub(super) fn candidates(sums: &[f64], noise_a: f64) -> Vec<Candidate> {
    let n = sums.len() - 1;
    let mut found: Vec<Candidate> = Vec::with_capacity(16);
    let mut contrasts = Vec::with_capacity(n);
    let mut width = 3;
    while 3 * width <= n {
        let deviation = noise_a * (1.5 / width as f64).sqrt();
        let least = SIGNIFICANT * (1.0 + SHORT_SWEEP / n as f64) * deviation;
        let [up, down] = best_at_width(sums, width, least, &mut contrasts);
        for (polarity, best) in [(Polarity::Up, up), (Polarity::Down, down)] {
            if let Some((centre, contrast_a)) = best {
                let score_a = contrast_a - DISCOUNT * deviation;
                found.push(Candidate {
                    polarity,
                    centre,
                    width,
                    contrast_a,
                    score_a,
                });
            }
        }
        width = (width * 8 / 5) | 1;
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

/// The largest contrast up and down that is falling half a width further on, with its position; none below `least`.
///
/// `sums` are the running sums of the points, from 0; `contrasts` is a buffer.
fn best_at_width(sums: &[f64], width: usize, least: f64, contrasts: &mut Vec<f64>) -> [Option<(usize, f64)>; 2] {
    let half = width / 2;
    let stride = (width / 4).max(1);
    let (middle, outer) = (1.5 / width as f64, 0.5 / width as f64);
    let count = sums.len() - 3 * width;
    let [a, b, c, d] = [0, 1, 2, 3].map(|k| &sums[k * width..k * width + count]);
    let contrast = |a: f64, b: f64, c: f64, d: f64| middle * (c - b) - outer * (d - a);
    contrasts.clear();
    if stride == 1 {
        let pairs = a.iter().zip(b).zip(c.iter().zip(d));
        contrasts.extend(pairs.map(|((a, b), (c, d))| contrast(*a, *b, *c, *d)));
    } else {
        contrasts.extend((0..count).step_by(stride).map(|k| contrast(a[k], b[k], c[k], d[k])));
    }

    let apart = (width.div_ceil(2) / stride).max(1);
    let mut best = [None, None];
    let (mut highest, mut lowest) = (least, -least);
    let inside = contrasts
        .get(apart..contrasts.len().saturating_sub(apart))
        .unwrap_or(&[]);
    for (at, &here) in (apart..).zip(inside) {
        if here <= highest && here >= lowest {
            continue;
        }
        let sign = if here > 0.0 { 1.0 } else { -1.0 };
        let limit = sign * here * (1.0 - FALL);
        if sign * contrasts[at - apart] <= limit && sign * contrasts[at + apart] <= limit {
            // The first contrast is that of the stretch that begins one width from the start.
            let found = Some((at * stride + width + half, sign * here));
            if here > 0.0 {
                (best[0], highest) = (found, here);
            } else {
                (best[1], lowest) = (found, here);
            }
        }
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
            let best = candidates(&running_sums(&z), 1e-3)[0];
            assert_eq!(best.polarity.sign(), sign);
            assert!(best.centre.abs_diff(210) as f64 <= width / 4.0, "{best:?}");
            assert!((0.6..1.9).contains(&(best.width as f64 / width)), "{best:?}");
        }
    }

    #[test]
    fn a_curve_without_a_local_extremum_of_contrast_gives_none() {
        let exponential: Vec<f64> = (0..300).map(|i| (f64::from(i) / 40.0).exp()).collect();
        assert!(candidates(&running_sums(&exponential), 1e-6).is_empty());
        assert!(candidates(&[0.0; 51], 1e-6).is_empty());
        assert!(candidates(&[0.0; 5], 1e-6).is_empty());
    }
}
