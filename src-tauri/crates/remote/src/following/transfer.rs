//! Fetching a finished export: piece by piece, checked, resumed after a lost connection.

use std::io::Write;

use protocol::refusal::Refusal;
use protocol::relay::words;
use sha2::{Digest, Sha256};

/// Pieces that may wait for whoever takes them: all that may be on their way, and as many more.
pub const PIECES: usize = 8;

/// What was received of a file so far.
pub struct Receiving<W> {
    to: W,
    hash: Sha256,
    /// Bytes so far.
    pub received: u64,
    expected: u64,
}

impl<W: Write> Receiving<W> {
    /// Nothing yet, of so many bytes.
    pub fn new(to: W, expected: u64) -> Self {
        Self {
            to,
            hash: Sha256::new(),
            received: 0,
            expected,
        }
    }

    /// Writes the next bytes.
    ///
    /// # Errors
    /// More than was announced, or the place does not take them.
    pub fn take(&mut self, bytes: &[u8], name: &str) -> Result<(), Refusal> {
        self.received += bytes.len() as u64;
        if self.received > self.expected {
            return Err(words::transfer_damaged(name));
        }
        self.hash.update(bytes);
        self.to.write_all(bytes).map_err(|error| {
            Refusal::new(
                "output_not_writable",
                format!("{name} cannot be written: {error}."),
                "Choose another place, or make space there.",
            )
        })
    }

    /// Checks length and hash.
    ///
    /// # Errors
    /// It is not what was announced.
    pub fn finish(mut self, sha256: &str, name: &str) -> Result<(), Refusal> {
        let hash = self.hash.finalize();
        let announced = data_encoding::HEXLOWER_PERMISSIVE.decode(sha256.as_bytes());
        if self.received != self.expected || announced.ok().as_deref() != Some(hash.as_slice()) {
            return Err(words::transfer_damaged(name));
        }
        self.to.flush().map_err(|error| {
            Refusal::new(
                "output_not_writable",
                format!("{name} cannot be written: {error}."),
                "Choose another place, or make space there.",
            )
        })
    }
}

/// The name of a file without anything that leads elsewhere, whichever system it comes from.
pub fn bare_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\', ':']).next().unwrap_or_default();
    let kept: String = last.chars().filter(|c| !c.is_control()).take(200).collect();
    match kept.trim().trim_start_matches('.') {
        "" => "export".to_owned(),
        bare => bare.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_nowhere_else() {
        for (name, bare) in [
            ("run7.csv", "run7.csv"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Windows\\x.dll", "x.dll"),
            (".bashrc", "bashrc"),
            ("..", "export"),
            ("a\nb.csv", "ab.csv"),
            ("stream.csv:hidden", "hidden"),
        ] {
            assert_eq!(bare_name(name), bare);
        }
    }

    #[test]
    fn other_bytes_than_announced_are_refused() {
        let whole = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let receive = |bytes: &[u8], expected| {
            let mut kept = Vec::new();
            let mut receiving = Receiving::new(&mut kept, expected);
            receiving.take(bytes, "x")?;
            receiving.finish(whole, "x")
        };
        assert_eq!(receive(b"abc", 3), Ok(()));
        for (bytes, expected) in [(&b"abd"[..], 3), (b"ab", 3), (b"abcd", 3)] {
            assert_eq!(receive(bytes, expected).unwrap_err().code, "transfer_damaged");
        }
    }
}
