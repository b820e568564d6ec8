//! The agents that a profile remembers.

use agent::identity::KeepingPolicy;
use protocol::codes::CodeError;
use protocol::identity::KeptIn;
use protocol::refusal::Refusal;
use protocol::relay::words;
use remote::address::RelayAddress;
use remote::following::Code;
use remote::remembered::{Access, RememberedAgent, RememberedAgents};

use crate::ending::{Ending, Failure, Outcome, complain};
use crate::output::Output;
use crate::place::Place;
use crate::table::{self, Align};

/// The remembered agents of a profile.
pub struct Agents(RememberedAgents);

impl Agents {
    /// Those of a profile.
    ///
    /// # Errors
    /// There can be no such profile.
    pub fn of(place: &Place) -> Result<Self, Failure> {
        let location = place.location()?;
        Ok(Self(RememberedAgents::of(&location, KeepingPolicy::FileIfNoKeyring)))
    }

    /// Prints all of them.
    pub fn print(&self, json: bool) -> Outcome {
        let agents = self.0.list()?;
        let mut output = Output::standard();
        if json {
            for agent in &agents {
                output.json_line(agent)?;
            }
        } else {
            output.bytes(for_people(&agents).as_bytes())?;
        }
        output.finish()?;
        Ok(Ending::Done)
    }

    /// Forgets an agent with its code.
    pub fn forget(&self, name: &str) -> Outcome {
        let agent = self.0.find(name)?.ok_or_else(|| {
            Failure::Refused(Refusal::new(
                "agent_not_remembered",
                "No agent is remembered under this name.",
                "See the names with `sacmes view --list`.",
            ))
        })?;
        self.0.forget(agent.id)?;
        complain(&format!("“{}” and its code are forgotten", agent.name));
        Ok(Ending::Done)
    }

    /// Relay and code of a remembered agent.
    ///
    /// # Errors
    /// It is not remembered, or its code cannot be read now.
    pub fn open(&self, name: &str) -> Result<(RelayAddress, Code), Failure> {
        let agents = self.0.list()?;
        // The text is not repeated: it may be a code with a slip.
        let agent = agents
            .iter()
            .find(|agent| agent.is_called(name.trim()))
            .ok_or_else(|| {
                let refusal = if agents.is_empty() {
                    words::not_a_code(CodeError::NotACode)
                } else {
                    Refusal::new(
                        "not_a_code",
                        "This is not a valid code, and no agent is remembered under this name.",
                        "Copy the code again, whole, or see the names with `sacmes view --list`.",
                    )
                };
                Failure::Usage(refusal)
            })?;
        let (_, relay, code) = self.0.open(agent.id)?;
        Ok((relay, code))
    }

    /// Remembers a code. Where it cannot be kept, that is said, and it is followed all the same.
    ///
    /// # Errors
    /// Not a name, or another agent's.
    pub fn remember(&self, name: &str, relay: &RelayAddress, code: &Code, in_file: bool) -> Result<(), Failure> {
        let kept_in = if in_file {
            KeptIn::OwnerOnlyFile
        } else {
            KeptIn::Keyring
        };
        match self.0.remember(name, relay, code, kept_in) {
            Ok(agent) => {
                let place = where_kept(agent.kept_in);
                complain(&format!("remembered as “{}”; the code is kept in {place}", agent.name));
                Ok(())
            }
            Err(refusal) if is_about_keeping(&refusal) && !in_file => {
                complain(&format!("not remembered: {refusal} To agree, use --in-file."));
                Ok(())
            }
            Err(refusal) if is_about_keeping(&refusal) => {
                complain(&format!("not remembered: {refusal}"));
                Ok(())
            }
            Err(refusal) => Err(Failure::Usage(refusal)),
        }
    }
}

fn is_about_keeping(refusal: &Refusal) -> bool {
    matches!(
        refusal.code.as_str(),
        "keyring_absent" | "keyring_locked" | "keyring_failed" | "code_damaged" | "code_file_unusable"
    )
}

fn where_kept(kept_in: KeptIn) -> &'static str {
    match kept_in {
        KeptIn::Keyring => "the keyring",
        KeptIn::OwnerOnlyFile => "a file that only you can read",
    }
}

fn for_people(agents: &[RememberedAgent]) -> String {
    let header = [
        ("NAME", Align::Left),
        ("ACCESS", Align::Left),
        ("RELAY", Align::Left),
        ("CODE", Align::Left),
    ];
    let rows: Vec<Vec<String>> = agents
        .iter()
        .map(|agent| {
            let access = match agent.access {
                Access::UserId => "look and steer",
                Access::ViewOnly => "look",
            };
            let place = format!("in {}", where_kept(agent.kept_in));
            vec![agent.name.clone(), access.to_owned(), agent.relay.clone(), place]
        })
        .collect();
    table::text(&header, &rows)
}
