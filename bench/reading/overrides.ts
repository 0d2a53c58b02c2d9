import { printScores, readAll, readerBySite, type BySite } from "./by-site.ts";
import type { Edit } from "./versioned-reader.ts";

const ROLES = "html/chosen-roles.ts";

// Each takes one of the rules over the trees out of the reader's source.
const OVERRIDES: Readonly<Record<string, Edit>> = {
  notices: { file: ROLES, from: "? (noticeIn(line) ??", to: "? (undefined ??" },
  "names around what is unsure": {
    file: ROLES,
    from: "isUnsure ? reasonAround(judged)",
    to: "false ? undefined",
  },
  "the marked story": { file: ROLES, from: "missedStory(body, lines, new Set(likely)) ??", to: "" },
  "the lost opening": {
    file: ROLES,
    from: "lostOpening([...chosen], page, descriptions)",
    to: "[]",
  },
  "other articles": {
    file: ROLES,
    from: "otherArticles(page, titles);",
    to: "new Set<TextBlock>();",
  },
  "the heading as title": {
    file: ROLES,
    from: "const headline = isTitleSure",
    to: "const headline = true",
  },
  galleries: { file: ROLES, from: "keepGallery(placed).map", to: "placed.map" },
  captions: { file: ROLES, from: "if (caption) return", to: "if (false) return" },
};

/** Prints the reader's figures, by site, without each of the rules that overrule its trees. */
export async function printOverrides({ trees }: BySite): Promise<void> {
  for (const [name, edit] of Object.entries(OVERRIDES)) {
    const read = await readerBySite(encodeURIComponent(name), trees, [edit]);
    for (const form of ["", "bare"])
      printScores(`without ${name}${form && `, ${form}`}`, await readAll(read, form));
  }
}
