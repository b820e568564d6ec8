//! The `sacmes` command line.
fn main() {}
