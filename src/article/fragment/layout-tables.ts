interface Table {
  /** Where its own tags stand in the HTML, those of tables inside it left out. */
  readonly tags: { readonly start: number; readonly end: number; readonly isClosing: boolean }[];
  /** Cells in the row so far. */
  cells: number;
  /** Rows that have two cells or more. */
  wideRows: number;
  longestCell: number;
  holdsBlocks: boolean;
}

const TAG =
  /<(\/?)(table|thead|tbody|tr|th|td|caption|h[1-6]|ul|ol|pre|blockquote|figure)(?:\s[^<>]*)?>/g;
const BLOCKS: ReadonlySet<string> = new Set(
  "h1 h2 h3 h4 h5 h6 ul ol pre blockquote figure".split(" "),
);

// The cells of a table that says something are short. A newsletter's table holds the whole story.
const LONGEST_DATA_CELL = 400;

/**
 * Structural HTML (see structuralHtml) whose tables for layout, as newsletters are built of, are plain
 * containers; tables of data stay.
 */
export function unwrapLayoutTables(html: string): string {
  const tags = tablesOf(html)
    .filter(isLayout)
    .flatMap((table) => table.tags)
    .sort((a, b) => a.start - b.start);
  const parts: string[] = [];
  let from = 0;
  for (const { start, end, isClosing } of tags) {
    parts.push(html.slice(from, start), isClosing ? "</div>" : "<div>");
    from = end;
  }
  return parts.join("") + html.slice(from);
}

function tablesOf(html: string): Table[] {
  const all: Table[] = [];
  const open: Table[] = [];
  let cellStart = 0;
  for (const { 0: whole, 1: slash, 2: tag = "", index } of html.matchAll(TAG)) {
    const isClosing = slash === "/";
    const end = index + whole.length;
    if (tag === "table" && !isClosing) {
      for (const outer of open.slice(-1)) outer.holdsBlocks = true;
      const table = { tags: [], cells: 0, wideRows: 0, longestCell: 0, holdsBlocks: false };
      all.push(table);
      open.push(table);
    }
    const table = open.at(-1);
    if (!table) continue;
    if (BLOCKS.has(tag)) table.holdsBlocks = true;
    else table.tags.push({ start: index, end, isClosing });
    if (tag === "tr" && !isClosing) table.cells = 0;
    if (/^t[hd]$/.test(tag)) {
      if (isClosing) table.longestCell = Math.max(table.longestCell, index - cellStart);
      else if (++table.cells === 2) table.wideRows++;
      cellStart = end;
    }
    if (tag === "table" && isClosing) open.pop();
  }
  return all;
}

function isLayout({ wideRows, longestCell, holdsBlocks }: Table): boolean {
  return holdsBlocks || wideRows < 2 || longestCell > LONGEST_DATA_CELL;
}
