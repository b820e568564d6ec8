//! Outcomes of commands, committed together with their effects.

use protocol::command::Outcome;
use protocol::ids::CommandId;
use rusqlite::{OptionalExtension, params};

use super::{Store, StoreError, Work};

impl Work<'_> {
    /// Notes the outcome of a command, in the transaction of its effect.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn settle_command(&mut self, command: CommandId, outcome: &Outcome) -> Result<(), StoreError> {
        let text = serde_json::to_string(outcome).map_err(|e| StoreError::Value(e.to_string()))?;
        self.transaction
            .prepare_cached("INSERT OR IGNORE INTO commands (id, at, outcome) VALUES (?1, ?2, ?3)")?
            .execute(params![command.0.to_string(), self.now, text])?;
        Ok(())
    }

    /// Forgets outcomes from before a moment (RFC 3339).
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn forget_commands_before(&mut self, moment: &str) -> Result<(), StoreError> {
        self.transaction
            .execute("DELETE FROM commands WHERE at < ?1", [moment])?;
        Ok(())
    }
}

impl Store {
    /// The outcome of a command that was carried out already.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn settled_command(&self, command: CommandId) -> Result<Option<Outcome>, StoreError> {
        self.read(|connection| {
            let text: Option<String> = connection
                .prepare_cached("SELECT outcome FROM commands WHERE id = ?1")?
                .query_row([command.0.to_string()], |r| r.get(0))
                .optional()?;
            text.map(|t| serde_json::from_str(&t).map_err(|e| StoreError::Value(e.to_string())))
                .transpose()
        })
    }
}
