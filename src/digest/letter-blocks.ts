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

/** The blocks of a letter. Older versions, and editors who write Markdown, give its text instead. */
export function letterBlocks({ blocks = [], text }: Letter): readonly LetterBlock[] {
  return text === undefined ? blocks : withoutLost(readLetter(text));
}

/** Removes file names of pictures that are neither on the web nor in the folder. */
export function withoutLost(blocks: readonly LetterBlock[]): LetterBlock[] {
  return withPictures(blocks, (picture) =>
    PICTURE_SOURCE.test(picture.src ?? "") ? picture : lostPicture(picture),
  );
}

const LONGEST_NAME = 80;

/**
 * Removes the file name of a picture that can't be loaded or shown. The name may be a `data:` address that contains the whole
 * picture.
 */
export function lostPicture({ src = "", ...picture }: LetterPicture): LetterPicture {
  return { ...picture, missing: picture.missing ?? src.slice(0, LONGEST_NAME) };
}

/** The words in the blocks of a letter, one text per line. */
export function letterWords(blocks: readonly LetterBlock[]): string {
  return flatBlocks(blocks)
    .flatMap((block) => {
      if (block.kind === "code" || block.kind === "raw") return [block.text];
      return block.kind === "picture" ? [block.alt, block.caption ?? ""] : textsOf(block);
    })
    .join("\n");
}
