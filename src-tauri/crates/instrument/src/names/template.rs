//! Names by a template that the user gives.

use std::fmt;

use super::{ScanName, frequency, whole_number};

/// Longest template.
const LONGEST: usize = 200;

/// Where a template is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TemplateError {
    /// Nothing in it, or longer than any name.
    Length,
    /// `<` without `>`.
    Unclosed {
        /// Position of the `<`, in characters from 1.
        at: usize,
    },
    /// A placeholder that does not exist.
    Unknown {
        /// What stands between the brackets.
        placeholder: String,
        /// Position, in characters from 1.
        at: usize,
    },
    /// A placeholder for the second time.
    Repeated {
        /// Which.
        placeholder: char,
        /// Position, in characters from 1.
        at: usize,
    },
    /// Two placeholders with nothing between them: where one ends could not be told.
    Adjacent {
        /// Position of the second, in characters from 1.
        at: usize,
    },
    /// No placeholder at all.
    NoPlaceholder,
}

impl std::error::Error for TemplateError {}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length => write!(f, "it must have 1 to {LONGEST} characters"),
            Self::Unclosed { at } => write!(f, "the < at position {at} has no >"),
            Self::Unknown { placeholder, at } => {
                write!(f, "<{placeholder}> at position {at} is none of <H>, <E>, <F> and <N>")
            }
            Self::Repeated { placeholder, at } => write!(f, "<{placeholder}> occurs again at position {at}"),
            Self::Adjacent { at } => write!(f, "there must be a character before the placeholder at position {at}"),
            Self::NoPlaceholder => f.write_str("it has none of <H>, <E>, <F> and <N>"),
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Part {
    Literal(String),
    Handle,
    Electrode,
    Frequency,
    Index,
}

/// A parsed template.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Template(Vec<Part>);

impl Template {
    pub(super) fn parse(text: &str) -> Result<Self, TemplateError> {
        let characters: Vec<char> = text.chars().collect();
        if characters.is_empty() || characters.len() > LONGEST {
            return Err(TemplateError::Length);
        }
        let (mut parts, mut seen, mut k) = (Vec::new(), Vec::new(), 0);
        while k < characters.len() {
            if characters[k] != '<' {
                match parts.last_mut() {
                    Some(Part::Literal(literal)) => literal.push(characters[k]),
                    _ => parts.push(Part::Literal(characters[k].to_string())),
                }
                k += 1;
                continue;
            }
            let at = k + 1;
            let length = characters[k..]
                .iter()
                .position(|c| *c == '>')
                .ok_or(TemplateError::Unclosed { at })?;
            let placeholder: String = characters[k + 1..k + length].iter().collect();
            let part = match placeholder.to_ascii_uppercase().as_str() {
                "H" => Part::Handle,
                "E" => Part::Electrode,
                "F" => Part::Frequency,
                "N" => Part::Index,
                _ => return Err(TemplateError::Unknown { placeholder, at }),
            };
            if seen.contains(&part) {
                let placeholder = placeholder.chars().next().unwrap_or('?').to_ascii_uppercase();
                return Err(TemplateError::Repeated { placeholder, at });
            }
            if parts.last().is_some_and(|before| !matches!(before, Part::Literal(_))) {
                return Err(TemplateError::Adjacent { at });
            }
            seen.push(part.clone());
            parts.push(part);
            k += length + 1;
        }
        if seen.is_empty() {
            Err(TemplateError::NoPlaceholder)
        } else {
            Ok(Self(parts))
        }
    }

    pub(super) fn parse_name(&self, name: &str) -> Option<ScanName> {
        let mut found = ScanName::default();
        fits(&self.0, name, &mut found).then_some(found)
    }
}

/// Whether the whole of `name` fits `parts`. Literals are compared without regard to ASCII case; a handle takes as little as it
/// can, numbers as much as they can.
fn fits(parts: &[Part], name: &str, found: &mut ScanName) -> bool {
    let Some((part, rest)) = parts.split_first() else {
        return name.is_empty();
    };
    match part {
        Part::Literal(literal) => {
            name.get(..literal.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(literal))
                && fits(rest, &name[literal.len()..], found)
        }
        Part::Handle => name
            .char_indices()
            .skip(1)
            .map(|(at, _)| at)
            .chain([name.len()])
            .any(|at| {
                let taken = at > 0 && fits(rest, &name[at..], found);
                if taken {
                    name[..at].clone_into(&mut found.handle);
                }
                taken
            }),
        Part::Electrode => digits(name).is_some_and(|at| {
            found.electrode = whole_number(&name[..at]);
            found.electrode.is_some() && fits(rest, &name[at..], found)
        }),
        Part::Index => digits(name).is_some_and(|at| {
            found.index = whole_number(&name[..at]);
            found.index.is_some() && fits(rest, &name[at..], found)
        }),
        Part::Frequency => {
            let marked = name
                .bytes()
                .take_while(|b| b.is_ascii_digit() || matches!(b, b'.' | b','))
                .count();
            // A mark behind the last digit belongs to what follows.
            let at = name[..marked].trim_end_matches(['.', ',']).len();
            found.frequency_hz = frequency(&name[..at]);
            found.frequency_hz.is_some() && fits(rest, &name[at..], found)
        }
    }
}

fn digits(name: &str) -> Option<usize> {
    let count = name.bytes().take_while(u8::is_ascii_digit).count();
    (count > 0).then_some(count)
}
