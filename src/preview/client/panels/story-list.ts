import { html } from "htm/preact";
import {
  hideStory,
  moveStory,
  moveToSection,
  placeStory,
  setField,
  unhideStory,
} from "../operations.ts";
import { canEdit, desk, dialog, filter, issue, set } from "../store.ts";
import {
  chosenStory,
  dayOf,
  findingsOf,
  hiddenStories,
  idOf,
  matchesFilter,
  noticesOf,
  openRefusals,
  stories,
  type Story,
} from "../stories.ts";
import { showStory } from "./frames.ts";
import { ask } from "./ask.ts";
import { noticeLine, noticesAt } from "./notices.ts";
import { openPicture } from "./picture-panel.ts";
import { drag, LinkButton, Row, severityWord, withValue } from "./controls.ts";

/** The stories in the email, and the hidden stories. */
export function StoryList() {
  const all = stories.value;
  const { date, issue: named } = issue.value.digest;
  const { number, slot } = named;
  const found = all.filter(({ title, source }) => matchesFilter(`${title} ${source}`));
  const count = found.length === all.length ? all.length : `${found.length} of ${all.length}`;
  return html`<section aria-label="Stories">
    <div class="head">
      <h2>Stories ${number === undefined ? `of ${dayOf(date ?? slot)}` : `in No. ${number}`}</h2>
      <span class="muted">${count}</span>
    </div>
    <ol class="list">
      ${found.map((story) => html`<${StoryRow} key=${idOf(story.entry)} story=${story} />`)}
    </ol>
    ${IS_DESK && canEdit.value && html`<${LinkButton} name="add-story" onclick=${openAddStory}>Add a story<//>`}
    <${HiddenStories} />
  </section>`;
}

/** A field that filters the lists. It is shown only if the lists are long. */
export function Filter() {
  const hasMany = stories.value.length > 8 || (desk.value?.issues.length ?? 0) > 8;
  if (!hasMany && filter.value === "") return undefined;
  return html`<input
    class="filter"
    type="search"
    data-key="filter"
    aria-label="Filter"
    placeholder="Filter"
    value=${filter.value}
    oninput=${narrow}
  />`;
}

const narrow = withValue((text) => (filter.value = text));

function StoryRow({ story }: { readonly story: Story }) {
  const { number, title, source, entry } = story;
  const isChosen = chosenStory.value?.number === number;
  const severity = worstOf(story);
  const id = idOf(entry);
  const findings = noticesOf(story).filter(({ about }) => about.rule !== undefined);
  const below = IS_DESK && [
    canEdit.value && grip(story),
    isChosen && canEdit.value && storyTools(story),
    noticesAt(id),
    isChosen && findings.map((one) => noticeLine(one)),
  ];
  return html`<${Row}
    isChosen=${isChosen}
    name=${`story-${number}`}
    onclick=${() => chooseStory(number)}
    below=${below}
  >
    <span class="number">${number}</span>
    <span class="text" lang=${entry.article.language}>
      <span class="title" dir="auto">${title}</span>
      <span class="muted" dir="auto">${source}</span>
    </span>
    ${severity && severityWord(severity)}
  <//>`;
}

function worstOf(story: Story) {
  const [worst] = findingsOf(story);
  const isRefused = openRefusals(story).length > 0;
  return isRefused && worst?.severity !== "error" ? "warning" : worst?.severity;
}

/** The sizes that a story may have, in an editor's words. */
const WEIGHTS = [
  ["", "automatically"],
  ["lead", "as the lead"],
  ["pair", "in a pair"],
  ["row", "in a row"],
  ["line", "in brief"],
] as const;

