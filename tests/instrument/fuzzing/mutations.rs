//! Seeded damage to files.

/// Damages files, the same way for the same seed.
pub struct Mutator {
    state: u64,
}

impl Mutator {
    /// Starts a sequence.
    pub fn new(seed: u64) -> Self {
        Self {
            state: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1,
        }
    }

    /// A number below `limit` (xorshift64*, Vigna 2016).
    fn below(&mut self, limit: usize) -> usize {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        let number = self.state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        number as usize % limit.max(1)
    }

    fn range(&mut self, length: usize, longest: usize) -> std::ops::Range<usize> {
        let start = self.below(length + 1);
        let end = (start + self.below(longest + 1)).min(length);
        start..end
    }

    /// A damaged copy: one to three of flipped bytes, a cut, a part of another file, a doubled or missing part, a number
    /// grown out of all proportion, and characters that mean something to parsers.
    pub fn damaged(&mut self, file: &[u8], other: &[u8]) -> Vec<u8> {
        let mut bytes = file.to_vec();
        for _ in 0..=self.below(3) {
            match self.below(7) {
                0 => self.flip(&mut bytes),
                1 => bytes.truncate(self.below(bytes.len() + 1)),
                2 => {
                    let (from, at) = (self.range(other.len(), 400), self.below(bytes.len() + 1));
                    bytes.splice(at..at, other[from].iter().copied());
                }
                3 => {
                    let part = bytes[self.range(bytes.len(), 300)].to_vec();
                    let at = self.below(bytes.len() + 1);
                    for _ in 0..=self.below(8) {
                        bytes.splice(at..at, part.iter().copied());
                    }
                }
                4 => {
                    let range = self.range(bytes.len(), 200);
                    bytes.drain(range);
                }
                5 => self.grow_number(&mut bytes),
                _ => self.insert_sign(&mut bytes),
            }
        }
        bytes
    }

    fn flip(&mut self, bytes: &mut [u8]) {
        if bytes.is_empty() {
            return;
        }
        for _ in 0..=self.below(8) {
            let at = self.below(bytes.len());
            bytes[at] ^= 1 << self.below(8);
        }
    }

    fn grow_number(&mut self, bytes: &mut Vec<u8>) {
        const GROWN: [&[u8]; 6] = [b"999999999999", b"e308", b"e-400", b"18446744073709551616", b".", b"-"];
        let from = self.below(bytes.len() + 1);
        let digit = bytes[from..].iter().position(u8::is_ascii_digit).map(|at| from + at);
        if let Some(at) = digit {
            let grown = GROWN[self.below(GROWN.len())];
            bytes.splice(at..at, grown.iter().copied());
        }
    }

    fn insert_sign(&mut self, bytes: &mut Vec<u8>) {
        const SIGNS: [&[u8]; 10] = [
            b"\0",
            b"\r",
            b"\n\n",
            b"\"",
            b",;\t,",
            b"[[[[{",
            b"}]",
            b"\xEF\xBB\xBF",
            b"\xFF\xFE",
            b"nan",
        ];
        let (sign, at) = (SIGNS[self.below(SIGNS.len())], self.below(bytes.len() + 1));
        bytes.splice(at..at, sign.iter().copied());
    }
}
