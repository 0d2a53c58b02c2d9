/** @import { Point, Part } from "./model-parts.js" */
import { h } from "./dom.js";
import { beginEdit, canEdit, editor } from "./edits.js";
import { isVerbatim, pilcrow } from "./model-checks.js";
import { modelParts, nearPoints, paragraphsOf, placesOf } from "./model-parts.js";
import { issue, set, state } from "./store.js";
import { chosenStory, paperOf, refusalsOf } from "./stories.js";

/** The article beside what the digest says of it. */
export function modelView() {
  const story = chosenStory();
  if (!story) return [h("p.nothing", "This issue has no stories.")];
  const { article } = story.entry;
  const parts = modelParts(story.entry).filter(({ points }) => points.length > 0);
  const near = state.settings.near ? nearPoints(story) : [];
  const marks = [...parts.flatMap(({ points }) => points.flatMap(placesOf)), ...near];
  return [
    h(
      "div.model",
      h(
        "article.original",
        { lang: article.language, dir: "auto", "aria-label": "The article" },
        h("h2", story.title),
        h("p.muted", aboutArticle()),
        paragraphsOf(article.text).map(({ number, start, end }) =>
          h(
            "p.paragraph",
            h("span.number", number),
            h("span.words", ...markedText(article.text, { start, end }, marks)),
          ),
        ),
      ),
      h(
        "div.digest",
        { lang: article.language, "aria-label": "The digest", role: "group" },
        article.kicker !== undefined && h("p.kicker", { dir: "auto" }, article.kicker),
        h("h2", { dir: "auto" }, story.title),
        parts.map((part) => digestPart(part, article.text)),
      ),
      h("div.wire", { "aria-hidden": "true" }),
    ),
  ];
}

function aboutArticle() {
  const entry = chosenStory()?.entry;
  if (!entry) return "";
  const words = entry.article.text.split(/\s+/).filter(Boolean).length.toLocaleString("en");
  const count = paragraphsOf(entry.article.text).length;
  const paper = paperOf(entry);
  return `The article${paper && `, ${paper}`}. ${words} words in ${count} ${count === 1 ? "paragraph" : "paragraphs"}`;
}

/**
 * A piece of the article, what the digest takes from it on tint.
 * @param {string} text
 * @param {{ start: number, end: number }} piece
 * @param {readonly Point[]} marks
 */
function markedText(text, { start, end }, marks) {
  const here = marks.filter((mark) => (mark.start ?? end) < end && (mark.end ?? start) > start);
  const edges = here.flatMap((mark) => [
    mark.start ?? start,
    mark.end ?? end,
    ...(mark.cut ?? []).flatMap((gap) => [gap.start, gap.end]),
  ]);
  const stops = [...new Set([start, ...edges.filter((at) => at > start && at < end), end])];
  stops.sort((a, b) => a - b);
  return stops.slice(0, -1).map((from, index) => {
    const to = stops[index + 1] ?? end;
    const over = here.filter((mark) => covers(mark, from));
    return over.length === 0
      ? text.slice(from, to)
      : h(
          "mark",
          {
            class: markClass(over),
            "data-points": over.map(({ id }) => id).join(" "),
            onclick: () => set({ point: nextOf(over) }),
          },
          over
            .filter((mark) => mark.start === from && mark.sign !== "")
            .map(({ sign }) => h("sup", sign)),
          text.slice(from, to),
        );
  });
}

/** @param {readonly Point[]} over The points that use a passage. */
function markClass(over) {
  const isChosen = over.some(({ id }) => id === state.settings.point);
  const isLeftOut = over.every(({ id }) => id.startsWith("n"));
  return [isLeftOut && "near", isChosen && "chosen"].filter(Boolean).join(" ") || undefined;
}

/**
 * @param {Point} mark
 * @param {number} at
 */
function covers({ start = -1, end = -1, cut = [] }, at) {
  return start <= at && at < end && !cut.some((gap) => gap.start <= at && at < gap.end);
}

/**
 * Of several points that use a passage each click chooses another.
 * @param {readonly Point[]} points
 */
function nextOf(points) {
  const at = points.findIndex(({ id }) => id === state.settings.point);
  return points[(at + 1) % points.length]?.id ?? "";
}

/**
 * @param {Part} part
 * @param {string} text
 */
function digestPart({ id, name, points }, text) {
  return h(
    "section",
    { class: `part ${id}`, "aria-label": name },
    h("h3", name),
    h(
      "ol",
      points.map((point) => digestRow(point, text)),
    ),
  );
}

/**
 * @param {Point} point
 * @param {string} text
 */
