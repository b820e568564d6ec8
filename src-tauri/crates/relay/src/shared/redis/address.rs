//! Where Redis is.

use redis::Client;

/// Where Redis is.
#[derive(Clone)]
pub struct RedisAddress(pub(super) Client);

impl RedisAddress {
    /// Reads a URL such as `redis://:password@host:6379/0`.
    ///
    /// # Errors
    /// What is wrong with it, in words that do not repeat it: it may have a password.
    pub fn parse(url: &str) -> Result<Self, String> {
        Client::open(url)
            .map(Self)
            .map_err(|_| "this is no address of a Redis, such as redis://localhost:6379/".to_owned())
    }
}

impl std::fmt::Debug for RedisAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RedisAddress")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_with_a_password_is_not_shown() {
        let address = RedisAddress::parse("redis://:geheim@localhost/").unwrap();
        assert!(!format!("{address:?}").contains("geheim"));
        assert!(!RedisAddress::parse("geheim").unwrap_err().contains("geheim"));
    }
}
