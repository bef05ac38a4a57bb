import { VirtlensError } from "./errors.js";
import type { Completion, Cpu, CpuMode, Diagnostic, DocumentKind, DocumentUse, Evidence, Fix, Hover, Position, Range, Related, Report, Skipped, Stop, TextEdit } from "./types.js";

export const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The memory of the module, seen as bytes and as numbers; it may move at every call. */
export class Memory {
  readonly #memory: WebAssembly.Memory;
  #bytes = new Uint8Array();
  #numbers = new Uint32Array();

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory;
  }

  /** So many bytes from there. Nothing is left of them once the memory has moved. */
  part(at: number, length: number): Uint8Array<ArrayBuffer> {
    this.#look();
    return this.#bytes.subarray(at, at + length);
  }

  #look(): void {
    // to ask the memory where it is costs more than all else here
    if (this.#bytes.length > 0) return;
    this.#bytes = new Uint8Array(this.#memory.buffer);
    this.#numbers = new Uint32Array(this.#memory.buffer);
  }

  /** The report that the module wrote there; `words` are those that this workspace has sent before. */
  report(at: number, words: string[]): Report {
    return report(this.#read(at, words));
  }

  /** What may stand at a place, as the module wrote it there. */
  completions(at: number, words: string[]): Completion[] {
    return this.#read(at, words).list(completion);
  }

  /** What is known of a token, as the module wrote it there. */
  hover(at: number, words: string[]): Hover | null {
    return this.#read(at, words).option(hover);
  }

  #read(at: number, words: string[]): Reader {
    if (at === 0) throw new VirtlensError("failed", "the module cannot write its answer");
    this.#look();
    const from = new Reader(this.#numbers, at / 4, words);
    const [start, length] = [from.number(), from.number()];
    from.texts = decoder.decode(this.part(start, length));
    return from;
  }
}

/** What one text needed is kept for the next, but for the room of a long one. */
const LONG = 1 << 20;

/** Where a workspace reads the text of a domain. */
export class Room {
  readonly #memory: Memory;
  /** Makes it, for so many bytes, and answers where it is. */
  readonly #make: (bytes: number) => number;
  #bytes = new Uint8Array();

  constructor(memory: Memory, make: (bytes: number) => number) {
    this.#memory = memory;
    this.#make = make;
  }

  /** Puts `text` there as UTF-8, and answers how many bytes it takes: most often one a unit. */
  put(text: string): number {
    for (let most = text.length; ; most *= 3) {
      if (this.#bytes.length < most || this.#bytes.length > LONG) this.#bytes = this.#memory.part(this.#make(most), most);
      const { read, written } = encoder.encodeInto(text, this.#bytes);
      if (read === text.length) return written;
    }
  }
}

/** Added to the number of a word whose text follows. */
const NEW = 0x80000000;
/** In the place of the number of a word that has none. */
const LOOSE = 0xffffffff;

/** Reads, in the order of their declaration, the fields that `src/wasm/flat.rs` wrote. */
class Reader {
  /** All texts, one after another. */
  texts = "";
  readonly #numbers: Uint32Array;
  readonly #words: string[];
  #unit = 0;
  #at: number;

  constructor(numbers: Uint32Array, at: number, words: string[]) {
    this.#numbers = numbers;
    this.#at = at;
    this.#words = words;
  }

  number(): number {
    return this.#numbers[this.#at++] as number;
  }

  flag(): boolean {
    return this.number() === 1;
  }

  text<T extends string>(): T {
    const start = this.#unit;
    this.#unit += this.number();
    return this.texts.slice(start, this.#unit) as T;
  }

  /** A word that is sent once: its number, with its text where that comes for the first time or has none. */
  word<T extends string>(): T {
    const number = this.number();
    if (number === LOOSE) return this.text();
    if (number < NEW) return this.#words[number] as T;
    return (this.#words[number - NEW] = this.text<T>());
  }

  option<T>(read: (from: Reader) => T): T | null {
    return this.flag() ? read(this) : null;
  }

  list<T>(read: (from: Reader) => T): T[] {
    const count = this.number();
    if (count === 0) return [];
    // a list that grows from nothing makes room for seventeen
    const list = [read(this)];
    for (let left = count - 1; left > 0; left--) list.push(read(this));
    return list;
  }
}

function report(from: Reader): Report {
  return {
    diagnostics: from.list(diagnostic),
    counts: { error: from.number(), warning: from.number(), info: from.number(), hint: from.number() },
    skipped: from.list(skipped),
    documents: from.list(document),
    cpu: from.option(cpu),
  };
}

function completion(from: Reader): Completion {
  return {
    label: from.text(),
    kind: from.text<Completion["kind"]>(),
    detail: from.text(),
    documentation: from.text(),
    range: range(from),
    newText: from.text(),
    stops: from.list(stop),
  };
}

function stop(from: Reader): Stop {
  return { from: from.number(), to: from.number() };
}

function hover(from: Reader): Hover {
  return { contents: from.text(), range: range(from) };
}

const text = <T extends string>(from: Reader): T => from.text<T>();
const word = <T extends string>(from: Reader): T => from.word<T>();

function diagnostic(from: Reader): Diagnostic {
  return {
    code: from.word(),
    severity: from.word(),
    phase: from.word(),
    certainty: from.word(),
    message: from.word(),
    range: range(from),
    related: from.list(related),
    evidence: from.list(evidence),
    fixes: from.list(fix),
    docs: from.word(),
  };
}

function range(from: Reader): Range {
  return { start: position(from), end: position(from) };
}

function position(from: Reader): Position {
  return { offset: from.number(), line: from.number(), column: from.number() };
}

function related(from: Reader): Related {
  return { range: range(from), message: from.word() };
}

function evidence(from: Reader): Evidence {
  return { document: from.word(), range: range(from), message: from.word() };
}

function fix(from: Reader): Fix {
  return { title: from.word(), effect: from.word(), edits: from.list(edit) };
}

function edit(from: Reader): TextEdit {
  return { range: range(from), newText: from.word() };
}

function skipped(from: Reader): Skipped {
  return { needs: from.word(), codes: from.list(word), message: from.word() };
}

function document(from: Reader): DocumentUse {
  return { name: from.word(), kind: from.word<DocumentKind>(), host: from.word(), used: from.flag(), reason: from.word() };
}

function cpu(from: Reader): Cpu {
  return {
    asked: from.word<CpuMode>(),
    mode: from.word<CpuMode>(),
    model: from.option(text),
    vendor: from.option(text),
    exact: from.flag(),
    startable: from.word(),
    blockers: from.list(text),
    caveats: from.list(word),
  };
}
