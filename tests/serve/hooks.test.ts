import { sign } from "node:crypto";
import { createServer } from "node:https";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SnsHost } from "../../src/serve/io/sns-host.ts";
import { explainAddress } from "../../src/delivery/io/ledger/read-ledger.ts";
import { openStore } from "../../src/platform/store.ts";
import { tokensOf } from "../../src/subscribers/tokens.ts";
import { storeSentIssue } from "../subscribers/sent-issue.ts";
import { certificateAuthority } from "../certificate.ts";
import { doorBench } from "./door-bench.ts";

const TOPIC = "arn:aws:sns:eu-west-1:123456789012:letter-events";
const READER = "mira@reader.example";
const HOST = "sns.eu-west-1.amazonaws.com";
const authority = certificateAuthority();
const ofHost = authority.issue({ host: HOST });
const ofSigner = authority.issue({ host: "signer" });

/** What a report changes in a store is in ../subscribers/bounces-contract.ts, for both engines. */
describe("a provider reports", () => {
  let visited: string[];
  let server: ReturnType<typeof createServer>;
  let door: Awaited<ReturnType<typeof doorBench>>;
  let token: string;

  beforeEach(async () => {
    visited = [];
    server = createServer(ofHost, (request, answer) => {
      visited.push(request.url ?? "");
      answer.end(request.url?.endsWith(".pem") ? ofSigner.cert : "<ok/>");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const sns = new SnsHost({
      ...(port !== undefined && { port }),
      ca: authority.root,
      lookup: (_host, _options, found) => found(null, [{ address: "127.0.0.1", family: 4 }]),
    });
    door = await doorBench({ hooks: { ses: { topic: TOPIC }, postmark: true } }, { sns });
    await door.add({ address: READER, tags: [] });
    const subscriberId = (await door.audience.find(READER))?.id ?? -1;
    token = tokensOf({ subscriberId, list: door.list }, door.keyring).bounceToken;
  });
  afterEach(async () => {
    await door.close();
    server.closeAllConnections();
    server.close();
  });

  /** An event of SES about the reader's message. */
  function event(eventType: string, details: object, reader = token) {
    return { eventType, mail: { tags: { reader: [reader], slot: ["2026-W48"] } }, ...details };
  }

  const GONE = {
    bounce: {
      bounceType: "Permanent",
      bounceSubType: "General",
      bouncedRecipients: [{ status: "5.1.1", diagnosticCode: "smtp; 550 5.1.1 no such user" }],
    },
  };

  let messages = 0;

  /** A message as SNS signs it; what is given replaces a field after it was signed. */
  function notification(message: object, given: Record<string, string> = {}) {
    const fields = {
      Type: "Notification",
      MessageId: `message-${(messages += 1)}`,
      TopicArn: given["TopicArn"] ?? TOPIC,
      Message: JSON.stringify(message),
      Timestamp: given["Timestamp"] ?? door.now().toISOString(),
    };
    const names = ["Message", "MessageId", "Timestamp", "TopicArn", "Type"] as const;
    const text = names.map((name) => `${name}\n${fields[name]}\n`).join("");
    return {
      ...fields,
      SignatureVersion: "2",
      Signature: sign("sha256", Buffer.from(text), ofSigner.key).toString("base64"),
      SigningCertURL: `https://${HOST}/SimpleNotificationService-1.pem`,
      ...given,
    };
  }

  async function ses(body: unknown): Promise<number> {
    const headers = { "content-type": "text/plain; charset=UTF-8" };
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const answer = await door.app.request("/hooks/ses", { method: "POST", headers, body: text });
    return answer.status;
  }

  const password = () => door.keyring.current.hookPassword;

  async function postmark(body: object, given = password()): Promise<number> {
    const credentials = Buffer.from(`broadsheet:${given}`).toString("base64");
    const answer = await door.app.request("/hooks/postmark", {
      method: "POST",
      headers: { authorization: `Basic ${credentials}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return answer.status;
  }

  const status = async () => door.audience.statusOf(READER);

  describe("Amazon SES, by SNS", () => {
    test("a reader whose address doesn't exist is suppressed, however often it is reported", async () => {
      const message = notification(event("Bounce", GONE));
      expect(await ses(message)).toBe(204);
      expect(await ses(message)).toBe(204);
      expect(await status()).toBe("bounced");
      expect(visited).toEqual(["/SimpleNotificationService-1.pem"]);
    });

    test("a complaint suppresses the reader, and a full mailbox doesn't", async () => {
      const full = { bounce: { bounceType: "Transient", bounceSubType: "MailboxFull" } };
      expect(await ses(notification(event("Bounce", full)))).toBe(204);
      expect(await status()).toBe("subscribed");
      expect(await ses(notification(event("Complaint", { complaint: {} })))).toBe(204);
      expect(await status()).toBe("complained");
    });

    test("what our own account is refused for counts against no reader", async () => {
      for (const bounceSubType of ["OnAccountSuppressionList", "ContentRejected"]) {
        const blocked = { bounce: { bounceType: "Permanent", bounceSubType } };
        expect(await ses(notification(event("Bounce", blocked)))).toBe(204);
      }
      expect(await status()).toBe("subscribed");
    });

    test.each([
      ["an unsigned one", () => ({ ...notification(event("Bounce", GONE)), Signature: "" })],
      [
        "one that was changed",
        () =>
          notification(event("Bounce", GONE), {
            Message: JSON.stringify(event("Bounce", GONE, "x")),
          }),
      ],
      [
        "one of another topic, which is signed too",
        () => notification(event("Bounce", GONE), { TopicArn: `${TOPIC}-of-a-stranger` }),
      ],
      [
        "one of the day before yesterday",
        () => notification(event("Bounce", GONE), { Timestamp: "2020-01-01T00:00:00.000Z" }),
      ],
      [
        "one with a certificate from elsewhere",
        () =>
          notification(event("Bounce", GONE), { SigningCertURL: "https://sns.evil.example/a.pem" }),
      ],
      [
        "one with a host that only looks like one of SNS",
        () =>
          notification(event("Bounce", GONE), {
            SigningCertURL: "https://sns.eu-west-1.amazonaws.com.evil.example/a.pem",
          }),
      ],
      ["what is no JSON", () => "{"],
      ["an empty body", () => ""],
    ])("%s changes nothing", async (_what, body) => {
      expect(await ses(body())).toBe(403);
      expect(await status()).toBe("subscribed");
    });

    test("an event without a token of the list changes nothing", async () => {
      expect(await ses(notification(event("Bounce", GONE, "abc-0000000000000000")))).toBe(204);
      expect(await ses(notification({ eventType: "Bounce", mail: {}, ...GONE }))).toBe(204);
      expect(await status()).toBe("subscribed");
    });

    test("its own topic is confirmed, on a host of SNS alone", async () => {
      const confirmation = (topic: string, url: string) => {
        const fields = {
          Message: "You have chosen to subscribe",
          MessageId: "confirm",
          SubscribeURL: url,
          Timestamp: door.now().toISOString(),
          Token: "t",
          TopicArn: topic,
          Type: "SubscriptionConfirmation",
        };
        const text = Object.entries(fields).map(([name, value]) => `${name}\n${value}\n`);
        const signature = sign("sha256", Buffer.from(text.join("")), ofSigner.key);
        const SigningCertURL = `https://${HOST}/SimpleNotificationService-1.pem`;
        const Signature = signature.toString("base64");
        return { ...fields, SignatureVersion: "2", Signature, SigningCertURL };
      };
      expect(await ses(confirmation(`${TOPIC}2`, `https://${HOST}/?Action=Confirm`))).toBe(403);
      expect(await ses(confirmation(TOPIC, "https://evil.example/?Action=Confirm"))).toBe(403);
      expect(visited.filter((url) => url.includes("Confirm"))).toEqual([]);
      expect(await ses(confirmation(TOPIC, `https://${HOST}/?Action=Confirm`))).toBe(204);
      expect(visited.filter((url) => url.includes("Confirm"))).toEqual(["/?Action=Confirm"]);
    });

    test("while the certificate can't be had, SNS is asked to report again", async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      expect(await ses(notification(event("Bounce", GONE)))).toBe(503);
      expect(await status()).toBe("subscribed");
    });
  });

  /** A report of Postmark about the reader's message. */
  function report(given: object) {
    return { Metadata: { reader: token, slot: "2026-W48" }, ...given };
  }

  describe("Postmark, with a password", () => {
    test.each<[Record<string, string>, string]>([
      [{ RecordType: "Bounce", Type: "HardBounce", Details: "550 no such user" }, "bounced"],
      [{ RecordType: "SpamComplaint", Type: "SpamComplaint" }, "complained"],
      [{ RecordType: "Bounce", Type: "SoftBounce" }, "subscribed"],
      [{ RecordType: "Bounce", Type: "SpamNotification" }, "subscribed"],
      [{ RecordType: "Bounce", Type: "AutoResponder" }, "subscribed"],
      [{ RecordType: "Open" }, "subscribed"],
    ])("%o leaves the reader %s", async (given, expected) => {
      expect(await postmark(report(given))).toBe(204);
      expect(await status()).toBe(expected);
    });

    test("without the password nothing changes", async () => {
      const gone = report({ RecordType: "Bounce", Type: "HardBounce" });
      expect(await postmark(gone, "")).toBe(401);
      expect(await postmark(gone, `${password().slice(1)}x`)).toBe(401);
      expect(await status()).toBe("subscribed");
    });
  });

  test("a report settles a reader in doubt, and is about the issue that it names", async () => {
    await using store = await openStore(door.store);
    for (const slot of ["2026-W47", "2026-W48", "2026-W49"])
      await storeSentIssue(store, {
        newsletter: "harbour-letter",
        slot,
        at: door.now(),
        to: [READER],
        states: { [READER]: "uncertain" },
      });
    const delivered = { delivery: { smtpResponse: "250 ok" } };
    expect(await ses(notification(event("Delivery", delivered)))).toBe(204);
    const full = { bounce: { bounceType: "Transient", bounceSubType: "MailboxFull" } };
    const later = {
      ...event("Bounce", full),
      mail: { tags: { reader: [token], slot: ["2026-W49"] } },
    };
    expect(await ses(notification(later))).toBe(204);
    const history = await explainAddress(store, READER);
    const seen = history.map(({ issue, state, events }) => [issue.slot, state, events.length]);
    expect(seen.toSorted(([one], [other]) => (String(one) < String(other) ? -1 : 1))).toEqual([
      ["2026-W47", "uncertain", 0],
      ["2026-W48", "accepted", 1],
      ["2026-W49", "accepted", 2],
    ]);
  });

  test("no other address under /hooks is answered, and bodies have a limit", async () => {
    expect((await door.app.request("/hooks/brevo", { method: "POST" })).status).toBe(404);
    expect((await door.app.request("/hooks/ses")).status).toBe(404);
    const long = "x".repeat(1024 * 1024 + 1);
    expect(await ses(long)).toBe(413);
  });
});
