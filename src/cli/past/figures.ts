import { escapeHtml } from "../../article/paragraph-html.ts";
import { counted } from "../counted.ts";

export type Cell = string | number;

/** The figures of a chart as a table that one opens. Numbers stand right, words left. */
export function figures(
  name: string,
  headings: readonly string[],
  rows: readonly (readonly Cell[])[],
): string {
  const head = headings.map((heading) => `<th scope="col">${escapeHtml(heading)}</th>`).join("");
  const body = rows.map(([first = "", ...cells]) => {
    const row = cells.map((cell) => `<td>${textOf(cell)}</td>`).join("");
    return `<tr><th scope="row">${textOf(first)}</th>${row}</tr>`;
  });
  return `<details>
<summary>${escapeHtml(name)}</summary>
<div class="sideways" role="region" aria-label="${escapeHtml(name)}" tabindex="0">
<table>
<thead><tr>${head}</tr></thead>
<tbody>
${body.join("\n")}
</tbody>
</table>
</div>
</details>`;
}

function textOf(cell: Cell): string {
  return typeof cell === "number" ? counted(cell) : escapeHtml(cell);
}

/** A chart that is one picture to whoever hears the page, with what it shows in words. */
export function picture(said: string, inside: string): string {
  return `<div class="chart" role="img" aria-label="${escapeHtml(said)}">\n${inside}\n</div>`;
}
