/**
 * Signing whole messages (DKIM, RSA of 2048 bits) beside what the processor can do at most: bare signatures
 * by `openssl speed` in two processes. Each in turn, in one run.
 *
 *     npx node bench/dkim.ts [ROUNDS]
 */
import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { compileMessage, messageFor } from "../src/delivery/compile-message.ts";
import { signMessage } from "../src/delivery/dkim/sign-message.ts";
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

const ratios: number[] = [];
for (let round = 0; round < Number(process.argv[2] ?? 5); round++) {
  const bare = bareSignatures();
  const ours = await signedMessages();
  ratios.push(ours / bare);
  console.log(
    `openssl ${bare.toFixed(0)}/s   ours ${ours.toFixed(0)}/s   ${(ours / bare).toFixed(2)}`,
  );
}
const middle = ratios.toSorted((a, b) => a - b)[Math.floor(ratios.length / 2)] ?? Number.NaN;
console.log(`median ${middle.toFixed(2)}`);

/** How many a second, by its machine-readable lines: `+F2:…:2048:signatures:verifications:…`. */
function bareSignatures(): number {
  const args = ["speed", "-mr", "-multi", "2", "-seconds", String(SECONDS), "rsa2048"];
  const printed = execFileSync("openssl", args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [, line = ""] = /^(\+F2:\d+:2048:.*)$/m.exec(printed) ?? [];
  return Number(line.split(":")[3]);
}

/** Each as a reader gets it: composed of the compiled parts, its body hashed, signed. */
async function signedMessages(): Promise<number> {
  const startedAt = performance.now();
  await each(MESSAGES, AT_A_TIME, async (n) => {
    const { address, name, token } = reader(n);
    const messageId = `<${n}@tidewrack.example>`;
    await signMessage(messageFor(compiled, { address, name, token, messageId }), [key], date);
  });
  return (MESSAGES / (performance.now() - startedAt)) * 1000;
}
