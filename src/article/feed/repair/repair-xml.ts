import { FeedWriter, type FeedRoot } from "./feed-writer.ts";
import { piecesOf } from "../../markup/markup-pieces.ts";

/**
 * A feed as well-formed XML with one root, whatever stood around it; undefined where no feed is in the text.
 * Mended are stray ampersands and `<`, control characters, tags left open or closed twice, missing roots,
 * names that only older feeds use, and a feed that breaks off: its whole items are kept, `mostItems` at most.
 */
export function repairXml(
  broken: string,
  mostItems: number,
): { root: FeedRoot; xml: string } | undefined {
  const writer = new FeedWriter(mostItems);
  let script: string | undefined;
  for (const piece of piecesOf(broken.toWellFormed().replace(NO_XML, ""))) {
    // The scripts of a page around the feed may hold anything, also what looks like a feed.
    if (script !== undefined)
      script = piece.is === "close" && isSame(piece.name, script) ? undefined : script;
    else if (!writer.root && piece.is === "open" && /^(?:script|style|textarea)$/i.test(piece.name))
      script = piece.name;
    else writer.write(piece);
    if (writer.isDone) break;
  }
  return writer.root && { root: writer.root, xml: writer.end() };
}

// XML 1.0 §2.2
const NO_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
