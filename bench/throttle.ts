/**
 * An issue through a relay that takes so many messages in a second and says "454 Throttling failure" to the others
 * when it has them, as Amazon SES does: how long that takes, against the time that the limit needs.
 *
 *     npx node bench/throttle.ts [READERS] [A SECOND]
 *
 * It leaves with 1 where one run doesn't serve everybody, where anybody is put off, or where it takes more than
 * twice as long as it must.
 */
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
  const begun = performance.now();
  const run = await project.start(["send", SLOT, "--yes", "--json"]).ended;
  const seconds = (performance.now() - begun) / 1000;
  const least = READERS / RATE;
  const { accepted, deferred } = stateOf(run);
  const tried = server.commands.filter((line) => line.startsWith("RCPT")).length;
  const twice = server.taken.length - new Set(server.taken.map(({ to }) => to)).size;
  console.log(`exit ${run.code}, ${accepted} accepted, ${deferred} put off, ${twice} twice`);
  console.log(`${tried - accepted} of ${tried} attempts were throttled`);
  console.log(
    `${seconds.toFixed(0)} s, and ${least.toFixed(0)} at least: ${(seconds / least).toFixed(2)} times`,
  );
  const isServed = run.code === 0 && accepted === READERS && deferred + twice === 0;
  process.exitCode = isServed && seconds <= 2 * least ? 0 : 1;
} finally {
  await project.remove();
  await server.close();
}
