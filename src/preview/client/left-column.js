/** @import { Story } from "./stories.js" */
import { h } from "./dom.js";
import { showStory } from "./frames.js";
import { modelParts } from "./model-parts.js";
import { change, issue, set, state } from "./store.js";
import { chosenStory, findingsOf, plain, stories } from "./stories.js";
import { severityWord } from "./verdict.js";

/** Stories, the parts of the chosen one where its model is shown, and the keys one needs most. */
export function leftColumn() {
  const all = stories();
  const { number, slot } = issue().digest.issue;
  const found = all.filter(({ title, source }) => isWanted(`${title} ${source}`));
  return [
    h(
      "section",
      { "aria-label": "Stories" },
      heading(`Stories in ${number === undefined ? slot : `No. ${number}`}`, counted(found, all)),
      all.length > 8 || state.filter !== "" ? filterField() : false,
      h("ol", { class: "list" }, found.map(storyRow)),
    ),
    state.settings.view === "model" && partsSection(),
    keysHint(),
  ];
}

/**
 * @param {string} title
 * @param {string} aside
 */
function heading(title, aside) {
  return h("div", { class: "head" }, h("h2", {}, title), h("span", { class: "muted" }, aside));
}

/**
 * @param {readonly unknown[]} found
 * @param {readonly unknown[]} all
 */
function counted(found, all) {
  return found.length === all.length ? `${all.length}` : `${found.length} of ${all.length}`;
}

function filterField() {
  return h("input", {
    class: "filter",
    type: "search",
    "data-key": "filter",
    "aria-label": "Filter",
    placeholder: "Filter",
    value: state.filter,
    oninput: (/** @type {Event} */ { target }) => {
      if (target instanceof HTMLInputElement) change({ filter: target.value });
    },
  });
}

/** @param {string} text */
function isWanted(text) {
  return plain(text).toLowerCase().includes(plain(state.filter).toLowerCase());
}

/** @param {Story} story */
function storyRow(story) {
  const isChosen = chosenStory()?.number === story.number;
  const [worst] = findingsOf(story);
  return h(
    "li",
    { class: isChosen ? "row chosen" : "row" },
    h(
      "button",
      {
        "data-key": `story-${story.number}`,
        "aria-current": isChosen && "true",
        onclick: () => chooseStory(story.number),
      },
      h("span", { class: "number" }, story.number),
      h(
        "span",
        { class: "text", lang: story.entry.article.language, dir: "auto" },
        h("span", { class: "title" }, story.title),
        h("span", { class: "muted" }, story.source),
      ),
      worst && severityWord(worst.severity),
    ),
  );
}

/** @param {number} number */
export function chooseStory(number) {
  set({ story: number, point: "" });
  showStory();
}

function partsSection() {
  const story = chosenStory();
  if (!story) return false;
  const parts = modelParts(story.entry).filter(({ points }) => points.length > 0);
  return h(
    "section",
    { "aria-label": "Parts", class: "parts" },
    heading("Parts", `of story ${story.number}`),
    h(
      "ul",
      { class: "list" },
      parts.map(({ name, count, points }) => {
        const isChosen = points.some(({ id }) => id === state.settings.point);
        return h(
          "li",
          { class: isChosen ? "row chosen" : "row" },
          h(
            "button",
            {
              "data-key": `part-${name}`,
              "aria-current": isChosen && "true",
              onclick: () => set({ point: points[0]?.id ?? "" }),
            },
            h("span", { class: "text title" }, name),
            h("span", { class: "muted" }, count),
          ),
        );
      }),
    ),
  );
}

/** @type {readonly { keys: readonly string[], does: string }[]} */
const HINTS = [
  { keys: ["J", "K"], does: "story" },
  { keys: ["N"], does: "finding" },
  { keys: ["/"], does: "filter" },
  { keys: ["?"], does: "all keys" },
];

function keysHint() {
  return h(
    "p",
    { class: "keys-hint" },
    HINTS.map(({ keys, does }) =>
      h("span", {}, ...keys.flatMap((key) => [h("kbd", {}, key), " "]), does),
    ),
  );
}