/** The actions on the chosen story. */
function storyTools(story: Story) {
  const { sections } = issue.value.digest;
  const id = idOf(story.entry);
  const home = sections.find(({ entries }) => entries.includes(story.entry))?.heading ?? "";
  const headings = [...new Set(sections.map(({ heading }) => heading))];
  const weigh = withValue((weight) => setField(id, "weight", weight || undefined));
  const move = withValue((at) =>
    at === "new" ? askForSection(story) : moveToSection(id, headings[Number(at)] ?? ""),
  );
  return html`<div class="story-tools">
    <${LinkButton} name="tool-Up" onclick=${() => moveStory(-1)}>Up<//>
    <${LinkButton} name="tool-Down" onclick=${() => moveStory(1)}>Down<//>
    <${LinkButton} name="tool-Hide" onclick=${() => hideStory(story)}>Hide<//>
    <${LinkButton} name="tool-Picture" onclick=${() => openPicture(story)}>Picture<//>
    <label>
      <span class="muted">Shown</span>
      <select data-key="weight" value=${story.entry.weight ?? ""} onchange=${weigh}>
        ${WEIGHTS.map(([weight, says]) => html`<option value=${weight}>${says}</option>`)}
      </select>
    </label>
    <label>
      <span class="muted">Section</span>
      <select data-key="section" value=${headings.indexOf(home)} onchange=${move}>
        ${headings.map((heading, at) => html`<option value=${at}>${heading || "without a heading"}</option>`)}
        <option value="new">a new one…</option>
      </select>
    </label>
  </div>`;
}

function askForSection({ entry, title }: Story): void {
  ask({
    title: "A new section",
    text: `“${title}” is its first story.`,
    field: "Its heading",
    label: "Make it",
    run: async (heading) => moveToSection(idOf(entry), heading),
  });
}

export const openAddStory = (): void => {
  if (canEdit.value) dialog.value = "story";
};

/** Moves the story whose row has the focus, otherwise the chosen story. */
export async function moveFocused(by: 1 | -1): Promise<void> {
  const row = document.activeElement?.closest(".row")?.querySelector("[data-key^=story-]");
  const number = Number(row?.getAttribute("data-key")?.slice("story-".length));
  if (number > 0) set({ story: number });
  await moveStory(by);
}

/** The handle for dragging a story to another position. */
function grip(story: Story) {
  return html`<span class="row-grip">
    <button
      data-key=${`drag-${idOf(story.entry)}`}
      aria-label=${`Move ${story.title}: drag it, or press Alt and an arrow key`}
      onpointerdown=${(event: PointerEvent) => dragStory(event, story)}
    ></button>
  </span>`;
}

function dragStory(event: PointerEvent, { entry }: Story): void {
  const { currentTarget: handle, clientY: from } = event;
  const list = handle instanceof Element ? handle.closest("ol") : null;
  if (!list) return;
  /** The row before which the story is dropped; null after the last. */
  let to: Element | null | undefined;
  const mark = (at?: Element | null) => {
    to = at;
    const last = at === null ? list.lastElementChild : undefined;
    for (const row of list.children) {
      row.classList.toggle("drop-above", row === at);
      row.classList.toggle("drop-below", row === last);
    }
    (at ?? last)?.scrollIntoView({ block: "nearest" });
  };
  const move = ({ clientY }: PointerEvent) => {
    if (to === undefined && Math.abs(clientY - from) < 4) return;
    const below = [...list.children].find((row) => {
      const { top, height } = row.getBoundingClientRect();
      return clientY < top + height / 2;
    });
    mark(below ?? null);
  };
  const end = (isDropped: boolean) => {
    const key = to?.querySelector("[data-key^=story-]")?.getAttribute("data-key");
    const all = stories.value;
    const own = all.findIndex((one) => idOf(one.entry) === idOf(entry));
    const before = all.find(({ number }) => key === `story-${number}`);
    const at = before ? all.indexOf(before) : all.length;
    const isMoved = to !== undefined && at !== own && at !== own + 1;
    mark();
    if (isDropped && isMoved) void placeStory(idOf(entry), before);
  };
  drag(event, { move, end });
}

function HiddenStories() {
  if (hiddenStories.value.length === 0) return undefined;
  return html`<ul class="hidden-list" aria-label="Hidden stories">
    ${hiddenStories.value.map((story) => {
      const { index, title, entry } = story;
      const show = () => unhideStory(story);
      return html`<li class="muted" key=${idOf(entry)}>
        <span class="text" dir="auto">${title}</span>
        ${IS_DESK && canEdit.value ? html`<${LinkButton} name=${`show-${index}`} onclick=${show}>Show<//>` : "hidden"}
      </li>`;
    })}
  </ul>`;
}

function chooseStory(number: number): void {
  set({ story: number, point: "" });
  showStory();
}

/** Chooses the next or the previous story. */
export function stepStory(by: 1 | -1): void {
  const last = stories.value.length;
  chooseStory(Math.min(last, Math.max(1, (chosenStory.value?.number ?? 1) + by)));
}
