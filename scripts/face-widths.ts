/**
 * Writes src/digest/copy/face-widths.json anew: the advance widths of the faces, as the packaged Chromium measures the
 * installed Gelasio (drawn to Georgia's widths) and Inter. `npm run refresh:widths` writes the same bytes each time.
 */
import { readFileSync, writeFileSync } from "node:fs";
import * as z from "zod";
import { openPackagedBrowser } from "../tests/browser.ts";

const TARGET = new URL("../src/digest/copy/face-widths.json", import.meta.url);

const FACES = {
  serif: "400 1000px Georgia",
  bold: "700 1000px Georgia",
  italic: "italic 400 1000px Georgia",
  sans: "400 1000px 'Segoe UI'",
  sansBold: "600 1000px 'Segoe UI'",
} as const;

/** Latin with the letters of all its languages, and the marks that typesetters use. */
const CHARACTERS = [
  ...range(0x20, 0x7e),
  ...range(0xa0, 0x17f).filter((character) => character !== "\u00AD"),
  ...range(0x218, 0x21b),
  ...Array.from("ẞ–—‘’‚“”„…‰‹›€−\u202F№"),
];

function range(first: number, last: number): string[] {
  return Array.from({ length: last - first + 1 }, (_, at) => String.fromCodePoint(first + at));
}

const widths = z.array(z.tuple([z.string(), z.number()]));

/** The script that measures each character in the page. */
function measuring(font: string): string {
  return `(() => {
    const context = document.createElement("canvas").getContext("2d");
    context.font = ${JSON.stringify(font)};
    context.fontKerning = "none";
    return ${JSON.stringify(CHARACTERS)}.map((character) => [
      character,
      Math.round(context.measureText(character).width),
    ]);
  })()`;
}

const browser = await openPackagedBrowser();
try {
  const page = await browser.newPage();
  const faces: Record<string, Record<string, string>> = {};
  for (const [face, font] of Object.entries(FACES))
    faces[face] = byWidth(widths.parse(await page.evaluate(measuring(font))));
  writeFileSync(TARGET, `${JSON.stringify(faces, null, 2)}\n`);
  console.log(`${readFileSync(TARGET).length} bytes in ${TARGET.pathname}`);
} finally {
  await browser.close();
}

/** The characters of each width, so that the file stays short. */
function byWidth(widths: readonly (readonly [string, number])[]): Record<string, string> {
  const groups = new Map<number, string>();
  for (const [character, width] of widths) groups.set(width, (groups.get(width) ?? "") + character);
  const sorted = [...groups].sort(([a], [b]) => a - b);
  return Object.fromEntries(sorted.map(([width, characters]) => [String(width), characters]));
}
