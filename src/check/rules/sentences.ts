import type { Entry } from "../../digest/digest.ts";
import { headlineOf } from "../../digest/headline.ts";
import { withoutParts } from "../../digest/parts.ts";
import { isDoubtfulCut } from "../../summary/language/doubtful-cut.ts";
import { quoted } from "../content/shown-text.ts";
import { toldEntries } from "../content/stories.ts";
import { type Fault, NothingToCheck, type Rule } from "../rule.ts";

/** What holds for the model of an issue: whether what it says can be right. */
export const SENTENCE_RULES: readonly Rule[] = [
  {
    id: "sentence-cut",
    severity: "warning",
    what: "No sentence is cut at a full stop that may belong to an abbreviation, such as “Mk. 4”",
    source: "UAX #29 §5: a full stop may end an abbreviation or a sentence",
    fix: "read it in the article; where it goes on there, write the whole sentence in digest.json or the preview page, without its start and end",
    run: ({ digest }) => {
      if (!digest) return new NothingToCheck("there is no digest: give an issue of the outbox");
      return toldEntries(digest).flatMap((entry) => doubtfulCuts(entry, digest.parts));
    },
  },
];

function doubtfulCuts(entry: Entry, parts: Parameters<typeof withoutParts>[1]): Fault[] {
  const { article } = entry;
  const faults = shownSentences(withoutParts(entry.summary, parts)).flatMap((sentence) =>
    faultOf(sentence, article),
  );
  const at = [{ story: headlineOf(entry) }];
  return [...new Set(faults)].map((message) => ({ message, at }));
}

interface Place {
  readonly start?: number | undefined;
  readonly end?: number | undefined;
}

function shownSentences({ gist, keyPoints, quote, timeline }: Entry["summary"]): Place[] {
  return [
    gist,
    ...keyPoints,
    ...(quote ? [quote] : []),
    ...timeline.map(({ sentence }) => sentence),
  ];
}

/** A sentence without its place was written by an editor, an author or a model. */
function faultOf({ start, end }: Place, { text, language }: Entry["article"]): string[] {
  if (start === undefined || end === undefined) return [];
  if (isDoubtfulCut(text, end, language))
    return [
      `A sentence may be cut inside a name: it ends with ${lastOf(text.slice(0, end))}, and in the article ${firstOf(text.slice(end))} follows`,
    ];
  if (isDoubtfulCut(text, start, language))
    return [
      `A sentence may be cut inside a name: it begins with ${firstOf(text.slice(start))}, and in the article ${lastOf(text.slice(0, start))} stands before it`,
    ];
  return [];
}

const SHOWN = 32;

function lastOf(text: string): string {
  return quoted(text.slice(-SHOWN).replace(/^\S*\s/, ""));
}

function firstOf(text: string): string {
  return quoted(
    text
      .trimStart()
      .slice(0, SHOWN)
      .replace(/\s\S*$/, ""),
  );
}
