//! The explanation pages: what, why, what to do, and two examples that are run.

use crate::rules::{self, Rule};

/// A page, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The code it explains.
    pub code: &'static str,
    /// Its first line.
    pub title: &'static str,
    /// The whole, as Markdown.
    pub text: &'static str,
    /// Its examples.
    pub examples: Vec<Example>,
}

/// An example of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// True where the code must be found in it, false where it must not.
    pub bad: bool,
    /// The words after `xml,`, among them `host=NAME` for the fixture host whose documents are loaded.
    pub words: Vec<&'static str>,
    /// The XML.
    pub xml: String,
}

/// The page of a code; none for a code that no rule has, or where pages are not compiled in.
#[must_use]
pub fn page(code: &str) -> Option<Page> {
    rules::all().find(|rule| rule.code == code && !rule.page.is_empty()).map(read)
}

/// The page of all rules, in Markdown: a line for each code, in the order of the codes.
#[must_use]
pub fn catalogue() -> String {
    let mut pages: Vec<_> = rules::all().filter_map(|rule| page(rule.code)).collect();
    pages.sort_unstable_by_key(|page| page.code);
    let lines = pages.iter().map(|page| format!("- `{}`: {}\n", page.code, page.title));
    format!("# What virtlens tells\n\n{}", lines.collect::<String>())
}

/// The code nearest to a misspelt one, if one is near.
#[must_use]
pub fn nearest(code: &str) -> Option<&'static str> {
    crate::text::nearest(code, rules::all().map(|rule| rule.code))
}

fn read(rule: &'static Rule) -> Page {
    let title = rule.page.lines().next().unwrap_or("").trim_start_matches('#').trim();
    let mut examples = Vec::new();
    let mut lines = rule.page.lines();
    while let Some(line) = lines.next() {
        if let Some(info) = line.strip_prefix("```xml,") {
            let xml = lines.by_ref().take_while(|line| *line != "```").fold(String::new(), |xml, line| xml + line + "\n");
            let words: Vec<_> = info.split(',').collect();
            examples.push(Example { bad: words.contains(&"bad"), words, xml });
        }
    }
    Page { code: rule.code, title, text: rule.page, examples }
}
