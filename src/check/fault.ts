import { type Entry, headlineOf } from "../digest/digest.ts";
import { quoted } from "./content/shown-text.ts";
import type { Severity } from "./finding.ts";
import type { MailElement } from "./html/mail-element.ts";

/** One fault, as a rule states it. */
export interface Fault {
  readonly message: string;
  /** Where it isn't the rule's own. */
  readonly fix?: string;
  readonly severity?: Severity;
  readonly holds?: boolean;
  readonly source?: string;
  /** The share of readers that it meets, from 0 to 1; all of them where it is left out. */
  readonly reach?: number;
  /** What of HTML and CSS it is about, as caniemail.com names it. */
  readonly features?: readonly string[];
  /** Every place that has it. */
  readonly at?: readonly Spot[];
}

/** An element of the HTML, whatever knows its line, or a story by its headline. */
export type Spot = MailElement | { readonly line: number } | { readonly story: string };

/** One fault that stands in several places, or none where there is none. */
export function faultAt(
  at: readonly Spot[],
  message: string | ((count: number) => string),
  more: Omit<Fault, "message" | "at"> = {},
): Fault[] {
  if (at.length === 0) return [];
  return [{ message: typeof message === "string" ? message : message(at.length), at, ...more }];
}

/** `plural(1, "picture has", "pictures have")` */
export function plural(count: number, one: string, many: string): string {
  return count === 1 ? `one ${one}` : `${count} ${many}`;
}

export function atStory(entry: Entry, message: string): Fault {
  return { message, at: [{ story: headlineOf(entry) }] };
}

/** A story as a finding calls it. */
export function titled(entry: Entry): string {
  return quoted(headlineOf(entry));
}
