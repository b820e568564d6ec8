#![no_main]

#[path = "../targets.rs"]
#[allow(dead_code)]
mod targets;

// The first byte chooses the parser, so that the fuzzer can learn which one an input is for.
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Some((choice, file)) = bytes.split_first() {
        targets::one_parser(usize::from(*choice), file);
    }
});
