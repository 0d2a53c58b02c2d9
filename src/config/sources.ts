import path from "node:path";
import type { SourceSetting } from "./source-settings.ts";

/** A place that new articles come from, and what is taken of it. */
export interface Source extends Readonly<SourceSetting> {
  /** What the store knows it by: the address, or the path as the config has it. */
  readonly name: string;
  /** An address, or an absolute path. */
  readonly from: string;
}

interface Given {
  readonly sources?: readonly SourceSetting[] | undefined;
  readonly content: string;
  readonly minItems: number;
  readonly maxItems?: number | undefined;
  readonly window?: number | undefined;
}

/** So far back, and so many stories, where feeds bring what nobody has chosen. */
const WINDOW_MS = 14 * 86_400_000;
const MOST_STORIES = 20;

/**
 * Where articles come from, and how many of them. A content folder is filled by hand and taken whole; what
 * comes by itself has bounds, so that a first issue is not all that a feed ever had.
 */
export function sourcesOf({ sources, content, minItems, ...given }: Given, folder: string) {
  const isOwn = sources === undefined;
  const { window = isOwn ? undefined : WINDOW_MS } = given;
  const { maxItems = isOwn ? undefined : Math.max(minItems, MOST_STORIES) } = given;
  return {
    sources: (sources ?? [contentSource(content)]).map((setting) => sourceOf(setting, folder)),
    ...(window !== undefined && { window }),
    ...(maxItems !== undefined && { maxItems }),
  };
}

function contentSource(from: string): SourceSetting {
  return { from, include: [], exclude: [], tags: [], pin: false };
}

function sourceOf(setting: SourceSetting, folder: string): Source {
  return { ...setting, name: setting.from, from: placeOf(setting.from, folder) };
}

function placeOf(from: string, folder: string): string {
  return /^https?:/i.test(from) ? from : path.resolve(folder, from);
}
