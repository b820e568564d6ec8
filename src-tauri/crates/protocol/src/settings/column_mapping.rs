//! Column mappings that make no sense: `[columns]`.

use super::sections::Columns;
use super::validation::{SettingsError, number};

impl Columns {
    /// Checks what the types cannot: numbers from 1 to 1000, no column with two meanings, forward and reverse currents
    /// together, units that are known.
    pub(super) fn check(&self) -> Result<(), SettingsError> {
        let named = [
            ("columns.potential", self.potential),
            ("columns.time", self.time),
            ("columns.current", self.current),
            ("columns.forward", self.forward),
            ("columns.reverse", self.reverse),
        ];
        for (key, value) in named.into_iter().chain([("columns.spacing", self.spacing)]) {
            if let Some(value) = value {
                number(key, "from 1 to 1000", f64::from(value), (1..=1000).contains(&value))?;
            }
        }
        for (k, (key, column)) in named.into_iter().enumerate() {
            let Some(column) = column else { continue };
            let is_first = named[..k].iter().all(|(_, other)| *other != Some(column));
            number(key, "a column that no other key names", f64::from(column), is_first)?;
        }
        match (self.forward, self.reverse) {
            (Some(_), None) => Err(absent("columns.reverse", "columns.forward")),
            (None, Some(_)) => Err(absent("columns.forward", "columns.reverse")),
            _ => Ok(()),
        }?;
        self.electrodes_apart()?;
        unit(
            "columns.potential_unit",
            self.potential_unit.as_ref(),
            &["V", "mV", "uV", "µV", "μV", "nV"],
            "V, mV, uV or nV",
        )?;
        unit(
            "columns.current_unit",
            self.current_unit.as_ref(),
            &["A", "mA", "uA", "µA", "μA", "nA", "pA"],
            "A, mA, uA, nA or pA",
        )?;
        unit(
            "columns.time_unit",
            self.time_unit.as_ref(),
            &["s", "ms", "us", "µs", "μs", "min", "h"],
            "s, ms, us, min or h",
        )
    }

    /// Whether the spacing keeps the currents of one electrode apart from those of the others.
    fn electrodes_apart(&self) -> Result<(), SettingsError> {
        let Some(spacing) = self.spacing else { return Ok(()) };
        let currents = [self.current, self.forward, self.reverse];
        for (k, one) in currents.iter().enumerate() {
            for other in &currents[..k] {
                if let (Some(one), Some(other)) = (one, other) {
                    number(
                        "columns.spacing",
                        "such that no two electrodes share a column",
                        f64::from(spacing),
                        !one.abs_diff(*other).is_multiple_of(spacing),
                    )?;
                }
            }
        }
        Ok(())
    }
}

const fn absent(key: &'static str, with: &'static str) -> SettingsError {
    SettingsError::Absent { key, with }
}

fn unit(key: &'static str, value: Option<&String>, known: &[&str], allowed: &'static str) -> Result<(), SettingsError> {
    match value {
        Some(word) if !known.contains(&word.as_str()) => Err(SettingsError::Word {
            key,
            value: word.clone(),
            allowed,
        }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::settings::Settings;

    #[test]
    fn a_full_mapping_survives_its_toml_and_its_json() {
        let text = "[columns]\npotential = 1\ncurrent = 2\nspacing = 3\ntime = 20\nforward = 3\nreverse = 4\n\
                    delimiter = \"tab\"\ndecimal = \"comma\"\npotential_unit = \"mV\"\ncurrent_unit = \"uA\"\n\
                    time_unit = \"ms\"\n";
        let settings = Settings::from_toml(text).unwrap();
        let columns = &settings.columns;
        assert_eq!(
            (
                columns.time,
                columns.forward,
                columns.reverse,
                columns.time_unit.as_deref()
            ),
            (Some(20), Some(3), Some(4), Some("ms"))
        );
        assert_eq!(Settings::from_toml(&settings.to_toml()).unwrap(), settings);
        let json = serde_json::to_string(&settings).unwrap();
        assert_eq!(serde_json::from_str::<Settings>(&json).unwrap(), settings);
    }

    #[test]
    fn mappings_without_sense_are_refused_with_their_key() {
        for (text, key) in [
            ("potential = 2\ncurrent = 2", "columns.current"),
            ("time = 1\npotential = 1", "columns.time"),
            ("forward = 2\nreverse = 2", "columns.reverse"),
            ("forward = 0\nreverse = 2", "columns.forward"),
            ("time = 1001", "columns.time"),
            ("forward = 2", "columns.reverse"),
            ("reverse = 2", "columns.forward"),
            ("forward = 2\nreverse = 3\nspacing = 1", "columns.spacing"),
            ("current = 2\nforward = 3\nreverse = 4\nspacing = 2", "columns.spacing"),
            ("time_unit = \"days\"", "columns.time_unit"),
            ("potential_unit = \"kV\"", "columns.potential_unit"),
        ] {
            let error = Settings::from_toml(&format!("[columns]\n{text}\n")).unwrap_err();
            assert!(error.to_string().contains(key), "{text}: {error}");
        }
        for text in [
            "current = 2\nspacing = 1",
            "forward = 2\nreverse = 3\nspacing = 2",
            "current = 2\nforward = 3\nreverse = 4\nspacing = 3",
            "forward = 5\nreverse = 3",
        ] {
            Settings::from_toml(&format!("[columns]\n{text}\n")).unwrap();
        }
    }
}
