//! What becomes of a domain on several hosts, for a terminal.

use virtlens::report::{HostsReport, OnHost, Pair, Restart};
use virtlens::text::plural;

/// More hosts than these make a matrix whose cells are not told one by one.
const TOLD: usize = 6;

/// A line for each host, below it why the domain does not start there; then the ways of a running guest.
pub fn text(report: &HostsReport, path: &str) -> String {
    if report.hosts.is_empty() {
        return format!("{path}: no document of any host is loaded; give some as -d HOST=DOCUMENT\n");
    }
    let mut out = format!("{path} on {}\n\n", plural(report.hosts.len(), "host"));
    out += &table(&hosts(report));
    if !report.pairs.is_empty() {
        out += "\na running guest, from the host of the row to that of the column\n\n";
        out += &table(&matrix(report));
        out += &told(report);
    }
    if report.unpaired > 0 && report.pairs.is_empty() && report.hosts.len() > 1 {
        out += &format!("\n{} of hosts are too many to tell: --from HOST tells those of a guest there\n", plural(report.unpaired, "pair"));
    }
    out + &common(report)
}

fn common(report: &HostsReport) -> String {
    match &report.common {
        Ok(cpu) => format!("\nthe CPU that runs on all\n\n{}\n", cpu.xml),
        Err(why) => format!("\nno CPU runs on all: {why}\n"),
    }
}

/// Columns as wide as their widest cell, but for the last.
fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let wide = |column: usize| rows.iter().filter(move |row| row.len() > 2 || column == 0).filter_map(move |row| row.get(column));
    let widths: Vec<usize> = (0..columns).map(|column| wide(column).map(|cell| cell.chars().count()).max().unwrap_or(0)).collect();
    rows.iter().fold(String::new(), |out, row| {
        let line: String = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}  ")).collect();
        out + line.trim_end() + "\n"
    })
}

fn hosts(report: &HostsReport) -> Vec<Vec<String>> {
    let mut rows = vec![["host", "starts", "CPU"].map(str::to_owned).to_vec()];
    for of in &report.hosts {
        rows.push(vec![of.host.clone(), of.startable.word().to_owned(), cpu(of)]);
        rows.extend(of.why.iter().map(|why| vec![String::new(), why.clone()]));
    }
    rows
}

fn cpu(of: &OnHost) -> String {
    let cpu = &of.cpu;
    let Some(model) = &cpu.model else { return cpu.mode.word().to_owned() };
    let changes = [(of.required, "on"), (of.disabled, "off")].into_iter().filter(|(count, _)| *count > 0);
    let changes: String = changes.map(|(count, word)| format!(", {count} {word}")).collect();
    let exact = if cpu.exact { "" } else { " (not exactly)" };
    format!("{model}{changes}{exact}")
}

fn matrix(report: &HostsReport) -> Vec<Vec<String>> {
    let names = || report.hosts.iter().map(|of| of.host.clone());
    let mut rows = vec![std::iter::once(String::new()).chain(names()).collect()];
    for from in names().filter(|from| report.pairs.iter().any(|pair| pair.from == *from)) {
        let cell =
            |to: String| report.pairs.iter().find(|pair| pair.from == from && pair.to == to).map_or("-", |pair| pair.migrates.word());
        rows.push(std::iter::once(from.clone()).chain(names().map(|to| cell(to).to_owned())).collect());
    }
    rows
}

/// What the matrix has no room for.
fn told(report: &HostsReport) -> String {
    let rows = report.pairs.iter().map(|pair| &pair.from).collect::<std::collections::BTreeSet<_>>().len();
    if rows > 1 && report.hosts.len() > TOLD {
        return "\n--from HOST tells why, and what changes at a new start\n".to_owned();
    }
    report.pairs.iter().fold("\n".to_owned(), |out, pair| out + &of_pair(pair))
}

fn of_pair(pair: &Pair) -> String {
    let mut lines: Vec<String> = pair.why.iter().cloned().collect();
    lines.extend(pair.unknown_model.iter().map(|model| format!("model unknown there: {model}")));
    for (what, names) in [("missing", &pair.missing), ("gained at a new start", &pair.gained), ("lost at a new start", &pair.lost)] {
        if !names.is_empty() {
            lines.push(format!("{what}: {}", names.join(", ")));
        }
    }
    if pair.restart == Restart::Changes && pair.gained.is_empty() && pair.lost.is_empty() {
        lines.push("another model at a new start".to_owned());
    }
    lines.extend(pair.caveats.iter().map(|caveat| (*caveat).to_owned()));
    let head = format!("{} to {}: {}\n", pair.from, pair.to, pair.migrates.word());
    lines.iter().fold(head, |out, line| out + "  " + line + "\n")
}
