//! Tests against reference data exist where the data do: beside the project's folder. A test that passes because it had nothing to
//! compare with would say what it has not seen.

use std::path::Path;

fn main() {
    let data = Path::new("../../../../shared");
    println!("cargo:rustc-check-cfg=cfg(reference_data)");
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed={}", data.display());
    if data.join("golden").is_dir() && data.join("data").is_dir() {
        println!("cargo:rustc-cfg=reference_data");
    } else {
        println!(
            "cargo:warning=tests against reference data are left out: there is no folder ../shared beside the project"
        );
    }
}
