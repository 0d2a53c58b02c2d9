import { languageTag } from "../../subscribers/languages.ts";
import { parseRecipient, type Recipient } from "../../subscribers/recipient.ts";
import { parseSegment, type Segment } from "../../subscribers/segment.ts";
import type { SuppressionReason } from "../../subscribers/suppression.ts";
import { checkedTags } from "../../subscribers/tags.ts";
import { BroadsheetError, nearest } from "../../errors.ts";

/** A flag that may be given several times. */
export function repeated<Value>(
  parse: (value: string) => Value,
): (value: string, before: readonly Value[] | undefined) => readonly Value[] {
  return (value, before = []) => [...before, parse(value)];
}

export function parseTag(value: string): string {
  const tags = checkedTags([value]);
  if ("fault" in tags || tags[0] === undefined || /[;,|]/.test(value)) {
    throw new BroadsheetError("USAGE", `--tag ${JSON.stringify(value)} is no tag`, {
      fix: "give a word or a few, without commas, semicolons and bars: --tag harbour",
    });
  }
  return tags[0];
}

export function parseLanguage(value: string): string {
  const tag = languageTag(value);
  if (tag !== undefined) return tag;
  throw new BroadsheetError("USAGE", `--language ${JSON.stringify(value)} is no language`, {
    fix: "use a BCP 47 tag such as en, pt-BR or ar",
  });
}

/** How somebody came to want the newsletter: one line. */
export function parseConsent(value: string): string {
  if (value.trim() !== "" && value.length <= 500 && !/\p{Cc}/u.test(value)) return value.trim();
  throw new BroadsheetError("USAGE", "--consent must be one line of at most 500 characters", {
    fix: 'say how they came to want it: --consent "form on the front page"',
  });
}

const REASONS: readonly SuppressionReason[] = ["unsubscribed", "bounced", "complained", "manual"];

export function parseReason(value: string): SuppressionReason {
  const reason = REASONS.find((reason) => reason === value);
  if (reason) return reason;
  const near = nearest(value, REASONS);
  throw new BroadsheetError("USAGE", `${JSON.stringify(value)} is no reason to send nothing`, {
    fix: near ? `did you mean ${near}?` : `use one of: ${REASONS.join(", ")}`,
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
