//! Starting at login on Windows (the person's `Run` key) and macOS (a launch agent).

use auto_launch::{AutoLaunch, AutoLaunchBuilder};
use protocol::refusal::Refusal;

use super::{AtLogin, failed};

pub fn is_on(what: &AtLogin) -> Result<bool, Refusal> {
    entry(what)?.is_enabled().map_err(|error| failed(&error))
}

pub fn turn_on(what: &AtLogin) -> Result<(), Refusal> {
    entry(what)?.enable().map_err(|error| failed(&error))
}

pub fn turn_off(what: &AtLogin) -> Result<(), Refusal> {
    let entry = entry(what)?;
    if entry.is_enabled().map_err(|error| failed(&error))? {
        entry.disable().map_err(|error| failed(&error))?;
    }
    Ok(())
}

fn entry(what: &AtLogin) -> Result<AutoLaunch, Refusal> {
    let text = |path: &std::ffi::OsStr| {
        path.to_str()
            .map(str::to_owned)
            .ok_or_else(|| failed(&format!("{} cannot be read as text", path.display())))
    };
    let program = text(what.program.as_os_str())?;
    let arguments = what.arguments.iter().map(|argument| text(argument));
    let mut arguments = arguments.collect::<Result<Vec<String>, Refusal>>()?;
    // Windows keeps one line of text.
    let program = if cfg!(windows) {
        format!("\"{program}\"")
    } else {
        program
    };
    if cfg!(windows) {
        for argument in arguments.iter_mut().filter(|argument| argument.contains(' ')) {
            *argument = format!("\"{argument}\"");
        }
    }
    AutoLaunchBuilder::new()
        .set_app_name(&what.name)
        .set_app_path(&program)
        .set_args(&arguments)
        .build()
        .map_err(|error| failed(&error))
}
