import { expect, test } from "vitest";
import * as z from "zod";
import { startSendmail, TAKE } from "../sendmail.ts";
import { linesOf } from "./broadsheet.ts";
import { mailingProject, NONE, people, SLOT, stateOf } from "./mailing-project.ts";

const SEND = ["send", SLOT, "--yes", "--json"];
const diagnosed = z.object({ diagnoses: z.array(z.looseObject({ about: z.string() })) });

async function project(sendmail: string, more: object = {}) {
  const urls = { unsubscribe: "https://letters.wharfside/u/{token}" };
  const config = { from: "post@letters.wharfside", urls, transport: "sendmail", sendmail, ...more };
  return mailingProject({ port: 1, recipients: people(20), config });
}

test("an issue goes through a program on this machine, and who is in doubt isn't sent to again", async () => {
  const { program, arrived, calls } = await startSendmail(`
    case "$5" in
      r3@*) exit 67 ;;
      r5@*) exit 71 ;;
      r7@*) ${TAKE}; kill -9 $$ ;;
    esac
    ${TAKE}`);
  const { run } = await project(program);
  const sent = await run(SEND, { SMTP_URL: "" });
  const state = { ...NONE, accepted: 17, rejected: 1, deferred: 1, uncertain: 1 };
  expect(sent.code).toBe(75);
  expect(stateOf(sent)).toMatchObject(state);
  expect(await arrived()).toHaveLength(18);
  const again = await run(SEND, { SMTP_URL: "" });
  expect(again.code).toBe(75);
  expect(stateOf(again)).toMatchObject(state);
  // The refused reader is asked a second time before the refusal counts.
  expect(await calls()).toHaveLength(21);
  const explained = await run(["explain", "r3@harbour.example"]);
  expect(explained.stdout.replaceAll(/\s+/g, " ")).toContain("ended with 67");
});

test("a program that isn't there is told by the doctor, and by sending before anybody is lost", async () => {
  const { run } = await project("/nowhere/sendmail");
  const sent = await run(SEND);
  expect([sent.code, stateOf(sent)]).toEqual([78, { ...NONE, planned: 20 }]);
  expect(sent.stderr).toContain("/nowhere/sendmail can't be run: it does not exist");
  const [told] = linesOf(await run(["doctor", "--json", "--resolver", "127.0.0.1:1"]));
  const { diagnoses } = diagnosed.parse(told);
  expect(diagnoses.find(({ about }) => about === "Mail server")).toMatchObject({
    verdict: "fix",
    code: "SMTP_UNCONFIGURED",
  });
});

test("from an example address nothing goes, and the doctor says so, whatever SMTP_URL names", async () => {
  const { program, calls } = await startSendmail();
  const { run } = await project(program, { from: "post@slipway.example" });
  expect((await run(SEND)).stderr).toContain("SENDER_PLACEHOLDER");
  expect(await calls()).toEqual([]);
  const doctor = await run(["doctor", "--json", "--resolver", "127.0.0.1:1"]);
  expect(doctor.stdout).toContain("SENDER_PLACEHOLDER");
});

test("without a folder for temporary files it is that folder that is told of", async () => {
  const { program, calls } = await startSendmail();
  // An environment is for all of a process, so this has one of its own.
  const { spawn } = await project(program);
  const sent = await spawn(SEND, { TMPDIR: "/nowhere/tmp" });
  expect([sent.code, stateOf(sent)]).toEqual([78, { ...NONE, planned: 20 }]);
  expect(sent.stderr).toContain("/nowhere/tmp can't be written to (ENOENT)");
  expect(await calls()).toEqual([]);
});
