// One domain on 1,000 hosts, whose documents are loaded: time and memory, in Node. On a busy machine the processor's time counts.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import init, { Workspace } from "../../pkg/node.js";

const folder = join(import.meta.dirname, "../hosts/libvirt-12.8.0_qemu-11.1");
const [caps, host, version] = ["x86_64-q35-kvm.xml", "capabilities.xml", "version.txt"].map((name) => readFileSync(join(folder, name), "utf8"));
const DOMAIN = `<domain type='kvm'><name>a</name><memory>1048576</memory><vcpu>2</vcpu><os><type arch='x86_64' machine='q35'>hvm</type></os><cpu mode='host-model'/>
<devices><disk type='file' device='disk'><source file='/a'/><target dev='vda' bus='virtio'/></disk><interface type='network'><source network='default'/></interface></devices></domain>`;

/** Each host has its own capabilities; its domain capabilities are its own or those of all. */
function load(hosts, own) {
  const workspace = new Workspace();
  for (let at = 0; at < hosts; at++) {
    const options = { host: `node${at}` };
    workspace.addDocument(`${at}/version`, version, options);
    workspace.addDocument(`${at}/capabilities`, host.replace(/<uuid>[^<]*/, `<uuid>${String(at).padStart(32, "0")}`), options);
    workspace.addDocument(`${at}/domcaps`, own ? caps.replace(/<vcpu max='\d+'/, `<vcpu max='${1000 + at}'`) : caps, options);
  }
  return workspace;
}

function least(call) {
  const times = Array.from({ length: 12 }, () => {
    const [start, busy] = [performance.now(), process.cpuUsage()];
    call();
    const { user, system } = process.cpuUsage(busy);
    return { wall: performance.now() - start, cpu: (user + system) / 1000 };
  });
  return { wall: Math.min(...times.map(({ wall }) => wall)), cpu: Math.min(...times.map(({ cpu }) => cpu)) };
}

await init();
for (const [hosts, own] of [[2, true], [32, true], [1000, false], [1000, true]]) {
  const before = process.memoryUsage.rss();
  const workspace = load(hosts, own);
  const megabytes = (process.memoryUsage.rss() - before) / 1e6;
  const all = least(() => workspace.hosts(DOMAIN));
  const from = least(() => workspace.hosts(DOMAIN, { from: "node1" }));
  const told = ({ wall, cpu }) => `${wall.toFixed(1)} ms (${cpu.toFixed(1)} of the processor)`;
  console.log(`${hosts} hosts, ${own ? "each its own documents" : "domain capabilities alike"}: ${told(all)}, from one of them ${told(from)}; ${megabytes.toFixed(0)} MB more`);
  workspace.free();
}
