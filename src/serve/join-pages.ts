import { createHash } from "node:crypto";
import { Hono, type Context } from "hono";
import { escapeHtml } from "../platform/references.ts";
import { readRecipient } from "../subscribers/recipient.ts";
import { isFormToken, mintFormToken, readTimedToken } from "../subscribers/tokens.ts";
import { networkOf } from "./join-budget.ts";
import { fault, form, lead, note, type PageParts } from "./pages.ts";
import { CONFIRM, REQUEST_MS } from "./ports.ts";
import { challengeFor, proofIn } from "./proof.ts";
import { type Door, fieldsOf } from "./request.ts";

/** The path of the subscribe page. It is also the name of its form. */
const SUBSCRIBE = "/subscribe";

/** Only this page has a script. Without the script, the form works without a proof of work. */
const WITH_SCRIPT =
  "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const LONGEST_ADDRESS = 254;

export function joinPages(door: Door): Hono {
  const { joins, list, keyring, clock, script, onAsked } = door;
  const app = new Hono();

  app.get(SUBSCRIBE, async (context) => subscribePage(context, door));

  // The answer is the same for every address, so that it reveals nothing. The store is only examined later.
  app.post(SUBSCRIBE, async (context) => {
    const fields = await fieldsOf(context);
    const address = (fields.get("address") ?? "").trim();
    const token = fields.get("form") ?? "";
    const parts = door.partsFor(context);
    const { words, page, language } = parts;
    if (!isFormToken(token, { form: SUBSCRIBE, list }, clock(), keyring))
      return subscribePage(context, door, { address, wrong: words.join.again });
    const known = readRecipient({ address });
    if ("what" in known)
      return subscribePage(context, door, { address, wrong: words.join.fault, status: 400 });
    await joins.ask({
      address: known.address,
      language,
      page: door.site + SUBSCRIBE,
      wording: wordingOf(parts, door.publication.tagline),
      network: networkOf(clientOf(context, door)),
      proof: await proofIn(fields.get("proof") ?? "", token, keyring),
    });
    onAsked?.();
    return context.html(page(words.data.sent, [lead(words.join.sentText)]));
  });

  app.get("/door.js", (context) =>
    context.body(script, 200, {
      "Content-Type": "text/javascript; charset=utf-8",
      "Cache-Control": "public, max-age=3600",
    }),
  );

  app.get("/c/:token", async (context) => {
    const state = await stateOf(context);
    if (!state) return door.notFound(context);
    const isOpen = state === "open";
    return context.html(isOpen ? confirmPage(context, door) : joinedPage(context, door));
  });

  app.post("/c/:token", async (context) => {
    const id = requestIn(context);
    if (id === undefined || !(await stateOf(context))) return door.notFound(context);
    const fields = await fieldsOf(context);
    const { words } = door.partsFor(context);
    const sent = { form: context.req.path, list };
    if (!isFormToken(fields.get("form") ?? "", sent, clock(), keyring))
      return context.html(confirmPage(context, door, words.leave.again), 400);
    const isJoined = await joins.confirm(id);
    return isJoined ? context.html(joinedPage(context, door)) : door.notFound(context);
  });

  function requestIn(context: Context): number | undefined {
    const limits = { now: clock(), maxAgeMs: REQUEST_MS };
    const token = context.req.param("token") ?? "";
    return readTimedToken(token, { purpose: CONFIRM, list }, limits, keyring);
  }

  async function stateOf(context: Context): Promise<"open" | "joined" | undefined> {
    const id = requestIn(context);
    return id === undefined ? undefined : joins.find(id);
  }

  return app;
}

interface SubscribeParts {
  readonly address?: string;
  readonly wrong?: string;
  readonly status?: 200 | 400;
}

async function subscribePage(
  context: Context,
  { list, keyring, clock, ...door }: Door,
  { address = "", wrong, status = 200 }: SubscribeParts = {},
): Promise<Response> {
  const parts = door.partsFor(context);
  const { words, labels, say } = parts;
  const { join } = words;
  const token = mintFormToken({ form: SUBSCRIBE, list }, clock(), keyring);
  const value = escapeHtml(address.slice(0, LONGEST_ADDRESS));
  const input = `<label class="w-label" for="address">${escapeHtml(join.address)}</label><input type="email" id="address" name="address" value="${value}" required maxlength="${LONGEST_ADDRESS}" autocomplete="email">`;
  const { tagline } = door.publication;
  const body = parts.page(say(join.title), [
    ...(wrong ? [fault(wrong)] : []),
    ...(tagline ? [lead(tagline)] : []),
    form({
      fields: { form: token, proof: "" },
      button: labels.words.subscribe,
      inputs: input,
      challenge: await challengeFor(token, keyring),
    }),
    note(join.promise),
    `<script type="module" src="${escapeHtml(scriptPath(door.site))}"></script>`,
  ]);
  return context.html(body, status, { "Content-Security-Policy": WITH_SCRIPT });
}

/** The path of the script. It is not relative to the page, whose address may end in a slash. */
function scriptPath(site: string): string {
  return new URL(`${site}/door.js`).pathname;
}

/** The hash of the text to which a visitor consents: title, tagline, label, button and promise, one on each line. */
function wordingOf({ words: { join }, labels, say }: PageParts, tagline = ""): string {
  const lines = [say(join.title), tagline, join.address, labels.words.subscribe, join.promise];
  return createHash("sha256").update(lines.join("\n")).digest("hex");
}

function confirmPage(context: Context, { list, keyring, clock, ...door }: Door, wrong?: string) {
  const { words, say, page } = door.partsFor(context);
  const { title, text, button } = words.confirm;
  const token = mintFormToken({ form: context.req.path, list }, clock(), keyring);
  return page(title, [
    ...(wrong ? [fault(wrong)] : []),
    lead(say(text)),
    form({ fields: { form: token }, button: say(button) }),
  ]);
}

function joinedPage(context: Context, door: Door): string {
  const { words, say, page } = door.partsFor(context);
  return page(words.confirm.done, [lead(say(words.confirm.doneText))]);
}

/**
 * The address of the client: that of the connection, or behind proxies the address that our first proxy has seen. Addresses
 * before it in the header are written by the client and can't be trusted.
 */
function clientOf({ env, req }: Context, { trustProxy }: Door): string {
  const socket: string | undefined = env?.incoming?.socket?.remoteAddress;
  const seen = (req.header("x-forwarded-for") ?? "").split(",").map((one) => one.trim());
  return (trustProxy && seen.at(-Number(trustProxy))) || (socket ?? "");
}
