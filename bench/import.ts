/**
 * `subscribers import` of a list in no order, from the file to the store, beside csv-parse alone and a bare
 * loop that parses the same file and inserts what it finds; each in a process of its own, one after another.
 *
 *     npx node bench/import.ts [ROWS] [ROUNDS]
 */
import { spawnSync } from "node:child_process";
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { DatabaseSync } from "node:sqlite";
import { tmpdir } from "node:os";
import path from "node:path";

const [first, second, third] = process.argv.slice(2);
const INSERT = "INSERT OR IGNORE INTO subscriber VALUES (?, ?, ?, ?, ?, ?)";
const TABLE = `PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;
  CREATE TABLE subscriber (id INTEGER PRIMARY KEY, address TEXT UNIQUE, name TEXT, language TEXT,
    tags TEXT, subscribed_at TEXT) STRICT;`;

const PROBE = `process.once("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  process.stderr.write("PROBE " + JSON.stringify({ cpuUs: userCPUTime + systemCPUTime, rssKb: maxRSS }) + "\\n");
});`;

if (first === "csv-parse" || first === "bare") await baseline(first, second ?? "", third ?? "");
else compare(Number(first ?? 1_000_000), Number(second ?? 3));

function compare(rows: number, rounds: number): void {
  const folder = mkdtempSync(path.join(tmpdir(), "broadsheet-import-"));
  try {
    const list = path.join(folder, "list.csv");
    writeFileSync(list, listOf(rows));
    writeFileSync(path.join(folder, "broadsheet.config.json"), "{}");
    for (let round = 0; round < rounds; round++) {
      rmSync(path.join(folder, ".broadsheet"), { recursive: true, force: true });
      for (const end of ["", "-wal", "-shm"]) {
        rmSync(path.join(folder, `bare.db${end}`), { force: true });
      }
      const self = import.meta.filename;
      measure("csv-parse alone", rows, [self, "csv-parse", list, folder]);
      measure("bare insert loop", rows, [self, "bare", list, folder]);
      const command = path.resolve(import.meta.dirname, "../src/cli/main.ts");
      measure(
        "subscribers import",
        rows,
        [command, "subscribers", "import", list, "--quiet"],
        folder,
      );
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Rows a second on the wall and of CPU, and the most memory, as the process says when it ends. */
function measure(name: string, rows: number, args: readonly string[], cwd?: string): void {
  const probe = `data:text/javascript,${encodeURIComponent(PROBE)}`;
  const startedAt = performance.now();
  const { stderr, status } = spawnSync(process.execPath, ["--import", probe, ...args], {
    cwd,
    encoding: "utf8",
  });
  const seconds = (performance.now() - startedAt) / 1000;
  if (status !== 0) throw new Error(stderr);
  const { cpuUs, rssKb }: { cpuUs: number; rssKb: number } = JSON.parse(
    /PROBE (.*)/.exec(stderr)?.[1] ?? "{}",
  );
  const figures = [
    `${Math.round(rows / seconds / 1000)}k rows/s`,
    `${(cpuUs / rows).toFixed(1)} µs CPU a row`,
    `${Math.round(rssKb / 1024)} MB at most`,
  ];
  console.log(`${name.padEnd(20)}${figures.join("   ")}`);
}

async function baseline(kind: string, list: string, folder: string): Promise<void> {
  const { parse } = createRequire(import.meta.url)("csv-parse");
  const database = new DatabaseSync(kind === "bare" ? path.join(folder, "bare.db") : ":memory:");
  database.exec(kind === "bare" ? `${TABLE} BEGIN` : TABLE);
  const insert = database.prepare(INSERT);
  let id = 0;
  const parser = createReadStream(list).pipe(
    parse({
      relax_column_count: true,
      on_record: ([address, given, family, language, tags, since]: string[]) => {
        const name = `${given} ${family}`;
        if (kind === "bare")
          insert.run(id++, address ?? "", name, language ?? "", tags ?? "", since ?? "");
        return null;
      },
    }),
  );
  parser.resume();
  await new Promise((resolve) => parser.once("end", resolve));
  if (kind === "bare") database.exec("COMMIT");
}

/** Readers as services export them: by the day they came, so that their addresses are in no order. */
function listOf(rows: number): string {
  const given = ["Mara", "Jory", "Wenna", "Zoë", "Łukasz", "Aoife", "Kerra"];
  const family = ["Quill", "Pellow", "Tregear", '"Roskear, Jr."', "Ødegård", "van der Berg"];
  const lines = ["Email Address,First Name,Last Name,Language,Tags,Subscribed At"];
  for (let n = 0; n < rows; n++) {
    // A step without a common divisor with the count visits every number once.
    const reader = (n * 7_368_787) % rows;
    const address = `reader.${reader}@mail${reader % 997}.example`;
    const tags = n % 4 ? "" : '"harbour;news"';
    const day = String(1 + (n % 28)).padStart(2, "0");
    lines.push(
      `${address},${given[n % 7]},${family[n % 6]},${["en", "de", "fr"][n % 3]},${tags},2025-03-${day}T08:30:00Z`,
    );
  }
  return `${lines.join("\n")}\n`;
}
