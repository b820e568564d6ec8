//! The table of all conditions, gathered: what each method does to each number on each kind of background.

use std::fmt::Write as _;

use voltammetry::swv::SwvMethod;

use super::errors::Errors;
use super::kdm::KdmErrors;
use super::synthetic::median;

/// Errors by kind of background and method, in the order in which the kinds first came.
#[derive(Debug, Default)]
pub struct Digest {
    kinds: Vec<(String, Vec<Gathered>)>,
}

/// What was found of one method on one kind of background: height (%), potential (steps), width (%), area (%), KDM (points).
#[derive(Debug)]
struct Gathered {
    method: SwvMethod,
    columns: [Vec<f64>; 5],
}

impl Digest {
    pub fn add(&mut self, kind: &str, method: SwvMethod, e: &Errors, kdm: &KdmErrors) {
        let at = self.kinds.iter().position(|(known, _)| known == kind);
        let at = at.unwrap_or_else(|| {
            let methods = SwvMethod::ALL.map(|method| Gathered {
                method,
                columns: Default::default(),
            });
            self.kinds.push((kind.to_owned(), Vec::from(methods)));
            self.kinds.len() - 1
        });
        let gathered = self.kinds[at].1.iter_mut().find(|gathered| gathered.method == method);
        let columns = &mut gathered.unwrap().columns;
        for (column, value) in columns
            .iter_mut()
            .zip([e.height, e.potential, e.width, e.area, kdm.size])
        {
            column.extend(value.is_finite().then_some(value));
        }
    }

    /// A table in markdown: the middle condition of each kind and, in brackets, the worst.
    pub fn table(&mut self) -> String {
        let mut table = "| Background | Method | Height, % | Potential, steps | Width, % | Area, % | KDM, points |\n|---|---|---|---|---|---|---|\n".to_owned();
        for (kind, methods) in &mut self.kinds {
            for gathered in methods {
                write!(table, "| {kind} | `{}` |", gathered.method.code()).unwrap();
                for column in &mut gathered.columns {
                    let cell = match column[..] {
                        [] => "–".to_owned(),
                        _ => format!("{} ({})", short(median(column)), short(column[column.len() - 1])),
                    };
                    write!(table, " {cell} |").unwrap();
                }
                table.push('\n');
            }
        }
        table
    }
}

/// Two significant digits, three from 100.
fn short(value: f64) -> String {
    match value {
        v if v < 0.01 => "0".to_owned(),
        v if v < 1.0 => format!("{v:.2}"),
        v if v < 10.0 => format!("{v:.1}"),
        v => format!("{v:.0}"),
    }
}
