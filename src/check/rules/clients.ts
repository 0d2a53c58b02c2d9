import { stylesOf } from "../css/document-styles.ts";
import { CLIPPED_BYTES } from "../../email/email.ts";
import { attribute, type HtmlDocument, type MailElement, named, textOf } from "../html-document.ts";
import { quoted, faultAt, plural, htmlRule, type Rule } from "../rule.ts";

const CLIPPED = `${CLIPPED_BYTES / 1024} KB`;
const NEARLY_CLIPPED_BYTES = 80 * 1024;

/** Gmail drops a larger style element, and all style elements after it. */
const MOST_CSS_BYTES = 16 * 1024;

/** Rules for the changes that mail programs and webmail make to HTML. */
export const CLIENT_RULES: readonly Rule[] = [
  htmlRule({
    id: "html-size",
    severity: "error",
    what: `The HTML is smaller than ${CLIPPED}, where Gmail cuts it off. It is measured with the longest links and names. From ${NEARLY_CLIPPED_BYTES / 1024} KB on, the check warns`,
    source: `https://www.caniemail.com; Gmail clips at ${CLIPPED}`,
    fix: "show fewer stories, or switch parts off in the config",
    run: (html, { largestBytes }) => {
      const bytes = largestBytes ?? Buffer.byteLength(html.source);
      const size = `The HTML is ${(bytes / 1024).toFixed(1)} KB`;
      if (bytes > CLIPPED_BYTES)
        return `${size}: Gmail cuts it off at ${CLIPPED}, and with it the unsubscribe link`;
      if (bytes < NEARLY_CLIPPED_BYTES) return [];
      return { message: `${size}: Gmail cuts off the part beyond ${CLIPPED}`, severity: "warning" };
    },
  }),
  htmlRule({
    id: "conditional-comments",
    severity: "error",
    what: "Every comment for Outlook is closed, and none is inside another",
    source: "MS-CONDCOM §2.1",
    fix: "end <!--[if …]> with <![endif]-->, and <!--[if …]><!--> with <!--<![endif]-->",
    run: ({ source }) =>
      conditionalFaults(source)
        .slice(0, 3)
        .map(({ line, message }) => ({
          message: `A comment for Outlook ${message}`,
          at: [{ line }],
        })),
  }),
  htmlRule({
    id: "css-size",
    severity: "warning",
    what: "The style sheets are under 16 KB together, which is what Gmail reads",
    source: "https://github.com/hteumeuleu/email-bugs/issues/90: Gmail",
    fix: "remove unused rules",
    run: (html) => {
      const bytes = stylesOf(html)
        .sheets.map(({ element }) => element.end - element.start)
        .reduce((total, number) => total + number, 0);
      return bytes <= MOST_CSS_BYTES
        ? []
        : `The style sheets are ${(bytes / 1024).toFixed(1)} KB, and Gmail drops the part beyond 16 KB`;
    },
  }),
  htmlRule({
    id: "css-nested-at",
    severity: "warning",
    what: "No at-rule is inside another one, because Gmail would drop the style sheet",
    source: "https://www.caniemail.com/features/css-at-media/",
    fix: 'move the inner rule out, or join the conditions with "and" in one @media rule',
    run: (html) =>
      faultAt(
        sheetsOf(html).flatMap(({ atRules }) => atRules.filter(({ within }) => within.length > 0)),
        (count) => `${plural(count, "at-rule is", "at-rules are")} inside another one`,
      ),
  }),
  htmlRule({
    id: "css-syntax",
    severity: "warning",
    what: "The style sheets are valid CSS: Gmail drops one with an error",
    source: "CSS Syntax 3 §2.2; https://www.caniemail.com/features/html-style/",
    fix: "look for a missing bracket or semicolon there",
    run: (html) => {
      const faults = sheetsOf(html).flatMap((sheet) => sheet.faults);
      const [first] = faults;
      return first ? faultAt(faults, `This is not CSS: ${quoted(first.text)}`) : [];
    },
  }),
  htmlRule({
    id: "outside-styles",
    severity: "warning",
    what: "All styles are in the message: webmail fetches none",
    source: "https://www.caniemail.com/features/html-link/, /css-at-import/",
    fix: "put the styles into <style> and into the elements",
    run: (html) => {
      const links = named(html, "link").filter((link) =>
        /\bstylesheet\b/i.test(attribute(link, "rel")),
      );
      const imports = sheetsOf(html).flatMap(({ atRules }) =>
        atRules.filter(({ name }) => name === "import"),
      );
      const at = [...links, ...imports];
      const preludes = imports.map(({ prelude }) => prelude);
      if (at.length === fontCount(links, preludes)) return [];
      return faultAt(at, "Styles are fetched from elsewhere", {
        features: [
          ...(links.length > 0 ? ["html-link"] : []),
          ...(imports.length > 0 ? ["css-at-import"] : []),
        ],
      });
    },
  }),
  htmlRule({
    id: "webmail-drops",
    severity: "error",
    what: "No content is in an element that webmail removes",
    source: "https://www.caniemail.com: elements that Gmail, Outlook.com and Yahoo remove",
    fix: "write it in plain HTML, outside of these elements",
    run: (html) => {
      const dropped = named(html, ...DROPPED).filter((element) => holdsSomething(element, html));
      const names = [...new Set(dropped.map(({ name }) => `<${name}>`))].join(", ");
      return faultAt(dropped, `Webmail drops ${names}, and what stands in it`);
    },
  }),
];

