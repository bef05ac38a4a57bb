/** The documents that are loaded, and the worker that judges by them. Everything stays in memory. */
import type { CatalogueEntry, Completion, HostOption, Hosts, Hover, Report, ResolvedCpu } from "virtlens";
import { WorkspaceClient } from "virtlens/client";
import CheckWorker from "virtlens/worker?worker";

/** What adding a document answered, and its text, for the view of evidence. */
export type Loaded = Awaited<ReturnType<WorkspaceClient["addDocument"]>> & { text: string };

export class Session {
  readonly documents = new Map<string, Loaded>();
  readonly #client = new WorkspaceClient(() => new CheckWorker());
  /** The host that was chosen to judge by; none, or one that is gone, means that of the document added last. */
  host: string | undefined;
  #waiting: string | undefined;
  #checking = false;

  /** `reported` gets the report of the newest text; texts that a newer one overtook are never answered. */
  constructor(
    private readonly reported: (text: string, report: Report) => void,
    private readonly failed: (error: unknown) => void,
  ) {}

  /** Loads a document, or replaces the one of that name. What it throws leaves everything as it was. */
  async add(name: string, content: string | Uint8Array, host?: string): Promise<Loaded> {
    const info = await this.#client.addDocument(name, content, host === undefined ? {} : { host });
    const text = typeof content === "string" ? content : new TextDecoder().decode(content);
    const loaded = { ...info, text };
    this.documents.delete(name);
    this.documents.set(name, loaded);
    return loaded;
  }

  async remove(name: string): Promise<void> {
    await this.#client.removeDocument(name);
    this.documents.delete(name);
  }

  /** The hosts of the documents, in the order of their first. */
  get hosts(): string[] {
    return [...new Set([...this.documents.values()].map((document) => document.host))];
  }

  /** The one that judges. */
  get judge(): string | undefined {
    return this.hosts.find((host) => host === this.host) ?? [...this.documents.values()].at(-1)?.host;
  }

  check(text: string): void {
    this.#waiting = text;
    if (!this.#checking) void this.#run();
  }

  resolveCpu(text: string): Promise<ResolvedCpu> {
    return this.#client.resolveCpu(text, this.#asked());
  }

  /** On all hosts; `from` is the one on which a guest runs, where there are too many for all pairs. */
  compare(text: string, from: string | undefined): Promise<Hosts> {
    return this.#client.hosts(text, from === undefined ? {} : { from });
  }

  complete(text: string, offset: number): Promise<Completion[]> {
    return this.#client.complete(text, offset, this.#asked());
  }

  hover(text: string, offset: number): Promise<Hover | null> {
    return this.#client.hover(text, offset, this.#asked());
  }

  explain(code: string): Promise<string> {
    return this.#client.explain(code);
  }

  catalogue(): Promise<CatalogueEntry[]> {
    return this.#client.catalogue();
  }

  #asked(): HostOption {
    return this.judge === undefined ? {} : { host: this.judge };
  }

  /** One check at a time, always of the newest text: fast typing cannot starve the list. */
  async #run(): Promise<void> {
    this.#checking = true;
    while (this.#waiting !== undefined) {
      const text = this.#waiting;
      this.#waiting = undefined;
      try {
        const report = await this.#client.check(text, this.#asked());
        if (this.#waiting === undefined) this.reported(text, report);
      } catch (error) {
        this.failed(error);
      }
    }
    this.#checking = false;
  }
}
