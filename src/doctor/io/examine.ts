import type { Config } from "../../config/config.ts";
import { isLoopback } from "../../platform/loopback.ts";
import type { DkimKey } from "../../delivery/dkim/sign-message.ts";
import { diagnoseSecret } from "../diagnose-secret.ts";
import { diagnoseSender } from "../diagnose-sender.ts";
import { type Diagnosis, fromError, ok } from "../diagnosis.ts";
import type { Dns } from "../dns.ts";
import { systemClock } from "../../platform/clock.ts";
import { diagnoseFiles } from "./diagnose-files.ts";
import { diagnoseServer } from "./diagnose-server.ts";
import { diagnoseSources } from "./diagnose-sources.ts";
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
