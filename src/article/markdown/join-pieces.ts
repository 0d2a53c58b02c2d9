import { escapeHtml } from "../paragraph-html.ts";
import { joinsWithoutSpace } from "../plain-text/prose.ts";

/** Letters, or a tag or mark that has no letters of the text. */
export type Piece =
  | { readonly is: "letters"; readonly text: string; readonly isStruck: boolean }
  | { readonly is: "tag"; readonly html: string; readonly isBreak: boolean };

/**
 * The pieces of a block as HTML and as text. A line break in the source is a space, except between two
 * Chinese or Japanese characters, also when tags stand between them. So the place of each space is kept until
 * the letters after it are known.
 */
export function joinPieces(pieces: readonly Piece[]): { html: string; text: string } {
  const html: string[] = [];
  let text = "";
  let last = "";
  let gap: Gap = "";
  let place = 0;
  const open = (kind: Gap): void => {
    if (kind === "" || gap !== "") return;
    gap = kind;
    place = html.push("") - 1;
  };
  for (const piece of pieces) {
    if (piece.is === "tag") {
      html.push(piece.html);
      if (piece.isBreak) open("line");
      continue;
    }
    const { before, letters, after } = joinWithin(piece.text);
    open(before);
    if (letters === "") continue;
    const isJoined =
      last === "" || gap === "" || (gap === "line" && joinsWithoutSpace(last, letters));
    if (!isJoined) html[place] = " ";
    html.push(escapeHtml(letters));
    if (!piece.isStruck) text += (isJoined ? "" : " ") + letters;
    last = letters.slice(-2);
    gap = "";
    open(after);
  }
  return { html: html.join(""), text: text.replace(/ {2,}/g, " ").trim() };
}

type Gap = "" | "space" | "line";

function joinWithin(raw: string): { before: Gap; letters: string; after: Gap } {
  const letters = raw
    .trim()
    .replace(/[ \t]*\n\s*/g, (_, at: number, whole: string) => {
      const next = whole.slice(at).trimStart().slice(0, 2);
      return joinsWithoutSpace(whole.slice(Math.max(0, at - 2), at), next) ? "" : " ";
    })
    .replace(/[ \t]+/g, " ");
  return {
    before: gapIn(/^\s*/.exec(raw)?.[0]),
    letters,
    after: letters === "" ? "" : gapIn(trailing(raw)),
  };
}

function trailing(raw: string): string {
  return raw.slice(raw.trimEnd().length);
}

function gapIn(space: string | undefined): Gap {
  if (!space) return "";
  return space.includes("\n") ? "line" : "space";
}
