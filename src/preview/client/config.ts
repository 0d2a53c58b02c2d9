import { signal } from "@preact/signals";
import type { LookData } from "../page-data.ts";
import { askDesk, type Done } from "./live.ts";
import { inTurn } from "./operations.ts";

/** The keys that lead to a setting, outermost first. */
export type Path = readonly (string | number)[];

/** The content of the config file; undefined until the server has sent it. */
export const config = signal<LookData | undefined>(undefined);

/** Loads the config, or changes it when there is a body. Afterwards the page shows the server's state. */
export async function takeConfig(path = "/~config", body?: () => object | undefined) {
  return inTurn(async () => {
    const done = await askDesk<LookData>(path, body?.());
    if (done.given) config.value = done.given;
    return done;
  });
}

export type Change = { readonly path: Path; readonly value?: unknown };

/** Writes a setting. A change without a value removes the setting, and its default applies. Without a change the config is only loaded. */
export async function changeConfig(change: () => Change | undefined): Promise<Done> {
  const body = (wanted = change()) => wanted && { changes: [wanted], hash: config.value?.hash };
  return takeConfig("/~config", body);
}
