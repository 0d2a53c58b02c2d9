import { simpleParser } from "mailparser";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openStore } from "../../src/platform/store.ts";
import { sendDueMails } from "../../src/serve/io/mailer.ts";
import { startSmtpServer, type TestServer } from "../smtp-server.ts";
import { doorBench } from "./door-bench.ts";
import { faultsFor, inBrowser, NO_FAULTS, press } from "./door-page.ts";
import { mailerSettings } from "./mailer-settings.ts";

let bench: Awaited<ReturnType<typeof doorBench>>;
let site: string;
let server: TestServer;

beforeEach(async () => {
  bench = await doorBench();
  site = await bench.listen();
  server = await startSmtpServer();
});
afterEach(async () => bench.close());

const ASK = ["Subscribe", "Look into your mailbox"] as const;
const CONFIRM = ["Yes, send me The <Slipway>", "You’re on the list"] as const;

/** What the server sends after the answer, over a real connection: the last mail. */
async function mailed() {
  await bench.weigh();
  await sendDueMails({
    outgoing: bench.queue,
    settings: mailerSettings(server.port),
    folder: "",
    joinsPerHour: 60,
    clock: bench.now,
  });
  const { raw = "" } = server.received.at(-1) ?? {};
  const { text = "", html, subject } = await simpleParser(raw);
  return { text, html: html || "", subject, link: /http:\S+/.exec(text)?.[0] ?? "" };
}

describe.each([
  ["with scripts", true, "proved"],
  ["without scripts", false, "unproved"],
])("a visitor in a browser %s", (_name, hasScripts, lane) => {
  test("subscribes, and confirms by the link in the mail", async () => {
    await inBrowser(hasScripts, async (page) => {
      await page.goto(`${site}/subscribe`);
      await page.getByLabel("Your e-mail address").fill("mara@harbour.example");
      await press(page, bench, ASK);
      const { link, subject } = await mailed();
      expect(subject).toBe("The <Slipway>: please confirm");
      await using store = await openStore(bench.store);
      expect(await store.all("SELECT lane FROM mail")).toEqual([{ lane }]);
      await page.goto(link);
      expect(await bench.audience.statusOf("mara@harbour.example")).toBe("unknown");
      await press(page, bench, CONFIRM);
      expect(await bench.audience.statusOf("mara@harbour.example")).toBe("subscribed");
    });
  });
});

test("the form of another page leads to ours, with the address filled in", async () => {
  await inBrowser(true, async (page) => {
    await page.setContent(
      `<form action="${site}/subscribe" method="post"><input type="email" name="address"><button>Join</button></form>`,
    );
    await page.locator("input").fill("mara@harbour.example");
    await page.getByRole("button").click();
    expect(await page.getByLabel("Your e-mail address").inputValue()).toBe("mara@harbour.example");
    expect(await page.getByRole("alert").textContent()).toContain("One more press");
    await press(page, bench, ASK);
  });
});

test("the pages and the mail are free of faults in both lights, and fit 320 px", async () => {
  await inBrowser(true, async (page) => {
    const seen = async (): Promise<void> => expect(await faultsFor(page)).toEqual(NO_FAULTS);
    await page.goto(`${site}/subscribe`);
    await page.getByLabel("Your e-mail address").fill("mara@nowhere");
    await seen();
    await page.getByLabel("Your e-mail address").fill("mara@harbour.example");
    await press(page, bench, ASK);
    await seen();
    const { link, html } = await mailed();
    await page.goto(link);
    await seen();
    await press(page, bench, CONFIRM);
    await seen();
    await page.setContent(html);
    await seen();
  });
});
