import { ISSUE_FILES } from "../../../preview/page-data.ts";
import path from "node:path";
import type { Image } from "../../../article/article.ts";
import { BroadsheetError } from "../../../errors.ts";
import type { Picture } from "../../../email/picture.ts";
import { pictureTypeOf } from "../../../article/picture-type.ts";
import type { Digest } from "../../../digest/digest.ts";
import { readLocalFile } from "../../../platform/files/local-file.ts";

/**
 * The pictures that an issue already has, by the files of its folder.
 * @throws BroadsheetError CONTENT_UNSUPPORTED for a file that is no picture.
 */
async function readPlacedPictures(folder: string, names: readonly string[]): Promise<Picture[]> {
  return Promise.all(
    names.map(async (name) => {
      const content = await readLocalFile(path.resolve(folder, "images", name), { within: folder });
      const type = pictureTypeOf(content);
      if (type) return { name, content, contentType: type.contentType };
      throw new BroadsheetError("CONTENT_UNSUPPORTED", `images/${name} is not a picture`, {
        fix: "put a PNG or JPEG there, or build the issue again",
      });
    }),
  );
}

function sourcesOf({ src, crops = {} }: Pick<Image, "src" | "crops">): string[] {
  return [src, ...Object.values(crops).flatMap((crop) => (crop ? [crop.src] : []))];
}

/** The file names in `images/` of the pictures that a digest shows, each once. */
function pictureNames({ sections, publication }: Digest): Set<string> {
  const images = sections.flatMap(({ entries }) =>
    entries.flatMap(({ article }) => article.images),
  );
  const { src, dark } = publication?.logo ?? {};
  const names = [src, dark, ...images.flatMap(sourcesOf)]
    .map((source) => /^images\/([^/\\]+)$/.exec(source ?? "")?.[1])
    .filter((name) => name !== undefined);
  return new Set(names);
}

/** The pictures that a digest shows: those of them that are `atHand`, the others from the `images/` beside it. */
export async function picturesOf(
  digest: Digest,
  folder: string,
  atHand: readonly Picture[] = [],
): Promise<Picture[]> {
  const names = pictureNames(digest);
  const had = atHand.filter(({ name }) => names.has(name));
  for (const { name } of had) names.delete(name);
  const read = readPlacedPictures(folder, [...names]).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== "ENOENT" || cause.path === undefined) throw cause;
    throw new BroadsheetError(
      "INPUT_MISSING",
      `the picture ${path.basename(cause.path)} is not there`,
      {
        where: { file: path.join(folder, ISSUE_FILES.digest) },
        fix: "put it into images/ beside the digest, or build the issue with --discard-edits",
        cause,
      },
    );
  });
  return [...had, ...(await read)];
}
