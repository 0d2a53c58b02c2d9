import type { Article } from "../../article/article.ts";
import { readable } from "../candidate.ts";
import type { Document } from "../document.ts";
import type { Summary } from "../summary.ts";
import { ANY, figuresOf, type FactsContext } from "./figures.ts";
import { organisationsOf, placesOf } from "./named-entities.ts";
import { peopleToShow } from "../people/people.ts";
import { timelineOf } from "./timeline.ts";

export type Facts = Pick<Summary, "people" | "places" | "organisations" | "timeline" | "figures">;

/**
 * Who, where, when and how much: what an article states, in its own words. Any list may be empty; all
 * are in a language that we have no words for.
 */
export function factsOf(article: Article, document: Document, context: FactsContext = ANY): Facts {
  const { lowered, people } = document;
  const read = { ...document, candidates: document.candidates.map(readable) };
  return {
    people: peopleToShow(people.known, article.title, context.shown),
    places: placesOf(read, article.language, lowered, people.names),
    organisations: organisationsOf(read, article.language, lowered),
    timeline: timelineOf(article, read, context.content),
    figures: figuresOf(article, read, context),
  };
}
