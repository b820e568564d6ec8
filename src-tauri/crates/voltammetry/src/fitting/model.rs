//! What is fitted.

/// A function of one variable with parameters, and its derivatives with respect to them.
///
/// The unit of the value is that of the data; the unit of each parameter is the model's to say.
pub trait Model {
    /// Number of parameters.
    fn parameters(&self) -> usize;

    /// The value at `x`, and into `partials` its derivative with respect to each parameter.
    ///
    /// `parameters` and `partials` have [`Self::parameters`] elements; `partials` must be written completely. A value that is
    /// not finite ends the fit with [`super::FitReason::NotComputable`], so bound the parameters where it can be avoided.
    fn evaluate(&self, x: f64, parameters: &[f64], partials: &mut [f64]) -> f64;
}

impl<M: Model + ?Sized> Model for &M {
    fn parameters(&self) -> usize {
        (**self).parameters()
    }

    fn evaluate(&self, x: f64, parameters: &[f64], partials: &mut [f64]) -> f64 {
        (**self).evaluate(x, parameters, partials)
    }
}

#[cfg(test)]
pub(crate) mod testing {
    use super::Model;

    /// Largest difference between a model's derivatives and central differences of its values, each relative to the
    /// derivative's greatest size over `x`.
    pub(crate) fn derivative_error(model: &impl Model, x: &[f64], parameters: &[f64]) -> f64 {
        let n = model.parameters();
        let (mut partials, mut unused) = (vec![0.0; n], vec![0.0; n]);
        let mut worst = 0.0f64;
        for k in 0..n {
            let step = 1e-6 * parameters[k].abs().max(1e-9);
            let (mut size, mut apart) = (0.0f64, 0.0f64);
            for &x in x {
                model.evaluate(x, parameters, &mut partials);
                let mut at = |sign: f64| {
                    let mut moved = parameters.to_vec();
                    moved[k] += sign * step;
                    model.evaluate(x, &moved, &mut unused)
                };
                let numeric = (at(1.0) - at(-1.0)) / (2.0 * step);
                size = size.max(partials[k].abs());
                apart = apart.max((partials[k] - numeric).abs());
            }
            worst = worst.max(apart / size.max(f64::MIN_POSITIVE));
        }
        worst
    }

    /// x^p, with a derivative that is right, or doubled.
    struct Power(f64);

    impl Model for Power {
        fn parameters(&self) -> usize {
            1
        }

        fn evaluate(&self, x: f64, p: &[f64], partials: &mut [f64]) -> f64 {
            partials[0] = self.0 * x.powf(p[0]) * x.ln();
            x.powf(p[0])
        }
    }

    #[test]
    fn a_wrong_derivative_is_noticed() {
        let x = [0.5, 1.5, 2.5];
        assert!(derivative_error(&Power(1.0), &x, &[1.7]) < 1e-7);
        assert!(derivative_error(&Power(2.0), &x, &[1.7]) > 0.4);
    }
}
