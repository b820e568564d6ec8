//! A progress bar for people; scripts and files see none.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::ending::complain;

/// How far a long piece of work is, on a terminal only.
pub struct Progress(ProgressBar);

impl Progress {
    /// Begins.
    pub fn start(what: &'static str, total: u64) -> Self {
        // Hides itself where standard error is no terminal.
        let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {human_pos} of {human_len}, {eta} left") {
            bar.set_style(style);
        }
        bar.set_message(what);
        Self(bar)
    }

    /// Shows how much is done.
    pub fn set(&self, done: u64, total: u64) {
        self.0.set_length(total);
        self.0.set_position(done);
    }

    /// A line on standard error that does not disturb the bar.
    pub fn complain(&self, text: &str) {
        self.0.suspend(|| complain(text));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
