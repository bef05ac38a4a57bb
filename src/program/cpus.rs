//! Questions about CPUs alone: subcommands and batch jobs.

use std::path::Path;

use virtlens::cpu::Compared;
use virtlens::report::{ComputedCpu, CpuComparison, CpuError};
use virtlens::text::Limits;
use virtlens::{BaselineOptions, Options, Update, Workspace};

use super::args::{CpuInput, CpuQuestion};
use super::{Failed, add, place, print, read_text};

/// Loads the CPU map of a folder laid out as libvirt's own: its index, and what that includes.
pub fn add_map(workspace: &mut Workspace, folder: &str) -> Result<(), String> {
    let path = |name: &str| Path::new(folder).join(name).to_string_lossy().into_owned();
    add(workspace, &path("index.xml"), None)?;
    let index = read_text(&path("index.xml")).map_err(|Failed(message)| message)?;
    let document = virtlens::xml::read(&index, &Limits::default()).map_err(|finding| finding.message)?;
    for file in virtlens::cpu::map::includes(document.root()) {
        add(workspace, &path(file), None)?;
    }
    Ok(())
}

/// Answers a question, and says what to exit with.
pub fn ask(question: &CpuQuestion) -> Result<u8, Failed> {
    match question {
        CpuQuestion::Compare { input, host, cpu } => {
            let (host_text, cpu_text) = (read_text(host)?, read_text(cpu)?);
            let answer = workspace(input)?.compare_cpu(&host_text, &cpu_text, input.arch.as_deref());
            compared(&answer.map_err(|error| failed(error, &[host, cpu]))?)
        }
        CpuQuestion::Baseline { input, cpus, migratable, features, hypervisor } => {
            let texts = cpus.iter().map(|path| read_text(path)).collect::<Result<Vec<_>, _>>()?;
            let texts: Vec<_> = texts.iter().map(String::as_str).collect();
            let hypervisor_text = hypervisor.as_deref().map(read_text).transpose()?;
            let options = BaselineOptions { migratable: *migratable, expanded: *features, hypervisor: hypervisor_text.as_deref() };
            let answer = workspace(input)?.baseline_cpu(&texts, options, input.arch.as_deref());
            let names: Vec<_> = cpus.iter().chain(hypervisor).map(String::as_str).collect();
            computed(&answer.map_err(|error| failed(error, &names))?)
        }
        CpuQuestion::Expand { input, model } => {
            let names = workspace(input)?.expand_cpu(model, input.arch.as_deref()).map_err(|error| failed(error, &[]))?;
            print(&names.into_iter().fold(String::new(), |out, name| out + &name + "\n"))?;
            Ok(0)
        }
    }
}

fn workspace(input: &CpuInput) -> Result<Workspace, Failed> {
    let mut workspace = Workspace::new(Options::default());
    if let Some(folder) = &input.cpu_map {
        add_map(&mut workspace, folder).map_err(Failed)?;
    }
    Ok(workspace)
}

/// What could not be answered, with the place in the text that is at fault.
fn failed(error: CpuError, paths: &[&str]) -> Failed {
    Failed(match &error {
        CpuError::Text(at, text) => paths.get(*at).map_or_else(|| text.to_string(), |path| place(path, text)),
        CpuError::Refused(refused, _) => refused.to_string(),
    })
}

fn steps(trace: &[String]) -> String {
    trace.iter().fold(String::new(), |out, step| out + "  - " + step + "\n")
}

fn compared(answer: &CpuComparison) -> Result<u8, Failed> {
    let lists = [("missing", &answer.missing), ("forbidden", &answer.forbidden), ("extra", &answer.extra)];
    let named = lists.iter().filter(|(_, names)| !names.is_empty()).map(|(what, names)| format!("{what}: {}\n", names.join(" ")));
    print(&format!("{}\n{}{}", answer.result.word(), steps(&answer.trace), named.collect::<String>()))?;
    Ok(u8::from(answer.result == Compared::Incompatible))
}

fn computed(answer: &ComputedCpu) -> Result<u8, Failed> {
    print(&format!("{}\n", answer.xml))?;
    Ok(0)
}

/// What a batch job about CPUs takes beyond the names of its op.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Job {
    arch: Option<String>,
    cpu: Option<String>,
    cpus: Vec<String>,
    flags: Option<Vec<String>>,
    feature: Option<String>,
    model: Option<String>,
    models: Option<Vec<String>>,
    hypervisor: Option<String>,
    cpu_map: Option<String>,
    fail_incompatible: bool,
    migratable_host: bool,
    translate: bool,
}

/// What it answers.
#[derive(Debug, Default, serde::Serialize)]
pub struct Answer {
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    missing: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cpu: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    features: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trace: Option<Vec<String>>,
}

