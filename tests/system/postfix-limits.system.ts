import { expect, onTestFinished, test } from "vitest";
import {
  type MailingProject,
  mailingProject,
  NONE,
  SLOT,
  stateOf,
} from "../cli/mailing-project.ts";
import { type PostfixServer, startPostfix } from "./postfix-server.ts";

/*
 * What Postfix says of itself, of the sender or of the client, and never of a reader.
 */

const SEND = ["send", SLOT, "--yes", "--json"];
const READERS = 60;

interface Relay {
  readonly settings?: Readonly<Record<string, string>>;
  readonly screens?: boolean;
}

async function newsletter(relay: Relay) {
  const postfix = await startPostfix(relay);
  const readers = Array.from({ length: READERS }, (_, n) => `ida-${n}@reader.example`);
  const project = await mailingProject({ port: postfix.port, recipients: readers });
  onTestFinished(async () => postfix.close());
  return { postfix, project, readers };
}

/** How many mails each reader has. */
async function arrived(postfix: PostfixServer, readers: readonly string[]): Promise<number[]> {
  const counts: number[] = [];
  for (const reader of readers)
    counts.push((await postfix.waitFor(reader.replace(/@.*/, ""), 1)).length);
  return counts;
}

/** Sends until the command has nothing more to do, so often at most. */
async function sendAll(project: MailingProject, runs: number) {
  let last = await project.spawn(SEND);
  for (let run = 1; run < runs && last.code === 75; run++) last = await project.spawn(SEND);
  return last;
}

test("its queue has no room (queue_minfree): no reader is put off, and all get it when there is", async () => {
  const { postfix, project, readers } = await newsletter({
    settings: { queue_minfree: "1000000000000000" },
  });
  const full = await project.spawn(SEND);
  expect(full.code).toBe(75);
  expect(full.stderr).toContain("4.3.1");
  expect(stateOf(full)).toEqual({ ...NONE, planned: READERS });
  const explained = await project.run(["explain", readers[0] ?? "", "--json"]);
  expect(explained.stdout).toContain('"attempt":0');
  await postfix.reconfigure({});
  const sent = await project.spawn(SEND);
  expect([sent.code, stateOf(sent)]).toEqual([0, { ...NONE, accepted: READERS }]);
  expect(await arrived(postfix, readers)).toEqual(readers.map(() => 1));
});

const SENDER = "smtpd_sender_restrictions";
const CLIENT = "smtpd_client_restrictions";

test.each([
  ["the sender, when the first reader is named", SENDER, "yes"],
  ["the sender, at once", SENDER, "no"],
  ["this client, when the first reader is named", CLIENT, "yes"],
  ["this client, at once", CLIENT, "no"],
])("it refuses %s (%s, smtpd_delay_reject=%s): no reader is refused", async (...[, key, delay]) => {
  const rule = key === SENDER ? "check_sender_access static:{REJECT not from here}" : "reject";
  const { postfix, project, readers } = await newsletter({
    settings: { [key]: rule, smtpd_delay_reject: delay },
  });
  const refused = await project.spawn(SEND);
  expect(refused.code).toBe(69);
  expect(stateOf(refused)).toEqual({ ...NONE, planned: READERS });
  await postfix.reconfigure({});
  const sent = await project.spawn(SEND);
  expect([sent.code, stateOf(sent)]).toEqual([0, { ...NONE, accepted: READERS }]);
  expect(await arrived(postfix, readers)).toEqual(readers.map(() => 1));
});

test("it takes two connections of a client: all get it, each once", async () => {
  const { postfix, project, readers } = await newsletter({
    settings: {
      smtpd_client_connection_count_limit: "2",
      smtpd_client_event_limit_exceptions: "",
    },
  });
  const sent = await sendAll(project, 2);
  expect([sent.code, stateOf(sent)]).toEqual([0, { ...NONE, accepted: READERS }]);
  expect(await arrived(postfix, readers)).toEqual(readers.map(() => 1));
});

test("it ends connections with many errors: the readers who exist get it, each once", async () => {
  const unknown = Array.from({ length: READERS / 5 }, (_, n) => `ida-${n * 5}@reader.example`);
  const refusals = unknown.map((address) => `{${address} = REJECT 5.1.1 no such mailbox}`);
  const { postfix, project, readers } = await newsletter({
    settings: {
      smtpd_recipient_restrictions: `check_recipient_access inline:{${refusals.join(", ")}}, permit_mynetworks, reject`,
      smtpd_soft_error_limit: "2",
      smtpd_hard_error_limit: "6",
    },
  });
  const sent = await sendAll(project, 3);
  // So many unknown readers may be the server's mistake.
  expect(sent.code).toBe(69);
  const [accepted, rejected] = [READERS - unknown.length, unknown.length];
  expect(stateOf(sent)).toEqual({ ...NONE, accepted, rejected });
  const known = readers.filter((reader) => !unknown.includes(reader));
  expect(await arrived(postfix, known)).toEqual(known.map(() => 1));
});

test.each([
  ["waits before it greets", {}],
  [
    "refuses a client that it doesn't know for the first time",
    { postscreen_non_smtp_command_enable: "yes", postscreen_bare_newline_enable: "yes" },
  ],
])("postscreen %s: all get it, each once", async (_what, more) => {
  const { postfix, project, readers } = await newsletter({
    screens: true,
    settings: {
      postscreen_access_list: "",
      postscreen_greet_wait: "2s",
      postscreen_greet_action: "enforce",
      postscreen_dnsbl_sites: "",
      ...more,
    },
  });
  const sent = await sendAll(project, 3);
  expect([sent.code, stateOf(sent)]).toEqual([0, { ...NONE, accepted: READERS }]);
  expect(await arrived(postfix, readers)).toEqual(readers.map(() => 1));
});
