import { computed, signal } from "@preact/signals";
import { html } from "htm/preact";
import { useLayoutEffect } from "preact/hooks";
import { pressed } from "../keys.ts";
import { emailHtml } from "../message.ts";
import { Pane, type Position } from "../pane.ts";
import { withValue } from "./controls.ts";
import { openPicture } from "./picture-panel.ts";
import { chosenFound, noticesOf, type Story, stories, storyOfPicture } from "../stories.ts";
import type { Notice } from "../../../platform/notice.ts";
import { EditBar, isWrittenIn, makeEditable, placeBar } from "./in-place.ts";
import { canEdit, desk, editing, issue, later, notice, set, settings } from "../store.ts";
import { type ViewName, viewNamed } from "../settings.ts";

/** The widths on offer, besides a width in the address. */
const WIDTHS = [320, 375, 600, 640, 1024];

const GAP_PX = 24;
const BORDERS_PX = 2;
/** A narrower window shows only one frame. */
const ROOM_FOR_BOTH = 500;

const NAMES = ["phone", "desktop"] as const;
type Name = (typeof NAMES)[number];

const panes = { phone: newPane(), desktop: newPane() };
let row: HTMLElement;
/** The width available for the frames; 0 until it is measured. */
const roomPx = signal(0);
/** Whether the browser does not pass the frame's colour scheme to its content. */
const isSimulated = signal(false);

/** The frames that are visible. */
export const framesShown = computed(() => {
  const isNarrow = roomPx.value > 0 && roomPx.value < ROOM_FOR_BOTH;
  return settings.show.value || (isNarrow ? "phone" : "both");
});

const shownNames = computed(() =>
  NAMES.filter((name) => framesShown.value === "both" || framesShown.value === name),
);

const simulates = computed(() => isSimulated.value || settings.fallback.value);

const email = computed(() => {
  const view = settings.view.value;
  const marked = canEdit.value ? desk.value?.marked : undefined;
  const isMarked = IS_DESK && marked && (view === "light" || view === "dark");
  const shown = isMarked ? { ...issue.value, html: marked } : issue.value;
  return emailHtml(shown, view, simulates.value);
});

/** All values on which the frames depend. */
const drawing = computed(() => ({
  view: settings.view.value,
  email: email.value,
  names: shownNames.value,
  roomPx: roomPx.value,
  widths: [settings.phone.value, settings.desktop.value],
  marks: [settings.story.value, settings.finding.value, flagged.value],
  isWritten: editing.value?.isInPlace,
}));

function newPane(): Pane {
  return new Pane({
    onKey: pressed,
    onClick: (pane, y, { link, picture }) => {
      const pictured = IS_DESK && picture !== "" && storyOfPicture(picture);
      if (pictured) return openPicture(pictured);
      if (link !== "") notice.value = `That link goes to ${link}`;
      const place = pane.places.find(({ top, bottom }) => top <= y && y < bottom);
      if (place) set({ story: place.number });
    },
    onScroll: (pane, isOwn) => {
      if (!isOwn) scrollOthers(pane);
      placeMarks();
      later("scroll", rememberScroll);
    },
    onLoad: (pane) => {
      if (!pane.hasScheme) isSimulated.value = true;
      if (IS_DESK) makeEditable(pane);
      placeMarks();
    },
  });
}

/** The email in two frames, and the caption of the view. */
export function Frames() {
  const { isFramed } = viewNamed(settings.view.value);
  useLayoutEffect(watchRoom, []);
  useLayoutEffect(draw, [drawing.value]);
  return html`<div class="framed" hidden=${!isFramed}>
    <${Caption} />
    <div class="frames" ref=${keepRow}>${NAMES.map(figure)}</div>
  </div>`;
}

const keepRow = (element: HTMLElement | null) => element && (row = element);

function watchRoom(): () => void {
  restoreScroll();
  const observer = new ResizeObserver(measureRoom);
  observer.observe(row);
  return () => observer.disconnect();
}

function measureRoom(): void {
  if (row.clientWidth === 0) return;
  roomPx.value = row.clientWidth;
  fit();
}

