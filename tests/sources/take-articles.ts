import { IssueRecords } from "../../src/delivery/io/issue-records.ts";
import type { Fingerprint } from "../../src/digest/stories/story.ts";
import type { Clock } from "../../src/platform/clock.ts";
import { type NewsletterStore, openStore } from "../../src/platform/sqlite/open-store.ts";

interface TakeOptions {
  readonly slot: string;
  readonly clock: Clock;
}

/** Has an issue take its articles, as when approval is asked of its editor; and again, when the editor gives it. */
export async function takeArticlesFor(
  { store, slug }: NewsletterStore,
  articles: readonly Fingerprint[],
  { slot, clock }: TakeOptions,
): Promise<void> {
  using records = new IssueRecords(await openStore(store), { newsletter: slug, clock });
  const seen = records.find(slot)?.state ?? "draft";
  const event = seen === "draft" ? "ask" : "approve";
  if (records.move({ slot }, { seen, event, articles })) return;
  throw new Error(`${slot} is ${seen}, and takes no articles`);
}
