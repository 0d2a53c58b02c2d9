import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { BroadsheetError } from "../../../errors.ts";
import type { Picture } from "../../../email/picture.ts";
import { pictureTypeOf } from "../../../article/picture-type.ts";

/**
 * The pictures that an issue already has, by the files of its folder.
 * @throws BroadsheetError CONTENT_UNSUPPORTED for a file that is no picture.
 */
export async function readPlacedPictures(
  folder: string,
  names: readonly string[],
): Promise<Picture[]> {
  return Promise.all(
    names.map(async (name) => {
      const content = await readFile(resolve(folder, "images", name));
      const type = pictureTypeOf(content);
      if (type) return { name, content, contentType: type.contentType };
      throw new BroadsheetError("CONTENT_UNSUPPORTED", `images/${name} is not a picture`, {
        fix: "put a PNG or JPEG there, or build the issue again",
      });
    }),
  );
}