/** Elements that webmail removes with their content. The title in the head is no part of the page. */
const DROPPED =
  "script iframe frameset object embed applet svg math canvas noembed noscript template dialog".split(
    " ",
  );

function holdsSomething(element: MailElement, html: HtmlDocument): boolean {
  if (element.name === "script" || element.name === "iframe") return true;
  if (element.name === "embed" || element.name === "object") return true;
  const isInHead = named(html, "head").some((head) => element.index <= head.lastIndex);
  return !isInHead && (element.name === "svg" || textOf(element) !== "");
}

function sheetsOf(html: HtmlDocument) {
  return stylesOf(html).sheets.map(({ sheet }) => sheet);
}

/** Fonts have a rule of their own. */
function fontCount(links: readonly MailElement[], imports: readonly string[]): number {
  const addresses = [...links.map((link) => attribute(link, "href")), ...imports];
  return addresses.filter((address) => /\bfonts?\b/i.test(address)).length;
}

/** A fault in the comments that only Outlook reads. */
interface ConditionalFault {
  readonly line: number;
  readonly message: string;
}

/**
 * Finds faults in the conditional comments of a page (MS-CONDCOM): `<!--[if mso]>…<![endif]-->` hides its content from all
 * programs except Outlook, `<!--[if !mso]><!-->…<!--<![endif]-->` only from Outlook.
 */
function conditionalFaults(source: string): ConditionalFault[] {
  const faults: ConditionalFault[] = [];
  const open: { readonly kind: "hidden" | "revealed"; readonly at: number }[] = [];
  const say = (at: number, message: string) =>
    faults.push({ line: source.slice(0, at).split("\n").length, message });
  for (const { 0: mark, index } of source.matchAll(MARKS)) {
    const inner = open.at(-1);
    if (/^<!--\[if/i.test(mark) || /^<!\[if/i.test(mark)) {
      const isRevealed = !mark.startsWith("<!--[") || /(?:<!-->|-->|--!?>)$/.test(mark);
      if (inner?.kind === "hidden") say(index, "begins inside another one and ends it");
      else open.push({ kind: isRevealed ? "revealed" : "hidden", at: index });
    } else if (!inner) say(index, "ends although none is open");
    else {
      open.pop();
      if (inner.kind === "hidden" && !mark.endsWith("-->")) say(index, "does not end in -->");
    }
  }
  for (const { at } of open)
    say(at, "never ends: Outlook hides everything after it, or other programs show its content");
  return faults;
}

const MARKS =
  /<!--\[if[^\]]*\]>(?:\s*(?:<!-->|-->))?|<!\[if[^\]]*\]>|(?:<!--\s*)?<!\[endif\](?:\s*--)?>/gi;
