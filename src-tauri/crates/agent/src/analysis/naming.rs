//! Whether a file belongs to a session, judged by its name and its frequency.

use instrument::names::{NameRefusal, ScanName};
use protocol::measurement::Measurement;

use super::measuring::failed;
use super::reading::{FileFacts, Reading, ScanFile};
use super::rules::Rules;

/// A file that is not used, and why.
#[derive(Debug)]
pub struct Unused {
    /// What its name says.
    pub facts: FileFacts,
    /// Stable code.
    pub reason: &'static str,
    /// For people, with the way out.
    pub message: String,
    /// One failed measurement; none where the settings leave the file out on purpose.
    pub measurement: Option<Box<Measurement>>,
    is_temporary: bool,
}

impl Unused {
    /// Whether the name is one that its writer will change or remove.
    pub fn is_temporary(&self) -> bool {
        self.is_temporary
    }

    pub(super) fn into_reading(self) -> Reading {
        Reading::Unusable {
            facts: self.facts,
            reason: self.reason,
            message: self.message,
            measurement: self.measurement,
            is_worth_keeping: true,
        }
    }

    /// More may come, or another name.
    pub(super) fn into_partial(self) -> Reading {
        Reading::Partial {
            facts: self.facts,
            reason: self.reason,
            message: self.message,
            may_settle: true,
        }
    }
}

/// Why a file is not used whatever it holds, so that it need not be opened; none where its content decides.
pub fn left_out_by_name(name: &str, modified_ns: i64, rules: &Rules) -> Option<Box<Unused>> {
    let file = ScanFile {
        name,
        content: &[],
        modified_ns,
    };
    judge_name(&file, rules).err()
}

/// What becomes of a file whose content cannot be had: unless the settings leave it out on purpose, it fails for this
/// reason in the place that its name states.
pub fn not_read(file: &ScanFile<'_>, rules: &Rules, reason: &'static str, message: String) -> Unused {
    let judged = judge_name(file, rules).and_then(|(facts, _)| judge_frequency(file, rules, &facts).map(|()| facts));
    match judged {
        Err(unused) => *unused,
        Ok(facts) => Unused {
            measurement: Some(Box::new(failed(file, &facts, reason, &message))),
            facts,
            reason,
            message,
            is_temporary: false,
        },
    }
}

/// What a file's name says, and whether it belongs to the session.
pub(super) fn judge_name(file: &ScanFile<'_>, rules: &Rules) -> Result<(FileFacts, ScanName), Box<Unused>> {
    let named = rules.pattern.parse_name(file.name);
    let fits = named.is_some();
    let name = named.unwrap_or_default();
    let facts = FileFacts {
        electrode: name.electrode,
        frequency_hz: name.frequency_hz,
        index: name.index,
        ..FileFacts::default()
    };
    if !fits {
        let pattern = &rules.settings.files.pattern;
        let message = format!(
            "{} does not fit the pattern {pattern}. Change the pattern, or set it to auto.",
            file.name
        );
        let reason = "name_does_not_match";
        return Err(Box::new(Unused {
            measurement: Some(Box::new(failed(file, &facts, reason, &message))),
            facts,
            reason,
            message,
            is_temporary: false,
        }));
    }
    // Whether the frequency was chosen is judged once the file had its say: its header wins over its name.
    let without_frequency = ScanName {
        frequency_hz: None,
        ..name.clone()
    };
    if !rules.any_name
        && let Err(refused) = rules.filter.accepts(file.name, &without_frequency)
    {
        return Err(Box::new(left_out(file, facts, &refused)));
    }
    Ok((facts, name))
}

/// Whether the settings chose the frequency of a file.
pub(super) fn judge_frequency(file: &ScanFile<'_>, rules: &Rules, facts: &FileFacts) -> Result<(), Box<Unused>> {
    match facts.frequency_hz {
        Some(frequency_hz) if !rules.any_name => rules
            .filter
            .accepts_frequency(frequency_hz)
            .map_err(|refused| Box::new(left_out(file, facts.clone(), &refused))),
        _ => Ok(()),
    }
}

/// A file that the settings leave out on purpose.
fn left_out(file: &ScanFile<'_>, facts: FileFacts, refused: &NameRefusal) -> Unused {
    Unused {
        facts,
        reason: refused.code(),
        message: format!("{}: {}", file.name, refused.message()),
        measurement: None,
        is_temporary: *refused == NameRefusal::HiddenOrTemporary,
    }
}
