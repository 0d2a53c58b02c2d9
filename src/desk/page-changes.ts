import * as z from "zod";
import { type Digest, type Entry, flatEntries, idOf } from "../digest/digest.ts";
import { activeOperations } from "../digest/operations/history.ts";
import {
  type Change,
  fieldIn,
  isUndo,
  type NewLine,
  newLineSchema,
  type Operation,
} from "../digest/operations/operation.ts";
import { sectionKeys, targetOf, textOf } from "../digest/operations/apply.ts";
import type { EditedText } from "../preview/page-data.ts";
import { letterBlocks, withoutLost } from "../digest/letter-blocks.ts";
import { blockSource, readLetter } from "../article/markdown/letter.ts";
import { oneLine } from "../platform/text.ts";
import { BroadsheetError } from "../errors.ts";
import { MOST } from "../preview/page-data.ts";

/** The changes of one step, as a page sends them. */
export const changesSchema = z.array(newLineSchema).min(1).max(10);

/** The error for a change of a field that another page has changed meanwhile. */
export class StaleEdit extends Error {}

/** The fields of an issue and of a story that the page can set. */
const OF_ISSUE =
  /^(?:subject|preheader|layout|template|letter\.(?:blocks|signature)|modules\.[a-z]\w*)$/;
const OF_STORY =
  /^(?:heading|keyPoint|short|short\.headline|weight|picture\.alt|article\.(?:title|kicker|url|site|authors|images)|summary\.(?:gist|quote|people|timeline|figures))$/;
/** The fields that a button sets, whatever their value was. */
const BY_BUTTON = new Set(["layout", "template", "modules.contents", "weight", "short.headline"]);

/**
 * Checks the changes of a page against the current digest.
 * @throws StaleEdit if the words that they replace have changed; BroadsheetError DIGEST_INVALID for a missing story, and
 * for a subject or gist without words.
 */
export function checkedChanges(
  digest: Digest,
  changes: readonly NewLine[],
  operations: readonly Operation[],
): NewLine[] {
  const active = new Set(activeOperations(operations).map(({ n }) => n));
  return changes.flatMap((change) => {
    if (!isUndo(change)) return checkedChange(digest, change);
    // Another page has already undone them.
    if (!change.undoes.every((n) => active.has(n))) throw new StaleEdit();
    return change;
  });
}

function checkedChange(digest: Digest, change: Change): Change | Change[] {
  const { op, id, field } = change;
  const isSet = field !== undefined && op !== "accept";
  if (isSet && !(id === undefined ? OF_ISSUE : OF_STORY).test(field))
    throw refused("the page can't change that");
  if (field === "subject" || field === "preheader") return checkedLine(digest, change, field);
  if (isSet && field === "layout") return { ...change, value: layoutSchema.parse(change.value) };
  if (field === "letter.blocks") return checkedLetter(digest, change);
  if (isSet && id === undefined && BY_BUTTON.has(field)) return change;
  if (isSet && (id === undefined || field === "heading"))
    return checkedValue(id === undefined ? digest : sectionOf(digest, id), change);
  const entries = flatEntries(digest);
  const isArticle = ({ alsoIn = [] }: Entry) =>
    alsoIn.some((one) => one.reading === id || one.id === id);
  const entry = entries.find((one) => isNamed(one, id));
  const hasOther = entries.some((one) => one !== entry && isNamed(one, change.value));
  if (op === "part" || (op === "accept" && !entry)) {
    // Two stories that may be one are parted before they are joined.
    const isPairOfStories = op === "part" && entry && hasOther;
    if (!isPairOfStories && !entries.some(isArticle))
      throw refused("there is no such article in that story");
    return change;
  }
  if (!entry) throw refused("there is no such story");
  if (op === "join" && !hasOther) throw refused("there are no two such stories to join");
  const named = { ...change, id: idOf(entry) };
  if (field === "picture.alt") return checkedAlt(entry, named);
  if (field === "article.images") checkImages(change.value);
  if (!isSet || field === "article.images" || BY_BUTTON.has(field)) return named;
  const isSentence = field === "keyPoint" || field === "summary.gist";
  return isSentence ? checkedSentence(entry, named, field) : checkedValue(entry, named);
}

function isAddress(value: Change["value"]): boolean {
  return typeof value === "string" && /^https?:/i.test(value) && URL.canParse(value);
}

const layoutSchema = z
  .array(
    z.strictObject({ heading: z.string().max(200).transform(oneLine), ids: z.array(z.string()) }),
  )
  .min(1);

/** The alt text of the story's picture is a part of its images. */
function checkedAlt(entry: Entry, change: Change): Change {
  const [image] = entry.article.images;
  if (!image) throw refused("the story has no picture");
  const value = z.json().parse(JSON.parse(JSON.stringify([{ ...image, alt: change.value }])));
  checkImages(value);
  return { ...change, field: "article.images", value };
}

