//! The channel of the profile's User ID, and those that were given up with a renewed one. These are remembered for good: a
//! relay may forget, and another one may be used, and neither is to take whoever comes with the old User ID.

use data_encoding::HEXLOWER;
use protocol::codes::Channel;
use protocol::relay::Retirement;

use super::{Store, StoreError, Work};

/// Key of the channel of the User ID.
const CHANNEL: &str = "channel";
/// Begins the keys of those that were given up; the channel follows.
const RETIREMENT: &str = "retirement ";

impl Work<'_> {
    /// Remembers the channel of the User ID that this store belongs to, where none is remembered yet.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn remember_channel(&mut self, channel: Channel) -> Result<(), StoreError> {
        self.transaction.execute(
            "INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO NOTHING",
            [CHANNEL, &channel.to_string()],
        )?;
        Ok(())
    }

    /// Remembers the channel of the new User ID, and that the one before is given up, if it is. The view-only code begins with
    /// its first generation, and the record with a new life.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn renew_user_id(&mut self, channel: Channel, given_up: Option<Retirement>) -> Result<(), StoreError> {
        if let Some((given_up, before)) = given_up.and_then(|given_up| Some((given_up, given_up.channel()?))) {
            self.remember(&key(before), &HEXLOWER.encode(&given_up.bytes()))?;
        }
        self.remember(CHANNEL, &channel.to_string())?;
        self.begin_generations()?;
        self.renew_epoch()
    }
}

impl Store {
    /// The channel of the User ID that this store belongs to, if one was remembered.
    ///
    /// # Errors
    /// What SQLite reports, and a value that is no channel: then no new User ID may be made.
    pub fn remembered_channel(&self) -> Result<Option<Channel>, StoreError> {
        let text = self.remembered(CHANNEL)?;
        let parsed = text.map(|text| {
            text.parse()
                .map_err(|_| StoreError::Value(format!("the channel \"{text}\"")))
        });
        parsed.transpose()
    }

    /// All that were given up.
    ///
    /// # Errors
    /// What SQLite reports, and a value that cannot be read.
    pub fn retirements(&self) -> Result<Vec<Retirement>, StoreError> {
        self.read(|connection| {
            let mut statement = connection
                .prepare_cached("SELECT value FROM meta WHERE substr(key, 1, length(?1)) = ?1 ORDER BY key")?;
            let texts = statement.query_map([RETIREMENT], |row| row.get::<_, String>(0))?;
            texts.map(|text| read(&text?)).collect()
        })
    }
}

fn key(channel: Channel) -> String {
    format!("{RETIREMENT}{channel}")
}

fn read(text: &str) -> Result<Retirement, StoreError> {
    let bytes = HEXLOWER.decode(text.as_bytes()).ok();
    bytes
        .and_then(|bytes| Retirement::from_bytes(&bytes).ok())
        .ok_or_else(|| StoreError::Value(format!("the retirement \"{text}\"")))
}

#[cfg(test)]
mod tests {
    use protocol::codes::UserId;

    use super::*;

    fn renewed(work: &mut Work<'_>) -> Result<u16, StoreError> {
        work.renew_generation()
    }

    #[test]
    fn given_up_channels_are_remembered() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("sacmes.db"), Box::new(drop)).unwrap();
        let [first, second, third] = [(); 3].map(|()| UserId::new_random());
        store.write(renewed).unwrap();
        let epoch = store
            .write(|work| work.begin_run(protocol::relay::Run([1; 16])))
            .unwrap()
            .epoch;
        for (old, new) in [(first, second), (second, third)] {
            let given_up = Retirement::of(&old.owner_key());
            store
                .write(move |work| work.renew_user_id(new.channel(), Some(given_up)))
                .unwrap();
        }
        assert_eq!(store.remembered_channel().unwrap(), Some(third.channel()));
        assert_eq!(store.sharing().unwrap().generation, 1);
        let after = store
            .write(|work| work.begin_run(protocol::relay::Run([2; 16])))
            .unwrap()
            .epoch;
        assert_ne!(after, epoch);
        let mut channels: Vec<_> = store.retirements().unwrap().iter().map(Retirement::channel).collect();
        let mut expected = vec![Some(first.channel()), Some(second.channel())];
        channels.sort_by_key(|channel| channel.unwrap().0);
        expected.sort_by_key(|channel| channel.unwrap().0);
        assert_eq!(channels, expected);

        // A copy leaves the one before to whoever has it.
        let fourth = UserId::new_random();
        store
            .write(move |work| work.renew_user_id(fourth.channel(), None))
            .unwrap();
        assert_eq!(store.remembered_channel().unwrap(), Some(fourth.channel()));
        assert_eq!(store.retirements().unwrap().len(), 2);
        // What was found before the renewal, and is noted late, changes nothing.
        store.write(move |work| work.remember_channel(third.channel())).unwrap();
        assert_eq!(store.remembered_channel().unwrap(), Some(fourth.channel()));
    }
}
