import * as z from "zod";
import { type Digest, type Entry, flatEntries, idOf } from "../digest/digest.ts";
import { activeOperations } from "../digest/operations/history.ts";
import {
  type Change,
  isUndo,
  type NewLine,
  newLineSchema,
  type Operation,
} from "../digest/operations/operation.ts";
import { oneLine } from "../platform/text.ts";
import { BroadsheetError } from "../errors.ts";

/** What a page sends: the changes of one step. */
export const changesSchema = z.array(newLineSchema).min(1).max(10);

/** A change to what another page has changed since this one showed it. */
export class StaleEdit extends Error {}

/** The fields that the page shows an editor for, and the kicker, which it takes out. */
const FIELDS = new Set(["subject", "preheader", "summary.gist", "keyPoint", "article.kicker"]);

/**
 * The changes that a page sends, checked against the digest as it is now.
 * @throws StaleEdit where the words that they replace are others by now; BroadsheetError DIGEST_INVALID for a story that
 * isn't there, and for a subject or gist without words.
 */
export function checkedChanges(
  digest: Digest,
  changes: readonly NewLine[],
  operations: readonly Operation[],
): NewLine[] {
  const active = new Set(activeOperations(operations).map(({ n }) => n));
  return changes.map((change) => {
    if (!isUndo(change)) return checkedChange(digest, change);
    // Another page has taken them back already.
    if (!change.undoes.every((n) => active.has(n))) throw new StaleEdit();
    return change;
  });
}

function checkedChange(digest: Digest, change: Change): Change {
  const { op, id, field } = change;
  const isSet = field !== undefined && op !== "accept";
  if (isSet && !FIELDS.has(field)) throw refused("the page can't change that");
  if (field === "subject" || field === "preheader") return checkedLine(digest, change, field);
  const entries = flatEntries(digest);
  const isArticle = ({ alsoIn = [] }: Entry) =>
    alsoIn.some((one) => one.reading === id || one.id === id);
  const entry = entries.find((one) => isNamed(one, id));
  if (op === "part" || (op === "accept" && !entry)) {
    if (!entries.some(isArticle)) throw refused("there is no such article in that story");
    return change;
  }
  if (!entry) throw refused("there is no such story");
  if (op === "join" && !entries.some((one) => one !== entry && isNamed(one, change.value)))
    throw refused("there are no two such stories to join");
  const named = { ...change, id: idOf(entry) };
  return isSet && field !== "article.kicker" ? checkedSentence(entry, named, field) : named;
}

/** Of an issue of an older version the page knows only the articles. */
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
  const stands = oneLine(entry.article.text.slice(given.start ?? 0, given.end ?? 0)) === text;
  return { ...change, value: stands ? { ...given, text } : placed(text, entry) };
}

const sentenceSchema = z.strictObject({
  text: z.string().max(2_000),
  start: z.int().nonnegative().exactOptional(),
  end: z.int().nonnegative().exactOptional(),
});

/** Words of the editor's own stand nowhere in the article; those that do are placed there. */
function placed(text: string, { article }: Entry) {
  const start = article.text.indexOf(text);
  return start < 0 ? { text } : { text, start, end: start + text.length };
}

function refused(what: string): BroadsheetError {
  return new BroadsheetError("DIGEST_INVALID", what, { fix: "change it in another way" });
}
