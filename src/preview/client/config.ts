import { signal } from "@preact/signals";
import type { LookData } from "../page-data.ts";
import { askDesk, type Done } from "./live.ts";
import { inTurn } from "./operations.ts";

/** The keys of a setting, from the outermost on. */
export type Path = readonly (string | number)[];

/** The config as its file has it; undefined before the server was asked for it. */
export const config = signal<LookData | undefined>(undefined);

/** Asks for the config, or changes it with a body. What the server has then is shown. */
export async function takeConfig(path = "/~config", body?: () => object): Promise<Done> {
  return inTurn(async () => {
    const done = await askDesk<LookData>(path, body?.());
    if (done.given) config.value = done.given;
    return done;
  });
}

/** Writes a setting. Without a value it is removed, so that its default holds. */
export async function changeConfig(
  change: () => { readonly path: Path; readonly value?: unknown },
): Promise<Done> {
  return takeConfig("/~config", () => ({ changes: [change()], hash: config.value?.hash }));
}
