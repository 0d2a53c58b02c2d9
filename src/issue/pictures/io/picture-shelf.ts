import { createHash } from "node:crypto";
import { basename, extname } from "node:path";
import type { Picture } from "../../../email/picture.ts";
import { isOnTheWeb } from "./load-pictures.ts";
import type { MailPicture } from "./prepare-picture.ts";

/** The pictures of an issue under their names, each once. */
export class PictureShelf {
  readonly #byName = new Map<string, Picture>();
  readonly #names = new Map<string, string>();

  get pictures(): Picture[] {
    return [...this.#byName.values()];
  }

  /** The name that a picture from a file or an address gets, or has. */
  place(origin: string, { type, content }: MailPicture): string {
    const found = this.#names.get(origin);
    if (found !== undefined) return found;
    const name = isOnTheWeb(origin)
      ? `${hashOf(content)}${type.ending}`
      : this.#freeName(origin, type.ending);
    this.#names.set(origin, name);
    this.#byName.set(name, { name, contentType: type.contentType, content });
    return name;
  }

  /** Plain letters, as the name becomes a URL, a Content-ID and a file on any system. */
  #freeName(file: string, ending: string): string {
    const stem = basename(file, extname(file)).replace(/[^A-Za-z0-9_-]+/g, "-") || "picture";
    const taken = new Set([...this.#byName.keys()].map((name) => name.toLowerCase()));
    let name = `${stem}${ending}`;
    for (let count = 2; taken.has(name.toLowerCase()); count++) name = `${stem}-${count}${ending}`;
    return name;
  }
}

/** By its content, so that a picture at two addresses is one file, and a hosted one never changes. */
function hashOf(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex").slice(0, 16);
}
