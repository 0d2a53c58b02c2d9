import { hostOf } from "../../article/identity.ts";
import { type FittedEntry, weightedDigest } from "../../digest/arrange/weights.ts";
import { fits, type Slots } from "../../digest/copy/slots.ts";
import type { Digest, Entry } from "../../digest/digest.ts";
import { needing, quoted, type Fault, type Rule } from "../../check/rule.ts";
import { atStory, type ReviewInput, storyRule, titled } from "../rule.ts";

/** What has no room in its place, and what names a paper badly. */
export const COPY_RULES: readonly Rule<ReviewInput>[] = [
  needing(
    ({ digest, slots }: ReviewInput) => digest && slots && ([digest, slots] as const),
    "it takes an issue with its template",
  )({
    id: "copy-fit",
    severity: "warning",
    what: "Every headline and gist has room in its place on phones and wide screens",
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
    what: "Every paper has its name, and no host, tagline or section of a site in its place",
    source: "Broadsheet: readers know a paper by its name",
    fix: 'name it in the config, such as papers: { "courier.example": "The Thornsea Courier" }',
    says: (entry) => {
      const what = entry.accepted === true ? undefined : faultOfName(entry.article);
      return what && `The paper of ${titled(entry)}, ${quoted(entry.article.site ?? "")}, ${what}`;
    },
  }),
];

/** A brief tells its one story whole, and a letter has its stories beside its prose. */
const WITHOUT_SLOTS: ReadonlySet<string | undefined> = new Set(["brief", "letter"]);

function storiesWithoutRoom(digest: Digest, slots: Slots): Fault[] {
  if (WITHOUT_SLOTS.has(digest.template)) return [];
  const entries = weightedDigest(digest, slots).sections.flatMap((section) => section.entries);
  return entries.flatMap((entry) => {
    const parts = partsWithoutRoom(entry, slots);
    const says = `has no room for its ${parts.join(" and its ")}`;
    return parts.length > 0 ? [atStory(entry, `The place of ${titled(entry)} ${says}`)] : [];
  });
}

function partsWithoutRoom({ copy, weight, article }: FittedEntry, slots: Slots): string[] {
  const { kicker = "" } = article;
  return [
    ...(copy.headline.fits ? [] : ["headline"]),
    ...(copy.gist.fits || weight === "line" ? [] : ["gist"]),
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

/** More words are a sentence about a paper. */
const MOST_WORDS = 6;

function faultOfName({ site = "", url }: Entry["article"]): string | undefined {
  const host = hostOf(url);
  if (site === "") return undefined;
  if (/^(?:https?:\/\/)?(?:[\w-]+\.)+\p{L}{2,}(?:\/\S*)?$/u.test(site)) return "is a host";
  if (/^[@#]/.test(site)) return "is the name of an account";
  if (/\s[|–—-]\s|[:!?]\s/u.test(site) || site.split(/\s+/).length > MOST_WORDS)
    return "has a tagline in it";
  return host !== undefined && isUnlike(site, host) ? `is not like its host, ${host}` : undefined;
}

/** Whether a name has nothing in common with its host: no word of it, no beginning and no initials. */
function isUnlike(name: string, host: string): boolean {
  const words = inLatin(name).match(/[a-z0-9]+/g) ?? [];
  // A host says nothing of a name in another script.
  if (/(?!\p{Script=Latin})\p{L}/u.test(name) || words.length === 0) return false;
  const labels = host.split(".").slice(0, -1).join(".");
  const letters = labels.replace(/[^a-z0-9]/g, "");
  const initials = words.map((word) => word.charAt(0)).join("");
  const isShort = words.join("").length <= SHORTEST_WORD;
  const hasWord = words.some((word) => word.length >= SHORTEST_WORD && letters.includes(word));
  const hasBeginning = labels.split(".").some((label) => {
    const own = label.replace(/[^a-z0-9]/g, "");
    return own.length >= SHORTEST_WORD && words.join("").startsWith(own.slice(0, BEGINNING));
  });
  const hasInitials = initials.length >= SHORTEST_WORD - 1 && letters.includes(initials);
  return !(hasWord || hasBeginning || (hasInitials && !isShort) || letters === words.join(""));
}

const SHORTEST_WORD = 3;
const BEGINNING = 4;

function inLatin(name: string): string {
  const written = name
    .toLowerCase()
    .replace(/[äöü]/g, (letter) => `${letter}e`)
    .replace(/ß/g, "ss");
  return written.normalize("NFKD").replace(/\p{M}/gu, "");
}
