//! Numbers about notes.

use jiff::ToSpan;
use jiff::civil::Date;
use protocol::note::{DayCount, NoteFilter, NoteStatistics, WeekCount};
use rusqlite::Connection;

use super::finding::{CONDITION, Condition, topics};
use super::has_none;
use crate::store::{Store, StoreError};

impl Store {
    /// Numbers about the notes that fit a filter; days and weeks by a time that is so many minutes ahead of UTC.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn note_statistics(&self, filter: &NoteFilter, utc_offset_min: i32) -> Result<NoteStatistics, StoreError> {
        let condition = Condition::of(filter);
        let hopeless = condition.is_hopeless();
        self.read(|connection| {
            if has_none(connection)? {
                return Ok(NoteStatistics::default());
            }
            // One view: what is counted is the same everywhere.
            let view = connection.unchecked_transaction()?;
            let mut statistics = view
                .prepare_cached(&format!(
                    "SELECT count(*), coalesce(sum(n.words), 0), count(n.session),
                         count(*) FILTER (WHERE NOT EXISTS (SELECT 1 FROM note_topics t WHERE t.note = n.id)),
                         count(*) FILTER (WHERE n.revision > 1), min(n.created_at), max(n.created_at)
                     FROM notes n LEFT JOIN sessions s ON s.id = n.session WHERE {CONDITION}"
                ))?
                .query_row(&*condition.with([], &hopeless), |row| {
                    let count = |k: usize| row.get::<_, i64>(k).map(|count| count.max(0) as u64);
                    Ok(NoteStatistics {
                        notes: count(0)?,
                        words: count(1)?,
                        of_sessions: count(2)?,
                        without_topic: count(3)?,
                        changed: count(4)?,
                        topics: Vec::new(),
                        oldest_at: row.get(5)?,
                        newest_at: row.get(6)?,
                        days: Vec::new(),
                        weeks: Vec::new(),
                    })
                })?;
            statistics.topics = topics(&view, &condition, "3 DESC, 1")?;
            statistics.days = days(&view, &condition, utc_offset_min)?;
            statistics.weeks = weeks(&statistics.days);
            Ok(statistics)
        })
    }
}

fn days(connection: &Connection, condition: &Condition, utc_offset_min: i32) -> Result<Vec<DayCount>, StoreError> {
    let ahead = format!("{utc_offset_min:+} minutes");
    let hopeless = condition.is_hopeless();
    let mut statement = connection.prepare_cached(&format!(
        "SELECT date(n.created_at, :ahead), count(*)
         FROM notes n LEFT JOIN sessions s ON s.id = n.session WHERE {CONDITION} GROUP BY 1 ORDER BY 1"
    ))?;
    let mut rows = statement.query(&*condition.with([(":ahead", &ahead)], &hopeless))?;
    let mut days = Vec::new();
    while let Some(row) = rows.next()? {
        // A time that is none is counted in all, and in no day.
        let Some(day) = row.get(0)? else { continue };
        days.push(DayCount {
            day,
            notes: row.get::<_, i64>(1)?.max(0) as u64,
        });
    }
    Ok(days)
}

/// Days, oldest first, by their weeks.
fn weeks(days: &[DayCount]) -> Vec<WeekCount> {
    let mut weeks: Vec<WeekCount> = Vec::new();
    for DayCount { day, notes } in days {
        let Ok(date) = day.parse::<Date>() else { continue };
        let ahead = i64::from(date.weekday().to_monday_zero_offset());
        let Ok(monday) = date.checked_sub(ahead.days()) else {
            continue;
        };
        let monday = monday.to_string();
        match weeks.last_mut() {
            Some(week) if week.monday == monday => week.notes += notes,
            _ => weeks.push(WeekCount { monday, notes: *notes }),
        }
    }
    weeks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_begins_on_monday() {
        let day = |day: &str, notes| DayCount {
            day: day.to_owned(),
            notes,
        };
        let days = [
            day("2026-11-29", 1),
            day("2026-11-30", 2),
            day("2026-12-06", 3),
            day("2027-01-01", 4),
        ];
        let weeks: Vec<_> = weeks(&days).into_iter().map(|week| (week.monday, week.notes)).collect();
        let week = |monday: &str, notes| (monday.to_owned(), notes);
        assert_eq!(
            weeks,
            [week("2026-11-23", 1), week("2026-11-30", 5), week("2026-12-28", 4)]
        );
    }
}
