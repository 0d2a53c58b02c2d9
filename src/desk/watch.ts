import { watchFiles, type Watched } from "./watch-files.ts";
import type { Desk } from "./desk.ts";
import type { Events } from "./events.ts";

interface WatchOptions extends Omit<Watched, "config"> {
  readonly desk: Desk;
  readonly events: Events;
}

/**
 * An issue's folder is replaced as a whole, so that nothing in it can be watched for long; the few issues
 * that somebody looks at are asked instead.
 */
const LOOK_MS = 100;

/** What is told where only the list of issues is another. No issue is called this. */
const ISSUES_EVENT = "~issues";

/** Builds again when articles, config or templates change, and looks after the issues that are open. */
export async function watch({
  desk,
  events,
  ...watched
}: WatchOptions): Promise<{ close(): Promise<void> }> {
  const watcher = await watchFiles({ ...watched, config: desk.config }, async (hasTemplates) => {
    if (hasTemplates) desk.templatesChanged();
    await desk.rebuild();
  });
  let isLooking = false;
  const timer = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    void look(desk, events).finally(() => (isLooking = false));
  }, LOOK_MS);
  return {
    close: async () => {
      clearInterval(timer);
      await watcher.close();
    },
  };
}

async function look(desk: Desk, events: Events): Promise<void> {
  await desk.look(events.watched);
  if (events.watched.size > 0 && (await desk.lookAtStore())) events.tell(ISSUES_EVENT);
}
