/** @import { Position } from "./pane.js" */
import { fill, h } from "./dom.js";
import { pressed } from "./keys.js";
import { Pane } from "./pane.js";
import { change, issue, later, set, state } from "./store.js";
import { viewNamed } from "./settings.js";

/** What widths are offered; any other comes of dragging an edge. */
const WIDTHS = [320, 375, 600, 640, 1024];
const LEAST = 240;
const MOST = 1600;

const GAP = 24;
/** The hairlines at both sides of a frame. */
const BORDERS = 2;
/** One column is all that a narrow window has room for. */
const ROOM_FOR_BOTH = 500;

const panes = { phone: newPane("phone"), desktop: newPane("desktop") };
/** Whether the browser was seen not to hand the scheme of a frame on to what is in it. */
let isSimulated = false;
/** Which frames were shown last: a window that is made narrow, or zoomed into, may have no room for both. */
let shownLast = "";

const row = h("div.frames");
const caption = h("p.caption");
/** All of the framed views. It stays where it is: a frame that is moved is loaded anew. */
export const framesElement = h("div.framed", caption, row);
const figures = { phone: newFigure("phone"), desktop: newFigure("desktop") };
row.append(figures.phone.element, figures.desktop.element);

/** @param {"phone" | "desktop"} name */
function newPane(name) {
  return new Pane(name, {
    onKey: pressed,
    onClick: (pane, y, link) => {
      if (link !== "") change({ notice: `That link goes to ${link}` });
      const place = pane.places.find(({ top, bottom }) => top <= y && y < bottom);
      if (place) set({ story: place.number });
    },
    onScroll: (pane, isOwn) => {
      if (state.settings.linked && !isOwn) scrollOthers(pane);
      place();
      later("scroll", rememberScroll);
    },
    onLoad: (pane) => {
      if (!isSimulated && !pane.hasScheme) {
        isSimulated = true;
        updateFrames();
      }
      place();
    },
  });
}

/** @param {"phone" | "desktop"} name */
function newFigure(name) {
  const head = h("figcaption");
  const grip = widthGrip(name, () => Number(panes[name].holder.dataset["scale"] ?? 1));
  panes[name].holder.append(grip);
  return { element: h("figure.pane", head, panes[name].holder), head, grip };
}

/** Which frames are to be seen. */
export function framesShown() {
  const { show } = state.settings;
  const wanted =
    show || (row.clientWidth > 0 && row.clientWidth < ROOM_FOR_BOTH ? "phone" : "both");
  return { phone: wanted !== "desktop", desktop: wanted !== "phone", wanted };
}

/** Makes the frames what the state says. */
export function updateFrames() {
  const view = viewNamed(state.settings.view);
  framesElement.hidden = !view.isFramed;
  if (!view.isFramed) return;
  const simulates = isSimulated || state.settings.fallback;
  fillCaption(view.name === "dark" && simulates);
  const shown = framesShown();
  shownLast = shown.wanted;
  for (const name of /** @type {const} */ (["phone", "desktop"])) {
    const { element, head, grip } = figures[name];
    element.hidden = !shown[name];
    if (!shown[name]) continue;
    fill(head, h("b", name === "phone" ? "Phone" : "Desktop"), widthChoice(name));
    grip.setAttribute("aria-valuenow", String(state.settings[name]));
    panes[name].show(view.name, simulates);
  }
  fit();
}

/** @param {boolean} isDarkSimulated */
function fillCaption(isDarkSimulated) {
  const { caption: said, name } = viewNamed(state.settings.view);
  const text = isDarkSimulated
    ? "Dark by rewriting its media queries: this browser does not set the scheme of a frame."
    : said;
  caption.hidden = text === "";
  const isBare = name === "no-style" || name === "webmail";
  const other = name === "webmail" ? "no-style" : "webmail";
  fill(
    caption,
    text,
    isBare && " ",
    isBare &&
      h(
        "button.link",
        { "data-key": "other", onclick: () => set({ view: other }) },
        other === "webmail" ? "As a webmail sanitiser leaves it" : "Without <style>",
        h("kbd", other === "webmail" ? "0" : "5"),
      ),
  );
}

/** Scales the frames together, so that all of them are seen whole. */
function fit() {
  const names = shownNames();
  const widths = names.map((name) => state.settings[name]);
  const room = row.clientWidth - GAP * (names.length - 1) - BORDERS * names.length;
  const scale = Math.min(1, room / widths.reduce((sum, width) => sum + width, 0));
  for (const name of names) {
    const { frame, holder } = panes[name];
    const width = state.settings[name];
    holder.style.width = `${Math.floor(width * scale)}px`;
    const height = holder.clientHeight;
    const isWidthNew = frame.style.width !== `${width}px`;
    frame.style.width = `${width}px`;
    frame.style.height = `${Math.ceil(height / scale)}px`;
    frame.style.scale = String(scale);
    holder.dataset["scale"] = String(scale);
    if (isWidthNew && panes[name].document?.body) {
      panes[name].measure();
      panes[name].scrollTo(panes[name].position);
    }
  }
  place();
}

function shownNames() {
  const shown = framesShown();
  return /** @type {const} */ (["phone", "desktop"]).filter((name) => shown[name]);
}

/** @param {Pane} from */
function scrollOthers(from) {
  for (const name of shownNames()) {
    if (panes[name] !== from) panes[name].scrollTo(from.position);
  }
}

