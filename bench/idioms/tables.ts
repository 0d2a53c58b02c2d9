import { leansOnContext } from "../../src/summary/anaphora/anaphora.ts";
import type { Candidate } from "../../src/summary/candidate.ts";
import { documentOf } from "../../src/summary/document.ts";
import { eventDatesIn } from "../../src/summary/facts/event-dates.ts";
import { figuresOf } from "../../src/summary/facts/figures.ts";
import { timelineOf } from "../../src/summary/facts/timeline.ts";
import { numbersIn } from "../../src/summary/facts/numbers.ts";
import { quotesIn } from "../../src/summary/pull-quote.ts";
import { unfaithfulness } from "../../src/summary/faithfulness/faithfulness.ts";
import { lexiconOf } from "../../src/summary/language/lexicon.ts";
import { apostropheQuotationsOf, quotationsOf } from "../../src/summary/language/quotations.ts";
import { splitSentences } from "../../src/summary/language/segments.ts";
import { summarize } from "../../src/summary/summarize.ts";
import { editedSentence, type Summary } from "../../src/summary/summary.ts";
import { BARE_ENTRY, bareArticle, EVERY_FACT } from "../bare-article.ts";
import antecedents from "./antecedents.json" with { type: "json" };
import dates from "./dates.json" with { type: "json" };
import denials from "./denials.json" with { type: "json" };
import faithfulness from "./faithfulness.json" with { type: "json" };
import figures from "./figures.json" with { type: "json" };
import gists from "./gists.json" with { type: "json" };
import headlines from "./headlines.json" with { type: "json" };
import introductions from "./introductions.json" with { type: "json" };
import { ISSUE_TABLES } from "./issue.ts";
import { isSame, judged, type Tables } from "./judged-rows.ts";
import leaning from "./leaning.json" with { type: "json" };
import liveBlogs from "./live-blogs.json" with { type: "json" };
import numbers from "./numbers.json" with { type: "json" };
import people from "./people.json" with { type: "json" };
import quotationMarks from "./quotation-marks.json" with { type: "json" };
import quotations from "./quotations.json" with { type: "json" };
import { READER_TABLES } from "./reader.ts";
import refusals from "./refusals.json" with { type: "json" };
import sentences from "./sentences.json" with { type: "json" };
import timelines from "./timelines.json" with { type: "json" };
import told from "./told.json" with { type: "json" };

