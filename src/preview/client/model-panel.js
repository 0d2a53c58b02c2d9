/** @import { Explanation, Judged } from "../../summary/explanation/explain.ts" */
/** @import { Point } from "./model-parts.js" */
/** @import { Story } from "./stories.js" */
import { reasonsList } from "./why-here.js";
import { h } from "./dom.js";
import { checksOf, pilcrow } from "./model-checks.js";
import { modelParts, paragraphsOf, placesOf, nearPoints } from "./model-parts.js";
import { chosenStory, ordinal } from "./stories.js";
import { canEdit, swapPoint } from "./edits.js";
import { issue, set, state } from "./store.js";

/** What of the digest was found in the source, why it was taken from there, and what nearly was. */
export function modelPanel() {
  const story = chosenStory();
  if (!story) return [];
  const checks = checksOf(story.entry);
  const open = checks.filter(({ found, of }) => found < of).length;
  return [
    h(
      "section",
      { "aria-label": "Against the source" },
      h("h2.big", headline(open)),
      h("p.muted", subline()),
      h(
        "ul.checks",
        checks.map(({ name, found, of, at }) =>
          h(
            "li",
            h("span", name),
            h(
              "b",
              { class: found === of ? "ok" : "word warning" },
              found === of && at ? at : `${found} of ${of}`,
            ),
          ),
        ),
      ),
      modelsNote(story.entry),
    ),
    whySection(story),
    nearSection(story),
  ];
}

/**
 * What became of a model's words, where one was asked.
 * @param {{ summary: { why?: string | undefined } }} entry
 */
function modelsNote({ summary: { why } }) {
  return why !== undefined && h("p.muted.note", why);
}

/** @param {number} open */
function headline(open) {
  if (open === 0) return "All from the source";
  return open === 1 ? "One thing to look at" : `${open} things to look at`;
}

/**
 * @param {{ text: string, language: string }} article
 * @returns {number}
 */
function sentencesIn({ text, language }) {
  const segmenter = new Intl.Segmenter(language, { granularity: "sentence" });
  const paragraphs = paragraphsOf(text).map(({ start, end }) => text.slice(start, end));
  return paragraphs.reduce((count, words) => count + [...segmenter.segment(words)].length, 0);
}

function subline() {
  const entry = chosenStory()?.entry;
  if (!entry) return "";
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

/**
 * Why the chosen sentence was chosen.
 * @param {Story} story
 */
function whySection(story) {
  const points = modelParts(story.entry).flatMap((part) => part.points);
  const point = points.find(({ id }) => id === state.settings.point);
  const explanation = issue().explanations[story.index];
  if (!explanation) return undefined;
  const judged = point && explanation.chosen.find(({ sign }) => sign === point.sign);
  const isRanked = judged?.rank !== undefined && judged.reasons.length > 0;
  return h(
    "section",
    { "aria-label": "Why this sentence" },
    h(
      "div.head",
      h("h2", point ? `Why ${nameOf(point)}` : "Why this sentence"),
      isRanked && h("span.muted", rankOf(judged, explanation)),
    ),
    isRanked ? reasonsList(judged.reasons) : h("p.muted", whyNoRank(story, point)),
  );
}

/** @param {Point} point */
function nameOf({ id, sign, label }) {
  if (id === "g") return "the gist";
  if (id === "q") return "the quote";
  return id.startsWith("k") ? `point ${sign}` : (label ?? "this");
}

/**
 * Of its worth only the place is shown: its unit means nothing to readers.
 * @param {Judged} judged
 * @param {Explanation} explanation
 */
function rankOf({ rank = 0 }, { sentences }) {
  return `${ordinal(rank)} of ${sentences} by worth`;
}

/**
 * Not every sentence comes from the ranking, and then there is nothing to show but that.
 * @param {Story} story
 * @param {Point | undefined} point
 */
function whyNoRank({ entry: { article, summary } }, point) {
  if (!point) return "Choose a sentence of the digest, or go through them with . and ,";
  if (point.id === "q")
    return "Word for word, with the speaker named beside it. Quotes are chosen by what they say, and not ranked with the sentences.";
  if (!/^(?:g|k\d+)$/.test(point.id))
    return "People, dates and figures are not ranked: each is here because the article states it.";
  if (point.start !== undefined) return "Nothing sets it apart from the other sentences.";
  if (point.id === "g" && summary.origin === "author")
    return "The author’s own description, so nothing was ranked.";
  if (point.id === "g" && summary.origin === "extract" && point.text === article.title)
    return "The headline: no sentence can stand for the article by itself.";
  if (point.sources && point.sources.length > 0)
    return "A model’s words, so there is no ranking to show. They are checked against the sentences that they follow.";
  return summary.origin === "model"
    ? "A model’s words, or an editor’s: they stand nowhere in the article, so there is no ranking to show."
    : "An editor’s words: they stand nowhere in the article, so there is no ranking to show.";
}

/**
 * What was left out and would have been next, on request.
 * @param {Story} story
 */
function nearSection(story) {
  const explanation = issue().explanations[story.index];
  const all = explanation?.nearMisses ?? [];
  if (all.length === 0) return undefined;
  const { near } = state.settings;
  return h(
    "section.near-misses",
    { "aria-label": "Left out, but close" },
    h(
      "div.head",
      h(
        "h2",
        h(
          "button",
          {
            "data-key": "near",
            "aria-expanded": String(near),
            onclick: () => set({ near: !near }),
          },
          "Left out, but close",
        ),
      ),
      h("span.muted", all.length, " ", h("kbd", "X")),
    ),
    near &&
      h(
        "ol",
        nearPoints(story).map((point, at) => nearRow(story, point, all[at])),
      ),
  );
}

/**
 * @param {Story} story
 * @param {Point} point
 * @param {Judged | undefined} judged
 */
function nearRow(story, point, judged) {
  const isChosen = state.settings.point === point.id;
  const { article } = story.entry;
  return h(
    "li",
    { class: isChosen ? "row chosen" : "row" },
    h(
      "button",
      {
        "data-key": `near-${point.id}`,
        "aria-current": isChosen && "true",
        onclick: () => set({ point: isChosen ? "" : point.id }),
      },
      h("span.place-by-worth.muted", ordinal(judged?.rank ?? 0)),
      h(
        "span.text",
        h("span.title", { lang: article.language, dir: "auto" }, point.text),
        h("span.muted", `Not chosen: ${judged?.why ?? ""}.`),
      ),
      h("span.muted.place", pilcrow(article.text, point)),
    ),
    isChosen && judged && judged.reasons.length > 0 && reasonsList(judged.reasons),
    canEdit() && swapTools(story, point),
  );
}

/**
 * @param {Story} story
 * @param {Point} point
 */
function swapTools({ index, entry }, point) {
  const { keyPoints } = entry.summary;
  if (keyPoints.length === 0) return undefined;
  return h(
    "p.swap-tools.muted",
    { role: "group", "aria-label": "Put it in for a key point" },
    "Put in for",
    keyPoints.map((_, at) =>
      h(
        "button.link",
        {
          "data-key": `swap-${point.id}-${at}`,
          "aria-label": `Put in for point ${at + 1}`,
          onclick: () => swapPoint(index, at, point),
        },
        at + 1,
      ),
    ),
  );
}
