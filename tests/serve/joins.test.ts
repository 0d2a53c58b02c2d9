import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { joinsContract } from "./joins-contract.ts";
import { quickJoins, storedJoins, requestOf } from "./join-bench.ts";
import { ENGINES } from "../stores.ts";
import { outgoingContract } from "./outgoing-contract.ts";
import { fileOf } from "./store-bench.ts";

for (const engine of ENGINES) {
  outgoingContract(engine, async () => storedJoins(engine));
  joinsContract(engine, async () => storedJoins(engine));
}

const DAY_MS = 86_400_000;

test("no address and no network of a visitor is left in the store longer than needed", async () => {
  const bench = await storedJoins();
  const door = await bench.open();
  const holds = async (text: string): Promise<boolean> => {
    await door.audience.scrub();
    return readFileSync(fileOf(bench.place)).includes(text);
  };
  await door.joins.ask(requestOf("somebody@harbour.example"));
  await door.joins.weigh();
  expect(await holds("192.0.2.0")).toBe(false);
  const mail = await door.outgoing.claim(60);
  expect(mail?.to).toBe("somebody@harbour.example");
  bench.pass(7 * DAY_MS);
  expect(await holds("somebody")).toBe(true);
  await door.joins.forget();
  expect(await holds("somebody")).toBe(false);
});

test("a thousand mails wait at most, and leave hour by hour", async () => {
  const bench = await quickJoins();
  const { joins, outgoing } = await bench.open();
  for (let n = 0; n < 1_100; n++) {
    // Requests are weighed by the hundred, and the limit falls into the middle of such a hundred.
    if (n === 50) await joins.weigh();
    await joins.ask(
      requestOf(`${n}@harbour.example`, {
        network: `10.${n >> 8}.${n & 255}.0/24`,
        proof: `proof ${n}`,
      }),
    );
  }
  await joins.weigh();
  const sent: number[] = [];
  for (let hour = 0; hour < 4; hour++) {
    let mails = 0;
    while (await outgoing.claim(300)) mails += 1;
    sent.push(mails);
    bench.pass(3_600_000);
  }
  expect(sent).toEqual([300, 300, 300, 100]);
});
