import {
  flatBlocks,
  type LetterBlock,
  type LetterPicture,
  textsOf,
  withPictures,
} from "../article/letter-block.ts";
import { readLetter } from "../article/markdown/letter.ts";
import type { Letter } from "./letter.ts";
import { PICTURE_SOURCE } from "./schema.ts";

/** The blocks of a letter. An older version, or an editor who writes Markdown, gives its text instead. */
export function letterBlocks({ blocks = [], text }: Letter): readonly LetterBlock[] {
  return text === undefined ? blocks : withoutLost(readLetter(text));
}

/** Blocks of which no picture is anywhere but on the web or in the folder. */
export function withoutLost(blocks: readonly LetterBlock[]): LetterBlock[] {
  return withPictures(blocks, (picture) =>
    PICTURE_SOURCE.test(picture.src ?? "") ? picture : lostPicture(picture),
  );
}

const LONGEST_NAME = 80;

/** A picture that can't be had or shown. Its name may be a picture itself, in a `data:` address. */
export function lostPicture({ src = "", ...picture }: LetterPicture): LetterPicture {
  return { ...picture, missing: picture.missing ?? src.slice(0, LONGEST_NAME) };
}

/** What the blocks of a letter say, one text a line. */
export function letterWords(blocks: readonly LetterBlock[]): string {
  return flatBlocks(blocks)
    .flatMap((block) => {
      if (block.kind === "code" || block.kind === "raw") return [block.text];
      return block.kind === "picture" ? [block.alt, block.caption ?? ""] : textsOf(block);
    })
    .join("\n");
}
