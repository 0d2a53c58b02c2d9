import path from "node:path";
import { Readable } from "node:stream";
import { consentIn, languageIn, tagIn } from "../reader-facts.ts";
import { parseRecipient } from "../recipient.ts";
import { parseSegment } from "../segment.ts";
import { SETTABLE_REASONS } from "../subscriber.ts";
import type { Added, ImportCounts, ReaderFacts, SubscriberList } from "../subscriber-list.ts";
import type { Tally } from "./importer.ts";
import { importList, rejectsBeside } from "./import-list.ts";
import { openList } from "./list-files/open-list.ts";
import type { SqliteAudience } from "./sqlite-audience.ts";

/** The list in the store. */
export function storedList(audience: SqliteAudience): SubscriberList {
  return {
    add(reader, { isResubscription = false, ...facts } = {}) {
      const row = { ...parseRecipient(reader), ...factsOf(facts) };
      return addedAs(audience.add(row, { isResubscription }));
    },
    importFile: async (file, facts = {}) => importFile(audience, file, facts),
    find: (address) => audience.find(address),
    subscribers: (segment) =>
      audience.subscribers(segment === undefined ? undefined : parseSegment(segment)),
    counts: () => audience.counts(),
    suppress: (address, reason = "manual") => audience.suppress(address, reason),
    unsubscribe: (token) => audience.unsubscribe(token),
    remove: (address) => audience.remove(address),
    erase(address) {
      const wasKnown = audience.erase(address);
      audience.scrub();
      return wasKnown;
    },
    close: () => audience.close(),
  };
}

/** What became of the one reader who was added. */
export function addedAs({ added, updated, keptOut }: Tally): Added {
  const reason = [...SETTABLE_REASONS, "erased" as const].find((each) => keptOut[each]);
  if (reason) return reason;
  if (added > 0) return "added";
  return updated > 0 ? "updated" : "unchanged";
}

async function importFile(
  audience: SqliteAudience,
  file: string,
  facts: ReaderFacts,
): Promise<ImportCounts> {
  const location = path.resolve(file);
  const defaults = factsOf(facts);
  const list = await openList(location, { stdin: Readable.from([]) });
  const importer = audience.importer();
  try {
    const { read, rejected } = await importList(list, {
      named: new Map(),
      defaults,
      rejects: rejectsBeside(location),
      onMapping: () => undefined,
      onRows: () => undefined,
      take: (rows) => importer.add(rows),
    });
    return { read, rejected, ...importer.tally };
  } finally {
    importer.finish();
  }
}

function factsOf({ language, tags = [], consent }: ReaderFacts) {
  return {
    tags: tags.map((tag) => tagIn(tag, "tag")),
    ...(language !== undefined && { language: languageIn(language, "language") }),
    ...(consent && { consent: { ...consent, how: consentIn(consent.how, "consent") } }),
  };
}
