import type { Dropped } from "../article/article.ts";

/** An editor looks here for a paragraph that is missing, and knows it by its beginning. */
const LONGEST = 240;
const MOST = 30;

/**
 * What was left out of an article, short enough to stand in a digest beside it: menus and comments of a
 * page can be longer than its story. `broadsheet extract` shows all of it.
 */
export function shortenDropped(dropped: readonly Dropped[]): readonly Dropped[] {
  const shown = dropped.slice(0, MOST).map(({ text, reason }) => ({ text: shorten(text), reason }));
  const rest = dropped.length - shown.length;
  const left = { text: "…", reason: `${rest} more, which \`broadsheet extract\` lists` };
  return rest > 0 ? [...shown, left] : shown;
}

function shorten(text: string): string {
  if (text.length <= LONGEST) return text;
  const cut = text.slice(0, LONGEST);
  const space = cut.lastIndexOf(" ");
  return `${cut
    .slice(0, space > LONGEST / 2 ? space : LONGEST)
    .toWellFormed()
    .trimEnd()} …`;
}
