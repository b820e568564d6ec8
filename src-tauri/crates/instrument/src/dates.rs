//! Dates in numbers, whose order depends on the country.

use jiff::Span;
use jiff::civil::{self, DateTime};

/// What a date and a clock time in a file say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stamp {
    /// When, by the clock of the instrument's computer.
    At(DateTime),
    /// Day and month cannot be told apart.
    Ambiguous,
    /// No date, or none that is understood.
    Unknown,
}

impl Stamp {
    /// When, if it is known.
    pub const fn known(self) -> Option<DateTime> {
        match self {
            Self::At(when) => Some(when),
            Self::Ambiguous | Self::Unknown => None,
        }
    }
}

/// Reads a date such as `12/31/2021`, `31.12.2021` or `2021-12-31`, and a time such as `16:35:22.5` or `4:35:22 PM`.
///
/// The year has four digits. Points stand between day, month and year in this order everywhere; with other signs the
/// order is known if it comes first, if only one of the two can be a month, or if both are the same.
pub fn numeric(date: &str, time: &str) -> Stamp {
    let date = date.trim();
    let Some(sign) = date.chars().find(|letter| !letter.is_ascii_digit()) else {
        return Stamp::Unknown;
    };
    let mut parts = date.split(sign).map(|part| (part.len(), part.parse::<i16>().ok()));
    let (Some(first), Some(second), Some(third), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Stamp::Unknown;
    };
    let (year, month, day) = match (first, second, third) {
        ((4, Some(year)), (_, Some(month)), (_, Some(day))) => (year, month, day),
        ((_, Some(a)), (_, Some(b)), (4, Some(year))) => match () {
            () if sign == '.' || a > 12 => (year, b, a),
            () if b > 12 || a == b => (year, a, b),
            () => return Stamp::Ambiguous,
        },
        _ => return Stamp::Unknown,
    };
    let Some((hour, minute, second, nanosecond)) = clock(time.trim()) else {
        return Stamp::Unknown;
    };
    let (Ok(month), Ok(day)) = (i8::try_from(month), i8::try_from(day)) else {
        return Stamp::Unknown;
    };
    DateTime::new(year, month, day, hour, minute, second, nanosecond).map_or(Stamp::Unknown, Stamp::At)
}

/// Reads a date with a time behind it, such as `2024-11-07 14:48:29`; see [`numeric`].
pub fn dated(text: &str) -> Stamp {
    text.trim()
        .split_once(char::is_whitespace)
        .map_or(Stamp::Unknown, |(date, time)| numeric(date, time))
}

/// Reads .NET ticks: 100 ns each since the first day of the year 1.
pub fn from_ticks(ticks: i64) -> Option<DateTime> {
    const PER_DAY: i64 = 864_000_000_000;
    /// Days from 0001-01-01 to 1970-01-01.
    const EPOCH: i64 = 719_162;
    let days = ticks.div_euclid(PER_DAY);
    let rest = ticks.rem_euclid(PER_DAY);
    let span = Span::new().try_days(days - EPOCH).ok()?;
    let date = civil::date(1970, 1, 1).checked_add(span).ok()?;
    let midnight = date.to_datetime(civil::Time::midnight());
    let time = Span::new()
        .try_seconds(rest / 10_000_000)
        .ok()?
        .try_nanoseconds(rest % 10_000_000 * 100)
        .ok()?;
    // Session files from before 5.1 and damaged ones state year 1.
    midnight.checked_add(time).ok().filter(|stamp| stamp.year() > 1990)
}

fn clock(time: &str) -> Option<(i8, i8, i8, i32)> {
    let upper = time.to_ascii_uppercase();
    let (digits, half) = match upper.strip_suffix("AM").map(|rest| (rest, 0)) {
        Some(morning) => morning,
        None => upper.strip_suffix("PM").map_or((upper.as_str(), -1), |rest| (rest, 12)),
    };
    let mut parts = digits.trim().split(':');
    let hour: i8 = parts.next()?.parse().ok()?;
    let minute: i8 = parts.next()?.parse().ok()?;
    let last = parts.next()?;
    let (second, fraction) = last.split_once(['.', ',']).unwrap_or((last, ""));
    let mut nanosecond = 0_i32;
    for position in 0..9 {
        let digit = fraction.as_bytes().get(position).copied().unwrap_or(b'0');
        nanosecond = nanosecond * 10 + i32::from(digit.checked_sub(b'0').filter(|digit| *digit < 10)?);
    }
    let hour = match half {
        -1 => hour,
        half => hour % 12 + half,
    };
    Some((hour, minute, second.parse().ok()?, nanosecond))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_day_and_month_is_taken_only_where_it_is_certain() {
        for (date, time, expected) in [
            ("12/31/2021", "12:00:00", "2021-12-31T12:00:00"),
            ("31/12/2021", "12:00:00", "2021-12-31T12:00:00"),
            ("31.12.2021", "07:05:09", "2021-12-31T07:05:09"),
            ("3.4.2021", "7:05:09", "2021-04-03T07:05:09"),
            ("2021-04-03", "00:00:01", "2021-04-03T00:00:01"),
            ("5/5/2022", "15:55:02.25", "2022-05-05T15:55:02.25"),
            ("10/27/2018", "8:48:35 PM", "2018-10-27T20:48:35"),
            ("10/27/2018", "12:48:35 AM", "2018-10-27T00:48:35"),
        ] {
            let stamp = numeric(date, time);
            assert_eq!(stamp.known().unwrap().to_string(), expected, "{date} {time}");
        }
        for date in ["3/6/2019", "10-2-2020", "01/02/2020"] {
            assert_eq!(numeric(date, "12:00:00"), Stamp::Ambiguous, "{date}");
        }
        for (date, time) in [
            ("", "12:00:00"),
            ("today", "12:00:00"),
            ("13/13/2020", "12:00:00"),
            ("31/02/2020", "12:00:00"),
            ("1/2/20", "12:00:00"),
            ("2020-01-02", ""),
            ("2020-01-02", "25:00:00"),
            ("2020-01-02", "12:00:0x"),
            ("99999-01-02", "12:00:00"),
        ] {
            assert_eq!(numeric(date, time), Stamp::Unknown, "{date} {time}");
        }
    }

    #[test]
    fn a_date_with_its_time_is_one_text() {
        let read = |text| dated(text).known().map(|when| when.to_string());
        assert_eq!(read(" 07.11.2024 14:48:29").as_deref(), Some("2024-11-07T14:48:29"));
        assert_eq!(read("11/27/2024 2:48:29 PM").as_deref(), Some("2024-11-27T14:48:29"));
        assert_eq!(dated("11/07/2024 14:48:29"), Stamp::Ambiguous);
        assert_eq!(dated("2024-11-07"), Stamp::Unknown);
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
