import path from "node:path";
import type { Digest } from "../digest/digest.ts";
import { BroadsheetError } from "../errors.ts";
import { readPlacedPictures } from "./pictures/io/placed-pictures.ts";
import type { Picture } from "../email/picture.ts";

/** The pictures that a digest shows, from the `images/` beside it. */
export async function picturesOf(
  { sections, publication }: Digest,
  folder: string,
): Promise<Picture[]> {
  const images = sections.flatMap(({ entries }) =>
    entries.flatMap(({ article }) => article.images),
  );
  const { src, dark } = publication?.logo ?? {};
  const names = [src, dark, ...images.map((image) => image.src)]
    .map((source) => /^images\/([^/\\]+)$/.exec(source ?? "")?.[1])
    .filter((name) => name !== undefined);
  return readPlacedPictures(folder, [...new Set(names)]).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== "ENOENT" || cause.path === undefined) throw cause;
    throw new BroadsheetError(
      "INPUT_MISSING",
      `the picture ${path.basename(cause.path)} is not there`,
      {
        where: { file: path.join(folder, "digest.json") },
        fix: "put it into images/ beside the digest, or build the issue again",
        cause,
      },
    );
  });
}
