import * as fc from "fast-check";
import { simpleParser } from "mailparser";
import { describe, expect, test } from "vitest";
import {
  compileMessage,
  messageFor,
  fillMergeFields,
  type Mailing,
} from "../../src/delivery/compile-message.ts";
import type { Email } from "../../src/email/email.ts";

const NAME = "slot-7f3a9c2e1b-recipient-name";
const ADDRESS = "slot-7f3a9c2e1b-recipient-address";
const UNSUBSCRIBE = "slot-7f3a9c2e1b-unsubscribe-url";
const WEB = "slot-7f3a9c2e1b-web-url";
const slots = {
  recipientName: NAME,
  recipientAddress: ADDRESS,
  unsubscribeUrl: UNSUBSCRIBE,
  webUrl: WEB,
};

const mailing: Mailing = {
  issue: { newsletter: "harbour-letter", slot: "2031-04-02" },
  from: { address: "desk@letters.example", name: "The Harbour Letter" },
  date: new Date("2031-04-02T06:00:00Z"),
  secret: "only for this test",
  links: {
    unsubscribe: "https://letters.example/u?t={token}&l=harbour",
    web: "https://letters.example/2031-04-02",
  },
};

const email: Email = {
  subject: "What the tide left",
  html: `<p>For ${NAME}</p><a href="${UNSUBSCRIBE}">leave</a> <a href=${WEB}>read</a>`,
  text: `${NAME}, read ${WEB}\n${UNSUBSCRIBE}`,
  slots,
};

function linesOf(raw: Buffer): string[] {
  return raw.toString("latin1").split("\r\n");
}

function headerOf(raw: Buffer, name: string): string {
  const unfolded = raw.toString("latin1").replace(/\r\n(?=[ \t])/g, "");
  return new RegExp(`^${name}: (.*)\r$`, "m").exec(unfolded)?.[1] ?? "";
}

