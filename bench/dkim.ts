/**
 * Signing whole messages (DKIM, RSA of 2048 bits and Ed25519) beside the bare signature of as many bytes, by the
 * processor's time. Messages are composed with a key and without one: the difference is what signing costs. Each in
 * turn, in one run.
 *
 *     npx node bench/dkim.ts [ROUNDS]
 */
import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { compileMessage, messageFor } from "../src/delivery/compile-message.ts";
import { sampleIssue } from "./sample-issue.ts";
import { reader } from "./send-measure.ts";

const ROUNDS = Number(process.argv[2] ?? 7);
const email = await sampleIssue();
const mailing = {
  issue: { newsletter: "the-tidewrack", slot: "2026-W48" },
  from: { address: "post@tidewrack.example", name: "The Tidewrack" },
  date: new Date("2026-11-24T07:00:00Z"),
  secret: "bench",
  links: {
    unsubscribe: "https://tidewrack.example/u/{token}",
    web: "https://tidewrack.example/48",
  },
};
const unsigned = compileMessage(email, mailing);
const digest = Buffer.alloc(32, "digest");

measure("RSA", generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey, {
  messages: 1_500,
  bare: (key) => sign("RSA-SHA256", digest, key),
});
measure("Ed25519", generateKeyPairSync("ed25519").privateKey, {
  messages: 10_000,
  bare: (key) => sign(undefined, digest, key),
});

interface Signer {
  readonly messages: number;
  readonly bare: (key: KeyObject) => Buffer;
}

function measure(name: string, key: KeyObject, { messages, bare }: Signer): void {
  const dkim = [{ domain: "tidewrack.example", selector: "s1", key }];
  const signed = compileMessage(email, { ...mailing, dkim });
  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const bareUs = cpuUs(messages, () => bare(key));
    const composingUs = cpuUs(messages, (n) => composed(unsigned, n));
    const signingUs = cpuUs(messages, (n) => composed(signed, n)) - composingUs;
    ratios.push(signingUs / bareUs);
    console.log(
      `${name.padEnd(9)}bare ${bareUs.toFixed(1)} µs   signing ${signingUs.toFixed(1)} µs   composing ${composingUs.toFixed(1)} µs`,
    );
  }
  const sorted = ratios.toSorted((a, b) => a - b);
  console.log(
    `${name.padEnd(9)}median ${(sorted[Math.floor(ROUNDS / 2)] ?? Number.NaN).toFixed(2)}`,
  );
}

function composed(compiled: typeof unsigned, n: number): void {
  const { address, name, token } = reader(n);
  messageFor(compiled, { address, name, token, messageId: `<${n}@tidewrack.example>` });
}

/** The processor's time for each of so many calls. */
function cpuUs(count: number, work: (n: number) => unknown): number {
  const before = process.cpuUsage();
  for (let n = 0; n < count; n++) work(n);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}
