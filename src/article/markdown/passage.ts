import type { Caption, Dropped, Image } from "../article.ts";
import type { Inline } from "./inline.ts";

/** A part of a Markdown body. Joined, the `html` of all of them is the body's HTML. */
export type Passage =
  /** The tags around other passages: lists, quotations, rules. */
  | { readonly is: "markup"; readonly html: string }
  | { readonly is: "heading"; readonly html: string; readonly text: string; readonly level: number }
  | {
      readonly is: "paragraph";
      readonly html: string;
      readonly text: string;
      readonly isTopLevel: boolean;
    }
  | { readonly is: "image"; readonly image: Image; readonly html: "" }
  | { readonly is: "caption"; readonly caption: Caption; readonly html: "" }
  /** What is no story prose. Its `html` is empty where mail cannot show it. */
  | { readonly is: "aside"; readonly html: string; readonly dropped: Dropped };

/** The passages of what a line has beside its words: pictures, and what was left out of it. */
export function besidesOf({ images, dropped }: Inline): Passage[] {
  return [
    ...images.map((image): Passage => ({ is: "image", image, html: "" })),
    ...dropped.map((entry): Passage => ({ is: "aside", html: "", dropped: entry })),
  ];
}
