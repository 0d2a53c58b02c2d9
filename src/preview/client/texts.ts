import type { Digest, Entry } from "../../digest/digest.ts";
import type { Change } from "../../digest/operations/operation.ts";
import { desk, type Text } from "./store.ts";
import { idOf } from "./stories.ts";
import names from "./texts.json" with { type: "json" };

const NAMES: Readonly<Record<string, string>> = names;

export function nameOf({ field }: Text): string {
  return NAMES[field.replace(/\.\+?\d*(?=\.|$)/g, "")] ?? field;
}

/** The fields of a new item that is typed in two lines. */
const PAIRS: Readonly<Record<string, readonly [string, string]>> = {
  "summary.quote": ["text", "speaker"],
  "summary.people": ["name", "role"],
  "summary.timeline": ["when", "sentence"],
  "summary.figures": ["value", "what"],
};

/** The label of the second line; empty if there is one line. */
export function secondLine({ field }: Text): string {
  const [whole = ""] = field.split(/\.?\+/);
  const second = field.includes("+") ? PAIRS[whole]?.[1] : undefined;
  return second === undefined ? "" : (NAMES[`${whole}.${second}`] ?? "");
}

/** Whether its source is Markdown with several lines. */
export function isBlock({ field }: Text): boolean {
  return field.startsWith("letter.blocks");
}

/** Whether it belongs to a list that an editor can reorder. */
export function isInOrder({ field }: Text): boolean {
  return /^(?:keyPoint|letter\.blocks)\.\d+$/.test(field);
}

/** The maximum number of characters of a text. */
export function mostOf({ field }: Text): number {
  if (isBlock({ id: "", field })) return 100_000;
  if (/^(?:keyPoint|summary\.gist)/.test(field)) return 2_000;
  return /subject|preheader|heading|kicker|title$/.test(field) ? 1_000 : 10_000;
}

export function indexOf({ field }: Text): number {
  return Number(/\.\+?(\d+)/.exec(field)?.[1] ?? 0);
}

/** The text that an edit changes. If a short headline or gist is missing, that is the longer text shown in its place. */
export function meantText(digest: Digest, { id, field }: Text): Text {
  const entry = entryOf(digest, id);
  if (field === "short.headline" && entry?.short?.headline === undefined)
    return meantText(digest, { id, field: "article.title" });
  const isGist = field === "short.gist" && entry?.short?.gist === undefined;
  const isBare = field === "article.title" && entry?.article.title === "";
  return { id, field: isGist || isBare ? "summary.gist" : field };
}

function entryOf({ sections }: Digest, id: string): Entry | undefined {
  return sections.flatMap(({ entries }) => entries).find((entry) => idOf(entry) === id);
}

function sectionOf({ sections }: Digest, id: string) {
  return sections.find(({ entries }) => entries.some((entry) => idOf(entry) === id));
}

/** The field that contains a text, its parent object, and the names that lead from the field to the text. */
function placeOf(digest: Digest, { id, field }: Text) {
  const [first = "", second, ...rest] = field.split(".");
  const owner = field === "heading" ? sectionOf(digest, id) : entryOf(digest, id);
  const within: unknown = id === "" ? digest : owner;
  const isWhole = second === undefined || first === "short";
  const names = isWhole ? [first] : [first, second];
  return { names, rest: isWhole && second ? [second, ...rest] : rest, value: at(within, names) };
}

