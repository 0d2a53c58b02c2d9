import { columnsOf } from "./typography.ts";

/** RFC 5322 §2.1.1 wants 78 columns at most; 72 leaves room to be quoted twice. */
export const TEXT_COLUMNS = 72;

/**
 * The plain-text part, wrapped at 72 columns: a line's own indent, list mark and quote mark are kept
 * by the lines that follow it, a URL is never broken, and ideographs (which have no spaces) break between
 * any two, but not before a closing mark.
 */
export function wrapText(text: string): string {
  // What binds words on a page only hinders whoever searches or quotes a plain text.
  const plain = text.replaceAll("\u00A0", " ").replaceAll(/[\u2066-\u2069]/g, "");
  const lines = plain.split("\n").flatMap(wrapLine);
  return `${lines
    .join("\n")
    .replace(/[^\S\n]+$/gm, "")
    .replace(/\n{3,}/g, "\n\n")
    .trim()}\n`;
}

function wrapLine(line: string): string[] {
  if (columnsOf(line) <= TEXT_COLUMNS || isUrl(line)) return [line];
  const [lead = ""] = /^\s*(?:(?:\d+\.|[*>])\s+)?/.exec(line) ?? [];
  // Of a quotation every line says that it is one (RFC 3676 §4.5).
  const hang = lead.startsWith(">") ? lead : " ".repeat(columnsOf(lead));
  const wrapped: string[] = [];
  let current = lead;
  for (const piece of pieces(line.slice(lead.length))) {
    if (columnsOf(current + piece.trimEnd()) > TEXT_COLUMNS && current.trim() !== lead.trim()) {
      wrapped.push(current.trimEnd());
      current = hang;
    }
    current += current === hang ? piece.trimStart() : piece;
  }
  return [...wrapped, current.trimEnd()];
}

function isUrl(line: string): boolean {
  return /^\s*[a-z][a-z+.-]*:\S+$/i.test(line);
}

/** What may not be parted: words with the space after them, and single ideographs. */
function pieces(text: string): string[] {
  return (
    text.match(
      /[\u3041-\u30FF\u3400-\u4DBF\u4E00-\u9FFF][、。，．」』）！？ー]*\s*|[^\s\u3041-\u30FF\u3400-\u4DBF\u4E00-\u9FFF]+\s*|\s+/gu,
    ) ?? []
  );
}
