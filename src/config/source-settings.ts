import path from "node:path";
import * as z from "zod";
import { canonicalLink } from "../article/field-values.ts";
import { patternFault } from "../digest/word-pattern.ts";
import { checked, type Complaint, quote } from "./complaint.ts";
import { line } from "./line.ts";

const from = checked(
  (value) => (placeComplaint(value.trim()) ? undefined : value.trim()),
  (value) => placeComplaint(value.trim()) ?? ["", ""],
);

const pattern = checked(
  (value) => (patternComplaint(value) ? undefined : value.trim()),
  (value) => patternComplaint(value) ?? ["", ""],
);
const patterns = z.union([pattern.transform((one) => [one]), z.array(pattern)]).default([]);

/** A place that articles come from, with what is taken of it. */
export const source = z.strictObject({
  from,
  limit: z.int().positive().optional(),
  include: patterns,
  exclude: patterns,
  tags: z.union([line.transform((tag) => [tag]), z.array(line)]).default([]),
  pin: z.boolean().default(false),
});

/** Where new articles come from: each a place, or one with what is taken of it. */
export const sources = z
  .array(z.union([from.transform((place) => source.parse({ from: place })), source]))
  .check(({ value, issues }) => {
    if (value.length === 0) {
      issues.push(
        problem([], ["is empty", 'name a source, such as "content", or remove the line'], value),
      );
    }
    const first = new Map<string, number>();
    for (const [at, { from }] of value.entries()) {
      const same = first.get(nameOf(from));
      if (same === undefined) first.set(nameOf(from), at);
      else
        issues.push(
          problem([at], [`is the same place as "sources.${same}"`, "remove one of them"], value),
        );
    }
  });

/** One that a config names. */
export type SourceSetting = z.output<typeof source>;

function problem(path: (string | number)[], [message, fix]: Complaint, input: unknown) {
  return { code: "custom", input, path, message, params: { fix } } as const;
}

const LINE_FIX = "name a folder, a file, or the address of a feed or a page";

function placeComplaint(place: string): Complaint | undefined {
  if (place === "") return ["is empty", LINE_FIX];
  if (/\p{Cc}/u.test(place)) return ["has a line break or a control character in it", LINE_FIX];
  if (place === "-") return ["is standard input, where nobody is", LINE_FIX];
  const [, scheme] = /^([a-z][a-z\d+.-]+):/i.exec(place) ?? [];
  if (scheme === undefined) return undefined;
  if (!/^https?$/i.test(scheme)) return otherScheme(scheme);
  const url = URL.parse(place);
  if (!url) return [`is ${quote(place)}, which is not an address`, "check its spelling"];
  if (url.username || url.password)
    return ["holds a login", "take what stands before the @ out of it"];
  return undefined;
}

/** "feed:" is what browsers once gave feeds (feed://paper.example/rss, feed:https://…). */
function otherScheme(scheme: string): Complaint {
  // It may hold a login.
  const says = `is at ${scheme}:, which is not on the web`;
  return scheme.toLowerCase() === "feed"
    ? [says, "begin it with https:// instead"]
    : [says, "give an address that begins with https://, or the name of a file or folder"];
}

function patternComplaint(text: string): Complaint | undefined {
  switch (patternFault(text)) {
    case "empty":
      return [`is ${quote(text)}, which has no letter to look for`, PATTERN_FIX];
    case "regular":
      return [`is ${quote(text)}, a regular expression, which is not looked for here`, PATTERN_FIX];
    default:
      return undefined;
  }
}

const PATTERN_FIX = 'write words as they stand, with * for any ending: "harbour", "ferr*"';

/** As two mentions of a place are compared. */
function nameOf(from: string): string {
  return /^https?:/i.test(from) ? canonicalLink(from) : path.normalize(from).replace(/[/\\]$/, "");
}
