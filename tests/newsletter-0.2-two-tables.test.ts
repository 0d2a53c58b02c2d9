import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import * as z from "zod";
import { broadsheet, linesOf } from "./cli/broadsheet.ts";

const FIXTURE = fileURLToPath(new URL("./fixtures/newsletter-0.2-two-tables", import.meta.url));

const slotsSchema = z.array(
  z.object({ slot: z.string(), state: z.string(), why: z.string().optional() }),
);

const expected = z
  .object({ slots: slotsSchema, issues: z.array(z.looseObject({ slot: z.string() })) })
  .parse(JSON.parse(await readFile(path.join(FIXTURE, "expected.json"), "utf8")));

/** A copy of the newsletter, and a function that runs commands in it. */
async function newsletter({ port = 1 }: { readonly port?: number } = {}) {
  const home = await mkdtemp(path.join(tmpdir(), "broadsheet-two-tables-"));
  onTestFinished(() => rm(home, { recursive: true }));
  const cwd = path.join(home, "slipway");
  const state = path.join(home, "state");
  await cp(path.join(FIXTURE, "project"), cwd, { recursive: true });
  await cp(path.join(FIXTURE, "store"), path.join(cwd, ".broadsheet"), { recursive: true });
  await cp(path.join(FIXTURE, "state"), state, { recursive: true });
  const env = {
    XDG_STATE_HOME: state,
    BROADSHEET_SECRET: "a secret that only this fixture knows",
    SMTP_URL: `smtp://127.0.0.1:${port}`,
  };
  const run = async (args: readonly string[], code = 0) => {
    const ran = await broadsheet(args, { cwd, env });
    expect([ran.code, code === ran.code ? "" : ran.stderr]).toEqual([code, ""]);
    return ran;
  };
  return { cwd, run };
}

/** The slots in a state, the earliest first. */
function slotsIn(state: string) {
  return expected.slots.filter((slot) => slot.state === state);
}

describe("a newsletter whose store has the tables slot and issue", () => {
  test("has its issues: who has each of them, and which of them need an editor", async () => {
    const { run } = await newsletter();
    const [status] = linesOf(await run(["status", "--json"]));
    const unfinished = [...slotsIn("built"), ...slotsIn("begun")];
    expect(status).toMatchObject({
      newsletter: "the-slipway",
      subscribers: 10,
      issues: expected.issues,
      attention: expect.arrayContaining([
        ...slotsIn("waiting").map(({ slot }) =>
          expect.stringMatching(`^${slot} waits to be approved until `),
        ),
        ...unfinished.map(({ slot, why = "" }) =>
          expect.stringContaining(`${slot} is not sent yet: ${why.replace(/^not sent: /, "")}`),
        ),
      ]),
    });
  });
});
