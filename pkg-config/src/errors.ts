import type { Range } from "./types.js";

/** What any method of the package throws: a stable `code`, and, where a document is at fault, which and where. */
export class VirtlensError extends Error {
  override readonly name = "VirtlensError";
  readonly code: string;
  readonly document: string | null;
  readonly range: Range | null;

  constructor(code: string, message: string, place: { document?: string | null; range?: Range | null; cause?: unknown } = {}) {
    super(message, "cause" in place ? { cause: place.cause } : undefined);
    this.code = code;
    this.document = place.document ?? null;
    this.range = place.range ?? null;
  }
}

/** The same error as plain data, which survives the way out of WebAssembly or of a worker. */
export interface ErrorData {
  code: string;
  message: string;
  document: string | null;
  range: Range | null;
}

/** Plain data of an error, or anything else that was thrown, as a `VirtlensError`. A trap gets the code `trap`. */
export function asVirtlensError(thrown: unknown): VirtlensError {
  if (thrown instanceof VirtlensError) return thrown;
  if (isErrorData(thrown)) return new VirtlensError(thrown.code, thrown.message, thrown);
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new VirtlensError(thrown instanceof WebAssembly.RuntimeError ? "trap" : "failed", message, { cause: thrown });
}

function isErrorData(thrown: unknown): thrown is ErrorData {
  return typeof thrown === "object" && thrown !== null && "code" in thrown && typeof thrown.code === "string" && "message" in thrown && typeof thrown.message === "string";
}
