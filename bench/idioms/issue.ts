import { readFileSync } from "node:fs";
import { checkEmail } from "../../src/check/check-email.ts";
import { parseHtml } from "../../src/check/html-document.ts";
import { tracesOf, usageOf } from "../../src/check/support/usage.ts";
import { wordPattern } from "../../src/config/sources.ts";
import { newsworthinessOf } from "../../src/digest/arrange/news-value.ts";
import { fittedHeadline, headlineForms } from "../../src/digest/copy/fit-copy.ts";
import type { Entry } from "../../src/digest/digest.ts";
import { composeSubject } from "../../src/digest/subject/compose-subject.ts";
import { parseTheme, slotsOf } from "../../src/email/theme.ts";
import { clustersOf } from "../../src/digest/stories/gather-stories.ts";
import { otherEvent } from "../../src/digest/stories/other-event.ts";
import { traitsOf } from "../../src/digest/stories/traits.ts";
import { sampleAddresses } from "../../src/review/samples.ts";
import { bareArticle } from "../bare-article.ts";
import { judged, type Tables } from "./judged-rows.ts";
import linkWords from "./link-words.json" with { type: "json" };
import mailFeatures from "./mail-features.json" with { type: "json" };
import news from "./news.json" with { type: "json" };
import otherEvents from "./other-events.json" with { type: "json" };
import placeholders from "./placeholders.json" with { type: "json" };
import postalAddresses from "./postal-addresses.json" with { type: "json" };
import shortHeadlines from "./short-headlines.json" with { type: "json" };
import subjects from "./subjects.json" with { type: "json" };
import wordPatterns from "./word-patterns.json" with { type: "json" };

/** The tables of what a digest makes of its stories, and of what is found in a mail. */
export const ISSUE_TABLES = {
  "link-words": () =>
    judged(linkWords, ({ text }) =>
      isFound("link-text", `<a href="https://a.example/">${text} →</a>`),
    ),
  "mail-features": () =>
    judged(mailFeatures, ({ text, feature }) => {
      const used = usageOf(parseHtml(text));
      return tracesOf(feature).some((trace) => used.has(trace));
    }),
  news: () =>
    judged(news, (row) => {
      const worth = newsworthinessOf(bareArticle({ id: "a1", ...row }));
      return row.isNews ? worth > 0.6 : worth < 0.3;
    }),
  "other-events": () =>
    otherEvents.map(({ language, other, pair }) => {
      const articles = pair.map(({ title, text, paper }) => {
        const url = `https://${paper.toLowerCase().replace(" ", "-")}.example/${encodeURIComponent(title)}`;
        return {
          ...bareArticle({ id: "", language, title, text }),
          id: url,
          url,
          site: paper,
          publishedAt: "2018-11-20",
        };
      });
      const [a, b] = articles.map(traitsOf);
      if (!a || !b) throw new Error("a pair has two articles");
      const isFound = otherEvent(a, b) === other && otherEvent(b, a) === other;
      const isParted = other === undefined || clustersOf(articles).length === 2;
      return {
        language,
        text: pair.map(({ title }) => title).join(" | "),
        isRight: isFound && isParted,
      };
    }),
  placeholders: () =>
    judged(placeholders, ({ text, isTemplate }) => {
      return isFound("placeholder-copy", `<ul><li>${text}</li></ul>`) === isTemplate;
    }),
  "postal-addresses": () =>
    judged(postalAddresses, ({ text, isSample }) => {
      return sampleAddresses({ senders: [], postalAddress: text }).length === (isSample ? 1 : 0);
    }),
  "short-headlines": () => {
    const theme = readFileSync(new URL("../../templates/theme.json", import.meta.url), "utf8");
    const slots = slotsOf(parseTheme(theme, "theme.json"));
    return judged(shortHeadlines, ({ text, language, shown, broken }) => {
      const story = entry({ language, title: text });
      if (broken !== undefined) return !headlineForms(story).some((form) => form.endsWith(broken));
      const fitted = fittedHeadline(story, slots, "pair-headline");
      return fitted.text === shown && fitted.fits === (shown !== text);
    });
  },
  subjects: () =>
    judged(subjects, ({ text, language, gist, subject, confidence, broken }) => {
      const composed = composeSubject(entry({ language, title: text, gist }));
      if (broken !== undefined) return !composed.text.endsWith(broken);
      const isSure = confidence === undefined || composed.confidence === confidence;
      return composed.text === subject && isSure;
    }),
  "word-patterns": () =>
    judged(wordPatterns, ({ text, pattern, isFound }) => wordPattern(pattern)(text) === isFound),
} satisfies Tables;

/** A story of which only these are known. */
function entry({ gist = "", ...row }: { language: string; title: string; gist?: string }): Entry {
  return {
    article: bareArticle({ id: "a1", ...row, text: gist }),
    summary: {
      articleId: "a1",
      gist: { text: gist },
      keyPoints: [],
      people: [],
      timeline: [],
      figures: [],
      minutes: 1,
      origin: "extract",
    },
  };
}

/** Whether a rule finds something in the HTML of a mail. */
function isFound(rule: string, body: string): boolean {
  const html = parseHtml(`<html lang="en"><body>${body}</body></html>`);
  return checkEmail({ target: "mail.html", html }).findings.some(
    (finding) => finding.rule === rule,
  );
}