/// Answers the op of that name; none where it is not about CPUs.
pub fn answer(op: &str, job: &Job, host: Option<&str>) -> Option<Result<Answer, String>> {
    let question = match op {
        "cpu-compare" => compare,
        "cpu-update" => update,
        "cpu-baseline" => baseline,
        "cpu-has-feature" => has_feature,
        "cpu-expand" => expand,
        _ => return None,
    };
    Some(prepared(job).and_then(|workspace| question(&workspace, job, host)))
}

fn prepared(job: &Job) -> Result<Workspace, String> {
    let mut workspace = Workspace::default();
    if let Some(folder) = &job.cpu_map {
        add_map(&mut workspace, folder)?;
    }
    Ok(workspace)
}

fn text_of(path: Option<&str>, what: &str) -> Result<String, String> {
    read_text(path.ok_or_else(|| format!("`{what}` is missing"))?).map_err(|Failed(message)| message)
}

/// An answer; what libvirt refuses is one too.
fn answered<T>(answer: Result<T, CpuError>, paths: &[&str], of: impl FnOnce(T) -> Answer) -> Result<Answer, String> {
    match answer {
        Ok(answer) => Ok(of(answer)),
        Err(CpuError::Refused(refused, trace)) => {
            Ok(Answer { result: Some("error"), message: Some(refused.to_string()), trace: Some(trace), ..Answer::default() })
        }
        Err(error) => Err(failed(error, paths).0),
    }
}

fn compare(workspace: &Workspace, job: &Job, host: Option<&str>) -> Result<Answer, String> {
    let (host_text, cpu_text) = (text_of(host, "host")?, text_of(job.cpu.as_deref(), "cpu")?);
    let paths = [host.unwrap_or_default(), job.cpu.as_deref().unwrap_or_default()];
    answered(workspace.compare_cpu(&host_text, &cpu_text, job.arch.as_deref()), &paths, |compared| {
        let fails = job.fail_incompatible && compared.result == Compared::Incompatible;
        let result = Some(if fails { "error" } else { compared.result.word() });
        let message = fails.then(|| "the host cannot run it".to_owned());
        Answer { result, message, missing: Some(compared.missing), trace: Some(compared.trace), ..Answer::default() }
    })
}

fn update(workspace: &Workspace, job: &Job, host: Option<&str>) -> Result<Answer, String> {
    let (host_text, guest_text) = (text_of(host, "host")?, text_of(job.cpu.as_deref(), "cpu")?);
    let paths = [host.unwrap_or_default(), job.cpu.as_deref().unwrap_or_default()];
    let models: Option<Vec<_>> = job.models.as_ref().map(|models| models.iter().map(String::as_str).collect());
    let (migratable_host, translate) = (job.migratable_host, job.translate);
    let asked = Update { host: &host_text, guest: &guest_text, migratable_host, translate, models: models.as_deref() };
    answered(workspace.update_cpu(&asked, job.arch.as_deref()), &paths, of_computed)
}

fn of_computed(computed: ComputedCpu) -> Answer {
    Answer { cpu: Some(computed.xml), trace: Some(computed.trace), ..Answer::default() }
}

fn baseline(workspace: &Workspace, job: &Job, _: Option<&str>) -> Result<Answer, String> {
    let texts = job.cpus.iter().map(|path| text_of(Some(path), "cpus")).collect::<Result<Vec<_>, _>>()?;
    let texts: Vec<_> = texts.iter().map(String::as_str).collect();
    let paths: Vec<_> = job.cpus.iter().chain(&job.hypervisor).map(String::as_str).collect();
    let hypervisor = job.hypervisor.as_deref().map(|path| text_of(Some(path), "hypervisor")).transpose()?;
    let mut options = BaselineOptions { hypervisor: hypervisor.as_deref(), ..BaselineOptions::default() };
    for flag in job.flags.iter().flatten() {
        match flag.to_ascii_lowercase() {
            flag if flag.contains("migratable") => options.migratable = true,
            flag if flag.contains("features") => options.expanded = true,
            _ => return Err(format!("there is no flag `{flag}`; there are migratable and features")),
        }
    }
    answered(workspace.baseline_cpu(&texts, options, job.arch.as_deref()), &paths, of_computed)
}

fn has_feature(workspace: &Workspace, job: &Job, host: Option<&str>) -> Result<Answer, String> {
    let text = text_of(host, "host")?;
    let feature = job.feature.as_deref().ok_or("`feature` is missing")?;
    answered(workspace.cpu_has_feature(&text, feature, job.arch.as_deref()), &[host.unwrap_or_default()], |has| Answer {
        result: Some(if has { "yes" } else { "no" }),
        ..Answer::default()
    })
}

fn expand(workspace: &Workspace, job: &Job, _: Option<&str>) -> Result<Answer, String> {
    let model = job.model.as_deref().ok_or("`model` is missing")?;
    answered(workspace.expand_cpu(model, job.arch.as_deref()), &[], |features| Answer { features: Some(features), ..Answer::default() })
}
