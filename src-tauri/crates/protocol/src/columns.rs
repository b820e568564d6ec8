//! Columns of numbers as bytes: what is too large for JSON.
//!
//! Layout, integers little-endian: `u32` length of the header, the header (UTF-8 JSON: `{"rows", "columns": [names],
//! "about": any}`), zeros up to a multiple of 8, then each column as `rows` IEEE 754 doubles. A missing number is NaN *in
//! the bytes only*; readers turn it back into "none".

use serde::{Deserialize, Serialize};

/// Named columns of equal length, and an object that says what they are about.
#[derive(Debug, Clone, PartialEq)]
pub struct Columns {
    names: Vec<&'static str>,
    values: Vec<Vec<f64>>,
    /// Anything that belongs to the columns but is not a column.
    pub about: serde_json::Value,
}

/// Columns read back: names with values.
pub type NamedColumns = Vec<(String, Vec<f64>)>;

/// Why bytes are not columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("these bytes are not a table of columns")]
pub struct NotColumns;

#[derive(Serialize, Deserialize)]
struct Header {
    rows: usize,
    columns: Vec<String>,
    about: serde_json::Value,
}

impl Columns {
    /// Empty columns with these names.
    pub fn new(names: &[&'static str], about: serde_json::Value) -> Self {
        Self {
            names: names.to_vec(),
            values: names.iter().map(|_| Vec::new()).collect(),
            about,
        }
    }

    /// Adds one row; a missing number becomes NaN in the bytes. Extra cells are ignored and absent ones missing.
    pub fn push(&mut self, row: &[Option<f64>]) {
        for (k, column) in self.values.iter_mut().enumerate() {
            column.push(row.get(k).copied().flatten().unwrap_or(f64::NAN));
        }
    }

    /// Replaces a column by whole; the caller keeps lengths equal.
    pub fn set(&mut self, name: &str, values: Vec<f64>) {
        if let Some(k) = self.names.iter().position(|n| *n == name) {
            self.values[k] = values;
        }
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.values.iter().map(Vec::len).min().unwrap_or(0)
    }

    /// Names in their order.
    pub fn names(&self) -> &[&'static str] {
        &self.names
    }

    /// A column by name.
    pub fn column(&self, name: &str) -> Option<&[f64]> {
        self.names
            .iter()
            .position(|n| *n == name)
            .map(|k| self.values[k].as_slice())
    }

    /// The bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let rows = self.rows();
        let header = Header {
            rows,
            columns: self.names.iter().map(|n| (*n).to_owned()).collect(),
            about: self.about.clone(),
        };
        let header = serde_json::to_vec(&header).unwrap_or_default();
        let mut bytes = Vec::with_capacity(16 + header.len() + rows * 8 * self.values.len());
        bytes.extend_from_slice(&(header.len() as u32).to_le_bytes());
        bytes.extend_from_slice(&header);
        while !bytes.len().is_multiple_of(8) {
            bytes.push(0);
        }
        for column in &self.values {
            for value in &column[..rows] {
                bytes.extend_from_slice(&value.to_le_bytes());
            }
        }
        bytes
    }

    /// Names and values read back, for tests and the command line.
    ///
    /// # Errors
    /// [`NotColumns`] if the bytes are cut or not in this layout.
    pub fn read(bytes: &[u8]) -> Result<(NamedColumns, serde_json::Value), NotColumns> {
        let length = bytes
            .get(..4)
            .and_then(|b| b.try_into().ok())
            .map(u32::from_le_bytes)
            .ok_or(NotColumns)? as usize;
        let header: Header =
            serde_json::from_slice(bytes.get(4..4 + length).ok_or(NotColumns)?).map_err(|_| NotColumns)?;
        let mut at = (4 + length).div_ceil(8) * 8;
        let mut columns = Vec::with_capacity(header.columns.len());
        for name in header.columns {
            let end = header
                .rows
                .checked_mul(8)
                .and_then(|n| n.checked_add(at))
                .ok_or(NotColumns)?;
            let raw = bytes.get(at..end).ok_or(NotColumns)?;
            let values = raw
                .chunks_exact(8)
                .filter_map(|b| b.try_into().ok())
                .map(f64::from_le_bytes)
                .collect();
            columns.push((name, values));
            at = end;
        }
        Ok((columns, header.about))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_come_back_with_missing_numbers_as_nan() {
        let mut columns = Columns::new(&["index", "kdm"], serde_json::json!({"electrode": 3}));
        columns.push(&[Some(1.0), None]);
        columns.push(&[Some(2.0), Some(104.5)]);
        let (read, about) = Columns::read(&columns.to_bytes()).unwrap();
        assert_eq!(about["electrode"], 3);
        assert_eq!(read[0], ("index".to_owned(), vec![1.0, 2.0]));
        assert!(read[1].1[0].is_nan() && read[1].1[1] == 104.5);
    }

    #[test]
    fn cut_bytes_are_refused_at_every_length() {
        let mut columns = Columns::new(&["a"], serde_json::Value::Null);
        columns.push(&[Some(1.0)]);
        let bytes = columns.to_bytes();
        for cut in 0..bytes.len() {
            assert_eq!(Columns::read(&bytes[..cut]).unwrap_err(), NotColumns);
        }
    }
}
