//! Texts of a data type: by its parameters, and by a regular expression as XML Schema writes them.

use super::random::Random;

/// Regular expressions that let through what libvirt then refuses: a dot that stands for any character, an address that begins with one
/// colon.
const SLIPS: &[(&str, &str)] = &[("[0-9]{1,2}.[0-9]{1,2}", r"[0-9]{1,2}\.[0-9]{1,2}"), ("){0,5}:(((25", "){1,5}:(((25")];

/// A text of that type with these parameters, without white space around it and without a minus before a zero.
pub fn of_type(kind: &str, parameters: &[(String, String)], random: &mut Random) -> String {
    let all = |name: &str| parameters.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str()).collect::<Vec<_>>();
    let excepted = all("except");
    loop {
        let text = match all("pattern").first() {
            Some(pattern) => of_pattern(pattern, random),
            None => free(kind, random),
        };
        let number: Option<f64> = text.parse().ok();
        let limit = |name: &str| all(name).first().and_then(|value| value.parse::<f64>().ok());
        let low = limit("minInclusive").is_some_and(|least| number.is_some_and(|number| number < least));
        let high = limit("maxInclusive").is_some_and(|most| number.is_some_and(|number| number > most));
        let long = limit("maxLength").is_some_and(|most| text.len() as f64 > most);
        if low || high || long {
            if let Some(text) = within(&all("minInclusive"), &all("maxInclusive"), kind, random) {
                return text;
            }
        } else if !excepted.contains(&text.as_str()) && fits(kind, number) && text.trim() == text && !text.starts_with("-0") {
            return text;
        }
    }
}

/// A number between two limits.
fn within(least: &[&str], most: &[&str], kind: &str, random: &mut Random) -> Option<String> {
    let (low, high) = range(kind)?;
    let parse = |list: &[&str], other: i128| list.first().map_or(Some(other), |text| text.parse().ok());
    Some(random.between(parse(least, low)?, parse(most, high)?).to_string())
}

/// The least and the most of a type of whole numbers.
fn range(kind: &str) -> Option<(i128, i128)> {
    match kind {
        "short" => Some((i16::MIN.into(), i16::MAX.into())),
        "unsignedShort" => Some((0, u16::MAX.into())),
        "int" => Some((i32::MIN.into(), i32::MAX.into())),
        "unsignedInt" => Some((0, u32::MAX.into())),
        "long" | "integer" => Some((i64::MIN.into(), i64::MAX.into())),
        "unsignedLong" => Some((0, u64::MAX.into())),
        "positiveInteger" => Some((1, u64::MAX.into())),
        _ => None,
    }
}

fn fits(kind: &str, number: Option<f64>) -> bool {
    range(kind).is_none_or(|(low, high)| number.is_some_and(|number| number >= low as f64 && number <= high as f64))
}

fn free(kind: &str, random: &mut Random) -> String {
    if let Some((low, high)) = range(kind) {
        return match random.below(6) {
            0 => low.to_string(),
            1 => high.to_string(),
            2 => random.between(low, high).to_string(),
            3 => format!("00{}", random.between(low.max(1), 9)),
            _ => random.between(low.max(1), 99).to_string(),
        };
    }
    match kind {
        "dateTime" => (*random.one(&["2020-02-29T23:59:59", "2011-01-09T15:51:00Z", "1999-12-31T00:00:00.25-05:00"])).to_owned(),
        "NCName" => (*random.one(&["alpha", "_a-b.c", "Beta7"])).to_owned(),
        "anyURI" => (*random.one(&["urn:a", "http://host.example/x", ""])).to_owned(),
        "double" => (*random.one(&["1", "1.5", "0.25", "7e1"])).to_owned(),
        "string" => (*random.one(&["alpha", "", "two words", "/a/b", "ä", "10"])).to_owned(),
        other => panic!("a text of {other}"),
    }
}

