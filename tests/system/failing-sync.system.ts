import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { ENVIRONMENT, MAIN } from "../cli/broadsheet.ts";
import {
  type MailingProject,
  mailingProject,
  NONE,
  people,
  SLOT,
  stateOf,
} from "../cli/mailing-project.ts";
import { LESS_GC } from "../less-gc.ts";
import { startFaultServer } from "../fault-server.ts";

const SEND = ["send", SLOT, "--yes", "--json"];
const READERS = 1_000;
const LIST = Array.from({ length: 50 }, (_, n) => people(READERS / 50, `d${n}.example`)).flat();

/** Sends with a disk that fails from the n-th sync of a thread on, as strace makes the kernel say. */
async function sendOnFailingDisk({ cwd, env }: MailingProject, nth: number) {
  const inject = ["-e", "trace=fdatasync", "-e", `inject=fdatasync:error=EIO:when=${nth}+`];
  const strace = ["-f", "-qq", "--seccomp-bpf", "-o", "/dev/null", ...inject];
  const child = spawn("strace", [...strace, process.execPath, ...LESS_GC, MAIN, ...SEND], {
    cwd,
    // The syncs of new groups are all of one thread then.
    env: { ...ENVIRONMENT, ...env, UV_THREADPOOL_SIZE: "1" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  const [code] = await once(child, "close");
  return { code, said };
}

test.each([1, 2, 5, 8])(
  "a disk whose syncs fail from the %i. on: the run stops, 74, and nobody is sent the issue twice",
  async (nth) => {
    const server = await startFaultServer({ keepsBodies: false });
    const project = await mailingProject({ port: server.port, recipients: LIST });
    await project.run([...SEND, "--limit", "1"]);
    const { code, said } = await sendOnFailingDisk(project, nth);
    expect(code).toBe(74);
    expect(said).toMatch(
      /^error (?:STORE_FAILED|DISK_FAILED): the store \S+ can't be (?:read or )?written/m,
    );
    expect(said).not.toContain("    at ");
    expect(server.taken.length).toBeLessThan(READERS);
    if (nth > 3) expect(server.taken.length).toBeGreaterThan(1);

    const { accepted, uncertain, ...rest } = stateOf(await project.run(SEND));
    const { accepted: _accepted, uncertain: _uncertain, ...none } = NONE;
    expect(rest).toEqual(none);
    expect(accepted + uncertain).toBe(READERS);
    expect(uncertain).toBeLessThanOrEqual(10);
    const ids = server.taken.map(({ messageId }) => messageId);
    expect(new Set(ids).size).toBe(ids.length);
  },
);
