import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import type { ImportedRow } from "../../../src/subscribers/import-row.ts";
import { systemClock } from "../../../src/platform/clock.ts";
import { ImportThread } from "../../../src/subscribers/io/import-thread.ts";
import { openAudience } from "../../../src/subscribers/io/sqlite-audience.ts";
import { openStore } from "../../../src/platform/sqlite/open-store.ts";

const CONSENT = { how: "at the fair", at: new Date("2025-01-02T03:04:05Z") };

interface Circumstances {
  readonly store: string;
  readonly slug: string;
  readonly secrets: { readonly secret?: string; readonly oldSecrets: readonly string[] };
}

let where: Circumstances;

beforeEach(async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "broadsheet-thread-"));
  vi.stubEnv("XDG_STATE_HOME", path.join(folder, "state"));
  onTestFinished(() => void vi.unstubAllEnvs());
  const secrets = { secret: "a secret", oldSecrets: [] };
  where = { store: path.join(folder, "list.db"), slug: "the-slipway", secrets };
});

async function opened() {
  const audience = await openAudience(where, systemClock);
  onTestFinished(() => audience.close());
  return audience;
}

function rows(count: number): ImportedRow[] {
  return Array.from({ length: count }, (_, n) => ({ address: `r${n}@harbour.example`, tags: [] }));
}

test("a thread takes in all that a row may say, and returns what became of the rows", async () => {
  const audience = await opened();
  audience.suppress("r7@harbour.example", "bounced");
  const thread = new ImportThread(where);
  for (let group = 0; group < 30; group++) await thread.add(rows(10));
  const mara = {
    address: "mara@harbour.example",
    name: "Mara Quill",
    language: "de-AT",
    tags: ["vip", "news"],
    consent: CONSENT,
    subscribedAt: new Date("2025-03-01T08:30:00Z"),
  };
  await thread.add([mara]);
  await thread.add([{ address: "jory@quay.example", tags: [], suppressed: "complained" }]);
  expect(await thread.finish()).toEqual({
    added: 10,
    updated: 0,
    unchanged: 261,
    suppressed: 1,
    keptOut: { bounced: 30 },
  });
  expect(audience.find("mara@harbour.example")).toMatchObject(mara);
  expect(audience.statusOf("jory@quay.example")).toBe("complained");
});

test("a store that a newer version wrote is refused in the same words as without a thread", async () => {
  const database = await openStore(where.store);
  database.exec("PRAGMA user_version = 999");
  database.close();
  const thread = new ImportThread(where);
  const refusal = await thread.finish().catch((error: unknown) => error);
  const said = await openStore(where.store).catch((error: unknown) => error);
  expect(refusal).toMatchObject({ code: "STORE_TOO_NEW" });
  expect(refusal).toEqual(said);
  await expect(thread.add(rows(1))).rejects.toBe(refusal);
});

test("a thread that fails lets nobody wait, and leaves what was committed", async () => {
  const audience = await opened();
  audience.add({ address: "mara@harbour.example", tags: [] });
  const thread = new ImportThread(where);
  await thread.add(rows(3));
  // A mistake of ours, as no list has it.
  await thread.add([Object.assign({ address: "x@quay.example", tags: [] }, { address: null })]);
  await expect(thread.finish()).rejects.toThrow(TypeError);
  expect(audience.counts().subscribers).toBe(1);
});
