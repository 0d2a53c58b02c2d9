import type { Article } from "../article/article.ts";
import { escapeHtml } from "../platform/references.ts";
import { directionOf } from "../platform/text.ts";
import { type Judged, type Reason, explain } from "../summary/explanation/explain.ts";
import type { Summary } from "../summary/summary.ts";
import {
  bylineOf,
  paragraphOf,
  type Explained,
  markedParagraphs,
  type Stretch,
  countOf,
  headOf,
  genreWords,
  whoseWords,
} from "./article-view.ts";
import type { PageFlag } from "./flags.ts";
import { selfContainedPage, PAGE_TOKENS, writePageTo } from "./self-contained-page.ts";
import type { Terminal } from "./terminal.ts";
import { attempt } from "../platform/attempt.ts";

/** A page with articles, their summaries and the reasons for the selection. */
function explainPage(explained: readonly Explained[]): string {
  const [first] = explained;
  return selfContainedPage({
    mark: EXPLAIN_PAGE,
    title: `${first ? headOf(first.article) : ""}: why this summary`,
    style: EXPLAIN_STYLE,
    body: explained.map((one, at) => storyHtml(one, at + 1)).join("\n"),
  });
}

/** The mark that identifies a page written by Broadsheet. */
const EXPLAIN_PAGE = "broadsheet summarize --html";

function storyHtml({ article, summary, explanation }: Explained, story: number): string {
  const { language } = article;
  const attributes = `lang="${escapeHtml(language)}" dir="${directionIn(language)}"`;
  const words = whoseWords(summary);
  const place = { text: article.text, attributes, story };
  return `<main>
<section class="original" ${attributes}>
<h1>${escapeHtml(headOf(article))}</h1>
<p class="muted" dir="ltr">${escapeHtml(bylineOf(article))}</p>
${markedParagraphs(article.text, explanation)
  .map((stretches, at) => paragraphHtml(stretches, at + 1, story))
  .join("\n")}
</section>
<section class="why">
<h2>Why this summary</h2>
<p class="muted">${escapeHtml(countOf({ article, summary, explanation }))}</p>
${words ? `<p class="note">${escapeHtml(words)}</p>` : ""}
${summary.genre ? `<p class="muted">Kind of text: ${escapeHtml(genreWords(summary.genre))}</p>` : ""}
${listHtml(explanation.chosen, place)}
${explanation.nearMisses.length > 0 ? `<h2>Left out, but close</h2>\n${listHtml(explanation.nearMisses, place)}` : ""}
</section>
</main>`;
}

