// What the tests of the package share.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import init, { Workspace } from "virtlens";

export const root = join(import.meta.dirname, "../..");
/** The program, as built. */
export const PROGRAM = process.env.VIRTLENS ?? join(root, "target/release/virtlens");

const host = join(root, "tests/hosts/libvirt-12.8.0_qemu-11.1");

export const DOCUMENTS = ["version.txt", "capabilities.xml", "x86_64-q35-kvm.xml"].map((name) => ({ name, text: readFileSync(join(host, name), "utf8") }));

export const DOMAIN = readFileSync(join(import.meta.dirname, "domains/faulty.xml"), "utf8");

/** A workspace with the documents of one host. */
export async function loaded(options) {
  await init();
  const workspace = new Workspace(options);
  for (const { name, text } of DOCUMENTS) workspace.addDocument(name, text, { host: "alpha" });
  return workspace;
}
