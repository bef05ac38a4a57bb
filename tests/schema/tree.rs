//! Documents as they are made.

/// An element.
#[derive(Debug, Clone, Default)]
pub struct Element {
    pub name: String,
    /// Empty for libvirt's own.
    pub namespace: String,
    pub attrs: Vec<(String, String)>,
    pub children: Vec<Element>,
    pub text: String,
}

impl Element {
    pub fn new(name: &str, namespace: &str) -> Self {
        Self { name: name.to_owned(), namespace: namespace.to_owned(), ..Self::default() }
    }

    /// Its XML, a line for each tag.
    pub fn xml(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, 0);
        out
    }

    fn write(&self, out: &mut String, depth: usize) {
        let (indent, prefix) = ("  ".repeat(depth), if self.namespace.is_empty() { "" } else { "x:" });
        *out += &format!("{indent}<{prefix}{}", self.name);
        if !self.namespace.is_empty() {
            *out += &format!(" xmlns:x='{}'", self.namespace);
        }
        for (name, value) in &self.attrs {
            *out += &format!(" {name}='{}'", escape(value));
        }
        let text = escape(&self.text);
        if self.children.is_empty() {
            *out += &if text.is_empty() { "/>\n".to_owned() } else { format!(">{text}</{prefix}{}>\n", self.name) };
            return;
        }
        *out += &format!(">{text}\n");
        self.children.iter().for_each(|child| child.write(out, depth + 1));
        *out += &format!("{indent}</{prefix}{}>\n", self.name);
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('\'', "&apos;").replace('\n', "&#10;").replace('\t', "&#9;")
}
