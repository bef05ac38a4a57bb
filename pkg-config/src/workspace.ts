import load, { Workspace as Core } from "./virtlens.js";
import { VirtlensError, asVirtlensError } from "./errors.js";
import { Memory, Room, encoder } from "./flat.js";
import type { AddedDocument, ArchOption, BaselineOptions, CommonCpu, Completion, CpuComparison, HostOption, Hosts, HostsOption, Hover, Options, Report, ResolvedCpu } from "./types.js";

/** From where `init` takes the module, when not from beside the package's own files. */
export type ModuleSource = string | URL | Request | Response | ArrayBuffer | ArrayBufferView | WebAssembly.Module;

export interface InitOptions {
  module_or_path?: ModuleSource | Promise<ModuleSource>;
  /** The file of explanation pages (`virtlens_pages.json`); else it is looked for beside the module. */
  pages?: string | URL;
}

let started: Promise<void> | undefined;
let memory: Memory | undefined;

/** Compiles the module once; a failed attempt may be repeated. */
export function start(module: () => Promise<ModuleSource> | ModuleSource): Promise<void> {
  started ??= (async () => {
    memory = new Memory((await load({ module_or_path: (await module()) as BufferSource })).memory);
  })().catch((failure: unknown) => {
    started = undefined;
    throw new VirtlensError("module-not-loaded", `the WebAssembly module cannot be loaded: ${asVirtlensError(failure).message}`, { cause: failure });
  });
  return started;
}

function call<T>(action: () => T): T {
  try {
    return action();
  } catch (thrown) {
    throw asVirtlensError(thrown);
  }
}

/** The documents of one or several hosts, and what they say about a domain. Every method is synchronous and pure. */
export class Workspace {
  readonly #core: Core;
  readonly #memory: Memory;
  readonly #room: Room;
  /** Words of fixed sets, and texts that a document makes, which the module sends once. */
  readonly #words: string[] = [];

  constructor(options?: Options) {
    if (memory === undefined) throw new VirtlensError("not-initialised", "await init() before the first Workspace is made");
    this.#memory = memory;
    const core = call(() => new Core(options));
    this.#core = core;
    this.#room = new Room(memory, (bytes) => core.room(bytes));
  }

  /** Loads a document, or replaces the one of that name; its kind is told from its content. */
  addDocument(name: string, content: string | Uint8Array, options?: HostOption): AddedDocument {
    // passed on as it is, a text would be copied unit by unit
    return call(() => this.#core.addDocument(name, typeof content === "string" ? encoder.encode(content) : content, hostOf(options)));
  }

  removeDocument(name: string): boolean {
    return call(() => this.#core.removeDocument(name));
  }

  check(xml: string, options?: HostOption): Report {
    return call(() => this.#memory.report(this.#core.check(this.#put(xml), hostOf(options)), this.#words));
  }

  /** What may stand at a place of a domain, however broken, the best first; `offset` counts UTF-16 code units. */
  complete(xml: string, offset: number, options?: HostOption): Completion[] {
    return call(() => this.#memory.completions(this.#core.complete(this.#put(xml), place(offset), hostOf(options)), this.#words));
  }

  /** What is known of what stands at a place of a domain, however broken; null where that is nothing. */
  hover(xml: string, offset: number, options?: HostOption): Hover | null {
    return call(() => this.#memory.hover(this.#core.hover(this.#put(xml), place(offset), hostOf(options)), this.#words));
  }

  #put(xml: string): number {
    if (typeof xml !== "string") throw new VirtlensError("usage", "a domain is a string");
    return this.#room.put(xml);
  }

  resolveCpu(xml: string, options?: HostOption): ResolvedCpu {
    return call(() => this.#core.resolveCpu(xml, hostOf(options)));
  }

  /** What becomes of a domain on every host of which documents are loaded, and of a running guest between them. */
  hosts(xml: string, options?: HostsOption): Hosts {
    return call(() => this.#core.hosts(xml, options));
  }

  /** Whether a host can run a CPU, each text a `<cpu>`, or what `virsh capabilities` or `virsh domcapabilities` prints. */
  compareCpu(host: string, cpu: string, options?: ArchOption): CpuComparison {
    return call(() => this.#core.compareCpu(host, cpu, options));
  }

  /** The CPU that runs on all those that the texts hold. */
  baselineCpu(cpus: string[], options?: BaselineOptions): CommonCpu {
    return call(() => this.#core.baselineCpu(cpus, options));
  }

  /** The features that a model stands for, in the order of libvirt's CPU map. */
  expandCpu(model: string, options?: ArchOption): string[] {
    return call(() => this.#core.expandCpu(model, options));
  }

  /** Gives the memory back; the workspace cannot be used afterwards. */
  free(): void {
    this.#core.free();
  }
}

function hostOf(options: HostOption | undefined): string | undefined {
  if (options === undefined || options === null) return undefined;
  const { host } = options;
  if (typeof options !== "object" || (host !== undefined && host !== null && typeof host !== "string")) throw new VirtlensError("usage", "options: `host` is a string");
  return host;
}

function place(offset: number): number {
  if (!Number.isSafeInteger(offset) || offset < 0) throw new VirtlensError("usage", "an offset is a whole number from 0");
  return Math.min(offset, 0xffff_ffff);
}
