//! The desktop program's arguments.

use std::path::PathBuf;

use clap::Parser;

/// Watch, analyse and share electrochemical experiments live.
#[derive(Debug, Clone, Parser)]
#[command(name = "sacmes-desktop", version, about)]
pub struct Arguments {
    /// Profile to open, instead of the one that was used last.
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,

    /// Folder that holds the profiles with their experiments, instead of this system's usual place.
    #[arg(long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,

    /// Start in the tray, without opening the window.
    #[arg(long)]
    pub hidden: bool,

    /// Files, folders and archives to open.
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
}
