//! Where rules put what they find.

use super::Rule;
use crate::finding::{Certainty, Finding, Phase, Severity};
use crate::text::Span;

/// So many findings take no second look for room.
const USUAL: usize = 8;

/// Where rules put what they find.
#[derive(Debug)]
pub struct Findings {
    rule: Option<&'static Rule>,
    list: Vec<Finding>,
}

impl Findings {
    pub(crate) fn new() -> Self {
        Self { rule: None, list: Vec::with_capacity(USUAL) }
    }

    pub(crate) fn begin(&mut self, rule: &'static Rule) {
        self.rule = Some(rule);
    }

    pub(crate) fn into_list(self) -> Vec<Finding> {
        self.list
    }

    /// Those after the first `before`.
    pub(crate) fn after(&mut self, before: usize) -> &mut [Finding] {
        self.list.get_mut(before..).unwrap_or_default()
    }

    /// Forgets all but the first `before`.
    pub(crate) fn forget_after(&mut self, before: usize) {
        self.list.truncate(before);
    }

    /// Adds a finding of the rule at work, and hands it over to be refined.
    #[inline(never)]
    pub fn at(&mut self, span: Span, message: impl Into<String>) -> &mut Finding {
        let (code, severity, phase, docs) =
            self.rule.map_or(("", Severity::Info, Phase::Advice, ""), |rule| (rule.code, rule.severity, rule.phase, rule.docs));
        self.list.push_mut(Finding {
            code,
            severity,
            phase,
            certainty: Certainty::Certain,
            message: message.into(),
            span,
            related: Vec::new(),
            evidence: Vec::new(),
            fixes: Vec::new(),
            docs: docs.into(),
        })
    }
}
