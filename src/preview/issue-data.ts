import { tallyOf } from "../check/tally.ts";
import type { Digest } from "../digest/digest.ts";
import { flatEntries } from "../digest/edits/flat-entries.ts";
import { shownDigest } from "../digest/edits/shown-digest.ts";
import { digestHash } from "../email/stored-email.ts";
import { explanationOf } from "./explanation-of.ts";
import type { IssueData, PictureData } from "./page-data.ts";
import { pictureTypeOf } from "../article/picture-type.ts";
import { sizesOf } from "./sizes.ts";
import { parseReport } from "./parse-report.ts";

/** The files of an issue by name, as the outbox has them. */
export type IssueFiles = ReadonlyMap<string, string | Buffer>;

/** What the preview page shows of an issue, from its files alone. */
export function issueData(digest: Digest, files: IssueFiles): IssueData {
  const html = textOf(files, "email.html");
  const pictures = picturesIn(html, files);
  const written = files.get("report.json");
  const report = written === undefined ? null : parseReport(written.toString());
  return {
    hash: digestHash(files.get("digest.json") ?? ""),
    digest: withoutSources(digest),
    html,
    text: textOf(files, "email.txt"),
    message: inPieces(files.get("email.eml") ?? "", pictures),
    pictures,
    sizes: sizesOf(html, shownDigest(digest)),
    report,
    tally: report && tallyOf(report),
    explanations: flatEntries(digest).map(explanationOf),
  };
}

function textOf(files: IssueFiles, name: string): string {
  return (files.get(name) ?? "").toString();
}

/** The page quotes an article's text, and has no use for the rest of what was read. */
function withoutSources(digest: Digest): Digest {
  const { $schema: _hint, ...shown } = digest;
  return {
    ...shown,
    sections: digest.sections.map((section) => ({
      ...section,
      entries: section.entries.map((entry) => ({
        ...entry,
        article: { ...entry.article, html: "", dropped: [] },
      })),
    })),
  };
}

/** The pictures that the HTML shows and the issue has, wherever readers get them from. */
function picturesIn(html: string, files: IssueFiles): PictureData[] {
  const sources = new Set([...html.matchAll(/<img\b[^>]*?\ssrc="([^"]+)"/g)].map(([, src]) => src));
  return [...files].flatMap(([file, content]) => {
    const name = /^images\/(.+)$/.exec(file)?.[1];
    const type = typeof content === "string" ? undefined : pictureTypeOf(content);
    if (name === undefined || typeof content === "string" || !type) return [];
    const shown = [...sources].filter((src = "") => nameIn(src) === name);
    if (shown.length === 0) return [];
    const base64 = content.toString("base64");
    return [{ name, sources: shown.map(String), contentType: type.contentType, base64 }];
  });
}

/** The file that an address ends in, as it is called on the disk. */
function nameIn(src: string): string {
  const written = src.replaceAll("&#123;", "{").replaceAll("&amp;", "&").split("/").at(-1) ?? "";
  return src.startsWith("images/") ? written : decoded(written);
}

function decoded(written: string): string {
  try {
    return decodeURIComponent(written);
  } catch {
    return written;
  }
}

/** A message is all ASCII, and most of it is pictures, which the page has already. */
function inPieces(eml: string | Buffer, pictures: readonly PictureData[]): IssueData["message"] {
  let pieces: (string | { picture: string })[] = [
    typeof eml === "string" ? eml : eml.toString("latin1"),
  ];
  for (const { name, base64 } of pictures) {
    const written = base64.replace(/.{76}(?=.)/g, "$&\r\n");
    pieces = pieces.flatMap((piece) => {
      if (typeof piece !== "string" || !piece.includes(written)) return [piece];
      const [before = "", ...after] = piece.split(written);
      return [before, ...after.flatMap((rest) => [{ picture: name }, rest])];
    });
  }
  return pieces;
}
