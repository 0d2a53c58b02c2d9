/**
 * Sending, side by side in one run: the script that people write today (Handlebars and MJML for each reader,
 * nodemailer's pool), nodemailer composing, nodemailer with finished messages, and ours with its ledger on the
 * disk. All use ten connections to a server in a process of its own that takes everything. All stand beside Postfix's
 * smtp-source, where it is installed.
 *
 *     npx node bench/send.ts [ROUNDS]
 *     npx node bench/send.ts memory [COUNT]      ours alone, for the memory it takes
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { sampleIssue } from "./sample-issue.ts";
import { type Measure, reader } from "./send-measure.ts";

const run = promisify(execFile);
const SMTP_SOURCE = "smtp-source";
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
  const source = measures.get(SMTP_SOURCE) ?? [];
  const [speedOfSource, cpuOfSource] = [median(source, rate), median(source, cpuOf)];
  console.log(`messages of ${((await messageSize()) / 1000).toFixed(1)} KB, medians of ${rounds}`);
  console.log(`${"".padEnd(24)}${cells(["msg/s", "beside", "CPU µs", "beside", "RSS MB"])}`);
  for (const [name, all] of measures) {
    const [speed, used] = [median(all, rate), median(all, cpuOf)];
    const [times, cpu] = [(speed / speedOfSource).toFixed(2), used.toFixed(0)];
    const cpuTimes = (used / cpuOfSource).toFixed(2);
    const rss = name === SMTP_SOURCE ? "" : median(all, ({ rssMb }) => rssMb).toFixed(0);
    console.log(`${name.padEnd(24)}${cells([speed.toFixed(0), times, cpu, cpuTimes, rss])}`);
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

/**
 * Postfix's own generator of load, in C: a message of the same size, composed of one letter. `-d` keeps the connections
 * for all messages, as we do.
 */
async function raceSmtpSource(measures: Map<string, Measure[]>): Promise<void> {
  const count = 20_000;
  const size = String(await messageSize());
  const args = ["-d", "-s", "10", "-m", String(count), "-l", size, "-f", "a@b.example"];
  const command = ["smtp-source", ...args, "-t", "c@d.example", `127.0.0.1:${sink.port}`];
  try {
    // The shell's `times` has the processor's time of what it has run.
    const begun = performance.now();
    const { stdout } = await run("bash", ["-c", `${command.join(" ")} && times`]);
    const ms = performance.now() - begun;
    const cpuUs = (cpuSecondsIn(stdout) * 1e6) / count;
    const measure = { count, ms, cpuUs, rssMb: Number.NaN, rssGrowthMb: Number.NaN };
    measures.set(SMTP_SOURCE, [...(measures.get(SMTP_SOURCE) ?? []), measure]);
  } catch {
    // It isn't installed.
  }
}

/** The second line of `times`: "0m0.071s 0m0.405s". */
function cpuSecondsIn(times: string): number {
  const [, ofChildren = ""] = times.trim().split("\n");
  return [...ofChildren.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds),
    0,
  );
}

async function messageSize(): Promise<number> {
  const { compileMessage, messageFor, sizeOf } = await import("../src/delivery/compile-message.ts");
  const { MAILING } = await import("./send-measure.ts");
  const { parseEmailJson } = await import("../src/email/email.ts");
  const email = parseEmailJson(readFileSync(file, "utf8"), file);
  return sizeOf(messageFor(compileMessage(email, MAILING), reader(7)));
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

function cpuOf({ cpuUs }: Measure): number {
  return cpuUs;
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
