//! The choice of documents, kept while domains ask for the same: it hangs on a few words of a domain, which seldom change.

use std::sync::{Mutex, PoisonError};

use crate::caps::{Choice, Content, Loaded, Subject, Versions, choose};

/// The last choice, with what was asked for.
#[derive(Debug, Default)]
pub(super) struct Chosen(Mutex<Option<(Asked, Choice)>>);

/// All that the choice hangs on beside the documents and versions, which a workspace has once.
#[derive(Debug)]
struct Asked {
    host: Option<String>,
    words: [Option<String>; WORDS],
}

/// `domain/@type`, `os/type`, its `arch` and `machine`, and the emulator.
const WORDS: usize = 5;

fn words<'a>(subject: &Subject<'a>) -> [Option<&'a str>; WORDS] {
    let os_type = subject.os_type.and_then(|node| node.text());
    let emulator = subject.emulator.map(|text| text.value);
    [subject.domain_type(), os_type.map(|text| text.value), subject.arch(), subject.machine(), emulator]
}

impl Asked {
    fn is(&self, host: Option<&str>, words: &[Option<&str>]) -> bool {
        self.host.as_deref() == host && self.words.iter().map(Option::as_deref).eq(words.iter().copied())
    }
}

impl Chosen {
    /// As [`choose`]; of the same documents and versions each time.
    pub(super) fn choose(&self, subject: &Subject, documents: &[Loaded], host: Option<&str>, given: Versions) -> Choice {
        // which domain a printed one is, hangs on more
        if documents.iter().any(|document| matches!(document.content, Content::Domain(_))) {
            return choose(subject, documents, host, given);
        }
        let words = words(subject);
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, choice)) = last.as_ref().filter(|(asked, _)| asked.is(host, &words)) {
            return choice.clone();
        }
        let choice = choose(subject, documents, host, given);
        let asked = Asked { host: host.map(str::to_owned), words: words.map(|word| word.map(str::to_owned)) };
        *last = Some((asked, choice.clone()));
        choice
    }
}
