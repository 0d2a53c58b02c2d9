/**
 * Signing whole messages (DKIM, RSA of 2048 bits) beside what the processor can do at most: bare signatures
 * by `openssl speed` in two processes. Each in turn, in one run; by the clock, and by the processor's time, which
 * says the same on an idle machine of two cores and doesn't count the neighbours on another.
 *
 *     npx node bench/dkim.ts [ROUNDS]
 */
import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { compileMessage, messageFor } from "../src/delivery/compile-message.ts";
import { signMessage } from "../src/delivery/dkim.ts";
import { sampleIssue } from "./sample-issue.ts";
import { each, reader } from "./send-measure.ts";

const SECONDS = 3;
const MESSAGES = 10_000;
const AT_A_TIME = 20;
const date = new Date("2026-11-24T07:00:00Z");
const key = {
  domain: "tidewrack.example",
  selector: "s1",
  key: generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey,
};
const compiled = compileMessage(await sampleIssue(), {
  issue: { newsletter: "the-tidewrack", slot: "2026-W48" },
  from: { address: "post@tidewrack.example", name: "The Tidewrack" },
  date,
  secret: "bench",
  links: {
    unsubscribe: "https://tidewrack.example/u/{token}",
    web: "https://tidewrack.example/48",
  },
});

const CORES = 2;
const ratios: Record<"clock" | "processor", number[]> = { clock: [], processor: [] };
for (let round = 0; round < Number(process.argv[2] ?? 5); round++) {
  const bare = {
    clock: bareSignatures("-elapsed", "-multi", String(CORES)),
    // Of one process it counts the time for which that had a processor.
    processor: bareSignatures() * CORES,
  };
  const ours = await signedMessages();
  for (const by of ["clock", "processor"] as const) {
    const ratio = ours[by] / bare[by];
    ratios[by].push(ratio);
    const rates = `openssl ${bare[by].toFixed(0)}/s   ours ${ours[by].toFixed(0)}/s`;
    console.log(`by the ${by.padEnd(12)}${rates}   ${ratio.toFixed(2)}`);
  }
}
console.log(
  `medians   ${middle(ratios.clock)} by the clock   ${middle(ratios.processor)} by the processor`,
);

function middle(figures: readonly number[]): string {
  const sorted = figures.toSorted((a, b) => a - b);
  return (sorted[Math.floor(sorted.length / 2)] ?? Number.NaN).toFixed(2);
}

/** How many a second, by its machine-readable lines: `+F2:…:2048:signatures:verifications:…`. */
function bareSignatures(...how: readonly string[]): number {
  const args = ["speed", "-mr", ...how, "-seconds", String(SECONDS), "rsa2048"];
  const printed = execFileSync("openssl", args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [, line = ""] = /^(\+F2:\d+:2048:.*)$/m.exec(printed) ?? [];
  return Number(line.split(":")[3]);
}

/** Each as a reader gets it: composed of the compiled parts, its body hashed, signed. */
async function signedMessages(): Promise<Record<"clock" | "processor", number>> {
  const startedAt = performance.now();
  const before = process.cpuUsage();
  await each(MESSAGES, AT_A_TIME, async (n) => {
    const { address, name, token } = reader(n);
    const messageId = `<${n}@tidewrack.example>`;
    await signMessage(messageFor(compiled, { address, name, token, messageId }), [key], date);
  });
  const { user, system } = process.cpuUsage(before);
  return {
    clock: (MESSAGES / (performance.now() - startedAt)) * 1e3,
    processor: (MESSAGES / (user + system)) * 1e6 * CORES,
  };
}
