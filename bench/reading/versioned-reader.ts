import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import type * as html from "../../src/article/page.ts";
import type { StoredTrees } from "../../src/platform/boosted-trees.ts";

/** What of the reader's source is exchanged while it is loaded. */
export interface Version {
  readonly name: string;
  readonly weights: StoredTrees;
  readonly edits?: readonly Edit[];
}

/** A piece of a source file and what stands in its place; the piece must be there. */
export interface Edit {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

type Reader = typeof html;

const ARTICLE = new URL("../../src/article/", import.meta.url).href;
const versions = new Map<string, Version>();

/**
 * The reader of web pages with other weights: a copy of its modules, so that it is measured as it is wired, and nothing in
 * it knows of being measured.
 */
export async function loadReader(version: Version): Promise<Reader> {
  if (versions.size === 0) hook();
  versions.set(version.name, version);
  const reader: Reader = await import(`${ARTICLE}page.ts?version=${version.name}`);
  return reader;
}

// A module of a version has its name in its address, and what it imports gets the same.
function hook(): void {
  registerHooks({
    resolve(specifier, context, next) {
      const found = next(specifier, context);
      const version = versionOf(context.parentURL);
      if (!version || !found.url.startsWith(ARTICLE)) return found;
      return { ...found, url: `${found.url}?version=${version.name}` };
    },
    load(url, context, next) {
      const version = versionOf(url);
      const [file = ""] = url.slice(ARTICLE.length).split("?");
      if (version && file === "page/story-weights.json")
        return { format: "json", source: JSON.stringify(version.weights), shortCircuit: true };
      const loaded = next(url, context);
      const edits = version?.edits?.filter((edit) => edit.file === file) ?? [];
      if (edits.length === 0) return loaded;
      return { ...loaded, source: edits.reduce(edited, readFileSync(new URL(url), "utf8")) };
    },
  });
}

function versionOf(url: string | undefined): Version | undefined {
  const name = url === undefined ? undefined : /\?version=(.*)$/.exec(url)?.[1];
  return name === undefined ? undefined : versions.get(name);
}

function edited(source: string, { file, from, to }: Edit): string {
  if (!source.includes(from)) throw new Error(`${file} has no ${JSON.stringify(from)}`);
  return source.replace(from, () => to);
}
