import { LETTER_TEXT, TITLES } from "../fixtures.ts";
import words from "./words.json" with { type: "json" };

/** What the fixtures of one language say: the same newsletter about a river, told four times. */
export interface Words {
  readonly name: string;
  readonly longName: string;
  readonly tagline: string;
  readonly address: string;
  readonly site: string;
  readonly papers: readonly string[];
  readonly author: string;
  readonly tags: readonly string[];
  readonly titles: readonly string[];
  readonly gist: string;
  readonly points: readonly string[];
  readonly quote: string;
  /** Name and role, which may be left out. */
  readonly people: readonly (readonly string[])[];
  /** When, and the event. */
  readonly timeline: readonly (readonly string[])[];
  /** Value, unit or nothing, and what is counted. */
  readonly figures: readonly (readonly string[])[];
  readonly letter: string;
  readonly signature: string;
  readonly alt: string;
  readonly caption: string;
  /** As long as a word of the language gets, or longer. */
  readonly longWord: string;
  readonly footerLine: string;
  readonly footerLink: string;
}

const en = { ...words.en, titles: TITLES, letter: LETTER_TEXT };

export const WORDS = { ...words, en } satisfies Record<string, Words>;
export type Language = keyof typeof WORDS;