function at(value: unknown, names: readonly string[]): unknown {
  return names.reduce((inner, name) => (isRecord(inner) ? inner[name] : undefined), value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** The words of a text as an editor changes them; empty if it does not exist. */
export function wordsOf(digest: Digest, text: Text): string {
  if (isBlock(text))
    return text.field.includes("+") ? "" : (desk.value?.letter[indexOf(text)] ?? "");
  if (text.field.includes("+")) return "";
  if (text.field.startsWith("keyPoint."))
    return entryOf(digest, text.id)?.summary.keyPoints[indexOf(text)]?.text ?? "";
  const { rest, value } = placeOf(digest, text);
  const words = at(value, rest);
  const unit = rest.at(-1) === "value" ? at(value, [...rest.slice(0, -1), "unit"]) : undefined;
  if (Array.isArray(words)) return words.join(", ");
  const line = isRecord(words) ? words["text"] : words;
  return [line, unit].filter(Boolean).join(" ");
}

/** The text at its current place. The words of a key point identify it. */
export function textNow(digest: Digest, text: Text, before: string): Text {
  if (!/^keyPoint\.\d/.test(text.field)) return text;
  const points = entryOf(digest, text.id)?.summary.keyPoints ?? [];
  const place = points.findIndex((point) => point.text === before);
  return place < 0 ? text : { ...text, field: `keyPoint.${place}` };
}

/** The changes to send for an editor's words. */
export function changesOf(digest: Digest, text: Text, before: string, written: string): Change[] {
  const { id, field } = text;
  const words = isBlock(text) ? written.trim() : written.replace(/[^\S\n]+/g, " ").trim();
  const line = words.replace(/\s*\n\s*/g, " ");
  if (field === "subject" || field === "preheader")
    return [{ op: "set", field, value: line, was: before }];
  if (field === "summary.gist")
    return [{ op: "set", id, field, value: { text: line }, was: before }];
  if (field.startsWith("keyPoint.")) return [pointChange(digest, text, before, line)];
  if (isBlock(text)) return [blocksChange(text, words)];
  const { names, rest, value } = placeOf(digest, text);
  const next = field.includes("+") ? added(value, names, words) : replaced(value, rest, line);
  const own = field === "article.authors" ? line.split(/\s*,\s*/).filter(Boolean) : next;
  const whose = field === "heading" ? { id: keyOf(digest, id) } : id !== "" && { id };
  return [
    { op: "set", ...whose, field: names.join("."), ...json("value", own), ...json("was", value) },
  ];
}

function json(name: "value" | "was", value: unknown): Partial<Change> {
  return value === undefined ? {} : JSON.parse(JSON.stringify({ [name]: value }));
}

/** The key of a section: its heading, and the number of earlier sections with the same heading. */
function keyOf(digest: Digest, id: string): string {
  const section = sectionOf(digest, id);
  const before = digest.sections.slice(0, section && digest.sections.indexOf(section));
  return `${before.filter(({ heading }) => heading === section?.heading).length} ${section?.heading}`;
}

/** The change names the story by id and the key point by its words, because both may have moved when it is applied. */
function pointChange(digest: Digest, text: Text, before: string, words: string): Change {
  const point = { id: text.id, field: "keyPoint" };
  const points = entryOf(digest, text.id)?.summary.keyPoints.map((one) => one.text) ?? [];
  const isNew = text.field.includes("+");
  const place = isNew ? indexOf(text) : Math.max(0, points.indexOf(before));
  const after = points.slice(0, place).toReversed();
  if (isNew) return { op: "add", ...point, after, value: { text: words } };
  if (words === "") return { op: "remove", ...point, sentence: before };
  return { op: "set", ...point, sentence: before, after, value: { text: words } };
}

/** The blocks of the letter with one block changed. The page has their Markdown. */
function blocksChange(text: Text, words: string): Change {
  const isNew = text.field.includes("+");
  const own = words === "" ? [] : [words];
  return blocks((places) => places.toSpliced(indexOf(text), isNew ? 0 : 1, ...own));
}

function blocks(change: (places: readonly (number | string)[]) => (number | string)[]): Change {
  const was = desk.value?.letter ?? [];
  return { op: "set", field: "letter.blocks", value: change([...was.keys()]), was: [...was] };
}

/** Moves a key point or a block of the letter to the position of its neighbour. */
export function moveChanges(digest: Digest, text: Text, by: 1 | -1): Change[] {
  const from = indexOf(text);
  const to = from + by;
  if (isBlock(text)) {
    const isThere = to >= 0 && to < (desk.value?.letter.length ?? 0);
    return isThere ? [blocks((places) => places.toSpliced(from, 1).toSpliced(to, 0, from))] : [];
  }
  const points = entryOf(digest, text.id)?.summary.keyPoints ?? [];
  const point = points[from];
  if (!point || !points[to]) return [];
  const others = points.toSpliced(from, 1).map((one) => one.text);
  const place = { id: text.id, field: "keyPoint" };
  return [
    { op: "remove", ...place, sentence: point.text },
    { op: "add", ...place, after: others.slice(0, to).toReversed(), ...json("value", point) },
  ];
}

/** A list with a new item made of the two lines typed. */
function added(value: unknown, names: readonly string[], words: string): unknown {
  const [first = "", second = ""] = words.split(/\s*\n\s*/, 2);
  const [one, other] = PAIRS[names.join(".")] ?? ["text", "text"];
  const last = other === "sentence" ? { text: second } : second;
  const pair = { [one]: first, ...(second !== "" && { [other]: last }) };
  return Array.isArray(value) ? [...value, pair] : pair;
}

/** The fields without which an item is removed, such as the name of a person. */
const MAIN = new Set(["name", "when", "value", "text"]);

/** A value with the words at one place replaced; undefined if nothing remains. */
function replaced(value: unknown, [name, ...rest]: readonly string[], words: string): unknown {
  if (name === undefined) {
    if (isRecord(value)) return { text: words };
    return words === "" ? undefined : words;
  }
  if (Array.isArray(value)) {
    const next = replaced(value[Number(name)], rest, words);
    return value.toSpliced(Number(name), 1, ...(next === undefined ? [] : [next]));
  }
  const whole = isRecord(value) ? value : {};
  const next = replaced(whole[name], rest, words);
  if (next === undefined && MAIN.has(name) && !("url" in whole)) return undefined;
  const { start: _start, end: _end, cut: _cut, added: _added, sources: _sources, ...kept } = whole;
  const own = { ...(name === "text" ? kept : whole), [name]: next };
  return name === "value" ? withUnit(own, words) : own;
}

/** A figure and its unit are edited as one text. */
function withUnit({ unit, ...figure }: Record<string, unknown>, words: string) {
  const isKept = typeof unit === "string" && words.endsWith(` ${unit}`);
  return isKept
    ? { ...figure, value: words.slice(0, -unit.length - 1), unit }
    : { ...figure, value: words };
}

/** The texts of a story in the order of the email, followed by the texts that it could also have. */
export function textsOf(entry: Entry): Text[] {
  const { keyPoints, quote, timeline, figures, people } = entry.summary;
  const fields = [
    "article.kicker",
    "article.title",
    ...(entry.short?.headline ? ["short.headline"] : []),
    "summary.gist",
    ...(entry.short?.gist ? ["short.gist"] : []),
    "article.authors",
    ...eachOf("keyPoint", keyPoints, ""),
    `keyPoint.+${keyPoints.length}`,
    ...(quote ? ["summary.quote.text", "summary.quote.speaker"] : ["summary.quote.+"]),
    ...eachOf("summary.timeline", timeline, ".when", ".sentence"),
    "summary.timeline.+",
    ...eachOf("summary.figures", figures, ".value", ".what"),
    "summary.figures.+",
    ...eachOf("summary.people", people, ".name", ".role"),
    "summary.people.+",
    "article.site",
    "article.url",
  ];
  return fields.map((field) => ({ id: idOf(entry), field }));
}

function eachOf(name: string, list: readonly unknown[], ...fields: string[]): string[] {
  return list.flatMap((_, index) => fields.map((field) => `${name}.${index}${field}`));
}

/** The texts of the issue outside its stories. */
export function issueTexts({ letter, modules = {} }: Digest): Text[] {
  const modulesTexts = Object.keys(NAMES).filter((field) => {
    const [first, name = "", inner] = field.split(".");
    return first === "modules" && (inner === undefined || at(modules, [name]) !== undefined);
  });
  const blocks = [...(desk.value?.letter ?? []).keys()].map((index) => `letter.blocks.${index}`);
  const signature = letter ? ["letter.signature"] : [];
  const own = [...blocks, `letter.blocks.+${blocks.length}`, ...signature];
  return [...own, ...modulesTexts].map((field) => ({ id: "", field }));
}
