//! Times of measurements.

use jiff::civil::{Date, DateTime, Time};

/// Reads a date with a time: `2024-11-07 14:48:29`, `07.11.2024 14:48:29`, `11/27/2024 2:48:29 PM`. Where day and month
/// cannot be told apart the answer is nothing, because a wrong date is worse than none.
pub(super) fn parse(text: &str) -> Option<DateTime> {
    let mut words = text.split_whitespace();
    let (date, clock) = (words.next()?, words.next()?);
    let half = words.next();
    let mark = date.chars().find(|letter| !letter.is_ascii_digit())?;
    let [first, second, third] = three(date, mark)?;
    let date = if date.find(mark) == Some(4) {
        Date::new(
            i16::try_from(first).ok()?,
            i8::try_from(second).ok()?,
            i8::try_from(third).ok()?,
        )
    } else {
        let (day, month) = match mark {
            // With points the day always comes first.
            '.' => (first, second),
            _ if first > 12 => (first, second),
            _ if second > 12 || first == second => (second, first),
            _ => return None,
        };
        Date::new(
            i16::try_from(third).ok()?,
            i8::try_from(month).ok()?,
            i8::try_from(day).ok()?,
        )
    };
    let [hour, minute, second] = three(clock, ':')?;
    let hour = match half.map(str::to_ascii_uppercase).as_deref() {
        Some("PM") if hour < 12 => hour + 12,
        Some("AM") if hour == 12 => 0,
        _ => hour,
    };
    let part = |value: u32| i8::try_from(value).ok();
    let clock = Time::new(part(hour)?, part(minute)?, part(second)?, 0).ok()?;
    Some(date.ok()?.to_datetime(clock))
}

fn three(text: &str, mark: char) -> Option<[u32; 3]> {
    let mut parts = text.split(mark).map(|part| part.parse().ok());
    let three = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some(three)
}

/// Reads .NET ticks: 100 ns each since the first day of the year 1.
pub(super) fn from_ticks(ticks: i64) -> Option<DateTime> {
    const PER_DAY: i64 = 864_000_000_000;
    /// Days from 0001-01-01 to 1970-01-01.
    const EPOCH: i64 = 719_162;
    let days = ticks.div_euclid(PER_DAY);
    let rest = ticks.rem_euclid(PER_DAY);
    let span = jiff::Span::new().try_days(days - EPOCH).ok()?;
    let date = jiff::civil::date(1970, 1, 1).checked_add(span).ok()?;
    let midnight = date.to_datetime(Time::midnight());
    let time = jiff::Span::new()
        .try_seconds(rest / 10_000_000)
        .ok()?
        .try_nanoseconds(rest % 10_000_000 * 100)
        .ok()?;
    // Session files from before 5.1 and damaged ones state year 1.
    midnight.checked_add(time).ok().filter(|stamp| stamp.year() > 1990)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_several_countries_are_read_and_ambiguous_ones_are_not() {
        for (text, stamp) in [
            ("2024-11-07 14:48:29", Some("2024-11-07T14:48:29")),
            ("07.11.2024 14:48:29", Some("2024-11-07T14:48:29")),
            ("27/11/2024 14:48:29", Some("2024-11-27T14:48:29")),
            ("11/27/2024 2:48:29 PM", Some("2024-11-27T14:48:29")),
            ("3/3/2024 12:00:00 AM", Some("2024-03-03T00:00:00")),
            ("11/07/2024 14:48:29", None),
            ("2024-13-40 14:48:29", None),
            ("2024-11-07", None),
            ("yesterday at noon", None),
            ("99999999999-1-1 1:1:1", None),
        ] {
            assert_eq!(parse(text).map(|stamp| stamp.to_string()).as_deref(), stamp, "{text}");
        }
    }

    #[test]
    fn ticks_count_from_the_year_one() {
        assert_eq!(
            from_ticks(638_881_863_659_064_152).unwrap().to_string(),
            "2025-07-15T14:26:05.9064152"
        );
        for ticks in [0, -1, i64::MIN, i64::MAX] {
            assert_eq!(from_ticks(ticks), None);
        }
    }
}
