//! Channels that were given up with a renewed User ID, until a relay has heard of it.

use protocol::codes::Channel;
use protocol::relay::Retirement;

use super::{Store, StoreError, Work};

/// Begins the keys under which they are remembered; the channel follows.
const RETIREMENT: &str = "retirement ";

impl Work<'_> {
    /// Remembers the channel of the new User ID, and that the one before is given up. The view-only code begins with its
    /// first generation, and the record with a new life.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn renew_user_id(&mut self, channel: Channel, given_up: Retirement) -> Result<(), StoreError> {
        if let Some(before) = given_up.channel() {
            let digits: String = given_up.bytes().iter().map(|byte| format!("{byte:02x}")).collect();
            self.remember(&key(before), &digits)?;
        }
        self.remember_channel(channel)?;
        self.begin_generations()?;
        self.renew_epoch()
    }

    /// A relay has heard that a channel is given up.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn note_retired(&mut self, channel: Channel) -> Result<(), StoreError> {
        self.transaction
            .execute("DELETE FROM meta WHERE key = ?1", [key(channel)])?;
        Ok(())
    }
}

impl Store {
    /// What a relay has to hear yet.
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
    let pair = |k: usize| text.get(2 * k..2 * k + 2);
    let bytes: Option<Vec<u8>> = (0..text.len() / 2)
        .map(|k| pair(k).and_then(|pair| u8::from_str_radix(pair, 16).ok()))
        .collect();
    bytes
        .and_then(|bytes| Retirement::from_bytes(&bytes).ok())
        .ok_or_else(|| StoreError::Value(format!("the retirement \"{text}\"")))
}

#[cfg(test)]
mod tests {
    use protocol::codes::UserId;

    use super::*;

    #[test]
    fn a_given_up_channel_is_remembered_until_a_relay_heard_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("sacmes.db"), Box::new(drop)).unwrap();
        let [first, second, third] = [(); 3].map(|()| UserId::new_random());
        store.write(|work| work.renew_generation()).unwrap();
        let epoch = store
            .write(|work| work.begin_run(protocol::relay::Run([1; 16])))
            .unwrap()
            .epoch;
        for (old, new) in [(first, second), (second, third)] {
            let given_up = Retirement::of(&old.owner_key());
            store
                .write(move |work| work.renew_user_id(new.channel(), given_up))
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

        store.write(move |work| work.note_retired(first.channel())).unwrap();
        let left: Vec<_> = store.retirements().unwrap().iter().map(Retirement::channel).collect();
        assert_eq!(left, [Some(second.channel())]);
    }
}
