import { folded } from "../html/stories.ts";
import {
  attribute,
  type HtmlDocument,
  type MailElement,
  named,
  ownText,
  textOf,
} from "../html/mail-element.ts";
import { faultAt, htmlRule, type Rule } from "../rule.ts";

/** What stands around an email's words: language, direction, name, encoding, viewport. */
export const DOCUMENT_RULES: readonly Rule[] = [
  htmlRule({
    id: "language",
    severity: "error",
    what: "The email says its language on `html`, and again inside `body`, which is all that webmail keeps",
    source: "WCAG 2.2 §3.1.1",
    fix: 'write lang="en", or whatever it is, on <html> and on the outermost element in <body>',
    run: (html) => {
      const lang = languageOf(html.root);
      if (lang === "") return faultAt([html.root], "The email doesn't say which language it is in");
      if (!isLanguage(lang)) return faultAt([html.root], `lang="${lang}" is not a language`);
      const wrapper = wrapperOf(html);
      if (!wrapper || isLanguage(languageOf(wrapper))) return [];
      return faultAt([wrapper], "Only <html> says the language, and webmail drops <html>", {
        severity: "warning",
      });
    },
  }),
  htmlRule({
    id: "title",
    severity: "warning",
    what: "`title` is the subject",
    source: "WCAG 2.2 §2.4.2",
    fix: "write the subject into <title>",
    run: (html, { subject }) => {
      const [title] = named(html, "title");
      const text = title ? ownText(title).trim() : "";
      if (text === "") return faultAt([title ?? html.root], "The email has no <title>");
      if (subject === undefined || folded(text) === folded(subject)) return [];
      return faultAt(title ? [title] : [], `<title> says “${text}”, and the subject “${subject}”`);
    },
  }),
];

function languageOf(element: MailElement): string {
  return attribute(element, "lang") || attribute(element, "xml:lang");
}

/** BCP 47; `und` stands for a language that nobody knows, and tells a screen reader nothing. */
function isLanguage(lang: string): boolean {
  try {
    return Intl.getCanonicalLocales(lang).length === 1 && !/^(?:und|mul|zxx|mis)\b/i.test(lang);
  } catch {
    return false;
  }
}

/** The outermost element in `body` that says something. */
function wrapperOf(html: HtmlDocument): MailElement | undefined {
  const [body] = named(html, "body");
  return body?.children
    .filter((child) => typeof child !== "string")
    .find((child) => textOf(child) !== "");
}
