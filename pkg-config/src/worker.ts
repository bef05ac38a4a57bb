import init, { Workspace, catalogue, explain } from "./index.js";
import { VirtlensError, asVirtlensError } from "./errors.js";
import type { Answer, Method, Methods, Request } from "./protocol.js";

let workspace: Workspace | undefined;

function loaded(): Workspace {
  if (workspace === undefined) throw new VirtlensError("not-initialised", "the worker has not been started");
  return workspace;
}

const methods: { [M in Method]: (...args: Parameters<Methods[M]>) => ReturnType<Methods[M]> | Promise<ReturnType<Methods[M]>> } = {
  async start(source, options) {
    await init(source);
    workspace = new Workspace(options);
  },
  addDocument: (...args) => loaded().addDocument(...args),
  removeDocument: (...args) => loaded().removeDocument(...args),
  check: (...args) => loaded().check(...args),
  resolveCpu: (...args) => loaded().resolveCpu(...args),
  hosts: (...args) => loaded().hosts(...args),
  complete: (...args) => loaded().complete(...args),
  hover: (...args) => loaded().hover(...args),
  compareCpu: (...args) => loaded().compareCpu(...args),
  baselineCpu: (...args) => loaded().baselineCpu(...args),
  expandCpu: (...args) => loaded().expandCpu(...args),
  explain,
  catalogue,
};

async function answer({ id, method, args }: Request): Promise<Answer> {
  try {
    if (!Object.hasOwn(methods, method)) throw new VirtlensError("unknown-method", `the worker knows no method \`${method}\``);
    return { id, result: await (methods[method] as (...args: unknown[]) => unknown)(...args) };
  } catch (thrown) {
    const { code, message, document, range } = asVirtlensError(thrown);
    return { id, error: { code, message, document, range } };
  }
}

self.onmessage = async (event: MessageEvent<Request>) => self.postMessage(await answer(event.data));