/** Explanations of the views that need one. */
const CAPTIONS: Readonly<Partial<Record<ViewName, string>>> = {
  dark: "Dark mode is simulated: this browser does not pass a colour scheme on to a frame.",
  inverted:
    "A simulation of apps that invert the colours, such as Gmail and Outlook on phones. They ignore the issue’s own dark colours.",
  "no-style": "Without <style>, as Gmail shows it to other accounts.",
  webmail: "As a webmail sanitiser leaves it.",
};

function Caption() {
  const name = settings.view.value;
  const isShown = name !== "dark" || simulates.value;
  const text = (isShown && CAPTIONS[name]) || "";
  const isBare = name === "no-style" || name === "webmail";
  return html`<p class="caption" hidden=${text === ""}>${text}${isBare && otherButton(name)}</p>`;
}

function otherButton(name: "no-style" | "webmail") {
  const other = name === "webmail" ? "no-style" : "webmail";
  const [says, key] =
    other === "webmail" ? ["As a webmail sanitiser leaves it", "0"] : ["Without <style>", "5"];
  const choose = () => set({ view: other });
  return html` <button class="link" data-key="other" onclick=${choose}>${says}<kbd>${key}</kbd></button>`;
}

function figure(name: Name) {
  const pane = panes[name];
  const keepFrame = (element: HTMLIFrameElement | null) => element && pane.use(element);
  const keepHolder = (element: HTMLElement | null) => element && (pane.holder = element);
  return html`<figure class="pane" hidden=${!shownNames.value.includes(name)}>
    <figcaption><b>${name === "phone" ? "Phone" : "Desktop"}</b><${WidthChoice} name=${name} /></figcaption>
    <div class="holder" ref=${keepHolder}>
      <div class="window">
        <iframe
          sandbox="allow-same-origin"
          title=${`The email, ${name}`}
          ref=${keepFrame}
          onload=${() => pane.loaded()}
        ></iframe>
        <div class="story-bar" aria-hidden="true"></div>
        <div class="finding-box" aria-hidden="true"></div>
        ${IS_DESK && html`${flagged.value.map(flag)}<${EditBar} pane=${pane} />`}
      </div>
    </div>
  </figure>`;
}

/** The stories with an open error or warning. */
const flagged = computed(() => stories.value.filter((story) => noticesOf(story).some(isOpen)));

const isOpen = ({ severity }: Notice) => severity !== "note";

/** The mark at a story in the email that has an open notice. */
function flag(story: Story) {
  const { number, title } = story;
  const isStop = noticesOf(story).some(({ severity }) => severity === "stop");
  const word = isStop ? "Fix" : "Look";
  const go = () => {
    set({ story: number });
    document.querySelector<HTMLElement>(`[data-key="story-${number}"]`)?.focus();
  };
  return html`<button class=${`flag word ${isStop ? "error" : "warning"}`} data-story=${number} aria-label=${`${word}: ${title}`} onclick=${go}>${word}</button>`;
}

/** Updates the frames to match the settings. */
function draw(): void {
  if (!viewNamed(settings.view.value).isFramed) return;
  // At first, the available width decides which frames are shown.
  if (roomPx.value === 0 && row.clientWidth > 0) {
    roomPx.value = row.clientWidth;
    return;
  }
  for (const name of shownNames.value)
    if (!(IS_DESK && isWrittenIn(panes[name]))) panes[name].show(settings.view.value, email.value);
  fit();
}

/** Scales all frames by the same factor so that they fit. */
function fit(): void {
  const names = shownNames.value;
  const widths = names.map((name) => settings[name].value);
  const room = row.clientWidth - GAP_PX * (names.length - 1) - BORDERS_PX * names.length;
  const scale = Math.min(1, room / widths.reduce((sum, width) => sum + width, 0));
  for (const name of names) {
    const pane = panes[name];
    const { frame, holder } = pane;
    const width = settings[name].value;
    pane.scale = scale;
    holder.style.width = `${Math.floor(width * scale)}px`;
    const height = holder.clientHeight;
    const isWidthNew = frame.style.width !== `${width}px`;
    frame.style.width = `${width}px`;
    frame.style.height = `${Math.ceil(height / scale)}px`;
    frame.style.scale = String(scale);
    if (isWidthNew && pane.document?.body) {
      pane.measure();
      pane.scrollTo(pane.position);
    }
  }
  placeMarks();
}

function scrollOthers(from: Pane): void {
  for (const name of shownNames.value) {
    if (panes[name] !== from) panes[name].scrollTo(from.position);
  }
}

