// Runs in Node and in a browser: no module of either.

/** What is compared; each is a function of one text. `libxml2` is null without the schema; `complete` and `hover` have no peer. */
export async function engines({ bare, virtlens, libxml2 }, { documents, schema }) {
  await virtlens.default();
  const workspace = new virtlens.Workspace();
  for (const { name, text } of documents) workspace.addDocument(name, text, { host: "bench" });
  const complete = (xml) => workspace.complete(xml, xml.lastIndexOf("</devices>"));
  const hover = (xml) => workspace.hover(xml, xml.lastIndexOf("<target") + 1);
  return { bare: bare.parse, report: (xml) => workspace.check(xml), libxml2: schema && validator(libxml2, schema), complete, hover };
}

function validator(libxml2, schema) {
  const { RelaxNGValidator, XmlBufferInputProvider, XmlDocument, XmlValidateError, xmlRegisterInputProvider } = libxml2;
  const encoder = new TextEncoder();
  const files = Object.entries(schema).map(([file, text]) => [`http://schema/${file}`, encoder.encode(text)]);
  xmlRegisterInputProvider(new XmlBufferInputProvider(Object.fromEntries(files)));
  const grammar = XmlDocument.fromString(schema["domain.rng"], { url: "http://schema/domain.rng" });
  const rules = RelaxNGValidator.fromDoc(grammar);
  return (xml) => {
    const document = XmlDocument.fromString(xml);
    try {
      rules.validate(document);
      return true;
    } catch (error) {
      if (error instanceof XmlValidateError) return false;
      throw error;
    } finally {
      document.dispose();
    }
  };
}

const LEAST = 1; // ms a batch takes: 200 of the 5 µs steps in which Chromium's clock goes

/** ms a call takes, from as many calls as the clock needs. */
function once(run, text) {
  for (let calls = 1; ; calls *= 4) {
    const start = performance.now();
    for (let call = 0; call < calls; call++) run(text);
    const took = performance.now() - start;
    if (took >= LEAST) return took / calls;
  }
}

const ROUNDS = { corpus: 3, single: 15 };

/** The least of several rounds for each text, the engines in turn: what else runs on the machine only ever adds. */
function times(engines, texts, count) {
  const rounds = Array.from({ length: count }, () => texts.map((text) => mapValues(engines, (run) => once(run, text))));
  return mapValues(engines, (_, name) => texts.map((_, at) => Math.min(...rounds.map((round) => round[at][name]))));
}

export function measure({ complete, hover, ...all }, { corpus, large, series }) {
  const engines = Object.fromEntries(Object.entries(all).filter(([, run]) => run));
  const valid = engines.libxml2 ? corpus.filter(engines.libxml2) : corpus;
  for (const run of [...Object.values(engines), complete, hover]) for (let round = 0; round < 300; round++) run(large); // warm
  return {
    documents: valid.length,
    corpus: mapValues(times(engines, valid, ROUNDS.corpus), (each) => (each.length ? median(each) : null)),
    large: mapValues(times(engines, [large], ROUNDS.single), ([time]) => time),
    writing: mapValues(times({ complete, hover }, [large], ROUNDS.single), ([time]) => time),
    series: series.map(({ devices, xml }) => ({ devices, ...mapValues(times(engines, [xml], ROUNDS.single), ([time]) => time) })),
  };
}

function mapValues(object, change) {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value, name)]));
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
