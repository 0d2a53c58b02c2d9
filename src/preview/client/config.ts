import { signal } from "@preact/signals";
import type { LookData } from "../page-data.ts";
import { askDesk, type Done } from "./live.ts";
import { inTurn } from "./operations.ts";

/** The keys that lead to a setting, outermost first. */
export type Path = readonly (string | number)[];

/** The content of the config file; undefined until the server has sent it. */
export const config = signal<LookData | undefined>(undefined);

/** Loads the config, or changes it when there is a body. Afterwards the page shows the server's state. */
export async function takeConfig(path = "/~config", body?: () => object): Promise<Done> {
  return inTurn(async () => {
    const done = await askDesk<LookData>(path, body?.());
    if (done.given) config.value = done.given;
    return done;
  });
}

/** Writes a setting. A change without a value removes the setting, and its default applies. */
export async function changeConfig(
  change: () => { readonly path: Path; readonly value?: unknown },
): Promise<Done> {
  return takeConfig("/~config", () => ({ changes: [change()], hash: config.value?.hash }));
}