/** Puts the marks of the chosen story and finding where they stand now. */
function place() {
  for (const name of shownNames()) {
    const { bar, box, places, holder, scrollY } = panes[name];
    const scale = Number(holder.dataset["scale"] ?? 1);
    const found = places.find(({ number }) => number === state.settings.story);
    bar.hidden = !found;
    if (found) {
      bar.style.top = `${(found.top - scrollY) * scale}px`;
      bar.style.height = `${(found.bottom - found.top) * scale}px`;
    }
    const element = foundElement(panes[name]);
    box.hidden = !element;
    if (!element) continue;
    const { top, left, width, height } = element.getBoundingClientRect();
    Object.assign(box.style, {
      top: `${top * scale - 3}px`,
      left: `${left * scale - 3}px`,
      width: `${width * scale + 6}px`,
      height: `${height * scale + 6}px`,
    });
  }
}

/** @param {Pane} pane */
function foundElement({ document: doc }) {
  const finding = issue().report?.findings[state.settings.finding - 1];
  if (finding?.where?.selector === undefined) return undefined;
  return elementAt(doc, finding.where.selector);
}

/**
 * @param {Document | undefined} doc
 * @param {string} selector
 */
function elementAt(doc, selector) {
  try {
    return doc?.querySelector(selector) ?? undefined;
  } catch {
    // The selector is another program's, and may use what this browser doesn't know.
    return undefined;
  }
}

/** Scrolls the frames to the chosen story. */
export function showStory() {
  for (const name of shownNames()) {
    const found = panes[name].places.find(({ number }) => number === state.settings.story);
    if (found) panes[name].goTo(found);
  }
  place();
}

/** Scrolls the frames to what the chosen finding is about. */
export function showFinding() {
  for (const name of shownNames()) {
    const pane = panes[name];
    const element = foundElement(pane);
    if (!element) continue;
    const { top, height } = element.getBoundingClientRect();
    const room = pane.frame.clientHeight;
    pane.scrollToY(pane.scrollY + top - Math.max(16, (room - height) / 2));
  }
  place();
}

/** A reload begins where one was. The address says what is shown; how far down is of this visit only. */
function rememberScroll() {
  const { phone, desktop } = panes;
  const scroll = { phone: phone.position, desktop: desktop.position };
  history.replaceState({ ...history.state, scroll }, "");
}

/** Goes where one was before the page was loaded again, or to the story that the address names. */
export function restoreScroll() {
  /** @type {{ phone?: Position, desktop?: Position } | undefined} */
  const scroll = history.state?.scroll;
  const { story } = state.settings;
  for (const name of /** @type {const} */ (["phone", "desktop"])) {
    const position = scroll?.[name];
    if (position) panes[name].position = position;
    else if (story > 1) panes[name].arrival = story;
  }
}

new ResizeObserver(() => {
  if (framesElement.hidden) return;
  if (framesShown().wanted === shownLast) fit();
  else change({});
}).observe(row);

/**
 * A menu of widths for a frame.
 * @param {"phone" | "desktop"} name
 */
function widthChoice(name) {
  const width = state.settings[name];
  const widths = [...new Set([...WIDTHS, width])].sort((a, b) => a - b);
  return h(
    "label.width",
    h("span.unseen", `Width of ${name}`),
    h(
      "select",
      {
        "data-key": `width-${name}`,
        onchange: (/** @type {Event} */ { target }) => {
          if (target instanceof HTMLSelectElement) set({ [name]: Number(target.value) });
        },
      },
      widths.map((px) => h("option", { value: px, selected: px === width }, `${px} px`)),
    ),
  );
}

/**
 * The edge of a frame, by which it is made as wide as one likes.
 * @param {"phone" | "desktop"} name
 * @param {() => number} scale How large the frame is shown.
 */
function widthGrip(name, scale) {
  /** @type {HTMLElement} */
  const grip = h("div.grip", {
    role: "separator",
    tabindex: "0",
    "aria-orientation": "vertical",
    "aria-label": `Width of ${name}`,
    "aria-valuemin": LEAST,
    "aria-valuemax": MOST,
    onpointerdown: (/** @type {PointerEvent} */ event) => drag(event, name, { grip, scale }),
    onkeydown: (/** @type {KeyboardEvent} */ event) => nudge(event, name),
  });
  return grip;
}

/**
 * @param {PointerEvent} event
 * @param {"phone" | "desktop"} name
 * @param {{ grip: HTMLElement, scale: () => number }} edge
 */
function drag(event, name, { grip, scale }) {
  const [from, width, shown] = [event.clientX, state.settings[name], scale()];
  grip.setPointerCapture(event.pointerId);
  document.body.classList.add("is-dragging");
  const move = (/** @type {PointerEvent} */ { clientX }) =>
    set({ [name]: widthWithin(width + (clientX - from) / shown) });
  grip.addEventListener("pointermove", move);
  grip.addEventListener(
    "lostpointercapture",
    () => {
      grip.removeEventListener("pointermove", move);
      document.body.classList.remove("is-dragging");
    },
    { once: true },
  );
}

/**
 * @param {KeyboardEvent} event
 * @param {"phone" | "desktop"} name
 */
function nudge(event, name) {
  const step = { ArrowLeft: -10, ArrowRight: 10 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  set({ [name]: widthWithin(state.settings[name] + step) });
}

/** @param {number} px */
function widthWithin(px) {
  return Math.round(Math.min(MOST, Math.max(LEAST, px)));
}
