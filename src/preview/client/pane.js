/** @import { ViewName } from "./settings.js" */
/** @import { Story } from "./stories.js" */
import { emailHtml } from "./message.js";
import { h } from "./dom.js";
import { invertColours } from "../../platform/css/invert-colours.js";
import { issue } from "./store.js";
import { stories, plain } from "./stories.js";

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
    this.bar = h("div.story-bar", { "aria-hidden": "true" });
    this.box = h("div.finding-box", { "aria-hidden": "true" });
    const shown = h("div.window", this.frame, this.bar, this.box);
    this.holder = h("div.holder", shown);
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

/**
 * Where a story stands in a document, px from its top.
 * @typedef {object} Place
 * @property {number} number The story's.
 * @property {number} top
 * @property {number} bottom
 */

const HEADINGS = "h1,h2,h3,h4,h5,h6";

/**
 * The places of stories in an email, whatever template it is of: a story begins with what holds its headline
 * and no other, and ends where another story, or another heading of its rank, begins.
 * @param {Document} doc
 * @param {readonly Story[]} stories
 * @returns {Place[]}
 */
function storyPlaces(doc, stories) {
  const headlines = headlinesOf(doc, stories);
  const starts = [...doc.querySelectorAll(HEADINGS)].map((heading) => ({
    heading,
    top: topOf(blockOf(heading)),
    rank: rankOf(heading, headlines),
  }));
  const end = endOfStories(doc, starts.at(-1)?.top ?? 0);
  return headlines.flatMap(({ headline, number }) => {
    if (!headline) return [];
    const top = topOf(blockOf(headline));
    const rank = rankOf(headline, headlines);
    const next = starts.filter((start) => start.top > top + 1 && start.rank <= rank);
    return [{ number, top, bottom: Math.max(top + 1, Math.min(end, ...next.map((s) => s.top))) }];
  });
}

/**
 * @param {Document} doc
 * @param {readonly Story[]} stories
 */
function headlinesOf(doc, stories) {
  const taken = new Set();
  // A template may set headlines in anything; headings are looked at first.
  const candidates = [
    ...doc.querySelectorAll(HEADINGS),
    ...doc.querySelectorAll("a,p,strong,b,td"),
  ];
  const texts = candidates.map((element) => ({ element, text: plain(element.textContent ?? "") }));
  return stories.map(({ number, title }) => {
    const wanted = plain(title);
    const found = texts.find(({ element, text }) => text === wanted && !taken.has(element));
    if (found) taken.add(found.element);
    return { number, headline: found?.element };
  });
}

/**
 * How high a heading stands, from 1. A story's own ends with the next story, so it counts as high as any
 * story may.
 * @param {Element} heading
 * @param {readonly { headline: Element | undefined }[]} headlines
 */
function rankOf(heading, headlines) {
  const rank = Number(/^h([1-6])$/i.exec(heading.tagName)?.[1] ?? 6);
  return headlines.some(({ headline }) => headline === heading) ? Math.min(rank, 2) : rank;
}

/**
 * What a heading begins: its kicker and whatever else stands about it without another heading.
 * @param {Element} heading
 */
function blockOf(heading) {
  let block = heading;
  for (;;) {
    const parent = block.parentElement;
    if (!parent || parent === heading.ownerDocument.body) return block;
    if (parent.querySelectorAll(HEADINGS).length > 1) return block;
    block = parent;
  }
}

/**
 * Where the last story ends: at what holds the last link, which is how one leaves the list, if that is
 * no part of the story.
 * @param {Document} doc
 * @param {number} lastStart
 */
function endOfStories(doc, lastStart) {
  const whole = doc.documentElement.scrollHeight;
  let foot = [...doc.querySelectorAll("a[href]")].at(-1);
  while (foot?.parentElement && !foot.parentElement.querySelector(HEADINGS))
    foot = foot.parentElement;
  const top = foot ? topOf(foot) : whole;
  return top > lastStart ? top : whole;
}

/** @param {Element} element */
function topOf(element) {
  const scrolled = element.ownerDocument.defaultView?.scrollY ?? 0;
  return element.getBoundingClientRect().top + scrolled;
}
