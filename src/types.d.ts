/** A place in a text. */
export interface Position {
  /** UTF-16 code units from the start of the text as it was given. */
  offset: number;
  /** 1-based. */
  line: number;
  /** 1-based, in UTF-16 code units. */
  column: number;
}

/** A range of a text; `end` is exclusive. */
export interface Range {
  start: Position;
  end: Position;
}

export type Severity = "error" | "warning" | "info" | "hint";

/** When libvirt itself would speak. */
export type Phase = "syntax" | "schema" | "define" | "start" | "migrate" | "dropped" | "advice";

/** What a loaded document is, told from its content. */
export type DocumentKind = "domainCapabilities" | "capabilities" | "versions" | "cpu" | "domain" | "cpuMap";

export interface Report {
  /** In the order of their places. */
  diagnostics: Diagnostic[];
  /** How many there are of each severity, also of those beyond the limit of a report. */
  counts: Counts;
  /** What was not checked, one entry for each thing missing. */
  skipped: Skipped[];
  /** The loaded documents: which were used for this domain, and why or why not. */
  documents: DocumentUse[];
  /** The CPU that the guest gets; null for a text that is no domain. */
  cpu: Cpu | null;
}

export interface Counts {
  error: number;
  warning: number;
  info: number;
  hint: number;
}

export interface Diagnostic {
  /** Stable, kebab case; `explain(code)` has its page. */
  code: string;
  severity: Severity;
  phase: Phase;
  certainty: "certain" | "likely";
  /** One sentence that names the values and says why. */
  message: string;
  /** The very token at fault. */
  range: Range;
  related: Related[];
  evidence: Evidence[];
  fixes: Fix[];
  /** The chapter of libvirt's documentation. */
  docs: string;
}

/** Another place of the domain. */
export interface Related {
  range: Range;
  message: string;
}

/** Where a loaded document says so. */
export interface Evidence {
  /** The name under which it was added. */
  document: string;
  /** In that document. */
  range: Range;
  message: string;
}

export interface Fix {
  title: string;
  effect: "safe" | "changes-guest";
  /** Disjoint, in the order of their places. */
  edits: TextEdit[];
}

export interface TextEdit {
  range: Range;
  newText: string;
}

export interface Skipped {
  needs: "domainCapabilities" | "capabilities" | "versions";
  codes: string[];
  message: string;
}

export interface DocumentUse {
  name: string;
  kind: DocumentKind;
  host: string;
  used: boolean;
  reason: string;
}

export type CpuMode = "custom" | "host-model" | "host-passthrough" | "maximum";

export interface Cpu {
  /** As written, or the default. */
  asked: CpuMode;
  /** What it comes to. */
  mode: CpuMode;
  model: string | null;
  vendor: string | null;
  /** False where the hypervisor may still hand out something else; the caveats say why. */
  exact: boolean;
  /** Whether it starts, as far as the CPU decides it. */
  startable: "yes" | "no" | "unknown";
  /** The features that keep it from starting. */
  blockers: string[];
  /** Codes of the findings about the CPU. */
  caveats: string[];
}

export interface ResolvedCpu extends Cpu {
  features: Feature[];
  /** One sentence a step. */
  trace: string[];
  /** The `<cpu>` that libvirt asks of QEMU, to be put in its place. */
  xml: string;
}

export interface Feature {
  name: string;
  /** What libvirt asks of QEMU; null where nothing is asked. */
  policy: "force" | "require" | "optional" | "disable" | "forbid" | null;
  origin: "host-model" | "model" | "domain" | "hypervisor" | "removed";
  /** What the guest then has; null where no document tells. */
  running: "on" | "off" | null;
  evidence: Evidence | null;
}

/** A host compared with a CPU; where libvirt refuses to compare, `compareCpu` throws. */
export interface CpuComparison {
  /** How the host stands to it; "superset": it has all that, and more. */
  result: "identical" | "superset" | "incompatible";
  /** Features that the CPU requires and the host lacks. */
  missing: string[];
  /** Features that the CPU forbids and the host has. */
  forbidden: string[];
  /** Features that the host has beyond a CPU with `match='strict'`. */
  extra: string[];
  /** One sentence a step. */
  trace: string[];
}

/** The CPU that runs on several. */
export interface CommonCpu {
  model: string | null;
  /** Null where not all name one. */
  vendor: string | null;
  features: CommonFeature[];
  /** As libvirt writes it. */
  xml: string;
  /** One sentence a step. */
  trace: string[];
}

export interface CommonFeature {
  name: string;
  policy: "force" | "require" | "optional" | "disable" | "forbid";
}

