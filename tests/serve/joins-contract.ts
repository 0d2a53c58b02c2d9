import { beforeEach, describe, expect, test } from "vitest";
import type { JoinRequest } from "../../src/serve/ports.ts";
import { readTimedToken, readToken } from "../../src/subscribers/tokens.ts";
import { type JoinBench, type JoinDoor, KEYRING, requestOf } from "./join-bench.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const PER_HOUR = 60;

/** What all who let visitors join do, whatever they keep requests in. */
export function joinsContract(name: string, makeBench: () => Promise<JoinBench>): void {
  let bench: JoinBench;
  let door: JoinDoor;
  let visitors: number;

  beforeEach(async () => {
    bench = await makeBench();
    door = await bench.open();
    visitors = 0;
  });

  /** A request from a network and with a proof that no other has, unless given. */
  function request(address: string, given: Partial<JoinRequest> = {}): JoinRequest {
    visitors += 1;
    const network = `10.${visitors >> 8}.${visitors & 255}.0/24`;
    return requestOf(address, { network, proof: `proof ${visitors}`, ...given });
  }

  async function ask(address: string, given: Partial<JoinRequest> = {}): Promise<void> {
    await door.joins.ask(request(address, given));
    await door.joins.weigh();
  }

  /** Sends all that may be sent now: the links, by address. */
  async function sendAll(perHour = PER_HOUR): Promise<Map<string, string>> {
    const links = new Map<string, string>();
    for (;;) {
      const mail = await door.outgoing.claim(perHour);
      if (!mail) return links;
      await door.outgoing.settle(mail.id, { state: "sent" });
      const [, link = ""] = /https:\/\/letter\.example\/(\S+)/.exec(mail.text) ?? [];
      expect(mail.html).toContain(`href="https://letter.example/${link}"`);
      links.set(mail.to, link);
    }
  }

  /** The request in the link of a confirming mail. */
  async function requestIn(link: string | undefined): Promise<number> {
    const [, token = ""] = /^c\/(.*)/.exec(link ?? "") ?? [];
    const purpose = { purpose: "confirm", list: await door.audience.listUid() };
    const limits = { now: bench.now(), maxAgeMs: 7 * DAY_MS };
    return readTimedToken(token, purpose, limits, KEYRING) ?? 0;
  }

  async function asked(address: string): Promise<number> {
    await ask(address);
    return requestIn((await sendAll()).get(address));
  }

  describe(`${name}: a visitor`, () => {
    test("gets a mail, and is a reader after the press on its link", async () => {
      const id = await asked("Mara@harbour.example");
      expect(await door.audience.statusOf("mara@harbour.example")).toBe("unknown");
      expect(await door.joins.find(id)).toBe("open");
      const askedAt = bench.now();
      bench.pass(HOUR_MS);
      expect(await door.joins.confirm(id)).toBe(true);
      expect(await door.joins.find(id)).toBe("joined");
      const reader = await door.audience.find("mara@harbour.example");
      expect(reader?.address).toBe("Mara@harbour.example");
      expect(reader?.consent).toEqual({
        how: `https://letter.example/subscribe, asked ${askedAt.toISOString()}, wording sha256 ab12`,
        at: bench.now(),
      });
    });

    test("who is a reader already gets the link to the preferences", async () => {
      await door.joins.confirm(await asked("mara@harbour.example"));
      bench.pass(DAY_MS);
      await ask("MARA@harbour.example");
      const [, token = ""] = (await sendAll()).get("MARA@harbour.example")?.split("/") ?? [];
      const id = (await door.audience.find("mara@harbour.example"))?.id;
      expect(readToken(token, await door.audience.listUid(), KEYRING)).toBe(id);
    });

    test("who bounced, complained or was suppressed by hand gets nothing", async () => {
      for (const reason of ["bounced", "complained", "manual"] as const) {
        await door.audience.suppress(`${reason}@harbour.example`, reason);
        await ask(`${reason}@harbour.example`);
      }
      expect([...(await sendAll())]).toEqual([]);
    });

    test.each(["unsubscribed", "erased"] as const)(
      "who is %s may come back by confirming, with a new consent",
      async (how) => {
        await door.joins.confirm(await asked("mara@harbour.example"));
        if (how === "erased") await door.audience.erase("mara@harbour.example");
        else await door.audience.suppress("mara@harbour.example", how);
        bench.pass(DAY_MS);
        const again = await asked("mara@harbour.example");
        expect(await door.audience.statusOf("mara@harbour.example")).toBe(how);
        await door.joins.confirm(again);
        expect(await door.audience.statusOf("mara@harbour.example")).toBe("subscribed");
        expect((await door.audience.find("mara@harbour.example"))?.consent?.at).toEqual(
          bench.now(),
        );
      },
    );

    test("who left after confirming isn't brought back by the same link", async () => {
      const id = await asked("mara@harbour.example");
      await door.joins.confirm(id);
      await door.audience.suppress("mara@harbour.example", "unsubscribed");
      expect(await door.joins.find(id)).toBeUndefined();
      expect(await door.joins.confirm(id)).toBe(false);
      expect(await door.audience.statusOf("mara@harbour.example")).toBe("unsubscribed");
    });

    test("who complained of the confirming mail isn't subscribed by its link", async () => {
      const id = await asked("mara@harbour.example");
      await door.audience.suppress("mara@harbour.example", "complained");
      expect(await door.joins.find(id)).toBeUndefined();
      expect(await door.joins.confirm(id)).toBe(false);
    });

    test("who presses twice, or in two processes, is subscribed once", async () => {
      const id = await asked("mara@harbour.example");
      const other = await bench.open();
      expect(await Promise.all([door, other].map(async (one) => one.joins.confirm(id)))).toEqual([
        true,
        true,
      ]);
      expect(await door.joins.confirm(id)).toBe(true);
      expect((await door.audience.counts()).subscribers).toBe(1);
    });

    test("who doesn't confirm is forgotten after seven days", async () => {
      const id = await asked("mara@harbour.example");
      bench.pass(7 * DAY_MS - 1);
      await door.joins.forget();
      expect(await door.joins.find(id)).toBe("open");
      bench.pass(1);
      expect(await door.joins.find(id)).toBeUndefined();
      await door.joins.forget();
      expect(await door.joins.confirm(id)).toBe(false);
    });

    test("who is erased is forgotten with the mail that waits", async () => {
      await ask("mara@harbour.example");
      expect(await door.audience.erase("mara@harbour.example")).toBe(true);
      expect([...(await sendAll())]).toEqual([]);
    });
  });

  describe(`${name}: the budget`, () => {
    test("sends one mail a day to an address, three in 30 days, also after a restart", async () => {
      const sent: number[] = [];
      for (const days of [0, 0.9, 0.1, 1, 1, 26.9, 0.1, 1]) {
        bench.pass(days * DAY_MS);
        if (sent.length % 3 === 2) door = await bench.open();
        await ask(sent.length % 2 ? "Mara@harbour.example" : "mara@harbour.example");
        await door.joins.forget();
        sent.push((await sendAll()).size);
      }
      expect(sent).toEqual([1, 0, 1, 1, 0, 0, 1, 1]);
    });

    test("sends five mails an hour for a network", async () => {
      const network = "192.0.2.0/24";
      for (let n = 0; n < 8; n++) await ask(`${n}@harbour.example`, { network });
      await door.joins.forget();
      expect((await sendAll()).size).toBe(5);
      bench.pass(HOUR_MS);
      await ask("late@harbour.example", { network });
      expect((await sendAll()).size).toBe(1);
    });

    test("sends what it may in an hour, the rest later, and lets none without a proof before", async () => {
      for (let n = 0; n < 9; n++) await ask(`bare${n}@harbour.example`, { proof: undefined });
      for (let n = 0; n < 9; n++) await ask(`${n}@harbour.example`);
      const hours: string[][] = [];
      for (let n = 0; n < 3; n++) {
        hours.push([...(await sendAll(6)).keys()].map((to) => to.replace(/@.*/, "")));
        expect(await door.outgoing.isDue(6)).toBe(false);
        bench.pass(HOUR_MS);
      }
      expect(hours).toEqual([
        ["bare0", "0", "1", "2", "3", "4"],
        ["bare1", "5", "6", "7", "8"],
        ["bare2"],
      ]);
    });

    test("takes a proof of work once", async () => {
      for (let n = 0; n < 3; n++) await ask(`${n}@harbour.example`, { proof: "one proof" });
      expect((await sendAll(6)).size).toBe(2);
      bench.pass(HOUR_MS);
      expect((await sendAll(6)).size).toBe(1);
    });

    test("a request that was stored before a crash is answered after it", async () => {
      await door.joins.ask(request("mara@harbour.example"));
      door = await bench.open();
      await door.joins.weigh();
      expect((await sendAll()).size).toBe(1);
    });
  });
}
