import type { Cpu, CpuMode, Diagnostic, DocumentKind, DocumentUse, Evidence, Fix, Position, Range, Related, Report, Skipped, TextEdit } from "./types.js";

/** Reads, in the order of their declaration, the fields that `src/wasm/flat.rs` wrote. */
class Reader {
  readonly #text: string;
  readonly #numbers: Uint32Array;
  #unit = 0;
  #at = 0;

  constructor(text: string, numbers: Uint32Array) {
    this.#text = text;
    this.#numbers = numbers;
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
    return this.#text.slice(start, this.#unit) as T;
  }

  option<T>(read: (from: Reader) => T): T | null {
    return this.flag() ? read(this) : null;
  }

  list<T>(read: (from: Reader) => T): T[] {
    const list: T[] = [];
    for (let left = this.number(); left > 0; left--) list.push(read(this));
    return list;
  }
}

/** The report that the module wrote as a text and numbers. */
export function readReport(text: string, numbers: Uint32Array): Report {
  const from = new Reader(text, numbers);
  return {
    diagnostics: from.list(diagnostic),
    counts: { error: from.number(), warning: from.number(), info: from.number(), hint: from.number() },
    skipped: from.list(skipped),
    documents: from.list(document),
    cpu: from.option(cpu),
  };
}

const word = <T extends string>(from: Reader): T => from.text<T>();

function diagnostic(from: Reader): Diagnostic {
  return {
    code: from.text(),
    severity: from.text(),
    phase: from.text(),
    certainty: from.text(),
    message: from.text(),
    range: range(from),
    related: from.list(related),
    evidence: from.list(evidence),
    fixes: from.list(fix),
    docs: from.text(),
  };
}

function range(from: Reader): Range {
  return { start: position(from), end: position(from) };
}

function position(from: Reader): Position {
  return { offset: from.number(), line: from.number(), column: from.number() };
}

function related(from: Reader): Related {
  return { range: range(from), message: from.text() };
}

function evidence(from: Reader): Evidence {
  return { document: from.text(), range: range(from), message: from.text() };
}

function fix(from: Reader): Fix {
  return { title: from.text(), effect: from.text(), edits: from.list(edit) };
}

function edit(from: Reader): TextEdit {
  return { range: range(from), newText: from.text() };
}

function skipped(from: Reader): Skipped {
  return { needs: from.text(), codes: from.list(word), message: from.text() };
}

function document(from: Reader): DocumentUse {
  return { name: from.text(), kind: from.text<DocumentKind>(), host: from.text(), used: from.flag(), reason: from.text() };
}

function cpu(from: Reader): Cpu {
  return {
    asked: from.text<CpuMode>(),
    mode: from.text<CpuMode>(),
    model: from.option(word),
    vendor: from.option(word),
    exact: from.flag(),
    startable: from.text(),
    blockers: from.list(word),
    caveats: from.list(word),
  };
}
