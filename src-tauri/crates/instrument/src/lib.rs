//! stub

pub mod simulated;
