//! The earlier program's reader of delimited tables, only as far as its reference inputs need it (space as delimiter).

use voltammetry::Sweep;

/// Zero-based columns of a table.
pub struct Layout {
    pub potential: usize,
    pub current: usize,
    pub spacing: usize,
    pub electrodes: usize,
}

/// Potentials, and the currents of each electrode, in the units of the file.
pub struct Table {
    potentials: Vec<f64>,
    currents: Vec<Vec<f64>>,
}

/// Reads the lines that are numbers; a missing current column counts as 0.
pub fn read(text: &str, layout: &Layout) -> Table {
    let mut table = Table {
        potentials: Vec::new(),
        currents: vec![Vec::new(); layout.electrodes],
    };
    for line in text.lines() {
        let fields: Vec<&str> = line.split(' ').skip_while(|field| field.trim().is_empty()).collect();
        if fields.len() <= layout.potential.max(layout.current) {
            continue;
        }
        let Ok(potential) = fields[layout.potential].replace(',', "").trim().parse::<f64>() else {
            continue;
        };
        let currents: Result<Vec<f64>, _> = (0..layout.electrodes)
            .map(|electrode| {
                fields
                    .get(layout.current + electrode * layout.spacing)
                    .map_or(Ok(0.0), |field| field.trim().parse())
            })
            .collect();
        if let Ok(currents) = currents {
            table.potentials.push(potential);
            for (column, current) in table.currents.iter_mut().zip(currents) {
                column.push(current);
            }
        }
    }
    table
}

impl Table {
    /// One more than the highest electrode with any current above 1e-12 of the file's unit.
    pub fn detected_electrodes(&self) -> usize {
        self.currents
            .iter()
            .rposition(|column| column.iter().any(|a| a.abs() > 1e-12))
            .map_or(0, |at| at + 1)
    }

    /// The sweep of one electrode, or of the mean over all, in volt and ampere.
    pub fn sweep(&self, electrode: Option<usize>, volt: f64, ampere: f64) -> Sweep {
        let current = |k: usize| match electrode {
            Some(electrode) => self.currents[electrode][k],
            None => self.currents.iter().map(|column| column[k]).sum::<f64>() / self.currents.len() as f64,
        };
        let potential_v = self.potentials.iter().map(|potential| potential * volt).collect();
        let current_a = (0..self.potentials.len()).map(|k| current(k) * ampere).collect();
        Sweep::new(potential_v, current_a).unwrap()
    }
}

/// Factor from a unit to volt or ampere.
pub fn unit(name: &str) -> f64 {
    match name {
        "mV" | "mA" => 1e-3,
        "\u{3bc}V" | "uV" | "\u{3bc}A" | "uA" => 1e-6,
        "nV" | "nA" => 1e-9,
        _ => 1.0,
    }
}