/** What becomes of a domain on every host of which documents are loaded. */
export interface Hosts {
  /** In the order in which their first document was added. */
  hosts: OnHost[];
  /** A guest that runs on one of them, for each of the others; of more than 32 hosts only from the one asked for. */
  pairs: Pair[];
  /** How many pairs are not answered. */
  unpaired: number;
  /** The CPU that runs on all of them: the most that they have in common. */
  common: SharedCpu | null;
  /** Why there is none: one sentence. */
  noCommon: string | null;
}

export interface SharedCpu {
  /** Its model; of ppc64 hosts that differ, the mode of the oldest (`power8`), which `xml` asks for under host-model. */
  model: string;
  vendor: string | null;
  /** What it requires beyond the model, and what of it is disabled. */
  features: SharedFeature[];
  /** As XML. */
  xml: string;
  /** The edit of the domain that asks for it; null where the domain does already. */
  fix: Fix | null;
}

export interface SharedFeature {
  name: string;
  policy: "require" | "disable";
}

export interface OnHost {
  host: string;
  /** Whether it can be defined and started there, as far as the documents of that host tell. */
  startable: "yes" | "no" | "unknown";
  /** Why not, or why that is unknown: one sentence; null where it starts. */
  why: string | null;
  /** Codes of all that refuses it there. */
  codes: string[];
  /** The CPU that it gets there. */
  cpu: Cpu;
  /** How many features libvirt asks for by name. */
  required: number;
  /** How many features it turns off by name. */
  disabled: number;
}

/** Something that may stand at a place of a text. */
export interface Completion {
  /** What it is called: a name, a value; `/name` for an end tag. */
  label: string;
  /** An element comes with its required parts; a reference is a value that names something in the same domain. */
  kind: "element" | "attribute" | "value" | "reference" | "end-tag";
  /** What speaks for it or against it, in a few words; may be empty. */
  detail: string;
  /** What it is, as Markdown; may be empty. */
  documentation: string;
  /** What it takes the place of. */
  range: Range;
  /** Plain text, indented as the text around. */
  newText: string;
  /** The places of `newText` that are to be filled or written over, in order. */
  stops: Stop[];
}

/** A place of a `newText`, in UTF-16 code units from its start. */
export interface Stop {
  from: number;
  to: number;
}

/** What is known of a token. */
export interface Hover {
  /** Markdown: what it is, and after a rule (`---`) the findings there. */
  contents: string;
  /** The token. */
  range: Range;
}

/** A guest that runs on one host, and another host. */
export interface Pair {
  from: string;
  to: string;
  /** Whether it would migrate, as far as the documents of both tell. */
  migrates: "yes" | "no" | "unknown";
  /** Why not, or why that is unknown: one sentence; null where it migrates. */
  why: string | null;
  /** Its features that the other host lacks. */
  missing: string[];
  /** The model, where the other host does not know it by that name. */
  unknownModel: string | null;
  /** Whether the CPU stays the same when the guest is stopped and started again there. */
  restart: "same" | "changes" | "unknown";
  /** Features that it then gains. */
  gained: string[];
  /** Features that it then loses. */
  lost: string[];
  /** What is known to trip between the versions of the two: a sentence each. */
  caveats: string[];
}

/** What adding a document answers. */
export interface AddedDocument {
  name: string;
  kind: DocumentKind;
  host: string;
  /** One line about what it says. */
  summary: string;
}

export interface Limits {
  /** Bytes of a text; 4 MiB. */
  bytes?: number;
  /** Elements nested in each other; 256. */
  depth?: number;
  /** Attributes of one element; 1,000. */
  attributes?: number;
  /** Declarations of namespaces in the whole text; 1,000. */
  namespaces?: number;
  /** Diagnostics of one report; 200. */
  findings?: number;
}

export interface Options {
  /** `"11.3.0"`, or the integer that libvirt's API returns. */
  libvirt?: string | number;
  /** `"10.0.0"`, or the integer that libvirt's API returns. */
  qemu?: string | number;
  /** Severities by code. */
  severity?: Record<string, Severity | "off">;
  limits?: Limits;
}

/** The architecture, where the CPUs do not name it; x86_64 else. */
export interface ArchOption {
  arch?: string;
}

export interface BaselineOptions {
  /** The architecture, where neither the CPUs nor the hypervisor name it; x86_64 else. */
  arch?: string;
  /** Without the features that cannot migrate. */
  migratable?: boolean;
  /** With all features that the model stands for. */
  expanded?: boolean;
  /** Domain capabilities: only a model that they list, with what keeps it from being usable disabled. Needed on s390x, refused on ppc64
   * and Arm. */
  hypervisor?: string;
}

/** Which pairs of hosts to answer. */
export interface HostsOption {
  /** Those of a guest that runs on this host, however many hosts there are. */
  from?: string;
}

/** Which host's documents to judge by. */
export interface HostOption {
  host?: string;
}
