import { readFileSync } from "node:fs";
import path from "node:path";
import type { Email } from "../src/email/email.ts";
import { readArticle } from "../src/article/read-articles.ts";
import { composeDigest } from "../src/digest/compose-digest.ts";
import { loadTemplate } from "../src/email/io/load-template.ts";
import { renderEmail } from "../src/email/render-email.ts";
import { summarize } from "../src/summary/summarize.ts";

const CONTENT = path.resolve(import.meta.dirname, "../content");
const STORIES = ["02-eleven-minutes.txt"];
/** With one story a message has 17 KB. */
const COUNT = 1;

/** An issue of the usual size, rendered once. */
export async function sampleIssue(): Promise<Email> {
  const entries = Array.from({ length: COUNT }, (_, index) => {
    const name = STORIES[index % STORIES.length] ?? "";
    const body = readFileSync(path.join(CONTENT, name), "utf8");
    const read = readArticle({ format: "text", location: name, body });
    const article = {
      ...read,
      id: `${read.id}-${index}`,
      title: `${read.title}, part ${index + 1}`,
    };
    return { article, summary: summarize(article) };
  });
  const digest = composeDigest({ newsletter: "the-tidewrack", slot: "2026-W48" }, entries, {
    publication: { name: "The Tidewrack", postalAddress: "2 Sailcloth Row, Thornsea" },
    webUrl: "https://tidewrack.example/issues/2026-W48",
  });
  return renderEmail(digest, await loadTemplate("digest"));
}
