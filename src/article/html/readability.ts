import { createRequire } from "node:module";
import type { PageDocument, PageElement } from "./page-dom.ts";

interface Module {
  readonly Readability: new (
    document: PageDocument,
    options: {
      readonly serializer: (content: PageElement) => PageElement;
      readonly keepClasses: boolean;
      readonly disableJSONLD: boolean;
    },
  ) => { parse(): { readonly content: PageElement | null; readonly title: string | null } | null };
}

let module: Module | undefined;

/**
 * The part of a page that Readability takes for its story, or undefined where it finds none. It
 * changes the document: read from it first what is wanted of it.
 */
export function findStory(document: PageDocument): PageElement | undefined {
  module ??= load();
  nameAuthor(document);
  // Classes tell the rules that come after what a block is for. The metadata is read elsewhere.
  const options = {
    serializer: (content: PageElement) => content,
    keepClasses: true,
    disableJSONLD: true,
    charThreshold: 300,
  };
  return new module.Readability(document, options).parse()?.content ?? undefined;
}

// Where a page's metadata names no author, Readability takes the first element that is called one
// out of the story, even in the middle of a sentence.
function nameAuthor(document: PageDocument): void {
  const author = document.createElement("meta");
  author.setAttribute("name", "author");
  author.setAttribute("content", "-");
  document.head.append(author);
}

function load(): Module {
  return createRequire(import.meta.url)("@mozilla/readability");
}
