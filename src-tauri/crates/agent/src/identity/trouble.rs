//! What stands between a profile and its User ID, and what a person can do about it.

use std::path::PathBuf;

use protocol::codes::CodeError;
use protocol::refusal::Refusal;

use super::secret_store::StoreTrouble;

/// Why a User ID is not there, or was not kept.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    /// The keyring does not work, and this profile never had a User ID.
    #[error("The User ID cannot be kept in the keyring: {0}.")]
    NoKeyring(StoreTrouble),
    /// The keyring does not work, and this profile's User ID was kept once.
    #[error("This profile's User ID cannot be read: {0}.")]
    Unreadable(StoreTrouble),
    /// Keyring and data folder work, and neither holds it.
    #[error("This profile's User ID is neither in the keyring nor in its data folder.")]
    Missing,
    /// What is kept is not a User ID.
    #[error("What {0} holds for this profile is not a User ID.")]
    NotAUserId(&'static str),
    /// What is kept is a User ID, but the data belongs to another.
    #[error("The User ID that {0} holds belongs to other data than this profile's.")]
    OfOtherData(&'static str),
    /// The file is not one that only its owner can read.
    #[error("The file {} with the User ID is not safe: it {fault}.", path.display())]
    UnsafeFile {
        /// The file.
        path: PathBuf,
        /// "is a link", "belongs to another user", "can be read by others".
        fault: &'static str,
    },
    /// The file cannot be read or made.
    #[error("The file {} for the User ID cannot be used: {source}.", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The keyring did not take the next User ID; the present one goes on.
    #[error("The new User ID cannot be kept in the keyring: {0}.")]
    NotKept(StoreTrouble),
    /// Pasted text is no User ID.
    #[error("This is not a valid User ID.")]
    Pasted(#[from] CodeError),
    /// Pasted User ID does not belong to this profile's data.
    #[error("This User ID belongs to other data than this profile's.")]
    PastedOther,
    /// There is nothing to restore or to agree to.
    #[error("This profile's User ID is in its place.")]
    NothingMissing,
    /// This profile never had a User ID that could be pasted.
    #[error("This profile has not had a User ID yet.")]
    NothingToRestore,
    /// The search itself broke off.
    #[error("Looking for the User ID failed: {0}.")]
    BrokenOff(String),
}

impl Trouble {
    /// The same for the user.
    pub(super) fn refusal(&self) -> Refusal {
        let (code, hint) = match self {
            Self::NoKeyring(cause) => (
                keyring_code(cause),
                "Unlock or set up a keyring and try again, or agree to keep it in a file that only you can read.",
            ),
            Self::Unreadable(cause) => (
                keyring_code(cause),
                "Unlock the keyring and try again, or paste the User ID.",
            ),
            Self::NotKept(cause) => (
                keyring_code(cause),
                "Unlock the keyring and try again; until then the User ID stays as it was.",
            ),
            Self::Missing => (
                "user_id_missing",
                "Paste the User ID; another app that follows this profile shows it.",
            ),
            Self::NotAUserId(_) => ("user_id_damaged", "Paste the User ID."),
            Self::OfOtherData(_) => (
                "user_id_of_other_data",
                "Paste the User ID that belongs to this data, or choose the data folder that belongs to the User ID.",
            ),
            Self::UnsafeFile { .. } => (
                "user_id_file_unsafe",
                "Others may know this User ID. Make the file yours alone, or delete it and paste the User ID.",
            ),
            Self::File { .. } => (
                "user_id_file_unusable",
                "Make the data folder readable and writable for you, then try again.",
            ),
            Self::Pasted(_) => (
                "not_a_user_id",
                "Copy it again from the app that shows it: 36 characters with hyphens.",
            ),
            Self::PastedOther => (
                "user_id_of_other_data",
                "Paste the User ID that this profile had before.",
            ),
            Self::NothingMissing => ("user_id_in_place", "Nothing needs to be done."),
            Self::NothingToRestore => (
                "user_id_never_made",
                "Unlock the keyring, or agree to keep it in a file.",
            ),
            Self::BrokenOff(_) => (
                "user_id_search_failed",
                "Try again; restart the app if it happens again.",
            ),
        };
        Refusal::new(code, self.to_string(), hint)
    }
}

/// The code of a keyring's trouble.
pub(crate) fn keyring_code(cause: &StoreTrouble) -> &'static str {
    match cause {
        StoreTrouble::Absent(_) => "keyring_absent",
        StoreTrouble::Locked(_) => "keyring_locked",
        StoreTrouble::Damaged(_) => "user_id_damaged",
        StoreTrouble::Failed(_) => "keyring_failed",
    }
}
