//! Long texts made of a document.

use std::sync::{Arc, Mutex, PoisonError};

use crate::finding::Wording;

/// What stands before a text and after it, and the whole.
type Around = (String, String, Arc<str>);

/// Texts that are made of a document and stand in most reports by it, as the lines of a pinned CPU do: each is put together once.
#[derive(Debug, Default)]
pub struct Kept(Mutex<Vec<Around>>);

impl Clone for Kept {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Kept {
    /// How many ways to stand in a domain are kept, which the indentation and the element around make.
    const MOST: usize = 16;

    /// `before`, what `write` adds to it, and `after`; of the same two it must add the same.
    pub fn text(&self, before: &str, after: &str, write: impl FnOnce(&mut String)) -> Wording {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, _, text)) = kept.iter().find(|(known, end, _)| known == before && end == after) {
            return Wording::Kept(Arc::clone(text));
        }
        let mut whole = before.to_owned();
        write(&mut whole);
        whole.push_str(after);
        // none makes room for another: a reader may know a kept text by its place
        if kept.len() == Self::MOST {
            return Wording::Own(whole);
        }
        let text: Arc<str> = whole.into();
        kept.push((before.to_owned(), after.to_owned(), Arc::clone(&text)));
        Wording::Kept(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_put_together_once_for_each_place() {
        let kept = Kept::default();
        let ask = |before: &str, middle: &str| kept.text(before, ")", |text| text.push_str(middle));
        assert_eq!(ask("(", "a"), "(a)".into());
        assert!(matches!(ask("(", "not asked for"), Wording::Kept(text) if &*text == "(a)"));
        assert_eq!(ask("[", "b"), "[b)".into());
        (2..Kept::MOST).for_each(|at| assert!(matches!(ask(&at.to_string(), "c"), Wording::Kept(_))));
        assert!(matches!(ask("<", "d"), Wording::Own(text) if text == "<d)"));
    }
}
