import {
  type Consent,
  type ListedSubscriber,
  SETTABLE_REASONS,
  type SuppressionReason,
} from "../subscriber.ts";
import {
  type Row,
  dateIn,
  fieldsOf,
  maybe,
  numberIn,
  optional,
  textIn,
} from "../../platform/sqlite/database.ts";

export const subscriberIn: (row: Row) => ListedSubscriber = fieldsOf({
  id: numberIn,
  address: textIn,
  tags: tagsIn,
  subscribedAt: dateIn,
  name: maybe(textIn),
  language: maybe(textIn),
  consent: consentIn,
  suppressed(row): ListedSubscriber["suppressed"] {
    const reason = optional(row, "reason", reasonIn);
    return reason && { reason, since: dateIn(row, "since") };
  },
});

function tagsIn(row: Row): readonly string[] {
  const text = optional(row, "tags", textIn);
  if (text === undefined) return NONE;
  const tags: unknown = JSON.parse(text);
  return Array.isArray(tags) ? tags.map(String) : NONE;
}

/** Tags as they are stored: none as NULL. */
export function tagsColumn(tags: readonly string[]): string | undefined {
  return tags.length === 0 ? undefined : JSON.stringify(tags);
}

const NONE: readonly string[] = [];

function consentIn(row: Row): Consent | undefined {
  const how = optional(row, "consent", textIn);
  const at = optional(row, "consent_at", dateIn);
  if (how === undefined && !at) return undefined;
  return { how: how ?? "", ...(at && { at }) };
}

export function reasonIn(row: Row, column: string): SuppressionReason {
  const text = textIn(row, column);
  const reason = SETTABLE_REASONS.find((reason) => reason === text);
  if (reason) return reason;
  throw new TypeError(`${text} is no reason to send nothing`);
}
