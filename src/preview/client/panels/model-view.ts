import { html } from "htm/preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { isVerbatim, pilcrow } from "../model-checks.ts";
import {
  modelParts,
  nearPoints,
  type Part,
  paragraphsOf,
  placesOf,
  type Point,
  type Range,
} from "../model-parts.ts";
import { canEdit, set, settings } from "../store.ts";
import { chosenStory, idOf, paperOf, refusalsOf, type Story } from "../stories.ts";
import { openField } from "./line-editor.ts";
import { ifChosen } from "./controls.ts";

/** The article beside the digest's statements about it. */
export function Model() {
  const story = chosenStory.value;
  return story
    ? html`<${StoryModel} story=${story} />`
    : html`<p class="nothing">This issue has no stories.</p>`;
}

interface OfStory {
  readonly story: Story;
}

function StoryModel({ story }: OfStory) {
  const whole = useRef<HTMLElement>(null);
  const chosen = [story, settings.point.value, settings.near.value];
  useLayoutEffect(() => {
    if (!whole.current) return;
    drawWire(whole.current);
    revealPair(whole.current);
  }, chosen);
  useLayoutEffect(() => {
    const again = () => whole.current && drawWire(whole.current);
    addEventListener("resize", again);
    return () => removeEventListener("resize", again);
  }, []);
  const { article } = story.entry;
  const parts = modelParts(story.entry).filter(({ points }) => points.length > 0);
  const near = settings.near.value ? nearPoints(story) : [];
  const marks = [...parts.flatMap(({ points }) => points.flatMap(placesOf)), ...near];
  return html`<div class="model" ref=${whole}>
    <article class="original" lang=${article.language} dir="auto" aria-label="The article">
      <h2>${story.title}</h2>
      <p class="muted">${aboutArticle(story)}</p>
      ${paragraphsOf(article.text).map(
        ({ number, start, end }) => html`<p class="paragraph">
          <span class="number">${number}</span>
          <span class="words">${markedText(article.text, { start, end }, marks)}</span>
        </p>`,
      )}
    </article>
    <div class="digest" lang=${article.language} aria-label="The digest" role="group">
      ${article.kicker !== undefined && html`<p class="kicker" dir="auto">${article.kicker}</p>`}
      <h2 dir="auto">${story.title}</h2>
      ${parts.map((part) => digestPart(part, story))}
    </div>
    <div class="wire" aria-hidden="true"></div>
  </div>`;
}

function aboutArticle({ entry }: Story): string {
  const words = entry.article.text.split(/\s+/).filter(Boolean).length.toLocaleString("en");
  const count = paragraphsOf(entry.article.text).length;
  const paper = paperOf(entry);
  return `The article${paper && `, ${paper}`}. ${words} words in ${count} ${count === 1 ? "paragraph" : "paragraphs"}`;
}

/** A part of the article, in which the passages used by the digest are highlighted. */
function markedText(text: string, { start, end }: Range, marks: readonly Point[]) {
  const here = marks.filter((mark) => (mark.start ?? end) < end && (mark.end ?? start) > start);
  const edges = here.flatMap((mark) => [
    mark.start ?? start,
    mark.end ?? end,
    ...(mark.cut ?? []).flatMap((gap) => [gap.start, gap.end]),
  ]);
  const stops = [...new Set([start, ...edges.filter((at) => at > start && at < end), end])];
  stops.sort((a, b) => a - b);
  return stops.slice(0, -1).map((from, index) => {
    const words = text.slice(from, stops[index + 1] ?? end);
    const over = here.filter((mark) => covers(mark, from));
    return over.length === 0 ? words : markOf(words, over, from);
  });
}

/** A passage that points use. */
function markOf(words: string, over: readonly Point[], from: number) {
  const signs = over.filter(({ start, sign }) => start === from && sign !== "");
  return html`<mark
    class=${markClass(over)}
    data-points=${over.map(({ id }) => id).join(" ")}
    onclick=${() => set({ point: nextOf(over) })}
    >${signs.map(({ sign }) => html`<sup>${sign}</sup>`)}${words}</mark
  >`;
}

function markClass(over: readonly Point[]): string | undefined {
  const isChosen = over.some(({ id }) => id === settings.point.value);
  const isLeftOut = over.every(({ id }) => id.startsWith("n"));
  return [isLeftOut && "near", isChosen && "chosen"].filter(Boolean).join(" ") || undefined;
}

function covers({ start = -1, end = -1, cut = [] }: Point, at: number) {
  return start <= at && at < end && !cut.some((gap) => gap.start <= at && at < gap.end);
}

/** If several points use a passage, each click chooses the next one. */
function nextOf(points: readonly Point[]): string {
  const at = points.findIndex(({ id }) => id === settings.point.value);
  return points[(at + 1) % points.length]?.id ?? "";
}

function digestPart({ id, name, points }: Part, story: Story) {
  return html`<section class=${`part ${id}`} aria-label=${name}>
    <h3>${name}</h3>
    <ol>
      ${points.map((point) => html`<${DigestRow} key=${`${point.label ?? ""} ${point.text}`} point=${point} story=${story} />`)}
    </ol>
  </section>`;
}

