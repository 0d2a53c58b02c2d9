import type { Article } from "../../article/article.ts";
import type { Candidate, Document } from "../document.ts";
import type { Summary } from "../summary.ts";
import { figuresOf } from "./figures.ts";
import { organisationsOf, placesOf } from "./named-entities.ts";
import { peopleOf } from "./people.ts";
import { timelineOf } from "./timeline.ts";

export type Facts = Pick<Summary, "people" | "places" | "organisations" | "timeline" | "figures">;

/**
 * Who, where, when and how much: what an article states, in its own words. Any list may be empty; all
 * are in a language that we have no words for.
 */
export function factsOf(article: Article, { candidates, ...rest }: Document): Facts {
  const { lowered } = rest;
  const document = { ...rest, candidates: candidates.map(readable) };
  const { people, names } = peopleOf(article, document, lowered);
  return {
    people,
    places: placesOf(document, article.language, lowered, names),
    organisations: organisationsOf(document, article.language, lowered),
    timeline: timelineOf(article, document, names),
    figures: figuresOf(article, document),
  };
}

/**
 * What is around a name is looked at anew for each name, so in a sentence that never ends that takes time
 * with the square of its length. No reader takes anything from one that fills a page.
 */
const LONGEST_LETTERS = 3000;

function readable(candidate: Candidate): Candidate {
  return candidate.text.length <= LONGEST_LETTERS ? candidate : { ...candidate, text: "" };
}
