import type { ErrorData } from "./errors.js";
import type { CatalogueEntry } from "./pages.js";
import type { InitOptions, Workspace } from "./workspace.js";
import type { Options } from "./types.js";

/** What the worker can be asked: the methods of `Workspace`, and those of the module. */
export interface Methods {
  start(init: InitOptions, options: Options): void;
  addDocument: Workspace["addDocument"];
  removeDocument: Workspace["removeDocument"];
  check: Workspace["check"];
  resolveCpu: Workspace["resolveCpu"];
  hosts: Workspace["hosts"];
  complete: Workspace["complete"];
  hover: Workspace["hover"];
  compareCpu: Workspace["compareCpu"];
  baselineCpu: Workspace["baselineCpu"];
  expandCpu: Workspace["expandCpu"];
  explain(code: string): string;
  catalogue(): CatalogueEntry[];
}

export type Method = keyof Methods;

export interface Request {
  id: number;
  method: Method;
  args: unknown[];
}

/** The answer to the request of the same id. */
export type Answer = { id: number; result: unknown } | { id: number; error: ErrorData };
