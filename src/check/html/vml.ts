import { memo } from "../memo.ts";
import type { HtmlDocument, MailElement } from "./mail-element.ts";
import { parseHtml } from "./parse-html.ts";

/** A drawing that only Outlook with Word's engine shows, and the line where it is written. */
export interface VmlShape {
  readonly element: MailElement;
  readonly line: number;
}

/** The drawings of an email, most of which stand in comments. */
export const vmlOf = memo((html: HtmlDocument): VmlShape[] => {
  const written = html.comments
    .filter(({ text }) => /<v:/i.test(text))
    .flatMap(({ text, line }) => {
      const inner = parseHtml(text.replace(/^\[if[^\]]*\]>|<!\[endif\]$/gi, ""));
      return shapesIn(inner).map((element) => ({ element, line: line + (element.line ?? 1) - 1 }));
    });
  const open = shapesIn(html).map((element) => ({ element, line: element.line ?? 1 }));
  return [...written, ...open];
});

function shapesIn({ elements }: HtmlDocument): MailElement[] {
  return elements.filter(({ name }) => SHAPE.test(name));
}

/** VML's own elements, without those that only say how another one is filled or stroked. */
const SHAPE = /^v:(?:arc|curve|group|image|line|oval|polyline|rect|roundrect|shape)$/;
