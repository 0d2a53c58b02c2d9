import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { doorBench, formsIn } from "./door-bench.ts";

const SITE = "https://letter.example/news";
const ONE_CLICK = "List-Unsubscribe=One-Click";
const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let bench: Awaited<ReturnType<typeof doorBench>>;
let token: string;

beforeEach(async () => {
  bench = await doorBench();
  token = await bench.add({ address: "mara@harbour.example", name: "Mara", tags: ["harbour"] });
});
afterEach(async () => bench.close());

async function post(path: string, fields: Readonly<Record<string, string>> | string) {
  return bench.app.request(path, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: typeof fields === "string" ? fields : new URLSearchParams(fields).toString(),
  });
}

const stateOf = async (of = token) => (await bench.readers.find(of))?.state;

/** The fields of a form on a page that was served some seconds ago. */
async function formOn(path: string, at = 0): Promise<Record<string, string>> {
  const html = await (await bench.app.request(path)).text();
  bench.pass(2 * SECOND_MS);
  return formsIn(html)[at] ?? {};
}

describe("every page", () => {
  test.each(["/health", "/news/health", "/news/health/", "/health/"])(
    "%s is answered, with the path of the site or without",
    async (path) => expect((await bench.app.request(path)).status).toBe(200),
  );

  test("runs no script, sets no cookie, is kept by no cache and tells nobody where its reader comes from", async () => {
    const { headers } = await bench.app.request(`/u/${token}`);
    expect(headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("set-cookie")).toBeNull();
  });

  test("has links by the address of the site, whatever the Host header says", async () => {
    const init = { headers: { host: "evil.example", "x-forwarded-host": "evil.example" } };
    const front = await bench.app.request("http://evil.example/news/", init);
    expect(front.headers.get("location")).toBe(`${SITE}/subscribe`);
    const html = await (await bench.app.request(`http://evil.example/u/${token}`, init)).text();
    expect(html).toContain(`href="${SITE}/p/${token}"`);
    expect(html).not.toContain("evil");
  });

  test("escapes the newsletter's name, and shows its address and no reader's", async () => {
    const html = await (await bench.app.request(`/u/${token}`)).text();
    expect(html).toContain("The &lt;Slipway&gt;");
    expect(html).toContain("4 Ropewalk Lane");
    expect(html).toContain("m•••@h•••.example");
    expect(html).not.toMatch(/mara|harbour/i);
  });

  test("is logged by its route, without token and address", async () => {
    await bench.app.request(`/u/${token}`);
    await bench.app.request(`/p/${token}/data/x`);
    await bench.app.request("/nothing/of/ours");
    expect(bench.served.map(({ route, status }) => [route, status])).toEqual([
      ["/u/:token", 200],
      ["/p/:token/data/:link", 410],
      ["/*", 404],
    ]);
    expect(JSON.stringify(bench.served)).not.toContain(token);
  });
});

describe("a token that is none of ours", () => {
  test("gets the same bytes as an unknown address, on every route", async () => {
    const forged = `${token.slice(0, -1)}${token.endsWith("A") ? "B" : "A"}`;
    const foreign = await bench.foreignToken();
    const unknown = await bench.tokenOf(17);
    const tokens = ["sample", token.slice(0, 20), forged, foreign, unknown, "x".repeat(1_000_000)];
    const nothing = await bench.app.request("/nothing");
    const page = await nothing.text();
    for (const one of tokens) {
      for (const path of [`/u/${one}`, `/p/${one}`, `/p/${one}/data/x`]) {
        for (const answer of [await bench.app.request(path), await post(path, ONE_CLICK)]) {
          expect(answer.status).toBe(404);
          expect(await answer.text()).toBe(page);
          expect([...answer.headers]).toEqual([...nothing.headers]);
        }
      }
    }
  });

  test.each([
    "/u/%00",
    "/u/..%2f..",
    "//u",
    "/u//",
    "/../u",
    "/u/%ff",
    "/%2e%2e/etc/passwd",
    "/u/%",
  ])("%s is not there", async (path) => {
    const answer = await bench.app.request(`https://letter.example${path}`);
    expect(answer.status).toBe(404);
  });
});

