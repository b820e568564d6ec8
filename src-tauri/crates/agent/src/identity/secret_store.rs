//! What a keyring can do, as a trait, so that the rules of keeping can be tested without one.

/// Keeps short texts under a name.
pub trait SecretStore: Send + Sync + 'static {
    /// The text under a name; `None` where there is none, which a locked keyring may also claim.
    ///
    /// # Errors
    /// [`StoreTrouble`] where the store cannot be asked.
    fn read(&self, name: &str) -> Result<Option<String>, StoreTrouble>;

    /// Keeps a text under a name, in place of an earlier one.
    ///
    /// # Errors
    /// [`StoreTrouble`] where it was not kept.
    fn write(&self, name: &str, secret: &str) -> Result<(), StoreTrouble>;

    /// Forgets what is under a name; nothing there is no error.
    ///
    /// # Errors
    /// [`StoreTrouble`] where it is still there.
    fn delete(&self, name: &str) -> Result<(), StoreTrouble>;
}

/// Why a store does not keep or give a text. The causes are the system's own words and hold no secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreTrouble {
    /// There is no keyring service.
    #[error("there is no keyring on this computer ({0})")]
    Absent(String),
    /// There is one, and it is locked or does not let this program in.
    #[error("the keyring is locked ({0})")]
    Locked(String),
    /// What is kept under this name is not text, or there are several of it.
    #[error("the keyring's entry is damaged ({0})")]
    Damaged(String),
    /// It failed in another way.
    #[error("the keyring failed ({0})")]
    Failed(String),
}
