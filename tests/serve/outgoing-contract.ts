import { beforeEach, describe, expect, test } from "vitest";
import type { ClaimedMail, Outgoing, OutgoingMail } from "../../src/serve/ports.ts";
import { type JoinBench, requestOf } from "./join-bench.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const PER_HOUR = 60;

/** What every queue of mails does, whatever it is kept in. */
export function outgoingContract(name: string, makeBench: () => Promise<JoinBench>): void {
  let bench: JoinBench;
  let outgoing: Outgoing;

  beforeEach(async () => {
    bench = await makeBench();
    ({ outgoing } = await bench.open());
  });

  function mailTo(to: string, key = `own ${to}`): OutgoingMail {
    const expiresAt = new Date(bench.now().getTime() + HOUR_MS);
    return { key, to, subject: "Your data", text: "A link.\n", html: "<p>A link.</p>", expiresAt };
  }

  async function claimed(): Promise<ClaimedMail> {
    const mail = await outgoing.claim(PER_HOUR);
    if (!mail) throw new Error("there is a mail to claim");
    return mail;
  }

  describe(`${name}: a mail that waits`, () => {
    test("is handed out once, and whole", async () => {
      const mail = mailTo("mara@harbour.example");
      expect(await outgoing.put(mail)).toBe(true);
      expect(await outgoing.isDue(PER_HOUR)).toBe(true);
      expect(await claimed()).toEqual({ ...mail, id: 1, attempt: 1, putAt: bench.now() });
      expect(await outgoing.isDue(PER_HOUR)).toBe(false);
      expect(await outgoing.claim(PER_HOUR)).toBeUndefined();
    });

    test("goes to one of two processes", async () => {
      const other = (await bench.open()).outgoing;
      for (const name of ["mara", "jory", "wenna"])
        await outgoing.put(mailTo(`${name}@harbour.example`));
      const handed = await Promise.all(
        [outgoing, other, outgoing, other].map(async (one) => one.claim(PER_HOUR)),
      );
      expect(handed.map((mail) => mail?.to ?? "none").sort()).toEqual([
        "jory@harbour.example",
        "mara@harbour.example",
        "none",
        "wenna@harbour.example",
      ]);
    });

    test("is put once by its key, also after it was sent", async () => {
      await outgoing.put(mailTo("mara@harbour.example", "one key"));
      expect(await outgoing.put(mailTo("jory@harbour.example", "one key"))).toBe(false);
      await outgoing.settle((await claimed()).id, { state: "sent" });
      expect(await outgoing.put(mailTo("wenna@harbour.example", "one key"))).toBe(false);
      expect(await outgoing.isDue(PER_HOUR)).toBe(false);
    });

    test("is still there after a crash", async () => {
      await outgoing.put(mailTo("mara@harbour.example"));
      const later = (await bench.open()).outgoing;
      expect(await later.isDue(PER_HOUR)).toBe(true);
    });

    test("that was claimed before a crash is never handed out again: it may have been sent", async () => {
      await outgoing.put(mailTo("mara@harbour.example"));
      await claimed();
      const later = (await bench.open()).outgoing;
      bench.pass(30 * MINUTE_MS);
      expect(await later.claim(PER_HOUR)).toBeUndefined();
    });

    test("that the server has not taken is handed out again at its time, as what it was", async () => {
      await outgoing.put(mailTo("mara@harbour.example"));
      const first = await claimed();
      const due = new Date(bench.now().getTime() + 5 * MINUTE_MS);
      await outgoing.settle(first.id, { state: "waiting", due });
      expect(await outgoing.claim(PER_HOUR)).toBeUndefined();
      bench.pass(5 * MINUTE_MS);
      expect(await claimed()).toEqual({ ...first, attempt: 2 });
    });

    test("isn't sent when its link has expired", async () => {
      await outgoing.put(mailTo("mara@harbour.example"));
      bench.pass(HOUR_MS);
      expect(await outgoing.isDue(PER_HOUR)).toBe(false);
      expect(await outgoing.claim(PER_HOUR)).toBeUndefined();
    });

    test("has one outcome", async () => {
      await outgoing.put(mailTo("mara@harbour.example"));
      const { id } = await claimed();
      await outgoing.settle(id, { state: "dropped" });
      await outgoing.settle(id, { state: "waiting", due: bench.now() });
      expect(await outgoing.claim(PER_HOUR)).toBeUndefined();
    });
  });

  test(`${name}: status is told how many mails wait, since when, and how many left for visitors`, async () => {
    const { audience, joins } = await bench.open();
    expect(await audience.waitingMails()).toBeUndefined();
    await outgoing.put(mailTo("mara@harbour.example"));
    await joins.ask(requestOf("jory@harbour.example"));
    await joins.weigh();
    expect(await audience.waitingMails()).toBeUndefined();
    const since = bench.now();
    bench.pass(MINUTE_MS);
    expect(await audience.waitingMails()).toEqual({ count: 2, since, sent: 0 });
    await claimed();
    await claimed();
    expect(await audience.waitingMails()).toBeUndefined();
    await outgoing.put(mailTo("wenna@harbour.example"));
    bench.pass(MINUTE_MS);
    expect(await audience.waitingMails()).toMatchObject({ count: 1, sent: 1 });
  });

  test(`${name}: a reader asks every ten minutes at most, and three times a day`, async () => {
    const taken: boolean[] = [];
    for (const minutes of [0, 9, 1, 20, 60, 23 * 60]) {
      bench.pass(minutes * MINUTE_MS);
      taken.push(await outgoing.put(mailTo("mara@harbour.example", `own ${taken.length}`)));
    }
    expect(taken).toEqual([true, false, true, true, false, true]);
    expect(await outgoing.put(mailTo("jory@harbour.example"))).toBe(true);
  });
}
