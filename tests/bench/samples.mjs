// What is measured: the corpus beside the project, and domains that are made here.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");
const shared = join(root, "../shared");
const read = (...path) => readFileSync(join(...path), "utf8");

/** The documents of one host, for a domain of its q35 with KVM. */
function documents() {
  const host = join(root, "tests/hosts/libvirt-12.8.0_qemu-11.1");
  return ["x86_64-q35-kvm.xml", "capabilities.xml", "version.txt"].map((name) => ({ name, text: read(host, name) }));
}

/** The domains of the corpus that libvirt's schema accepts, all brought to the machine and CPU that the documents are about. */
function corpus() {
  const table = join(shared, "corpus/schema.jsonl");
  if (!existsSync(table)) return [];
  const rows = readFileSync(table, "utf8").trim().split("\n").map(JSON.parse);
  const valid = rows.filter((row) => row["schema_valid_12.8.0"] && row.root === "domain");
  return [...new Set(valid.map((row) => onHost(read(shared, "corpus", row.file))))];
}

function onHost(xml) {
  const typed = xml.replace(/(<domain\b[^>]*\btype=)(["'])\w+\2/, "$1$2kvm$2").replace(/<type\b[^>]*>[^<]*<\/type>/, "<type arch='x86_64' machine='q35'>hvm</type>");
  return hostModel(typed);
}

function hostModel(xml) {
  const written = /<cpu(?:\s[^>]*)?(?:\/>|>[\s\S]*?<\/cpu>)/;
  if (!written.test(xml)) return xml.replace(/<devices\b|<\/domain>/, (next) => `<cpu mode='host-model'/>\n  ${next}`);
  return xml.replace(written, (cpu) => {
    const kept = cpu.match(/<topology\b[^>]*\/>|<numa>[\s\S]*?<\/numa>/g) ?? [];
    return `<cpu mode='host-model'>${kept.join("")}</cpu>`;
  });
}

/** libvirt's schema for domains, by file, or null. */
function schema() {
  const folder = join(shared, "reference/schemas-12.8.0");
  return existsSync(folder) ? Object.fromEntries(readdirSync(folder).map((file) => [file, read(folder, file)])) : null;
}

const letters = (n) => (n < 26 ? "" : letters(Math.floor(n / 26) - 1)) + String.fromCharCode(97 + (n % 26));
const hex = (n, width) => n.toString(16).padStart(width, "0");

const kinds = [
  (n) => `    <disk type='file' device='disk'>
      <driver name='qemu' type='qcow2' cache='none' io='native' discard='unmap'/>
      <source file='/var/lib/libvirt/images/guest-${n}.qcow2'/>
      <target dev='vd${letters(n)}' bus='virtio'/>
      <iotune>
        <total_iops_sec>2000</total_iops_sec>
      </iotune>
      <serial>disk-${n}</serial>
      <alias name='ua-disk-${n}'/>
    </disk>`,
  (n) => `    <interface type='network'>
      <mac address='52:54:00:${hex(n >> 16, 2)}:${hex((n >> 8) & 255, 2)}:${hex(n & 255, 2)}'/>
      <source network='default'/>
      <target dev='tap${n}'/>
      <model type='virtio'/>
      <driver name='vhost' queues='4' rx_queue_size='1024'/>
      <mtu size='9000'/>
      <link state='up'/>
      <alias name='ua-net-${n}'/>
    </interface>`,
  (n) => `    <channel type='unix'>
      <source mode='bind' path='/var/lib/libvirt/qemu/channel-${n}'/>
      <target type='virtio' name='org.example.channel.${n}'/>
      <alias name='ua-channel-${n}'/>
    </channel>`,
];

/** A domain with so many devices. */
function domain(devices) {
  return `<domain type='kvm'>
  <name>guest</name>
  <uuid>4dea22b3-1d52-d8f3-2516-782e98ab3fa0</uuid>
  <memory unit='GiB'>8</memory>
  <currentMemory unit='GiB'>8</currentMemory>
  <vcpu placement='static'>8</vcpu>
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
    <boot dev='hd'/>
  </os>
  <features>
    <acpi/>
    <apic/>
  </features>
  <cpu mode='host-model' check='partial'/>
  <clock offset='utc'>
    <timer name='rtc' tickpolicy='catchup'/>
    <timer name='pit' tickpolicy='delay'/>
    <timer name='hpet' present='no'/>
  </clock>
  <on_poweroff>destroy</on_poweroff>
  <on_reboot>restart</on_reboot>
  <on_crash>destroy</on_crash>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
${Array.from({ length: devices }, (_, n) => kinds[n % kinds.length](n)).join("\n")}
  </devices>
</domain>
`;
}

export function samples() {
  const counts = [10, 30, 100, 300, 1000, 3000, 5000];
  return { documents: documents(), schema: schema(), corpus: corpus(), large: domain(30), series: counts.map((devices) => ({ devices, xml: domain(devices) })) };
}
