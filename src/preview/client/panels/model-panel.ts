import { html } from "htm/preact";
import type { Entry } from "../../../digest/digest.ts";
import type { Judged } from "../../../summary/explanation/explain.ts";
import { type Check, checksOf, pilcrow } from "../model-checks.ts";
import { modelParts, nearPoints, paragraphsOf, placesOf, type Point } from "../model-parts.ts";
import { issue, set, settings } from "../store.ts";
import { chosenStory, ordinal, type Story } from "../stories.ts";
import { Row } from "./controls.ts";
import { reasonsList } from "./why-here.ts";

/** The panel about the chosen story: the checks against the source, the reason for the chosen sentence, and the near misses. */
export function ModelPanel() {
  const story = chosenStory.value;
  if (!story) return undefined;
  const { summary } = story.entry;
  const checks = checksOf(story.entry);
  const open = checks.filter(({ found, of }) => found < of).length;
  return html`<section aria-label="Against the source">
      <h2 class="big">${headline(open)}</h2>
      <p class="muted">${subline(story.entry)}</p>
      <ul class="checks">
        ${checks.map(checkRow)}
      </ul>
      ${summary.why !== undefined && html`<p class="muted note">${summary.why}</p>`}
    </section>
    ${whySection(story)}
    ${nearSection(story)}`;
}

function checkRow({ name, found, of, at }: Check) {
  return html`<li>
    <span>${name}</span>
    <b class=${found === of ? "ok" : "word warning"}>${found === of && at ? at : `${found} of ${of}`}</b>
  </li>`;
}

function headline(open: number): string {
  if (open === 0) return "All from the source";
  return open === 1 ? "One thing to look at" : `${open} things to look at`;
}

function sentencesIn({ text, language }: Entry["article"]): number {
  const segmenter = new Intl.Segmenter(language, { granularity: "sentence" });
  const paragraphs = paragraphsOf(text).map(({ start, end }) => text.slice(start, end));
  return paragraphs.reduce((count, words) => count + [...segmenter.segment(words)].length, 0);
}

function subline(entry: Entry): string {
  const points = modelParts(entry).flatMap((part) => part.points);
  const used = new Set(
    points
      .filter(({ isSentence }) => isSentence)
      .flatMap(placesOf)
      .map(({ start }) => start),
  );
  const all = sentencesIn(entry.article);
  const { minutes } = entry.summary;
  return `${used.size} of ${all} sentences. ${minutes} ${minutes === 1 ? "minute" : "minutes"} in full.`;
}

/** The reasons why the chosen sentence was selected. */
function whySection(story: Story) {
  const points = modelParts(story.entry).flatMap((part) => part.points);
  const point = points.find(({ id }) => id === settings.point.value);
  const explanation = issue.value.explanations[story.index];
  if (!explanation) return undefined;
  const wanted = point?.id === "g" ? "G" : point?.sign;
  const judged = point && explanation.chosen.find(({ sign }) => sign === wanted);
  const { rank, reasons = [] } = judged ?? {};
  const isRanked = rank !== undefined && reasons.length > 0;
  const place = `${ordinal(rank ?? 0)} of ${explanation.sentences} sentences`;
  return html`<section aria-label="Why this sentence">
    <div class="head">
      <h2>${point ? `Why ${nameOf(point)}` : "Why this sentence"}</h2>
      ${isRanked && html`<span class="muted">${place}</span>`}
    </div>
    ${isRanked ? reasonsList(reasons) : html`<p class="muted">${whyNoRank(story, point)}</p>`}
  </section>`;
}

function nameOf({ id, sign, label }: Point): string {
  if (id === "g") return "the summary";
  if (id === "q") return "the quote";
  return id.startsWith("k") ? `point ${sign}` : (label ?? "this");
}

/** Some sentences do not come from the ranking; then the panel shows only this text. */
function whyNoRank({ entry: { article, summary } }: Story, point: Point | undefined): string {
  if (!point) return "Choose a sentence of the digest, or go through them with . and ,";
  if (point.id === "q")
    return "Word for word, with the speaker named beside it. Quotes are chosen by what they say, and not ranked with the sentences.";
  if (!/^(?:g|k\d+)$/.test(point.id))
    return "People, dates and figures are not ranked: each is here because the article states it.";
  if (point.start !== undefined) return "It does not differ from the other sentences.";
  if (point.id === "g" && summary.origin === "author")
    return "The author’s own description, so nothing was ranked.";
  if (point.id === "g" && summary.origin === "extract" && point.text === article.title)
    return "The headline: no sentence can represent the article by itself.";
  if (point.sources && point.sources.length > 0)
    return "A model’s words, so there is no ranking to show. They are checked against their source sentences.";
  return summary.origin === "model"
    ? "A model’s words, or an editor’s: they are not in the article, so there is no ranking to show."
    : "An editor’s words: they are not in the article, so there is no ranking to show.";
}

/** The sentences that ranked next, shown on request. */
function nearSection(story: Story) {
  const all = issue.value.explanations[story.index]?.nearMisses ?? [];
  if (all.length === 0) return undefined;
  const near = settings.near.value;
  return html`<section class="near-misses" aria-label="Left out, but close">
    <div class="head">
      <h2>
        <button data-key="near" aria-expanded=${String(near)} onclick=${() => set({ near: !near })}>
          Left out, but close
        </button>
      </h2>
      <span class="muted">${all.length} <kbd>X</kbd></span>
    </div>
    ${near && html`<ol>${nearPoints(story).map((point, at) => nearRow(story, point, all[at]))}</ol>`}
  </section>`;
}

function nearRow(story: Story, point: Point, judged: Judged | undefined) {
  const isChosen = settings.point.value === point.id;
  const { article } = story.entry;
  const { rank = 0, why = "", reasons = [] } = judged ?? {};
  const below = isChosen && reasons.length > 0 && reasonsList(reasons);
  return html`<${Row}
    isChosen=${isChosen}
    name=${`near-${point.id}`}
    onclick=${() => set({ point: isChosen ? "" : point.id })}
    below=${below}
  >
    <span class="place-by-worth muted">${ordinal(rank)}</span>
    <span class="text">
      <span class="title" lang=${article.language} dir="auto">${point.text}</span>
      <span class="muted">Not chosen: ${why}.</span>
    </span>
    <span class="muted place">${pilcrow(article.text, point)}</span>
  <//>`;
}
