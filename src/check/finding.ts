import * as z from "zod";
import type { ErrorCode } from "../errors.ts";
import { parseJson } from "../platform/attempt.ts";

/** The place of a finding in an email or a message. Unknown parts are absent. */
export interface Place {
  /** A CSS selector that finds the element in the HTML part. */
  readonly selector?: string;
  /** Counted from 1, in the file that was checked. */
  readonly line?: number;
  /** The template and its line, if the element's origin is known: `digest/html.mjml.hbs:12`. */
  readonly template?: string;
  /** The headline of the story that contains it. */
  readonly story?: string;
  /** The id of that story, if the rule is about a story. */
  readonly id?: string;
  /** The key point of that story that can be removed. */
  readonly sentence?: string;
  /** A passage of that story that fits as its headline. */
  readonly headline?: string;
  /** The id of another story with the same statement. */
  readonly other?: string;
  /** The operation that restores the omitted text. */
  readonly restores?: Restoring;
}

/** A line of an editor's operations. */
interface Restoring {
  readonly op: "set" | "add" | "hide";
  readonly id?: string;
  readonly field?: string;
  readonly value: z.core.util.JSONType;
  readonly was?: z.core.util.JSONType;
}

/** The probability, from 0 to 1, that a strict editor would send an issue unchanged, and the lines that lower it most. */
export interface Ready {
  readonly chance: number;
  readonly because: readonly UnsureLine[];
}

interface UnsureLine {
  /** The kind of line: subject, headline, gist and so on. */
  readonly as: string;
  readonly text: string;
  /** The probability that the editor keeps the line. */
  readonly chance: number;
  /** The headline and the id of its story. */
  readonly story?: string;
  readonly id?: string;
}

/** An error stops `send`; a warning needs a look; an info is only for information. */
export type Severity = "error" | "warning" | "info";

/** A problem of an email or a message in an inbox. */
export interface Finding {
  /** The rule's id, in kebab-case, such as `image-alt`. */
  readonly rule: string;
  readonly severity: Severity;
  /** Set if this finding holds the issue until an editor accepts it. */
  readonly holds?: boolean;
  /** The first place, if there are several. */
  readonly where?: Place;
  /** A sentence for the editor with the fault, in the words of the issue. */
  readonly message: string;
  /** The remedy. */
  readonly fix?: string;
  /** The source of the rule: an RFC, a WCAG criterion, a page of a mail client. */
  readonly source: string;
  /** The number of places with this fault, if there are several. */
  readonly count?: number;
  /** The first few of the other places. */
  readonly elsewhere?: readonly Place[];
  /** The features of HTML and CSS that it concerns, by their names at caniemail.com: `css-display-flex`. */
  readonly features?: readonly string[];
  /** The share of readers affected, from 0 to 1; all readers if it is absent. */
  readonly reach?: number;
}

/** A rule that did not run. It must not be mistaken for a passed one. */
export interface NotRun {
  readonly rule: string;
  readonly why: string;
}

/**
 * The result of `check` for one target. `verdict` is `fail` if a finding is an error. With only warnings it is `pass`, and
 * people read "to look at first": the severities of the findings distinguish that from "Ready to send".
 */
export interface Report {
  /** The issue or the file that was checked. */
  readonly target: string;
  readonly verdict: "pass" | "fail";
  readonly findings: readonly Finding[];
  readonly notRun: readonly NotRun[];
  /** The probability that an editor would send it unchanged; absent for a file. */
  readonly ready?: Ready;
  /** The omissions of the issue; absent for a file. */
  readonly leftOut?: readonly Missing[];
}

/** An omission of an issue. */
export interface Missing {
  /**
   * `unread`: it could not be read. `partial`: its page could not be read, so the text of its feed is used. `crashed`:
   * Broadsheet crashed on it. `old`: a local file dated before the window. `later`: it is new, but exceeds `maxItems` or the
   * limit of its source.
   */
  readonly why: "unread" | "partial" | "crashed" | "old" | "later";
  /** The file or the address, without query parameters that may contain a key; empty if only the number is known. */
  readonly name: string;
  /** The source in the config, with its name in the same form. */
  readonly source?: string;
  readonly code?: ErrorCode;
  /** The fault; for an old file, the length of the window: "14 days". */
  readonly message?: string;
  readonly fix?: string;
  /** The number of omissions, if it represents several. */
  readonly count?: number;
}

/** The number of rules that were run, and of those that passed. */
export interface Tally {
  readonly passed: number;
  readonly ran: number;
}

/** The fields without which a finding can't be shown. */
const findingSchema = z.looseObject({
  rule: z.string(),
  severity: z.enum(["error", "warning", "info"]),
  message: z.string(),
  fix: z.string().optional(),
  where: z
    .looseObject({ selector: z.string().optional(), story: z.string().optional() })
    .optional(),
});

const readySchema = z.looseObject({
  chance: z.number(),
  because: z.array(z.looseObject({ as: z.string(), text: z.string(), chance: z.number() })),
});

const reportSchema = z.looseObject({
  verdict: z.enum(["pass", "fail"]),
  findings: z.array(findingSchema),
  notRun: z.array(z.looseObject({ rule: z.string(), why: z.string() })),
  leftOut: z.array(z.looseObject({ why: z.string(), name: z.string() })).optional(),
  ready: readySchema.optional(),
});

/**
 * Parses the text of a `report.json`; null if it is invalid. Broadsheet writes this file itself, and a page without findings
 * is better than no page.
 */
export function parseReport(text: string): Report | null {
  const value = parseJson(text);
  return isReport(value) ? value : null;
}

function isReport(value: unknown): value is Report {
  return reportSchema.safeParse(value).success;
}
