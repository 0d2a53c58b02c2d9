import type { Article } from "../../article/article.ts";
import { escapeHtml } from "../../article/sanitise-html.ts";
import { directionOf } from "../../email/direction.ts";
import type { Explanation, Judged, Reason } from "../../summary/explanation/explain.ts";
import { escapeHtml } from "../../article/paragraph-html.ts";
import { directionOf } from "../../email/typography.ts";
import type { Explanation, Judged } from "../../summary/explanation/explain.ts";
import type { Reason } from "../../summary/explanation/reasons.ts";
import type { Summary } from "../../summary/summary.ts";
import { bylineOf, paragraphOf } from "../article-view.ts";
import { selfContainedPage } from "../self-contained-page.ts";
import { EXPLAIN_STYLE } from "./explain-style.ts";
import { markedParagraphs, type Stretch } from "./marked-text.ts";
import { countOf, headOf, whoseWords } from "./told.ts";

/** An article with its summary and why that was chosen. */
export interface Explained {
  readonly article: Article;
  readonly summary: Summary;
  readonly explanation: Explanation;
}

/** Articles with their summaries and the reasons for them, as a page. */
export function explainPage(explained: readonly Explained[]): string {
  const [first] = explained;
  return selfContainedPage({
    mark: EXPLAIN_PAGE,
    title: `${first ? headOf(first.article) : ""}: why this summary`,
    style: EXPLAIN_STYLE,
    body: explained.map((one, at) => storyHtml(one, at + 1)).join("\n"),
  });
}

/** By this a page of ours is told from a file of somebody's. */
export const EXPLAIN_PAGE = "broadsheet summarize --html";

function storyHtml({ article, summary, explanation }: Explained, story: number): string {
  const { language } = article;
  const told = `lang="${escapeHtml(language)}" dir="${directionIn(language)}"`;
  const words = whoseWords(summary);
  const place = { text: article.text, told, story };
  return `<main>
<section class="original" ${told}>
<h1>${escapeHtml(headOf(article))}</h1>
<p class="muted" dir="ltr">${escapeHtml(bylineOf(article))}</p>
${markedParagraphs(article.text, explanation)
  .map((stretches, at) => paragraphHtml(stretches, at + 1, story))
  .join("\n")}
</section>
<section class="why">
<h2>Why this summary</h2>
<p class="muted">${escapeHtml(countOf(explanation, summary))}</p>
${words ? `<p class="note">${escapeHtml(words)}</p>` : ""}
${listHtml(explanation.chosen, place)}
${explanation.nearMisses.length > 0 ? `<h2>Left out, but close</h2>\n${listHtml(explanation.nearMisses, place)}` : ""}
</section>
</main>`;
}

/** A tag that is not well formed has no direction to tell. */
function directionIn(language: string): string {
  try {
    return directionOf(language);
  } catch {
    return "auto";
  }
}

function paragraphHtml(stretches: readonly Stretch[], number: number, story: number): string {
  const inside = stretches.map((stretch) => stretchHtml(stretch, story)).join("");
  return `<div class="paragraph"><span class="number">${number}</span><p>${inside}</p></div>`;
}

function stretchHtml({ text, sign, isNearMiss }: Stretch, story: number): string {
  if (sign !== undefined) {
    const label = `<sup><a href="#why-${story}-${sign}">${sign}</a></sup>`;
    return `<mark id="at-${story}-${sign}">${label}${escapeHtml(text)}</mark>`;
  }
  return isNearMiss ? `<span class="near">${escapeHtml(text)}</span>` : escapeHtml(text);
}

/** The text a sentence is from, the attributes of its language, and which story of the page it is. */
interface Place {
  readonly text: string;
  readonly told: string;
  readonly story: number;
}

function listHtml(judged: readonly Judged[], place: Place): string {
  return `<ol>\n${judged.map((one) => judgedHtml(one, place)).join("\n")}\n</ol>`;
}

function judgedHtml(one: Judged, { text, told, story }: Place): string {
  const { sentence, sign, rank, worth = 0, reasons, why } = one;
  const label = sign === undefined ? "" : `<a href="#at-${story}-${sign}">${sign}</a>`;
  const score = rank === undefined ? "" : `, ${figureOf(worth, 1)} by itself, place ${rank}`;
  return `<li${sign === undefined ? "" : ` id="why-${story}-${sign}"`}>
<span class="sign">${label}</span>
<div><p class="sentence" ${told}>${escapeHtml(sentence.text)}</p>
<p class="muted">¶ ${paragraphOf(sentence, text)}${score}</p>
${why ? `<p class="note">Not chosen: ${escapeHtml(why)}.</p>` : ""}
${reasonsHtml(reasons)}</div></li>`;
}

/** So much worth fills a bar. */
const FULL = 4;

function reasonsHtml(reasons: readonly Reason[]): string {
  if (reasons.length === 0) return "";
  const rows = reasons.map(({ text, worth }) => {
    const width = Math.round(100 * Math.min(1, Math.abs(worth) / FULL));
    const figure = `${worth > 0 ? "+" : ""}${figureOf(worth, 2)}`;
    const bar = `<span class="bar${worth < 0 ? " against" : ""}"><span style="width:${width}%"></span></span>`;
    return `<div class="reason"><dt>${escapeHtml(text)}</dt><dd>${bar}<span class="figure">${figure}</span></dd></div>`;
  });
  return `<dl>${rows.join("\n")}</dl>`;
}

/** LOOK: a true minus. */
function figureOf(worth: number, digits: number): string {
  return worth.toFixed(digits).replace("-", "−");
}