describe("leaving", () => {
  test.each(["GET", "HEAD", "OPTIONS"])("by %s changes nothing", async (method) => {
    await bench.app.request(`/u/${token}`, { method });
    expect(await stateOf()).toBe("subscribed");
  });

  test("the page has one button, and no script that could press it", async () => {
    const html = await (await bench.app.request(`/u/${token}`)).text();
    expect(html.match(/<button/g)).toHaveLength(1);
    expect(html).not.toMatch(/<script|\son\w+=/i);
  });

  const multipart = new FormData();
  multipart.set("List-Unsubscribe", "One-Click");

  test.each([
    ["urlencoded", ONE_CLICK, { "content-type": "application/x-www-form-urlencoded" }],
    ["multipart", multipart, {}],
  ] as const)(
    "one click, %s, ends the subscription without a redirect",
    async (_as, body, headers) => {
      bench.pass(3_650 * DAY_MS);
      const answer = await bench.app.request(`/u/${token}`, { method: "POST", body, headers });
      expect(answer.status).toBe(200);
      expect(answer.headers.get("set-cookie")).toBeNull();
      expect(await stateOf()).toBe("left");
      expect(formsIn(await answer.text())).toEqual([]);
      const { suppressed } = (await bench.audience.find("mara@harbour.example")) ?? {};
      expect(suppressed?.how).toBe("one click in the mail program");
      const again = await bench.app.request(`/u/${token}`, { method: "POST", body, headers });
      expect(again.status).toBe(200);
    },
  );

  test("the button ends it, and says how", async () => {
    const answer = await post(`/u/${token}`, await formOn(`/u/${token}`));
    expect(answer.status).toBe(200);
    expect(await stateOf()).toBe("left");
    const { how, since } = await bench.audience.standingOf("mara@harbour.example");
    expect([how, since]).toEqual(["the page behind the link in a mail", bench.now()]);
  });

  test("a form that was not served, too quickly or too long ago ends nothing and shows the button again", async () => {
    const leave = `/u/${token}`;
    const fresh = formsIn(await (await bench.app.request(leave)).text())[0] ?? {};
    const other = await bench.add({ address: "jory@quay.example", tags: [] });
    const stale = await formOn(`/u/${other}`);
    const wrong = [{}, { form: "x" }, await formOn(`/p/${token}`), stale, fresh];
    for (const fields of wrong.slice(0, 4)) {
      const answer = await post(leave, fields);
      expect(answer.status).toBe(400);
      expect(await answer.text()).toContain("Please press once more");
    }
    bench.pass(DAY_MS);
    expect((await post(leave, fresh)).status).toBe(400);
    const [young] = formsIn(await (await bench.app.request(leave)).text());
    expect((await post(leave, young ?? {})).status).toBe(400);
    expect(await stateOf()).toBe("subscribed");
  });

  test("is taken back within an hour, from the answer page", async () => {
    const left = await post(`/u/${token}`, await formOn(`/u/${token}`));
    const [undo] = formsIn(await left.text());
    expect(formsIn(await (await bench.app.request(`/u/${token}`)).text())).toEqual([]);
    bench.pass(HOUR_MS - 3 * SECOND_MS);
    const back = await post(`/u/${token}`, undo ?? {});
    expect(back.status).toBe(200);
    expect(await stateOf()).toBe("subscribed");
    expect(await bench.audience.standingOf("mara@harbour.example")).toEqual({
      status: "subscribed",
    });
  });

  test("can't be taken back after an hour, nor a later leave by an earlier page", async () => {
    const left = await post(`/u/${token}`, await formOn(`/u/${token}`));
    const [undo] = formsIn(await left.text());
    await post(`/u/${token}`, undo ?? {});
    bench.pass(SECOND_MS);
    await post(`/u/${token}`, ONE_CLICK);
    expect((await post(`/u/${token}`, undo ?? {})).status).toBe(410);
    bench.pass(HOUR_MS);
    expect((await post(`/u/${token}`, undo ?? {})).status).toBe(410);
    expect(await stateOf()).toBe("left");
  });

  test("a probe is answered as a reader is, and changes nothing", async () => {
    const probe = await bench.tokenOf(0);
    const page = await bench.app.request(`/u/${probe}`);
    expect(page.status).toBe(200);
    expect((await post(`/u/${probe}`, ONE_CLICK)).status).toBe(200);
    const fields = await formOn(`/u/${probe}`);
    expect((await post(`/u/${probe}`, fields)).status).toBe(200);
    expect(await bench.audience.counts()).toMatchObject({ active: 1, suppressed: 0 });
  });
});

