import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const colours = HighlightStyle.define([
  { tag: [tags.tagName, tags.angleBracket], color: "var(--code-tag)" },
  { tag: tags.attributeName, color: "var(--code-name)" },
  { tag: tags.attributeValue, color: "var(--code-value)" },
  { tag: [tags.comment, tags.processingInstruction, tags.documentMeta], color: "var(--text-subtle)", fontStyle: "italic" },
]);

const control = {
  padding: "1px 8px",
  border: "1px solid var(--border-control)",
  borderRadius: "var(--radius)",
  background: "transparent",
  color: "var(--text)",
  font: "400 0.8125rem/1.5 var(--font)",
  cursor: "pointer",
};

const looks = EditorView.theme({
  "&": { height: "100%", color: "var(--text)", backgroundColor: "var(--bg)", fontSize: "14px" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.5", overflow: "auto" },
  ".cm-content": { caretColor: "var(--text)", padding: "var(--sm) 0" },
  ".cm-cursor": { borderLeftColor: "var(--text)", borderLeftWidth: "2px" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { background: "var(--bg-selected)" },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--bg-hover) 60%, transparent)" },
  ".cm-gutters": { backgroundColor: "var(--bg)", color: "var(--text-subtle)", border: "none", borderRight: "1px solid var(--border)" },
  ".cm-activeLineGutter": { backgroundColor: "var(--bg-hover)", color: "var(--text)" },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "3ch" },
  ".cm-placeholder": { color: "var(--text-subtle)", fontFamily: "var(--font)" },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": { backgroundColor: "var(--bg-selected)", outline: "none" },
  ".cm-told": { backgroundColor: "var(--bg-selected)" },
  ".cm-panels": { backgroundColor: "var(--bg-page)", color: "var(--text)", borderColor: "var(--border)" },
  ".cm-panel.cm-search": { padding: "var(--xs) var(--sm)", fontFamily: "var(--font)" },
  ".cm-panel.cm-search label": { fontSize: "var(--font-xs)" },
  ".cm-panel.cm-search [name=close]": { ...control, borderColor: "transparent" },
  ".cm-textfield": { ...control, background: "var(--bg)", cursor: "text" },
  ".cm-button": { ...control, backgroundImage: "none" },
  ".cm-told-token": { outline: "1px solid var(--accent)", borderRadius: "2px" },
  ".cm-searchMatch": { backgroundColor: "transparent", outline: "1px solid var(--border-control)" },
  ".cm-searchMatch-selected": { backgroundColor: "var(--bg-selected)" },
});

/** Underlines differ in line as well as in colour: waves, double, dotted, thin. */
const findings = EditorView.theme({
  ".cm-finding": { textUnderlineOffset: "3px", textDecorationSkipInk: "none" },
  ".cm-error": { textDecoration: "underline wavy 1.5px var(--danger)" },
  ".cm-warning": { textDecoration: "underline double 1.5px var(--warning)" },
  ".cm-info": { textDecoration: "underline dotted 2px var(--info)" },
  ".cm-hint": { textDecoration: "underline solid 1px var(--text-subtle)" },
  ".cm-here": { backgroundColor: "var(--bg-selected)", borderRadius: "2px" },
  ".cm-stale": { textDecoration: "underline dashed 1px var(--border-control)" },
  ".cm-signs": { width: "44px" },
  ".cm-signs .cm-gutterElement": { padding: "2px 0 0 4px", cursor: "pointer" },
  ".cm-sign": { display: "flex", alignItems: "start", gap: "4px" },
  ".cm-signs .bulb": { width: "14px", height: "16px", flex: "none", color: "var(--warning)" },
  ".sign": { width: "16px", height: "16px", flex: "none" },
  ".sign.error": { color: "var(--danger)" },
  ".sign.warning": { color: "var(--warning)" },
  ".sign.info": { color: "var(--info)" },
  ".sign.hint, .sign.stale": { color: "var(--text-subtle)" },
  ".cm-tooltip": {
    maxWidth: "34rem",
    padding: "var(--sm)",
    border: "1px solid var(--border)",
    borderRadius: "var(--radius)",
    backgroundColor: "var(--bg-float)",
    boxShadow: "var(--shadow)",
    color: "var(--text)",
    font: "400 0.875rem/1.5 var(--font)",
  },
  ".cm-explained + .cm-explained": { marginTop: "var(--sm)", paddingTop: "var(--sm)", borderTop: "1px solid var(--border)" },
  ".cm-explained p": { margin: "0", overflowWrap: "anywhere" },
  "code": { fontFamily: "var(--mono)", fontSize: "0.9em" },
  ".cm-explained .head": { display: "flex", gap: "var(--xs)", alignItems: "center", color: "var(--text-subtle)", fontSize: "var(--font-xs)" },
  ".cm-fixes": { display: "flex", flexDirection: "column", gap: "2px" },
  ".cm-fixes button": { ...control, border: "0", textAlign: "start" },
  ".cm-fixes button:hover, .cm-fixes button:focus": { background: "var(--bg-selected)", outline: "2px solid var(--accent)", outlineOffset: "-2px" },
  ".cm-caveat-space": { padding: "2px 12px 4px 2ch" },
  ".cm-caveat": {
    padding: "4px 12px",
    borderLeft: "3px solid var(--info)",
    background: "var(--bg-page)",
    font: "400 0.8125rem/1.5 var(--font)",
    whiteSpace: "normal",
  },
  ".cm-caveat.error": { borderLeftColor: "var(--danger)" },
  ".cm-caveat.warning": { borderLeftColor: "var(--warning)" },
  ".cm-caveat p": { margin: "0", maxWidth: "75ch" },
  ".cm-caveat .links": { display: "flex", flexWrap: "wrap", gap: "2px 14px", marginTop: "2px" },
  ".cm-caveat.folded": { display: "flex", gap: "14px" },
  ".cm-caveat.folded p": { flex: "1", minWidth: "0", overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" },
  ".cm-caveat.folded .links": { flexWrap: "nowrap", marginTop: "0" },
  "button.link": { padding: "0", border: "0", background: "none", color: "var(--link)", font: "inherit", textDecoration: "underline", textUnderlineOffset: "2px", cursor: "pointer" },
  "button:focus-visible": { outline: "2px solid var(--accent)", outlineOffset: "1px" },
});

export const theme = [looks, findings, syntaxHighlighting(colours)];
