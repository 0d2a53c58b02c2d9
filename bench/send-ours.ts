/**
 * Ours, as `broadsheet send` does it: the list is planned in a ledger on the disk, each recipient claimed, noted
 * before and after. With `dkim` as the last word every message is signed, RSA of 2048 bits.
 *
 *     node bench/send-ours.ts EMAIL.json PORT COUNT [dkim]
 */
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { keyringOf, type ReaderTokens, tokensOf } from "../src/subscribers/tokens.ts";
import { compileMessage, messageFor, readerMessageId } from "../src/delivery/compile-message.ts";
import { deliver } from "../src/delivery/deliver.ts";
import { limitMemory, ownProcess } from "../src/platform/limit-memory.ts";
import { parseEmailJson } from "../src/email/email.ts";
import { connectSmtp } from "../src/delivery/io/smtp/smtp-pool.ts";
import { SqliteLedger } from "../src/delivery/io/ledger/sqlite-ledger.ts";
import { openSqlite } from "../src/platform/sqlite/sqlite-store.ts";
import { MAILING, reader, startMeter } from "./send-measure.ts";

ownProcess();
limitMemory();
const [file = "", port = "", total = "", signed] = process.argv.slice(2);
const count = Number(total);
const keyring = keyringOf("bench");
const list = Buffer.from("bench.");
const { issue } = MAILING;
const dkim =
  signed === "dkim"
    ? [
        {
          domain: "tidewrack.example",
          selector: "s1",
          key: generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey,
        },
      ]
    : [];
const mailing = { ...MAILING, dkim };
const folder = mkdtempSync(path.join(tmpdir(), "broadsheet-bench-"));
const store = await openSqlite(path.join(folder, "broadsheet.db"));
store.raw.transaction(subscribe);
const ledger = new SqliteLedger(store, { clock: () => new Date() });
const compiled = compileMessage(parseEmailJson(readFileSync(file, "utf8"), file), mailing);
const transport = connectSmtp(`smtp://127.0.0.1:${port}`, { connections: 10 });

const tokens = new Map<number, ReaderTokens>();
const meter = startMeter(count);
await ledger.plan({ issue, contentHash: "bench", recipients: {} });
const { tally, stoppedBy } = await deliver({
  issue,
  ledger,
  transport,
  worker: `bench ${process.pid}`,
  messageOf: ({ to, messageId }) => {
    const { subscriberId = 0 } = to;
    const token = tokens.get(subscriberId)?.token;
    tokens.delete(subscriberId);
    return messageFor(compiled, { ...to, messageId, token });
  },
  messageIdOf: ({ subscriberId = 0 }) => {
    const sealed = tokensOf({ subscriberId, list }, keyring);
    tokens.set(subscriberId, sealed);
    return readerMessageId(mailing, sealed.messageMac);
  },
  now: () => new Date(),
  concurrency: 20,
  onTurn: ({ accepted }) => meter.sent(accepted),
});
meter.done();

await transport.close();
await ledger.close();
rmSync(folder, { recursive: true });
if (tally.accepted !== count)
  throw new Error(`only ${tally.accepted} were sent`, { cause: stoppedBy });

/** Puts the readers on the list. */
function subscribe(): void {
  store.raw.run("INSERT INTO list (id, newsletter, uid) VALUES (1, ?, ?)", issue.newsletter, list);
  const insert =
    "INSERT INTO subscriber (list, key, address, name, subscribed_at) VALUES (1, ?1, ?1, ?2, 0)";
  for (let n = 0; n < count; n++) {
    const { address, name } = reader(n);
    store.raw.run(insert, address, name);
  }
}
