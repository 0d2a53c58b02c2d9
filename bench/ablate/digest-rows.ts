import { newsworthinessOf } from "../../src/digest/arrange/news-value.ts";
import { Batch } from "../../src/digest/stories/batch.ts";
import { evidenceOf } from "../../src/digest/stories/likeness.ts";
import { matchOf } from "../../src/digest/stories/same-story.ts";
import { traitsOf } from "../../src/digest/stories/traits.ts";
import { composeSubject } from "../../src/digest/subject/compose-subject.ts";
import { type JudgedStory, subjectHash } from "../issues/judged-pages.ts";
import { type Example, foldOf, WRITTEN } from "../stories/examples.ts";
import { likelihood, type Trees } from "../../src/platform/boosted-trees.ts";
import type { Row } from "./family.ts";

/** Whether each judged pair is merged exactly if it is one event. */
export function storyRows(examples: readonly Example[], forests: readonly Trees[]): readonly Row[] {
  const articles = new Map(examples.flatMap(({ a, b }) => [a, b].map((it) => [it.article, it])));
  const traits = new Map([...articles.keys()].map((article) => [article, traitsOf(article)]));
  const batch = new Batch([...traits.values()]);
  return examples.flatMap(({ pair, a, b }): readonly Row[] => {
    const [one, other] = [traits.get(a.article), traits.get(b.article)];
    const trees = forests[foldOf(pair.event, 0)];
    if (!one || !other || !trees) return [];
    const match = matchOf(one, other, batch, (x, y) => likelihood(trees, evidenceOf(x, y, batch)));
    const measure = pair.verdict === "same" ? "merged" : "apart";
    const isRight = (match !== undefined) === (pair.verdict === "same");
    const kind = pair.event < WRITTEN ? "judged" : "written";
    return [
      {
        id: `${kind} ${pair.a} ${pair.b}`,
        group: String(pair.event),
        figures: { [measure]: 100 * Number(isRight) },
      },
    ];
  });
}

/** The share of other pages in the right order against a page, and whether its subject can be sent. */
export function pageRows(pages: readonly JudgedStory[]): readonly Row[] {
  const value = new Map(pages.map((page) => [page, newsworthinessOf(page.article)]));
  return pages.map((page) => {
    const others = pages.filter(({ worth }) => worth !== page.worth);
    const right = others.filter(
      (other) => (value.get(page) ?? 0) > (value.get(other) ?? 0) === page.worth > other.worth,
    );
    const { article, summary } = page;
    const { text } = composeSubject({ article, summary });
    const isSent = page.subjects[subjectHash(text)];
    return {
      id: page.id,
      group: page.site,
      figures: {
        order: (100 * right.length) / Math.max(1, others.length),
        ...(isSent !== undefined && { subjects: 100 * Number(isSent) }),
      },
    };
  });
}