describe("an issue that is compiled once", () => {
  test("gives each reader their own To, Message-ID, name and links", () => {
    const compiled = compileMessage(email, mailing);
    const readers = [
      { address: "mara@example.org", name: "Mara Quill", token: "AbC-1_x" },
      { address: "büro@münchen.example", token: "dEf-2_y" },
    ];
    const [mara, office] = readers.map((reader) => messageFor(compiled, reader));
    expect(headerOf(mara?.raw ?? Buffer.of(), "To")).toBe("Mara Quill <mara@example.org>");
    expect(headerOf(mara?.raw ?? Buffer.of(), "List-Unsubscribe")).toBe(
      "<https://letters.example/u?t=AbC-1_x&l=harbour>, <mailto:desk@letters.example?subject=unsubscribe%20AbC-1_x>",
    );
    expect(mara?.raw.toString()).not.toContain("dEf-2_y");
    expect(office?.raw.toString()).toContain("dEf-2_y");
    expect(office?.envelope.to).toBe("büro@xn--mnchen-3ya.example");
    expect(office?.messageId).not.toBe(mara?.messageId);
  });

  test("is the same bytes for the same reader, whoever came before", () => {
    const compiled = compileMessage(email, mailing);
    const reader = { address: "mara@example.org", name: "Mara Quill", token: "AbC" };
    const first = messageFor(compiled, reader);
    messageFor(compiled, { address: "ben@example.org", name: "Ben", token: "xyz" });
    expect(messageFor(compiled, reader).raw.equals(first.raw)).toBe(true);
    expect(messageFor(compileMessage(email, mailing), reader).raw.equals(first.raw)).toBe(true);
  });

  test("comes back to an address that names the reader, where the config has one for that", () => {
    const compiled = compileMessage(email, {
      ...mailing,
      bounce: { address: "bounces@letters.example" },
    });
    const reader = { address: "mara@example.org", bounceToken: "k7-q2x" };
    expect(messageFor(compiled, reader).envelope.from).toBe("bounces+k7-q2x@letters.example");
    expect(messageFor(compiled, { address: "mara@example.org" }).envelope.from).toBe(
      "bounces@letters.example",
    );
    expect(messageFor(compileMessage(email, mailing), reader).envelope.from).toBe(
      "desk@letters.example",
    );
  });

  test("has no token in a host, where capitals are lost", () => {
    const links = { ...mailing.links, unsubscribe: "https://{token}.letters.example/" };
    expect(() => compileMessage(email, { ...mailing, links })).toThrow("{token} in its host");
  });

  test("refuses a reader that cannot stand in a header, and goes on with the next", () => {
    const compiled = compileMessage(email, mailing);
    expect(() => messageFor(compiled, { address: "mara@example.org\r\nBcc: x@y.example" })).toThrow(
      expect.objectContaining({ code: "USAGE" }),
    );
    expect(messageFor(compiled, { address: "ben@example.org" }).raw.length).toBeGreaterThan(500);
  });

  const names = fc
    .oneof(
      fc.constantFrom(
        "Mara Quill",
        "Zoë Łukasz-Öztürk",
        "山田 太郎",
        "ليلى المرساوي",
        "नमस्ते दुनिया",
        "Ωραία 🦀",
        ".dot",
        "From me",
        "a=3D",
        "<b>&amp;",
      ),
      fc.string({ unit: "grapheme", maxLength: 150 }),
      fc.stringMatching(/^[ .=\w–]{0,150}$/),
    )
    .map((name) => name.replace(/[\p{Cc}\p{Cs}\s]+/gu, " ").trim())
    .filter((name) => !name.includes("=?"));

  const words = fc.oneof(
    fc.constantFrom(
      NAME,
      ADDRESS,
      UNSUBSCRIBE,
      WEB,
      "\n",
      ".",
      "\n.",
      "\nFrom ",
      "  ",
      "\t",
      "=",
      " ",
    ),
    fc.string({ unit: "grapheme", maxLength: 100 }),
    fc.stringMatching(/^[ .=\n\ta-z–]{0,200}$/),
  );
  const bodies = fc.array(words, { maxLength: 12 }).map(
    (parts) =>
      `${parts
        .join("")
        .replace(/\r\n?/g, "\n")
        .replace(/\p{Cs}/gu, "")}.`,
  );

  test("says what was rendered, whatever it says and whoever reads it", async () => {
    await fc.assert(
      fc.asyncProperty(bodies, bodies, names, async (text, html, name) => {
        const written = { subject: "s", text, html, slots };
        const reader = { address: "mara@example.org", name, token: "AbC-1_x" };
        const { raw } = messageFor(compileMessage(written, mailing), reader);
        const mail = await simpleParser(raw, { skipTextToHtml: true, skipImageLinks: true });
        const rendered = fillMergeFields(written, reader, mailing);
        expect(mail.text?.replace(/\n$/, "")).toBe(rendered.text);
        expect(String(mail.html).replace(/\n$/, "")).toBe(rendered.html);
        expect(mail.to).toMatchObject({ value: [{ address: "mara@example.org", name }] });
      }),
    );
  });

  test("never needs SMTP to double a dot, a mailbox to escape a From, or DKIM to fold white space", () => {
    fc.assert(
      fc.property(bodies, bodies, names, (text, html, name) => {
        const reader = { address: "mara@example.org", name, token: "AbC-1_x" };
        const { raw } = messageFor(
          compileMessage({ subject: "s", text, html, slots }, mailing),
          reader,
        );
        const lines = linesOf(raw);
        expect(lines.filter((line) => /^\.|^From |[\r\n]/.test(line))).toEqual([]);
        const body = lines.slice(lines.indexOf("") + 1);
        expect(body.filter((line) => line.length > 76 || /[ \t]{2}|\t|[ \t]$/.test(line))).toEqual(
          [],
        );
        expect(raw.every((byte) => byte < 0x80)).toBe(true);
      }),
    );
  });
});
