//! Making bodies small before they are sealed: raw deflate (RFC 1951) with a preset dictionary.
//!
//! A measurement is 700 bytes of JSON, most of it names of fields that are the same every time. They are in the
//! dictionary (`dictionary.txt`, part of the protocol: both ends have the same bytes), so that a frame with a single measurement
//! costs hardly more per measurement than one with many. Nothing that an attacker chooses is packed together with a secret.

use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};

use super::BodyError;

/// What frames usually consist of. Changing a byte of it needs a new version of the protocol.
pub const DICTIONARY: &[u8] = include_bytes!("dictionary.txt");

const PLAIN: u8 = 0;
const DEFLATED: u8 = 1;

/// `packing 1 ‖ content`: 0 as it is, 1 deflated with the dictionary; whichever is shorter.
pub fn pack(content: &[u8]) -> Vec<u8> {
    match deflate(content) {
        Some(deflated) if deflated.len() <= content.len() => deflated,
        _ => [&[PLAIN], content].concat(),
    }
}

fn deflate(content: &[u8]) -> Option<Vec<u8>> {
    let mut deflate = Compress::new(Compression::new(6), false);
    deflate.set_dictionary(DICTIONARY).ok()?;
    // Room for all of it: what needs more is not sent deflated anyway.
    let mut packed = Vec::with_capacity(content.len() + 64);
    packed.push(DEFLATED);
    match deflate.compress_vec(content, &mut packed, FlushCompress::Finish) {
        Ok(Status::StreamEnd) => Some(packed),
        _ => None,
    }
}

/// What was packed.
///
/// # Errors
/// It is not packed, or unpacks to more than `most` bytes.
pub fn unpack(packed: &[u8], most: usize) -> Result<Vec<u8>, BodyError> {
    match packed.split_first() {
        Some((&PLAIN, content)) if content.len() <= most => Ok(content.to_vec()),
        Some((&DEFLATED, content)) => inflate(content, most),
        _ => Err(BodyError::Packing),
    }
}

fn inflate(content: &[u8], most: usize) -> Result<Vec<u8>, BodyError> {
    const STEP: usize = 64 * 1024;
    let mut inflate = Decompress::new(false);
    inflate.set_dictionary(DICTIONARY).map_err(|_| BodyError::Packing)?;
    let mut unpacked = Vec::with_capacity((4 * content.len()).min(most));
    loop {
        let before = (inflate.total_in(), inflate.total_out());
        let rest = content.get(before.0 as usize..).unwrap_or_default();
        let status = inflate.decompress_vec(rest, &mut unpacked, FlushDecompress::Finish);
        match status {
            Ok(Status::StreamEnd) if inflate.total_in() as usize == content.len() && unpacked.len() <= most => {
                return Ok(unpacked);
            }
            Ok(Status::Ok | Status::BufError) if unpacked.len() <= most => {
                let full = unpacked.len() == unpacked.capacity();
                if !full && before == (inflate.total_in(), inflate.total_out()) {
                    return Err(BodyError::Packing);
                }
                unpacked.reserve(STEP);
            }
            _ => return Err(BodyError::Packing),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_was_packed_comes_back(content: Vec<u8>, copies in 1_usize..40) {
            let content = content.repeat(copies);
            prop_assert_eq!(unpack(&pack(&content), content.len()).unwrap(), content);
        }

        #[test]
        fn no_bytes_make_unpacking_panic_or_grow_beyond_its_limit(bytes: Vec<u8>, most in 0_usize..2_000) {
            if let Ok(unpacked) = unpack(&bytes, most) {
                prop_assert!(unpacked.len() <= most);
            }
        }
    }

    #[test]
    fn a_small_frame_that_unpacks_to_gigabytes_is_refused_early() {
        let bomb = pack(&vec![b' '; 8 << 20]);
        assert!(bomb.len() < 64 * 1024);
        assert!(unpack(&bomb, 4 << 20).is_err());
        for cut in 0..bomb.len().min(200) {
            assert!(unpack(&bomb[..cut], 16 << 20).is_err(), "cut to {cut}");
        }
    }
}