const imagesSchema = z.array(z.looseObject({ alt: z.string() })).max(1);

function checkImages(value: Change["value"]): void {
  const [image] = imagesSchema.parse(value);
  const { length } = image?.alt ?? "";
  if (length > MOST.alt)
    throw refused(
      `the alt text has ${length.toLocaleString("en")} characters, and a screen reader reads all of them`,
      `say it in ${MOST.alt} characters or fewer`,
    );
}

function sectionOf({ sections }: Digest, key: string): object {
  const section = sections[sectionKeys(sections).indexOf(key)];
  if (!section) throw new StaleEdit();
  return section;
}

/** Checks a change of a whole field. `was` is the value that the page showed. A removal by a button has neither. */
function checkedValue(within: object, change: Change): Change {
  const { field = "", value, was } = change;
  if (field === "article.url" && value !== undefined && !isAddress(value))
    throw refused("this is not a web address", "copy the whole one: it begins with https://");
  const now = fieldIn(within, field.split("."));
  const isByButton = value === undefined && was === undefined;
  if (!isByButton && JSON.stringify(was) !== JSON.stringify(now)) throw new StaleEdit();
  return change;
}

/**
 * Checks a change of the letter's blocks. The page sends the positions of kept blocks and the Markdown of new ones, and
 * `was` is the Markdown of all.
 */
function checkedLetter({ letter }: Digest, { value, was, ...change }: Change): Change[] {
  const before = letter ? letterBlocks(letter) : [];
  if (JSON.stringify(was) !== JSON.stringify(before.map(blockSource))) throw new StaleEdit();
  const blocks = z
    .array(z.union([z.int(), z.string().max(100_000)]))
    .parse(value)
    .flatMap((one) => (typeof one === "string" ? readLetter(one) : (before[one] ?? [])));
  const whole = withoutLost(blocks);
  if (!letter) return [{ ...change, field: "letter", value: { blocks: json(whole) } }];
  const isText = letter.text !== undefined;
  return [
    { ...change, value: json(whole) },
    ...(isText ? [{ op: "set" as const, field: "letter.text" }] : []),
  ];
}

function json(value: unknown) {
  return z.json().parse(JSON.parse(JSON.stringify(value)));
}

/** For an issue of an older version, the page knows only the ids of articles. */
function isNamed(entry: Entry, name: unknown): boolean {
  return idOf(entry) === name || entry.article.id === name;
}

function checkedLine(digest: Digest, change: Change, field: "subject" | "preheader"): Change {
  const { value, was } = change;
  const text = typeof value === "string" ? oneLine(value) : "";
  if (field === "subject" && text === "") throw refused("an issue can't go out without a subject");
  if (was !== undefined && was !== digest[field]) throw new StaleEdit();
  return { ...change, value: text };
}

function checkedSentence(entry: Entry, change: Change, field: string): Change {
  const { op, sentence, value, was } = change;
  const { gist, keyPoints } = entry.summary;
  const isPoint = field === "keyPoint";
  if (isPoint && op !== "add" && !keyPoints.some(({ text }) => text === sentence))
    throw new StaleEdit();
  if (!isPoint && was !== undefined && was !== gist.text) throw new StaleEdit();
  if (op === "remove") return change;
  const given = sentenceSchema.parse(value);
  const text = oneLine(given.text);
  if (text === "" && !isPoint) throw refused("a story needs a sentence that says what it is about");
  const isUnchanged = oneLine(entry.article.text.slice(given.start ?? 0, given.end ?? 0)) === text;
  return { ...change, value: isUnchanged ? { ...given, text } : placed(text, entry) };
}

const sentenceSchema = z.strictObject({
  text: z.string().max(2_000),
  start: z.int().nonnegative().exactOptional(),
  end: z.int().nonnegative().exactOptional(),
});

/** Adds the place in the article, if the article contains the text. The editor's own words have none. */
function placed(text: string, { article }: Entry) {
  const start = article.text.indexOf(text);
  return start < 0 ? { text } : { text, start, end: start + text.length };
}

/** Returns the texts that an editor has changed, with the operations to undo. */
export function editedTexts(operations: readonly Operation[]): EditedText[] {
  const changing = activeOperations(operations).filter(
    ({ op, field, why }) =>
      why === undefined && field !== undefined && (op === "set" || op === "add"),
  );
  return [...Map.groupBy(changing, targetOf).values()].map((lines) => {
    const { id = "", field = "", value } = lines.at(-1) ?? {};
    return { id, field, text: textOf(value), undoes: lines.map(({ n }) => n) };
  });
}

function refused(what: string, fix = "undo the change, or make another one"): BroadsheetError {
  return new BroadsheetError("DIGEST_INVALID", what, { fix });
}
