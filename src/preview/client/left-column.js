/** @import { Story } from "./stories.js" */
import { h } from "./dom.js";
import { canEdit, hideStory, moveStory, unhideStory } from "./edits.js";
import { showStory } from "./frames.js";
import { fixturesSection, issuesSection } from "./issues.js";
import { modelParts } from "./model-parts.js";
import { mendButtons, noticesAt } from "./notices.js";
import { change, desk, issue, set, state } from "./store.js";
import {
  chosenStory,
  findingsOf,
  hiddenStories,
  idOf,
  isWanted,
  openRefusals,
  stories,
} from "./stories.js";
import { severityWord } from "./verdict.js";
import { whyHereSection } from "./why-here.js";

/** Stories, the parts of the chosen one where its model is shown, and the keys one needs most. */
export function leftColumn() {
  const all = stories();
  const { number, slot } = issue().digest.issue;
  const found = all.filter(({ title, source }) => isWanted(`${title} ${source}`));
  const hasMany = all.length > 8 || (desk()?.issues.length ?? 0) > 8;
  return [
    hasMany || state.filter !== "" ? filterField() : undefined,
    issuesSection(),
    h(
      "section",
      { "aria-label": "Stories" },
      heading(`Stories in ${number === undefined ? slot : `No. ${number}`}`, counted(found, all)),
      h("ol.list", found.map(storyRow)),
      hiddenList(),
    ),
    whyHereSection(),
    state.settings.view === "model" && partsSection(),
    fixturesSection(),
    keysHint(),
  ];
}

/**
 * @param {string} title
 * @param {string} aside
 */
function heading(title, aside) {
  return h("div.head", h("h2", title), h("span.muted", aside));
}

/**
 * @param {readonly unknown[]} found
 * @param {readonly unknown[]} all
 */
function counted(found, all) {
  return found.length === all.length ? `${all.length}` : `${found.length} of ${all.length}`;
}

function filterField() {
  return h("input.filter", {
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

/** @param {Story} story */
function storyRow(story) {
  const isChosen = chosenStory()?.number === story.number;
  const severity = worstOf(story);
  const id = idOf(story.entry);
  const doubt = desk()?.notices.find(
    ({ about: { rule, id: own }, fix }) =>
      rule !== undefined && own === id && fix.operation?.op === "accept",
  );
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
      h("span.number", story.number),
      h(
        "span.text",
        { lang: story.entry.article.language },
        h("span.title", { dir: "auto" }, story.title),
        h("span.muted", { dir: "auto" }, story.source),
      ),
      severity && severityWord(severity),
    ),
    isChosen && canEdit() && storyTools(),
    isChosen && doubt && mendButtons(doubt),
    noticesAt(id),
  );
}

/** @param {Story} story */
function worstOf(story) {
  const [worst] = findingsOf(story);
  const isRefused = openRefusals(story).length > 0;
  return isRefused && worst?.severity !== "error" ? "warning" : worst?.severity;
}

/** What can be done to the chosen story. */
function storyTools() {
  return h(
    "p.story-tools",
    storyTool("Up", () => moveStory(-1)),
    storyTool("Down", () => moveStory(1)),
    storyTool("Hide", hideStory),
  );
}

/**
 * @param {string} name
 * @param {() => unknown} run
 */
function storyTool(name, run) {
  return h("button.link", { "data-key": `tool-${name}`, onclick: run }, name);
}

/** The stories that readers don't get. */
function hiddenList() {
  const hidden = hiddenStories();
  if (hidden.length === 0) return undefined;
  return h(
    "ul.hidden-list",
    { "aria-label": "Hidden stories" },
    hidden.map(({ index, title }) =>
      h(
        "li.muted",
        h("span.text", { dir: "auto" }, title),
        canEdit()
          ? h(
              "button.link",
              { "data-key": `show-${index}`, onclick: () => unhideStory(index) },
              "Show",
            )
          : "hidden",
      ),
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
  if (!story) return undefined;
  const parts = modelParts(story.entry).filter(({ points }) => points.length > 0);
  return h(
    "section.parts",
    { "aria-label": "Parts" },
    heading("Parts", `of story ${story.number}`),
    h(
      "ul.list",
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
            h("span.text.title", name),
            h("span.muted", count),
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
    "p.keys-hint",
    HINTS.map(({ keys, does }) => h("span", ...keys.flatMap((key) => [h("kbd", key), " "]), does)),
  );
}
