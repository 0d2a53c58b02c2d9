import { blocksIn, type PageBlock } from "../../src/article/page/blocks.ts";
import { type PageElement, parentOf } from "../../src/article/page/page-dom.ts";
import { foldOf, type Sample } from "./corpus.ts";
import { labelsOf } from "./labels.ts";
import { parsePlainly } from "./readers.ts";
import { randomFrom } from "../training/random.ts";

/** An element of the DOM that scripts use. */
interface FullElement extends PageElement {
  outerHTML: string;
  insertAdjacentHTML(place: "beforebegin" | "afterend", html: string): void;
}

function isFull(element: PageElement): element is FullElement {
  return "outerHTML" in element && "insertAdjacentHTML" in element;
}

/** A page that was changed so that a reader may misread it. Its labels stay the same. */
export interface HarmedPage {
  readonly html: string;
  readonly harm: string;
}

/** The story of a page: its elements in order, and their texts. */
interface Story {
  readonly elements: readonly FullElement[];
  readonly texts: readonly string[];
}

interface Ground extends Story {
  /** The texts and the title of another page's story. */
  readonly other: readonly string[];
  readonly otherTitle: string;
  readonly random: () => number;
  readonly words: number;
}

const TITLE = /<title[^>]*>([^<]{3,200})/i;
const LEAST_BLOCKS = 4;

/** Creates harmed versions of a labelled page. The other page's text comes from a site of the same fold. */
export function harmedPages(
  sample: Sample,
  others: readonly Sample[],
  folds: number,
  draw = 0,
): HarmedPage[] {
  const own = others.filter(
    ({ site, folder }) =>
      site !== sample.site &&
      foldOf(site, folds) === foldOf(sample.site, folds) &&
      (folder === "multilingual") === (sample.folder === "multilingual"),
  );
  const random = randomFrom(hashOf(`${sample.id}${draw}`));
  return Object.entries(HARMS).flatMap(([harm, change]): HarmedPage[] => {
    const place = ({ id }: Sample): number => hashOf(`${id}${harm}${draw}${sample.id}`);
    const donors = own.toSorted((a, b) => place(a) - place(b));
    const donor = donors.find((one) => storyTexts(one).length >= LEAST_BLOCKS);
    const document = parsePlainly(sample.html);
    const story = storyIn(document.body, sample);
    if (!donor || story.elements.length < LEAST_BLOCKS) return [];
    change({
      ...story,
      other: storyTexts(donor),
      otherTitle: TITLE.exec(donor.html)?.[1]?.trim() ?? "More news",
      random,
      words: wordsIn(story.texts),
    });
    const { documentElement: root } = document;
    return isFull(root) ? [{ harm, html: `<!DOCTYPE html>${root.outerHTML}` }] : [];
  });
}

function hashOf(text: string): number {
  let hash = 7;
  for (const char of text) hash = (Math.imul(hash, 31) + char.charCodeAt(0)) >>> 0;
  return hash;
}

const stories = new Map<string, readonly string[]>();

function storyTexts(sample: Sample): readonly string[] {
  const key = `${sample.folder} ${sample.id}`;
  const known = stories.get(key) ?? storyIn(parsePlainly(sample.html).body, sample).texts;
  stories.set(key, known);
  return known;
}

/** The markup of a page reduced to its story, like in a feed. */
export function cutToStory(sample: Sample): string {
  const { elements } = storyIn(parsePlainly(sample.html).body, sample);
  const own = new Set<PageElement>(elements);
  const outer = elements.filter((element) => !isInOneOf(element, own));
  const title = TITLE.exec(sample.html)?.[1] ?? "";
  const body = outer.map(({ outerHTML }) => outerHTML).join("\n");
  return `<html><head><title>${title}</title></head><body>${body}</body></html>`;
}

function isInOneOf(element: PageElement, outer: ReadonlySet<PageElement>): boolean {
  for (let at = parentOf(element); at; at = parentOf(at)) if (outer.has(at)) return true;
  return false;
}

function storyIn(body: PageElement, sample: Sample): Story {
  const { blocks } = blocksIn(body);
  const labels = labelsOf(blocks, sample);
  const first = labels.findIndex(isStory);
  const last = labels.findLastIndex(isStory);
  const own = blocks.filter((block, index) =>
    sample.folder === "multilingual"
      ? index >= first &&
        index <= last &&
        (isStory(labels[index]) || isLikely(block)) &&
        labels[index] !== 0
      : isStory(labels[index]),
  );
  const elements = [...new Set(own.map(({ place }) => place.element))].filter(isFull);
  return { elements, texts: own.map(({ text }) => text) };
}

function isStory(label: number | undefined): boolean {
  return label !== undefined && label >= 0.5;
}

function isLikely({ linked, measure }: PageBlock): boolean {
  return measure.words >= 12 && linked < measure.chars / 3;
}

function wordsIn(texts: readonly string[]): number {
  return texts.join(" ").split(/\s+/).length;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

const paragraphs = (texts: readonly string[]): string =>
  texts.map((text) => `<p>${escaped(text)}</p>`).join("");

/** Repeats the texts until they have the given number of words. */
function enough(texts: readonly string[], words: number): string[] {
  const found: string[] = [];
  for (let count = 0, at = 0; count < words && at < 3 * texts.length; at++) {
    const text = texts[at % texts.length] ?? "";
    found.push(text);
    count += wordsIn([text]);
  }
  return found;
}

function sentencesOf(texts: readonly string[]): string[] {
  return texts
    .flatMap((text) => text.match(/[^.!?。]{20,400}[.!?。]+/gu) ?? [text])
    .map((text) => text.trim());
}

function after(element: FullElement | undefined, html: string): void {
  element?.insertAdjacentHTML("afterend", html);
}

/** The element around the story's elements that holds most of them. */
function boxOf(elements: readonly FullElement[]): FullElement | undefined {
  const counts = new Map<FullElement, number>();
  for (const element of elements) {
    const parent = parentOf(element);
    if (parent && isFull(parent)) counts.set(parent, (counts.get(parent) ?? 0) + 1);
  }
  return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0];
}

