import { createHash } from "node:crypto";
import { solveChallenge } from "altcha-lib";
import { deriveKey } from "altcha-lib/algorithms/pbkdf2";
import { beforeEach, describe, expect, test } from "vitest";
import { SqliteDatabase } from "../../src/platform/sqlite/database.ts";
import { doorApp } from "../../src/serve/door-app.ts";
import { challengeFor } from "../../src/serve/proof.ts";
import { mintFormToken, mintTimedToken } from "../../src/subscribers/tokens.ts";
import { type JoinDoor, KEYRING, LOOK, quickJoins } from "./join-bench.ts";
import { fileOf } from "./store-bench.ts";

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const PER_HOUR = 60;
const PROMISE = "You get one mail to confirm. One press takes you off the list again.";

let bench: Awaited<ReturnType<typeof quickJoins>>;
let door: JoinDoor;
let app: ReturnType<typeof doorApp>;
let list: Uint8Array;

function start(trustProxy: boolean | number = true, joins = door.joins): void {
  app = doorApp(
    { ...door, joins },
    {
      ...LOOK,
      language: "en",
      timeZone: "UTC",
      list,
      keyring: KEYRING,
      clock: bench.now,
      script: "",
      trustProxy,
    },
  );
}

beforeEach(async () => {
  bench = await quickJoins();
  door = await bench.open();
  list = await door.audience.listUid();
  start();
});

type Fields = Readonly<Record<string, string>>;

async function post(path: string, fields: Fields, network = "192.0.2.1"): Promise<Response> {
  return app.request(path, {
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      "x-forwarded-for": network,
    },
    body: new URLSearchParams(fields).toString(),
  });
}

function field(html: string, name: string): string {
  return new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? "";
}

async function formOn(path: string): Promise<string> {
  const page = await (await app.request(path)).text();
  bench.pass(SECOND_MS);
  return field(page, "form");
}

/** Without what differs from request to request. */
function untokened(html: string): string {
  return html.replace(/[\w-]{43}/g, "TOKEN").replace(/data-challenge="[^"]*"/g, "");
}

async function join(address: string, more: Fields = {}, network?: string): Promise<Response> {
  const form = await formOn("/subscribe");
  return post("/subscribe", { address, form, ...more }, network);
}

/** Answers all that is asked, and sends what may be sent: the paths of the links, by address. */
async function mails(): Promise<Map<string, string>> {
  await door.joins.weigh();
  const links = new Map<string, string>();
  for (;;) {
    const mail = await door.outgoing.claim(PER_HOUR);
    if (!mail) return links;
    await door.outgoing.settle(mail.id, { state: "sent" });
    links.set(mail.to, /https:\/\/letter\.example(\S+)/.exec(mail.text)?.[1] ?? "");
  }
}

async function linkFor(address: string): Promise<string> {
  await join(address);
  return (await mails()).get(address) ?? "";
}

