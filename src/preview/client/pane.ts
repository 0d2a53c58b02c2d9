import type { ViewName } from "./settings.ts";
import { invertColours } from "../../platform/css/invert-colours.js";
import { plain, type Story, stories } from "./stories.ts";

/**
 * A scroll position: the number of landmarks passed (the top, the stories, the end), and the fraction of the way to the
 * next one. It has the same meaning at every width.
 */
export interface Position {
  readonly past: number;
  readonly share: number;
}

/** The position of a story in a document, in px from the top. */
export interface Place {
  /** The number of the story. */
  readonly number: number;
  readonly top: number;
  readonly bottom: number;
}

interface Listeners {
  onScroll(this: void, pane: Pane, isOwn: boolean): void;
  onClick(this: void, pane: Pane, y: number, clicked: Clicked): void;
  onKey(this: void, event: KeyboardEvent): void;
  onLoad(this: void, pane: Pane): void;
}

/** The target of the clicked link and the source of the clicked picture; each is "" if there is none. */
interface Clicked {
  readonly link: string;
  readonly picture: string;
}

function clickedIn(event: Event): Clicked {
  const path = event.composedPath();
  // Elements of a frame are no instances of this page's classes.
  const [link] = path.flatMap((node) => ("href" in node && "getAttribute" in node ? [node] : []));
  const [picture] = path.flatMap((node) => ("naturalWidth" in node && "src" in node ? [node] : []));
  return { link: link ? String(link.href) : "", picture: picture ? String(picture.src) : "" };
}

/** The number of pixels shown above a story when it is scrolled into view. */
const AIR_PX = 12;

/**
 * A frame that shows the email. Its `sandbox` blocks scripts, forms and navigation. The frame has the page's own origin, so
 * that the page can measure and mark its content.
 */
export class Pane {
  /** The elements that hold the email. The page sets them after creating them. */
  frame!: HTMLIFrameElement;
  holder!: HTMLElement;
  places: readonly Place[] = [];
  position: Position = { past: 0, share: 0 };
  /** The scale at which the frame is shown. */
  scale = 1;
  view: ViewName = "light";
  /** The position to which the page itself scrolled. It distinguishes such events from the reader's own scrolling. */
  scrolledTo = -1;
  /** The story to scroll to as soon as its position is known; 0 for none. */
  arrival = 0;
  /** The HTML that is shown. It prevents loading the same HTML twice. */
  shown = "";
  /** The next HTML, while the frame still loads. A load event does not say which HTML was loaded. */
  #next: string | undefined;
  readonly #listeners: Listeners;

  constructor(listeners: Listeners) {
    this.#listeners = listeners;
  }

  /** A new frame shows nothing yet. */
  use(frame: HTMLIFrameElement) {
    if (frame !== this.frame) this.shown = "";
    this.frame = frame;
  }

  show(view: ViewName, html: string) {
    const wanted = `${view}\n${html}`;
    this.view = view;
    if (wanted === this.shown) return;
    this.shown = wanted;
    this.scrolledTo = -1;
    this.frame.style.colorScheme = view === "dark" ? "dark" : "light";
    // Mail programs show white where an email sets no background.
    this.frame.style.background = view === "dark" || view === "inverted" ? "" : "#fff";
    this.#next = html;
    if (!this.frame.classList.contains("is-loading")) this.#loadNext();
  }

