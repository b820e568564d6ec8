//! `sacmes profile`: the profiles of a data folder.

use std::path::PathBuf;

use agent::ProfileLocation;
use agent::identity::{KeepingPolicy, system_keyring};
use agent::profiles::{ProfileSummary, Profiles};
use clap::{Args, Subcommand};
use protocol::refusal::Refusal;
use remote::remembered::RememberedAgents;
use serde::Serialize;

use crate::ending::{Ending, Failure, Outcome, complain};
use crate::output::Output;
use crate::place::DataDir;
use crate::table::{self, Align};

#[derive(Debug, Args)]
pub struct Profile {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// List the profiles: what each holds, and which program has it open.
    List {
        /// One JSON object a line instead of a table.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        data_dir: DataDir,
    },
    /// Make a new profile; its User ID is made when it is first opened.
    Create {
        name: String,
        /// Print the profile as one JSON object.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        data_dir: DataDir,
    },
    /// Give a profile another name; its data, User ID and remembered agents stay its own.
    Rename {
        name: String,
        /// The name from now on.
        new_name: String,
        /// Print the profile as one JSON object.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        data_dir: DataDir,
    },
    /// Have the window open this profile at its next start.
    Use {
        name: String,
        /// Print the profile as one JSON object.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        data_dir: DataDir,
    },
    /// Delete a profile with its sessions, notes, remembered agents and User ID; without --yes, say what would go.
    Delete {
        name: String,
        /// Do it: this cannot be taken back.
        #[arg(long)]
        yes: bool,
        /// Print the profile that goes, or would go, as one JSON object.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        data_dir: DataDir,
    },
}

/// A profile with what only this crate can count.
#[derive(Serialize)]
struct Listed {
    #[serde(flatten)]
    summary: ProfileSummary,
    /// Agents elsewhere that it remembers; none where the list cannot be read.
    remembered_agents: Option<u64>,
}

impl Profile {
    /// Reads or changes the profiles.
    pub fn run(self) -> Outcome {
        match self.what {
            What::List { json, data_dir } => list(&profiles(&data_dir)?, json),
            What::Create { name, json, data_dir } => {
                let profiles = profiles(&data_dir)?;
                let made = profiles.create(&name)?;
                complain(&format!("the profile “{}” is made", made.profile()));
                print(&profiles, &made, json)
            }
            What::Rename {
                name,
                new_name,
                json,
                data_dir,
            } => {
                let profiles = profiles(&data_dir)?;
                let renamed = profiles.rename(&name, &new_name)?;
                renamed.warnings.iter().for_each(|warning| complain(warning));
                complain(&format!("the profile is called “{}” now", renamed.location.profile()));
                print(&profiles, &renamed.location, json)
            }
            What::Use { name, json, data_dir } => {
                let profiles = profiles(&data_dir)?;
                let before = profiles.last_used();
                let used = profiles.use_next(&name)?;
                complain(&if before.as_deref() == Some(used.profile()) {
                    format!("already using “{}”", used.profile())
                } else {
                    format!("the window opens “{}” at its next start", used.profile())
                });
                print(&profiles, &used, json)
            }
            What::Delete {
                name,
                yes,
                json,
                data_dir,
            } => delete(&profiles(&data_dir)?, &name, yes, json),
        }
    }
}

fn profiles(data_dir: &DataDir) -> Result<Profiles, Failure> {
    let data_dir: PathBuf = data_dir.path()?;
    Ok(Profiles::of(data_dir, system_keyring(KeepingPolicy::FileIfNoKeyring)))
}

fn listed(profiles: &Profiles, summary: ProfileSummary) -> Result<Listed, Refusal> {
    let remembered = agents_of(&profiles.find(&summary.name)?).list();
    Ok(Listed {
        remembered_agents: remembered.ok().map(|agents| agents.len() as u64),
        summary,
    })
}

fn agents_of(location: &ProfileLocation) -> RememberedAgents {
    RememberedAgents::of(location, KeepingPolicy::FileIfNoKeyring)
}

/// The profile that a change was about, for programs; what was done stands on standard error already.
fn print(profiles: &Profiles, location: &ProfileLocation, json: bool) -> Outcome {
    if json {
        let mut output = Output::standard();
        output.json_line(&listed(profiles, profiles.about(location.profile())?)?)?;
        output.finish()?;
    }
    Ok(Ending::Done)
}

fn list(profiles: &Profiles, json: bool) -> Outcome {
    let all: Vec<Listed> = profiles
        .list()?
        .into_iter()
        .map(|summary| listed(profiles, summary))
        .collect::<Result<_, _>>()?;
    let mut output = Output::standard();
    if json {
        for profile in &all {
            output.json_line(profile)?;
        }
    } else {
        output.bytes(for_people(&all).as_bytes())?;
    }
    output.finish()?;
    Ok(Ending::Done)
}

fn delete(profiles: &Profiles, name: &str, yes: bool, json: bool) -> Outcome {
    let location = profiles.find(name)?;
    let going = listed(profiles, profiles.about(name)?)?;
    if yes {
        let entries = agents_of(&location).keyring_entries()?;
        let deleted = profiles.delete(name, &entries)?;
        deleted.warnings.iter().for_each(|warning| complain(warning));
        complain(&format!("the profile “{}” is deleted", deleted.profile));
    }
    if json {
        let mut output = Output::standard();
        output.json_line(&going)?;
        output.finish()?;
    }
    if yes {
        return Ok(Ending::Done);
    }
    Err(Refusal::new(
        "not_confirmed",
        format!("“{}” stays: {}", location.profile(), what_goes(&going)),
        "Add --yes to delete all of it; that cannot be taken back.",
    )
    .into())
}

fn what_goes(going: &Listed) -> String {
    let counted = |count: Option<u64>, noun: &str| match count {
        Some(1) => format!("1 {noun}"),
        Some(count) => format!("{count} {noun}s"),
        None => format!("an unknown number of {noun}s"),
    };
    let ProfileSummary {
        sessions,
        notes,
        bytes,
        folder,
        ..
    } = &going.summary;
    format!(
        "deleting it deletes {}, {}, {}, its User ID with its entries in the keyring, and {bytes} bytes in {folder}.",
        counted(*sessions, "session"),
        counted(*notes, "note"),
        counted(going.remembered_agents, "remembered agent"),
    )
}

fn for_people(all: &[Listed]) -> String {
    let header = [
        ("PROFILE", Align::Left),
        ("SESSIONS", Align::Right),
        ("RUNNING", Align::Right),
        ("NOTES", Align::Right),
        ("BYTES", Align::Right),
        ("LAST USED", Align::Left),
        ("NEXT START", Align::Left),
        ("IN USE BY", Align::Left),
    ];
    let number = |count: Option<u64>| count.map_or_else(|| "?".to_owned(), |count| count.to_string());
    let rows: Vec<Vec<String>> = all
        .iter()
        .map(|Listed { summary, .. }| {
            let holder = summary.in_use_by.as_ref();
            vec![
                summary.name.clone(),
                number(summary.sessions),
                // Sessions of a profile that nobody has open wait.
                number(if holder.is_some() { summary.running } else { Some(0) }),
                number(summary.notes),
                summary.bytes.to_string(),
                summary.last_used.clone().unwrap_or_else(|| "never".to_owned()),
                if summary.opens_next { "yes" } else { "" }.to_owned(),
                holder.map(ToString::to_string).unwrap_or_default(),
            ]
        })
        .collect();
    table::text(&header, &rows)
}
