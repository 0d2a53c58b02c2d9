import type { Sentence } from "./summary.ts";

/** A change to a passage of the article: `[start, end)` of its text, in UTF-16 code units, becomes `text`. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * A passage of an article with some edits, which must lie in it and not overlap. What they take out is in `cut`, what they
 * put in in `added`: so the source without the one and the text without the other are the same.
 */
export function editedSentence(
  article: string,
  { start, end }: { readonly start: number; readonly end: number },
  edits: readonly Edit[],
): Sentence {
  const ordered = edits.toSorted((a, b) => a.start - b.start || a.end - b.end);
  let text = "";
  let at = start;
  for (const edit of ordered) {
    text += article.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  text += article.slice(at, end);
  const cut = ordered.filter((edit) => edit.end > edit.start);
  const added = ordered.filter((edit) => edit.text !== "");
  return {
    text,
    start,
    end,
    ...(cut.length > 0 && { cut: cut.map((edit) => ({ start: edit.start, end: edit.end })) }),
    ...(added.length > 0 && {
      added: added.map((edit) => ({ at: edit.start, text: edit.text })),
    }),
  };
}