/** Moves the marks of the chosen story and finding to their current positions. */
function placeMarks(): void {
  for (const name of shownNames.value) {
    const pane = panes[name];
    const { places, scrollY, scale } = pane;
    const found = places.find(({ number }) => number === settings.story.value);
    const story = found && { top: found.top - scrollY, height: found.bottom - found.top };
    placeMark(markOf(pane, ".story-bar"), story, scale);
    placeMark(markOf(pane, ".finding-box"), boxOf(foundElement(pane), scale), scale);
    for (const mark of pane.holder.querySelectorAll<HTMLElement>(".flag")) {
      const place = places.find((one) => String(one.number) === mark.dataset["story"]);
      // A button outside the visible part could take the focus.
      const isSeen =
        place && place.bottom > scrollY && place.top < scrollY + pane.frame.clientHeight;
      placeMark(mark, isSeen ? { top: Math.max(0, place.top - scrollY) } : undefined, scale);
    }
  }
  if (IS_DESK) placeBar();
}

function markOf({ holder }: Pane, selector: string): HTMLElement | null {
  return holder.querySelector<HTMLElement>(selector);
}

/** The distance between an element and the box around it, in px of the page. */
const BOX_AIR = 3;

function boxOf(element: Element | undefined, scale: number) {
  if (!element) return undefined;
  const { top, left, width, height } = element.getBoundingClientRect();
  const air = BOX_AIR / scale;
  return { top: top - air, left: left - air, width: width + 2 * air, height: height + 2 * air };
}

/** Shows a mark at a position in a frame with a given scale. Hides it if there is no position. */
function placeMark(
  mark: HTMLElement | null,
  place: Readonly<Record<string, number>> | undefined,
  scale: number,
): void {
  if (!mark) return;
  mark.hidden = !place;
  for (const [side, px] of Object.entries(place ?? {}))
    mark.style.setProperty(side, `${px * scale}px`);
}

function foundElement({ document: doc }: Pane): Element | undefined {
  const finding = chosenFound.value?.finding;
  if (finding?.where?.selector === undefined) return undefined;
  return elementAt(doc, finding.where.selector);
}

function elementAt(doc: Document | undefined, selector: string): Element | undefined {
  try {
    return doc?.querySelector(selector) ?? undefined;
  } catch {
    // Another program wrote the selector, and this browser may not support it.
    return undefined;
  }
}

/** Scrolls the frames to the chosen story. */
export function showStory(): void {
  for (const name of shownNames.value) {
    const found = panes[name].places.find(({ number }) => number === settings.story.value);
    if (found) panes[name].goTo(found);
  }
  placeMarks();
}

/** Scrolls the frames to the element of the chosen finding. */
export function showFinding(): void {
  for (const name of shownNames.value) {
    const pane = panes[name];
    const element = foundElement(pane);
    if (!element) continue;
    const { top, height } = element.getBoundingClientRect();
    const room = pane.frame.clientHeight;
    pane.scrollToY(pane.scrollY + top - Math.max(16, (room - height) / 2));
  }
  placeMarks();
}

/** Stores the scroll position for a reload. It belongs to this visit only, so it is not in the address. */
function rememberScroll(): void {
  const { phone, desktop } = panes;
  const scroll = { phone: phone.position, desktop: desktop.position };
  history.replaceState({ ...history.state, scroll }, "");
}

/** Restores the scroll position from before a reload, or scrolls to the story in the address. */
function restoreScroll(): void {
  const scroll: Partial<Record<Name, Position>> | undefined = history.state?.scroll;
  const story = settings.story.value;
  for (const name of NAMES) {
    const position = scroll?.[name];
    if (position) panes[name].position = position;
    else if (story > 1) panes[name].arrival = story;
  }
}

function WidthChoice({ name }: { readonly name: Name }) {
  const width = settings[name].value;
  const widths = [...new Set([...WIDTHS, width])].sort((a, b) => a - b);
  const choose = withValue((px) => set({ [name]: Number(px) }));
  return html`<label class="width">
    <span class="unseen">${`Width of ${name}`}</span>
    <select data-key=${`width-${name}`} value=${width} onchange=${choose}>
      ${widths.map((px) => html`<option value=${px} selected=${px === width}>${px} px</option>`)}
    </select>
  </label>`;
}
