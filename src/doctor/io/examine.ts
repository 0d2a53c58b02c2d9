import type { Config } from "../../config/config.ts";
import { isLoopback } from "../../platform/http/trust.ts";
import type { DkimKey } from "../../delivery/dkim.ts";
import { diagnoseSender } from "../diagnose-sender.ts";
import { type Diagnosis, fromError, ok, look, toFix } from "../diagnosis.ts";
import type { Dns } from "../dns.ts";
import { systemClock } from "../../platform/clock.ts";
import { diagnoseFiles, diagnoseSources } from "./diagnose-files.ts";
import { diagnoseServer } from "./diagnose-server.ts";
import { diagnoseStore } from "./diagnose-store.ts";
import { loadDkimKeys } from "../../delivery/io/load-dkim-keys.ts";
import { parseSmtpUrl } from "../../delivery/io/smtp/smtp-url.ts";

/** Everything that sending needs, what is nearest first. */
export async function examine(config: Config, dns: Dns): Promise<Diagnosis[]> {
  const { env } = process;
  const [files, server, keys] = await Promise.all([
    diagnoseFiles(config),
    diagnoseServer(config, systemClock),
    keysOf(config),
  ]);
  const circumstances = { dns, keys: keys.usable, isLocal: isLocal(config) };
  return [
    ok("Node", process.versions.node),
    ok("Config", `${config.name}, in ${config.folder}`),
    diagnoseSecret(config),
    ...files,
    ...(await diagnoseSources(config)),
    ...diagnoseStore(config, { clock: systemClock, env }),
    ...server,
    ...keys.faults,
    ...(await diagnoseSender(config, circumstances)),
  ];
}

interface Keys {
  readonly usable: readonly DkimKey[];
  readonly faults: readonly Diagnosis[];
}

/** Each key by itself, so that one that is broken hides no other. */
async function keysOf(config: Config): Promise<Keys> {
  const usable: DkimKey[] = [];
  const faults: Diagnosis[] = [];
  for (const setting of config.dkim) {
    try {
      usable.push(...(await loadDkimKeys({ ...config, dkim: [setting] })));
    } catch (error) {
      faults.push(fromError(`DKIM ${setting.selector}`, error));
    }
  }
  return { usable, faults };
}

/** Whether messages stay on this machine, as far as can be told. */
function isLocal({ transport, secrets: { smtpUrl, smtpOAuth } }: Config): boolean {
  if (transport !== "smtp") return transport === "outbox";
  try {
    return smtpUrl !== undefined && isLoopback(parseSmtpUrl(smtpUrl, smtpOAuth).host);
  } catch {
    return false;
  }
}

/** 128 bits in base64, below which an attacker could guess on. */
const LONG_ENOUGH = 22;
const FIX = "make one with: openssl rand -base64 32";

/** Whether what signs unsubscribe links is there, and can't be guessed. */
function diagnoseSecret({ secrets: { secret } }: Config): Diagnosis {
  if (secret === undefined) {
    const says = "BROADSHEET_SECRET is not set: no unsubscribe link can be signed";
    const fix = `${FIX}, and set it in the environment or in .env beside the config`;
    return toFix("Secret", says, { fix, code: "SECRET_MISSING" });
  }
  const isShort = secret.length < LONG_ENOUGH;
  if (isShort || new Set(secret).size < LONG_ENOUGH / 3) {
    const says = `BROADSHEET_SECRET is ${isShort ? `only ${secret.length} characters long` : "too simple"}, so that it can be guessed`;
    return look(
      "Secret",
      says,
      `${FIX}; keep the old one in BROADSHEET_SECRET_OLD, so that links already sent go on working`,
    );
  }
  return ok("Secret", "BROADSHEET_SECRET is set and long enough");
}
