import type { SuppressionReason } from "../suppression.ts";
import type { StatusKind } from "./columns.ts";

/** What a list says of somebody: they want it, they don't, or it can't be told. */
export type Status = "wanted" | Exclude<SuppressionReason, "erased"> | { readonly fault: string };

type Meaning = Exclude<Status, object>;

const WORDS: ReadonlyMap<string, Meaning> = new Map([
  ...words(
    "wanted",
    "active subscribed enabled confirmed regular premium member free paid yes true 1",
  ),
  ...words(
    "unsubscribed",
    "unsubscribed unsubscribe inactive disabled cancelled canceled optedout",
  ),
  ...words("unsubscribed", "archived removed deleted no false 0"),
  ...words("bounced", "bounced bounce hardbounced hardbounce cleaned undeliverable invalid"),
  ...words("complained", "complained complaint spam spammy junk abuse"),
  ...words("manual", "manual blocked blocklisted blacklisted suppressed banned"),
]);

const UNCONFIRMED = new Set(["pending", "unconfirmed", "unactivated", "nonsubscribed", "waiting"]);

function words(meaning: Meaning, list: string): (readonly [string, Meaning])[] {
  return list.split(" ").map((word) => [word, meaning]);
}

/** What one cell of a status column says. */
export function statusOf(kind: StatusKind, cell: string): Status {
  const word = cell.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");
  if (word === "") return "wanted";
  if (kind === "left") return "unsubscribed";
  if (kind === "bounced") return "bounced";
  if (UNCONFIRMED.has(word)) return { fault: "has not confirmed the subscription yet" };
  const meaning = WORDS.get(word);
  if (meaning === undefined) {
    return { fault: `has a status that isn't known: ${JSON.stringify(cell.slice(0, 40))}` };
  }
  if (kind !== "no") return meaning;
  return meaning === "wanted" ? "unsubscribed" : "wanted";
}
