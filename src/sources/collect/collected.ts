import type { Reading } from "../../digest/stories/story.ts";
import type { Fingerprint } from "../fingerprint.ts";
import type { Failure } from "../../platform/reporter.ts";
import { shownUrl } from "../../platform/http/web-address.ts";
import { isOnTheWeb } from "../io/read-sources.ts";

/** An article that no issue has taken yet. */
export interface NewReading extends Reading {
  /** What recognises the article from now on: of what its source says, not of its page. */
  readonly print: Fingerprint;
}

/** How reading a source went. */
export interface SourceOutcome {
  /** What the store knows it by: the address, or the path as the config has it. */
  readonly source: string;
  /** As messages name it: without what an address may hold of a key. */
  readonly name: string;
  /** Articles it holds, and those among them that are new and wanted, before `limit` and `maxItems`. */
  readonly found: number;
  readonly fresh: number;
  readonly error?: Failure["error"];
}

/** A file, an item or a page that couldn't be read, though its source could. */
export interface SourceFailure extends Failure {
  /** What the store knows its source by. */
  readonly source: string;
  /** Whether its feed's own words stand in for it. */
  readonly hasStandIn?: true;
}

/** What is new in the sources of a newsletter. */
export interface Collected {
  /** The articles of the issue. It takes their fingerprints when it is built. */
  readonly readings: readonly NewReading[];
  /** How many stories they tell, each counted once. */
  readonly stories: number;
  /** "tooFew": fewer stories than `minItems`; they stay new. "unread": no source could be read. */
  readonly verdict: "enough" | "tooFew" | "nothing" | "unread";
  readonly sources: readonly SourceOutcome[];
  /** How many new articles `maxItems` and the limits of the sources leave for the next slot. */
  readonly leftOver: number;
  /** Their articles stay new, but for those that have a stand-in. */
  readonly failures: readonly SourceFailure[];
  /** How many addresses were asked. */
  readonly fetched: number;
}

/** A source as messages name it: an address may hold a key to a private feed. */
export function sourceName(name: string): string {
  const url = isOnTheWeb(name) ? URL.parse(name) : undefined;
  return url ? shownUrl(url) : name;
}
