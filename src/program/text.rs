//! A report for a terminal: source lines with the place underlined.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use virtlens::Workspace;
use virtlens::caps::Policy;
use virtlens::finding::{Certainty, Effect, Finding, Phase, Severity};
use virtlens::report::{CpuReport, Report};
use virtlens::text::{Span, plural};

/// The findings, what was not checked, and a line that counts.
pub fn report(report: &Report, path: &str, text: &str, workspace: &Workspace, colour: bool) -> String {
    let mut out = findings(&report.findings, path, text, workspace, colour);
    // without a domain there is nothing that a document could be used for
    for document in report.documents.iter().filter(|document| report.cpu.is_some() && !document.used) {
        if let Some(loaded) = workspace.documents().get(document.document.0) {
            out += &format!("not used: {}: {}\n", loaded.name, &*document.reason);
        }
    }
    for skipped in virtlens::wire::Report::of(report, workspace.documents()).missing() {
        out += &format!("not checked: {} rules; {}\n", skipped.0, skipped.1);
    }
    let counts = report.counts;
    out += &format!(
        "{path}: {}, {}, {} to know\n",
        plural(counts.error, "error"),
        plural(counts.warning, "warning"),
        counts.info + counts.hint
    );
    out
}

/// The resolved CPU: a sentence, its steps, its XML, and the findings about it.
pub fn cpu(cpu: &CpuReport, path: &str, text: &str, workspace: &Workspace, colour: bool) -> String {
    let summary = &cpu.summary;
    let model = summary.model.as_deref().unwrap_or("no named model");
    let exact = if summary.exact { "exactly" } else { "not exactly: the hypervisor may still hand out something else" };
    let mut out =
        format!("{} comes to {}, {model} ({exact}); starts: {}\n", summary.asked.word(), summary.mode.word(), summary.startable.word());
    for step in &cpu.trace {
        out += &format!("  - {step}\n");
    }
    let on = cpu.features.iter().filter(|feature| matches!(feature.policy, Some(Policy::Require | Policy::Force))).count();
    let off = cpu.features.iter().filter(|feature| matches!(feature.policy, Some(Policy::Disable | Policy::Forbid))).count();
    out += &format!("{on} features asked for, {off} turned off\n\n{}\n\n", cpu.xml);
    out + &findings(&cpu.findings, path, text, workspace, colour)
}

fn findings(findings: &[Finding], path: &str, text: &str, workspace: &Workspace, colour: bool) -> String {
    let renderer = if colour && std::env::var_os("NO_COLOR").is_none() { Renderer::styled() } else { Renderer::plain() };
    findings.iter().fold(String::new(), |out, finding| out + &renderer.render(&groups(finding, path, text, workspace)) + "\n\n")
}

fn groups<'a>(finding: &'a Finding, path: &'a str, text: &'a str, workspace: &'a Workspace) -> Vec<Group<'a>> {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
        Severity::Hint => Level::NOTE,
    };
    let mut snippet = Snippet::source(text).path(path).annotation(AnnotationKind::Primary.span(range(finding.span)).label(when(finding)));
    for other in &finding.related {
        snippet = snippet.annotation(AnnotationKind::Context.span(range(other.span)).label(other.message.as_ref()));
    }
    let mut groups = vec![level.primary_title(finding.message.as_ref()).id(finding.code).element(snippet)];
    for evidence in &finding.evidence {
        if let Some(document) = workspace.documents().get(evidence.document.0) {
            let place = AnnotationKind::Primary.span(range(evidence.span));
            let snippet = Snippet::source(document.text.as_str()).path(document.name.as_str()).annotation(place);
            groups.push(Level::NOTE.secondary_title(evidence.message.as_ref()).element(snippet));
        }
    }
    for fix in &finding.fixes {
        let changes = if fix.effect == Effect::ChangesGuest { " (changes what the guest sees)" } else { "" };
        groups.push(Group::with_title(Level::HELP.secondary_title(format!("{}{changes}", fix.title))));
    }
    groups
}

fn range(span: Span) -> std::ops::Range<usize> {
    span.start..span.end
}

/// When libvirt would speak, under the marked token.
fn when(finding: &Finding) -> &'static str {
    match (finding.phase, finding.certainty) {
        (Phase::Syntax, _) => "not well-formed",
        (Phase::Schema, _) => "the schema objects",
        (Phase::Define, Certainty::Certain) => "refused at define",
        (Phase::Define, Certainty::Likely) => "likely refused at define",
        (Phase::Start, Certainty::Certain) => "fails at start",
        (Phase::Start, Certainty::Likely) => "likely fails at start",
        (Phase::Migrate, _) => "matters at migration",
        (Phase::Dropped, _) => "dropped",
        (Phase::Advice, _) => "",
    }
}