function digestRow(point, text) {
  const isChosen = state.settings.point === point.id;
  const story = chosenStory();
  const what = `${story?.index ?? 0} ${point.id}`;
  const refusal = story && refusalsOf(story).find(({ point: id }) => id === point.id);
  const isOpen = isChosen && canEdit() && /^(?:g|k\d+)$/.test(point.id);
  return h(
    "li",
    { class: isChosen ? "point chosen" : "point" },
    h(
      "button",
      {
        "data-key": `point-${point.id}`,
        "aria-current": isChosen && "true",
        onclick: () => set({ point: isChosen ? "" : point.id }),
        // A mouse presses first and clicks then: it would choose and let go at once.
        onfocus: (/** @type {FocusEvent} */ { target }) => {
          const isByKeys = target instanceof Element && target.matches(":focus-visible");
          if (isByKeys && state.settings.point !== point.id) set({ point: point.id });
        },
      },
      h("span.sign", point.sign),
      h(
        "span.words",
        { dir: "auto" },
        point.label !== undefined && h("b", point.label, point.text === "" ? "" : " "),
        point.text,
      ),
      placeOf(point, text),
    ),
    refusal && h("p.refusal.word.warning", `Look: ${refusal.why}.`),
    isChosen && followedOf(point, text),
    isOpen &&
      (editor(what, "In your words") ??
        h(
          "p.point-tools",
          h(
            "button.link",
            { "data-key": "edit-point", onclick: () => beginEdit(what, point.text) },
            "Edit",
          ),
        )),
  );
}

/**
 * The article's sentences that a model's follows, in their own words, for those who don't see the marks.
 * @param {Point} point
 * @param {string} text
 */
function followedOf({ sources }, text) {
  if (!sources || sources.length === 0) return undefined;
  return h(
    "section.followed",
    { "aria-label": "Sentences of the article that it follows" },
    h("h4", "Follows"),
    h(
      "ol",
      sources.map(({ start, end }) =>
        h(
          "li",
          { dir: "auto" },
          text.slice(start, end),
          " ",
          h("span.muted", pilcrow(text, { ...EMPTY, start, end })),
        ),
      ),
    ),
  );
}

/** @type {Point} */
const EMPTY = { id: "", sign: "", text: "", isSentence: true };

/** Opens the editor of what is chosen: a point of the model, else the subject. */
export function editChosen() {
  if (!canEdit()) return;
  const story = chosenStory();
  const { view, point } = state.settings;
  const found =
    story &&
    modelParts(story.entry)
      .flatMap(({ points }) => points)
      .find(({ id }) => id === point);
  const isPoint = view === "model" && found && /^(?:g|k\d+)$/.test(point);
  if (isPoint) beginEdit(`${story.index} ${point}`, found.text);
  else if (view !== "model") beginEdit("subject", issue().digest.subject);
}

/**
 * @param {Point} point
 * @param {string} text
 */
function placeOf(point, text) {
  const place = pilcrow(text, point);
  if (place === undefined)
    return h(
      "span",
      { class: point.isSentence ? "word warning" : "muted" },
      point.isSentence ? "no ¶" : "",
    );
  const isChanged = point.isSentence && !point.sources && !isVerbatim(text, point);
  return h("span", { class: isChanged ? "word warning" : "muted" }, place);
}

/**
 * Draws the line from the chosen sentence to its point, where the two stand side by side.
 * @param {HTMLElement} view
 */
export function drawWire(view) {
  const wire = view.querySelector(".wire");
  const mark = view.querySelector("mark.chosen");
  const point = view.querySelector(".point.chosen");
  const model = view.querySelector(".model");
  const divide = view.querySelector(".digest");
  if (!(wire instanceof HTMLElement) || !model || !divide) return;
  const [from, to] = [mark?.getClientRects()[0], point?.getBoundingClientRect()];
  const origin = model.getBoundingClientRect();
  const middle = divide.getBoundingClientRect().left - origin.left;
  wire.hidden = !from || !to || from.right - origin.left > middle;
  if (wire.hidden || !from || !to) return;
  const y1 = from.top + from.height / 2 - origin.top;
  const y2 = to.top + Math.min(18, to.height / 2) - origin.top;
  const start = from.right - origin.left + 6;
  wire.style.setProperty("--left", `${start}px`);
  wire.style.setProperty("--turn", `${middle}px`);
  wire.style.setProperty("--end", `${to.left - origin.left}px`);
  wire.style.setProperty("--from", `${y1}px`);
  wire.style.setProperty("--to", `${y2}px`);
  wire.style.setProperty("--top", `${Math.min(y1, y2)}px`);
  wire.style.setProperty("--height", `${Math.abs(y1 - y2) + 2}px`);
}

/** Brings the chosen pair into sight, where both can be. @param {HTMLElement} view */
export function revealPair(view) {
  const wire = view.querySelector(".wire");
  if (!wire || getComputedStyle(wire).display === "none") return;
  // Where there is no room for both it is what one is at that stays in sight.
  const isAtPoint = view.querySelector(".point.chosen:focus-within") !== null;
  const pair = [".point.chosen", "mark.chosen"];
  for (const selector of isAtPoint ? pair.toReversed() : pair)
    view.querySelector(selector)?.scrollIntoView({ block: "nearest" });
}

/** @param {1 | -1} by */
export function stepPoint(by) {
  const entry = chosenStory()?.entry;
  if (!entry) return;
  const ids = modelParts(entry).flatMap(({ points }) => points.map(({ id }) => id));
  const at = ids.indexOf(state.settings.point);
  set({ point: ids[(Math.max(at, by > 0 ? -1 : 0) + by + ids.length) % ids.length] ?? "" });
}
