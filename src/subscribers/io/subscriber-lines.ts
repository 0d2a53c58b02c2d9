import { csvLine } from "../export/csv-line.ts";
import type { Suppression } from "../suppression.ts";
import type { ListedSubscriber } from "../subscriber.ts";

const HEADINGS = [
  "address",
  "name",
  "language",
  "tags",
  "subscribed at",
  "consent",
  "consent at",
  "status",
  "unsubscribed at",
];

/** Who is on the list, or is known to have left. */
export type Listed = ListedSubscriber | Suppression;

/** As CSV, which `import` reads as it is. */
export function* csvLines(all: Iterable<Listed>): Generator<string> {
  yield csvLine(HEADINGS);
  for (const listed of all) {
    const { address, name, language, tags, subscribedAt, consent, consentAt, status, statusSince } =
      facts(listed);
    const dates = [subscribedAt, consentAt, statusSince].map((date) => date?.toISOString() ?? "");
    const [subscribed = "", consented = "", left = ""] = dates;
    const tagList = (tags ?? []).join(";");
    yield csvLine(
      [address, name, language, tagList, subscribed, consent, consented, status, left].map(
        (cell) => cell ?? "",
      ),
    );
  }
}

/** As JSON, one a line. */
export function* jsonLines(all: Iterable<Listed>): Generator<string> {
  for (const listed of all) yield JSON.stringify(facts(listed));
}

function facts(listed: Listed) {
  if (!("id" in listed)) {
    const { address, reason, since } = listed;
    return { ...NOTHING, address, status: reason, statusSince: since };
  }
  const { address, name, language, tags, subscribedAt, consent, suppressed } = listed;
  return {
    address,
    name,
    language,
    tags,
    subscribedAt,
    consent: consent?.how || undefined,
    consentAt: consent?.at,
    status: suppressed?.reason ?? "subscribed",
    statusSince: suppressed?.since,
  };
}

const NOTHING = {
  name: undefined,
  language: undefined,
  tags: undefined,
  subscribedAt: undefined,
  consent: undefined,
  consentAt: undefined,
};
