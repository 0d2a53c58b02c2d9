import type { Source } from "../article.ts";
import type { DocumentKind } from "../sniff-format.ts";
import { refusal, WITHOUT_PASSWORD } from "../refusal.ts";
import { fromNotion, fromObsidian } from "./vault.ts";
import { openZip, type Zip } from "./zip.ts";

/**
 * Converts a document to a source: HTML of its text, and its metadata. Private parts (comments, deleted and hidden
 * text, addresses of recipients) are left out.
 * @throws BroadsheetError CONTENT_UNSUPPORTED, CONTENT_TOO_LARGE, CONTENT_EMPTY
 */
export async function openDocument(
  kind: DocumentKind,
  bytes: Uint8Array,
  location: string,
): Promise<Source> {
  if (kind === "mail") {
    const { readMail } = await import("./mail.ts");
    return readMail(bytes, location);
  }
  if (kind === "pdf") {
    const { readPdf } = await import("./pdf.ts");
    return readPdf(bytes, location);
  }
  if (kind === "ole") throw refuseOle(bytes, location);
  return openArchive(await openZip(bytes, location), location);
}

async function openArchive(zip: Zip, location: string): Promise<Source> {
  if (zip.names.some((name) => /^word\/.*\.xml$/.test(name))) {
    const { readDocx } = await import("./docx.ts");
    return readDocx(zip, location);
  }
  const files = plainNotes(await articlesIn(zip, location));
  if (files.size > 0)
    return { format: "archive", location, body: [...files.keys()].join("\n"), files };
  throw refusal(location, "is a ZIP archive without articles", "give it the articles instead");
}

/** Converts notes to standard Markdown, each with the notes that it embeds. */
function plainNotes(files: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const noteOf = (name: string) => files.get(name) ?? files.get(`${name}.md`);
  return new Map(
    [...files].map(([name, text]) =>
      /\.html?$/i.test(name) ? [name, text] : [name, fromObsidian(fromNotion(text, name), noteOf)],
    ),
  );
}

const MOST_ARTICLES = 1000;

/** The pages in an archive, by name. Notion's exports have archives inside an archive. */
async function articlesIn(zip: Zip, location: string, depth = 0): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const name of zip.names.filter((one) => !/(?:^|\/)(?:__MACOSX\/|\.)/.test(one))) {
    if (/\.zip$/i.test(name) && depth === 0) {
      const inner = await openZip(await zip.read(name), location);
      for (const [one, text] of await articlesIn(inner, location, 1)) files.set(one, text);
    } else if (/\.(?:md|markdown|html?)$/i.test(name) && files.size < MOST_ARTICLES)
      files.set(name, (await zip.read(name)).toString("utf8"));
  }
  return files;
}

/** The OLE container holds documents of Word before 2007, and encrypted Office documents (MS-OFFCRYPTO). */
function refuseOle(bytes: Uint8Array, location: string) {
  const isEncrypted = Buffer.from(bytes).includes(Buffer.from("EncryptedPackage", "utf16le"));
  return isEncrypted
    ? refusal(location, "is protected with a password", WITHOUT_PASSWORD)
    : refusal(
        location,
        "is an old Word or Excel document (.doc, .xls)",
        "open it in a word processor and save it as .docx",
      );
}
