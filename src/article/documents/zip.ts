import { buffer } from "node:stream/consumers";
import type { Entry, ZipFile } from "yauzl";
import { BroadsheetError } from "../../errors.ts";
import { refusal, WITHOUT_PASSWORD } from "../refusal.ts";

/** The files in a ZIP archive. Each is unpacked when it is read. */
export interface Zip {
  readonly names: readonly string[];
  has(name: string): boolean;
  /** @throws BroadsheetError for a password, a wrong size or damage */
  read(name: string): Promise<Buffer>;
}

const MOST_FILES = 20_000;
/** The most bytes of all files together. The text of a thick book has 10 MB in Word's XML. */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * Opens a ZIP archive. Unpacking stops when a file is larger than its entry says, or when the archive passes 64 MB.
 * @throws BroadsheetError CONTENT_UNSUPPORTED, CONTENT_TOO_LARGE
 */
export async function openZip(bytes: Uint8Array, location: string): Promise<Zip> {
  const { fromBufferPromise } = await import("yauzl");
  return explained(location, async () => {
    const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const zip = await fromBufferPromise(whole, { lazyEntries: true, autoClose: false });
    if (zip.entryCount > MOST_FILES) throw tooLarge(location);
    const entries = new Map<string, Entry>();
    for await (const entry of zip.eachEntry())
      if (!entry.fileName.endsWith("/")) entries.set(entry.fileName, entry);
    let left = MOST_BYTES;
    return {
      names: [...entries.keys()],
      has: (name) => entries.has(name),
      read: async (name) => {
        const entry = entries.get(name);
        if (!entry) throw refusal(location, `does not contain ${name}`, DAMAGED);
        if (entry.uncompressedSize > left) throw tooLarge(location);
        left -= entry.uncompressedSize;
        return explained(location, async () => unpacked(zip, entry, location));
      },
    };
  });
}

async function unpacked(zip: ZipFile, entry: Entry, location: string): Promise<Buffer> {
  if (entry.isEncrypted()) throw locked(location);
  return buffer(await zip.openReadStreamPromise(entry));
}

const DAMAGED = "save it again with the program that made it";

/** Explains the library's errors to an editor. */
async function explained<Result>(location: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof BroadsheetError) throw cause;
    const said = cause instanceof Error ? cause.message : "";
    if (/relative path|absolute path|invalid characters/.test(said))
      throw refusal(
        location,
        "contains a file whose name points outside the archive (..)",
        DAMAGED,
        {
          cause,
        },
      );
    if (/encrypt/.test(said)) throw locked(location);
    if (/bytes in the stream/.test(said))
      throw refusal(location, "contains a file whose size differs from its entry", DAMAGED, {
        code: "CONTENT_TOO_LARGE",
        cause,
      });
    throw refusal(location, "is a damaged ZIP archive", DAMAGED, { cause });
  }
}

function locked(location: string): BroadsheetError {
  return refusal(location, "is protected with a password", WITHOUT_PASSWORD);
}

function tooLarge(location: string): BroadsheetError {
  return refusal(
    location,
    "unpacks to more than any article: 64 MB or 20,000 files",
    "give it one article at a time",
    { code: "CONTENT_TOO_LARGE" },
  );
}
