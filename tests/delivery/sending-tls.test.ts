import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { certificateAuthority } from "../certificate.ts";
import { mailingProject, SLOT, stateOf } from "../cli/mailing-project.ts";
import { startFaultServer } from "../fault-server.ts";
import { people, sendingBench, tallied } from "./sending-bench.ts";

/*
 * S5 with certificates as real servers have them: a root that the machine trusts, an intermediate that the
 * server sends along, and its own.
 */

const authority = certificateAuthority();
const stranger = certificateAuthority("Millpond");
const impostor = certificateAuthority();
const before = getCACertificates();

beforeAll(() => setDefaultCACertificates([...before, authority.root]));
afterAll(() => setDefaultCACertificates(before));

/** This machine is trusted by default, and shall not be here. */
const STRICT = { trustLoopback: false };

const WAYS: readonly (readonly [name: string, scheme: string, isImplicit: boolean])[] = [
  ["STARTTLS", "smtp", false],
  ["TLS from the first byte", "smtps", true],
];

describe.each(WAYS)("%s", (_name, scheme, isImplicit) => {
  const url = `${scheme}://127.0.0.1:PORT`;

  test("a chain that leads to a trusted root: everybody gets it, encrypted, the login with it", async () => {
    const login = { user: "desk", password: "hunter2" };
    const tls = { ...authority.issue(), isImplicit };
    const bench = await sendingBench(people(40), {
      tls,
      login,
      url: url.replace("//", "//desk:hunter2@"),
    });
    expect(tallied(await bench.send({}, STRICT))).toEqual({ accepted: 40 });
    expect(bench.server.taken.every(({ isEncrypted }) => isEncrypted)).toBe(true);
  });

  test.each([
    ["has expired", authority.issue({ until: "250101000000Z" }), "certificate has expired"],
    ["isn't valid yet", authority.issue({ from: "480101000000Z" }), "certificate is not yet valid"],
    ["is for another host", authority.issue({ host: "mail.wharfside" }), "does not match"],
    ["comes from an unknown root", stranger.issue(), "unable to get"],
    ["comes from one that only bears the name", impostor.issue(), "certificate signature failure"],
    ["comes without its intermediate", authority.issueAlone(), "unable to"],
  ])(
    "a certificate that %s: nobody gets a word, not even the server's login",
    async (_what, pair, why) => {
      const bench = await sendingBench(people(5), {
        tls: { ...pair, isImplicit },
        login: { user: "desk", password: "hunter2" },
        url: url.replace("//", "//desk:hunter2@"),
      });
      for (const options of [STRICT, { ...STRICT, requireTls: false }]) {
        const run = await bench.send({}, options);
        expect(run.stoppedBy).toMatchObject({ code: "SMTP_TLS" });
        expect(run.stoppedBy?.message).toContain(why);
        expect(tallied(run)).toEqual({ planned: 5 });
      }
      expect(bench.server.taken).toEqual([]);
      expect(bench.server.commands.filter((line) => !/^(?:EHLO|STARTTLS)/.test(line))).toEqual([]);
    },
  );
});

test("the command line: 78 and nobody for a chain it can't trust, 0 and everybody for one it can", async () => {
  const server = await startFaultServer({ tls: authority.issue() });
  const project = await mailingProject({
    port: server.port,
    recipients: people(3),
    config: {
      from: "post@letters.wharfside",
      urls: { unsubscribe: "https://letters.wharfside/u/{token}" },
    },
  });
  const root = path.join(project.cwd, "root.pem");
  await writeFile(root, authority.root);
  // Reaches this machine, and isn't taken for it.
  const env = { SMTP_URL: `smtp://0.0.0.0:${server.port}` };
  const send = ["send", SLOT, "--yes", "--force", "--json"];
  const refused = await project.spawn(send, env);
  expect([refused.code, stateOf(refused)]).toMatchObject([78, { planned: 3, accepted: 0 }]);
  expect(server.taken).toEqual([]);
  const sent = await project.spawn(send, { ...env, NODE_EXTRA_CA_CERTS: root });
  expect([sent.code, stateOf(sent)]).toMatchObject([0, { accepted: 3 }]);
  expect(server.taken.every(({ isEncrypted }) => isEncrypted)).toBe(true);
});