const path = () => `/p/${token}`;

describe("preferences", () => {
  test("a pause ends at the beginning of its day in the newsletter's time zone", async () => {
    const answer = await post(path(), { ...(await formOn(path())), until: "2026-12-24" });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain("No issue comes before 24 December 2026.");
    const until = new Date("2026-12-23T23:00:00Z");
    expect(await bench.readers.find(token)).toMatchObject({ state: "paused", pausedUntil: until });
    const ended = await post(path(), await formOn(path()));
    expect(await ended.text()).toContain("Every issue comes to this address.");
    expect(await stateOf()).toBe("subscribed");
  });

  test.each(["", "2026-11-24", "2020-01-01", "2029-01-01", "2026-02-31", "soon", "9".repeat(12)])(
    "%j is no day for a pause",
    async (until) => {
      const answer = await post(path(), { ...(await formOn(path())), until });
      expect(answer.status).toBe(400);
      expect(await stateOf()).toBe("subscribed");
    },
  );

  test("a form that was not served changes nothing", async () => {
    const answer = await post(path(), { do: "pause", until: "2026-12-24" });
    expect(answer.status).toBe(400);
    expect(await stateOf()).toBe("subscribed");
  });

  test("data are shown and erased by a mailed link alone, within the hour", async () => {
    const asked = await post(path(), await formOn(path(), 1));
    expect(await asked.text()).toContain("The link is on its way");
    const [mail] = bench.mails;
    expect(mail?.to).toBe("mara@harbour.example");
    const link = /https:\S+/.exec(mail?.text ?? "")?.[0] ?? "";
    expect(link).toMatch(new RegExp(`^${SITE}/p/${token}/data/`));
    const data = link.replace(SITE, "");
    const html = await (await bench.app.request(data)).text();
    expect(html).toContain("mara@harbour.example");
    expect(html).toContain("harbour");
    const erased = await post(data, await formOn(data));
    expect(await erased.text()).toContain("You are forgotten");
    expect(await bench.audience.statusOf("mara@harbour.example")).toBe("erased");
    expect(await (await bench.app.request(`/u/${token}`)).text()).not.toContain("•");
  });

  test("an earlier link, and one for another reader, show and erase nothing", async () => {
    await post(path(), await formOn(path(), 1));
    const link = (/data\/(\S+)/.exec(bench.mails[0]?.text ?? "") ?? [])[1] ?? "";
    const other = await bench.add({ address: "jory@quay.example", tags: [] });
    const form = await formOn(`${path()}/data/${link}`);
    expect((await bench.app.request(`/p/${other}/data/${link}`)).status).toBe(410);
    bench.pass(HOUR_MS);
    const late = await bench.app.request(`${path()}/data/${link}`);
    expect(late.status).toBe(410);
    expect(await late.text()).not.toContain("mara@");
    expect((await post(`${path()}/data/${link}`, form)).status).toBe(410);
    expect(await bench.audience.statusOf("mara@harbour.example")).toBe("subscribed");
  });

  test("a reader who has left may still see and erase what is stored", async () => {
    await post(`/u/${token}`, ONE_CLICK);
    const html = await (await bench.app.request(path())).text();
    expect(html).not.toContain('type="date"');
    expect((await post(path(), formsIn(html)[0] ?? {})).status).toBe(400);
    await post(path(), await formOn(path()));
    expect(bench.mails).toHaveLength(1);
  });
});

describe("bad input", () => {
  const json = { "content-type": "application/json" };

  test.each(["/u/", "/p/"])("JSON for the form of %s is refused", async (route) => {
    const init = { method: "POST", body: '{"List-Unsubscribe":"One-Click"}', headers: json };
    expect((await bench.app.request(route + token, init)).status).toBe(415);
    expect(await stateOf()).toBe("subscribed");
  });

  test("a form that is cut off is refused", async () => {
    const headers = { "content-type": "multipart/form-data; boundary=x" };
    const init = { method: "POST", body: '--x\r\nContent-Disposition: form-data; name="', headers };
    expect((await bench.app.request(`/u/${token}`, init)).status).toBe(400);
  });

  test("a body of more than 64 KB is refused before it is read", async () => {
    const body = `${ONE_CLICK}&x=${"x".repeat(64 * 1024)}`;
    expect((await post(`/u/${token}`, body)).status).toBe(413);
    expect(await stateOf()).toBe("subscribed");
  });
});
