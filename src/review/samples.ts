import { lettersHash } from "../article/identity.ts";
import type { Digest } from "../digest/digest.ts";
import { letterBlocks, letterWords } from "../digest/letter-blocks.ts";
import { remembering, STORIES_CACHED } from "../platform/remembering.ts";
import { isPlaceholder } from "../subscribers/recipient.ts";
import { titled } from "./rule.ts";
import { shownEntries } from "../digest/arrange/weights.ts";

/** A part of a sample newsletter, such as `init` writes, that readers would get. */
export interface Sample {
  /** A part of a sentence: `the sender desk@paper.example`. */
  readonly what: string;
  readonly place: "content folder" | "config";
}

interface Addresses {
  readonly senders: readonly string[];
  readonly postalAddress?: string | undefined;
  /** The addresses, by their names in the config. */
  readonly urls?: Readonly<Record<string, string | undefined>> | undefined;
}

/** Returns the sample addresses of a newsletter. Names that RFC 2606 reserves for examples never receive mail. */
export function sampleAddresses({ senders, postalAddress = "", urls = {} }: Addresses): Sample[] {
  const names = Object.entries(urls).filter(([, url = ""]) =>
    isPlaceholder(URL.parse(url)?.hostname ?? ""),
  );
  const found = [
    ...senders.filter(isPlaceholder).map((address) => `the sender ${address}`),
    ...(isSampleLine(postalAddress) ? ["the postal address"] : []),
    ...names.map(([name]) => `urls.${name}`),
  ];
  return found.map((what) => ({ what, place: "config" }));
}

export function sampleTexts(digest: Digest): Sample[] {
  const stories = shownEntries(digest).filter(({ article }) => isSampleText(article.text));
  const [first] = stories;
  const named = first && stories.length === 1 ? `the story ${titled(first)}` : undefined;
  const found = [
    ...(first ? [named ?? `${stories.length} stories`] : []),
    ...(isSampleText(letterWords(digest.letter ? letterBlocks(digest.letter) : []))
      ? ["the letter"]
      : []),
  ];
  return found.map((what) => ({ what, place: "content folder" }));
}

/** Returns the message for samples in an issue, and the fix. */
export function samplesSaid(samples: readonly Sample[]): { says: string; fix: string } {
  const names = AND.format(samples.map(({ what }) => what));
  const isOne = samples.length === 1 && !/^\d/.test(names);
  const places = new Set(samples.map(({ place }) => `in the ${place}`));
  return {
    says: `${names} ${isOne ? "is only an example" : "are only examples"}`,
    fix: `put your own in ${isOne ? "its" : "their"} place, ${AND.format(places)}`,
  };
}

const AND = new Intl.ListFormat("en-GB", { type: "conjunction" });

/** Whether a postal address is that of a sample, or contains a mail or web address with a reserved name. */
function isSampleLine(postalAddress: string): boolean {
  const names = [...postalAddress.matchAll(/(?:@|\/\/|\bwww\.)([^\s,;:<>()/?#]+)/gi)];
  return SAMPLE_ADDRESS.test(postalAddress) || names.some(([, name = ""]) => isPlaceholder(name));
}

const SAMPLE_ADDRESS = /\b1 Example Street\b|\bThe Tidewrack, 2 Sailcloth Row\b/i;

const isSampleText = remembering(
  STORIES_CACHED,
  (text: string) => text,
  (text) => SAMPLES.has(lettersHash(text)),
);

/** Hashes of the texts that `init` writes, and of those in `content/`. A changed text is no sample. */
const SAMPLES = new Set([
  "cc37ab6239751bc8",
  "7311b591dee0f75f",
  "198645dd3e709892",
  "11dee860fbfdcfd2",
  "c2efa2fc06cd4ce6",
  "08c7cd1afb5f9d86",
  "350e337a4f97fe44",
  "e4f11de4c402a430",
  "a8984a72f7e81d70",
]);
