/**
 * Subjects and preheaders to read: `node bench/subjects.ts`. Issues of five stories each are made of the English pages,
 * each led by another. BROADSHEET_CORPORA names the folder with articles/en.
 */
import { isDoubtful, type Article } from "../src/article/article.ts";
import { readArticle } from "../src/article/read-articles.ts";
import { composeDigest } from "../src/digest/compose-digest.ts";
import { summarize } from "../src/summary/summarize.ts";
import { tooThin } from "../src/summary/summary.ts";
import { samplesOf } from "./reading/corpus.ts";

const STORIES = 5;
const ISSUES = Number(process.argv[2] ?? 40);

const articles = samplesOf("en").flatMap(({ id, html }): Article[] => {
  try {
    const article = readArticle({ format: "html", location: `${id}.html`, body: html });
    const isUsable = !isDoubtful(article.reading) && !tooThin(article);
    return isUsable && article.language === "en" ? [article] : [];
  } catch {
    return [];
  }
});
const entries = articles.map((article) => ({ article, summary: summarize(article) }));
for (let at = 0; at < Math.min(ISSUES, entries.length); at++) {
  const told = Array.from(
    { length: STORIES },
    (_, next) => entries[(at + next * 7) % entries.length],
  );
  const slot = `2019-11-${String((at % 28) + 1).padStart(2, "0")}`;
  const { subject, preheader, composed } = composeDigest(
    { newsletter: "bench", slot },
    told.filter((entry) => entry !== undefined),
  );
  console.log(`${at + 1}. ${subject}  [${composed?.subject?.confidence}]`);
  console.log(`   ${preheader}  [${composed?.preheader?.confidence}]`);
  console.log(`   was: ${told[0]?.article.title}`);
}
