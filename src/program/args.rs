//! The command line.

use clap::{Args, Parser, Subcommand, ValueEnum};
use virtlens::Options;
use virtlens::caps::Version;
use virtlens::finding::Severity;
use virtlens::text::Limits;

/// Tells what libvirt will make of a domain XML before libvirt sees it.
#[derive(Debug, Parser)]
#[command(version, about)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Judge a domain XML by the host's own documents
    Check {
        #[command(flatten)]
        input: Input,
        /// How to print the report
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Questions about the guest's CPU
    Cpu {
        #[command(subcommand)]
        command: CpuCommand,
    },
    /// Tell on which of several hosts a domain starts, with which CPU, and whether it migrates between them
    Hosts {
        #[command(flatten)]
        input: Input,
        /// The host on which the guest runs: only its ways to the others; of more than 32 hosts no others are told
        #[arg(long, value_name = "HOST")]
        from: Option<String>,
        /// How to print it
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Print the page that explains a code, or the list of all codes
    Explain {
        /// Such as `cpu-model-unusable`
        code: Option<String>,
    },
    /// Read jobs from standard input, one JSON object a line, and answer each with a line
    Batch,
}

#[derive(Debug, Subcommand)]
pub enum CpuCommand {
    /// Print the CPU that the guest will really get
    Resolve {
        #[command(flatten)]
        input: Input,
        /// How to print it
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    #[command(flatten)]
    Question(CpuQuestion),
}

/// Questions about CPUs alone: each takes a `<cpu>`, or what `virsh capabilities` or `virsh domcapabilities` printed.
#[derive(Debug, Subcommand)]
pub enum CpuQuestion {
    /// Tell whether a host can run a CPU, and what it lacks
    Compare {
        /// The host's CPU
        #[arg(value_name = "HOST.xml")]
        host: String,
        /// The guest's CPU, or another host's
        #[arg(value_name = "CPU.xml")]
        cpu: String,
        #[command(flatten)]
        input: CpuInput,
    },
    /// Print the CPU that runs on all of them
    Baseline {
        /// Files with one CPU or several
        #[arg(value_name = "CPU.xml", required = true)]
        cpus: Vec<String>,
        /// Leave out features that cannot migrate
        #[arg(long)]
        migratable: bool,
        /// Name all features that the model stands for
        #[arg(long)]
        features: bool,
        /// Only models of this hypervisor, and what it lacks of them disabled: what `virsh domcapabilities` printed
        #[arg(long, value_name = "DOMCAPS.xml")]
        hypervisor: Option<String>,
        #[command(flatten)]
        input: CpuInput,
    },
    /// Print the features that a model stands for
    Expand {
        /// Such as `EPYC-Milan`
        model: String,
        #[command(flatten)]
        input: CpuInput,
    },
}

/// By what a CPU is judged.
#[derive(Debug, Args)]
pub struct CpuInput {
    /// The architecture, where the files do not name it
    #[arg(long)]
    pub arch: Option<String>,
    /// A folder with a host's own CPU map, such as /usr/share/libvirt/cpu_map
    #[arg(long, value_name = "DIR")]
    pub cpu_map: Option<String>,
}

/// A domain, and the host it is judged by.
#[derive(Debug, Args)]
pub struct Input {
    /// The domain XML; `-` reads standard input
    #[arg(value_name = "DOMAIN.xml")]
    pub domain: String,
    #[command(flatten)]
    pub host: Host,
}

/// The documents of one or more hosts, and settings.
#[derive(Debug, Args)]
pub struct Host {
    /// What `virsh domcapabilities`, `virsh capabilities`, `virsh version` or `virsh dumpxml` printed; of a named host as HOST=DOCUMENT
    #[arg(short = 'd', long = "document", value_name = "[HOST=]DOCUMENT")]
    documents: Vec<String>,
    /// The host to judge by, where documents of several are given
    #[arg(long)]
    pub host: Option<String>,
    /// libvirt's version
    #[arg(long, value_name = "X.Y.Z", value_parser = version)]
    libvirt: Option<Version>,
    /// QEMU's version
    #[arg(long, value_name = "X.Y.Z", value_parser = version)]
    qemu: Option<Version>,
    /// Set the severity of a code: error, warning, info, hint or off
    #[arg(long, value_name = "CODE=LEVEL", value_parser = severity)]
    severity: Vec<(String, Option<Severity>)>,
    /// Set a limit: bytes, depth, attributes, namespaces or findings
    #[arg(long, value_name = "NAME=N", value_parser = limit)]
    limit: Vec<(String, usize)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Source lines with the place underlined
    Text,
    /// The report, as the package gives it
    Json,
    /// SARIF 2.1.0
    Sarif,
}

impl Host {
    /// The documents with their hosts. A name before `=` is a host, unless a file of the whole name exists.
    pub fn documents(&self) -> impl Iterator<Item = (Option<&str>, &str)> {
        self.documents.iter().map(|given| match given.split_once('=') {
            Some((host, path)) if !host.contains('/') && !std::path::Path::new(given).exists() => (Some(host), path),
            _ => (None, given.as_str()),
        })
    }

    /// The settings.
    pub fn options(&self) -> Options {
        let mut limits = Limits::default();
        for (name, number) in &self.limit {
            set_limit(&mut limits, name, *number);
        }
        super::options(self.libvirt, self.qemu, self.severity.iter().cloned(), limits)
    }
}

/// Sets the limit of that name; false where there is none.
pub fn set_limit(limits: &mut Limits, name: &str, number: usize) -> bool {
    match name {
        "bytes" => limits.bytes = number,
        "depth" => limits.depth = number,
        "attributes" => limits.attributes = number,
        "namespaces" => limits.namespaces = number,
        "findings" => limits.findings = number,
        _ => return false,
    }
    true
}

/// A severity, or none for `off`.
pub fn level(word: &str) -> Result<Option<Severity>, String> {
    if word == "off" {
        return Ok(None);
    }
    Severity::from_word(word).map(Some).ok_or_else(|| format!("`{word}` is none of error, warning, info, hint, off"))
}

/// A version written `X.Y.Z`.
pub fn version(text: &str) -> Result<Version, String> {
    Version::parse(text).ok_or_else(|| format!("`{text}` is no version such as 11.3.0"))
}

fn severity(text: &str) -> Result<(String, Option<Severity>), String> {
    let (code, word) = text.split_once('=').ok_or("CODE=LEVEL is expected")?;
    if !virtlens::rules::all().any(|rule| rule.code == code) {
        return Err(format!("there is no code `{code}`"));
    }
    Ok((code.to_owned(), level(word)?))
}

fn limit(text: &str) -> Result<(String, usize), String> {
    let (name, number) = text.split_once('=').ok_or("NAME=N is expected")?;
    let number = number.parse().map_err(|_| format!("`{number}` is no number"))?;
    if !set_limit(&mut Limits::default(), name, number) {
        return Err(format!("`{name}` is none of bytes, depth, attributes, namespaces, findings"));
    }
    Ok((name.to_owned(), number))
}
