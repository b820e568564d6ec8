//! The settings of a measurement: lines of `KEY=value`, with comments behind `#`. Notes are percent-encoded, so that no
//! note looks like a setting.

use crate::formats::curves::Conditions;
use crate::formats::pstrace::title;
use crate::recording::Technique;

/// The settings that say how a curve is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Method {
    /// What was measured.
    pub(super) technique: Option<Technique>,
    /// Square wave frequency and scan rate, where the technique has them.
    pub(super) conditions: Conditions,
    /// Way of the potential, where the technique has one and it is not against an open circuit potential.
    pub(super) way: Option<Way>,
}

/// One way of a potential.
#[allow(clippy::struct_field_names, reason = "the unit belongs to every name")]
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Way {
    /// From (V).
    begin_v: f64,
    /// To (V).
    end_v: f64,
    /// Step (V).
    step_v: f64,
}

impl Method {
    /// Reads the settings.
    pub(super) fn parse(text: &str) -> Self {
        let mut id = None;
        let mut number = None;
        let (mut frequency_hz, mut scan_rate_v_s) = (None, None);
        let (mut begin_v, mut end_v, mut step_v) = (None, None, None);
        let mut against_ocp = false;
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let Some((key, value)) = line.split_once('=') else {
                continue;
            };
            let float = || single(value.trim());
            match key.trim() {
                "METHOD_ID" => id = Some(value.trim()),
                "TECHNIQUE" => number = value.trim().parse().ok(),
                "FREQ" => frequency_hz = float(),
                "SCAN_RATE" | "SCANRATE" => scan_rate_v_s = float(),
                "E_BEGIN" => begin_v = float(),
                "E_END" => end_v = float(),
                "E_STEP" => step_v = float(),
                "OCP_BEGIN" | "OCP_END" => against_ocp |= float().is_some(),
                _ => {}
            }
        }
        let technique = id
            .and_then(title::technique)
            .or_else(|| number.map(title::technique_by_number));
        let positive = |value: Option<f64>| value.filter(|value| *value > 0.0);
        let sweeps = matches!(technique, Some(Technique::Swv | Technique::Dpv | Technique::Lsv));
        let way = begin_v.zip(end_v).zip(positive(step_v));
        Self {
            technique,
            conditions: Conditions {
                frequency_hz: positive(frequency_hz).filter(|_| technique == Some(Technique::Swv)),
                scan_rate_v_s: positive(scan_rate_v_s)
                    .filter(|_| matches!(technique, Some(Technique::Cv | Technique::Lsv))),
            },
            way: way
                .filter(|_| sweeps && !against_ocp)
                .map(|((begin_v, end_v), step_v)| Way { begin_v, end_v, step_v }),
        }
    }
}

/// Settings are written from single precision, `4.9999999E-003` for 0.005: the shortest decimal that gives the same
/// single is what was entered.
fn single(text: &str) -> Option<f64> {
    let value = text.parse::<f32>().ok().filter(|value| value.is_finite())?;
    value.to_string().parse().ok()
}

impl Way {
    /// Most points that are believed.
    const LIMIT: f64 = 1e7;

    /// Number of points that were to be measured, unless an instrument with a coarser step came to the end with another
    /// number of them.
    pub(super) fn points(self, potential_v: &[f64]) -> Option<usize> {
        let steps = (self.end_v - self.begin_v).abs() / self.step_v;
        let last = *potential_v.last()?;
        let points = (steps + 1e-6).floor() + 1.0;
        let reached = (last - self.end_v).abs() <= 1.5 * self.step_v;
        (points < Self::LIMIT && (!reached || points == potential_v.len() as f64)).then_some(points as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read_and_notes_are_not() {
        let method = Method::parse(
            "#PSTrace, Version=5.9\r\nMETHOD_ID=swv\r\nTECHNIQUE=2\r\nNOTES=FREQ%3D1%crlfFREQ=3\r\n#FREQ=9\r\nE_BEGIN=-1.000E+000\r\n\
            E_END=0.000E+000\r\nE_STEP=4.9999999E-003\r\nFREQ=5.000E+001\r\nSCAN_RATE=1.000E-001\r\n",
        );
        assert_eq!(method.technique, Some(Technique::Swv));
        assert_eq!(method.conditions.frequency_hz, Some(50.0));
        assert_eq!(method.conditions.scan_rate_v_s, None);
        let potential_v: Vec<f64> = (0..201).map(|k| -1.0 + 0.005 * f64::from(k)).collect();
        let way = method.way.unwrap();
        assert_eq!(way.points(&potential_v), Some(201));
        assert_eq!(way.points(&potential_v[..90]), Some(201));
        let coarse: Vec<f64> = (0..197).map(|k| -1.0 + 0.0051 * f64::from(k)).collect();
        assert_eq!(way.points(&coarse), None);
    }

    #[test]
    fn the_number_stands_in_for_an_unknown_name() {
        let method = Method::parse("METHOD_ID=new\nTECHNIQUE=5\nSCAN_RATE=9.9999998E-002\nFREQ=7\nE_BEGIN=NaN\n");
        assert_eq!(method.technique, Some(Technique::Cv));
        assert_eq!(method.conditions.scan_rate_v_s, Some(0.1));
        assert_eq!((method.conditions.frequency_hz, method.way), (None, None));
        assert_eq!(Method::parse("").technique, None);
    }
}
