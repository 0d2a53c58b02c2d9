import {
  type Consent,
  type ListedSubscriber,
  SETTABLE_REASONS,
  type SuppressionReason,
} from "../subscriber.ts";
import { type Row, dateIn, numberIn, optional, textIn } from "../../platform/sqlite/database.ts";

export function subscriberIn(row: Row): ListedSubscriber {
  const name = optional(row, "name", textIn);
  const language = optional(row, "language", textIn);
  const consent = consentIn(row);
  const reason = optional(row, "reason", reasonIn);
  return {
    id: numberIn(row, "id"),
    address: textIn(row, "address"),
    tags: tagsIn(row),
    subscribedAt: dateIn(row, "subscribed_at"),
    ...(name !== undefined && { name }),
    ...(language !== undefined && { language }),
    ...(consent && { consent }),
    ...(reason && { suppressed: { reason, since: dateIn(row, "since") } }),
  };
}

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
