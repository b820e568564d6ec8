//! How much each point says about the background.

/// Deviation of the points below the background that is assumed at least, in terms of the point-to-point noise.
const LEAST_DEVIATION: f64 = 0.1;

/// New weights for points and their background; gives their change relative to themselves.
///
/// `None`, and nothing changed, where no point lies below the background, which then has nothing left to come down from.
pub(super) fn update(weights: &mut [f64], currents: &[f64], background: &[f64], noise_a: f64) -> Option<f64> {
    let below = || currents.iter().zip(background).map(|(y, z)| y - z).filter(|d| *d < 0.0);
    let count = below().count();
    if count == 0 {
        return None;
    }
    let mean = below().sum::<f64>() / count as f64;
    let variance = below().map(|d| (d - mean).powi(2)).sum::<f64>() / count as f64;
    let deviation = variance.sqrt().max(LEAST_DEVIATION * noise_a).max(f64::MIN_POSITIVE);
    let turn = 2.0 * deviation - mean;
    let (mut change, mut size) = (0.0, 0.0);
    for ((weight, y), z) in weights.iter_mut().zip(currents).zip(background) {
        // Beyond 40 the exponential is 0 or infinite for all that matters, and must not overflow.
        let steep = (2.0 * ((y - z) - turn) / deviation).clamp(-40.0, 40.0);
        let new = 1.0 / (1.0 + steep.exp());
        change += (new - *weight).powi(2);
        size += weight.powi(2);
        *weight = new;
    }
    Some((change / size.max(f64::MIN_POSITIVE)).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_on_a_peak_lose_their_weight_and_the_others_keep_it() {
        let currents = [0.1, -0.1, 0.1, 9.0, -0.1, 0.1, -0.1, -0.2];
        let mut weights = [1.0; 8];
        let change = update(&mut weights, &currents, &[0.0; 8], 0.1).unwrap();
        assert!(change > 0.1 && weights[3] < 1e-6, "{weights:?}");
        assert!(
            weights.iter().enumerate().all(|(k, weight)| k == 3 || *weight > 0.6),
            "{weights:?}"
        );
        assert_eq!(update(&mut weights, &currents, &[-1.0; 8], 0.1), None);
    }
}
