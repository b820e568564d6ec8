//! Just enough JSON to read what cargo and the `sacmes` program print, without a parser to build first.

/// The string values of all fields called `key` in a JSON text, in order, unescaped.
///
/// Finds `"key":"value"` wherever it stands; a string that merely contains such text is escaped there and is not found.
pub fn strings<'a>(text: &'a str, key: &str) -> impl Iterator<Item = String> + use<'a> {
    let start = format!("\"{key}\":");
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            rest = &rest[rest.find(&start)? + start.len()..];
            let Some(value) = rest.trim_start().strip_prefix('"') else {
                continue;
            };
            return Some(unescape(value));
        }
    })
}

/// How many fields are called `key`.
pub fn count(text: &str, key: &str) -> usize {
    text.matches(&format!("\"{key}\":")).count()
}

/// The text up to the closing quotation mark.
fn unescape(text: &str) -> String {
    let mut value = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => break,
            '\\' => match characters.next() {
                Some('n') => value.push('\n'),
                Some('t') => value.push('\t'),
                Some('u') => {
                    let code: String = characters.by_ref().take(4).collect();
                    value.extend(u32::from_str_radix(&code, 16).ok().and_then(char::from_u32));
                }
                Some(escaped) => value.push(escaped),
                None => break,
            },
            other => value.push(other),
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn string_fields_are_found_and_unescaped() {
        let text =
            r#"{"file":"C:\\runs\\a\"b.txt","index":1,"nested":[{"file": "two"},{"file":null},{"file":"\u00b5"}]}"#;
        assert_eq!(
            strings(text, "file").collect::<Vec<_>>(),
            ["C:\\runs\\a\"b.txt", "two", "µ"]
        );
        assert_eq!(strings(text, "none").count(), 0);
        assert_eq!(count(text, "file"), 4);
    }
}
