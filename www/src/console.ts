/** The page: what the editor holds, what the worker says of it, and the panels that show it. */
import { undo } from "@codemirror/commands";
import type { EditorView } from "@codemirror/view";
import type { Fix, Report } from "virtlens";
import { openBeside } from "./beside";
import { isPin, noteRead, showCaveats } from "./caveat";
import { CpuPanel } from "./cpu";
import { brief, DocumentsPanel } from "./documents";
import { Comparison } from "./compare";
import { byId, h, link } from "./dom";
import { createEditor, goTo, setText, step } from "./editor";
import { openDocument, type Place } from "./evidence";
import { applyFix } from "./fixes";
import { chooser, readFiles, startDrop } from "./intake";
import { Judge } from "./judge";
import { Library } from "./library";
import { FindingsList } from "./list";
import { type Mark, marks, showReport } from "./marks";
import { previewFix } from "./pin";
import { openRules } from "./rules";
import { SAMPLES, startSamples } from "./samples";
import { Session } from "./session";
import { copy, countsText, notice, showPlace, showState, speak } from "./status";
import { isOpen, panel, show, startTabs } from "./tabs";

export class Console {
  readonly #session = new Session((text, report) => this.#take(text, report), (error) => this.#fail(error));
  readonly #choose = chooser();
  readonly #editor: EditorView;
  readonly #list: FindingsList;
  readonly #cpu: CpuPanel;
  readonly #documents: DocumentsPanel;
  readonly #library: Library;
  readonly #comparison: Comparison;
  readonly #judge = new Judge(this.#session, () => this.#changed());
  #report: Report | undefined;
  #uses: Report["documents"] = [];
  #lineEnd = "\n";

