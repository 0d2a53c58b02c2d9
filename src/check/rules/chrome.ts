import { countCharacters, columnsOf, folded } from "../../platform/text.ts";
import { linksOf, isUnsubscribe, preheaderOf, visibleText } from "../content.ts";
import type { HtmlDocument } from "../html-document.ts";
import { quoted, faultAt, htmlRule, NothingToCheck, type Rule } from "../rule.ts";

/** Inboxes show 40 characters of a preheader on a phone, and up to 130 on a desktop. */
const LEAST_PREHEADER = 40;
const MOST_PREHEADER = 130;

/** With fewer characters in total, the beginning of the message is visible after the preheader. */
const LEAST_PADDED = 140;

/** Rules for the parts of an email around its stories. */
export const CHROME_RULES: readonly Rule[] = [
  htmlRule({
    id: "preheader",
    severity: "warning",
    what: "A hidden text of 40 to 130 characters continues the subject and does not repeat the subject",
    source: "Litmus, The Ultimate Guide to Preview Text; Gmail and Apple Mail show it",
    fix: "write one line that makes people open it: preheader in digest.json, or --preheader",
    run: (html, { subject }) => {
      const { text, element, next } = preheaderOf(html);
      const at = element ? [element] : [];
      if (text === "")
        return next === "" ? [] : `There is no preheader: inboxes show ${quoted(next)}`;
      if (subject !== undefined && folded(text) === folded(subject))
        return faultAt(at, "The preheader only repeats the subject");
      const length = lengthOf(text);
      if (length >= LEAST_PREHEADER && length <= MOST_PREHEADER) return [];
      const room = length < LEAST_PREHEADER ? "have room for more" : `show ${MOST_PREHEADER}`;
      return faultAt(at, `The preheader has ${length} characters, and inboxes ${room}`, {
        severity: "info",
      });
    },
  }),
  htmlRule({
    id: "preheader-padding",
    severity: "warning",
    what: "After the preheader come characters without width, so that nothing else shows in the inbox",
    source: "Litmus, The Little Known Preview Text Hack",
    fix: "let &#847; and &#8199; follow it, some fifty times",
    run: (html) => {
      const { text, element, padding, next } = preheaderOf(html);
      if (text === "") return new NothingToCheck("there is no preheader");
      if (lengthOf(text) + padding >= LEAST_PADDED || next === "") return [];
      return faultAt(
        element ? [element] : [],
        `After the preheader the inbox shows ${quoted(next)}`,
      );
    },
  }),
  htmlRule({
    id: "unsubscribe-link",
    severity: "error",
    what: "There is a link to unsubscribe",
    source:
      "CAN-SPAM Act 15 U.S.C. §7704(a)(3); GDPR Art. 7(3); Gmail and Yahoo, sender guidelines",
    fix: "put {{slots.unsubscribeUrl}} into the footer of the template",
    run: (html, { promises }) => {
      const message = "There is no link to unsubscribe";
      if (promises) return leadsTo(promises.unsubscribe, html) ? [] : message;
      if (linksOf(html).some(isUnsubscribe)) return [];
      const fix = "add one, unless it answers something that its reader did";
      return { message, fix, severity: "warning" };
    },
  }),
  htmlRule({
    id: "web-link",
    severity: "error",
    what: "There is a link to the issue on the web",
    source: "Email Markup Consortium; for readers whose client breaks it",
    fix: "put {{slots.webUrl}} into the template",
    run: (html, { promises }) => {
      if (!promises) return new NothingToCheck("only known for an issue");
      if (promises.web === undefined)
        return new NothingToCheck("urls.web is not set in the config");
      return leadsTo(promises.web, html) ? [] : "There is no link to the issue on the web";
    },
  }),
  htmlRule({
    id: "postal-address",
    severity: "error",
    what: "The sender's postal address is in the email",
    source: "CAN-SPAM Act 15 U.S.C. §7704(a)(5)",
    fix: "put {{publication.postalAddress}} into the footer of the template",
    run: (html, { content }) => {
      if (!content) return new NothingToCheck("only known for an issue");
      const { postalAddress: address } = content;
      if (address === undefined)
        return new NothingToCheck("postalAddress is not set in the config");
      return says(html, address) ? [] : `The postal address ${quoted(address)} is not in it`;
    },
  }),
  htmlRule({
    id: "reason",
    severity: "error",
    what: "The reason why the reader gets the email is in it",
    source: "RFC 2369 §4; GDPR Art. 14(2)(f); readers who forgot report spam",
    fix: "put {{publication.reason}} into the footer of the template",
    run: (html, { content }) => {
      if (!content) return new NothingToCheck("only known for an issue");
      return says(html, content.reason)
        ? []
        : "The reason why the reader gets the email is not in it";
    },
  }),
];

/** The width of a text in letters. An ideograph is as wide as two. */
function lengthOf(text: string): number {
  return Math.max(countCharacters(text), columnsOf(text));
}

function leadsTo(url: string, html: HtmlDocument): boolean {
  return linksOf(html).some(({ href, isShown }) => isShown && href === url);
}

function says(html: HtmlDocument, text: string): boolean {
  return folded(visibleText(html)).includes(folded(text));
}
