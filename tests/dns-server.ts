import { createSocket } from "node:dgram";
import { onTestFinished } from "vitest";

/** What a name has. A text is kept in pieces of 255 octets, as long ones are. */
export interface Zone {
  readonly txt?: Readonly<Record<string, readonly string[]>>;
  readonly mx?: Readonly<
    Record<string, readonly (readonly [priority: number, exchange: string])[]>
  >;
  readonly a?: Readonly<Record<string, readonly string[]>>;
  /** Names that it fails to answer for. */
  readonly broken?: readonly string[];
}

export interface DnsServer {
  /** As `--resolver` takes it. */
  readonly address: string;
  /** Every question: `TXT letters.example`. */
  readonly questions: readonly string[];
}

const TYPES = new Map([
  [1, "A"],
  [15, "MX"],
  [16, "TXT"],
  [28, "AAAA"],
]);

const NXDOMAIN = 3;
const SERVFAIL = 2;

/** A DNS server (RFC 1035) on a free port of this machine, with one zone. */
export async function startDnsServer(zone: Zone): Promise<DnsServer> {
  const questions: string[] = [];
  const socket = createSocket("udp4");
  socket.on("message", (query, { port, address }) => {
    const { name, type, end } = questionIn(query);
    questions.push(`${type} ${name}`);
    socket.send(answerTo(query.subarray(0, end), { name, type }, zone), port, address);
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  onTestFinished(async () => new Promise<void>((resolve) => socket.close(() => resolve())));
  return { address: `127.0.0.1:${socket.address().port}`, questions };
}

function questionIn(query: Buffer): { name: string; type: string; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  const type = TYPES.get(query.readUInt16BE(at + 1)) ?? "?";
  return { name: labels.join(".").toLowerCase(), type, end: at + 5 };
}

interface Question {
  readonly name: string;
  readonly type: string;
}

function answerTo(question: Buffer, { name, type }: Question, zone: Zone): Buffer {
  const found = dataOf({ name, type }, zone);
  const isKnown = ["A", "MX", "TXT"].some((type) => dataOf({ name, type }, zone).length > 0);
  const code = zone.broken?.includes(name) ? SERVFAIL : isKnown ? 0 : NXDOMAIN;
  const answers = code === 0 ? found.map((data) => record(question, data)) : [];
  const head = Buffer.from(question);
  head.writeUInt16BE(0x8580 | code, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(answers.length, 6);
  head.writeUInt32BE(0, 8);
  return Buffer.concat([head, ...answers]);
}

/** Its name points at the question's (RFC 1035 §4.1.4). */
function record(question: Buffer, data: Buffer): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0);
  question.copy(head, 2, question.length - 4);
  head.writeUInt32BE(60, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function dataOf({ name, type }: Question, { txt, mx, a }: Zone): Buffer[] {
  if (type === "TXT") return (txt?.[name] ?? []).map(texts);
  if (type === "A") return (a?.[name] ?? []).map((ip) => Buffer.from(ip.split(".").map(Number)));
  if (type !== "MX") return [];
  return (mx?.[name] ?? []).map(([priority, exchange]) =>
    Buffer.concat([Buffer.from([0, priority]), labels(exchange)]),
  );
}

function texts(text: string): Buffer {
  const pieces = text.match(/[^]{1,255}/g) ?? [""];
  return Buffer.concat(
    pieces.map((piece) =>
      Buffer.concat([Buffer.from([piece.length]), Buffer.from(piece, "latin1")]),
    ),
  );
}

function labels(name: string): Buffer {
  const parts = name.split(".").filter(Boolean);
  return Buffer.concat([
    ...parts.map((part) => Buffer.concat([Buffer.from([part.length]), Buffer.from(part)])),
    Buffer.from([0]),
  ]);
}
