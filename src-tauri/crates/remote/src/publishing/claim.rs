//! Claiming the channel: the relay's challenge, the proof, and what the relay has of the log.

use protocol::relay::hello::{AgentHello, SealedLabel};
use protocol::relay::message::{FromAgent, ToAgent};
use protocol::relay::{Position, Run, Versions};

use super::Options;
use super::keys::Keys;
use crate::dial::{Connection, Ended};

/// A connection whose channel is ours.
pub struct Claimed {
    pub connection: Connection,
    pub run: Run,
    /// How far the relay's log has come.
    pub position: Option<Position>,
}

/// Why there is none.
pub enum NotClaimed {
    /// Another computer uses the User ID; its name, where it could be read.
    InUse(Option<String>),
    /// The connection ended.
    Ended(Ended),
}

impl From<Ended> for NotClaimed {
    fn from(ended: Ended) -> Self {
        Self::Ended(ended)
    }
}

/// Connects and claims.
pub async fn claim(keys: &Keys, options: &Options) -> Result<Claimed, NotClaimed> {
    let no_randomness = || Ended::Unreachable("this computer gives no randomness".to_owned());
    let mut connection = Connection::open(&options.address.agents()).await?;
    let ToAgent::Challenge(challenge) = connection.hear().await? else {
        return Err(Ended::NotARelay("it did not ask who is there".to_owned()).into());
    };
    let run = Run::random().map_err(|_| no_randomness())?;
    let owner = keys.user_id().owner_key();
    let label = SealedLabel::seal(&keys.label, run, &options.computer_name).map_err(|_| no_randomness())?;
    let hello = AgentHello {
        owner: owner.verifying_key().to_bytes(),
        channel: keys.channel,
        process: options.process,
        run,
        generation: keys.generation,
        join_hash: keys.join_hash,
        label,
        versions: Versions::own(),
        access_token: options.access_token.clone(),
    };
    let hello = hello.sign(&owner, &options.address.authority(), &challenge);
    connection.say(&FromAgent::Hello(hello)).await?;
    loop {
        match connection.hear().await? {
            ToAgent::Claimed { position, .. } => {
                return Ok(Claimed {
                    connection,
                    run,
                    position,
                });
            }
            ToAgent::InUse { run, label } => {
                let name = label.open(&keys.label, run).ok();
                return Err(NotClaimed::InUse(name.filter(|name| !name.is_empty())));
            }
            ToAgent::Probe => connection.say(&FromAgent::Alive).await?,
            _ => {}
        }
    }
}
