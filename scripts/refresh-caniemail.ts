/**
 * Writes src/check/support/caniemail.json anew: what the newest version of each client knows, by the data of the npm
 * package `caniemail`, which brings 39 packages for a matcher that isn't used. `npm run refresh:caniemail` takes the
 * release that the file was made from, and writes the same bytes; `npm run refresh:caniemail -- latest` moves on.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { z } from "zod";

const TARGET = new URL("../src/check/support/caniemail.json", import.meta.url);

/** Its own licence is MIT too, with this notice; the package's has those of its authors alone. */
const OF_THE_DATA = "The data of https://www.caniemail.com, Copyright (c) 2019 HTeuMeuLeu";

const raw = z.object({
  last_update_date: z.string(),
  nicenames: z.object({
    family: z.record(z.string(), z.string()),
    platform: z.record(z.string(), z.string()),
  }),
  data: z.array(
    z.object({
      slug: z.string(),
      title: z.string(),
      stats: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.string()))),
      notes_by_num: z.record(z.string(), z.string()).nullable(),
    }),
  ),
});
type Raw = z.infer<typeof raw>;

const manifest = z.object({ version: z.string() });

const [release = releaseOf(readFileSync(TARGET, "utf8"))] = process.argv.slice(2);
const folder = mkdtempSync(path.join(tmpdir(), "broadsheet-caniemail-"));
try {
  const quietly = ["--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];
  execFileSync("npm", ["install", ...quietly, "--prefix", folder, `caniemail@${release}`]);
  const read = (file: string) =>
    readFileSync(path.join(folder, "node_modules/caniemail", file), "utf8");
  const { version } = manifest.parse(JSON.parse(read("package.json")));
  const data = raw.parse(JSON.parse(read("data/caniemail.json")));
  writeFileSync(TARGET, written(data, version, read("LICENSE")));
} finally {
  rmSync(folder, { recursive: true });
}

function releaseOf(file: string): string {
  return z.object({ release: z.string() }).parse(JSON.parse(file)).release;
}

/** A line for each client and feature, so that what a release changes can be read. */
function written(data: Raw, release: string, licence: string): string {
  const clients = clientsOf(data);
  return `{
  "licence": ${JSON.stringify(`${OF_THE_DATA}\n\n${licence.trim()}`)},
  "release": ${JSON.stringify(release)},
  "date": ${JSON.stringify(data.last_update_date.slice(0, 10))},
  "clients": [${lines(clients.map((client) => ({ client, name: nameOf(client, data) })))}
  ],
  "features": [${lines(data.data.map((feature) => featureOf(feature, clients)))}
  ]
}
`;
}

function clientsOf({ data }: Raw): string[] {
  const clients = data
    .flatMap(({ stats }) => Object.entries(stats))
    .flatMap(([family, platforms]) =>
      Object.keys(platforms).map((platform) => `${family}.${platform}`),
    );
  return [...new Set(clients)];
}

/** "Gmail on Android" */
function nameOf(client: string, { nicenames }: Raw): string {
  const [family = "", platform = ""] = client.split(".");
  const name = nicenames.family[family] ?? family;
  if (platform === "desktop-webmail") return name;
  if (platform === "outlook-com") return "Outlook.com";
  return `${name} on ${nicenames.platform[platform] ?? platform}`;
}

function lines(values: readonly unknown[]): string {
  return values.map((value) => `\n    ${JSON.stringify(value)}`).join(",");
}

/** `support` has a word for each client: `y`, `n`, `a` (in part) or `u`, and the number of the note that restricts it. */
function featureOf(
  { slug, title, stats, notes_by_num: numbered }: Raw["data"][number],
  clients: readonly string[],
) {
  const notes: string[] = [];
  const support = clients.map((client) => {
    const [family = "", platform = ""] = client.split(".");
    const value = newest(stats[family]?.[platform] ?? {});
    const level = /^[yan]/.exec(value)?.[0] ?? "u";
    const note = numbered?.[/#(\d+)/.exec(value)?.[1] ?? ""] ?? "";
    if (note === "") return level;
    if (!notes.includes(note)) notes.push(note);
    return `${level}${notes.indexOf(note) + 1}`;
  });
  return { slug, title: title.trim(), support: support.join(" "), notes };
}

/**
 * The value of the last test. Versions are named by a year (Outlook 2019), by numbers (16.80), and since
 * clients update themselves by the month of the test (2024-01). Where months are among them the order in
 * which they are written is that of the tests; numbers alone may have been put into another one.
 */
function newest(versions: Readonly<Record<string, string>>): string {
  const names = Object.keys(versions);
  const isByNumber = names.every((name) => /^[\d.]+$/.test(name));
  const last = isByNumber ? names.sort(compareVersions).at(-1) : names.at(-1);
  return last === undefined ? "" : (versions[last] ?? "");
}

function compareVersions(a: string, b: string): number {
  if (isYear(a) !== isYear(b)) return isYear(a) ? -1 : 1;
  return a.localeCompare(b, "en", { numeric: true });
}

function isYear(version: string): boolean {
  return /^20\d\d$/.test(version);
}
