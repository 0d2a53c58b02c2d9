/** @import { Place } from "./story-places.js" */
/** @import { ViewName } from "./settings.js" */
import { emailHtml } from "./email-html.js";
import { h } from "./dom.js";
import { invertColours } from "../../check/io/browser/invert-colours.js";
import { issue } from "./store.js";
import { stories } from "./stories.js";
import { storyPlaces } from "./story-places.js";

/**
 * How far a frame is scrolled: past so many of its landmarks (its top, the stories, its end), and by what
 * share of the way to the next. It means the same at every width.
 * @typedef {{ past: number, share: number }} Position
 */

/**
 * Where what was clicked on leads; "" where it leads nowhere.
 * @param {Event} event
 */
function linkOf(event) {
  const path = event.composedPath();
  // The elements of a frame are not of this page's classes.
  const links = path.flatMap((node) => ("href" in node && "getAttribute" in node ? [node] : []));
  const [link] = links;
  return link ? String(link.href) : "";
}

/** So much of what is before a story is seen above it. */
const AIR = 12;

/**
 * A frame with the email in it. Scripts, forms and navigation are off in it (`sandbox`); that it counts as
 * of the page's own origin lets the page measure it and mark what is in it.
 */
export class Pane {
  /** @type {Place[]} */
  places = [];
  /** @type {Position} */
  position = { past: 0, share: 0 };
  /** Where the page itself scrolled to, which is no doing of its reader. */
  scrolledTo = -1;
  /** The story to begin with, once it is known where that stands; 0 for none. */
  arrival = 0;
  /** What is shown, so that nothing is loaded twice. */
  shown = "";

  /**
   * @param {"phone" | "desktop"} name
   * @param {{ onScroll: (pane: Pane, isOwn: boolean) => void, onClick: (pane: Pane, y: number, link: string) => void, onKey: (event: KeyboardEvent) => void, onLoad: (pane: Pane) => void }} listeners
   */
  constructor(name, listeners) {
    this.name = name;
    this.listeners = listeners;
    this.frame = h("iframe", {
      sandbox: "allow-same-origin",
      title: `The email, ${name}`,
      onload: () => this.#loaded(),
    });
    this.bar = h("div", { class: "story-bar", "aria-hidden": "true" });
    this.box = h("div", { class: "finding-box", "aria-hidden": "true" });
    const shown = h("div", { class: "window" }, this.frame, this.bar, this.box);
    this.holder = h("div", { class: "holder" }, shown);
  }

  /**
   * @param {ViewName} view
   * @param {boolean} isSimulated
   */
  show(view, isSimulated) {
    const html = emailHtml(issue(), view, isSimulated);
    const wanted = `${view}\n${html}`;
    this.view = view;
    if (wanted === this.shown) return;
    this.shown = wanted;
    this.scrolledTo = -1;
    this.frame.style.colorScheme = view === "dark" ? "dark" : "light";
    // What an email leaves bare is white in a mail program, whatever the page around it is.
    this.frame.style.background = view === "dark" || view === "inverted" ? "" : "#fff";
    this.frame.classList.add("is-loading");
    this.frame.srcdoc = html;
  }

  /** Undefined while nothing is loaded. */
  get document() {
    return this.frame.contentDocument ?? undefined;
  }

  /** Whether the browser does what the frame's colour scheme asks for. */
  get hasScheme() {
    const query = this.frame.contentWindow?.matchMedia("(prefers-color-scheme: dark)");
    return query === undefined || query.matches === (this.view === "dark");
  }

  /** Measures again where the stories stand. */
  measure() {
    if (this.document?.body) this.places = storyPlaces(this.document, stories());
  }

  /** @param {Position} position */
  scrollTo({ past, share }) {
    const marks = this.#landmarks();
    const from = marks[Math.min(past, marks.length - 1)] ?? 0;
    const to = marks[past + 1] ?? from;
    this.position = { past, share };
    this.scrollToY(from + (to - from) * share);
  }

  /** Scrolls to a story. @param {Place} place */
  goTo({ top }) {
    this.scrollToY(top - AIR);
    this.position = this.#positionAt(this.scrollY);
  }

  /** @param {number} y */
  scrollToY(y) {
    const window = this.frame.contentWindow;
    if (!window) return;
    window.scrollTo({ top: Math.max(0, y), behavior: "instant" });
    this.scrolledTo = window.scrollY;
  }

  get scrollY() {
    return this.frame.contentWindow?.scrollY ?? 0;
  }

  /**
   * @param {number} y
   * @returns {Position}
   */
  #positionAt(y) {
    const marks = this.#landmarks();
    const past = Math.max(
      0,
      marks.findLastIndex((mark) => mark <= y),
    );
    const [from = 0, to = from] = marks.slice(past);
    return { past, share: to > from ? (y - from) / (to - from) : 0 };
  }

  #landmarks() {
    const end = this.document?.documentElement.scrollHeight ?? 0;
    return [0, ...this.places.map(({ top }) => top), end];
  }

  #loaded() {
    const doc = this.document;
    // A frame that was never given anything has an empty page, which is loaded too.
    if (!doc?.body || this.shown === "") return;
    if (this.view === "inverted") invertColours(doc);
    this.measure();
    this.scrollTo(this.position);
    const first = this.places.find(({ number }) => number === this.arrival);
    if (first) this.goTo(first);
    this.arrival = 0;
    doc.addEventListener("click", (event) => {
      event.preventDefault();
      this.listeners.onClick(this, event.clientY + this.scrollY, linkOf(event));
    });
    doc.addEventListener("submit", (event) => event.preventDefault());
    doc.addEventListener("keydown", (event) => this.listeners.onKey(event));
    doc.addEventListener("scroll", () => this.#scrolled());
    this.frame.classList.remove("is-loading");
    this.listeners.onLoad(this);
  }

  #scrolled() {
    const y = this.scrollY;
    const isOwn = Math.abs(y - this.scrolledTo) < 1;
    this.scrolledTo = -1;
    if (!isOwn) this.position = this.#positionAt(y);
    this.listeners.onScroll(this, isOwn);
  }
}
