/** @import { Entry } from "../../digest/digest.ts" */
/** @import { Story } from "./stories.js" */
import { h } from "./dom.js";
import { canEdit, joinStory, partStory } from "./edits.js";
import { capitalised, chosenStory, dayOf, stories } from "./stories.js";

/** Why the chosen story stands where it does and is told so, what was merged into it, and how that is changed. */
export function whyHereSection() {
  const story = chosenStory();
  if (!story) return undefined;
  const { entry } = story;
  const others = stories().filter(({ index }) => index !== story.index);
  const canJoin = canEdit() && others.length > 0;
  const parts = [placeOf(entry), followsOf(entry), mergedOf(story), canJoin && joinForm(others)];
  if (!parts.some(Boolean)) return undefined;
  return h(
    "section.why-here",
    { "aria-label": "Why here" },
    h("div.head", h("h2", `Why story ${story.number} is here`), h("kbd.muted", "W")),
    ...parts,
  );
}

/** Moves the focus to what can be done about the chosen story. */
export function goToWhyHere() {
  const first = document.querySelector(".why-here button, .why-here select");
  if (first instanceof HTMLElement) first.focus();
}

/** @param {Entry} entry */
function placeOf({ place }) {
  if (!place) return undefined;
  if (place.by === "pin" || place.by === "given") return h("p.muted", BY[place.by]);
  const worths = worthsOf(place);
  return h(
    "div",
    place.by === "model" && h("p.muted", "A model has put it here."),
    h("p.muted", `By news value: ${signed(place.value)} days.`),
    reasonsList(worths),
  );
}

/**
 * What a value is the sum of, each with a bar.
 * @param {readonly { text: string, worth: number }[]} reasons
 */
export function reasonsList(reasons) {
  const most = Math.max(...reasons.map(({ worth }) => Math.abs(worth)));
  return h(
    "ul.reasons",
    reasons.map(({ text, worth }) =>
      h(
        "li",
        { class: worth < 0 ? "against" : undefined },
        h("span", capitalised(text)),
        h("b", signed(worth)),
        h("i", { style: `width:${Math.round((Math.abs(worth) / most) * 100)}%` }),
      ),
    ),
  );
}

const BY = {
  pin: "It is pinned: by the config, or by its source.",
  given: "It stands where its file is named; by news value come those of feeds.",
};

/**
 * What the value is the sum of; nothing where it adds nothing.
 * @param {NonNullable<Entry["place"]>} place
 */
function worthsOf({ papers, ageDays, central, newsDays = 0, weight, value }) {
  const [byPapers, byWeight] = [Math.log2(papers), Math.log2(weight)];
  const parts = [
    { text: `${ageDays.toFixed(1)} days old`, worth: -ageDays },
    { text: `${papers} papers have it`, worth: byPapers },
    { text: `Weight ${weight}, of its source or its own`, worth: byWeight },
    { text: "Reads as news", worth: newsDays },
    // What is left, so that the figures add up to the value.
    {
      text: `As central to the issue as ${Math.round(central * 100)} % of the most`,
      worth: value - byPapers - byWeight - newsDays + ageDays,
    },
  ];
  return parts.filter(({ worth }) => Math.abs(worth) >= 0.05);
}

/** @param {number} worth */
function signed(worth) {
  return `${worth < 0 ? "−" : "+"}${Math.abs(worth).toFixed(1)}`;
}

/** @param {Entry} entry */
function followsOf({ follows }) {
  if (!follows) return undefined;
  const what = follows.as === "again" ? "The story again that" : "Follows what";
  const told = `${what} ${dayOf(follows.date ?? follows.slot)} told: ${follows.title}`;
  return h("p.muted", { dir: "auto" }, told);
}

const TOLD = {
  chosen: "Told by this article since it was chosen.",
  fullest: "Told by this article: the fullest text.",
  earliest: "Told by this article: as full as any, and the first.",
  latest: "Told by this article: its paper’s latest version.",
};

const MERGED = {
  article: "the same article",
  copy: "a copy of it",
  event: "on the same event",
  joined: "joined by you",
  model: "one story as the model says",
};

/** @param {Story} story */
function mergedOf({ index, entry: { alsoIn = [], told } }) {
  if (alsoIn.length === 0) return undefined;
  return h(
    "div",
    told && h("p.muted", TOLD[told]),
    h(
      "ul.merged",
      { "aria-label": "Merged into it" },
      alsoIn.map((other, at) => mergedRow(other, { index, at })),
    ),
  );
}

/**
 * @param {NonNullable<Entry["alsoIn"]>[number]} other
 * @param {{ index: number, at: number }} place
 */
function mergedRow({ title, site, url, source, as, confidence, id }, { index, at }) {
  const name = title ?? url ?? source ?? "";
  const sure = (as === "event" || as === "model") && confidence !== undefined;
  const why = as && `${MERGED[as]}${sure ? `, ${Math.round(confidence * 100)} % sure` : ""}`;
  return h(
    "li",
    h(
      "span.text",
      h("span.title", { dir: "auto" }, name),
      h("span.muted", { dir: "auto" }, [site, why].filter(Boolean).join(", ")),
    ),
    canEdit() &&
      id !== undefined &&
      h(
        "button.link",
        {
          "data-key": `part-out-${at}`,
          "aria-label": `Part ${name}`,
          onclick: () => partStory(index, at),
        },
        "Part",
      ),
  );
}

/** @param {readonly Story[]} others */
function joinForm(others) {
  const select = h(
    "select",
    { "data-key": "join-with", "aria-label": "The same story as this one" },
    others.map(({ index, number, title }) => h("option", { value: index }, `${number}. ${title}`)),
  );
  return h(
    "form.join",
    {
      onsubmit: (/** @type {Event} */ event) => {
        event.preventDefault();
        void joinStory(Number(select.value));
      },
    },
    h("label", h("span.muted", "The same story:"), select),
    h("button.link", { "data-key": "join" }, "Join"),
  );
}
