import { MIMEType } from "node:util";
import type { Wanted } from "./wanted.ts";

/** What a Content-Type field says (RFC 9110 §8.3). */
export interface ContentType {
  /** `text/html`; empty where the field is missing or makes no sense. */
  readonly name: string;
  readonly charset?: string;
}

/** What surely isn't text. `application/octet-stream` may be: many feeds are served as that. */
const BINARY =
  /^(?:image|audio|video|font|model)\/|^application\/(?:pdf|zip|gzip|x-gzip|x-tar|x-7z-compressed|vnd\.rar|x-rar-compressed|epub\+zip|msword|rtf|wasm|java-archive|vnd\.(?!.*(?:\+xml|\+json)$).*)$/;
const UNSAID = new Set(["", "application/octet-stream", "binary/octet-stream"]);

export function parseContentType(field: string | undefined): ContentType {
  if (!field) return { name: "" };
  const { essence, charset } = parsed(field);
  return { name: essence, ...(isEncoding(charset) && { charset: charset.toLowerCase() }) };
}

/** Whether something with this type can be what is wanted; where the server doesn't say, it can. */
export function isSuitable(contentType: string, as: Wanted): boolean {
  if (UNSAID.has(contentType)) return true;
  return as === "picture" ? contentType.startsWith("image/") : !BINARY.test(contentType);
}

/** Servers write `text/html; charset="utf-8` and worse: what can be made out of it counts. */
function parsed(field: string): { essence: string; charset: string } {
  try {
    const type = new MIMEType(field);
    return { essence: type.essence.toLowerCase(), charset: type.params.get("charset") ?? "" };
  } catch {
    const essence = /^\s*([\w.+-]+\/[\w.+-]+)/.exec(field)?.[1] ?? "";
    return {
      essence: essence.toLowerCase(),
      charset: /charset\s*=\s*["']?([^"';,\s]+)/i.exec(field)?.[1] ?? "",
    };
  }
}

/** Whether the Encoding standard knows the label. */
function isEncoding(label: string): boolean {
  if (label === "") return false;
  try {
    return new TextDecoder(label).encoding !== "";
  } catch {
    return false;
  }
}
