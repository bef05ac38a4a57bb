//! The choices of documents, kept until the documents change: one hangs on a few words of a domain, which seldom change.

use std::sync::{Arc, Mutex, PoisonError};

use crate::caps::{Choice, Content, Loaded, Subject, Versions, choose};
use crate::finding::Wording;

/// The choices so far, each with what was asked for.
#[derive(Debug, Default)]
pub(super) struct Chosen(Mutex<Vec<(Asked, Arc<Choice>)>>);

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
    /// How many stay; none makes room for another, since a reader may know the reasons in it by their place. Behind them stands the last
    /// one, with reasons of its own.
    const MOST: usize = 16;

    /// As [`choose`]; of the same documents and versions each time.
    pub(super) fn choose(&self, subject: &Subject, documents: &[Loaded], host: Option<&str>, given: Versions) -> Arc<Choice> {
        // which domain a printed one is, hangs on more
        if documents.iter().any(|document| matches!(document.content, Content::Domain(_))) {
            return choose(subject, documents, host, given).into();
        }
        let words = words(subject);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, choice)) = kept.iter().find(|(asked, _)| asked.is(host, &words)) {
            return Arc::clone(choice);
        }
        let mut choice = choose(subject, documents, host, given);
        if kept.len() < Self::MOST {
            for (_, reason) in &mut choice.uses {
                *reason = Wording::Kept(Arc::from(&**reason));
            }
        }
        kept.truncate(Self::MOST);
        let choice = Arc::new(choice);
        let asked = Asked { host: host.map(str::to_owned), words: words.map(|word| word.map(str::to_owned)) };
        kept.push((asked, Arc::clone(&choice)));
        choice
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::caps::load;
    use crate::text::Limits;
    use crate::xml::Document;

    #[test]
    fn the_first_choices_stay_and_the_last_one_behind_them() {
        let caps = "<domainCapabilities><path>/a</path><domain>kvm</domain><machine>q35</machine><arch>x86_64</arch></domainCapabilities>";
        let documents = [load("caps.xml", "host", caps.to_owned(), &Limits::default()).unwrap()];
        let chosen = Chosen::default();
        let ask = |machine: usize| {
            let text = format!("<domain type='kvm'><os><type machine='{machine}'>hvm</type></os></domain>");
            chosen.choose(&Subject::of(Document::parse(&text).unwrap().root()), &documents, None, Versions::default())
        };
        let asked: Vec<_> = (0..Chosen::MOST + 3).map(ask).collect();
        let stays = |machine: usize| Arc::ptr_eq(&ask(machine), &asked[machine]);
        assert!(stays(Chosen::MOST + 2) && (0..Chosen::MOST).all(stays));
        assert!(!stays(Chosen::MOST), "another took its place");
        let kept = |choice: &Arc<Choice>| choice.uses.iter().all(|(_, reason)| matches!(reason, Wording::Kept(_)));
        assert!(asked[..Chosen::MOST].iter().all(kept) && !asked[Chosen::MOST..].iter().any(kept));
    }
}
