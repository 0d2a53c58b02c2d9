import type { Field } from "./bounces/read-bounce.ts";
import { domainOf, splitMailbox } from "./recipient.ts";
import { recipientOf } from "./settings.ts";

/**
 * The sender of a mail, where the server `authserv` reports that the domain in From passed DMARC (RFC 8601); otherwise
 * undefined, also where From doesn't have exactly one address. `fields` are the whole header, in its order.
 *
 * A sender can write an Authentication-Results field too, with any name in it. Servers add their fields at the top, so
 * that the first field with the server's name counts and no other. It has to stand beside the Received field of that
 * server: a field below the Received field of an earlier server was in the mail when it came.
 */
export function authenticatedSender(
  fields: readonly Field[],
  authserv: string,
): string | undefined {
  const [from, ...others] = fields.filter(({ key }) => key === "from");
  const server = authserv.toLowerCase();
  const at = fields.findIndex(
    ({ key, value }) => key === "authentication-results" && partsOf(value)[0]?.[0] === server,
  );
  const results = fields[at];
  if (!from || others.length > 0 || !results || !isBesideReceived(fields, at, server))
    return undefined;
  const sender = recipientOf(splitMailbox(from.value).address)?.address;
  return sender !== undefined && passedDomain(results) === domainOf(sender) ? sender : undefined;
}

/** Whether the nearest Received field above is the server's, or, where it has none above, the nearest below. */
function isBesideReceived(fields: readonly Field[], at: number, server: string): boolean {
  const above = receiversIn(fields.slice(0, at));
  const below = receiversIn(fields.slice(at));
  return (above.includes(server) ? above.at(-1) : below[0]) === server;
}

/** The servers that wrote Received fields. The last "by" counts: clients choose the name that stands before it. */
function receiversIn(fields: readonly Field[]): (string | undefined)[] {
  const received = fields.filter(({ key }) => key === "received");
  const words = received.map(({ value }) => partsOf(value)[0] ?? []);
  return words.map((some) => some[some.lastIndexOf("by") + 1]);
}

/** The domain that passed; undefined where the field doesn't have exactly one DMARC result, or that is another. */
function passedDomain({ value }: Field): string | undefined {
  const [[, version = "1", ...more] = [], ...results] = partsOf(value);
  const [words = [], ...others] = results.filter(([method = ""]) => /^dmarc(?:\/1)?$/.test(method));
  if (version !== "1" || more.length > 0 || others.length > 0) return undefined;
  const keys = words.filter((_, at) => at % 3 === 0 && words[at + 1] === "=");
  const isWhole = words.length === keys.length * 3 && new Set(keys).size === keys.length;
  const at = keys.indexOf("header.from");
  return isWhole && at > 0 && words[2] === "pass" ? domainOf(words[at * 3 + 2] ?? "") : undefined;
}

/** A quoted string, a word, or a sign between words. */
const WORD = /"(?:\\[^]|[^"\\])*"|[^\s;="]+|[;="]/g;

/** The parts between semicolons, each as its words, in small letters: first the server, then each method (RFC 8601 §2.2). */
function partsOf(value: string): string[][] {
  const parts: string[][] = [[]];
  for (const word of withoutComments(value.toLowerCase()).match(WORD) ?? []) {
    if (word === ";") parts.push([]);
    else parts.at(-1)?.push(word.replace(/^"(.+)"$/, "$1"));
  }
  return parts;
}

/** A value with a space for each comment (RFC 5322 §3.2.2); empty where a comment or a quoted string isn't closed. */
function withoutComments(value: string): string {
  let depth = 0;
  let isQuoted = false;
  let text = "";
  for (const [sign] of value.matchAll(/\\[^]|[^]/g)) {
    if (sign === "(" && !isQuoted) depth += 1;
    if (depth === 0) text += sign;
    if (depth === 0 && sign === '"') isQuoted = !isQuoted;
    if (depth > 0 && sign === ")" && --depth === 0) text += " ";
  }
  return depth === 0 && !isQuoted ? text : "";
}
