import path from "node:path";
import { watch } from "chokidar";
import type { Config } from "../config.ts";

export interface Watched {
  /** Files and folders of articles, absolute; the config, `.env` and the templates are watched anyway. */
  readonly articles: readonly string[];
  readonly config: Config;
  /** The config's own file, where it has another name than those that are looked for. */
  readonly configFile?: string | undefined;
}

/** Editors write a file in several steps, and several files at once. */
const CALM_MS = 20;
/** Hidden files, and what editors leave beside the file that they write. */
const PASSED_OVER = /^(?:\.(?!env$).+|node_modules|.*~|.*\.sw[px]|4913)$/;

/**
 * Calls `changed` some moments after anything changed that an issue is made of, with whether templates were
 * among it.
 */
export async function watchFiles(
  { articles, config: { folder, templates }, configFile }: Watched,
  changed: (hasTemplates: boolean) => void,
): Promise<{ close(): Promise<void> }> {
  const configs = ["broadsheet.config.ts", "broadsheet.config.json", ".env"].map((name) =>
    path.join(folder, name),
  );
  const paths = [...articles, templates, ...configs, ...(configFile ? [configFile] : [])];
  const watcher = watch(paths, {
    ignoreInitial: true,
    ignored: (file) => !paths.includes(file) && PASSED_OVER.test(path.basename(file)),
  });
  let timer: NodeJS.Timeout | undefined;
  let hasTemplates = false;
  watcher.on("all", (_event, file) => {
    hasTemplates ||= file.startsWith(templates + path.sep);
    clearTimeout(timer);
    timer = setTimeout(() => {
      changed(hasTemplates);
      hasTemplates = false;
    }, CALM_MS);
  });
  await new Promise<void>((resolve) => watcher.once("ready", () => resolve()));
  return {
    close: async () => {
      clearTimeout(timer);
      await watcher.close();
    },
  };
}
