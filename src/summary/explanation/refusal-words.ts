import type { Refusal } from "../guards/guards.ts";

/** Why a guard refuses a sentence, for people. */
export const REFUSAL_WORDS: Readonly<Record<Refusal, string>> = {
  caption: "it is the caption of a picture",
  furniture: "it is a credit, a notice or a call to click",
  question: "it asks, and the answer would be missing",
  "half-quotation": "it holds half of a quotation, or one without its speaker",
  fragment: "it is not a whole sentence",
  "too-long": "it is too long to be shown whole",
  leaning: "it leans on a sentence before it",
  repeated: "it was said before",
};
