/**
 * nodemailer's pool over as many connections: composing each message from HTML and text that were rendered
 * once, or with messages that are finished (raw), which leaves it the conversation alone.
 *
 *     node bench/send-nodemailer.ts EMAIL.json PORT COUNT compose|raw
 */
import { readFileSync } from "node:fs";
import { createTransport } from "nodemailer";
import { compileMessage, messageFor } from "../src/delivery/compile-message.ts";
import { parseEmailJson } from "../src/email/email.ts";
import { each, reader, startMeter } from "./send-measure.ts";

const [file = "", port = "", total = "", how] = process.argv.slice(2);
const count = Number(total);
const email = parseEmailJson(readFileSync(file, "utf8"), file);
const unsubscribe = "https://tidewrack.example/u/{token}";
const compiled = compileMessage(email, {
  issue: { newsletter: "the-tidewrack", slot: "2026-W48" },
  from: { address: "post@tidewrack.example", name: "The Tidewrack" },
  date: new Date("2026-11-24T07:00:00Z"),
  links: { unsubscribe, web: "https://tidewrack.example/48" },
});
const transport = createTransport({
  host: "127.0.0.1",
  port: Number(port),
  pool: true,
  maxConnections: 10,
  maxMessages: Infinity,
  ignoreTLS: true,
});

const meter = startMeter(count);
let sent = 0;
await each(count, 20, async (n) => {
  await transport.sendMail(how === "raw" ? finished(n) : toCompose(n));
  meter.sent(++sent);
});
meter.done();
transport.close();

function finished(n: number): object {
  const { raw, envelope } = messageFor(compiled, reader(n));
  return { envelope: { ...envelope, to: [envelope.to] }, raw };
}

function toCompose(n: number): object {
  const { address, name, token } = reader(n);
  const link = unsubscribe.replace("{token}", token);
  const filled = (text: string) =>
    text
      .replaceAll(email.slots.unsubscribeUrl ?? "", link)
      .replaceAll(email.slots.webUrl ?? "", "https://tidewrack.example/48");
  return {
    from: "The Tidewrack <post@tidewrack.example>",
    to: { name, address },
    subject: email.subject,
    html: filled(email.html),
    text: filled(email.text),
    headers: { "List-Unsubscribe": `<${link}>` },
  };
}
