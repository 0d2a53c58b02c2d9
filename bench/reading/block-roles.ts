import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import * as z from "zod";
import { boundMarkup } from "../../src/article/page/bound-markup.ts";
import { blocksIn } from "../../src/article/page/blocks.ts";
import { parsePage } from "../../src/article/page/page-dom.ts";
import type { Folder, Sample } from "./corpus.ts";
import { pageF1 } from "./page-scores.ts";

/**
 * The roles of a page's blocks, as readers labelled them, in runs: "54B1T" is 54 blocks of boilerplate and a title. `hash` is that
 * of all blocks. If the page is now read into other blocks, the labels no longer fit and are not used.
 *
 * S story, T title, D standfirst, Y byline or date, C caption, X code or table, M comment, O other story, B other
 * boilerplate. ? if the two readers disagree.
 */
const labelled = z.object({
  folder: z.string(),
  id: z.string(),
  hash: z.string(),
  roles: z.string().regex(/^(?:\d+[STDYCXMOB?])+$/),
});

/** The blocks of a page as its labels count them. */
interface LabelledBlock {
  readonly text: string;
  readonly role: string;
}

const known = new Map(
  readFileSync(path.join(import.meta.dirname, "block-roles.ndjson"), "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => labelled.parse(JSON.parse(line)))
    .map((label) => [`${label.folder} ${label.id}`, label]),
);

/** The labelled blocks of a page; undefined if it has no labels that fit. */
function labelledBlocks({ folder, id, html }: Sample): LabelledBlock[] | undefined {
  const label = known.get(`${folder} ${id}`);
  if (!label) return undefined;
  const texts = blockTexts(html);
  if (hashOfBlocks(texts) !== label.hash) return undefined;
  const roles = [...label.roles.matchAll(/(\d+)(.)/g)].flatMap(([, times, role = ""]) =>
    Array.from({ length: Number(times) }, () => role),
  );
  return texts.map((text, at) => ({ text, role: roles[at] ?? "?" }));
}

function blockTexts(html: string): string[] {
  const { body } = parsePage(boundMarkup(html.toWellFormed()).html);
  return blocksIn(body).blocks.map(({ text }) => text);
}

function hashOfBlocks(texts: readonly string[]): string {
  return createHash("sha256").update(texts.join("\n\n")).digest("hex").slice(0, 12);
}

/** Standfirsts, tables and code may be printed or left out. The readers did not agree on the block with "?". */
const EITHER = /[DX?]/;
/** Pages with a shorter story are listings, forms and tests of single elements. */
const LEAST_CHARACTERS = 200;

/** Returns a function that gives the F1 of a page's text by its labels; undefined if there are none. */
export function scorerByRoles(sample: Sample): ((text: string) => number) | undefined {
  const blocks = labelledBlocks(sample);
  if (!blocks) return undefined;
  const story = blocks.flatMap(({ text, role }) => (role === "S" ? [text] : [])).join("\n\n");
  if (story.length <= LEAST_CHARACTERS) return undefined;
  const either = new Set(blocks.flatMap(({ text, role }) => (EITHER.test(role) ? [text] : [])));
  return (text) => {
    const lines = text.split(/\n+/).filter((line) => !either.has(line.trim()));
    return pageF1(lines.join("\n\n"), story);
  };
}

/** The folders whose labels show more than their truth does. */
export const WITH_ROLES: readonly Folder[] = ["multilingual", "vetted", "fields"];
