import { isPlaceholder } from "../../subscribers/recipient.ts";
import type { Digest, Entry } from "../../digest/digest.ts";
import { headlineOf } from "../../digest/headline.ts";
import { quoted } from "../content/shown-text.ts";
import { folded, toldEntries } from "../content/stories.ts";
import { type CheckInput, type Fault, NothingToCheck, type Rule } from "../rule.ts";

/**
 * What readers would get of the newsletter that `init` writes, or of the one in a clone of this repository. It is
 * sent all the same: a test of all that sending needs is what a sample is for.
 */
export const PLACEHOLDER_RULES: readonly Rule[] = [
  {
    id: "placeholder",
    severity: "warning",
    what: "Nothing is left of the sample: no story, letter or address of it, and no sender that is only an example",
    source: "RFC 2606 §3; what `broadsheet init` writes",
    fix: "write your own in its place",
    run: (input) =>
      input.message || input.digest
        ? [...senderFaults(input), ...(input.digest ? sampleFaults(input.digest) : [])]
        : new NothingToCheck("it takes a message or an issue"),
  },
];

function senderFaults({ message }: CheckInput): Fault[] {
  const from = message?.from.filter(isPlaceholder) ?? [];
  return from.map((address) => ({
    message: `The sender ${address} is only an example`,
    fix: "set `from` in the config to an address of your own",
  }));
}

/** All of it in one fault: it is mended in one go. */
function sampleFaults(digest: Digest): Fault[] {
  const stories = toldEntries(digest).filter(({ article }) => isSample(article.text));
  const { postalAddress = "", tagline = "" } = digest.publication ?? {};
  const [first] = stories;
  const written = [
    ...(first
      ? [stories.length === 1 ? `the story ${titleOf(first)}` : `${stories.length} stories`]
      : []),
    ...(isSample(digest.letter?.text ?? "") ? ["the letter"] : []),
  ];
  const configured = [
    ...(isSample(postalAddress) ? ["the postal address"] : []),
    ...(isSample(tagline) ? ["the tagline"] : []),
  ];
  const left = [...written, ...configured];
  if (left.length === 0) return [];
  const places = [
    ...(written.length > 0 ? ["in the content folder"] : []),
    ...(configured.length > 0 ? ["in the config"] : []),
  ];
  return [
    {
      message: `Still the sample's: ${AND.format(left)}`,
      fix: `put your own in their place, ${AND.format(places)}`,
    },
  ];
}

const AND = new Intl.ListFormat("en-GB", { type: "conjunction" });

function titleOf(entry: Entry): string {
  return quoted(headlineOf(entry));
}

/** A passage of each text of the samples, in words that stand nowhere else. */
const PASSAGES: readonly string[] = [
  // What `init` writes.
  "the Mill Lane bakery in Harrow Bridge has sold yesterday's bread",
  "The public library at Coldwater Quay lends out an upright piano",
  "Two stories to begin with",
  "1 Example Street, Exampletown",
  // The newsletter in `content/`.
  "I sent Hester Corvill to Garrant Head for one paragraph about a foghorn",
  "The foghorn on Garrant Head came out of repair",
  "For 60 years high water at Thornsea came eleven minutes later",
  "Bettany Orle, keeper of Ouseby weir, screwed 212 coir doormats",
  "Die Bänke in der Kapelle von Quarnsiel",
  "Every harbour should keep one boat that is never going to leave it",
  "A whelk can smell a dead crab from 30 metres",
  "The Tidewrack, 2 Sailcloth Row, Thornsea",
].map(folded);

function isSample(text: string): boolean {
  const said = folded(text);
  return PASSAGES.some((passage) => said.includes(passage));
}
