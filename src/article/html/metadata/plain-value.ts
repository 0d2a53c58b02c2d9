import { cleanText, oneLine } from "../../clean-text.ts";

const NAMED: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
  hellip: "…",
  ndash: "–",
  mdash: "—",
  lsquo: "‘",
  rsquo: "’",
  ldquo: "“",
  rdquo: "”",
  laquo: "«",
  raquo: "»",
};

/**
 * A value from a page's metadata as one line of plain text; undefined where it has none. Many sites
 * put HTML in it, escaped once too often.
 */
export function plainValue(value: unknown): string | undefined {
  if (typeof value !== "string" || value.length > 20_000) return undefined;
  const decoded = value.includes("&") ? decodeEntities(decodeEntities(value)) : value;
  const line = oneLine(cleanText(decoded.replace(/<\/?[a-z][^<>]{0,200}>/gi, " ")));
  return line === "" || line === "null" || line === "undefined" ? undefined : line;
}

function decodeEntities(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,8}));/gi,
    (entity, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return NAMED[name.toLowerCase()] ?? entity;
      const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
      return code > 0 && code <= 0x10_ff_ff ? String.fromCodePoint(code) : "";
    },
  );
}