describe("the subscribe page", () => {
  test("takes an address, and answers before it knows anything of it", async () => {
    const answer = await join("mara@harbour.example");
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain("Look into your mailbox");
    expect(await door.outgoing.isDue(PER_HOUR)).toBe(false);
    expect([...(await mails()).keys()]).toEqual(["mara@harbour.example"]);
  });

  test("gives the same answer for every address", async () => {
    for (const name of ["reader", "bounced", "complained", "gone", "erased"])
      await door.audience.add({ address: `${name}@harbour.example`, tags: [] });
    await door.audience.suppress("bounced@harbour.example", "bounced");
    await door.audience.suppress("complained@harbour.example", "complained");
    await door.audience.suppress("gone@harbour.example", "unsubscribed");
    await door.audience.erase("erased@harbour.example");
    await join("pending@harbour.example");
    await mails();
    const answers = new Map<string, string>();
    const names = ["new", "pending", "reader", "bounced", "complained", "gone", "erased"];
    for (const [n, name] of names.entries()) {
      const answer = await join(`${name}@harbour.example`, {}, `10.0.${n}.1`);
      answers.set(name, untokened(`${answer.status} ${await answer.text()}`));
    }
    expect(new Set(answers.values()).size).toBe(1);
    const links = [...(await mails())].map(([to, link]) => `${to} ${link.slice(0, 3)}`);
    expect(links).toEqual([
      "new@harbour.example /c/",
      "reader@harbour.example /p/",
      "gone@harbour.example /c/",
      "erased@harbour.example /c/",
    ]);
  });

  test("sends nothing for a form of another site, and shows the address in its own", async () => {
    const answer = await post("/subscribe", { address: 'mara"<b>@harbour.example' });
    const page = await answer.text();
    expect(answer.status).toBe(200);
    expect(field(page, "address")).toBe("mara&quot;&lt;b&gt;@harbour.example");
    expect([...(await mails())]).toEqual([]);
    bench.pass(SECOND_MS);
    await post("/subscribe", { address: "mara@harbour.example", form: field(page, "form") });
    expect((await mails()).size).toBe(1);
  });

  test.each([
    ["at once", async () => field(await (await app.request("/subscribe")).text(), "form")],
    [
      "after a day",
      async () => mintFormToken({ form: "/subscribe", list }, bench.now(), KEYRING),
      DAY_MS + 1,
    ],
    [
      "of another page",
      async () => mintFormToken({ form: "/u/abc", list }, bench.now(), KEYRING),
      SECOND_MS,
    ],
    ["that is forged", async () => "A".repeat(43), SECOND_MS],
  ])("asks again for a form %s", async (_what, token, ms = 0) => {
    const form = await token();
    bench.pass(ms);
    const answer = await post("/subscribe", { address: "mara@harbour.example", form });
    expect(await answer.text()).toContain("One more press");
    expect([...(await mails())]).toEqual([]);
  });

  test.each([
    "",
    "mara",
    "mara@harbour.example\r\nBcc: all@harbour.example",
    // A name beside the address, and a second address, are for lists and not for a form.
    "Mara <mara@harbour.example>",
    "mara@harbour.example, jory@harbour.example",
  ])("says of %j that it is no address", async (address) => {
    const answer = await join(address);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain("This is no e-mail address");
    expect([...(await mails())]).toEqual([]);
  });

  test("takes an address of any script", async () => {
    await join(" März@häfen.example ");
    expect([...(await mails()).keys()]).toEqual(["März@xn--hfen-loa.example"]);
  });

  test("refuses an address of a megabyte, and what is no form", async () => {
    const large = await join(`${"m".repeat(1_000_000)}@harbour.example`);
    expect(large.status).toBe(413);
    const json = await app.request("/subscribe", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ address: "mara@harbour.example" }),
    });
    expect(json.status).toBe(415);
  });

  test("says that it is busy where another program holds the store, and loses nothing", async () => {
    using other = new SqliteDatabase(fileOf(bench.place));
    other.begin();
    const answer = await join("mara@harbour.example");
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "10"]);
    other.rollback();
    await join("mara@harbour.example");
    expect((await mails()).size).toBe(1);
  });

  test("runs its own script, and asks no other server for anything", async () => {
    const { headers } = await app.request("/subscribe");
    expect(headers.get("content-security-policy")).toContain(
      "script-src 'self'; worker-src 'self'",
    );
    expect((await app.request("/door.js")).headers.get("content-type")).toMatch(
      /^text\/javascript/,
    );
    for (const page of ["/subscribe", "/subscribe/"]) {
      const html = await (await app.request(page)).text();
      const [, src = ""] = /<script type="module" src="([^"]*)">/.exec(html) ?? [];
      expect(new URL(src, `https://letter.example${page}`).pathname).toBe("/door.js");
    }
    const others = await app.request("/c/abc");
    expect(others.headers.get("content-security-policy")).not.toContain("script");
  });
});