/** Every table by its name. */
export const TABLES: Tables = {
  ...READER_TABLES,
  ...ISSUE_TABLES,
  antecedents: () =>
    judged(antecedents, ({ text, language, shown }) => {
      const candidate = lastOf(text, language);
      const told = candidate ? editedSentence(text, candidate, candidate.additions).text : "";
      return shown === undefined ? !told.includes("[") : told === shown;
    }),
  dates: () =>
    judged(dates, ({ text, language, publishedAt, dates }) =>
      isSame(
        eventDatesIn(text, language, publishedAt).map(({ when, iso }) => ({ when, iso })),
        dates,
      ),
    ),
  denials: () =>
    judged(denials, (row) => {
      const summary = summarize(article(row));
      const alone = linesOf(summary).filter(
        (line) => line.includes(row.claim) && !row.denials.some((denial) => line.includes(denial)),
      );
      return alone.length === 0 && summary.gist.start !== undefined;
    }),
  faithfulness: () =>
    faithfulness.flatMap((story) => {
      const source = article(story);
      return story.sentences.map(({ sentence, fault }) => {
        const kind = unfaithfulness(sentence, source)?.kind;
        const isRight = fault === "any" ? kind !== undefined : kind === fault;
        return { language: story.language, text: sentence, isRight };
      });
    }),
  figures: () =>
    judged(figures, (row) => {
      const source = article(row);
      return isSame(
        figuresOf(source, documentOf(source), BARE_ENTRY).map(({ value, unit, what }) => ({
          value,
          unit,
          what,
        })),
        row.figures,
      );
    }),
  gists: () => judged(gists, (row) => summarize(article(row)).gist.text === row.gist),
  headlines: () =>
    headlines.flatMap(({ language, lead, rest, titles }) =>
      titles.map((title) => {
        const { gist } = summarize(article({ language, title, text: `${lead} ${rest}` }));
        return { language, text: title, isRight: gist.text === lead };
      }),
    ),
  introductions: () =>
    judged(introductions, ({ text, language, recalls, pointsBack }) => {
      const last = lastOf(text, language);
      if (recalls === undefined) return last?.pointsBack === pointsBack;
      return recalls === ""
        ? (last?.recalls ?? []).length === 0
        : last?.recalls.includes(recalls) === true;
    }),
  leaning: () =>
    leaning.map(({ language, sentence, leans }) => ({
      language,
      text: sentence,
      isRight: leansOnContext(sentence, lexiconOf(language), NAMES) === leans,
    })),
  "live-blogs": () =>
    judged(liveBlogs, (row) => {
      const summary = summarize(article(row));
      const told = linesOf(summary).join("\n");
      return summary.gist.start !== undefined && !row.chatter.some((words) => told.includes(words));
    }),
  numbers: () =>
    judged(numbers, ({ text, language, number, value, kind }) => {
      const [found, ...others] = numbersIn(text, language);
      const isRead = found?.text === number && found.values.includes(value);
      return isRead && others.length === 0 && isSame(found.kinds, [kind]);
    }),
  people: () =>
    judged(people, (row) => {
      const { known } = documentOf(article(row)).people;
      return isSame(
        known.map(({ name, role }) => ({ name, role })),
        row.people,
      );
    }),
  "quotation-marks": () =>
    judged(quotationMarks, ({ text, apostrophes, quoted }) => {
      const found = (apostrophes ? apostropheQuotationsOf : quotationsOf)(text);
      const told = found.map(({ start, end, isWhole }) => [text.slice(start, end), isWhole]);
      return isSame(told, quoted === undefined ? [] : [[quoted, true]]);
    }),
  quotations: () =>
    judged(quotations, ({ text, language, speaker, quotation }) => {
      const source = article({ language, text });
      const [{ quote } = {}] = quotesIn(source, documentOf(source), BARE_ENTRY);
      return (
        quote?.speaker === speaker &&
        (quotation === undefined || quote?.text === quotation) &&
        (speaker !== undefined || quote === undefined)
      );
    }),
  refusals: () =>
    refusals.map(({ language, sentence, refusal, after }) => {
      const text = after ? `${PLAIN}\n\n${sentence}` : sentence;
      const found = documentOf(article({ language, text })).candidates.map(
        ({ refusal }) => refusal,
      );
      return {
        language,
        text: sentence,
        isRight: isSame(found, after ? [undefined, refusal] : [refusal]),
      };
    }),
  sentences: () =>
    judged(sentences, ({ text: marked, language }) => {
      const text = marked.replaceAll("¦", "");
      const found = splitSentences(text, language).map(({ start, end }) => text.slice(start, end));
      return isSame(
        found,
        marked.split("¦").map((sentence) => sentence.trim()),
      );
    }),
  timelines: () =>
    judged(timelines, (row) => {
      const source = article(row);
      // Each text has this event too, since one event alone is no timeline.
      const events = timelineOf(source, documentOf(source), BARE_ENTRY, EVERY_FACT).filter(
        ({ when }) => !/1850/.test(when),
      );
      const isRight = isSame(
        events.map(({ when }) => when),
        row.events,
      );
      return (
        isRight &&
        (!row.lines ||
          isSame(
            events.map(({ sentence }) => sentence.text),
            row.lines,
          ))
      );
    }),
  told: () =>
    judged(told, (row) => {
      const { gist, keyPoints } = summarize(article(row));
      const lines = [gist, ...keyPoints].map((line) => line.text);
      const all = lines.join(" ");
      return (
        lines.length === (row.count ?? row.lines?.length ?? lines.length) &&
        (row.lines === undefined || isSame(lines, row.lines)) &&
        (row.with ?? []).every((words) => all.includes(words)) &&
        !(row.without ?? []).some((words) => all.includes(words))
      );
    }),
};

/** Names that the sentences of the table of leaning sentences may use without an introduction. */
const NAMES = new Set(["pell", "porthmoor", "reil"]);
/** A sentence that nothing refuses. */
const PLAIN = "The ferry left the quay at nine in the evening.";

function article({
  language,
  text,
  title = "",
  publishedAt,
}: {
  language: string;
  text: string;
  title?: string;
  publishedAt?: string;
}) {
  const dated = publishedAt !== undefined && { publishedAt };
  return bareArticle({ id: "a1", language, text, title, ...dated });
}

function lastOf(text: string, language: string): Candidate | undefined {
  return documentOf(article({ language, text })).candidates.at(-1);
}

/** All that a reader is told, line by line. */
function linesOf({ gist, keyPoints, quote, timeline, figures }: Summary): readonly string[] {
  const told = [gist, ...keyPoints, ...timeline.map(({ sentence }) => sentence)];
  return [
    ...told.map(({ text }) => text),
    ...(quote ? [quote.text] : []),
    ...figures.map(({ value, what }) => `${value} ${what}`),
  ];
}
