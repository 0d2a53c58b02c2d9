import { html } from "htm/preact";
import { useRef } from "preact/hooks";
import type { Entry } from "../../../digest/digest.ts";
import { canEdit } from "../store.ts";
import { capitalised, chosenStory, dayOf, idOf, stories, type Story } from "../stories.ts";
import { askToJoin, askToPart } from "./ask.ts";
import { LinkButton, withoutLeaving } from "./controls.ts";

/** The reasons for the position and the text of the chosen story, the articles merged into it, and how to change that. */
export function WhyHere() {
  const story = chosenStory.value;
  if (!story) return undefined;
  const { entry } = story;
  const others = stories.value.filter(({ index }) => index !== story.index);
  const canJoin = canEdit.value && others.length > 0;
  const join = IS_DESK && canJoin && html`<${JoinForm} others=${others} />`;
  const parts = [placeOf(entry), followsOf(entry), mergedOf(story), join];
  if (!parts.some(Boolean)) return undefined;
  return html`<section class="why-here" aria-label="Why here">
    <div class="head"><h2>Why story ${story.number} is here</h2><kbd class="muted">W</kbd></div>
    ${parts}
  </section>`;
}

/** Moves the focus to the actions on the chosen story. */
export function goToWhyHere(): void {
  document.querySelector<HTMLElement>(".why-here button, .why-here select")?.focus();
}

function placeOf({ place }: Entry) {
  if (!place) return undefined;
  if (place.by === "pin" || place.by === "given")
    return html`<p class="muted">${POSITIONS[place.by]}</p>`;
  return html`<div>
    ${place.by === "model" && html`<p class="muted">A model has put it here.</p>`}
    <p class="muted">These reasons decide its place. A longer bar counts for more.</p>
    ${reasonsList(worthsOf(place))}
  </div>`;
}

/** The reasons for and against a sentence or story, each with a bar. */
export function reasonsList(reasons: readonly { readonly text: string; readonly worth: number }[]) {
  const most = Math.max(...reasons.map(({ worth }) => Math.abs(worth)));
  return html`<ul class="reasons">
    ${reasons.map(
      ({ text, worth }) => html`<li class=${worth < 0 ? "against" : undefined}>
        <span>${capitalised(text)}</span>
        ${worth < 0 && html`<b>against it</b>`}
        <i style=${`width:${Math.round((Math.abs(worth) / most) * 100)}%`}></i>
      </li>`,
    )}
  </ul>`;
}

const POSITIONS = {
  pin: "It is pinned: by the config, or by its source.",
  given: "It stands where it was put. Stories of feeds are ordered by their news value.",
};

/** The terms of the story's value; a term of zero is omitted. */
function worthsOf(place: NonNullable<Entry["place"]>) {
  const { papers, ageDays, central, newsDays = 0, weight, value } = place;
  const [byPapers, byWeight] = [Math.log2(papers), Math.log2(weight)];
  const parts = [
    { text: `${ageDays.toFixed(1)} days old`, worth: -ageDays },
    { text: `${papers} papers have it`, worth: byPapers },
    { text: `Its source, or you, ask for ${weight > 1 ? "more" : "less"} room`, worth: byWeight },
    { text: "Reads as news", worth: newsDays },
    // The remaining term, so that the figures add up to the value.
    {
      text: central > 0.5 ? "Near the topic of the issue" : "Far from the topic of the issue",
      worth: value - byPapers - byWeight - newsDays + ageDays,
    },
  ];
  return parts.filter(({ worth }) => Math.abs(worth) >= 0.05);
}

function followsOf({ follows }: Entry) {
  if (!follows) return undefined;
  const what = follows.as === "again" ? "The same story as on" : "Follows the story of";
  const told = `${what} ${dayOf(follows.date ?? follows.slot)}: ${follows.title}`;
  return html`<p class="muted" dir="auto">${told}</p>`;
}

const CHOICES = {
  chosen: "Shown from this article, as chosen.",
  fullest: "Shown from this article: it has the fullest text.",
  earliest: "Shown from this article: it is as full as the others, and the earliest.",
  latest: "Shown from this article: it is its paper’s latest version.",
};

const MERGED = {
  article: "the same article",
  copy: "a copy of it",
  event: "on the same event",
  joined: "joined by you",
  model: "one story according to the model",
};

function mergedOf(story: Story) {
  const { alsoIn = [], told } = story.entry;
  if (alsoIn.length === 0) return undefined;
  return html`<div>
    ${told && html`<p class="muted">${CHOICES[told]}</p>`}
    <ul class="merged" aria-label="Merged into it">
      ${alsoIn.map((other, at) => mergedRow(other, story, at))}
    </ul>
  </div>`;
}

function mergedRow(other: NonNullable<Entry["alsoIn"]>[number], host: Story, at: number) {
  const { title, site, url, source, as, confidence, id, reading = id } = other;
  const name = title ?? url ?? source ?? "";
  const sure = (as === "event" || as === "model") && confidence !== undefined;
  const why = as && `${MERGED[as]}${sure ? `, ${Math.round(confidence * 100)} % sure` : ""}`;
  const part = () => reading !== undefined && askToPart(reading, host, name);
  return html`<li>
    <span class="text">
      <span class="title" dir="auto">${name}</span>
      <span class="muted" dir="auto">${[site, why].filter(Boolean).join(", ")}</span>
    </span>
    ${
      IS_DESK &&
      canEdit.value &&
      id !== undefined &&
      html`<${LinkButton} name=${`part-out-${at}`} label=${`Part ${name}`} onclick=${part}>Part<//>`
    }
  </li>`;
}

function JoinForm({ others }: { readonly others: readonly Story[] }) {
  const select = useRef<HTMLSelectElement>(null);
  const join = withoutLeaving(() => {
    const guest = others.find(({ entry }) => idOf(entry) === select.current?.value);
    if (guest && chosenStory.value) askToJoin(guest, chosenStory.value);
  });
  return html`<form class="join" onsubmit=${join}>
    <label>
      <span class="muted">The same story:</span>
      <select ref=${select} data-key="join-with" aria-label="The same story as this one">
        ${others.map(({ entry, number, title }) => html`<option key=${idOf(entry)} value=${idOf(entry)}>${`${number}. ${title}`}</option>`)}
      </select>
    </label>
    <button class="link" data-key="join">Join</button>
  </form>`;
}