function DigestRow({ point, story }: OfStory & { readonly point: Point }) {
  const { id, sign, label, text } = point;
  const isChosen = settings.point.value === id;
  const refusal = refusalsOf(story).find(({ point: refused }) => refused === id);
  // A mouse press comes before the click, and would choose and then deselect the point at once.
  const arrive = ({ currentTarget }: FocusEvent) => {
    const isByKeys = currentTarget instanceof Element && currentTarget.matches(":focus-visible");
    if (isByKeys) set({ point: id });
  };
  return html`<li class=${isChosen ? "point chosen" : "point"}>
    <button
      data-key=${`point-${id}`}
      aria-current=${ifChosen(isChosen)}
      onclick=${() => set({ point: isChosen ? "" : id })}
      onfocus=${arrive}
    >
      <span class="sign">${sign}</span>
      <span class="words" dir="auto">
        ${label !== undefined && html`<b>${label}${text === "" ? "" : " "}</b>`}${text}
      </span>
      ${placeOf(point, story.entry.article.text)}
    </button>
    ${refusal && html`<p class="refusal word warning">Look: ${refusal.why}.</p>`}
    ${isChosen && followedOf(point, story.entry.article.text)}
  </li>`;
}

/** The article's sentences on which a model based its own, as text for screen readers. */
function followedOf({ sources = [] }: Point, text: string) {
  if (sources.length === 0) return undefined;
  return html`<section class="followed" aria-label="Source sentences">
    <h4>Sources</h4>
    <ol>
      ${sources.map(
        ({ start, end }) => html`<li dir="auto">
          ${text.slice(start, end)} <span class="muted">${pilcrow(text, { ...EMPTY, start, end })}</span>
        </li>`,
      )}
    </ol>
  </section>`;
}

const EMPTY: Point = { id: "", sign: "", text: "", isSentence: true };

/** Opens the editor of the chosen point in the model view, otherwise of the subject. */
export function editChosen(): void {
  if (!canEdit.value) return;
  const { entry } = chosenStory.value ?? {};
  const [, sign = "", number = ""] = /^([a-z])(\d*)$/.exec(settings.point.value) ?? [];
  const field = FIELDS[sign]?.replace("#", String(Number(number) - 1));
  const isPoint = settings.view.value === "model" && entry && field !== undefined;
  openField(isPoint ? { id: idOf(entry), field } : { id: "", field: "subject" });
}

const FIELDS: Readonly<Record<string, string>> = {
  g: "summary.gist",
  k: "keyPoint.#",
  q: "summary.quote.text",
  w: "summary.people.#.name",
  t: "summary.timeline.#.sentence",
  f: "summary.figures.#.value",
};

function placeOf(point: Point, text: string) {
  const { isSentence } = point;
  const place = pilcrow(text, point);
  const isOff = isSentence && (place === undefined || (!point.sources && !isVerbatim(text, point)));
  return html`<span class=${isOff ? "word warning" : "muted"}>${place ?? (isSentence ? "no ¶" : "")}</span>`;
}

/** Draws the line from the chosen sentence to its point if the two are side by side. */
function drawWire(model: Element): void {
  const wire = model.querySelector<HTMLElement>(".wire");
  const mark = model.querySelector("mark.chosen");
  const point = model.querySelector(".point.chosen");
  const divide = model.querySelector(".digest");
  if (!wire || !divide) return;
  const [from, to] = [mark?.getClientRects()[0], point?.getBoundingClientRect()];
  const origin = model.getBoundingClientRect();
  const middle = divide.getBoundingClientRect().left - origin.left;
  wire.hidden = !from || !to || from.right - origin.left > middle;
  if (wire.hidden || !from || !to) return;
  const y1 = from.top + from.height / 2 - origin.top;
  const y2 = to.top + Math.min(18, to.height / 2) - origin.top;
  const start = from.right - origin.left + 6;
  const [end, top, height] = [to.left - origin.left, Math.min(y1, y2), Math.abs(y1 - y2) + 2];
  const places = { left: start, turn: middle, end, from: y1, to: y2, top, height };
  for (const [name, px] of Object.entries(places)) wire.style.setProperty(`--${name}`, `${px}px`);
}

/** Scrolls to the chosen sentence and its point if both fit. */
function revealPair(model: Element): void {
  const wire = model.querySelector(".wire");
  if (!wire || getComputedStyle(wire).display === "none") return;
  // If only one fits, the one with the focus stays visible.
  const isAtPoint = model.querySelector(".point.chosen:focus-within") !== null;
  const pair = [".point.chosen", "mark.chosen"];
  for (const selector of isAtPoint ? pair.toReversed() : pair)
    model.querySelector(selector)?.scrollIntoView({ block: "nearest" });
}

export function stepPoint(by: 1 | -1): void {
  const entry = chosenStory.value?.entry;
  if (!entry) return;
  const ids = modelParts(entry).flatMap(({ points }) => points.map(({ id }) => id));
  const at = ids.indexOf(settings.point.value);
  set({ point: ids[(Math.max(at, by > 0 ? -1 : 0) + by + ids.length) % ids.length] ?? "" });
}
