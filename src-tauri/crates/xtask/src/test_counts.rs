//! Reads from what test runners print how many tests passed and failed.

/// Tests that passed and failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Those that did what they should.
    pub passed: u64,
    /// Those that did not, timed-out ones included.
    pub failed: u64,
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// Who prints the summaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Runner {
    /// `test result: ok. 5 passed; 0 failed; 1 ignored; ...`, once per test program.
    Cargo,
    /// `Summary [   0.201s] 30 tests run: 28 passed (1 slow), 1 failed, 1 timed out, 0 skipped`, once.
    Nextest,
    /// `Tests  3 failed | 12 passed (15)`, once.
    Vitest,
}

/// The counts in one line of output, if it is a summary of that runner. (Nextest also shows what failed tests printed,
/// summaries in cargo's form among it; those must not count again.)
pub fn in_line(runner: Runner, line: &str) -> Option<Counts> {
    let plain = without_colours(line);
    let text = plain.trim();
    let is_summary = match runner {
        Runner::Cargo => plain.starts_with("test result: "),
        Runner::Nextest => text.starts_with("Summary [") && text.contains(" run: "),
        Runner::Vitest => text
            .strip_prefix("Tests ")
            .is_some_and(|rest| rest.contains(" passed") || rest.contains(" failed")),
    };
    if !is_summary {
        return None;
    }
    let text = text.split_once(" run: ").map_or(text, |(_, results)| results);
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut counts = Counts::default();
    for pair in words.windows(2) {
        let Ok(number) = pair[0].trim_start_matches('(').parse::<u64>() else {
            continue;
        };
        match pair[1].trim_end_matches([',', ';', ')', '.']) {
            "passed" => counts.passed += number,
            "failed" | "timed" | "exec" => counts.failed += number,
            _ => {}
        }
    }
    Some(counts)
}

/// The text without terminal colour sequences.
fn without_colours(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            // A sequence ends with its first letter.
            characters.by_ref().find(char::is_ascii_alphabetic);
        } else {
            plain.push(character);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(runner: Runner, line: &str) -> (u64, u64) {
        let counts = in_line(runner, line).unwrap();
        (counts.passed, counts.failed)
    }

    #[test]
    fn summaries_of_all_three_runners_are_understood() {
        let line = "test result: FAILED. 5 passed; 2 failed; 1 ignored; 0 measured; 7 filtered out; finished in 0.18s";
        assert_eq!(counts(Runner::Cargo, line), (5, 2));
        let line = "     Summary [   0.201s] 30 tests run: 27 passed (1 slow), 1 failed, 2 timed out, 4 skipped";
        assert_eq!(counts(Runner::Nextest, line), (27, 3));
        let line = "     Summary [   0.3s] 19/30 tests run: 18 passed, 1 failed, 0 skipped";
        assert_eq!(counts(Runner::Nextest, line), (18, 1));
        let line = "\u{1b}[2m      Tests \u{1b}[22m \u{1b}[1m\u{1b}[32m12 passed\u{1b}[39m (12)";
        assert_eq!(counts(Runner::Vitest, line), (12, 0));
        assert_eq!(
            counts(Runner::Vitest, "      Tests  3 failed | 12 passed (15)"),
            (12, 3)
        );
    }

    #[test]
    fn other_lines_are_not_summaries() {
        let lines = [
            "",
            "test a::b ... ok",
            "PASS [ 0.1s] 3 passed",
            " Test Files  4 passed (4)",
            "running 5 tests",
        ];
        for runner in [Runner::Cargo, Runner::Nextest, Runner::Vitest] {
            assert!(lines.iter().all(|line| in_line(runner, line).is_none()));
        }
        let shown_by_nextest = "    test result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured; 29 filtered out";
        assert_eq!(in_line(Runner::Nextest, shown_by_nextest), None);
    }
}
