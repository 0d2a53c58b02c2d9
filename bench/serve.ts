/**
 * How long a reader waits for the page behind an unsubscribe link, 20 asked for in a second: alone, and beside a `send` of
 * 50 messages a second with 5 one-click requests a second. Then the memory of the server after 10,000 requests and after
 * 100,000.
 *
 *     npx node bench/serve.ts [SECONDS] [REQUESTS]
 *
 * It leaves with 1 where the 99th percentile beside `send` is more than 25 ms above that alone, where a request fails, or
 * where the memory has grown by more than a tenth.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { Agent, request } from "node:http";
import { systemClock } from "../src/platform/clock.ts";
import { openAudience } from "../src/subscribers/io/audience.ts";
import { keyringOf, mintToken } from "../src/subscribers/tokens.ts";
import { mailingProject, people, SECRET, SLOT, stateOf } from "../tests/cli/mailing-project.ts";

const SECONDS = Number(process.argv[2] ?? 60);
const REQUESTS = Number(process.argv[3] ?? 100_000);
const GETS = 20;
const POSTS = 5;
const RATE = 50;
const ALLOWED_MS = 25;
const ALLOWED_GROWTH = 1.1;
const AT_A_TIME = 8;

// A process of its own, so that it doesn't hold up the clock of who asks.
const sink = spawn(process.execPath, [`${import.meta.dirname}/light-sink.ts`]);
const [line] = await once(sink.stdout, "data");
// Half of the readers leave while the other half is sent to.
const recipients = people(SECONDS * RATE * 3);
const project = await mailingProject({
  port: Number(line),
  recipients,
  config: { site: "https://slipway.example", serve: { port: 0 }, smtp: { rate: RATE } },
});
const tokens = await tokensOf();
const server = project.start(["serve"]);
const port = await portOf();
const keepAlive = new Agent({ keepAlive: true, maxSockets: AT_A_TIME });
let failed = 0;

try {
  await many(2_000);
  const alone = await latency(SECONDS);
  const sending = project.start(["send", SLOT, "--yes", "--json", "--quiet"]);
  const leaving = atRate(POSTS, SECONDS, async () => ask("POST", tokens.pop() ?? ""));
  const beside = await latency(SECONDS);
  await leaving;
  sending.process.kill("SIGINT");
  const { accepted } = stateOf(await sending.ended);
  console.log(`alone   ${shown(alone)}`);
  console.log(`beside  ${shown(beside)}, ${(accepted / SECONDS).toFixed(0)} sent a second`);
  await many(REQUESTS / 10);
  const early = rssMb();
  await many(REQUESTS - REQUESTS / 10);
  const growth = rssMb() / early;
  console.log(
    `memory  ${early.toFixed(0)} MB, ${growth.toFixed(2)} times that at the end; ${failed} failed`,
  );
  const isQuick = percentile(beside, 0.99) <= percentile(alone, 0.99) + ALLOWED_MS;
  process.exitCode = isQuick && growth <= ALLOWED_GROWTH && failed === 0 ? 0 : 1;
} finally {
  server.process.kill("SIGTERM");
  await server.ended;
  keepAlive.destroy();
  await rm(project.cwd, { recursive: true });
  sink.kill();
}

async function tokensOf(): Promise<string[]> {
  const { store, env } = project;
  const config = { store: { file: store }, slug: "the-slipway", secrets: { secret: SECRET } };
  await using audience = await openAudience(config, systemClock, { env });
  const list = await audience.listUid();
  const keyring = keyringOf(SECRET);
  const tokens: string[] = [];
  for await (const { id: subscriberId } of audience.subscribers())
    tokens.push(mintToken({ subscriberId, list }, keyring));
  return tokens;
}

async function portOf(): Promise<number> {
  const { stderr } = server.process;
  if (!stderr) throw new Error("stderr is not read");
  for (;;) {
    const found = /127\.0\.0\.1:(\d+)/.exec(server.said())?.[1];
    if (found !== undefined) return Number(found);
    await once(stderr, "data");
  }
}

/** Asks for the page of a token, or leaves as a mail program does; how long that took. */
async function ask(method: "GET" | "POST", token: string, agent?: Agent): Promise<number> {
  const begun = performance.now();
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const asked = request({ port, host: "127.0.0.1", path: `/u/${token}`, method, headers, agent });
  asked.end(method === "POST" ? "List-Unsubscribe=One-Click" : undefined);
  const [answer] = await once(asked, "response");
  answer.resume();
  await once(answer, "end");
  if (answer.statusCode !== 200) failed += 1;
  return performance.now() - begun;
}

/** Does something so many times a second, however long each takes. */
async function atRate(
  rate: number,
  seconds: number,
  work: () => Promise<number>,
): Promise<number[]> {
  const begun: Promise<number>[] = [];
  const start = performance.now();
  for (let count = 0; count < rate * seconds; count += 1) {
    const wait = start + (count * 1_000) / rate - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    begun.push(work());
  }
  return Promise.all(begun);
}

async function latency(seconds: number): Promise<number[]> {
  let next = 0;
  return atRate(GETS, seconds, async () => ask("GET", tokens[next++ % 100] ?? ""));
}

async function many(count: number): Promise<void> {
  let left = count;
  const worker = async (): Promise<void> => {
    while (left-- > 0) await ask("GET", tokens[left % 100] ?? "", keepAlive);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
}

function percentile(times: readonly number[], share: number): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length * share)] ?? Number.NaN;
}

function shown(times: readonly number[]): string {
  const [half, most, worst] = [0.5, 0.99, 1 - 1e-9].map((share) => percentile(times, share));
  return `p50 ${half?.toFixed(1)} ms, p99 ${most?.toFixed(1)} ms, worst ${worst?.toFixed(1)} ms of ${times.length}`;
}

function rssMb(): number {
  const status = readFileSync(`/proc/${server.process.pid}/status`, "utf8");
  return Number(/^VmRSS:\s*(\d+)/m.exec(status)?.[1]) / 1_024;
}
