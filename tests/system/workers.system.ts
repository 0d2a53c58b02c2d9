import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import * as z from "zod";
import type { Run } from "../cli/broadsheet.ts";
import { assertOnce, Machines, SLOT, SOON } from "../cli/machines.ts";
import { type FaultServer, startFaultServer } from "../fault-server.ts";
import { inDatabase, newDatabase } from "../stores.ts";

const countsIn = z.object({
  planned: z.number(),
  accepted: z.number(),
  uncertain: z.number(),
  sending: z.number(),
});

/** How often a test looks whether anything is sent still. */
const STILL = { timeout: 30_000, interval: 1_000 };

// Hundreds of messages over several processes take minutes on a busy machine.
vi.setConfig({ testTimeout: 300_000 });

describe("workers", () => {
  let server: FaultServer;
  let machines: Machines;
  let editor: string;

  beforeEach(async () => {
    server = await startFaultServer({ keepsBodies: false });
    machines = new Machines(await newDatabase(), server);
    editor = await machines.folder();
  });
  afterEach(async () => {
    machines.close();
    await server.close();
  });

  const send = async (...args: readonly string[]): Promise<Run> =>
    machines.run(editor, "send", SLOT, "--yes", ...args);

  test("send an issue together with the command that plans it, each reader once", async () => {
    await machines.prepare(editor, 800);
    server.setFaults([{ at: "dot", keeps: true, say: "250 taken", delayMs: 5 }]);
    const workers = await Promise.all([machines.work(), machines.work()]);
    await vi.waitFor(async () => expect(await machines.workers(editor)).toBe(2), SOON);
    // The command ends when the workers have sent all that is left.
    expect(await send()).toMatchObject({ code: 0 });
    expect(server.taken).toHaveLength(800);
    assertOnce(server);
    for (const { child } of workers) child.kill("SIGTERM");
    for (const { ended } of workers) expect(await ended).toMatchObject({ code: 0 });
    const { stdout } = await machines.run(editor, "status", SLOT, "--json");
    expect(JSON.parse(stdout)).toMatchObject({ accepted: 800, uncertain: 0, sending: 0 });
  });

  test("stop when the issue is held, and go on when it is no longer", async () => {
    await machines.prepare(editor, 1_000);
    server.setFaults([{ at: "dot", keeps: true, say: "250 taken", delayMs: 100 }]);
    await machines.work();
    await send("--limit", "1");
    await vi.waitFor(() => expect(server.taken.length).toBeGreaterThan(20), SOON);
    expect(await machines.run(editor, "hold", SLOT)).toMatchObject({ code: 0 });
    const held = server.taken.length;
    let before = -1;
    await vi.waitFor(() => {
      const isStill = server.taken.length === before;
      before = server.taken.length;
      expect(isStill).toBe(true);
    }, STILL);
    // The server takes 40 a second at most, so that these are two seconds, and the messages that were on their way.
    expect(before - held).toBeLessThanOrEqual(2 * 40 + 4);
    server.setFaults([]);
    await machines.run(editor, "hold", SLOT, "--off");
    await send();
    await vi.waitFor(() => expect(server.taken).toHaveLength(1_000), SOON);
    assertOnce(server);
  });

  test("go on with the readers of one that was killed, and doubt only the messages on their way", async () => {
    await machines.prepare(editor, 600);
    server.setFaults([{ at: "dot", keeps: true, say: "250 taken", delayMs: 50 }]);
    const first = await machines.work();
    await send("--limit", "1");
    await vi.waitFor(() => expect(server.taken.length).toBeGreaterThan(20), SOON);
    first.child.kill("SIGKILL");
    await first.ended;
    // As if it had shown no sign of life for long.
    const silent = "heartbeat_on = now() - interval '1 hour' WHERE state = 'active'";
    await inDatabase(
      machines.url,
      `UPDATE broadsheet_jobs.job SET ${silent}`,
      "UPDATE broadsheet.run_worker SET seen_at = 0",
    );
    server.setFaults([]);
    await machines.work();
    const counts = async () => {
      const { stdout } = await machines.run(editor, "status", SLOT, "--json");
      return countsIn.parse(JSON.parse(stdout));
    };
    await vi.waitFor(async () => {
      const { planned, sending } = await counts();
      expect(planned + sending).toBe(0);
    }, SOON);
    const { accepted, uncertain } = await counts();
    expect(accepted + uncertain).toBe(600);
    expect(uncertain).toBeLessThanOrEqual(4);
    assertOnce(server);
  });
});
