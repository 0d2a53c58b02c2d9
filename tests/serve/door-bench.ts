import { loadTemplate } from "../../src/email/io/load-template.ts";
import { browserCode } from "../../src/platform/browser-code.ts";
import { type Listener, listen } from "../../src/platform/http/listener.ts";
import { doorApp } from "../../src/serve/door-app.ts";
import type { OutgoingMail, Ports } from "../../src/serve/ports.ts";
import type { DoorSettings, ServedRequest } from "../../src/serve/request.ts";
import { storeBench } from "./store-bench.ts";

const { theme } = await loadTemplate("digest");

/** A reader gets no more mails of this kind; what is sent beyond it is refused, as the queue in the store refuses it. */
const MOST_MAILS = 3;

/** The pages of a newsletter with readers in a store of their own, and a clock that only a test moves. */
export async function doorBench(
  given: Partial<DoorSettings> = {},
  more: Partial<Ports> = {},
  open?: Parameters<typeof storeBench>[1],
) {
  const bench = await storeBench("sqlite", open);
  const mails: OutgoingMail[] = [];
  const served: ServedRequest[] = [];
  const outgoing = {
    async put(mail: OutgoingMail): Promise<boolean> {
      mails.push(mail);
      return mails.length <= MOST_MAILS;
    },
  };
  const settings: DoorSettings = {
    site: "https://letter.example/news",
    hasArchive: false,
    theme,
    publication: { name: "The <Slipway>", postalAddress: "4 Ropewalk Lane, Skerravoe" },
    language: "en",
    timeZone: "Europe/Berlin",
    list: bench.list,
    keyring: bench.keyring,
    clock: bench.now,
    trustProxy: false,
    script: browserCode("serve/client.js"),
    onServed: (request) => served.push(request),
    ...given,
  };
  const listeners: Listener[] = [];
  const { outgoing: queue, ...visitors } = bench.joinsWith(settings);
  let { joins } = visitors;
  const { readers, reports } = bench;
  const ports = { readers, outgoing, joins, reports, ...more };
  return {
    ...bench,
    ports,
    app: doorApp(ports, settings),
    mails,
    /** Of the mails to visitors. */
    queue,
    /** Decides about all who have asked to join. */
    weigh: async () => joins.weigh(),
    served,
    /** Listens on a port that is free, which is its site; its address. */
    async listen(): Promise<string> {
      let app = doorApp(ports, settings);
      const fetch: typeof app.fetch = (...asked) => app.fetch(...asked);
      const request: typeof app.request = (...asked) => app.request(...asked);
      const listener = await listen({ fetch, request }, { host: "127.0.0.1", port: 0, fix: "" });
      listeners.push(listener);
      const site = `http://127.0.0.1:${listener.port}`;
      const here = { ...settings, site };
      ({ joins } = bench.joinsWith(here));
      app = doorApp({ ...ports, joins }, here);
      return site;
    },
    async close() {
      for (const listener of listeners) await listener.close();
      await bench.close();
    },
  };
}

/** The hidden fields of the forms on a page, in their order. */
export function formsIn(html: string): Record<string, string>[] {
  return [...html.matchAll(/<form[^]*?<\/form>/g)].map(([form]) =>
    Object.fromEntries(
      [...form.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)">/g)].map(
        ([, name = "", value = ""]) => [name, value],
      ),
    ),
  );
}
