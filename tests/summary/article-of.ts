import type { Article } from "../../src/article/article.ts";

/** An article with this text, as a reader would hand it on. */
export function articleOf(text: string, fields: Partial<Article> = {}): Article {
  return {
    id: "a1",
    title: "",
    authors: [],
    language: "en",
    tags: [],
    kind: "story",
    html: "",
    text,
    images: [],
    captions: [],
    dropped: [],
    source: "article.txt",
    ...fields,
  };
}

/** A news story with what a summary has to step around: pronouns, quotations, a question, a credit. */
export const FERRY_STORY = articleOf(
  `The harbour town of Porthmoor may bring back its night ferry after nine years, the Harbour Trust said on Monday, if a trial in June draws enough riders.

“We waited nine years for this boat,” said Ada Pell, who runs the bakery on the quay. “Nobody believed us.” She has collected four thousand signatures.

The ferry would cross the Lune estuary six times a night and carry up to eighty riders, according to a plan that the Harbour Trust published with the county. On May 12, it votes on the money.

But the county has not yet promised its share of the two million pounds. Councillor Tomas Reil warned that the county could not pay for the ferry and the bus line at once.

Will the boat pay for itself? As they waited, riders told the Trust that the last bus leaves too early. They asked for a later one.

Porthmoor's last night ferry stopped in 2015, when the Harbour Trust lost its subsidy and the night shift at the cannery closed. Similarly, two bus lines were cut.

Meanwhile, Lune Buses has offered to run a shuttle from the quay to the hospital, and the cannery wants to sell its old pier to the Trust. The report not only praises the plan.

The trial begins on June 3 and ends with the summer timetable. Photo: Lune Courier`,
  { title: "Porthmoor weighs the return of its night ferry" },
);
