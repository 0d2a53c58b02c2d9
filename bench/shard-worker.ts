/**
 * One worker of bench/shards.ts: it joins the run of the issue, which is planned already, and sends until nobody is due.
 *
 *     node bench/shard-worker.ts EMAIL.json PORT STORE CONCURRENCY [HEARTBEAT SUPERVISE]
 */
import { readFileSync } from "node:fs";
import { parseEmailJson } from "../src/email/email.ts";
import { compileMessage, messageFor } from "../src/delivery/compile-message.ts";
import { deliver } from "../src/delivery/deliver.ts";
import { connectSmtp } from "../src/delivery/io/smtp/smtp-pool.ts";
import { benchLedger, messageIdOf } from "./shards-ledger.ts";
import { MAILING, startMeter } from "./send-measure.ts";

const [file = "", port = "", place = "", concurrency = "", heartbeat, supervise] =
  process.argv.slice(2);
const timing = heartbeat
  ? { heartbeatSeconds: Number(heartbeat), superviseSeconds: Number(supervise) }
  : undefined;
const ledger = await benchLedger(place, timing);
const compiled = compileMessage(parseEmailJson(readFileSync(file, "utf8"), file), MAILING);
const connections = Math.ceil(Number(concurrency) / 2);
const transport = connectSmtp(`smtp://127.0.0.1:${port}`, { connections });
process.stdout.write("ready\n");
await new Promise((resolve) => process.stdin.once("data", resolve));
process.stdin.destroy();
const meter = startMeter(1);
const { tally } = await deliver({
  issue: MAILING.issue,
  ledger,
  transport,
  worker: `bench ${process.pid}`,
  messageOf: ({ to, messageId }) => messageFor(compiled, { ...to, messageId }),
  messageIdOf,
  now: () => new Date(),
  concurrency: Number(concurrency),
});
meter.done();
process.stdout.write(`${JSON.stringify({ accepted: tally.accepted })}\n`);
await transport.close();
await ledger.close();
