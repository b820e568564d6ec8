//! From a start to the parameters with the least sum of squares.

use levenberg_marquardt::{LevenbergMarquardt, TerminationReason};
use nalgebra::{DMatrix, DVector, SymmetricEigen};

use super::bound::{Bound, Variable};
use super::failure::{FitFailure, FitReason};
use super::model::Model;
use super::outcome::Fit;
use super::problem::Problem;

/// The sum of squares, or the parameters, must change less than this part of themselves.
const TOLERANCE: f64 = 1e-12;

/// Evaluations per fitted parameter (and one) before a fit is given up.
const PATIENCE: usize = 100;

/// With columns of length 1, the smallest eigenvalue of `JᵀJ` over its largest below which the data do not determine the
/// parameters; double precision ends at about 1e-15.
const SINGULAR: f64 = 1e-13;

/// Fits `model` to the points (`x`, `y`), all of equal weight.
///
/// `start` and `bounds` have one element per parameter. Cost: a few µs per evaluation, parameter and 100 points; 5 to 20
/// evaluations are usual from a good start.
///
/// # Errors
/// [`FitFailure`] with its [`FitReason`]; a parameter at its bound and data that do not determine the parameters are
/// failures too.
pub fn fit(model: &impl Model, x: &[f64], y: &[f64], start: &[f64], bounds: &[Bound]) -> Result<Fit, FitFailure> {
    run(model, x, y, &[], start, bounds, PATIENCE)
}

/// [`fit`] that is given up earlier: after `patience` evaluations per fitted parameter (and one). For fits of which several are
/// tried and only those that settle soon are wanted.
pub(crate) fn fit_soon(
    model: &impl Model,
    x: &[f64],
    y: &[f64],
    start: &[f64],
    bounds: &[Bound],
    patience: usize,
) -> Result<Fit, FitFailure> {
    run(model, x, y, &[], start, bounds, patience)
}

/// [`fit`] with a weight for each point: the inverse of its variance, in any unit. A point of weight 0 is not used.
///
/// # Errors
/// As [`fit`].
pub fn fit_weighted(
    model: &impl Model,
    x: &[f64],
    y: &[f64],
    weights: &[f64],
    start: &[f64],
    bounds: &[Bound],
) -> Result<Fit, FitFailure> {
    if weights.len() != x.len() {
        return Err(FitFailure::before_start(FitReason::Mismatch));
    }
    if !weights.iter().all(|weight| weight.is_finite() && *weight >= 0.0) {
        return Err(FitFailure::before_start(FitReason::NotFinite));
    }
    let roots: Vec<f64> = weights.iter().map(|weight| weight.sqrt()).collect();
    run(model, x, y, &roots, start, bounds, PATIENCE)
}

fn run(
    model: &impl Model,
    x: &[f64],
    y: &[f64],
    roots: &[f64],
    start: &[f64],
    bounds: &[Bound],
    patience: usize,
) -> Result<Fit, FitFailure> {
    let refuse = |reason| Err(FitFailure::before_start(reason));
    if x.len() != y.len() || [start.len(), bounds.len()] != [model.parameters(); 2] {
        return refuse(FitReason::Mismatch);
    }
    if !x.iter().chain(y).chain(start).all(|value| value.is_finite()) {
        return refuse(FitReason::NotFinite);
    }
    let mut variables = Vec::with_capacity(bounds.len());
    for (parameter, (bound, start)) in bounds.iter().zip(start).enumerate() {
        match Variable::new(*bound, *start) {
            Some(variable) => variables.push(variable),
            None => return refuse(FitReason::InvalidBound { parameter }),
        }
    }
    let is_fitted = |k: &usize| !matches!(variables[*k], Variable::Fixed(_));
    let fitted: Vec<usize> = (0..variables.len()).filter(is_fitted).collect();
    let points = if roots.is_empty() {
        x.len()
    } else {
        roots.iter().filter(|root| **root > 0.0).count()
    };
    if points <= fitted.len() {
        return refuse(FitReason::TooFewPoints {
            points,
            parameters: fitted.len(),
        });
    }

    let root = |k: usize| roots.get(k).copied().unwrap_or(1.0);
    let largest = y
        .iter()
        .enumerate()
        .fold(0.0f64, |most, (k, y)| most.max((y * root(k)).abs()));
    let scale = if largest > 0.0 { largest } else { 1.0 };
    let problem = Problem::new(model, (x, y, roots), (&variables, &fitted), start, scale);
    let (problem, evaluations) = if fitted.is_empty() {
        (problem, 1)
    } else {
        let (problem, report) = LevenbergMarquardt::new()
            .with_tol(TOLERANCE)
            .with_patience(patience)
            .minimize(problem);
        let trouble = match report.termination {
            TerminationReason::ResidualsZero
            | TerminationReason::Orthogonal
            | TerminationReason::Converged { .. }
            // As near as double precision comes.
            | TerminationReason::NoImprovementPossible(_) => None,
            TerminationReason::LostPatience => Some(FitReason::NotConverged),
            _ => Some(FitReason::NotComputable),
        };
        if let Some(reason) = trouble {
            return Err(FitFailure {
                reason,
                parameters: problem.parameters,
            });
        }
        (problem, report.number_of_evaluations)
    };
    let parameters = problem.parameters.clone();
    if !problem.is_computable() {
        return Err(FitFailure {
            reason: FitReason::NotComputable,
            parameters,
        });
    }
    for &parameter in &fitted {
        if let Some(end) = variables[parameter].limit(parameters[parameter]) {
            let reason = FitReason::AtBound { parameter, end };
            return Err(FitFailure { reason, parameters });
        }
    }

    let degrees_of_freedom = points - fitted.len();
    let squares = problem.residuals.norm_squared();
    let variance = squares / degrees_of_freedom as f64;
    let covariance = match inverse_of_normal(&problem.jacobian) {
        Ok(inverse) => embed(&(inverse * variance), &fitted, parameters.len()),
        Err(worst) => {
            let reason = FitReason::NotIdentifiable {
                parameter: fitted[worst],
            };
            return Err(FitFailure { reason, parameters });
        }
    };
    Ok(Fit {
        standard_errors: covariance
            .diagonal()
            .iter()
            .map(|variance| variance.max(0.0).sqrt())
            .collect(),
        parameters,
        residual_deviation: scale * variance.sqrt(),
        r_squared: determination(y, root, scale, squares),
        points,
        degrees_of_freedom,
        evaluations,
        covariance,
    })
}

