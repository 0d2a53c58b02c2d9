import {
  quoted,
  type Fault,
  faultAt,
  plural,
  htmlRule,
  type Rule,
  type RuleFacts,
} from "../rule.ts";
import type { Severity } from "../finding.ts";
import { computedInLight } from "../css/computed.ts";
import {
  isVague,
  linkFaultOf,
  type LinkFault,
  type MailLink,
  linksOf,
  nameOf,
} from "../content.ts";
import {
  type HtmlDocument,
  inside,
  type MailElement,
  outwards,
  ownText,
} from "../html-document.ts";

const SAYS: Readonly<Record<LinkFault, readonly [one: string, many: string]>> = {
  script: ["would run a script or open a file", "would run a script or open a file"],
  credentials: ["shows a user name or a password", "show a user name or a password"],
  local: [
    "leads to an address that readers can't reach",
    "lead to addresses that readers can't reach",
  ],
  reserved: ["leads to a name that exists only in tests", "lead to names that exist only in tests"],
  nowhere: ["leads nowhere", "lead nowhere"],
  broken: ["has an incomplete address", "have incomplete addresses"],
  insecure: ["is http", "are http"],
};

/** Rules for the addresses of links and their words. */
export const LINK_RULES: readonly Rule[] = [
  targetRule("script", {
    id: "link-script",
    severity: "error",
    what: "No link runs a script or opens a file: mail programs drop it, and some the whole message",
    source: "https://www.caniemail.com; Gmail, Attachments and links",
    fix: "link to an https address",
  }),
  targetRule("credentials", {
    id: "link-credentials",
    severity: "error",
    what: "No address contains a user name or a password, which every reader would see",
    source: "RFC 3986 §3.2.1, §7.5",
    fix: "remove the part before the @ from the address",
  }),
  targetRule("local", {
    id: "link-local",
    severity: "error",
    what: "No address is valid only on this machine or network",
    source: "RFC 6761 §6.3, RFC 1918",
    fix: "write an address that readers can reach",
  }),
  targetRule("reserved", {
    id: "link-test",
    severity: "error",
    what: "No address is reserved for tests: .test, .invalid",
    source: "RFC 2606 §2",
    fix: "write an address that readers can reach",
  }),
  htmlRule({
    id: "link-example",
    severity: "info",
    what: "No address is reserved for examples: .example, example.com",
    source: "RFC 2606 §2, §3",
    fix: "write an address that readers can reach, unless it is meant as an example",
    run: (html) => {
      const examples = linksOf(html).filter(({ href }) =>
        EXAMPLE.test(URL.parse(href)?.host ?? ""),
      );
      const hosts = [...new Set(examples.map(({ href }) => URL.parse(href)?.hostname ?? ""))];
      const names = hosts.slice(0, 3).join(", ");
      return faultAt(
        examples.map(elementOf),
        (count) =>
          `${plural(count, "link leads", "links lead")} to an example address: ${names}${hosts.length > 3 ? " and others" : ""}`,
      );
    },
  }),
  targetRule("nowhere", {
    id: "link-nowhere",
    severity: "error",
    what: "Every link leads somewhere",
    source: "WCAG 2.2 §2.4.4",
    fix: "add the address, or remove the link",
  }),
  targetRule("broken", {
    id: "link-broken",
    severity: "error",
    what: "Every address is complete, with scheme and host",
    source: "URL §4.4: a message has no base address",
    fix: "write the whole address: https://…",
  }),
  htmlRule({
    id: "link-insecure",
    severity: "warning",
    what: "Every link uses https. A link to the site of a story may use http, with a note",
    source: "RFC 9110 §4.2.2; spam filters count against http",
    fix: "write https if the site supports it",
    run: (html, { content }) => {
      const wrong = Map.groupBy(withFault("insecure", html), ({ href }) => {
        return content?.links.has(href) ?? false;
      });
      return [
        ...targetFault("insecure", wrong.get(false)),
        ...targetFault("insecure", wrong.get(true), "info"),
      ];
    },
  }),
  htmlRule({
    id: "link-name",
    severity: "error",
    what: "Every link has a text, or a picture with one",
    source: "WCAG 2.2 §2.4.4, §4.1.2",
    fix: "name the target in the link, or in the alt of its picture",
    run: (html) =>
      faultAt(
        shown(html)
          .filter(({ name }) => !/[\p{L}\p{N}\p{S}]/u.test(name))
          .map(elementOf),
        (count) => `${plural(count, "link has", "links have")} no text`,
      ),
  }),
  htmlRule({
    id: "link-text",
    severity: "warning",
    what: "A link's text names its target, even without its context",
    source: "WCAG 2.2 §2.4.4, §2.4.9",
    fix: "name the story or the page in the link",
    run: (html) => {
      const vague = shown(html).filter(isVague);
      const says = [...new Set(vague.map(({ name }) => quoted(name)))].slice(0, 3).join(", ");
      return faultAt(
        vague.map(elementOf),
        (count) => `${plural(count, "link says", "links say")} only ${says}`,
      );
    },
  }),
  htmlRule({
    id: "link-underline",
    severity: "warning",
    what: "Links within a text are underlined, because not all readers can distinguish colours",
    source: "WCAG 2.2 §1.4.1",
    fix: "write text-decoration:underline into the link's style",
    run: (html) =>
      faultAt(
        shown(html)
          .map(elementOf)
          .filter((link) => isInText(link) && !isUnderlined(link, html)),
        (count) => `${plural(count, "link in a text is", "links in a text are")} not underlined`,
      ),
  }),
];

