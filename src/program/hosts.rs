//! What becomes of a domain on several hosts, for a terminal.

use virtlens::report::{HostsReport, OnHost};
use virtlens::text::plural;

/// A line for each host, below it why the domain does not start there.
pub fn text(report: &HostsReport, path: &str) -> String {
    if report.hosts.is_empty() {
        return format!("{path}: no document of any host is loaded; give some as -d HOST=DOCUMENT\n");
    }
    let rows: Vec<[String; 3]> = report.hosts.iter().map(row).collect();
    let [host, starts] = [0, 1].map(|column| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max());
    let (host, starts) = (host.unwrap_or(0).max("host".len()), starts.unwrap_or(0).max("starts".len()));
    let mut out = format!("{path} on {}\n\n{:host$}  {:starts$}  CPU\n", plural(report.hosts.len(), "host"), "host", "starts");
    for ([name, word, cpu], of) in rows.iter().zip(&report.hosts) {
        out += &format!("{name:host$}  {word:starts$}  {cpu}\n");
        if let Some(why) = &of.why {
            out += &format!("{:host$}  {why}\n", "");
        }
    }
    out
}

fn row(of: &OnHost) -> [String; 3] {
    [of.host.clone(), of.startable.word().to_owned(), cpu(of)]
}

fn cpu(of: &OnHost) -> String {
    let cpu = &of.cpu;
    let Some(model) = &cpu.model else { return cpu.mode.word().to_owned() };
    let changes: Vec<_> = [(of.required, "on"), (of.disabled, "off")].into_iter().filter(|(count, _)| *count > 0).collect();
    let changes: String = changes.iter().map(|(count, word)| format!(", {count} {word}")).collect();
    let exact = if cpu.exact { "" } else { " (not exactly)" };
    format!("{model}{changes}{exact}")
}
