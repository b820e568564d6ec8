//! How much of everything a relay takes on.

use std::time::Duration;

use protocol::relay::Offset;

/// The last entry of the longest record: Redis counts in doubles.
pub const LAST_OFFSET: Offset = 1 << 53;

/// Limits of a relay; each refusal is counted under the name of its limit.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// Bytes that are kept of one channel's log: some 30,000 measurements, more than a viewer misses in a pause.
    pub window_bytes: usize,
    /// Frames that are kept of one channel's log.
    pub window_frames: usize,
    /// Bytes of all channels' logs together.
    pub windows_bytes: usize,
    /// Kinds of newest frames in a channel.
    pub latest_keys: usize,
    /// Bytes of one of them.
    pub latest_bytes: usize,
    /// Viewers of one channel.
    pub viewers: usize,
    /// Viewers that wait on a channel whose agent has never come.
    pub waiting_viewers: usize,
    /// Viewers that wait on such channels, of one process.
    pub waiting_viewers_of_all: usize,
    /// They wait for so long.
    pub waiting_for: Duration,
    /// Connections of one process.
    pub connections: usize,
    /// Connections from one address (IPv6: from one /64).
    pub connections_of_address: usize,
    /// Channels that are new in an hour, and from one address.
    pub new_channels: usize,
    /// The same from one address.
    pub new_channels_of_address: usize,
    /// Hellos a second from one address (IPv6: from one /64), and how many at once.
    pub hellos: Rate,
    /// Frames a second of one viewer.
    pub up_frames: Rate,
    /// Bytes a second of one viewer.
    pub up_bytes: Rate,
    /// First frames of visits a second in one channel.
    pub opens: Rate,
    /// The same of one connection: a viewer that was not answered says it again after 5 s.
    pub opens_of_connection: Rate,
    /// Messages a second of one agent; here and below, those beyond it are read later.
    pub down_messages: Rate,
    /// Times a second that an agent begins its log anew: it does so at each entry that is too large for a frame.
    pub begins: Rate,
    /// Channels a second that an agent gives up.
    pub retirements: Rate,
    /// Bytes that wait for one connection.
    pub queue_bytes: usize,
    /// Bytes that wait for all connections together, each counted for each reader.
    pub queues_bytes: usize,
    /// A hello comes within this time.
    pub hello_within: Duration,
    /// A proof of ownership comes within this time.
    pub proof_within: Duration,
    /// The holder of a channel answers a probe within this time, or has lost it.
    pub probe_within: Duration,
    /// A ping is sent after this time, at the latest; a fifth earlier at the earliest.
    pub ping_every: Duration,
    /// A pong comes within this time.
    pub pong_within: Duration,
    /// A write ends within this time.
    pub write_within: Duration,
    /// Requests are answered, and the answers read, within this time; a WebSocket is not meant.
    pub served_within: Duration,
    /// A channel without an agent is forgotten after this time.
    pub forget_after: Duration,
    /// That a channel was retired is remembered for this time.
    pub forget_retired_after: Duration,
    /// When the relay stops, what waits for connections is written within this time.
    pub stop_within: Duration,
}

/// So many a second, and so many at once after a pause.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    /// A second, on average.
    pub per_second: f64,
    /// At once.
    pub burst: f64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            window_bytes: 8 << 20,
            window_frames: 20_000,
            windows_bytes: 1 << 30,
            latest_keys: 16,
            latest_bytes: 16 << 10,
            viewers: 2_000,
            waiting_viewers: 32,
            waiting_viewers_of_all: 2_000,
            waiting_for: Duration::from_hours(1),
            connections: 20_000,
            connections_of_address: 2_000,
            new_channels: 2_000,
            new_channels_of_address: 64,
            hellos: Rate {
                per_second: 100.0,
                burst: 500.0,
            },
            up_frames: Rate {
                per_second: 20.0,
                burst: 60.0,
            },
            up_bytes: Rate {
                per_second: 262_144.0,
                burst: 1_048_576.0,
            },
            opens: Rate {
                per_second: 500.0,
                burst: 500.0,
            },
            opens_of_connection: Rate {
                per_second: 1.0,
                burst: 5.0,
            },
            down_messages: Rate {
                per_second: 2_000.0,
                burst: 4_000.0,
            },
            begins: Rate {
                per_second: 5.0,
                burst: 20.0,
            },
            retirements: Rate {
                per_second: 1.0,
                burst: 10.0,
            },
            queue_bytes: 1 << 20,
            queues_bytes: 256 << 20,
            hello_within: Duration::from_secs(5),
            proof_within: Duration::from_secs(10),
            probe_within: Duration::from_secs(1),
            ping_every: Duration::from_secs(20),
            pong_within: Duration::from_secs(10),
            write_within: Duration::from_secs(10),
            served_within: Duration::from_mins(2),
            forget_after: Duration::from_hours(7 * 24),
            forget_retired_after: Duration::from_hours(30 * 24),
            stop_within: Duration::from_secs(5),
        }
    }
}
