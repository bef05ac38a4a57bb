/** Markdown as elements. The text is parsed into tokens and each token made into an element: no markup is ever read as HTML. */
import { lexer, type Token, type Tokens } from "marked";
import { h } from "./dom";

export function markdown(source: string): HTMLElement {
  return h("article", { class: "page" }, ...blocks(lexer(source)));
}

/** The first heading, and the rest. */
export function splitTitle(source: string): { title: string; rest: string } {
  const [first = "", ...rest] = source.trimStart().split("\n");
  return { title: first.replace(/^#+\s*/, "").replaceAll("`", ""), rest: rest.join("\n") };
}

function blocks(tokens: Token[]): Node[] {
  return tokens.flatMap((token) => block(token) ?? []);
}

function block(token: Token): Node | undefined {
  switch (token.type) {
    case "heading":
      return h(token["depth"] > 2 ? "h4" : "h3", {}, ...inline(token.tokens));
    case "paragraph":
      return h("p", {}, ...inline(token.tokens));
    case "code":
      return code(token as Tokens.Code);
    case "blockquote":
      return h("blockquote", {}, ...blocks(token.tokens ?? []));
    case "list":
      return list(token as Tokens.List);
    case "table":
      return table(token as Tokens.Table);
    case "hr":
      return h("hr");
    case "space":
    case "def":
      return undefined;
    case "text":
      return h("span", {}, ...(token.tokens ? inline(token.tokens) : [token["text"] as string]));
    default:
      return document.createTextNode(token.raw);
  }
}

/** The first word after the fence says the language; `bad` and `good` say what the example shows. */
function code({ text, lang = "" }: Tokens.Code): Node {
  const words = lang.split(/[\s,]+/);
  const told = words.includes("bad") ? "This is found:" : words.includes("good") ? "This is not:" : undefined;
  const pre = h("pre", { tabindex: 0 }, h("code", {}, text));
  return told === undefined ? pre : h("figure", { class: "example" }, h("figcaption", {}, told), pre);
}

function list(token: Tokens.List): Node {
  const items = token.items.map((item) => h("li", {}, ...blocks(item.tokens)));
  return token.ordered ? h("ol", {}, ...items) : h("ul", {}, ...items);
}

function table(token: Tokens.Table): Node {
  const head = h("tr", {}, ...token.header.map((cell) => h("th", { scope: "col" }, ...inline(cell.tokens))));
  const rows = token.rows.map((row) => h("tr", {}, ...row.map((cell) => h("td", {}, ...inline(cell.tokens)))));
  return h("table", {}, h("thead", {}, head), h("tbody", {}, ...rows));
}

function inline(tokens: Token[] | undefined): Node[] {
  return (tokens ?? []).map(span);
}

function span(token: Token): Node {
  switch (token.type) {
    case "strong":
      return h("strong", {}, ...inline(token.tokens));
    case "em":
      return h("em", {}, ...inline(token.tokens));
    case "codespan":
      return h("code", {}, token["text"] as string);
    case "link":
      return anchor(token as Tokens.Link);
    case "br":
      return h("br");
    case "text":
    case "escape":
      return token.type === "text" && token.tokens ? h("span", {}, ...inline(token.tokens)) : document.createTextNode(token["text"] as string);
    default:
      return document.createTextNode(token.raw);
  }
}

function anchor(token: Tokens.Link): Node {
  const safe = /^https?:\/\//.test(token.href);
  return safe ? h("a", { href: token.href, target: "_blank", rel: "noreferrer" }, ...inline(token.tokens)) : h("span", {}, ...inline(token.tokens));
}
