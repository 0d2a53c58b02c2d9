import { type Field, fieldsIn, oneLine, valueOf } from "./received-mail.ts";

/** What a server reports of one recipient (RFC 3464 §2.3). */
export interface Reported {
  /** failed, delayed, delivered, relayed or expanded. */
  readonly action: string;
  readonly status: string;
  /** The words of the server that refused it; empty where none are given. */
  readonly said: string;
}

/** What is reported of each recipient; the first group of fields is about the message. */
export function readDeliveryStatus(text: string): Reported[] {
  return text
    .slice(0, MOST_TEXT)
    .split(/\r?\n[ \t]*(?:\r?\n[ \t]*)+/)
    .map(fieldsIn)
    .filter((fields) => valueOf(fields, "action") !== "")
    .map(reportedIn);
}

const MOST_TEXT = 64 * 1024;

function reportedIn(fields: readonly Field[]): Reported {
  const said = wordsOf(valueOf(fields, "diagnostic-code"));
  const [status = ""] = /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(valueOf(fields, "status")) ?? [];
  const says = valueOf(fields, "action").toLowerCase();
  return {
    action: says.split(/[^a-z]/, 1)[0] ?? "",
    // Exim reports 5.0.0 whatever it was told.
    status: /^(?:|\d\.0\.0)$/.test(status) ? statusIn(said) || status : status,
    said,
  };
}

/** The enhanced status code (RFC 3463) in a server's answer, never a part of an IP address. */
export function statusIn(said: string): string {
  return /(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.]*\d)/.exec(said)?.[0] ?? "";
}

const MOST_WORDS = 500;

/** `smtp; 550-5.1.1 Nobody of 550 5.1.1 that name` without its type, and without the codes of later lines. */
export function wordsOf(diagnostic: string): string {
  const said = oneLine(diagnostic.replace(/^[\w.-]+\s*;/, ""));
  const [code = ""] = /^\d{3}[- ](?:\d\.\d{1,3}\.\d{1,3}[- ])?/.exec(said) ?? [];
  const [digits = "", status = ""] = code.split(/[- ]/);
  const rest = said.slice(code.length);
  const bare =
    code === "" ? rest : rest.replaceAll(new RegExp(`${digits}[- ]${status} ?`, "g"), "");
  return oneLine(`${digits} ${status} ${bare}`).slice(0, MOST_WORDS);
}