  #loadNext() {
    this.frame.classList.add("is-loading");
    this.frame.srcdoc = this.#next ?? "";
    this.#next = undefined;
  }

  /** Undefined if no email is loaded. */
  get document() {
    return this.frame.contentDocument ?? undefined;
  }

  /** Whether the browser passes the frame's colour scheme to its content. */
  get hasScheme() {
    const query = this.frame.contentWindow?.matchMedia("(prefers-color-scheme: dark)");
    return query === undefined || query.matches === (this.view === "dark");
  }

  /** Measures the positions of the stories again. */
  measure() {
    if (this.document?.body) this.places = storyPlaces(this.document, stories.value);
  }

  scrollTo({ past, share }: Position) {
    const marks = this.#landmarks();
    const from = marks[Math.min(past, marks.length - 1)] ?? 0;
    const to = marks[past + 1] ?? from;
    this.position = { past, share };
    this.scrollToY(from + (to - from) * share);
  }

  /** Scrolls to a story. */
  goTo({ top }: Place) {
    this.scrollToY(top - AIR_PX);
    this.position = this.#positionAt(this.scrollY);
  }

  scrollToY(y: number) {
    const window = this.frame.contentWindow;
    if (!window) return;
    window.scrollTo({ top: Math.max(0, y), behavior: "instant" });
    this.scrolledTo = window.scrollY;
  }

  get scrollY() {
    return this.frame.contentWindow?.scrollY ?? 0;
  }

  #positionAt(y: number): Position {
    const marks = this.#landmarks();
    const past = Math.max(
      0,
      marks.findLastIndex((mark) => mark <= y),
    );
    const [from = 0, to = from] = marks.slice(past);
    return { past, share: to > from ? (y - from) / (to - from) : 0 };
  }

  #landmarks() {
    // While a frame is loaded, its document is empty.
    const end = this.document?.body ? this.document.documentElement.scrollHeight : 0;
    return [0, ...this.places.map(({ top }) => top), end];
  }

  /** The page calls this when the frame has loaded. */
  loaded() {
    // A frame without content loads an empty page, which also fires the event.
    const doc = this.shown === "" ? undefined : this.document;
    if (!doc?.body) return;
    if (this.#next !== undefined) return this.#loadNext();
    if (this.view === "inverted") invertColours(doc);
    this.measure();
    this.scrollTo(this.position);
    const first = this.places.find(({ number }) => number === this.arrival);
    if (first) this.goTo(first);
    this.arrival = 0;
    doc.addEventListener("click", (event) => {
      event.preventDefault();
      this.#listeners.onClick(this, event.clientY + this.scrollY, clickedIn(event));
    });
    doc.addEventListener("submit", (event) => event.preventDefault());
    doc.addEventListener("keydown", (event) => this.#listeners.onKey(event));
    doc.addEventListener("scroll", () => this.#scrolled());
    this.frame.classList.remove("is-loading");
    this.#listeners.onLoad(this);
  }

  #scrolled() {
    const y = this.scrollY;
    const isOwn = Math.abs(y - this.scrolledTo) < 1;
    this.scrolledTo = -1;
    if (!isOwn) this.position = this.#positionAt(y);
    this.#listeners.onScroll(this, isOwn);
  }
}

const HEADINGS = "h1,h2,h3,h4,h5,h6";

/**
 * The positions of stories in an email of any template. A story begins with the outermost element that contains its
 * headline and no other. It ends where the next story, or another heading of the same rank, begins.
 */
function storyPlaces(doc: Document, stories: readonly Story[]): Place[] {
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

function headlinesOf(doc: Document, stories: readonly Story[]) {
  const taken = new Set();
  // A template may put headlines in any element; headings are tried first.
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

/** The rank of a heading, from 1. A headline counts as rank 2 or higher, so that subheadings inside a story do not end it. */
function rankOf(heading: Element, headlines: readonly { headline: Element | undefined }[]) {
  const rank = Number(/^h([1-6])$/i.exec(heading.tagName)?.[1] ?? 6);
  return headlines.some(({ headline }) => headline === heading) ? Math.min(rank, 2) : rank;
}

/** The block that a heading begins: the kicker and other content around it, up to another heading. */
function blockOf(heading: Element) {
  let block = heading;
  for (;;) {
    const parent = block.parentElement;
    if (!parent || parent === heading.ownerDocument.body) return block;
    if (parent.querySelectorAll(HEADINGS).length > 1) return block;
    block = parent;
  }
}

/** The end of the last story: the block with the last link of the email, unless that is part of the story. */
function endOfStories(doc: Document, lastStart: number) {
  const whole = doc.documentElement.scrollHeight;
  let foot = [...doc.querySelectorAll("a[href]")].at(-1);
  while (foot?.parentElement && !foot.parentElement.querySelector(HEADINGS))
    foot = foot.parentElement;
  const top = foot ? topOf(foot) : whole;
  return top > lastStart ? top : whole;
}

function topOf(element: Element) {
  const scrolled = element.ownerDocument.defaultView?.scrollY ?? 0;
  return element.getBoundingClientRect().top + scrolled;
}