const EXAMPLE = /(?:^|\.)(?:example\.(?:com|net|org)|example)$/i;

/** Makes a rule for one fault of addresses. */
function targetRule(fault: LinkFault, facts: RuleFacts): Rule {
  return htmlRule({ ...facts, run: (html) => targetFault(fault, withFault(fault, html)) });
}

function withFault(fault: LinkFault, html: HtmlDocument): MailLink[] {
  return linksOf(html).filter(({ href }) => linkFaultOf(href) === fault);
}

function targetFault(
  fault: LinkFault,
  wrong: readonly MailLink[] = [],
  severity?: Severity,
): Fault[] {
  const [one, many] = SAYS[fault];
  const first = wrong[0] ? described(wrong[0]) : "";
  const message =
    wrong.length === 1
      ? `The link ${first} ${one}`
      : `${wrong.length} links ${many}, such as ${first}`;
  return faultAt(wrong.map(elementOf), message, severity ? { severity } : {});
}

/** The name of a link: its words, or its address if it has none. */
function described({ name, href }: MailLink): string {
  if (name !== "") return quoted(name);
  return href === "" ? "without a text" : quoted(href.replace(/\/\/[^/@]*@/, "//…@"));
}

function shown(html: HtmlDocument): MailLink[] {
  return linksOf(html).filter((link) => link.isShown && link.element.name === "a");
}

function elementOf({ element }: MailLink): MailElement {
  return element;
}

/** Elements inside a line of text. */
const INLINE: ReadonlySet<string> = new Set(
  "a abbr b bdi bdo cite code del dfn em font i ins kbd mark q s small span strike strong sub sup u var".split(
    " ",
  ),
);

/** Whether a link is surrounded by words of the same paragraph, so that only its look distinguishes it. */
function isInText(link: MailElement): boolean {
  const block = [...outwards(link)].find((element) => !INLINE.has(element.name));
  if (!block) return false;
  const around = inlineText(block);
  return (around.match(/\p{L}{2,}/gu)?.length ?? 0) >= 4;
}

/** The text of a block and of its inline elements, without links. */
function inlineText(element: MailElement): string {
  return element.children
    .map((child) => {
      if (typeof child === "string") return child;
      return INLINE.has(child.name) && child.name !== "a" ? inlineText(child) : " ";
    })
    .join("");
}

/** Whether the link or all of its content is underlined. A button has a background or a border instead. */
function isUnderlined(link: MailElement, html: HtmlDocument): boolean {
  const styles = computedInLight(html);
  const { declared, isUnderlined: isWhole } = styles.get(link) ?? {};
  const border = [...(declared ?? [])].some(([property, value]) => {
    return (
      property.startsWith("border") &&
      !/radius|collapse|spacing/.test(property) &&
      !/^(?:0|none)/.test(value)
    );
  });
  const ground = declared?.get("background-color") ?? "transparent";
  if (isWhole || border || ground !== "transparent") return true;
  const texts = inside(html, link).filter((element) => ownText(element).trim() !== "");
  if (texts.length === 0 || ownText(link).trim() !== "")
    return nameOf(link) !== "" && inside(html, link).some(({ name }) => name === "img");
  return texts.every((element) => styles.get(element)?.isUnderlined);
}
