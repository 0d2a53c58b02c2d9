import type { Source } from "../article.ts";
import type { DocumentKind } from "../sniff-format.ts";
import { refusal, WITHOUT_PASSWORD } from "./refusal.ts";
import { openZip, type Zip } from "./zip.ts";

/**
 * The source in a document's bytes: HTML of its text, and what the document says of itself. What a format calls private
 * (comments, deleted and hidden text, addresses of readers) is not in it.
 * @throws BroadsheetError CONTENT_UNSUPPORTED, CONTENT_TOO_LARGE, CONTENT_EMPTY
 */
export async function openDocument(
  kind: DocumentKind,
  bytes: Uint8Array,
  location: string,
): Promise<Source> {
  if (kind === "ole") throw refuseOle(bytes, location);
  return openArchive(await openZip(bytes, location), location);
}

async function openArchive(zip: Zip, location: string): Promise<Source> {
  const { readDocx } = await import("./docx.ts");
  if (zip.names.some((name) => /^word\/.*\.xml$/.test(name))) return readDocx(zip, location);
  throw refusal(location, "is a ZIP archive without articles in it", "give it the articles");
}

/** Word before 2007, and every Office document with a password, which is encrypted inside such a file (MS-OFFCRYPTO). */
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
