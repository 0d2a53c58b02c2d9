import { signal } from "@preact/signals";
import { html } from "htm/preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { ChosenPicture } from "../../page-data.ts";
import { type Done, post } from "../live.ts";
import { setPicture } from "../operations.ts";
import { canEdit, desk, dialog, later, set } from "../store.ts";
import { chosenStory, idOf, type Story } from "../stories.ts";
import { drag, ifChosen, withFile, withoutLeaving, withValue } from "./controls.ts";
import { Dialog } from "./dialog.ts";

type Image = ChosenPicture["image"];
type Pictures = { readonly pictures: readonly ChosenPicture[] };

/** The pictures available for the story; undefined while they load. */
const choices = signal<readonly ChosenPicture[] | undefined>(undefined);
const said = signal("");
const alt = signal("");
/** The focal point of the crop while it is being moved. */
const focus = signal<readonly [x: number, y: number] | undefined>(undefined);
/** Whether the focal point has changed and is not saved. */
let isMoved = false;

export function openPicture({ number }: Story): void {
  if (!canEdit.value) return;
  set({ story: number });
  dialog.value = "picture";
}

/** The picture of the chosen story: the file, its alt text and its focal point. */
export function PicturePanel() {
  const story = chosenStory.value;
  const id = story ? idOf(story.entry) : "";
  const [image] = story?.entry.article.images ?? [];
  useEffect(() => void load(id), [id]);
  const shown = useRef<string | undefined>(undefined);
  useLayoutEffect(() => {
    const now = image?.alt ?? "";
    // Alt text that the editor has begun to type stays, even if the server reports another picture.
    if (shown.current === undefined || alt.value === shown.current) alt.value = now;
    shown.current = now;
  }, [image?.src, image?.alt]);
  useLayoutEffect(() => {
    if (!isMoved) focus.value = image?.focus;
  }, [image?.src, image?.focus]);
  if (!story) return undefined;
  return html`<${Dialog} name="picture" title=${`Picture of “${story.title}”`}>
    ${image ? shownPicture(image, id) : html`<p class="muted">This story shows no picture.</p>`}
    <div class="choices" role="group" aria-label="Pictures to choose from" aria-busy=${choices.value === undefined}>
      ${choices.value?.map((one) => choiceButton(one, id, image))}
      ${choices.value === undefined && html`<p class="muted">Looking for the pictures of the article…</p>`}
    </div>
    <p class="picture-tools">
      <label class="upload">
        <span class="muted">A picture of your own</span>
        <input type="file" data-key="upload" accept="image/*" onchange=${uploader(id)} />
      </label>
      ${image && html`<button class="link" data-key="no-picture" onclick=${() => give(id, [])}>No picture</button>`}
    </p>
    <p class="word error" role="alert">${said}</p>
  <//>`;
}

async function load(id: string): Promise<void> {
  choices.value = undefined;
  const { given } = await reported(post<Pictures>("pictures", { id }));
  choices.value = withOwn(given?.pictures ?? []);
}

/** Shows the reason for a refusal. A success shows no message and keeps the messages of later steps. */
async function reported<T>(done: Promise<Done<T>>): Promise<Done<T>> {
  said.value = "";
  const what = await done;
  if (what.said !== undefined) said.value = what.said;
  return what;
}

/** The article's pictures, after those that an editor has uploaded meanwhile. */
function withOwn(pictures: readonly ChosenPicture[]): readonly ChosenPicture[] {
  const own = choices.value ?? [];
  const isOwn = ({ image }: ChosenPicture) => own.some((one) => one.image.src === image.src);
  return [...own, ...pictures.filter((one) => !isOwn(one))];
}

async function give(id: string, images: readonly Image[] | Partial<Image>): Promise<void> {
  await reported(setPicture(id, images));
}

function choiceButton({ image, data }: ChosenPicture, id: string, now: Image | undefined) {
  return html`<button
    data-key=${`choose-${image.src}`}
    aria-current=${ifChosen(image.src === now?.src)}
    aria-label=${image.alt || "A picture without alt text"}
    onclick=${() => give(id, [image])}
  >
    <img src=${data} alt="" />
  </button>`;
}

const uploader = (id: string) =>
  withFile(
    (why) => (said.value = why),
    async (file) => {
      const where = `picture?file=${encodeURIComponent(file.name)}`;
      const { given } = await reported(post<Pictures>(where, file));
      const pictures = given?.pictures ?? [];
      if (!pictures[0]) return;
      choices.value = [...pictures, ...(choices.value ?? [])];
      await give(id, [pictures[0].image]);
    },
  );

function shownPicture(image: Image, id: string) {
  const data = choices.value?.find((one) => one.image.src === image.src)?.data;
  const [x, y] = focus.value ?? [0.5, 0.5];
  const [left, top] = [x, y].map((share) => `${Math.round(share * 100)}%`);
  const { length } = alt.value;
  const { alt: most = 0 } = desk.value?.most ?? {};
  const save = withoutLeaving(async () => {
    if (length <= most) return give(id, { alt: alt.value });
    said.value = `A screen reader reads all of it: the limit is ${most} characters`;
  });
  return html`${
    data !== undefined &&
    html`<div class="focus-on" onpointerdown=${(event: PointerEvent) => dragFocus(event, id)}>
        <img src=${data} alt=${image.alt} draggable=${false} />
        <button
          data-key="focus"
          aria-label=${`The point that a crop keeps in view: ${left} from the left, ${top} from the top. Arrow keys move it.`}
          style=${`left:${left};top:${top}`}
          onkeydown=${(event: KeyboardEvent) => nudge(event, id)}
        ></button>
      </div>`
  }
    <form class="test-form" onsubmit=${save}>
      <label>
        <span class="muted">What it shows, for readers who don’t see it</span>
        <textarea rows="2" dir="auto" data-key="alt" value=${alt} oninput=${writeAlt}></textarea>
      </label>
      <p class=${length > most ? "word error" : "muted"}>
        ${length.toLocaleString("en")} of ${most} characters
      </p>
      <button class="solid" data-key="save-alt">Save</button>
    </form>`;
}

const writeAlt = withValue((text) => (alt.value = text));

/** Moves the focal point by mouse or touch, and saves it on release. */
function dragFocus(event: PointerEvent, id: string): void {
  const { currentTarget: area } = event;
  if (!(area instanceof HTMLElement)) return;
  event.preventDefault();
  area.querySelector("button")?.focus();
  const move = ({ clientX, clientY }: PointerEvent) => {
    isMoved = true;
    const { left, top, width, height } = area.getBoundingClientRect();
    focus.value = [within((clientX - left) / width), within((clientY - top) / height)];
  };
  move(event);
  drag(event, { move, end: () => void crop(id) });
}

const STEP = 0.05;

function nudge(event: KeyboardEvent, id: string): void {
  const steps: Readonly<Record<string, readonly [number, number]>> = {
    ArrowLeft: [-STEP, 0],
    ArrowRight: [STEP, 0],
    ArrowUp: [0, -STEP],
    ArrowDown: [0, STEP],
  };
  const by = event.altKey ? undefined : steps[event.key];
  if (!by) return;
  event.preventDefault();
  const [x, y] = focus.value ?? [0.5, 0.5];
  isMoved = true;
  focus.value = [within(x + by[0]), within(y + by[1])];
  later("focus", () => void crop(id));
}

function within(share: number): number {
  return Math.round(Math.min(1, Math.max(0, share)) * 100) / 100;
}

async function crop(id: string): Promise<void> {
  const point = focus.value;
  if (point) await give(id, { focus: point });
  if (point === focus.value) isMoved = false;
}