/** An invalid language tag has no direction. */
function directionIn(language: string): string {
  return attempt(() => directionOf(language)) ?? "auto";
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

/** The source text of a sentence, the attributes of its language, and the number of its story in the page. */
interface Place {
  readonly text: string;
  readonly attributes: string;
  readonly story: number;
}

function listHtml(judged: readonly Judged[], place: Place): string {
  return `<ol>\n${judged.map((one) => judgedHtml(one, place)).join("\n")}\n</ol>`;
}

function judgedHtml(one: Judged, { text, attributes, story }: Place): string {
  const { sentence, sign, rank, worth = 0, reasons, why } = one;
  const label = sign === undefined ? "" : `<a href="#at-${story}-${sign}">${sign}</a>`;
  const score =
    rank === undefined ? "" : `, ${Math.round(100 * worth)} % likely to be kept, rank ${rank}`;
  return `<li${sign === undefined ? "" : ` id="why-${story}-${sign}"`}>
<span class="sign">${label}</span>
<div><p class="sentence" ${attributes}>${escapeHtml(sentence.text)}</p>
<p class="muted">¶ ${paragraphOf(sentence, text)}${score}</p>
${why ? `<p class="note">Not chosen: ${escapeHtml(why)}.</p>` : ""}
${reasonsHtml(reasons)}</div></li>`;
}

const FULL_WORTH = 4;

function reasonsHtml(reasons: readonly Reason[]): string {
  if (reasons.length === 0) return "";
  const rows = reasons.map(({ text, worth }) => {
    const width = Math.round(100 * Math.min(1, Math.abs(worth) / FULL_WORTH));
    const figure = `${worth > 0 ? "+" : ""}${figureOf(worth, 2)}`;
    const bar = `<span class="bar${worth < 0 ? " against" : ""}"><span style="width:${width}%"></span></span>`;
    return `<div class="reason"><dt>${escapeHtml(text)}</dt><dd>${bar}<span class="figure">${figure}</span></dd></div>`;
  });
  return `<dl>${rows.join("\n")}</dl>`;
}

/** A number with a real minus sign. */
function figureOf(worth: number, digits: number): string {
  return worth.toFixed(digits).replace("-", "−");
}

/** The design of the preview page's model view. */
const EXPLAIN_STYLE = `${PAGE_TOKENS}* { box-sizing: border-box; margin: 0; padding: 0; }
body { background: var(--paper); color: var(--ink2); font: 16px/26px var(--serif); }
main { display: grid; max-width: 1120px; margin: 0 auto; padding: 0 20px; }
main + main { border-top: 1px solid var(--rule); }
section { min-width: 0; padding: 28px 0 40px; overflow-wrap: break-word; }
h1, h2 { color: var(--ink); font: 700 24px/28px var(--serif); letter-spacing: -0.3px; text-wrap: balance; }
[dir="rtl"] h1 { letter-spacing: 0; }
.muted { color: var(--muted); font: 14px/20px var(--sans); }
h1 + .muted, h2 + .muted { padding-top: 4px; }
.original h1, .original > .muted { padding-inline-start: 36px; }
.paragraph { display: flex; padding-top: 12px; }
.paragraph p { min-width: 0; white-space: pre-line; }
.number { flex: none; width: 36px; padding-inline-end: 14px; color: var(--muted); font: 14px/26px var(--sans); text-align: end; }
mark { padding: 1px 0; background: var(--tint); color: var(--ink); }
mark:target { border-bottom: 2px solid var(--accent); }
sup { padding-inline: 2px; font: 700 12px/1 var(--serif); }
a { color: var(--accent); text-decoration: none; }
a:focus-visible { outline: 2px solid var(--ink); outline-offset: 2px; }
.near { border-bottom: 2px dotted var(--muted); }
.why { border-top: 1px solid var(--rule); }
.why ol { list-style: none; padding-top: 12px; }
.why ol + h2 { margin-top: 28px; padding-top: 12px; border-top: 1px solid var(--rule); }
.why li { display: flex; padding: 12px 0; }
.why li + li { border-top: 1px solid var(--hair); }
.why li:target { background: var(--tint); }
.why li > div { flex: 1; min-width: 0; }
.sign { flex: none; width: 28px; font-weight: 700; }
.sentence { color: var(--ink); }
.note { color: var(--ink2); font: 14px/20px var(--sans); }
.why > .note { padding-top: 12px; }
dl { padding-top: 8px; font: 14px/20px var(--sans); }
.reason { display: flex; gap: 12px; align-items: baseline; padding: 2px 0; }
dt { flex: 1; min-width: 0; }
dd { display: flex; flex: none; gap: 8px; align-items: center; }
.bar { width: 72px; }
.bar > span { display: block; height: 6px; background: var(--ink2); }
.bar.against > span { background: none; border: 1px solid var(--muted); }
.figure { width: 44px; color: var(--muted); text-align: end; font-variant-numeric: tabular-nums; }
@media (min-width: 860px) {
  main { grid-template-columns: minmax(0, 1.2fr) minmax(0, 1fr); padding: 0 40px; }
  .original { padding-inline-end: 40px; }
  .why { padding-inline-start: 32px; border-top: 0; border-inline-start: 1px solid var(--hair); }
}
`;

/** The data of one article for the terminal and the page. */
export function explained(article: Article, summary: Summary): Explained {
  return { article, summary, explanation: explain(article, summary) };
}

/**
 * Writes the page to a file or to stdout. Nothing is written if no article could be read.
 * @throws BroadsheetError FILE_EXISTS, OUTPUT_UNWRITABLE.
 */
export async function writeExplained(
  all: readonly Explained[],
  to: PageFlag,
  terminal: Terminal,
): Promise<void> {
  if (all.length === 0) return;
  await writePageTo(to, { html: explainPage(all), mark: EXPLAIN_PAGE }, terminal);
}
