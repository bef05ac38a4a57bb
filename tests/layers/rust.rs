//! Rust sources as far as the house rules ask: paths, functions and their lines; what is compiled for tests alone is left out.

/// A word or sign of a source, with its line.
#[derive(Debug, Clone, PartialEq)]
pub struct Token {
    pub text: String,
    pub line: usize,
}

/// The tokens of a source: identifiers, numbers and signs, `::` as one; comments, strings and characters are left out.
pub fn tokens(source: &str) -> Vec<Token> {
    let mut out = Vec::new();
    let (mut rest, mut line) = (source, 1);
    while let Some(first) = rest.chars().next() {
        let len = match first {
            _ if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            _ if rest.starts_with("/*") => block_comment(rest),
            '"' => string(rest),
            'r' | 'b' | 'c' if literal(rest) > 0 => literal(rest),
            '\'' => character(rest),
            _ if first.is_alphanumeric() || first == '_' => rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len()),
            _ if rest.starts_with("::") => 2,
            _ => first.len_utf8(),
        };
        let (token, after) = rest.split_at(len);
        let is_word = first.is_alphanumeric() || first == '_';
        let is_text = token.contains(['"', '\'']) || token.starts_with("//") || token.starts_with("/*");
        if !is_text && (is_word || first.is_ascii_punctuation()) {
            out.push(Token { text: token.to_owned(), line });
        }
        line += token.matches('\n').count();
        rest = after;
    }
    out
}

fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        match &rest[at..] {
            inner if inner.starts_with("/*") => (depth, at) = (depth + 1, at + 2),
            inner if inner.starts_with("*/") => (depth, at) = (depth - 1, at + 2),
            inner => at += inner.chars().next().map_or(1, char::len_utf8),
        }
        if depth == 0 {
            break;
        }
    }
    at
}

fn string(rest: &str) -> usize {
    let mut escaped = false;
    let end = rest.char_indices().skip(1).find(|(_, c)| {
        let closes = *c == '"' && !escaped;
        escaped = *c == '\\' && !escaped;
        closes
    });
    end.map_or(rest.len(), |(at, _)| at + 1)
}

/// The length of a raw, byte or C string, or of a byte character; 0 where none begins.
fn literal(rest: &str) -> usize {
    let prefix = rest.len() - rest.trim_start_matches(['b', 'r', 'c']).len();
    let after = &rest[prefix..];
    let hashes = after.len() - after.trim_start_matches('#').len();
    match &after[hashes..] {
        quoted if quoted.starts_with('"') && rest[..prefix].contains('r') => {
            let close = format!("\"{}", "#".repeat(hashes));
            prefix + hashes + 1 + quoted[1..].find(&close).map_or(quoted.len() - 1, |at| at + close.len())
        }
        quoted if quoted.starts_with('"') && hashes == 0 => prefix + string(quoted),
        quoted if quoted.starts_with('\'') && hashes == 0 && prefix == 1 && rest.starts_with('b') => prefix + character(quoted),
        _ => 0,
    }
}

/// The length of a character, or of the quote of a lifetime.
fn character(rest: &str) -> usize {
    let mut chars = rest.char_indices().skip(1);
    match (chars.next(), chars.next()) {
        (Some((_, '\\')), Some(_)) => rest.char_indices().skip(3).find(|(_, c)| *c == '\'').map_or(rest.len(), |(at, _)| at + 1),
        (Some(_), Some((at, '\''))) => at + 1,
        _ => 1,
    }
}

/// The tokens without the items that are marked `#[cfg(test)]`.
pub fn shipped(tokens: &[Token]) -> Vec<Token> {
    let mark = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut out = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if mark.iter().enumerate().all(|(ahead, text)| is(tokens, at + ahead, text)) {
            at = item_end(tokens, at + mark.len());
        } else {
            out.push(tokens[at].clone());
            at += 1;
        }
    }
    out
}

/// The place after an item: its first `;` outside brackets, or the `}` that closes it.
fn item_end(tokens: &[Token], from: usize) -> usize {
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate().skip(from) {
        match token.text.as_str() {
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => depth -= 1,
            _ => {}
        }
        if depth == 0 && matches!(token.text.as_str(), ";" | "}") {
            return at + 1;
        }
    }
    tokens.len()
}

fn is(tokens: &[Token], at: usize, text: &str) -> bool {
    tokens.get(at).is_some_and(|token| token.text == text)
}

/// The names that follow `crate::` or `super::…`, for each the number of `super`s (none for `crate`), the name and its line.
pub fn paths(tokens: &[Token]) -> Vec<(Option<usize>, String, usize)> {
    let mut out = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let begins = !at.checked_sub(1).is_some_and(|before| is(tokens, before, "::"));
        if !begins || !is(tokens, at + 1, "::") {
            continue;
        }
        let supers = match token.text.as_str() {
            "crate" | "virtlens" => None,
            "super" => Some(1 + (1..).take_while(|more| is(tokens, at + 2 * more, "super") && is(tokens, at + 2 * more + 1, "::")).count()),
            _ => continue,
        };
        let first = at + 2 * supers.unwrap_or(1);
        let names = if is(tokens, first, "{") { group(tokens, first) } else { tokens.get(first).into_iter().collect() };
        out.extend(names.into_iter().map(|name| (supers, name.text.clone(), name.line)));
    }
    out
}

/// The first names of the paths in `{…}`.
fn group(tokens: &[Token], open: usize) -> Vec<&Token> {
    let mut depth = 0;
    let mut out = Vec::new();
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match token.text.as_str() {
            "{" => depth += 1,
            "}" => depth -= 1,
            _ if depth == 1 && (is(tokens, at - 1, "{") || is(tokens, at - 1, ",")) => out.push(token),
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    out
}

/// Every function with a body: its name, and how many lines it takes.
pub fn functions(tokens: &[Token]) -> Vec<(String, usize)> {
    let mut out = Vec::new();
    for (at, token) in tokens.iter().enumerate().filter(|(_, token)| token.text == "fn") {
        let Some(name) = tokens.get(at + 1).filter(|name| name.text.starts_with(|c: char| c.is_alphabetic() || c == '_')) else { continue };
        let end = item_end(tokens, at) - 1;
        if is(tokens, end, "}") {
            out.push((name.text.clone(), tokens[end].line - token.line + 1));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_strings_and_test_items_are_left_out() {
        let source = r##"
            //! crate::a
            use crate::b; /* crate::c /* crate::d */ */
            const S: &str = "crate::e \" crate::f"; const R: &str = r#"crate::g " crate::h"#; const B: &[u8] = b"crate::i";
            fn f<'a>(x: &'a str) -> char { super::super::j::k(); let _ = '"'; '\'' }
            #[cfg(test)]
            mod tests { use crate::l; fn g() {} }
            #[cfg(test)]
            #[path = "x"]
            mod support;
            use crate::{m, n::{o, p}, q as r};
        "##;
        let found: Vec<_> = paths(&shipped(&tokens(source))).into_iter().map(|(supers, name, _)| (supers, name)).collect();
        let names = |supers, name: &str| (supers, name.to_owned());
        assert_eq!(found, [names(None, "b"), names(Some(2), "j"), names(None, "m"), names(None, "n"), names(None, "q")]);
    }

    #[test]
    fn functions_are_measured_from_name_to_brace() {
        let source = "trait T { fn a(); }\nfn b(x: [u8; 2]) -> fn(u8) {\n  c();\n}\n";
        assert_eq!(functions(&tokens(source)), [("b".to_owned(), 3)]);
    }
}
