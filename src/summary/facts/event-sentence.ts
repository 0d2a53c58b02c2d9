import type { Candidate } from "../document.ts";
import type { Sentence } from "../summary.ts";
import type { StatedDate } from "./dates/dates.ts";
import { referentOf } from "./referent.ts";

/** An event line is best read in one glance. */
export const GLANCE = 120;

/** A last relative clause after a comma adds to a sentence and does not change what it says. */
const ASIDE = /,\s(?:which|who|where)\s[^,;:"“”„«»()]{10,}(?=[.!]$)/;

/**
 * A sentence as a timeline shows it. Where it opens with a pronoun, what that stands for is in square
 * brackets in its place; where it is long, a last ", which …" is left out. The ranges of both are in
 * `cut`, so the source with its cuts is the text without its brackets. Undefined where a sentence leans
 * on another and it is not sure how.
 * @param people full and short names known to be people's
 */
export function eventSentence(
  candidate: Candidate,
  previous: Candidate | undefined,
  date: StatedDate,
  people: ReadonlySet<string>,
): Sentence | undefined {
  const { text, start, end, refusal } = candidate;
  const referent = refusal === "leaning" ? referentOf(candidate, previous, people) : undefined;
  if (refusal === "leaning" && !referent) return undefined;
  const aside = asideOf(text, date);
  const from = referent ? referent.end : 0;
  const opening = referent ? `${text.slice(0, referent.start)}[${referent.name}]` : "";
  const shown = opening + text.slice(from, aside.start) + text.slice(aside.end);
  const cut = [referent, aside]
    .filter((range) => range !== undefined && range.start < range.end)
    .map((range) => ({ start: start + (range?.start ?? 0), end: start + (range?.end ?? 0) }));
  return { text: shown, start, end, ...(cut.length > 0 && { cut }) };
}

function asideOf(text: string, date: StatedDate): { readonly start: number; readonly end: number } {
  const found = text.length > GLANCE ? ASIDE.exec(text) : null;
  if (!found || found.index < date.end) return { start: text.length, end: text.length };
  return { start: found.index, end: found.index + found[0].length };
}
