//! What people type to find notes, as expressions of the full-text index. Nothing that is typed is taken for its syntax: each word stands
//! in quotes.

/// What is looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Searched {
    /// Whether anything was typed. Where nothing of it can be looked for, nothing is found.
    pub is_asked: bool,
    /// An expression that notes fit.
    pub wanted: Option<String>,
    /// An expression that they do not fit.
    pub unwanted: Option<String>,
}

/// Words in a search at most; more say nothing more.
const MOST_WORDS: usize = 32;

/// A word or a phrase.
struct Term {
    text: String,
    /// Whether it is a phrase that was ended: then its last word is whole, too.
    is_whole: bool,
    is_unwanted: bool,
}

impl Searched {
    /// All words are wanted, from their beginnings; `"in quotes"` is a phrase; what begins with a minus is unwanted.
    pub fn read(typed: &str) -> Self {
        let terms: Vec<Term> = terms(typed)
            .into_iter()
            .filter(Term::has_word)
            .take(MOST_WORDS)
            .collect();
        let joined = |is_unwanted: bool, by: &str| {
            let of_kind: Vec<String> = terms
                .iter()
                .filter(|term| term.is_unwanted == is_unwanted)
                .map(Term::expression)
                .collect();
            (!of_kind.is_empty()).then(|| of_kind.join(by))
        };
        Self {
            is_asked: !typed.trim().is_empty(),
            wanted: joined(false, " AND "),
            unwanted: joined(true, " OR "),
        }
    }

    /// Whether something was typed of which nothing can be looked for.
    pub fn is_hopeless(&self) -> bool {
        self.is_asked && self.wanted.is_none() && self.unwanted.is_none()
    }
}

impl Term {
    fn has_word(&self) -> bool {
        self.text.chars().any(char::is_alphanumeric)
    }

    fn expression(&self) -> String {
        let end = if self.is_whole { "" } else { "*" };
        format!("\"{}\"{end}", self.text)
    }
}

fn terms(typed: &str) -> Vec<Term> {
    let mut terms = Vec::new();
    let mut rest = typed.chars().map(|c| if c.is_control() { ' ' } else { c }).peekable();
    loop {
        while rest.next_if(|c| c.is_whitespace()).is_some() {}
        let is_unwanted = rest.next_if_eq(&'-').is_some();
        let Some(first) = rest.peek() else { break };
        let mut text = String::new();
        let mut is_whole = false;
        if *first == '"' {
            rest.next();
            for c in rest.by_ref() {
                if c == '"' {
                    is_whole = true;
                    break;
                }
                text.push(c);
            }
        } else {
            while let Some(c) = rest.next_if(|c| !c.is_whitespace() && *c != '"') {
                text.push(c);
            }
        }
        terms.push(Term {
            text,
            is_whole,
            is_unwanted,
        });
    }
    terms
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Expressions of what is wanted and unwanted; empty where there is none.
    fn read(typed: &str) -> (String, String) {
        let Searched { wanted, unwanted, .. } = Searched::read(typed);
        (wanted.unwrap_or_default(), unwanted.unwrap_or_default())
    }

    fn both(wanted: &str, unwanted: &str) -> (String, String) {
        (wanted.to_owned(), unwanted.to_owned())
    }

    #[test]
    fn words_phrases_and_what_is_left_out() {
        assert_eq!(read("buffer 10"), both("\"buffer\"* AND \"10\"*", ""));
        assert_eq!(
            read("\"10 µM\" -wash -\"new cell\""),
            both("\"10 µM\"", "\"wash\"* OR \"new cell\"")
        );
        assert_eq!(read("-wash"), both("", "\"wash\"*"));
        // A phrase that is still being typed.
        assert_eq!(read("\"new ce"), both("\"new ce\"*", ""));
    }

    #[test]
    fn nothing_that_is_typed_is_syntax() {
        let words = ["a", "AND", "OR*", "NOT", "text:b", "(c", "^d", "a", "b"].map(|word| format!("\"{word}\"*"));
        assert_eq!(read("a AND OR* NOT text:b (c ^d a\"b"), both(&words.join(" AND "), ""));
    }

    #[test]
    fn what_has_no_word_finds_nothing_and_what_is_blank_everything() {
        for typed in ["°", "- \" \" -", "…"] {
            assert!(Searched::read(typed).is_hopeless(), "{typed}");
        }
        for typed in ["", " \t", "a °", "-a"] {
            assert!(!Searched::read(typed).is_hopeless(), "{typed}");
        }
    }
}
