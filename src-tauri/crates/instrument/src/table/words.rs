//! What the words in the names of columns stand for.

/// What the word stands for, in the languages that instrument software speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    /// A potential.
    Potential,
    /// A current.
    Current,
    /// A difference current.
    Difference,
    /// A forward current.
    Forward,
    /// A reverse current.
    Reverse,
    /// An electrode or channel.
    Electrode,
    /// A time since the start.
    Time,
    /// A cycle, scan or loop.
    Cycle,
    /// A segment: half a cycle.
    Segment,
    /// Rules out that the column is a potential or current to analyse, unless another word says that it is.
    Count,
    /// Rules that out in any case.
    Other,
}

/// In alphabetical order.
const WORDS: &[(&str, Word)] = &[
    ("amperage", Word::Current),
    ("amplitude", Word::Other),
    ("backward", Word::Reverse),
    ("bias", Word::Potential),
    ("bwd", Word::Reverse),
    ("ce", Word::Other),
    ("ch", Word::Electrode),
    ("chan", Word::Electrode),
    ("channel", Word::Electrode),
    ("charge", Word::Other),
    ("ciclo", Word::Cycle),
    ("control", Word::Other),
    ("corrente", Word::Current),
    ("corriente", Word::Current),
    ("counter", Word::Other),
    ("courant", Word::Current),
    ("current", Word::Current),
    ("currents", Word::Current),
    ("cycle", Word::Cycle),
    ("cycles", Word::Cycle),
    ("date", Word::Other),
    ("datetime", Word::Other),
    ("delta", Word::Difference),
    ("density", Word::Other),
    ("dif", Word::Difference),
    ("diff", Word::Difference),
    ("difference", Word::Difference),
    ("differential", Word::Difference),
    ("eapplied", Word::Potential),
    ("ece", Word::Other),
    ("el", Word::Electrode),
    ("elapsed", Word::Time),
    ("electrode", Word::Electrode),
    ("elektrode", Word::Electrode),
    ("err", Word::Other),
    ("error", Word::Other),
    ("estep", Word::Potential),
    ("ewe", Word::Potential),
    ("for", Word::Forward),
    ("forward", Word::Forward),
    ("freq", Word::Other),
    ("frequency", Word::Other),
    ("fwd", Word::Forward),
    ("half", Word::Other),
    ("i", Word::Current),
    ("idif", Word::Difference),
    ("idiff", Word::Difference),
    ("ierange", Word::Other),
    ("ifwd", Word::Forward),
    ("im", Word::Current),
    ("index", Word::Count),
    ("irev", Word::Reverse),
    ("kanal", Word::Electrode),
    ("loop", Word::Cycle),
    ("net", Word::Difference),
    ("nr", Word::Count),
    ("number", Word::Count),
    ("ocp", Word::Other),
    ("overload", Word::Other),
    ("phase", Word::Other),
    ("point", Word::Count),
    ("points", Word::Count),
    ("potencial", Word::Potential),
    ("potential", Word::Potential),
    ("potentials", Word::Potential),
    ("potentiel", Word::Potential),
    ("potenzial", Word::Potential),
    ("power", Word::Other),
    ("pt", Word::Count),
    ("q", Word::Count),
    ("range", Word::Other),
    ("rate", Word::Other),
    ("resistance", Word::Other),
    ("rev", Word::Reverse),
    ("reverse", Word::Reverse),
    ("scan", Word::Cycle),
    ("sd", Word::Other),
    ("segment", Word::Segment),
    ("sensor", Word::Electrode),
    ("spannung", Word::Potential),
    ("std", Word::Other),
    ("stdev", Word::Other),
    ("strom", Word::Current),
    ("t", Word::Time),
    ("temp", Word::Other),
    ("temperature", Word::Other),
    ("tempo", Word::Time),
    ("temps", Word::Time),
    ("tension", Word::Potential),
    ("tiempo", Word::Time),
    ("time", Word::Time),
    ("timestamp", Word::Other),
    ("vapplied", Word::Potential),
    ("vf", Word::Potential),
    ("voltage", Word::Potential),
    ("voltaje", Word::Potential),
    ("vstep", Word::Potential),
    ("we", Word::Electrode),
    ("zeit", Word::Time),
    ("zyklus", Word::Cycle),
    ("δ", Word::Difference),
];

/// Words that say only half of what a column is; they count where nothing else does.
const LETTERS: [(&str, Word); 3] = [("e", Word::Potential), ("v", Word::Potential), ("u", Word::Potential)];

/// What a word in small letters stands for.
pub(super) fn meaning(word: &str) -> Option<Word> {
    let found = WORDS.binary_search_by(|(known, _)| (*known).cmp(word)).ok()?;
    Some(WORDS[found].1)
}

/// What a single letter stands for where no word says more.
pub(super) fn letter(word: &str) -> Option<Word> {
    LETTERS
        .iter()
        .find(|(known, _)| *known == word)
        .map(|(_, meaning)| *meaning)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_in_order() {
        assert!(WORDS.is_sorted_by(|(a, _), (b, _)| a < b));
    }
}
