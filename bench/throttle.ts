/**
 * An issue through a relay that takes so many messages in a second and says "454 Throttling failure" to the others
 * when it has them, as Amazon SES does: which share of the limit two runs use, each for half of the readers. The second
 * one knows what the first has learned.
 *
 *     npx node bench/throttle.ts [READERS] [A SECOND]
 *
 * It leaves with 1 where the two don't serve everybody, where anybody is put off, or where the shares are below 0.85
 * and 0.95.
 */
import { rm } from "node:fs/promises";
import { mailingProject, SLOT, stateOf } from "../tests/cli/mailing-project.ts";
import { startFaultServer } from "../tests/fault-server.ts";

const READERS = Number(process.argv[2] ?? 1_000);
const RATE = Number(process.argv[3] ?? 14);
const DOMAINS = 40;

const server = await startFaultServer({
  keepsBodies: false,
  faults: [
    {
      at: "dot",
      perSecond: RATE,
      say: "454 Throttling failure: Maximum sending rate exceeded.",
    },
  ],
});
const recipients = Array.from({ length: READERS }, (_, n) => `r${n}@d${n % DOMAINS}.example`);
const project = await mailingProject({ port: server.port, recipients });
try {
  const first = await share(["--limit", String(READERS / 2)]);
  const second = await share([]);
  const { accepted, deferred } = second;
  const tried = server.commands.filter((line) => line.startsWith("RCPT")).length;
  const twice = server.taken.length - new Set(server.taken.map(({ to }) => to)).size;
  console.log(`exit ${second.code}, ${accepted} accepted, ${deferred} put off, ${twice} twice`);
  console.log(`${tried - accepted} of ${tried} attempts were throttled`);
  console.log(`share of the limit: ${first.share.toFixed(3)}, then ${second.share.toFixed(3)}`);
  const isServed = second.code === 0 && accepted === READERS && deferred + twice === 0;
  process.exitCode = isServed && first.share >= 0.85 && second.share >= 0.95 ? 0 : 1;
} finally {
  await rm(project.cwd, { recursive: true });
  await server.close();
}

/** One run: how much of what the relay would take in the time from its first message to its last. */
async function share(limit: readonly string[]) {
  const before = server.taken.length;
  let begun = 0;
  const run = project.start(["send", SLOT, "--yes", "--json", ...limit]);
  const watch = setInterval(() => {
    if (begun === 0 && server.taken.length > before) begun = performance.now();
  }, 5);
  const ended = await run.ended;
  clearInterval(watch);
  const seconds = (performance.now() - begun) / 1000;
  const { accepted, deferred } = stateOf(ended);
  const taken = server.taken.length - before;
  return { code: ended.code, accepted, deferred, share: taken / RATE / seconds };
}
