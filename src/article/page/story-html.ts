import { cleanText } from "../clean-text.ts";
import { escapeHtml } from "../../platform/references.ts";
import { sanitiseHtml } from "../sanitise-html.ts";
import { BLOCK } from "../markup/open-elements.ts";
import { httpAddress } from "../field-values.ts";
import { childrenOf, isElement, isText, type PageElement, type PageNode } from "./page-dom.ts";

// The name under which each element is written. All other elements are unwrapped.
const WRITTEN_AS: ReadonlyMap<string, string> = new Map([
  ...`p h2 h3 h4 h5 h6 ul ol li blockquote pre table thead tbody tr th td
     em strong del code sub sup`
    .split(/\s+/)
    .map(same),
  // The only first-level heading of a page is the title, which is above the story.
  ["h1", "h2"],
  ["b", "strong"],
  ["i", "em"],
  ["cite", "em"],
  ["s", "del"],
  ["strike", "del"],
  ["dl", "ul"],
  ["dt", "li"],
  ["dd", "li"],
]);

function same(name: string): [string, string] {
  return [name, name];
}

/** Returns the kept part of a page as sanitised HTML: only text markup, with absolute links. */
export function storyHtml(
  root: PageElement,
  kept: ReadonlySet<PageNode>,
  base: string | undefined,
): string {
  return sanitiseHtml(new StoryHtml(kept, base).blocks(root)).trim();
}

class StoryHtml {
  readonly #kept: ReadonlySet<PageNode>;
  readonly #base: string | undefined;

  constructor(kept: ReadonlySet<PageNode>, base: string | undefined) {
    this.#kept = kept;
    this.#base = base;
  }

  /** Writes the children of a container. Text outside blocks becomes a paragraph. */
  blocks(container: PageElement): string {
    const written: string[] = [];
    let line = "";
    const flush = (): void => {
      if (line.replaceAll("<br />", "").trim() !== "") written.push(`<p>${line.trim()}</p>\n`);
      line = "";
    };
    for (const child of childrenOf(container)) {
      if (!isElement(child)) line += this.#inline(child);
      else if (isBlock(child)) {
        flush();
        written.push(this.#block(child));
      } else line += this.#inline(child);
    }
    flush();
    return written.join("");
  }

  #block(element: PageElement): string {
    const name = WRITTEN_AS.get(element.localName);
    if (name === undefined) return this.blocks(element);
    const inside = childrenOf(element).some((child) => isElement(child) && isBlock(child))
      ? this.blocks(element)
      : this.#children(element);
    return inside.trim() === ""
      ? ""
      : `<${name}>${name === "pre" ? inside : inside.trim()}</${name}>\n`;
  }

  #children(element: PageElement): string {
    return childrenOf(element)
      .map((child) => this.#inline(child))
      .join("");
  }

  #inline(node: PageNode): string {
    if (isText(node)) return this.#kept.has(node) ? escapeHtml(cleanText(node.textContent)) : "";
    if (!isElement(node)) return "";
    if (node.localName === "br") return "<br />";
    const inside = this.#children(node);
    if (inside.trim() === "") return inside;
    if (node.localName === "a") return this.#link(node, inside);
    const name = WRITTEN_AS.get(node.localName);
    return name === undefined ? inside : `<${name}>${inside}</${name}>`;
  }

  #link(element: PageElement, inside: string): string {
    const href = element.getAttribute("href") ?? "";
    const target = /^mailto:/i.test(href) ? href : httpAddress(href, this.#base);
    return target === undefined ? inside : `<a href="${escapeHtml(target)}">${inside}</a>`;
  }
}

// Links and spans may contain paragraphs.
function isBlock(element: PageElement): boolean {
  if (element.localName === "br") return false;
  return (
    BLOCK.has(element.localName) ||
    childrenOf(element).some((child) => isElement(child) && isBlock(child))
  );
}
