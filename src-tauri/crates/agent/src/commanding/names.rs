//! Names of sessions and markers: one line that is shown as it was written.

use protocol::refusal::Refusal;

/// Longest name of a session or marker.
const LONGEST: usize = 200;

/// A name that somebody chose.
///
/// # Errors
/// `name_invalid`.
pub(crate) fn checked_name(name: &str) -> Result<String, Refusal> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > LONGEST || name.chars().any(misleads) {
        let message = format!("A name has 1 to {LONGEST} characters, on one line.");
        return Err(Refusal::new("name_invalid", message, "Choose another name."));
    }
    Ok(name.to_owned())
}

/// A name that nobody chose here, such as a folder's or that in an archive, with nothing in it that a name may not have.
pub(crate) fn tidied_name(name: &str) -> String {
    let tidied: String = name.chars().filter(|c| !misleads(*c)).collect();
    let tidied: String = tidied.trim().chars().take(LONGEST).collect();
    match tidied.trim_end() {
        "" => "Session without a name".to_owned(),
        name => name.to_owned(),
    }
}

/// Line breaks, commands to terminals, and what turns the text around it about (Unicode's embeddings, overrides and isolates).
fn misleads(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_misleads_is_refused_in_a_chosen_name_and_left_out_of_a_found_one() {
        for name in ["", " ", "a\nb", "\u{1b}[31mred", "run\u{202e}txt.exe", "a\u{2028}b"] {
            assert_eq!(checked_name(name).unwrap_err().code, "name_invalid", "{name:?}");
        }
        assert!(checked_name(&"n".repeat(LONGEST + 1)).is_err());
        assert_eq!(checked_name(" ניסוי 3 ").unwrap(), "ניסוי 3");
        assert_eq!(tidied_name("\u{1b}[31mrun\u{202e}\n 7 "), "[31mrun 7");
        assert_eq!(tidied_name("\u{202e} \n"), "Session without a name");
        assert_eq!(tidied_name(&"µ".repeat(300_000)).chars().count(), LONGEST);
    }
}
