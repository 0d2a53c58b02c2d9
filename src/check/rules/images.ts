import { named } from "../html/mail-element.ts";
import { faultAt, htmlRule, plural, type Rule } from "../rule.ts";

/** What is left of an email where pictures aren't shown. */
export const IMAGE_RULES: readonly Rule[] = [
  htmlRule({
    id: "image-alt",
    severity: "error",
    what: "Every picture has an `alt`: what it shows, or nothing where it only decorates",
    source: "WCAG 2.2 §1.1.1",
    fix: 'say in alt what the picture shows, or write alt="" where it only decorates',
    run: (html) =>
      faultAt(
        named(html, "img").filter((image) => !image.attributes.has("alt")),
        (count) => `${plural(count, "picture has", "pictures have")} no alt text`,
      ),
  }),
];
