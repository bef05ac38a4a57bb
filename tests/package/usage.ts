// What a caller writes: it must compile against the package's own types.
import * as autocomplete from "@codemirror/autocomplete";
import { linter } from "@codemirror/lint";
import type { Extension } from "@codemirror/state";
import * as view from "@codemirror/view";
import type * as monaco from "monaco-editor";
import init, { Workspace, VirtlensError, explain } from "virtlens";
import type { CommonCpu, Completion, CpuComparison, Diagnostic, Hosts, Hover, Range, Report, ResolvedCpu } from "virtlens";
import { WorkspaceClient } from "virtlens/client";
import * as codemirror from "virtlens/codemirror";
import { assist, attach } from "virtlens/monaco";

export async function direct(xml: string, capabilities: string | Uint8Array): Promise<Report> {
  await init();
  await init({ module_or_path: new URL("https://host/virtlens_bg.wasm"), pages: "/virtlens_pages.json" });
  await init({ module_or_path: fetch("virtlens_bg.wasm") });
  const workspace = new Workspace({ libvirt: "11.3.0", qemu: 10_000_000, severity: { "cpu-model-unusable": "off" }, limits: { findings: 10 } });
  const { name, kind, host, summary } = workspace.addDocument("domcaps.xml", capabilities, { host: "alpha" });
  console.log([name, kind, host, summary].join(), workspace.removeDocument("other.xml"));
  const cpu: ResolvedCpu = workspace.resolveCpu(xml, { host: "alpha" });
  console.log(cpu.features.map((feature) => `${feature.name} ${feature.policy ?? "not asked for"} ${feature.origin}`));
  const { hosts }: Hosts = workspace.hosts(xml);
  console.log(hosts.map(({ host, startable, why, cpu }) => `${host}: ${startable}, ${why ?? "it starts"}, ${cpu.model ?? cpu.mode}`));
  const common: CommonCpu = workspace.baselineCpu([xml, xml], { migratable: true });
  const { result, missing }: CpuComparison = workspace.compareCpu(xml, common.xml, { arch: "x86_64" });
  console.log(result, missing.join(), workspace.expandCpu(common.model ?? "486").join());
  return workspace.check(xml, { host: "alpha" });
}

export function written(workspace: Workspace, xml: string): string[] {
  const items: Completion[] = workspace.complete(xml, 12, { host: "alpha" });
  const told: Hover | null = workspace.hover(xml, 12);
  const put = ({ newText, range, stops }: Completion) => `${xml.slice(0, range.start.offset)}${newText} ${stops[0]?.from ?? ""}`;
  return [told?.contents ?? "", ...items.map((item) => `${item.label} (${item.kind}): ${item.detail} ${item.documentation} ${put(item)}`)];
}

export function told(found: Diagnostic): string {
  const { start }: Range = found.range;
  const fixes = found.fixes.map(({ title, effect, edits }) => `${title} (${effect}): ${edits.map(({ newText }) => newText).join()}`);
  const evidence = found.evidence.map(({ document, range }) => `${document}:${range.start.line}`);
  return [`${start.line}:${start.column}`, found.severity, found.phase, found.certainty, found.code, found.message, found.docs, ...fixes, ...evidence].join("\n");
}

export async function inWorker(xml: string): Promise<string | null> {
  const client = new WorkspaceClient(new URL("https://host/worker.js"), { init: { module_or_path: "virtlens_bg.wasm" }, workspace: { libvirt: "11.3.0" } });
  try {
    const report: Report = await client.check(xml);
    return report.diagnostics[0] ? await explain(report.diagnostics[0].code) : null;
  } catch (error) {
    if (!(error instanceof VirtlensError)) throw error;
    return `${error.code} in ${error.document ?? "the domain"} at ${error.range?.start.line ?? 0}: ${error.message}`;
  } finally {
    client.dispose();
  }
}

export function editors(workspace: Workspace, editor: monaco.editor.IStandaloneCodeEditor, module: typeof monaco): Extension {
  const marks: monaco.IDisposable = attach(module, editor, (xml) => workspace.check(xml), { delay: 300 });
  marks.dispose();
  assist(module, workspace, { language: "xml" }).dispose();
  const client = new WorkspaceClient(() => new Worker("worker.js", { type: "module" }));
  const source = codemirror.completions(autocomplete, (xml, offset) => client.complete(xml, offset));
  const help = [autocomplete.autocompletion({ override: [source] }), codemirror.tooltips(view, (xml, offset) => client.hover(xml, offset))];
  return [help, codemirror.virtlens({ linter }, (xml) => client.check(xml), { delay: 300 })];
}

// @ts-expect-error: what a report does not have, the types do not have either
export const absent = (report: Report) => report.findings;
// @ts-expect-error: a severity is one of four words
export const loud = () => new Workspace({ severity: { code: "loud" } });