/// (JᵀJ)⁻¹, or the index of the column that the others, or nothing, can stand for.
fn inverse_of_normal(jacobian: &DMatrix<f64>) -> Result<DMatrix<f64>, usize> {
    let columns = jacobian.ncols();
    // Nothing is fitted, and the decomposition knows no empty matrix.
    if columns == 0 {
        return Ok(DMatrix::zeros(0, 0));
    }
    let lengths = DVector::from_iterator(columns, jacobian.column_iter().map(|column| column.norm()));
    if let Some(zero) = lengths.iter().position(|length| *length <= 0.0) {
        return Err(zero);
    }
    let mut normal = jacobian.tr_mul(jacobian);
    for row in 0..columns {
        for column in 0..columns {
            normal[(row, column)] /= lengths[row] * lengths[column];
        }
    }
    let eigen = SymmetricEigen::new(normal);
    let largest = eigen.eigenvalues.amax();
    let (mut inverse, mut least) = (DMatrix::zeros(columns, columns), (f64::INFINITY, 0));
    for (k, &value) in eigen.eigenvalues.iter().enumerate() {
        let direction = eigen.eigenvectors.column(k);
        if value < least.0 {
            least = (value, direction.iamax());
        }
        inverse += direction * direction.transpose() / value;
    }
    if least.0 <= SINGULAR * largest {
        return Err(least.1);
    }
    for row in 0..columns {
        for column in 0..columns {
            inverse[(row, column)] /= lengths[row] * lengths[column];
        }
    }
    Ok(inverse)
}

/// A matrix over the fitted parameters as one over all of them.
fn embed(matrix: &DMatrix<f64>, fitted: &[usize], parameters: usize) -> DMatrix<f64> {
    let mut whole = DMatrix::zeros(parameters, parameters);
    for (row, &at_row) in fitted.iter().enumerate() {
        for (column, &at_column) in fitted.iter().enumerate() {
            whole[(at_row, at_column)] = matrix[(row, column)];
        }
    }
    whole
}

/// 1 - squares / total, with `squares` in units of `scale`².
fn determination(y: &[f64], root: impl Fn(usize) -> f64, scale: f64, squares: f64) -> Option<f64> {
    let weight = |k: usize| root(k).powi(2);
    let sum: f64 = (0..y.len()).map(weight).sum();
    let mean = y.iter().enumerate().map(|(k, y)| weight(k) * y).sum::<f64>() / sum;
    let total: f64 = y
        .iter()
        .enumerate()
        .map(|(k, y)| (root(k) * (y - mean) / scale).powi(2))
        .sum();
    // Equal values leave nothing but the rounding of their mean.
    (total > f64::EPSILON.powi(2) * y.len() as f64).then(|| 1.0 - squares / total)
}
