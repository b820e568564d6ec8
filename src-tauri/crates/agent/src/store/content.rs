//! The instrument's files as they are kept: byte for byte, compressed.
//!
//! Sweeps are read from these bytes again whenever they are needed, so that a change of any setting, the column
//! mapping included, works on everything that was ever recorded, and an archive can hold the very files.

use super::StoreError;

/// Largest file that is read and kept. A scan of 16 electrodes with 100,000 rows stays below it.
pub const MAX_CONTENT_BYTES: u64 = instrument::MAX_FILE_BYTES as u64;

/// Level 1: on instrument text it compresses about three times, at several hundred MB/s.
const LEVEL: i32 = 1;

/// Compresses a file's content (Zstandard, RFC 8878).
///
/// # Errors
/// [`StoreError::Value`] where memory runs out.
pub fn pack(content: &[u8]) -> Result<Vec<u8>, StoreError> {
    zstd::bulk::compress(content, LEVEL).map_err(|e| StoreError::Value(e.to_string()))
}

/// Gives the content back.
///
/// # Errors
/// [`StoreError::Value`] where the stored bytes are damaged.
pub fn unpack(packed: &[u8], bytes: u64) -> Result<Vec<u8>, StoreError> {
    let capacity = bytes.min(MAX_CONTENT_BYTES) as usize;
    let content = zstd::bulk::decompress(packed, capacity).map_err(|e| StoreError::Value(e.to_string()))?;
    if content.len() as u64 == bytes {
        Ok(content)
    } else {
        Err(StoreError::Value(format!(
            "a kept file has {} bytes instead of {bytes}",
            content.len()
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_comes_back_byte_for_byte() {
        for content in [&b""[..], b"0.1, 1e-6\r\n", &[0xff, 0xfe, 0x00, 0x31]] {
            assert_eq!(unpack(&pack(content).unwrap(), content.len() as u64).unwrap(), content);
        }
    }

    #[test]
    fn damaged_content_is_an_error() {
        let packed = pack(b"0.1, 1e-6\r\n").unwrap();
        assert!(unpack(&packed[..packed.len() - 3], 11).is_err());
        assert!(unpack(&packed, 10).is_err() || unpack(&packed, 12).is_err());
    }
}
