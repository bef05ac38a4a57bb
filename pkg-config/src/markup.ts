const PIECES = /\*\*(.+?)\*\*|`([^`]+)`|\[([^\]]+)\]\((https:\/\/[^)\s]+)\)/g;

/** The Markdown that `complete` and `hover` answer, as elements: no markup is ever read as HTML. */
export function markup(markdown: string): HTMLElement {
  const out = document.createElement("div");
  for (const paragraph of markdown.split("\n\n")) {
    const block = out.appendChild(document.createElement(paragraph === "---" ? "hr" : "p"));
    if (paragraph !== "---") block.append(...inline(paragraph));
  }
  return out;
}

function inline(text: string): (Node | string)[] {
  const out: (Node | string)[] = [];
  let from = 0;
  for (const { 0: whole, 1: strong, 2: code, 3: name, 4: href, index } of text.matchAll(PIECES)) {
    out.push(text.slice(from, index));
    if (strong !== undefined) out.push(element("strong", ...inline(strong)));
    else if (code !== undefined) out.push(element("code", code));
    else if (name !== undefined && href !== undefined) out.push(Object.assign(element("a", name), { href, target: "_blank", rel: "noreferrer" }));
    from = index + whole.length;
  }
  out.push(text.slice(from));
  return out.filter((piece) => piece !== "");
}

function element<K extends keyof HTMLElementTagNameMap>(tag: K, ...content: (Node | string)[]): HTMLElementTagNameMap[K] {
  const out = document.createElement(tag);
  out.append(...content);
  return out;
}
