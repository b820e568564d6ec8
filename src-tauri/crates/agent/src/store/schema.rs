//! Tables, and how an older database becomes today's.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;

use super::StoreError;

/// One step per version; a step that was released is never changed.
const MIGRATIONS: &[&str] = &[
    include_str!("schema_1.sql"),
    include_str!("schema_2.sql"),
    include_str!("schema_3.sql"),
    include_str!("schema_4.sql"),
    include_str!("schema_5.sql"),
    include_str!("schema_6.sql"),
    include_str!("schema_7.sql"),
    include_str!("schema_8.sql"),
    include_str!("schema_9.sql"),
];

/// Marks the file as ours (`PRAGMA application_id`): "SACM".
const APPLICATION_ID: i64 = 0x5341_434d;

/// Sets the connection up for durable writing and migrates.
pub fn prepare(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    let in_file = |e| StoreError::from_sqlite(e, path);
    connection.busy_timeout(Duration::from_secs(5)).map_err(in_file)?;
    // Before anything is written: a newer or foreign database stays as it is.
    check(connection, path)?;
    connection.pragma_update(None, "journal_mode", "WAL").map_err(in_file)?;
    connection.pragma_update(None, "synchronous", "FULL").map_err(in_file)?;
    connection.pragma_update(None, "foreign_keys", "ON").map_err(in_file)?;
    connection.pragma_update(None, "cache_size", -32_768).map_err(in_file)?;
    connection.set_prepared_statement_cache_capacity(64);
    // All at once, so that whoever only reads sees no database that is half made.
    let transaction = connection.transaction().map_err(in_file)?;
    let version: i64 = transaction
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .map_err(in_file)?;
    for (step, sql) in MIGRATIONS.iter().enumerate().skip(version as usize) {
        transaction.execute_batch(sql).map_err(in_file)?;
        transaction
            .pragma_update(None, "user_version", step as i64 + 1)
            .map_err(in_file)?;
        transaction
            .pragma_update(None, "application_id", APPLICATION_ID)
            .map_err(in_file)?;
    }
    transaction.commit().map_err(in_file)
}

/// Refuses a database that this version cannot understand; gives its schema, 0 while it is being made.
pub fn check(connection: &Connection, path: &Path) -> Result<i64, StoreError> {
    let in_file = |e| StoreError::from_sqlite(e, path);
    // One view of it, whatever another program writes meanwhile.
    let view = connection.unchecked_transaction().map_err(in_file)?;
    let number = |name| {
        view.pragma_query_value(None, name, |row| row.get::<_, i64>(0))
            .map_err(in_file)
    };
    let (found, application) = (number("user_version")?, number("application_id")?);
    let known = MIGRATIONS.len() as i64;
    let tables: i64 = view
        .query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0))
        .map_err(in_file)?;
    if tables > 0 && application != APPLICATION_ID {
        return Err(StoreError::Damaged {
            path: path.to_owned(),
            detail: "it is not a database of SACMES".to_owned(),
        });
    }
    if found > known {
        return Err(StoreError::Newer {
            path: path.to_owned(),
            found,
            known,
        });
    }
    Ok(found)
}

/// Sets a reading connection up.
pub fn tune_reader(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.pragma_update(None, "cache_size", -8_192)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(())
}
