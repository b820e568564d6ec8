//! `--pulse`: files of chronoamperometry that hold pulses of one step and are measured together.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::str::FromStr;

use super::inputs::Input;

/// How the names of the files of one pulse begin, and what of the pulse is used.
#[derive(Debug, Clone, PartialEq)]
pub struct Pulse {
    prefix: String,
    range_s: Option<(f64, f64)>,
}

impl FromStr for Pulse {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (prefix, range) = match text.rsplit_once('=') {
            Some((prefix, range)) => (prefix, Some(range)),
            None => (text, None),
        };
        if prefix.is_empty() {
            return Err("the beginning of the names is missing".to_owned());
        }
        let range_s = range
            .map(|range| {
                let ends = range.split_once(':');
                let ends = ends.and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
                let is_range = |(from, to): &(f64, f64)| from < to && from.is_finite() && to.is_finite();
                ends.filter(is_range)
                    .ok_or_else(|| format!("\"{range}\" is no range of seconds such as 0.001:0.01"))
            })
            .transpose()?;
        Ok(Self {
            prefix: prefix.to_owned(),
            range_s,
        })
    }
}

/// Files that are measured together, in the order of the pulses.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// A file for each pulse, and what of it is used.
    pub files: Vec<(Input, Option<(f64, f64)>)>,
}

/// Files in groups.
#[derive(Debug, Default)]
pub struct Groups {
    /// With a file for each pulse.
    pub whole: Vec<Group>,
    /// A line for each file whose partner is not there.
    pub alone: Vec<String>,
    /// A line for each file that is of no pulse.
    pub others: Vec<String>,
}

impl Groups {
    /// Files belong together where their names are the same behind the beginnings that tell the pulses apart, in one folder.
    pub fn of(files: Vec<Input>, pulses: &[Pulse]) -> Self {
        let mut groups = Self::default();
        let mut order: Vec<Vec<Option<Input>>> = Vec::new();
        let mut known: BTreeMap<(PathBuf, String), usize> = BTreeMap::new();
        for file in files {
            let name = file.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            // The longest beginning that fits, so that "Short_" does not take what is of "Short_b_".
            let pulse = pulses
                .iter()
                .enumerate()
                .filter(|(_, pulse)| name.starts_with(&pulse.prefix))
                .max_by_key(|(_, pulse)| pulse.prefix.len());
            let Some((at, pulse)) = pulse else {
                groups.others.push(format!("{} begins like no pulse.", file.shown));
                continue;
            };
            let folder = file.path.parent().map(PathBuf::from).unwrap_or_default();
            let rest = name.get(pulse.prefix.len()..).unwrap_or_default().to_owned();
            let group = *known.entry((folder, rest)).or_insert_with(|| {
                order.push(vec![None; pulses.len()]);
                order.len() - 1
            });
            order[group][at] = Some(file);
        }
        for group in order {
            let missing = group.iter().zip(pulses).find(|(file, _)| file.is_none());
            if let Some((_, pulse)) = missing {
                let there = group.iter().flatten().map(|file| {
                    let shown = &file.shown;
                    format!(
                        "{shown}: the file of its pulse \"{}\" is not there (pulse_missing)",
                        pulse.prefix
                    )
                });
                groups.alone.extend(there);
                continue;
            }
            let ranges = pulses.iter().map(|pulse| pulse.range_s);
            groups.whole.push(Group {
                files: group.into_iter().flatten().zip(ranges).collect(),
            });
        }
        groups
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(name: &str) -> Input {
        Input {
            path: PathBuf::from("run").join(name),
            shown: name.to_owned(),
            chosen: false,
        }
    }

    #[test]
    fn files_with_one_name_behind_their_pulse_belong_together() {
        let pulses = ["Short_=0.001:0.01".parse().unwrap(), "Long_".parse().unwrap()];
        let names = ["Long_A_1.DTA", "Long_A_2.DTA", "Short_A_1.DTA", "notes.txt"];
        let groups = Groups::of(names.into_iter().map(input).collect(), &pulses);
        let [group] = groups.whole.as_slice() else {
            panic!("{groups:?}")
        };
        assert_eq!(
            group.files,
            [
                (input("Short_A_1.DTA"), Some((0.001, 0.01))),
                (input("Long_A_1.DTA"), None)
            ]
        );
        assert!(groups.alone[0].starts_with("Long_A_2.DTA") && groups.alone[0].contains("Short_"));
        assert_eq!((groups.alone.len(), groups.others.len()), (1, 1));
    }

    #[test]
    fn what_is_no_pulse_is_refused() {
        for text in ["", "=0:1", "Short_=0.1", "Short_=2:1", "Short_=a:b"] {
            assert!(text.parse::<Pulse>().is_err(), "{text}");
        }
    }
}
