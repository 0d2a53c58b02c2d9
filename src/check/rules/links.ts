import { attribute, type MailElement, named } from "../html/mail-element.ts";
import { faultAt, htmlRule, plural, type Rule } from "../rule.ts";

/** Where the links of an email lead. */
export const LINK_RULES: readonly Rule[] = [
  htmlRule({
    id: "link-script",
    severity: "error",
    what: "No link runs a script or opens a file: mail programs drop such links, or the whole mail",
    source: "RFC 6694, RFC 8089; https://www.caniemail.com",
    fix: "link to an https address",
    run: (html) =>
      faultAt(
        linksOf(html).filter((link) => /^(?:javascript|vbscript|data|file):/i.test(target(link))),
        (count) => `${plural(count, "link leads", "links lead")} to a script or a file`,
      ),
  }),
];

function linksOf(html: Parameters<typeof named>[0]): MailElement[] {
  return named(html, "a", "area").filter(({ attributes }) => attributes.has("href"));
}

/** Browsers take control characters and spaces out of an address before they read it (URL §4.4). */
function target(link: MailElement): string {
  return attribute(link, "href").replace(/[\p{Cc}\s]/gu, "");
}
