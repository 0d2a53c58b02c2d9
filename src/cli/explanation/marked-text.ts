import type { Explanation } from "../../summary/explanation/explain.ts";

/** A stretch of an article's paragraph: told as it is, chosen under a sign, or nearly chosen. */
export interface Stretch {
  readonly text: string;
  readonly sign?: string | undefined;
  readonly isNearMiss?: boolean;
}

interface Place {
  readonly start: number;
  readonly end: number;
  readonly sign?: string | undefined;
}

/** The paragraphs of a text, cut where what was chosen begins and ends. */
export function markedParagraphs(
  text: string,
  { chosen, nearMisses }: Explanation,
): readonly (readonly Stretch[])[] {
  const places = placesOf([...chosen, ...nearMisses]);
  let from = 0;
  return text.split("\n\n").map((paragraph) => {
    const start = from;
    from += paragraph.length + 2;
    return stretchesOf(paragraph, start, places);
  });
}

/** In order. Where two have a part in common, as a quotation and its sentence may, the first is shown. */
function placesOf(
  judged: readonly { sentence: { start?: number; end?: number }; sign?: string }[],
) {
  const all: Place[] = judged.flatMap(({ sentence: { start, end }, sign }) =>
    start === undefined || end === undefined ? [] : [{ start, end, sign }],
  );
  const kept: Place[] = [];
  for (const place of all.toSorted((a, b) => a.start - b.start)) {
    if (place.start >= (kept.at(-1)?.end ?? 0)) kept.push(place);
  }
  return kept;
}

function stretchesOf(
  paragraph: string,
  start: number,
  places: readonly Place[],
): readonly Stretch[] {
  const stretches: Stretch[] = [];
  let at = 0;
  for (const place of places) {
    const [first, last] = [place.start - start, Math.min(place.end - start, paragraph.length)];
    if (first < at || first >= paragraph.length) continue;
    if (first > at) stretches.push({ text: paragraph.slice(at, first) });
    const marked = paragraph.slice(first, last);
    stretches.push({ text: marked, sign: place.sign, isNearMiss: place.sign === undefined });
    at = last;
  }
  return at < paragraph.length ? [...stretches, { text: paragraph.slice(at) }] : stretches;
}
