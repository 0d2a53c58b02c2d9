import { consentIn, languageIn, tagIn } from "../../subscribers/reader-facts.ts";
import { parseRecipient, type Recipient } from "../../subscribers/recipient.ts";
import { parseSegment, type Segment } from "../../subscribers/segment.ts";
import { SETTABLE_REASONS, type SuppressionReason } from "../../subscribers/subscriber.ts";
import { BroadsheetError, nearest } from "../../errors.ts";

/** A flag that may be given several times. */
export function repeated<Value>(
  parse: (value: string) => Value,
): (value: string, before: readonly Value[] | undefined) => readonly Value[] {
  return (value, before = []) => [...before, parse(value)];
}

export function parseTag(value: string): string {
  return tagIn(value, "--tag");
}

export function parseLanguage(value: string): string {
  return languageIn(value, "--language");
}

export function parseConsent(value: string): string {
  return consentIn(value, "--consent");
}

export function parseReason(value: string): SuppressionReason {
  const reason = SETTABLE_REASONS.find((reason) => reason === value);
  if (reason) return reason;
  const near = nearest(value, SETTABLE_REASONS);
  throw new BroadsheetError("USAGE", `${JSON.stringify(value)} is no reason to send nothing`, {
    fix: near ? `did you mean ${near}?` : `use one of: ${SETTABLE_REASONS.join(", ")}`,
  });
}

export function parseSegmentFlag(value: string): Segment {
  return parseSegment(value);
}

/** One address, with a name where there is one. */
export function parsePerson(value: string): Recipient {
  return parseRecipient(value);
}

/** Commander calls it for each, with what came before. */
export function parsePersons(
  value: string,
  before: readonly Recipient[] | undefined,
): readonly Recipient[] {
  return [...(before ?? []), parsePerson(value)];
}
