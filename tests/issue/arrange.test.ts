import { expect, test } from "vitest";
import { parseConfig } from "../../src/config/config.ts";
import { MOST_STORIES } from "../../src/digest/digest.ts";
import { arrange } from "../../src/issue/arrange.ts";
import { openBuild } from "../../src/issue/open-build.ts";
import { SILENT } from "../../src/platform/reporter.ts";
import { readings } from "../digest/readings.ts";
import { article } from "../fixtures.ts";

test("of 300 articles the first 200 are in an issue, and a note reports the others", async () => {
  const raw = { name: "The Mudlark", merge: false, order: "given" };
  const parsed = parseConfig(raw, {}, "/letters/broadsheet.config.json");
  const articles = Array.from({ length: 300 }, (_, at) =>
    article({ id: `${at}`, title: `T${at}` }),
  );
  const notes: string[] = [];
  const reporter = { ...SILENT, note: (text: string) => void notes.push(text) };
  const build = await openBuild(parsed, { flags: { date: "2019-03-14" }, reporter });
  const read = { readings: readings(articles), failures: [], missing: [], fetched: 0 };
  const { stories } = await arrange(read, build);
  expect(stories.map(({ article }) => article.title)).toEqual(
    articles.slice(0, MOST_STORIES).map(({ title }) => title),
  );
  expect(notes).toEqual(["Left out the last 100 stories: an issue has 200 at most"]);
});
