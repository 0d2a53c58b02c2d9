import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { declaredCharset } from "../../src/article/decode-source.ts";

const project = path.join(import.meta.dirname, "../..");
export const corpora = path.resolve(
  project,
  process.env["BROADSHEET_CORPORA"] ?? "../shared/corpora",
);
export const scorers = path.resolve(
  project,
  process.env["BROADSHEET_SCORERS"] ?? "../shared/bench",
);

export type Folder = "en" | "multilingual" | "vetted" | "fields";

export interface Sample {
  readonly folder: Folder;
  readonly id: string;
  readonly html: string;
  /** The page's site. Pages of one site are never on both sides of a test. */
  readonly site: string;
  readonly gold: Gold;
}

/** The labels of a page in the corpora. */
interface Gold {
  readonly articleBody?: string;
  readonly with?: readonly string[];
  readonly without?: readonly string[];
  readonly url?: string;
  readonly firstWords?: string;
  readonly title?: string;
  readonly author?: string | readonly string[];
  readonly date?: string;
}

const GOLD: Readonly<Record<Folder, string>> = {
  en: "ground-truth.json",
  multilingual: "gold.json",
  vetted: "gold.json",
  fields: "gold.json",
};

/** The pages of a folder of `articles`, read once. */
export function samplesOf(folder: Folder): readonly Sample[] {
  const samples = known.get(folder) ?? readSamples(folder);
  known.set(folder, samples);
  return samples;
}

const known = new Map<Folder, readonly Sample[]>();

function readSamples(folder: Folder): Sample[] {
  const place = path.join(corpora, "articles", folder);
  const gold: Record<string, Gold> = JSON.parse(readFileSync(goldFile(folder), "utf8"));
  const byId = new Map(
    Object.entries(gold).map(([id, entry]) => [id.replace(/\.html\.gz$/, ""), entry]),
  );
  return readdirSync(place)
    .filter((file) => file.endsWith(".html.gz"))
    .flatMap((file): Sample[] => {
      const id = file.replace(/\.html\.gz$/, "");
      const entry = byId.get(id);
      if (!entry) return [];
      const html = decode(gunzipSync(readFileSync(path.join(place, file))));
      return [{ folder, id, html, gold: entry, site: siteOf(html, id, entry.url) }];
    });
}

export function goldFile(folder: Folder): string {
  return path.join(corpora, "articles", folder, GOLD[folder]);
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder(declaredCharset(bytes) ?? "windows-1252").decode(bytes);
  }
}

const CANONICAL = /<(?:link|meta)\b[^>]*(?:rel=["']?canonical|og:url)[^>]*>/gi;

// The name before the suffix identifies the site: bbc.com, bbc.co.uk and a file "bbc-1".
function siteOf(html: string, id: string, url: string | undefined): string {
  const tags = [...html.matchAll(CANONICAL)].map(([tag]) => tag);
  const address = [url ?? "", ...tags].map((text) => /https?:\/\/([\w.-]+)/.exec(text)?.[1]);
  const host = address.find(
    (name) => name !== undefined && name !== "fakehost" && name !== "web.archive.org",
  );
  if (host === undefined)
    return (id.includes(".") ? nameOf(id) : id.replace(/-\d+$/, "")).toLowerCase();
  return nameOf(host.toLowerCase());
}

function nameOf(host: string): string {
  const parts = host.split(".");
  const isSecondLevel =
    parts.length > 2 && /^(?:co|com|org|net|gov|edu|ac|or|ne|go)$/.test(parts.at(-2) ?? "");
  return parts.at(isSecondLevel ? -3 : -2) ?? host;
}

/** The fold of a site, the same in every run and independent of other pages. */
export function foldOf(site: string, folds: number): number {
  let hash = 2166136261;
  for (const char of site) hash = Math.imul(hash ^ char.charCodeAt(0), 16777619) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0;
  return ((hash ^ (hash >>> 12)) >>> 0) % folds;
}
