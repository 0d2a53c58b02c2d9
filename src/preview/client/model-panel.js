import { h } from "./dom.js";
import { checksOf } from "./model-checks.js";
import { modelParts, paragraphsOf, placesOf } from "./model-parts.js";
import { nearSection, whySection } from "./model-why.js";
import { chosenStory } from "./stories.js";

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
      h("h2", { class: "big" }, headline(open)),
      h("p", { class: "muted" }, subline()),
      h(
        "ul",
        { class: "checks" },
        checks.map(({ name, found, of, at }) =>
          h(
            "li",
            {},
            h("span", {}, name),
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
  return why !== undefined && h("p", { class: "muted note" }, why);
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
