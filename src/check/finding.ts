import * as z from "zod";
import type { ErrorCode } from "../errors.ts";
import { parseJson } from "../platform/attempt.ts";

/** The place of a finding in an email or a message. Unknown parts are absent. */
export interface Place {
  /** A CSS selector that finds the element in the HTML part. */
  readonly selector?: string;
  /** Counted from 1, in the file that was checked. */
  readonly line?: number;
  /** The template and its line, where the element's origin is known: `digest/html.mjml.hbs:12`. */
  readonly template?: string;
  /** The headline of the story that it is in. */
  readonly story?: string;
  /** The id of that story, where the rule is about a story. */
  readonly id?: string;
  /** The key point of that story that can be struck. */
  readonly sentence?: string;
  /** A passage of that story that has room as its headline. */
  readonly headline?: string;
  /** The id of another story that says the same. */
  readonly other?: string;
  /** The operation that brings back what was left out. */
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

/** How likely a strict editor would send an issue unseen, from 0 to 1, and the lines that speak most against it. */
export interface Ready {
  readonly chance: number;
  readonly because: readonly UnsureLine[];
}

interface UnsureLine {
  /** Subject, headline, gist and so on. */
  readonly as: string;
  readonly text: string;
  /** How likely the editor keeps the line. */
  readonly chance: number;
  /** The headline and the id of its story. */
  readonly story?: string;
  readonly id?: string;
}

/** An error stops `send`; a warning asks for a look; an info is worth knowing. */
export type Severity = "error" | "warning" | "info";

/** Something about an email or a message that would go wrong in an inbox. */
export interface Finding {
  /** The rule's id, in kebab-case, such as `image-alt`. */
  readonly rule: string;
  readonly severity: Severity;
  /** Set where the issue waits for an editor because of it. */
  readonly holds?: boolean;
  /** The first place, where there are several. */
  readonly where?: Place;
  /** A sentence for the editor that says what is wrong, in the words of the issue. */
  readonly message: string;
  /** What to do now. */
  readonly fix?: string;
  /** The source of the rule: an RFC, a WCAG criterion, a page of a mail client. */
  readonly source: string;
  /** How many places have the same fault, where more than one. */
  readonly count?: number;
  /** The first few of the other places. */
  readonly elsewhere?: readonly Place[];
  /** What of HTML and CSS it is about, as caniemail.com names it: `css-display-flex`. */
  readonly features?: readonly string[];
  /** The share of readers that it meets, from 0 to 1; all of them where it is left out. */
  readonly reach?: number;
}

/** A rule that was not run, which is not to be taken for one that passed. */
export interface NotRun {
  readonly rule: string;
  readonly why: string;
}

/**
 * What `check` says of one target. `verdict` is `fail` where a finding is an error. With warnings alone it is `pass`, and
 * people read "to look at first": the severity of the findings tells that from "Ready to send".
 */
export interface Report {
  /** The issue or the file that was checked. */
  readonly target: string;
  readonly verdict: "pass" | "fail";
  readonly findings: readonly Finding[];
  readonly notRun: readonly NotRun[];
  /** How likely an editor would send it unseen; absent for a file. */
  readonly ready?: Ready;
  /** What the issue goes without; absent for a file. */
  readonly leftOut?: readonly Missing[];
}

/** Something that an issue goes without. */
export interface Missing {
  /**
   * `unread`: it could not be read. `partial`: its page could not, and its feed's words stand in for it. `crashed`: Broadsheet
   * crashed on it. `old`: a file of one's own that is dated before the window. `later`: it is new, and over `maxItems` or the
   * limit of its source.
   */
  readonly why: "unread" | "partial" | "crashed" | "old" | "later";
  /** The file or the address, without what an address may hold of a key; empty where only the number is known. */
  readonly name: string;
  /** The source of the config that it is from, by the same kind of name. */
  readonly source?: string;
  readonly code?: ErrorCode;
  /** What is wrong with it; of an old file, how long the window is: "14 days". */
  readonly message?: string;
  readonly fix?: string;
  /** How many, where it stands for several. */
  readonly count?: number;
}

/** How many rules were run, and how many of them have nothing against the email. */
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
 * A report from the text of a `report.json`; null if it holds none. Broadsheet writes this file itself, and a page without
 * findings is better than no page.
 */
export function parseReport(text: string): Report | null {
  const value = parseJson(text);
  return isReport(value) ? value : null;
}

function isReport(value: unknown): value is Report {
  return reportSchema.safeParse(value).success;
}