/// A text of that regular expression.
pub fn of_pattern(pattern: &str, random: &mut Random) -> String {
    let pattern = SLIPS.iter().fold(pattern.to_owned(), |pattern, (slip, meant)| pattern.replace(slip, meant));
    let mut reader = Reader { left: pattern.chars().collect(), at: 0 };
    let tree = reader.choice();
    assert!(reader.at == reader.left.len(), "not understood: {pattern}");
    let mut out = String::new();
    write(&tree, random, &mut out);
    out
}

enum Part {
    Choice(Vec<Part>),
    Row(Vec<Part>),
    Repeat(Box<Part>, usize, usize),
    One(Vec<char>),
}

fn write(part: &Part, random: &mut Random, out: &mut String) {
    match part {
        Part::Choice(parts) => write(random.one(parts), random, out),
        Part::Row(parts) => parts.iter().for_each(|part| write(part, random, out)),
        Part::Repeat(part, least, most) => {
            let most = (*most).min(least + if random.chance(10) { 12 } else { 2 });
            (0..least + random.below(most - least + 1)).for_each(|_| write(part, random, out));
        }
        Part::One(chars) => out.push(*random.one(chars)),
    }
}

struct Reader {
    left: Vec<char>,
    at: usize,
}

impl Reader {
    fn peek(&self) -> Option<char> {
        self.left.get(self.at).copied()
    }

    fn take(&mut self) -> char {
        self.at += 1;
        self.left[self.at - 1]
    }

    fn next_is(&mut self, wanted: char) -> bool {
        let is = self.peek() == Some(wanted);
        self.at += usize::from(is);
        is
    }

    fn choice(&mut self) -> Part {
        let mut rows = vec![self.row()];
        while self.next_is('|') {
            rows.push(self.row());
        }
        Part::Choice(rows)
    }

    fn row(&mut self) -> Part {
        let mut parts = Vec::new();
        while !matches!(self.peek(), None | Some('|' | ')')) {
            let one = self.one();
            parts.push(self.repeated(one));
        }
        Part::Row(parts)
    }

    fn one(&mut self) -> Part {
        match self.take() {
            '(' => {
                let inner = self.choice();
                assert!(self.next_is(')'), "a bracket stays open");
                inner
            }
            '[' => self.class(),
            '.' => Part::One("aZ9 -_/:;,#é".chars().collect()),
            '\\' => Part::One(self.escaped()),
            other => Part::One(vec![other]),
        }
    }

    fn escaped(&mut self) -> Vec<char> {
        match self.take() {
            's' => vec![' '],
            'n' => vec!['\n'],
            other => vec![other],
        }
    }

    fn class(&mut self) -> Part {
        let negated = self.next_is('^');
        let mut chars = Vec::new();
        while !self.next_is(']') {
            let mut first = match self.take() {
                '\\' => self.escaped(),
                other => vec![other],
            };
            if self.peek() == Some('-') && self.left.get(self.at + 1) != Some(&']') {
                self.at += 1;
                let last = match self.take() {
                    '\\' => self.escaped()[0],
                    other => other,
                };
                first = (first[0]..=last).collect();
            }
            chars.extend(first);
        }
        Part::One(if negated { "aZ9 -_/:;,.#".chars().filter(|c| !chars.contains(c)).collect() } else { chars })
    }

    fn repeated(&mut self, part: Part) -> Part {
        let (least, most) = match self.peek() {
            Some('?') => (0, 1),
            Some('*') => (0, usize::MAX),
            Some('+') => (1, usize::MAX),
            Some('{') => return self.counted(part),
            _ => return part,
        };
        self.at += 1;
        Part::Repeat(Box::new(part), least, most)
    }

    fn counted(&mut self, part: Part) -> Part {
        self.at += 1;
        let mut text = String::new();
        while !self.next_is('}') {
            text.push(self.take());
        }
        let (least, most) = text.split_once(',').unwrap_or((&text, &text));
        Part::Repeat(Box::new(part), least.parse().expect("a number"), most.parse().unwrap_or(usize::MAX))
    }
}
