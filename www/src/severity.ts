import type { Diagnostic, Severity } from "virtlens";

export const SEVERITIES: readonly Severity[] = ["error", "warning", "info", "hint"];

export const WORDS: Record<Severity, string> = { error: "Error", warning: "Warning", info: "To know", hint: "Hint" };

const PHASES: Record<Diagnostic["phase"], string> = {
  syntax: "not well-formed",
  schema: "at define --validate",
  define: "at define",
  start: "at start",
  migrate: "at migration",
  dropped: "dropped",
  advice: "",
};

/** How bad, where, and when libvirt would speak. */
export function heading({ severity, phase, certainty }: Diagnostic, line: number): string {
  return [WORDS[severity], `line ${line}`, PHASES[phase], certainty === "likely" && "likely"].filter(Boolean).join(" · ");
}

/** One shape a severity, so that none is told by colour alone: a disc with a cross, a triangle, a ring with an i, a dot. */
const SHAPES: Record<Severity, string> = {
  error: "M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1zM5.700 4.300 4.300 5.700 6.600 8l-2.300 2.300 1.400 1.400L8 9.400l2.300 2.300 1.400-1.400L9.400 8l2.300-2.300-1.400-1.400L8 6.600z",
  warning: "M8 1.500 15.500 14.500H.500zM7.200 6v4.200h1.600V6zM7.200 11.300v1.600h1.600v-1.600z",
  info: "M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1zm0 1.500a5.500 5.500 0 1 0 0 11 5.500 5.500 0 0 0 0-11zM7.200 4.500v1.600h1.600V4.500zm0 2.700v4.600h1.600V7.200z",
  hint: "M8 4.500a3.500 3.500 0 1 1 0 7 3.500 3.500 0 0 1 0-7z",
};

const BULB = "M8 1a5 5 0 0 1 3 9v1.500H5V10a5 5 0 0 1 3-9zM5.500 12.500h5V14H9.500l-.5 1H7l-.5-1H5.500z";

export function sign(severity: Severity): SVGSVGElement {
  return shape(SHAPES[severity], `sign ${severity}`);
}

/** A fix is to be had. */
export function bulb(): SVGSVGElement {
  return shape(BULB, "bulb");
}

function shape(outline: string, name: string): SVGSVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", name);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", outline);
  path.setAttribute("fill", "currentColor");
  path.setAttribute("fill-rule", "evenodd");
  svg.append(path);
  return svg;
}

export function worst(diagnostics: readonly Diagnostic[]): Severity {
  return SEVERITIES.find((severity) => diagnostics.some((diagnostic) => diagnostic.severity === severity)) ?? "hint";
}
