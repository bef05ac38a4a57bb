/** Real documents to begin with: what two hosts printed, and a domain for each. */
import aarch64Caps from "../../tests/hosts/libvirt-12.8.0_qemu-11.1/aarch64-virt-qemu.xml?url";
import kvmCapabilities from "../../tests/hosts/libvirt-12.8.0_qemu-11.1/capabilities.xml?url";
import kvmVersion from "../../tests/hosts/libvirt-12.8.0_qemu-11.1/version.txt?url";
import kvmCaps from "../../tests/hosts/libvirt-12.8.0_qemu-11.1/x86_64-q35-kvm.xml?url";
import oldCapabilities from "../../tests/hosts/libvirt-9.0.0_qemu-7.2/capabilities.xml?url";
import oldVersion from "../../tests/hosts/libvirt-9.0.0_qemu-7.2/version.txt?url";
import oldCaps from "../../tests/hosts/libvirt-9.0.0_qemu-7.2/x86_64-q35-qemu.xml?url";
import aarch64Domain from "../samples/aarch64.xml?url";
import kvmDomain from "../samples/kvm-q35.xml?url";
import oldDomain from "../samples/old-qemu.xml?url";
import { byId, button, h } from "./dom";

export interface Sample {
  title: string;
  about: string;
  /** The name its documents' host goes by. */
  host: string;
  domain: string;
  documents: [name: string, url: string][];
}

export const SAMPLES: readonly [Sample, ...Sample[]] = [
  {
    title: "A web server under KVM",
    about: "q35, host-model, a disk from an older machine; libvirt 12.8.0, QEMU 11.1",
    host: "sample host",
    domain: kvmDomain,
    documents: [
      ["capabilities.xml", kvmCapabilities],
      ["version.txt", kvmVersion],
      ["domcaps.xml", kvmCaps],
    ],
  },
  {
    title: "Arm, emulated",
    about: "aarch64 virt, where host-model is not supported; libvirt 12.8.0",
    host: "sample host",
    domain: aarch64Domain,
    documents: [
      ["capabilities.xml", kvmCapabilities],
      ["version.txt", kvmVersion],
      ["domcaps-aarch64.xml", aarch64Caps],
    ],
  },
  {
    title: "An older host, emulated",
    about: "q35 without KVM: host-model that is not the host's; libvirt 9.0.0, QEMU 7.2",
    host: "sample host",
    domain: oldDomain,
    documents: [
      ["capabilities.xml", oldCapabilities],
      ["version.txt", oldVersion],
      ["domcaps.xml", oldCaps],
    ],
  },
];

export async function read(url: string): Promise<string> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  return response.text();
}

export function startSamples(choose: (sample: Sample) => void): void {
  const menu = byId<HTMLDetailsElement>("samples");
  const items = SAMPLES.map((sample) => {
    const item = button(sample.title, () => {
      menu.open = false;
      choose(sample);
    });
    item.append(h("small", {}, sample.about));
    return h("li", {}, item);
  });
  menu.querySelector("ul")?.append(...items);
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target as Node)) menu.open = false;
  });
}
