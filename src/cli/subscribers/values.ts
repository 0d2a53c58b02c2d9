import { consentIn, languageIn, tagIn } from "../../subscribers/reader-facts.ts";
import { SETTABLE_REASONS, type SuppressionReason } from "../../subscribers/subscriber.ts";
import { BroadsheetError, nearest } from "../../errors.ts";

/** A flag or an argument that may be given several times. */
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

/** Why nothing is sent to an address, by what the list says of it. */
export const KEPT_OUT: Readonly<Record<string, string>> = {
  unsubscribed: "they have unsubscribed",
  bounced: "mail to them came back",
  complained: "they have complained of spam",
  manual: "you have put them on the suppression list",
  erased: "they asked to be forgotten",
};
