//! What stands between somebody and a remembered agent, and the way out.

use std::path::PathBuf;

use ::agent::identity::StoreTrouble;
use protocol::identity::KeptIn;
use protocol::refusal::Refusal;

/// Why an agent is not remembered, opened or forgotten. Names are the follower's own words; codes appear nowhere.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    #[error("A remembered agent needs a name of 1 to 80 characters.")]
    NotAName,
    #[error("The name is a code, which everybody who sees the list could use.")]
    NameIsCode,
    #[error("Another agent is remembered as “{0}” already.")]
    NameTaken(String),
    #[error("This agent is not remembered any more.")]
    Unknown,
    #[error("The code cannot be kept: {}.", in_words(*kept_in, cause))]
    NotKept { kept_in: KeptIn, cause: StoreTrouble },
    #[error("The code of “{0}” cannot be read: {1}.")]
    Unreadable(String, StoreTrouble),
    #[error("The code of “{0}” is not there; a keyring that is locked may look empty.")]
    NoCode(String),
    #[error("What is kept as the code of “{0}” is not its code.")]
    OtherCode(String),
    #[error("“{0}” cannot be forgotten now, because its code cannot be deleted: {1}.")]
    NotForgotten(String, StoreTrouble),
    #[error("The list of remembered agents, {}, cannot be used: {source}.", path.display())]
    ListUnusable { path: PathBuf, source: std::io::Error },
    #[error("The list of remembered agents, {}, cannot be read: {why}.", path.display())]
    ListDamaged { path: PathBuf, why: String },
}

impl Trouble {
    /// The same for people.
    pub(super) fn refusal(&self) -> Refusal {
        let (code, hint) = match self {
            Self::NotAName => (
                "not_a_name",
                "Name it by its place or its owner, such as: potentiostat in room 214.",
            ),
            Self::NameIsCode => (
                "name_is_a_code",
                "Paste the code into its own field, and choose another name.",
            ),
            Self::NameTaken(_) => ("name_taken", "Choose another name, or forget that agent first."),
            Self::Unknown => (
                "agent_not_remembered",
                "Follow it with its code, and remember it again.",
            ),
            Self::NotKept {
                kept_in: KeptIn::Keyring,
                cause,
            } => (
                keyring_code(cause),
                "Unlock or set up a keyring and try again, or agree to keep it in a file that only you can read. \
                 Following works without that.",
            ),
            Self::NotKept {
                kept_in: KeptIn::OwnerOnlyFile,
                ..
            } => (
                "code_file_unusable",
                "Make the data folder readable and writable for you alone, then try again. Following works without that.",
            ),
            Self::Unreadable(_, cause) => (
                keyring_code(cause),
                "Unlock the keyring and try again, or paste the code.",
            ),
            Self::NoCode(_) => (
                "code_missing",
                "Unlock the keyring and try again, or paste the code and remember it again.",
            ),
            Self::OtherCode(_) => ("code_damaged", "Paste the code and remember it again."),
            Self::NotForgotten(_, cause) => (keyring_code(cause), "Unlock the keyring and try again."),
            Self::ListUnusable { .. } => (
                "followed_list_unusable",
                "Make the data folder readable and writable for you, then try again.",
            ),
            Self::ListDamaged { .. } => (
                "followed_list_damaged",
                "Use the version of SACMES that wrote it, or move it aside and remember the agents anew.",
            ),
        };
        Refusal::new(code, self.to_string(), hint)
    }
}

fn in_words(kept_in: KeptIn, cause: &StoreTrouble) -> String {
    match (kept_in, cause) {
        // Its own words would speak of a keyring.
        (KeptIn::OwnerOnlyFile, StoreTrouble::Failed(cause)) => cause.clone(),
        _ => cause.to_string(),
    }
}

fn keyring_code(cause: &StoreTrouble) -> &'static str {
    match cause {
        StoreTrouble::Absent(_) => "keyring_absent",
        StoreTrouble::Locked(_) => "keyring_locked",
        StoreTrouble::Damaged(_) => "code_damaged",
        StoreTrouble::Failed(_) => "keyring_failed",
    }
}
