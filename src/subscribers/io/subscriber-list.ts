import path from "node:path";
import { Readable } from "node:stream";
import { consentIn, languageIn, tagIn } from "../reader-facts.ts";
import { parseRecipient } from "../recipient.ts";
import { parseSegment } from "../segment.ts";
import { type ListedSubscriber, SETTABLE_REASONS, type SuppressionReason } from "../subscriber.ts";
import type {
  Added,
  AudienceCounts,
  ImportCounts,
  ReaderFacts,
  SubscriberList,
} from "../subscriber-list.ts";
import { importList, rejectsBeside } from "./import-list.ts";
import { openList } from "./list-files/open-list.ts";
import type { SqliteAudience } from "./sqlite-audience.ts";

/** The list in the store. */
export class StoredSubscriberList implements SubscriberList {
  readonly #audience: SqliteAudience;

  constructor(audience: SqliteAudience) {
    this.#audience = audience;
  }

  add(
    reader: string,
    {
      isResubscription = false,
      ...facts
    }: ReaderFacts & { readonly isResubscription?: boolean } = {},
  ): Added {
    const row = { ...parseRecipient(reader), ...factsOf(facts) };
    const { added, updated, keptOut } = this.#audience.add(row, { isResubscription });
    const reason = [...SETTABLE_REASONS, "erased" as const].find((each) => keptOut[each]);
    if (reason) return reason;
    if (added > 0) return "added";
    return updated > 0 ? "updated" : "unchanged";
  }

  async importFile(file: string, facts: ReaderFacts = {}): Promise<ImportCounts> {
    const location = path.resolve(file);
    const defaults = factsOf(facts);
    const list = await openList(location, { stdin: Readable.from([]) });
    const importer = this.#audience.importer();
    try {
      const { read, rejected } = await importList(list, {
        named: new Map(),
        defaults,
        rejects: rejectsBeside(location),
        onMapping: () => undefined,
        onRows: () => undefined,
        take: (rows) => importer.add(rows),
      });
      importer.finish();
      return { read, rejected, ...importer.tally };
    } catch (error) {
      importer.finish();
      throw error;
    }
  }

  find(address: string): ListedSubscriber | undefined {
    return this.#audience.find(address);
  }

  subscribers(segment?: string): Generator<ListedSubscriber> {
    return this.#audience.subscribers(segment === undefined ? undefined : parseSegment(segment));
  }

  counts(): AudienceCounts {
    return this.#audience.counts();
  }

  suppress(address: string, reason: SuppressionReason = "manual"): boolean {
    return this.#audience.suppress(address, reason);
  }

  unsubscribe(token: string): boolean {
    return this.#audience.unsubscribe(token);
  }

  remove(address: string): boolean {
    return this.#audience.remove(address);
  }

  erase(address: string): boolean {
    const wasKnown = this.#audience.erase(address);
    this.#audience.scrub();
    return wasKnown;
  }

  close(): void {
    this.#audience.close();
  }
}

function factsOf({ language, tags = [], consent }: ReaderFacts) {
  return {
    tags: tags.map((tag) => tagIn(tag, "tag")),
    ...(language !== undefined && { language: languageIn(language, "language") }),
    ...(consent && { consent: { ...consent, how: consentIn(consent.how, "consent") } }),
  };
}
