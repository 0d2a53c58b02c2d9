import { createRequire } from "node:module";

/** A feature of HTML, CSS or pictures, as caniemail.com has tested it. */
export interface Feature {
  /** `html-video`, `css-at-media` */
  readonly slug: string;
  /** `<video> element`, `@media` */
  readonly title: string;
  readonly url: string;
  /** What the newest version does that was tested of a client, such as `gmail.ios`. */
  supportIn(client: string): Support;
}

interface Support {
  readonly level: "yes" | "partly" | "no" | "unknown";
  /** What restricts it, in the words of caniemail.com. */
  readonly note?: string | undefined;
}

const NOTHING: Readonly<Record<string, unknown>> = {};

/** Not imported, or whatever bundles or tests would make a program of 640 KB of it. */
const data: unknown = createRequire(import.meta.url)("caniemail/caniemail.json");

/** The day of the data, YYYY-MM-DD. The package is pinned, so that the same mail is told the same. */
export const SUPPORT_DATE = textIn(data, "last_update_date").slice(0, 10);

/** By their slugs. */
export const FEATURES: ReadonlyMap<string, Feature> = new Map(
  listIn(data, "data").map((raw) => [textIn(raw, "slug"), featureOf(raw)]),
);

/** Every client that was tested: its family and platform, such as `gmail.ios`. */
export function testedClients(): string[] {
  const stats = listIn(data, "data").flatMap((raw) => Object.entries(recordIn(raw, "stats")));
  const clients = stats.flatMap(([family, platforms]) =>
    Object.keys(asRecord(platforms)).map((platform) => `${family}.${platform}`),
  );
  return [...new Set(clients)];
}

/** What a client is called: "Gmail on Android". */
export function clientName(client: string): string {
  const [family = "", platform = ""] = client.split(".");
  const names = recordIn(data, "nicenames");
  const name = textIn(names["family"], family) || family;
  return platform === "desktop-webmail"
    ? name
    : platform === "outlook-com"
      ? "Outlook.com"
      : `${name} on ${textIn(names["platform"], platform) || platform}`;
}

function featureOf(raw: unknown): Feature {
  const notes = recordIn(raw, "notes_by_num");
  const stats = recordIn(raw, "stats");
  return {
    slug: textIn(raw, "slug"),
    title: textIn(raw, "title").trim(),
    url: textIn(raw, "url"),
    supportIn: (client) => {
      const [family = "", platform = ""] = client.split(".");
      return supportOf(newest(recordIn(stats[family], platform)), notes);
    },
  };
}

/** `a #1 #2`: the letter says how far, the numbers say which notes. */
function supportOf(value: string, notes: Readonly<Record<string, unknown>>): Support {
  const level = LEVELS.get(value.charAt(0)) ?? "unknown";
  const note = textIn(notes, /#(\d+)/.exec(value)?.[1] ?? "");
  return note === "" ? { level } : { level, note };
}

const LEVELS: ReadonlyMap<string, Support["level"]> = new Map([
  ["y", "yes"],
  ["a", "partly"],
  ["n", "no"],
]);

/**
 * The value of the last test. Versions are named by a year (Outlook 2019), by numbers (16.80), and since
 * clients update themselves by the month of the test (2024-01). Where months are among them the order in
 * which they are written is that of the tests; numbers alone may have been put into another one.
 */
function newest(versions: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(versions);
  const isByNumber = names.every((name) => /^[\d.]+$/.test(name));
  const last = isByNumber ? names.sort(compareVersions).at(-1) : names.at(-1);
  return last === undefined ? "" : textIn(versions, last);
}

function compareVersions(a: string, b: string): number {
  if (isYear(a) !== isYear(b)) return isYear(a) ? -1 : 1;
  return a.localeCompare(b, "en", { numeric: true });
}

function isYear(version: string): boolean {
  return /^20\d\d$/.test(version);
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : NOTHING;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function recordIn(value: unknown, key: string): Readonly<Record<string, unknown>> {
  return asRecord(asRecord(value)[key]);
}

function listIn(value: unknown, key: string): readonly unknown[] {
  const list = asRecord(value)[key];
  return Array.isArray(list) ? list : [];
}

function textIn(value: unknown, key: string): string {
  const text = asRecord(value)[key];
  return typeof text === "string" ? text : "";
}
