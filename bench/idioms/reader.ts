import { boilerplateOf } from "../../src/article/boilerplate.ts";
import { isNameLine, namesInByline } from "../../src/article/byline.ts";
import { captionOf } from "../../src/article/caption.ts";
import { parseDate } from "../../src/article/dates.ts";
import { detectLanguage } from "../../src/article/detect-language.ts";
import { readArticle } from "../../src/article/read-articles.ts";
import boilerplate from "./boilerplate.json" with { type: "json" };
import bylines from "./bylines.json" with { type: "json" };
import captions from "./captions.json" with { type: "json" };
import datelines from "./datelines.json" with { type: "json" };
import { isSame, judged, type Tables } from "./judged-rows.ts";
import languages from "./languages.json" with { type: "json" };
import storyBylines from "./story-bylines.json" with { type: "json" };
import writtenDates from "./written-dates.json" with { type: "json" };

/** The tables of what a reader finds in the lines around a story. */
export const READER_TABLES = {
  boilerplate: () => judged(boilerplate, ({ text, kind }) => boilerplateOf(text) === kind),
  bylines: () =>
    judged(bylines, ({ text, names, isName }) =>
      names === undefined ? isNameLine(text) === isName : isSame(namesInByline(text), names),
    ),
  captions: () =>
    judged(captions, ({ text, caption, credit }) => {
      const found = captionOf(text);
      return found?.text === caption && found?.credit === credit;
    }),
  datelines: () =>
    judged(datelines, ({ text, isDateline }) => {
      const read = readText(
        `The ferry that waits\n\n${text}${isDateline ? "" : " "}${REST}\n\n${MORE}\n`,
      );
      if (!isDateline) return read.text.includes(text);
      return (
        read.text === `${REST}\n\n${MORE}` &&
        read.html.startsWith("<p>The ferry waits") &&
        read.dropped.some(
          (dropped) => dropped.text === text.trim() && dropped.reason === "the dateline",
        )
      );
    }),
  languages: () =>
    judged(
      languages,
      ({ text, language, newsletter }) => detectLanguage(text, newsletter) === language,
    ),
  "story-bylines": () =>
    judged(storyBylines, ({ language, byline, text, author }) => {
      const read = readText(`${byline}\n\n${text}\n\n${text}`);
      const { authors } = read;
      return (
        isSame(authors, [author]) &&
        read.language === language &&
        read.text === `${text}\n\n${text}`
      );
    }),
  "written-dates": () =>
    judged(writtenDates, ({ text, iso, zone }) => parseDate(text, zone ? "Z" : undefined) === iso),
} satisfies Tables;

const REST =
  "The ferry waits for the post van on the quay each day of the year, as it has always done.";
const MORE = "Its captain has done so for nineteen years, though the timetable says nothing of it.";

function readText(body: string) {
  return readArticle({ format: "text", location: "a.txt", body });
}
