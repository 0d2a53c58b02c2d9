import { type Context, Hono } from "hono";
import { basicAuth } from "hono/basic-auth";
import { bodyLimit } from "hono/body-limit";
import { HOOK_USER } from "../subscribers/tokens.ts";
import { postmarkReport, sesReport } from "./provider-events.ts";
import type { ProviderReport } from "./ports.ts";
import type { Door } from "./request.ts";
import { isOfSns, readSnsMessage } from "./sns.ts";
import { parseJson } from "../platform/attempt.ts";
import { isSameSecret } from "../platform/http/same-secret.ts";

const MOST_BYTES = 1024 * 1024;
/** SNS tries again for up to an hour. A message that comes much later is a replay. */
const OLDEST_MS = 24 * 60 * 60 * 1000;

/** The addresses to which providers report. A report without a proof of its sender changes nothing. */
export function hookPages({ hooks = {}, reports, sns, keyring, clock, notFound }: Door): Hono {
  const app = new Hono();
  app.use(bodyLimit({ maxSize: MOST_BYTES }));
  const take = async (context: Context, report: ProviderReport | undefined, id?: string) => {
    if (report) await reports?.take({ ...report, id });
    return context.body(null, 204);
  };
  const { ses } = hooks;
  if (ses && sns)
    app.post("/ses", async (context) => {
      const message = await readSnsMessage(await jsonOf(context), (url) => sns.certificate(url));
      const isFresh = message && Math.abs(Number(clock()) - Number(message.sentAt)) < OLDEST_MS;
      // SNS signs the topics of strangers too.
      if (!isFresh || message.topic !== ses.topic) return context.text("Not for us.\n", 403);
      const { says, id } = message;
      if ("notification" in says) return take(context, sesReport(parseJson(says.notification)), id);
      const url = URL.parse(says.confirmAt);
      if (!url || !isOfSns(url)) return context.text("Not for us.\n", 403);
      await sns.confirm(url);
      return context.body(null, 204);
    });
  if (hooks.postmark) {
    const passwords = keyring.all.map(({ hookPassword }) => hookPassword);
    app.use(
      "/postmark",
      basicAuth({
        realm: "hooks",
        verifyUser: (name, password) =>
          name === HOOK_USER && passwords.some((one) => isSameSecret(one, password)),
      }),
    );
    app.post("/postmark", async (context) => take(context, postmarkReport(await jsonOf(context))));
  }
  app.all("*", notFound);
  return app;
}

/** The JSON of a request, which SNS sends as text/plain. Undefined if it is not JSON. */
async function jsonOf({ req }: Context): Promise<unknown> {
  return parseJson(await req.text());
}
