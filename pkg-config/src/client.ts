import { VirtlensError, asVirtlensError } from "./errors.js";
import type { Answer, Method, Methods } from "./protocol.js";
import type { CatalogueEntry } from "./pages.js";
import type { InitOptions, Workspace } from "./workspace.js";
import type { AddedDocument, ArchOption, BaselineOptions, CommonCpu, Completion, CpuComparison, HostOption, Hosts, HostsOption, Hover, Options, Report, ResolvedCpu } from "./types.js";

/** The part of `Worker` that is used. */
export type WorkerLike = Pick<Worker, "postMessage" | "terminate" | "onmessage" | "onmessageerror" | "onerror">;

export interface ClientOptions {
  /** Handed to `init` in the worker; a relative address counts from the page. */
  init?: { module_or_path?: string | URL | ArrayBuffer | WebAssembly.Module; pages?: string | URL };
  /** Handed to the worker's `Workspace`. */
  workspace?: Options;
}

interface Pending {
  method: Method;
  args: unknown[];
  settle(answer: Answer): void;
  fail(error: VirtlensError): void;
}

type Added = Parameters<Workspace["addDocument"]>;

/**
 * A `Workspace` in a worker: the same methods, as promises. The requests are sent one after another, so each sees
 * what stood before it. Of several checks the latest wins: an older one that has no answer yet is rejected with the
 * code `superseded`. A trap rejects the request that met it, with the code `trap`; the others are answered by a new
 * worker, into which the documents are loaded again.
 */
export class WorkspaceClient {
  readonly #spawn: () => WorkerLike;
  readonly #start: Parameters<Methods["start"]>;
  readonly #documents = new Map<string, Added>();
  #worker: WorkerLike | undefined;
  #queue: Pending[] = [];
  #current: Pending | undefined;
  #id = 0;
  #disposed = false;

  /** `worker` is the address of `virtlens/worker` as it is served, or a function that makes the worker. */
  constructor(worker: string | URL | (() => WorkerLike), options: ClientOptions = {}) {
    this.#spawn = typeof worker === "function" ? worker : () => new Worker(worker, { type: "module" });
    this.#start = [cloneable(options.init), options.workspace ?? {}];
  }

