/**
 * Sending, side by side in one run: the script that people write today (Handlebars and MJML for each reader,
 * nodemailer's pool), nodemailer composing, nodemailer with finished messages, and ours with its ledger on the
 * disk, all over ten connections to a server in a process of its own that takes everything. Postfix's
 * smtp-source joins where it is installed.
 *
 *     npx node bench/send.ts [ROUNDS]
 *     npx node bench/send.ts memory [COUNT]      ours alone, for the memory it takes
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { sampleIssue } from "./sample-issue.ts";
import type { Measure } from "./send-measure.ts";

const run = promisify(execFile);
const HERE = import.meta.dirname;

interface Contender {
  readonly name: string;
  readonly count: number;
  readonly script: string;
  readonly also?: readonly string[];
}

const CONTENDERS: readonly Contender[] = [
  { name: "naive script", count: 200, script: "send-naive.mjs" },
  { name: "nodemailer, composing", count: 1_000, script: "send-nodemailer.ts", also: ["compose"] },
  { name: "nodemailer, raw", count: 4_000, script: "send-nodemailer.ts", also: ["raw"] },
  { name: "ours, with ledger", count: 20_000, script: "send-ours.ts" },
  { name: "ours, signed", count: 5_000, script: "send-ours.ts", also: ["dkim"] },
];

const folder = mkdtempSync(path.join(tmpdir(), "broadsheet-send-"));
const file = path.join(folder, "email.json");
writeFileSync(file, JSON.stringify({ digest: "bench", ...(await sampleIssue()) }));
const sink = await startSink();
try {
  if (process.argv[2] === "memory") await showMemory(Number(process.argv[3] ?? 200_000));
  else await compare(Number(process.argv[2] ?? 5));
} finally {
  sink.process.kill();
  rmSync(folder, { recursive: true });
}

async function compare(rounds: number): Promise<void> {
  const measures = new Map<string, Measure[]>();
  for (let round = 0; round < rounds; round++) {
    for (const contender of CONTENDERS) {
      const measure = await race(contender);
      measures.set(contender.name, [...(measures.get(contender.name) ?? []), measure]);
    }
    await raceSmtpSource(measures);
  }
  const naive = median(measures.get("naive script") ?? [], rate);
  console.log(`email.json ${(statSync(file).size / 1024).toFixed(0)} KB, medians of ${rounds}`);
  console.log(`${"".padEnd(24)}${cells(["msg/s", "× naive", "CPU µs", "RSS MB"])}`);
  for (const [name, all] of measures) {
    const speed = median(all, rate);
    const times = (speed / naive).toFixed(1);
    const cpu = median(all, ({ cpuUs }) => cpuUs).toFixed(0);
    const rss = median(all, ({ rssMb }) => rssMb).toFixed(0);
    console.log(`${name.padEnd(24)}${cells([speed.toFixed(0), times, cpu, rss])}`);
  }
}

async function showMemory(count: number): Promise<void> {
  const measure = await race({ name: "ours", count, script: "send-ours.ts" });
  console.log(
    `${count} recipients: ${rate(measure).toFixed(0)} msg/s, RSS ${measure.rssMb.toFixed(0)} MB at the end, ` +
      `${measure.rssGrowthMb.toFixed(1)} MB more than at a tenth`,
  );
}

/** One contender in a process of its own; fails where the server hasn't got every message. */
async function race({ script, count, also = [] }: Contender): Promise<Measure> {
  const before = await sink.taken();
  const args = [path.join(HERE, script), file, String(sink.port), String(count), ...also];
  const { stdout } = await run(process.execPath, args);
  const taken = (await sink.taken()) - before;
  if (taken !== count) throw new Error(`${script}: ${taken} of ${count} arrived`);
  const measure: Measure = JSON.parse(stdout);
  return measure;
}

/** Postfix's own generator of load, in C: a message of the same size, composed of one letter. */
async function raceSmtpSource(measures: Map<string, Measure[]>): Promise<void> {
  const count = 20_000;
  const size = String(Math.round(statSync(file).size * 1.1));
  const args = ["-c", "-s", "10", "-m", String(count), "-l", size, "-f", "a@b.example"];
  const begun = performance.now();
  try {
    await run("smtp-source", [...args, "-t", "c@d.example", `127.0.0.1:${sink.port}`]);
  } catch {
    return;
  }
  const ms = performance.now() - begun;
  const measure = { count, ms, cpuUs: Number.NaN, rssMb: Number.NaN, rssGrowthMb: Number.NaN };
  measures.set("smtp-source", [...(measures.get("smtp-source") ?? []), measure]);
}

interface Sink {
  readonly process: ChildProcess;
  readonly port: number;
  readonly taken: () => Promise<number>;
}

async function startSink(): Promise<Sink> {
  const child = spawn(process.execPath, [path.join(HERE, "light-sink.ts")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const next = async (): Promise<number> => Number((await lines.next()).value);
  const port = await next();
  const taken = async (): Promise<number> => {
    child.stdin.write("\n");
    return next();
  };
  return { process: child, port, taken };
}

function rate({ count, ms }: Measure): number {
  return (count / ms) * 1000;
}

function median(measures: readonly Measure[], of: (measure: Measure) => number): number {
  const values = measures.map(of).toSorted((a, b) => a - b);
  return values[Math.floor(values.length / 2)] ?? Number.NaN;
}

function cells(values: readonly string[]): string {
  return values.map((value) => value.padStart(10)).join("");
}
