//! The model over its data, in the variables of the minimiser.

use levenberg_marquardt::LeastSquaresProblem;
use nalgebra::storage::Owned;
use nalgebra::{DMatrix, DVector, Dyn};

use super::bound::Variable;
use super::model::Model;

/// Residuals and derivatives at one set of variables.
pub(super) struct Problem<'a, M> {
    model: &'a M,
    x: &'a [f64],
    y: &'a [f64],
    /// Square roots of the weights; empty where all are 1.
    roots: &'a [f64],
    variables: &'a [Variable],
    /// Which parameters are fitted.
    fitted: &'a [usize],
    /// Residuals are divided by this.
    scale: f64,
    pub u: DVector<f64>,
    pub parameters: Vec<f64>,
    /// (model - y)·√w / scale.
    pub residuals: DVector<f64>,
    /// Derivatives of the residuals with respect to the fitted parameters themselves.
    pub jacobian: DMatrix<f64>,
    computable: bool,
}

impl<'a, M: Model> Problem<'a, M> {
    pub fn new(
        model: &'a M,
        (x, y, roots): (&'a [f64], &'a [f64], &'a [f64]),
        (variables, fitted): (&'a [Variable], &'a [usize]),
        start: &[f64],
        scale: f64,
    ) -> Self {
        let u = fitted.iter().map(|&k| variables[k].inward(start[k]));
        let mut problem = Self {
            model,
            x,
            y,
            roots,
            variables,
            fitted,
            scale,
            u: DVector::from_iterator(fitted.len(), u),
            parameters: variables.iter().map(|variable| variable.outward(0.0).0).collect(),
            residuals: DVector::zeros(x.len()),
            jacobian: DMatrix::zeros(x.len(), fitted.len()),
            computable: true,
        };
        problem.evaluate();
        problem
    }

    fn evaluate(&mut self) {
        for (&k, &u) in self.fitted.iter().zip(self.u.iter()) {
            self.parameters[k] = self.variables[k].outward(u).0;
        }
        let mut partials = vec![0.0; self.parameters.len()];
        let mut total = 0.0;
        for (row, (&x, &y)) in self.x.iter().zip(self.y).enumerate() {
            let factor = self.roots.get(row).copied().unwrap_or(1.0) / self.scale;
            let value = self.model.evaluate(x, &self.parameters, &mut partials);
            self.residuals[row] = (value - y) * factor;
            total += self.residuals[row];
            for (column, &k) in self.fitted.iter().enumerate() {
                let derivative = partials[k] * factor;
                self.jacobian[(row, column)] = derivative;
                total += derivative;
            }
        }
        // Anything that is not finite carries into the sum.
        self.computable = total.is_finite();
    }

    pub fn is_computable(&self) -> bool {
        self.computable
    }
}

impl<M: Model> LeastSquaresProblem<f64, Dyn, Dyn> for Problem<'_, M> {
    type ResidualStorage = Owned<f64, Dyn>;
    type JacobianStorage = Owned<f64, Dyn, Dyn>;
    type ParameterStorage = Owned<f64, Dyn>;

    fn set_params(&mut self, u: &DVector<f64>) {
        self.u.copy_from(u);
        self.evaluate();
    }

    fn params(&self) -> DVector<f64> {
        self.u.clone()
    }

    fn residuals(&self) -> Option<DVector<f64>> {
        self.computable.then(|| self.residuals.clone())
    }

    fn jacobian(&self) -> Option<DMatrix<f64>> {
        if !self.computable {
            return None;
        }
        let mut jacobian = self.jacobian.clone();
        for ((mut column, &k), &u) in jacobian.column_iter_mut().zip(self.fitted).zip(self.u.iter()) {
            let slope = self.variables[k].outward(u).1;
            if slope != 1.0 {
                column *= slope;
            }
        }
        Some(jacobian)
    }
}
