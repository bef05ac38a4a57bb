//! Moments, as XML Schema writes them.

use super::super::value::Value;
use super::{decimal, pattern};

/// A moment.
pub static DATE_TIME: Value = pattern("a date and time", "2010-04-09T15:51:00", date_time);

/// True for a date that there is, a `T`, a time, and maybe a time zone.
fn date_time(text: &str) -> bool {
    let parts = || {
        let (date, time) = text.split_once('T')?;
        let (clock, zone) = time.split_at_checked(time.find(['Z', '+', '-']).unwrap_or(time.len()))?;
        Some(day(date.strip_prefix('-').unwrap_or(date))? && clock_time(clock)? && (matches!(zone, "" | "Z") || offset(zone)?))
    };
    parts() == Some(true)
}

fn day(date: &str) -> Option<bool> {
    let mut parts = date.splitn(3, '-');
    let (digits, month, day) = (parts.next()?, two(parts.next()?)?, two(parts.next()?)?);
    let year: u64 = digits.parse().ok()?;
    let written = decimal(digits) && (digits.len() == 4 || digits.len() > 4 && !digits.starts_with('0'));
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 => 28 + u8::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    Some(written && year > 0 && (1..=12).contains(&month) && (1..=days).contains(&day))
}

fn clock_time(time: &str) -> Option<bool> {
    let (clock, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let mut parts = clock.splitn(3, ':');
    let (hour, minute, second) = (two(parts.next()?)?, two(parts.next()?)?, two(parts.next()?)?);
    let midnight = (hour, minute, second) == (24, 0, 0) && fraction.bytes().all(|digit| digit == b'0');
    Some(decimal(fraction) && (midnight || (hour < 24 && minute < 60 && second < 60)))
}

fn offset(zone: &str) -> Option<bool> {
    let (hours, minutes) = zone.strip_prefix(['+', '-'])?.split_once(':')?;
    let (hours, minutes) = (two(hours)?, two(minutes)?);
    Some(minutes < 60 && (hours < 14 || hours == 14 && minutes == 0))
}

/// A number of exactly two digits.
fn two(text: &str) -> Option<u8> {
    (text.len() == 2 && decimal(text)).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::date_time;

    #[test]
    fn moments_that_there_are() {
        for text in ["2010-04-09T15:51:00", "2010-04-09T15:51:00.5+02:00", "12012-02-29T24:00:00Z"] {
            assert!(date_time(text), "{text}");
        }
        for text in [
            "2010-02-30T15:51:00",
            "2010-04-09T24:00:01",
            "02010-04-09T15:51:00",
            "2010-04-09T15:51:00+14:01",
            "2010-04-09T15:51:00.",
            "2010-04-09 15:51:00",
            "2010-04-09T15:51",
        ] {
            assert!(!date_time(text), "{text}");
        }
    }
}