  constructor() {
    const why = (code: string) => void this.#why(code);
    const evidence = (name: string, place: Place) => this.#evidence(name, place);
    const pin = (fix: Fix) => this.#fix(fix);
    this.#editor = createEditor(byId("editor"), {
      changed: () => this.#changed(),
      moved: (state) => this.#moved(state.selection.main.head),
      choose: (fix) => this.#fix(fix),
      noFix: () => notice("There is no fix at this place."),
      nothingKnown: () => notice("Nothing is known of this place."),
      complete: (text, offset) => this.#session.complete(text, offset),
      hover: (text, offset) => this.#session.hover(text, offset),
      pin,
      why,
      cpu: () => show("cpu"),
    });
    this.#list = new FindingsList(panel("findings"), {
      jump: (mark) => this.#jump(mark),
      go: (offset) => goTo(this.#editor, offset),
      evidence: (one) => evidence(one.document, one.range),
      why,
      fix: (fix) => this.#fix(fix),
      toDocuments: () => void this.#toDocuments(),
    });
    this.#cpu = new CpuPanel(panel("cpu"), { evidence, pin, why });
    this.#documents = new DocumentsPanel(panel("documents"), {
      choose: () => this.#choose((files) => void readFiles(files).then((items) => this.#library.takeDocuments(items))),
      paste: (text) => this.#library.paste(text),
      remove: (name) => void this.#library.remove(name),
      move: (name, host) => void this.#library.move(name, host),
    });
    this.#comparison = new Comparison(this.#session, () => this.#text, why, (fix, text) => this.#preview(fix, () => this.#text === text));
    this.#library = new Library(this.#session, this.#documents, { openDomain: (text) => this.#open(text), changed: () => this.#changed() });
  }

  /** Wires what the page's markup holds, and shows the first sample. */
  async start(): Promise<void> {
    const take = (files: FileList) => void readFiles(files).then((items) => this.#library.take(items));
    startTabs((name) => {
      if (name === "cpu") void this.#resolve();
      if (name === "hosts") void this.#comparison.renew();
    });
    startDrop(take);
    startSamples((sample) => void this.#library.openSample(sample));
    byId("open").addEventListener("click", () => this.#choose(take));
    byId("copy-domain").addEventListener("click", () => void copy(this.#text.replaceAll("\n", this.#lineEnd), "the domain"));
    document.addEventListener("keydown", (event) => this.#key(event));
    await this.#library.openSample(SAMPLES[0]);
  }

  /** The list of all rules, beside the editor. */
  async showRules(): Promise<void> {
    try {
      openRules(await this.#session.catalogue(), (code) => void this.#why(code));
    } catch (error) {
      notice(`The rules could not be read: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  get #text(): string {
    return this.#editor.state.doc.toString();
  }

  #open(text: string): void {
    this.#lineEnd = /\r\n/.test(text) ? "\r\n" : "\n";
    setText(this.#editor, text);
  }

  #changed(): void {
    this.#documents.show(this.#session.documents.values(), this.#uses);
    this.#judge.show();
    void this.#comparison.renew();
    this.#session.check(this.#text);
  }

  #moved(pos: number): void {
    const line = this.#editor.state.doc.lineAt(pos);
    showPlace(line.number, pos - line.from + 1);
    this.#list.follow(pos);
  }

  /** A report of the text that the editor holds. */
  #take(text: string, report: Report): void {
    if (text.trim() === "") return this.#empty();
    showReport(this.#editor, report);
    const { broken, list } = this.#editor.state.field(marks);
    if (!broken) this.#judged(report);
    this.#list.show(this.#editor.state.field(marks), report, text, (mark) => this.#editor.state.doc.lineAt(mark.from).number);
    this.#list.follow(this.#editor.state.selection.main.head);
    const [first] = list;
    const where = broken && first ? `line ${this.#editor.state.doc.lineAt(first.from).number}` : "";
    showState(broken ? `cannot be read at ${where}` : "checked as you type", broken);
    speak(broken ? `The text cannot be read at ${where}.` : `${countsText(report.counts).replaceAll(" ·", ",")}.`);
  }

  #judged(report: Report): void {
    this.#report = report;
    this.#uses = report.documents;
    const codes = report.cpu?.caveats ?? [];
    showCaveats(this.#editor, report.diagnostics.filter((diagnostic) => codes.includes(diagnostic.code)));
    this.#documents.show(this.#session.documents.values(), report.documents);
    this.#showHost(report);
    if (isOpen("cpu")) void this.#resolve();
  }

  #empty(): void {
    this.#report = undefined;
    this.#uses = [];
    this.#documents.show(this.#session.documents.values(), this.#uses);
    showReport(this.#editor, null);
    showCaveats(this.#editor, []);
    byId("host").textContent = "";
    this.#list.showEmpty();
    this.#cpu.showNone("The editor is empty.");
    showState("nothing to check yet");
    speak("Nothing to check yet.");
  }

  #showHost(report: Report): void {
    const used = report.documents.filter((document) => document.used);
    const hosts = [...new Set(used.map((document) => document.host))].filter(Boolean);
    const loaded = used.flatMap((document) => this.#session.documents.get(document.name) ?? []);
    const about = loaded.filter(({ kind }) => kind === "versions" || kind === "domainCapabilities").map(brief);
    const none = report.documents.length === 0 ? "no documents: what the host offers is unknown" : "no document fits this domain";
    byId("host").textContent = used.length === 0 ? none : [...hosts, ...about].join(" · ");
  }

  async #resolve(): Promise<void> {
    const report = this.#report;
    if (report === undefined) return;
    if (report.cpu === null) return this.#cpu.showNone("Without the documents of a host, the CPU that the guest gets is unknown. “Documents” tells which commands print them.");
    try {
      const cpu = await this.#session.resolveCpu(this.#text);
      if (report === this.#report) this.#cpu.show(cpu, report.diagnostics.flatMap((diagnostic) => diagnostic.fixes).find(isPin));
    } catch (error) {
      this.#cpu.showNone(error instanceof Error ? error.message : String(error));
    }
  }

  #fail(error: unknown): void {
    showState(`the check failed: ${error instanceof Error ? error.message : String(error)}`, true);
  }

  #jump(mark: Mark): void {
    const now = this.#editor.state.field(marks).list.find((one) => one.diagnostic === mark.diagnostic) ?? mark;
    goTo(this.#editor, now.from);
  }

  #fix(fix: Fix): void {
    if (isPin(fix)) this.#preview(fix);
    else this.#apply(fix);
  }

  /** What it changes, before it does; `offered` tells whether it is still for this text. */
  #preview(fix: Fix, offered?: () => boolean): void {
    previewFix(this.#text, fix, () => this.#apply(fix, offered?.()));
  }

  #apply(fix: Fix, offered?: boolean): void {
    const done = applyFix(this.#editor, fix, offered);
    notice(done ? `Done: ${fix.title}. Ctrl+Z takes it back.` : "The text has changed since this fix was offered.");
    this.#editor.focus();
  }

  async #toDocuments(): Promise<void> {
    if (await this.#library.paste(this.#text)) undo(this.#editor);
  }

  #evidence(name: string, place: Place): void {
    const document = this.#session.documents.get(name);
    if (document === undefined) notice(`${name} is not loaded any more.`);
    else openDocument(document, place);
  }

  async #why(code: string): Promise<void> {
    noteRead(code);
    try {
      const [source, { markdown, splitTitle }] = await Promise.all([this.#session.explain(code), import("./markdown")]);
      const { title, rest } = splitTitle(source);
      const page = markdown(rest);
      page.append(h("p", {}, link("All rules", () => void this.showRules())));
      openBeside(title, page);
    } catch (error) {
      notice(`The explanation of ${code} could not be read: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #key(event: KeyboardEvent): void {
    if (event.key !== "F8" || event.defaultPrevented) return;
    event.preventDefault();
    step(this.#editor, event.shiftKey ? -1 : 1);
  }
}
