import { simpleParser } from "mailparser";
import { describe, expect, test } from "vitest";
import { composeMessage, type Message } from "../../src/delivery/compile-message.ts";
import { DeliveryError, type Transport } from "../../src/delivery/transport.ts";

/** A transport and what has arrived at its other end. */
export interface Way {
  readonly transport: Transport;
  /** The bytes of every message that was taken. */
  readonly arrived: () => Promise<readonly Buffer[]>;
  /** From now on nothing is taken. */
  readonly block: () => Promise<void>;
}

/** What whoever sends relies on, whatever the way. */
export function transportContract(name: string, open: () => Promise<Way>): void {
  describe(`${name} as a transport`, () => {
    test.each(["ليلى 🦀 المرساوي", 'O"Brien, Ltd.'])(
      "takes a message to %s, whole",
      async (reader) => {
        const { transport, arrived } = await open();
        const message = letterTo("mara@example.org", reader);
        const { response } = await transport.send(message);
        expect(response).toMatch(/^\P{Cc}+$/u);
        const [raw, ...others] = await arrived();
        expect(others).toEqual([]);
        expect(raw?.equals(message.raw)).toBe(true);
        const mail = await simpleParser(raw ?? "", { skipTextToHtml: true });
        expect(mail).toMatchObject({
          subject: SUBJECT,
          text: TEXT,
          html: HTML,
          messageId: message.messageId,
          to: { value: [{ address: "mara@example.org", name: reader }] },
        });
      },
    );

    test("takes many at once, each whole", async () => {
      const { transport, arrived } = await open();
      const messages = Array.from({ length: 30 }, (_, index) => letterTo(`r${index}@example.org`));
      await Promise.all(messages.map(async (message) => transport.send(message)));
      const texts = new Set((await arrived()).map((raw) => raw.toString("latin1")));
      expect(texts).toEqual(new Set(messages.map(({ raw }) => raw.toString("latin1"))));
    });

    test("has let go of everything when it is closed", async () => {
      const { transport, arrived } = await open();
      const sending = [1, 2, 3].map(async (n) => transport.send(letterTo(`r${n}@example.org`)));
      await transport.close();
      expect(await arrived()).toHaveLength(3);
      await Promise.all(sending);
    });

    test("says of a message that it can't take where it failed, and that it hasn't gone", async () => {
      const { transport, arrived, block } = await open();
      await block();
      const error: unknown = await transport.send(letterTo("mara@example.org")).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (!(error instanceof DeliveryError)) throw new Error("it was taken", { cause: error });
      expect(error.code).not.toBe("SMTP_UNCERTAIN");
      expect(error.facts).toMatchObject({ stage: "connection", said: expect.stringMatching(/\w/) });
      expect(error.fix).toMatch(/\w/);
      expect(await arrived()).toEqual([]);
    });
  });
}

const SUBJECT = "🦀 Ebbe";
const HTML = '<html lang="de"><body><p>Ebbe um sechs – früh.</p></body></html>';
const TEXT = "Ebb at six.\n.\n..two dots\nFrom the quay";

function letterTo(address: string, name?: string): Message {
  return composeMessage(
    { subject: SUBJECT, html: HTML, text: TEXT, slots: {} },
    { address, ...(name && { name }) },
    {
      issue: { newsletter: "harbour-letter", slot: "2031-04-02" },
      from: { address: "desk@letters.example" },
      date: new Date("2031-04-02T06:00:00Z"),
    },
  );
}
