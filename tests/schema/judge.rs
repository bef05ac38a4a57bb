//! What jing, a validator of RELAX NG, says of many documents at once.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// The first objection to each document that the schema of a domain in `folder` refuses, by its number; none without jing, which is said.
pub fn refused(folder: &Path, documents: &[String]) -> Option<BTreeMap<usize, String>> {
    if !folder.exists() {
        return None;
    }
    let place = std::env::temp_dir().join(format!("virtlens-judge-{}-{:?}", std::process::id(), std::thread::current().id()));
    std::fs::create_dir_all(&place).expect("a folder");
    for (number, document) in documents.iter().enumerate() {
        std::fs::write(place.join(number.to_string()), document).expect("a file");
    }
    let names = (0..documents.len()).map(|number| number.to_string());
    let run = Command::new("jing").arg(folder.join("domain.rng")).args(names).current_dir(&place).output();
    std::fs::remove_dir_all(&place).expect("the folder");
    let Ok(output) = run else {
        println!("skipped: there is no jing");
        return None;
    };
    let mut first = BTreeMap::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let name = line.split(':').next().and_then(|path| path.rsplit('/').next());
        let number = name.and_then(|name| name.parse().ok()).unwrap_or_else(|| panic!("jing says: {line}"));
        first.entry(number).or_insert_with(|| line.to_owned());
    }
    Some(first)
}
