//! How the web view draws on Linux computers without a graphics processor.

/// `WebKitGTK` hands its pictures over in graphics memory. Without a graphics processor that halves the frame rate of
/// plots (32 instead of 62 frames a second for 20 curves of 2,000 points), so this program starts itself anew with that
/// way turned off. The variable must be set before the first thread exists, hence not by the program for itself.
///
/// Does nothing where the person chose (the variable is set) and where there is a graphics processor.
#[cfg(target_os = "linux")]
pub fn prefer_fast_software_drawing() {
    use std::env;
    use std::os::unix::process::CommandExt;
    use std::process::Command;

    const VARIABLE: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    if env::var_os(VARIABLE).is_some() || has_graphics_processor() {
        return;
    }
    let Ok(program) = env::current_exe() else { return };
    let error = Command::new(program)
        .args(env::args_os().skip(1))
        .env(VARIABLE, "1")
        .exec();
    // Only reached where that failed: slower, but it works.
    tracing::warn!(%error, "drawing without a graphics processor stays slow");
}

#[cfg(target_os = "linux")]
fn has_graphics_processor() -> bool {
    std::fs::read_dir("/dev/dri").is_ok_and(|devices| {
        devices
            .flatten()
            .any(|device| device.file_name().to_string_lossy().starts_with("renderD"))
    })
}

/// Other systems' web views choose well by themselves.
#[cfg(not(target_os = "linux"))]
pub fn prefer_fast_software_drawing() {}
