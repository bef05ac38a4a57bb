/** One stop of the Tab key for a whole grid: arrow keys, Home and End move among its buttons. */
export function gridKeys(table: HTMLTableElement): void {
  const rows = [...table.tBodies].flatMap((body) => [...body.rows]).map((row) => [...row.cells].slice(1).map((cell) => cell.querySelector("button")));
  const all = rows.flat().filter((button) => button !== null);
  all.forEach((button, at) => (button.tabIndex = at === 0 ? 0 : -1));
  table.addEventListener("focusin", (event) => all.forEach((button) => (button.tabIndex = button === event.target ? 0 : -1)));
  table.addEventListener("keydown", (event) => {
    const row = rows.findIndex((buttons) => buttons.includes(event.target as HTMLButtonElement));
    const column = rows[row]?.indexOf(event.target as HTMLButtonElement) ?? -1;
    const next = step(rows, row, column, event.key);
    if (next === undefined) return;
    event.preventDefault();
    next.focus();
  });
}

type Buttons = (HTMLButtonElement | null)[][];

/** The next button that way; the gap on the diagonal is leapt over. */
function step(rows: Buttons, row: number, column: number, key: string): HTMLButtonElement | undefined {
  const way = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[key];
  if (way === undefined) {
    const line = (rows[row] ?? []).filter((button) => button !== null);
    return key === "Home" ? line[0] : key === "End" ? line.at(-1) : undefined;
  }
  const [down = 0, right = 0] = way;
  for (let far = 1; rows[row + far * down]?.[column + far * right] !== undefined; far++) {
    const button = rows[row + far * down]?.[column + far * right];
    if (button) return button;
  }
  return undefined;
}
