//! What of a session is exported or drawn.

use clap::Args;
use protocol::command::Selection;

#[derive(Debug, Args)]
pub struct Selected {
    /// Only these electrodes.
    #[arg(long, value_name = "N,N", value_delimiter = ',')]
    electrodes: Vec<u32>,

    /// Only these frequencies, Hz.
    #[arg(long, value_name = "HZ,HZ", value_delimiter = ',')]
    frequencies: Vec<f64>,

    /// First index.
    #[arg(long, value_name = "N", default_value_t = 0)]
    first_index: u32,

    /// Last index; 0 = to the end.
    #[arg(long, value_name = "N", default_value_t = 0)]
    last_index: u32,
}

impl Selected {
    /// As the engine takes it.
    pub fn selection(self) -> Selection {
        Selection {
            electrodes: self.electrodes,
            frequencies_hz: self.frequencies,
            first_index: self.first_index,
            last_index: self.last_index,
        }
    }
}
