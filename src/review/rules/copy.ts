import { type FittedEntry, weightedDigest } from "../../digest/arrange/weights.ts";
import { fits, type Slots } from "../../digest/copy/slots.ts";
import type { Digest, Entry } from "../../digest/digest.ts";
import { needing, quoted, type Fault, type Rule } from "../../check/rule.ts";
import { atStory, type ReviewInput, storyRule, titled } from "../rule.ts";

/** Rules for texts that do not fit their place, and for names of sources. */
export const COPY_RULES: readonly Rule<ReviewInput>[] = [
  needing(
    ({ digest, slots }: ReviewInput) => digest && slots && ([digest, slots] as const),
    "it needs an issue with its template",
  )({
    id: "copy-fit",
    severity: "warning",
    what: "Every headline and summary fits its place on phones and wide screens",
    source: "Broadsheet: a text is chosen for its place, and never cut in the middle of a phrase",
    fix: 'write a shorter text into "short" of the story in digest.json, or give the story another "weight"',
    run: (digest, slots) => [
      ...storiesWithoutRoom(digest, slots),
      ...linesWithoutRoom(digest, slots),
    ],
  }),
  storyRule({
    id: "source-name",
    severity: "warning",
    what: "Every paper is shown by its name, not by a host, a tagline or a section of a site",
    source: "Broadsheet: readers know a paper by its name",
    fix: 'name it in the config, such as papers: { "courier.example": "The Thornsea Courier" }',
    says: (entry) => {
      const what = entry.accepted === true ? undefined : faultOfName(entry.article);
      return what && `The paper of ${titled(entry)}, ${quoted(entry.article.site ?? "")}, ${what}`;
    },
  }),
];

/** A brief prints its only story completely, and a letter prints stories beside its prose. */
const WITHOUT_SLOTS: ReadonlySet<string | undefined> = new Set(["brief", "letter"]);

function storiesWithoutRoom(digest: Digest, slots: Slots): Fault[] {
  if (WITHOUT_SLOTS.has(digest.template)) return [];
  const entries = weightedDigest(digest, slots).sections.flatMap((section) => section.entries);
  return entries.flatMap((entry) => {
    const parts = partsWithoutRoom(entry, slots);
    const says = `has no room for its ${parts.join(" and its ")}`;
    if (parts.length === 0) return [];
    const headline = entry.copy.headline.fits ? undefined : shorterHeadline(entry, slots);
    const mends = headline === undefined ? {} : { headline };
    return [atStory(entry, `The place of ${titled(entry)} ${says}`, mends)];
  });
}

/** Returns the first passage of a story that fits as its headline. */
function shorterHeadline({ copy, ...entry }: FittedEntry, slots: Slots): string | undefined {
  const { gist, keyPoints } = entry.summary;
  const { slot, setting } = copy.headline;
  return [gist, ...keyPoints]
    .map(({ text }) => text.replace(/\.$/, ""))
    .find((text) => text !== "" && fits(slots[slot], text, setting));
}

function partsWithoutRoom({ copy, weight, article }: FittedEntry, slots: Slots): string[] {
  const { kicker = "" } = article;
  return [
    ...(copy.headline.fits ? [] : ["headline"]),
    ...(copy.gist.fits || weight === "line" ? [] : ["summary"]),
    ...(fits(slots.kicker, kicker) || weight === "line" ? [] : ["kicker"]),
  ];
}

function linesWithoutRoom({ modules = {} }: Digest, slots: Slots): Fault[] {
  const lines = [
    [slots["number-caption"], "The number has no room for its caption", modules.number?.what],
    [slots.feedback, "The question to readers has no room", modules.feedback?.question],
  ] as const;
  const fix = 'write a shorter one in "modules" of digest.json';
  return lines.flatMap(([slot, says, text = ""]) =>
    fits(slot, text) ? [] : [{ message: `${says}: ${quoted(text)}`, fix }],
  );
}

/** A name with more words is a sentence about the source. */
const MOST_WORDS = 6;

function faultOfName({ site = "" }: Entry["article"]): string | undefined {
  if (site === "") return undefined;
  if (/^(?:https?:\/\/)?(?:[\w-]+\.)+\p{L}{2,}(?:\/\S*)?$/u.test(site)) return "is a host";
  if (/^[@#]/.test(site)) return "is the name of an account";
  const isLong = site.split(/\s+/).length > MOST_WORDS;
  return isLong || /\s[|–—-]\s|[:?]\s/u.test(site) ? "contains a tagline" : undefined;
}
