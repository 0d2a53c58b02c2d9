import { cpuSecondsOf } from "../cpu-time.ts";
import { describe, expect, test } from "vitest";
import { classifyFailure } from "../../src/delivery/sending/failure.ts";
import { DeliveryError, type DeliveryFacts, type Stage } from "../../src/delivery/transport.ts";
import { meaningOf } from "../../src/subscribers/server-reply.ts";
import patterns from "../../src/subscribers/server-replies.json" with { type: "json" };

/** A failure, from the server's words. */
function failed(stage: Stage, said: string) {
  const [, digits = "", status] = /^(\d{3})[ -](?:(\d\.\d{1,3}\.\d{1,3}) )?/.exec(said) ?? [];
  const code = Number(digits);
  const facts: DeliveryFacts = { stage, said, reply: { code, ...(status && { status }) } };
  const name = code < 500 ? "SMTP_DEFERRED" : "SMTP_REFUSED";
  return classifyFailure(new DeliveryError(name, said, { facts }));
}

const isUnknown = (said: string) => {
  const { fate } = failed("recipient", said);
  return fate.state === "rejected" && fate.isUnknown;
};

describe("what a server says, and where", () => {
  test.each<[Stage, string, string]>([
    ["recipient", "452 4.3.1 Insufficient system storage", "planned hold relay"],
    [
      "recipient",
      "452 Requested action not taken: insufficient system storage",
      "planned hold relay",
    ],
    ["message", "451 4.3.0 Error: queue file write error", "planned hold relay"],
    ["sender", "452 4.3.1 Insufficient system storage", "planned hold relay"],
    [
      "recipient",
      "452 4.2.2 The email account that you tried to reach is over quota",
      "deferred none reader",
    ],
    ["recipient", "450 mailbox is full, try again", "deferred none reader"],
    ["recipient", "452 4.2.2 This mailbox: daily quota exceeded", "deferred none reader"],
    ["message", "552 5.2.2 Daily mailbox quota exceeded", "rejected none reader"],
    ["message", "454 Throttling failure: Daily message quota exceeded.", "planned quota relay"],
    ["message", "454 Throttling failure: Maximum sending rate exceeded.", "planned throttle relay"],
    [
      "recipient",
      "550 5.4.5 Daily user sending limit exceeded. For more information",
      "planned quota relay",
    ],
    [
      "message",
      "550 5.7.233 Your message can't be sent because your tenant exceeded its daily limit for sending email to external recipients",
      "planned quota relay",
    ],
    [
      "message",
      "550 Domain letter.example has exceeded the max emails per hour (313/250 (125%)) allowed. Message discarded.",
      "planned quota relay",
    ],
    ["recipient", "450 Mail send limit exceeded.", "planned quota relay"],
    ["recipient", "450 4.7.0 Try again later", "planned throttle relay"],
    [
      "recipient",
      "450 4.2.0 <r@x.example>: Recipient address rejected: Greylisted",
      "deferred none domain",
    ],
    [
      "recipient",
      "451 4.7.1 Greylisting in action, please come back later",
      "deferred none domain",
    ],
    ["recipient", "550 5.1.1 <r@x.example>: User unknown", "rejected none reader"],
    [
      "recipient",
      "550 5.1.1 <r@x.example>: Empfängeradresse abgelehnt: Benutzer unbekannt",
      "rejected none reader",
    ],
    ["recipient", "550 5.1.2 no such domain", "rejected none domain"],
    ["recipient", "550 L'utilisateur n'existe pas", "rejected none reader"],
    ["recipient", "550 5.7.1 members only", "rejected pauseDomain domain"],
    ["sender", "550 who are you", "planned stop ourselves"],
    ["message", "554 5.6.0 no such form", "rejected none ourselves"],
    ["message", "552 5.3.4 Message too big for system", "rejected none ourselves"],
    ["recipient", "552 5.2.2 mailbox full", "rejected none reader"],
    ["connection", "421 4.3.2 too busy", "planned reconnect relay"],
  ])("at the %s %s", (stage, said, expected) => {
    const { fate, consequence, cause } = failed(stage, said);
    expect(`${fate.state} ${consequence} ${cause}`).toBe(expected);
  });

  test("an unknown user is known by a code in any language, and by words in none but English", () => {
    expect(isUnknown("550 5.1.1 Benutzer unbekannt")).toBe(true);
    expect(isUnknown("550 User unknown")).toBe(true);
    expect(isUnknown("550 Benutzer unbekannt")).toBe(false);
    expect(isUnknown("550 用户不存在")).toBe(false);
  });

  test("a reply of 600 lines is judged by its code as any other", () => {
    const line = "550-5.1.1 The email account that you tried to reach is";
    const said = `${`${line} not here. `.repeat(600)}550 5.1.1 see there`.slice(0, 200);
    expect(failed("recipient", said)).toMatchObject({ cause: "reader", consequence: "none" });
  });
});

test("every pattern says where it is from and when it was seen, and compiles", () => {
  for (const { source, date, ...row } of patterns) {
    expect([source, date]).toEqual([
      expect.stringMatching(/\S/),
      expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
    ]);
    expect("words" in row || "status" in row).toBe(true);
  }
  expect(
    meaningOf({ code: "250", status: "2.0.0", said: "queued as 7", isOfAddress: true }),
  ).toBeUndefined();
});

test("a long reply takes no long time", () => {
  const said = `550 ${"daily user a ".repeat(5_000)}`.slice(0, 20_000);
  const seconds = cpuSecondsOf(() =>
    meaningOf({ code: "550", status: "", said, isOfAddress: true }),
  );
  expect(seconds).toBeLessThan(2);
});
