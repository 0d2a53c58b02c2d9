import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import { listening } from "../../listening.ts";

/** A story as a feed's item has it. */
export interface Told {
  readonly title: string;
  readonly text: string;
  readonly guid: string;
  readonly link: string;
  /** ISO 8601; none where it is left out. */
  readonly date?: string | undefined;
}

/** What a server is to say at a path: a body, or a status without one. */
type Page = string | number;

/** A web server of a paper on a loopback address, which says what it was asked and what it answered. */
export class Paper {
  /** By path. What isn't there is 404, but for robots.txt, which forbids nothing. */
  readonly pages = new Map<string, Page>([["/robots.txt", "User-agent: *\nAllow: /\n"]]);
  readonly #server: Server;
  #answers: { readonly path: string; readonly status: number }[] = [];

  constructor() {
    this.#server = createServer((request, response) => {
      const path = request.url ?? "";
      const page = this.pages.get(path) ?? 404;
      const body = typeof page === "string" ? page : "";
      const etag = `"${createHash("sha256").update(body).digest("hex").slice(0, 12)}"`;
      const found = typeof page === "number" ? page : 200;
      const status = found === 200 && request.headers["if-none-match"] === etag ? 304 : found;
      this.#answers.push({ path, status });
      const type = path.endsWith(".xml") ? "application/rss+xml" : "text/html";
      response.writeHead(status, { "content-type": type, ...(found === 200 && { etag }) });
      response.end(status === 200 ? body : "");
    });
  }

  /** Nothing to end before it is open. */
  close: () => Promise<void> = async () => undefined;

  async open(host = "127.0.0.1"): Promise<string> {
    const { origin, close } = await listening(this.#server, host);
    this.close = close;
    return origin;
  }

  /** What it answered since this was asked last. */
  takeAnswers(): readonly { readonly path: string; readonly status: number }[] {
    const answers = this.#answers;
    this.#answers = [];
    return answers;
  }
}

/** A feed with these items, whole. */
export function feedOf(items: readonly Told[], site = "https://quay.example/"): string {
  const each = items.map(
    ({ title, text, guid, link, date }) =>
      `<item><title>${title}</title><link>${link}</link><guid isPermaLink="false">${guid}</guid>${
        date === undefined ? "" : `<pubDate>${new Date(date).toUTCString()}</pubDate>`
      }<content:encoded><![CDATA[<p>${text}</p>]]></content:encoded></item>`,
  );
  return `<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>The Quay</title><link>${site}</link>${each.join("")}</channel></rss>`;
}

/** The story of a number: no two have their names in common. */
export function told(number: number, over: Partial<Told> = {}): Told {
  const [who, where, what, why] = [1, 2, 3, 4].map((salt) => nameOf(number * 5 + salt));
  return {
    title: `${who} mends the ${what} of ${where}`,
    text: `${who} of ${where} has mended the ${what} that ${why} broke in the storm. The council of ${where} paid ${number + 7} guilders for it, and ${who} took ${number + 3} days. Before that nobody in ${where} had touched the ${what} since ${why} left for the islands. "It only wanted oil and somebody who listens," ${who} said, and went home to ${nameOf(number * 5 + 5)}.`,
    guid: `story-${number}`,
    link: `https://quay.example/stories/${number}`,
    ...over,
  };
}

const SYLLABLES = ["Bra", "den", "ko", "lum", "fi", "ster", "wa", "mol", "gre", "tin"];

function nameOf(number: number): string {
  const digits = String(number + 100)
    .split("")
    .map(Number);
  return digits
    .map((digit) => SYLLABLES[digit] ?? "")
    .join("")
    .replace(/^./, (first) => first.toUpperCase())
    .replace(/(?<=.)[A-Z]/g, (letter) => letter.toLowerCase());
}
