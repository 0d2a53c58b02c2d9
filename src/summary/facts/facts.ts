import type { Article } from "../../article/article.ts";
import { readable } from "../candidate.ts";
import type { Document } from "../document.ts";
import { peopleToShow } from "../people/people.ts";
import type { Summary } from "../summary.ts";
import { ANY, figuresOf, type FactsContext } from "./figures.ts";
import { timelineOf } from "./timeline.ts";

export type Facts = Pick<Summary, "people" | "timeline" | "figures">;

/**
 * Who, when and how much: the facts that an article states, in its own words. Any list may be empty. All of them
 * are empty in a language for which Broadsheet has no words.
 */
export function factsOf(article: Article, document: Document, context: FactsContext = ANY): Facts {
  const read = { ...document, candidates: document.candidates.map(readable) };
  return {
    people: peopleToShow(document.people.known, article.title, context.shown),
    timeline: timelineOf(article, read, context.content),
    figures: figuresOf(article, read, context),
  };
}
