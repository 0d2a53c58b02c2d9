import { isLoopback } from "../platform/http/trust.ts";
import { parseRecipient, type Recipient } from "../subscribers/recipient.ts";
import { type Complaint, quote, checked } from "./complaint.ts";

/** A name as a folder: "The Café Letter" is "the-cafe-letter". Empty where no letter is left. */
export function slugify(name: string): string {
  const folded = name
    .normalize("NFKD")
    .replace(/(?<=\p{Script=Latin})\p{M}+/gu, "")
    .normalize("NFC")
    .toLowerCase()
    .replace(/['’\p{M}\p{Lm}]+/gu, "")
    .replace(/[^\p{Ll}\p{Lo}\p{N}]+/gu, "-");
  return Array.from(folded)
    .slice(0, 60)
    .join("")
    .replace(/^-+|-+$/g, "");
}

/** File systems take names of 255 bytes, and something may be put before or after it. */
const SLUG_BYTES = 240;

export function isSlug(value: string): boolean {
  if (Buffer.byteLength(value) > SLUG_BYTES) return false;
  return /^[\p{Ll}\p{Lo}\p{N}]+(?:-[\p{Ll}\p{Lo}\p{N}]+)*$/u.test(value);
}

/** Offsets such as "+01:00" are left out: they know nothing of summer time. */
export function isTimeZone(value: string): boolean {
  try {
    return /^[a-z]/i.test(value) && Intl.DateTimeFormat("en", { timeZone: value }) !== undefined;
  } catch {
    return false;
  }
}

export function recipientOf(value: string): Recipient | undefined {
  try {
    return parseRecipient(value);
  } catch {
    return undefined;
  }
}

/** What is wrong with an https address, in which the placeholder may stand. */
export function urlComplaint(value: string, placeholder?: string): Complaint | undefined {
  const plain = placeholder === undefined ? value : value.replaceAll(`{${placeholder}}`, "x");
  const url = URL.parse(plain);
  if (url?.password) return ["holds a password", "remove it: every reader would see it"];
  if (/[{}]/.test(plain)) {
    const fix = placeholder
      ? `the only placeholder it may have is {${placeholder}}`
      : "write the address in full, without placeholders";
    return [`is ${quote(value)}`, fix];
  }
  if (url?.protocol === "https:") return undefined;
  return [`is ${quote(value)}, which is not an https address`, 'write it as "https://…"'];
}

export function isWebAddress(value: string): boolean {
  return /^https?:$/.test(URL.parse(value)?.protocol ?? "");
}

/** What is wrong with a file's name or the https address of a picture. */
export function logoComplaint(value: string): Complaint | undefined {
  if (value.trim() === "") return ["is empty", "name a picture, or remove the line"];
  if (!/^[a-z][a-z+.-]+:/i.test(value)) return undefined;
  return urlComplaint(value);
}

export function folderUrlComplaint(value: string): Complaint | undefined {
  const complaint = urlComplaint(value, "slot");
  if (complaint) return complaint;
  return /[?#]/.test(value)
    ? [`is ${quote(value)}, to which no file's name can be added`, "end it with the folder"]
    : undefined;
}

/** Where a model is asked: articles and the key go there, so in clear only to this machine. */
export function modelUrlComplaint(value: string): Complaint | undefined {
  const url = URL.parse(value);
  if (url?.username || url?.password)
    return ["holds a login", "remove it, and set BROADSHEET_MODEL_KEY in the environment"];
  if (url?.protocol === "http:" && !isLoopback(url.hostname.replace(/^\[|\]$/g, "")))
    return [
      `is ${quote(value)}, which would send articles and the key in clear`,
      'write it as "https://…"; http is for 127.0.0.1 and localhost only',
    ];
  if (url?.protocol !== "https:" && url?.protocol !== "http:")
    return [`is ${quote(value)}, which is not an https address`, 'write it as "https://…/v1"'];
  return url.search || url.hash
    ? ["has something after its path, where nothing may stand", "end it with its path, such as /v1"]
    : undefined;
}

/** A text of one line that isn't empty. */
export const line = checked(
  (value) => (/\p{Cc}/u.test(value.trim()) ? undefined : value.trim() || undefined),
  (value) =>
    value.trim() === ""
      ? ["is empty", "write something there, or remove the line"]
      : ["has a line break or a control character in it", "keep it on one line"],
);

const UNIT_MS = new Map([
  ["m", 60_000],
  ["h", 3_600_000],
  ["d", 86_400_000],
  ["w", 604_800_000],
]);

/** Milliseconds of "90m", "12h", "3d" or "2w"; undefined for anything else, and for nothing. */
export function durationMs(text: string): number | undefined {
  const [, count, unit = ""] = /^(\d{1,5})\s?([mhdw])$/.exec(text.trim()) ?? [];
  return Number(count ?? 0) * (UNIT_MS.get(unit) ?? 0) || undefined;
}

export function durationComplaint(text: string): Complaint {
  return [`is ${quote(text)}, which is not a time`, 'write "90m", "12h", "3d" or "2w"'];
}
