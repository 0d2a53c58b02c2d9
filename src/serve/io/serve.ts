import type { ServeSettings } from "../../config/config.ts";
import { listen, type Listener } from "../../platform/http/listener.ts";
import { doorApp } from "../door.ts";

/** How long answers under way may take when the server closes; less than what sends SIGKILL after ten seconds. */
const GRACE_MS = 5_000;

/** Serves the door of a newsletter. @throws BroadsheetError USAGE where the port is taken. */
export async function serveDoor({
  site,
  serve: { host, port },
}: {
  readonly site: string;
  readonly serve: Pick<ServeSettings, "host" | "port">;
}): Promise<Listener> {
  const fix = "give another one: broadsheet serve --port 8026";
  return listen(doorApp({ site }), { host, port, fix, graceMs: GRACE_MS });
}