describe("the page behind the link of the confirming mail", () => {
  test("subscribes by a press, and not by being opened", async () => {
    const link = await linkFor("mara@harbour.example");
    for (const method of ["GET", "HEAD", "OPTIONS"]) await app.request(link, { method });
    expect(await door.audience.statusOf("mara@harbour.example")).toBe("unknown");
    const form = await formOn(link);
    const answer = await post(link, { form });
    expect(await answer.text()).toContain("You’re on the list");
    expect(await door.audience.statusOf("mara@harbour.example")).toBe("subscribed");
    // docs/readers.md says which lines these are.
    const lines = ["Get The Tidewrack by mail", "", "Your e-mail address", "Subscribe", PROMISE];
    const page = await (await app.request("/subscribe")).text();
    for (const line of lines) expect(page).toContain(line);
    const wording = createHash("sha256").update(lines.join("\n")).digest("hex");
    expect((await door.audience.find("mara@harbour.example"))?.consent?.how).toMatch(
      new RegExp(
        `^https://letter\\.example/subscribe, asked 2026\\S+Z, wording sha256 ${wording}$`,
      ),
    );
    expect(await (await app.request(link)).text()).toContain("You’re on the list");
    expect((await post(link, { form })).status).toBe(200);
  });

  test("doesn't subscribe by a press that no page of ours has offered", async () => {
    const link = await linkFor("mara@harbour.example");
    const other = await linkFor("jory@harbour.example");
    const forms: Fields[] = [{}, { form: "" }, { form: await formOn(other) }];
    for (const fields of forms) expect((await post(link, fields)).status).toBe(400);
    expect(await door.audience.statusOf("mara@harbour.example")).toBe("unknown");
  });

  test("isn't there for a token that is forged, cut, of another purpose, expired or used", async () => {
    const link = await linkFor("mara@harbour.example");
    const form = await formOn(link);
    const reader = mintTimedToken({ purpose: "undo", id: 1, list, at: bench.now() }, KEYRING);
    const paths = [`${link}x`, link.slice(0, -1), "/c/x", `/c/${"A".repeat(43)}`, `/c/${reader}`];
    const answers = new Set<string>();
    for (const path of paths) {
      const [get, sent] = [await app.request(path), await post(path, { form })];
      answers.add(`${get.status} ${await get.text()}`).add(`${sent.status} ${await sent.text()}`);
    }
    await post(link, { form });
    await door.audience.suppress("mara@harbour.example", "unsubscribed");
    const used = await post(link, { form });
    answers.add(`${used.status} ${await used.text()}`);
    const late = await linkFor("jory@harbour.example");
    bench.pass(7 * DAY_MS);
    const expired = await app.request(late);
    answers.add(`${expired.status} ${await expired.text()}`);
    expect([...answers].map((answer) => answer.slice(0, 4))).toEqual(["404 "]);
    expect(await door.audience.statusOf("mara@harbour.example")).toBe("unsubscribed");
  });
});

describe("more sign-ups in an hour than may wait", () => {
  const AT_ONCE = 200;
  /** As many more change nothing but the time that this takes. */
  const SIGN_UPS = 1_600;

  /** Who got a mail within the hour, and how often. */
  async function flood(signUp: (n: number) => Promise<Response>): Promise<string[]> {
    const got: string[] = [];
    for (let n = 0; n < SIGN_UPS; n += AT_ONCE) {
      const answers = await Promise.all(
        Array.from({ length: AT_ONCE }, async (_, at) => signUp(n + at)),
      );
      expect(answers.every(({ status }) => status === 200)).toBe(true);
      got.push(...(await mails()).keys());
      bench.pass((HOUR_MS - SECOND_MS) / (SIGN_UPS / AT_ONCE));
    }
    return got;
  }

  test("from many networks give ten mails without a proof of work, and sixty with one", async () => {
    const form = await formOn("/subscribe");
    const work = { cost: 1, guesses: 0 };
    const proof = async (): Promise<string> => {
      const challenge = JSON.parse(await challengeFor(form, KEYRING, work));
      return JSON.stringify({
        challenge,
        solution: await solveChallenge({ challenge, deriveKey }),
      });
    };
    const one = await proof();
    // A tenth has a proof of its own; the others have none, a forged one, or one that was spent.
    const signUp = async (n: number): Promise<Response> => {
      const given = n % 10 === 0 ? await proof() : (["", "{}", one][n % 3] ?? "");
      const fields = { address: `${n}@harbour.example`, form, proof: given };
      return post("/subscribe", fields, `10.${n >> 8}.${n & 255}.7`);
    };
    const got = await flood(signUp);
    const proved = got.filter((to) => to.split("@")[0]?.endsWith("0"));
    expect(got).toHaveLength(60);
    expect(got.length - proved.length).toBeLessThanOrEqual(11);
  });
});

test.each([
  [false, "198.51.100.7", "198.51.100.0/24"],
  [true, "203.0.113.9, 192.0.2.7", "192.0.2.0/24"],
  [2, "203.0.113.9, 192.0.2.7, 10.0.0.1", "192.0.2.0/24"],
  [2, "10.0.0.1", "198.51.100.0/24"],
])("with trustProxy %s the network of %j is %s", async (trustProxy, forwarded, network) => {
  const networks: string[] = [];
  start(trustProxy, {
    ...door.joins,
    ask: async ({ network }) => void networks.push(network),
  });
  const form = await formOn("/subscribe");
  await app.request(
    "/subscribe",
    {
      method: "POST",
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        "x-forwarded-for": forwarded,
      },
      body: new URLSearchParams({ address: "mara@harbour.example", form }).toString(),
    },
    { incoming: { socket: { remoteAddress: "198.51.100.7" } } },
  );
  expect(networks).toEqual([network]);
});
