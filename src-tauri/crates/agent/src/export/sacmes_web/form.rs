//! How the predecessor wrote cells and numbers: its server one way, its page another.

use std::io::Write;

/// Lines of a report.
pub struct Report<'w, W> {
    to: &'w mut W,
    writer: Writer,
}

/// Which of the predecessor's programs wrote a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writer {
    /// Its server: CRLF, `5.000000e-07`.
    Server,
    /// Its page in the browser: LF, `5.000000e-7`.
    Page,
}

impl<'w, W: Write> Report<'w, W> {
    pub fn new(to: &'w mut W, writer: Writer) -> Self {
        Self { to, writer }
    }

    /// A line as it is.
    pub fn line(&mut self, text: &str) -> std::io::Result<()> {
        self.to.write_all(text.as_bytes())?;
        self.to.write_all(match self.writer {
            Writer::Server => b"\r\n",
            Writer::Page => b"\n",
        })
    }

    /// Cells, in quotes where they need them.
    pub fn cells(&mut self, cells: impl IntoIterator<Item = impl AsRef<[u8]>>) -> std::io::Result<()> {
        let mut csv = csv::WriterBuilder::new()
            .terminator(match self.writer {
                Writer::Server => csv::Terminator::CRLF,
                Writer::Page => csv::Terminator::Any(b'\n'),
            })
            .from_writer(&mut *self.to);
        csv.write_record(cells)?;
        csv.flush()
    }

    /// Six digits and an exponent: `5.000000e-07`, or `5.000000e-7`.
    pub fn exponential(&self, value: f64) -> String {
        exponential(value, self.writer)
    }
}

/// `E3`, or what stands for the average of several.
pub fn label(electrode: Option<u32>) -> String {
    electrode.map_or("Averaged".to_owned(), |e| format!("E{e}"))
}

/// The labels of all, in one cell.
pub fn labels(electrodes: &[Option<u32>]) -> String {
    electrodes.iter().map(|e| label(*e)).collect::<Vec<_>>().join(", ")
}

/// A number in its form, or `N/A`.
pub fn number(value: Option<f64>, form: impl Fn(f64) -> String) -> String {
    value.map_or("N/A".to_owned(), form)
}

/// So many decimals.
pub fn decimals(count: usize) -> impl Fn(f64) -> String + Copy {
    move |value| format!("{value:.count$}")
}

fn exponential(value: f64, writer: Writer) -> String {
    let text = format!("{value:.6e}");
    let Some((mantissa, exponent)) = text.split_once('e') else {
        return text;
    };
    let (sign, digits) = exponent
        .strip_prefix('-')
        .map_or(('+', exponent), |digits| ('-', digits));
    match writer {
        Writer::Server => format!("{mantissa}e{sign}{digits:0>2}"),
        Writer::Page => format!("{mantissa}e{sign}{digits}"),
    }
}

/// Mean of the numbers there are.
pub fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// Sample standard deviation; none of a single value.
pub fn deviation(values: &[f64]) -> Option<f64> {
    let mean = mean(values).filter(|_| values.len() > 1)?;
    let squares: f64 = values.iter().map(|v| (v - mean) * (v - mean)).sum();
    Some((squares / (values.len() - 1) as f64).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_printed_as_the_predecessor_did() {
        let server = |value| exponential(value, Writer::Server);
        assert_eq!(server(5e-7), "5.000000e-07");
        assert_eq!(server(-3.535_534e-8), "-3.535534e-08");
        assert_eq!(server(0.0), "0.000000e+00");
        assert_eq!(server(1.5e120), "1.500000e+120");
        assert_eq!(exponential(5e-7, Writer::Page), "5.000000e-7");
        assert_eq!(exponential(0.0, Writer::Page), "0.000000e+0");
        assert_eq!(deviation(&[1.0]), None);
    }
}