const classOf = (element: FullElement | undefined): string => element?.getAttribute("class") ?? "";
const NAMES = ["Anna K.", "mike77", "J. Ortiz", "Paul", "reader2", "Léa", "Tom B.", "Ines"];

/** The ways to change a page. */
const HARMS: Readonly<Record<string, (ground: Ground) => void>> = {
  next: ({ elements, other, otherTitle, words }) => {
    after(elements.at(-1), `<h2>${escaped(otherTitle)}</h2>${paragraphs(enough(other, words))}`);
  },
  endless: ({ elements, other, otherTitle, words }) => {
    const box = boxOf(elements);
    const html = `<div class="${classOf(box)}"><h1>${escaped(otherTitle)}</h1>${paragraphs(enough(other, words))}</div>`;
    after(box?.localName === "body" ? elements.at(-1) : box, html);
  },
  replaced: ({ elements, other }) => {
    elements.forEach((element, index) => {
      element.textContent = other[index] ?? "";
    });
    const rest = other.slice(elements.length);
    if (rest.length > 0) after(elements.at(-1), paragraphs(rest));
  },
  comments: ({ elements, other, random, words }) => {
    const name = random() < 0.5 ? "item" : "comment";
    const texts = enough(sentencesOf(other), words * 1.4);
    const html = texts
      .map((text, index) => {
        const author = NAMES[index % NAMES.length] ?? "";
        return `<div class="${name}"><div><b>${author}</b> <span>${1 + (index % 28)} March 2021, 1${index % 10}:0${index % 6}</span></div><p>${escaped(text)}</p></div>`;
      })
      .join("");
    const box = boxOf(elements);
    after(
      random() < 0.5 || box?.localName === "body" ? elements.at(-1) : box,
      `<div>${html}</div>`,
    );
  },
  half: ({ elements, texts, random }) => {
    const from = Math.max(1, Math.floor(elements.length * (0.25 + 0.2 * random())));
    for (const element of elements.slice(from)) element.remove();
    const kept = elements[from - 1];
    const text = kept?.textContent.trim() ?? texts[0] ?? "";
    const isOpen = random();
    if (kept)
      kept.textContent = text.slice(0, Math.ceil(text.length * 0.7)) + (isOpen < 0.4 ? "…" : "");
    if (isOpen > 0.7) after(kept, "<p><a href='/next'>Page 2</a></p>");
  },
  apart: ({ elements, random }) => {
    const name = random() < 0.5 ? "related-content" : "sidebar-box";
    for (const element of elements.slice(Math.floor(elements.length / 2)))
      element.outerHTML = `<aside class="${name}">${element.outerHTML}</aside>`;
  },
  lead: ({ elements }) => {
    const box = boxOf(elements);
    const count = Math.max(2, Math.floor(elements.length / 3));
    const html = elements
      .slice(0, count)
      .map((element) => element.outerHTML)
      .join("");
    for (const element of elements.slice(0, count)) element.remove();
    const place = box?.parentNode
      ? box.localName === "body"
        ? elements[count]
        : box
      : elements[count];
    place?.insertAdjacentHTML(
      "beforebegin",
      `<header class="teaser-header"><div class="promo">${html}</div></header>`,
    );
  },
  references: ({ elements, other, random, words }) => {
    const terms = other.join(" ").split(/\s+/).filter(Boolean);
    let made = 0;
    let html = "";
    for (let at = 0; made < words * 1.3 && at < 300; at++) {
      const start = Math.floor(random() * Math.max(1, terms.length - 14));
      const title = terms.slice(start, start + 8 + Math.floor(random() * 6)).join(" ");
      html += `<li>${NAMES[at % NAMES.length]}, ${2000 + (at % 22)}. ${escaped(title)}. Journal of ${escaped(terms[start] ?? "Things")}, ${at + 3}(${1 + (at % 4)}), ${100 + at}–${110 + at}.</li>`;
      made += 24;
    }
    after(elements.at(-1), `<h3>References</h3><ol>${html}</ol>`);
  },
  gallery: ({ elements, other, random, words }) => {
    const texts = enough(sentencesOf(other), words * 1.3);
    const name = random() < 0.5 ? "slide" : "block";
    const html = texts
      .map(
        (text, index) =>
          `<div class="${name}"><img src="/p/${index}.jpg" width="800" height="600"><p>${escaped(text)}</p></div>`,
      )
      .join("");
    const at = Math.floor(random() * elements.length);
    after(elements[at], `<div>${html}</div>`);
  },
  encoding: ({ elements, random }) => {
    const isLost = random() < 0.5;
    const share = 0.05 + random() * 0.1;
    for (const element of elements.slice(Math.floor(elements.length * random() * 0.4))) {
      element.textContent = Array.from(element.textContent)
        .map((char) => {
          const isHit = char > "\u007f" ? true : /[a-z]/.test(char) && random() < share;
          if (!isHit) return char;
          return isLost ? "\uFFFD" : Buffer.from(char > "\u007f" ? char : "é").toString("latin1");
        })
        .join("");
    }
  },
};
