import { expect, test } from "vitest";
import { linesOf } from "../cli/broadsheet.ts";
import { mailingProject, NONE, people, SLOT, stateOf } from "../cli/mailing-project.ts";
import { startFaultServer } from "../fault-server.ts";

/*
 * A relay that takes nothing is waited for, so these tests last long. The rule itself is in delivery/whose-fault.test.ts.
 */

const SEND = ["send", SLOT, "--yes", "--json"];

test.each(["450 4.7.0 not now", "452 4.3.1 Insufficient system storage"])(
  "%s to all: the run ends by itself, no reader is put off, no attempt counts, and few are tried",
  async (say) => {
    const server = await startFaultServer({ keepsBodies: false, faults: [{ at: "RCPT", say }] });
    const project = await mailingProject({ port: server.port, recipients: people(200) });
    const run = await project.spawn(SEND);
    expect([run.code, stateOf(run)]).toMatchObject([75, { ...NONE, planned: 200 }]);
    expect(run.stderr).toContain("for 15 seconds");
    expect(server.commands.filter((line) => line.startsWith("RCPT")).length).toBeLessThan(50);
    const [first = ""] = people(200);
    const [explained] = linesOf(await project.run(["explain", first, "--json"]));
    expect(explained).toMatchObject({ issues: [{ attempt: 0, events: [] }] });
    server.setFaults([]);
    // The reader of the last complaint may wait for five minutes.
    const { accepted, planned } = stateOf(await project.spawn(SEND));
    expect(accepted).toBeGreaterThanOrEqual(199);
    expect(accepted + planned).toBe(200);
  },
);