  async addDocument(name: string, content: string | Uint8Array, options?: HostOption): Promise<AddedDocument> {
    return this.#ask("addDocument", [name, content, options], () => {
      this.#documents.delete(name); // so that a document that is loaded again is the last again
      this.#documents.set(name, [name, content, options]);
    });
  }

  async removeDocument(name: string): Promise<boolean> {
    return this.#ask("removeDocument", [name], () => this.#documents.delete(name));
  }

  async check(xml: string, options?: HostOption): Promise<Report> {
    this.#supersede();
    return this.#ask("check", [xml, options]);
  }

  async resolveCpu(xml: string, options?: HostOption): Promise<ResolvedCpu> {
    return this.#ask("resolveCpu", [xml, options]);
  }

  async hosts(xml: string, options?: HostsOption): Promise<Hosts> {
    return this.#ask("hosts", [xml, options]);
  }

  async complete(xml: string, offset: number, options?: HostOption): Promise<Completion[]> {
    return this.#ask("complete", [xml, offset, options]);
  }

  async hover(xml: string, offset: number, options?: HostOption): Promise<Hover | null> {
    return this.#ask("hover", [xml, offset, options]);
  }

  async compareCpu(host: string, cpu: string, options?: ArchOption): Promise<CpuComparison> {
    return this.#ask("compareCpu", [host, cpu, options]);
  }

  async baselineCpu(cpus: string[], options?: BaselineOptions): Promise<CommonCpu> {
    return this.#ask("baselineCpu", [cpus, options]);
  }

  async expandCpu(model: string, options?: ArchOption): Promise<string[]> {
    return this.#ask("expandCpu", [model, options]);
  }

  async explain(code: string): Promise<string> {
    return this.#ask("explain", [code]);
  }

  async catalogue(): Promise<CatalogueEntry[]> {
    return this.#ask("catalogue", []);
  }

  /** Ends the worker; what has no answer yet, and what is asked later, is rejected with the code `disposed`. */
  dispose(): void {
    this.#disposed = true;
    this.#abandon(disposed());
  }

  #ask<M extends Method>(method: M, args: Parameters<Methods[M]>, done?: () => void): Promise<ReturnType<Methods[M]>> {
    return new Promise((resolve, reject) => {
      if (this.#disposed) return reject(disposed());
      const settle = (answer: Answer) => {
        if ("error" in answer) return reject(asVirtlensError(answer.error));
        done?.();
        resolve(answer.result as ReturnType<Methods[M]>);
      };
      this.#queue.push({ method, args, settle, fail: reject });
      this.#next();
    });
  }

  #supersede(): void {
    const checks = [...(this.#current ? [this.#current] : []), ...this.#queue].filter((pending) => pending.method === "check");
    this.#queue = this.#queue.filter((pending) => pending.method !== "check");
    for (const check of checks) check.fail(new VirtlensError("superseded", "a newer check took the place of this one"));
  }

  #next(): void {
    if (this.#current !== undefined || this.#queue.length === 0) return;
    try {
      this.#worker ??= this.#launch();
    } catch (cause) {
      return this.#abandon(new VirtlensError("worker-failed", `the worker cannot be made: ${asVirtlensError(cause).message}`, { cause }));
    }
    const next = (this.#current = this.#queue.shift() as Pending);
    try {
      this.#worker.postMessage({ id: ++this.#id, method: next.method, args: next.args });
    } catch (cause) {
      this.#current = undefined;
      next.fail(new VirtlensError("bad-argument", `what \`${next.method}\` was given cannot be sent to a worker: ${asVirtlensError(cause).message}`, { cause }));
      this.#next();
    }
  }

  #launch(): WorkerLike {
    const worker = this.#spawn();
    worker.onmessage = (event: MessageEvent<Answer>) => this.#receive(event.data);
    worker.onmessageerror = () => this.#abandon(new VirtlensError("worker-failed", "the worker's answer cannot be read"));
    worker.onerror = (event) => this.#abandon(new VirtlensError("worker-failed", `the worker cannot run: ${event.message || "its script cannot be loaded"}`));
    const load = [...this.#documents.values()].map((args) => this.#internal("addDocument", args));
    this.#queue.unshift(this.#internal("start", this.#start), ...load);
    return worker;
  }

  /** A step of bringing a worker up. Where one fails, everything that waits for the worker gets its error. */
  #internal(method: Method, args: unknown[]): Pending {
    const fail = (error: VirtlensError) => this.#abandon(error);
    return { method, args, fail, settle: (answer) => "error" in answer && fail(asVirtlensError(answer.error)) };
  }

  #receive(answer: Answer): void {
    const current = this.#current;
    if (current === undefined || answer.id !== this.#id) return;
    this.#current = undefined;
    if ("error" in answer && answer.error.code === "trap") this.#drop();
    current.settle(answer);
    this.#next();
  }

  #drop(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
  }

  #abandon(error: VirtlensError): void {
    const waiting = [...(this.#current ? [this.#current] : []), ...this.#queue];
    this.#drop();
    this.#current = undefined;
    this.#queue = [];
    for (const pending of waiting) pending.fail(error);
  }
}

function disposed(): VirtlensError {
  return new VirtlensError("disposed", "the client was disposed of");
}

/** Addresses as text that means the same in the worker. */
function cloneable(init: ClientOptions["init"] = {}): InitOptions {
  const absolute = <T>(value: T) => (typeof value === "string" || value instanceof URL ? new URL(value, globalThis.document?.baseURI ?? globalThis.location?.href).href : value);
  return Object.fromEntries(Object.entries(init).map(([name, value]) => [name, absolute(value)]));
}
