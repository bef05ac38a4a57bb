/** What comes in: documents for the worker, domains for the editor, samples for both. */
import type { DocumentsPanel } from "./documents";
import { domainText, type Item } from "./intake";
import { read, type Sample } from "./samples";
import type { Session } from "./session";
import { notice } from "./status";
import { show } from "./tabs";

export interface LibraryHooks {
  openDomain(text: string): void;
  changed(): void;
}

export class Library {
  #sampled: string[] = [];
  #pasted = 0;

  constructor(
    private readonly session: Session,
    private readonly panel: DocumentsPanel,
    private readonly hooks: LibraryHooks,
  ) {}

  /** Files of any kind: the first domain is opened in the editor, the rest are documents. */
  async take(items: Item[]): Promise<void> {
    this.panel.forgetRefusals();
    const said: string[] = [];
    let opened = false;
    for (const { name, bytes } of items) {
      const domain = domainText(bytes);
      if (domain !== null && !opened) {
        opened = true;
        this.hooks.openDomain(domain);
        said.push(`opened ${name}`);
      } else if (await this.#add(name, bytes)) said.push(`added ${name}`);
    }
    if (said.length > 0) notice(`${capital(said.join(", "))}.`);
    this.hooks.changed();
  }

  /** As documents, domains too: what `virsh dumpxml --update-cpu` printed is one. */
  async takeDocuments(items: { name: string; bytes: Uint8Array | string }[]): Promise<boolean> {
    this.panel.forgetRefusals();
    const added: string[] = [];
    for (const { name, bytes } of items) if (await this.#add(name, bytes)) added.push(name);
    if (added.length > 0) notice(`Added ${added.join(", ")}.`);
    this.hooks.changed();
    return added.length === items.length;
  }

  /** False if it was refused. */
  async paste(text: string): Promise<boolean> {
    const name = `pasted-${this.#pasted + 1}.${text.trimStart().startsWith("<") ? "xml" : "txt"}`;
    if (!(await this.takeDocuments([{ name, bytes: text }]))) return false;
    this.#pasted++;
    return true;
  }

  async remove(name: string): Promise<void> {
    await this.session.remove(name);
    notice(`Removed ${name}.`);
    this.hooks.changed();
  }

  /** A sample takes the place of the sample before it; the reader's own documents stay. */
  async openSample(sample: Sample): Promise<void> {
    try {
      const [domain, ...texts] = await Promise.all([sample.domain, ...sample.documents.map(([, url]) => url)].map(read));
      await this.#dropSample();
      for (const [at, [name]] of sample.documents.entries()) {
        await this.session.add(name, texts[at] ?? "", sample.host);
        this.#sampled.push(name);
      }
      this.hooks.openDomain(domain ?? "");
    } catch (error) {
      notice(`The sample could not be loaded: ${reason(error)}`);
    }
    this.hooks.changed();
  }

  /** The same document, of another host. */
  async move(name: string, host: string): Promise<void> {
    const document = this.session.documents.get(name);
    if (document === undefined || document.host === host) return;
    await this.session.add(name, document.text, host === "" ? undefined : host);
    this.hooks.changed();
  }

  /** A file called `HOST=NAME` is of that host; a name that another host has already is told apart by its host. */
  async #add(file: string, content: Uint8Array | string): Promise<boolean> {
    const [, named, rest] = /^([^=/]+)=(.+)$/.exec(file) ?? [];
    const host = named ?? this.panel.host;
    const plain = rest ?? file;
    const other = this.#sampled.includes(plain) ? undefined : this.session.documents.get(plain)?.host;
    const apart = named !== undefined || (host !== undefined && other !== undefined && other !== host);
    const name = apart ? `${host}/${plain}` : plain;
    try {
      await this.session.add(name, content, host);
    } catch (error) {
      this.panel.refuse(name, reason(error));
      show("documents");
      return false;
    }
    this.#sampled = this.#sampled.filter((sampled) => sampled !== name);
    await this.#dropSample();
    return true;
  }

  async #dropSample(): Promise<void> {
    const names = this.#sampled;
    this.#sampled = [];
    for (const name of names) await this.session.remove(name);
  }
}

const reason = (error: unknown) => (error instanceof Error ? error.message : String(error));
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
