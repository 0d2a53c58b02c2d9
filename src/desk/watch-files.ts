import path from "node:path";
import { watch } from "chokidar";
import { importedBy, CONFIG_FILES } from "../config/io/load-config.ts";

export interface Watched {
  /** The current files and folders of articles, absolute. The config, its imports, `.env` and templates are always watched. */
  readonly articles: () => readonly string[];
  readonly folder: string;
  readonly templates: string;
  /** The config file, if it does not have one of the usual names. */
  readonly configFile?: string | undefined;
}

/** Text editors write a file in several steps, and several files at once. */
const CALM_MS = 20;
/** Files that are not watched: hidden ones except .env, node_modules, and temporary files of text editors (4913 is Vim's). */
const PASSED_OVER = /^(?:\.(?!env$).+|node_modules|.*~|.*\.sw[px]|4913)$/;

/**
 * Calls `changed` shortly after a change of any input of an issue, and says whether a template was among them. Afterwards
 * the articles and the imports of the config are determined again.
 */
export async function watchFiles(
  { articles, folder, templates, configFile }: Watched,
  changed: (hasTemplates: boolean) => Promise<void>,
): Promise<{ close(): Promise<void> }> {
  const beside = (name: string) => path.join(folder, name);
  const configs = CONFIG_FILES.map(beside);
  if (configFile) configs.push(configFile);
  const changing = () => [...articles(), ...configs.flatMap(importedBy)];
  const paths = new Set([templates, beside(".env"), ...configs, ...changing()]);
  const watcher = watch([...paths], {
    ignoreInitial: true,
    ignored: (file) => !paths.has(file) && PASSED_OVER.test(path.basename(file)),
  });
  let timer: NodeJS.Timeout | undefined;
  let hasTemplates = false;
  const tell = async (): Promise<void> => {
    const shown = changed(hasTemplates);
    hasTemplates = false;
    await shown;
    if (watcher.closed) return;
    const more = changing().filter((file) => !paths.has(file));
    for (const file of more) paths.add(file);
    watcher.add(more);
  };
  watcher.on("all", (_event, file) => {
    hasTemplates ||= file.startsWith(templates + path.sep);
    clearTimeout(timer);
    timer = setTimeout(() => void tell(), CALM_MS);
  });
  await new Promise<void>((resolve) => watcher.once("ready", () => resolve()));
  return {
    close: async () => {
      clearTimeout(timer);
      await watcher.close();
    },
  };
}
