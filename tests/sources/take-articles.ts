import { openRecords } from "../../src/delivery/io/issue-records.ts";
import type { Fingerprint } from "../../src/digest/stories/story.ts";
import type { Clock } from "../../src/platform/clock.ts";
import type { NewsletterStore } from "../../src/platform/store.ts";

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
  await using records = await openRecords({ store, slug }, clock);
  const seen = (await records.find(slot))?.state ?? "draft";
  const event = seen === "draft" ? "ask" : "approve";
  if (await records.move({ slot }, { seen, event, articles })) return;
  throw new Error(`${slot} is ${seen}, and takes no articles`);
}
