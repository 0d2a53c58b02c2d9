import { keyringOf } from "../../subscribers/keyring.ts";
import { secretChanged, unknownSecrets } from "../../subscribers/used-secrets.ts";
import type { Environment } from "../../platform/environment.ts";
import type { Config } from "../../config/config.ts";
import { type Diagnosis, fromError, look, ok, toFix, unseen } from "../diagnosis.ts";
import type { Clock } from "../../platform/clock.ts";
import { inspectStore, type StoreFacts } from "./inspect-store.ts";
import { hasStore } from "../../platform/sqlite/open-store.ts";

interface Circumstances {
  readonly clock: Clock;
  readonly env: Environment;
}

/** What the store holds and whether it is sound, and whether the clock goes with what is written there. */
export function diagnoseStore(
  { store, slug, secrets }: Pick<Config, "store" | "slug" | "secrets">,
  { clock, env }: Circumstances,
): Diagnosis[] {
  try {
    if (!hasStore(store, env)) {
      const says = "there is no list yet";
      return [
        look("List", says, "bring one in: broadsheet subscribers import FILE.csv"),
        unseen("Clock", "nothing has been written that it could be compared with"),
      ];
    }
    const facts = inspectStore(store, slug, env);
    return [...contents(facts), ...linksOut(facts, secrets), clockBeside(facts, clock())];
  } catch (error) {
    return [
      fromError("List", error),
      unseen("Clock", "there is no store that it could be compared with"),
    ];
  }
}

function contents({ isOlder, subscribers, inDoubt }: StoreFacts): Diagnosis[] {
  if (isOlder) {
    const says =
      "the store was written by an earlier version, and is brought up to date by the next command";
    return [look("List", says, "keep a copy of it first, then run: broadsheet status")];
  }
  const count = subscribers.toLocaleString("en");
  return [
    subscribers > 0
      ? ok(
          "List",
          `${count} ${subscribers === 1 ? "subscriber" : "subscribers"}, the store is sound`,
        )
      : look(
          "List",
          "the store is sound, and nobody is on the list",
          "broadsheet subscribers import FILE.csv",
        ),
    ...inDoubt.map(({ slot, count }) =>
      look(
        "In doubt",
        `${count.toLocaleString("en")} may have ${slot} or not`,
        `broadsheet reconcile ${slot} --accept, or --resend`,
      ),
    ),
  ];
}

/** Whether readers can leave by the links that they have. */
function linksOut(
  { usedSecrets: used }: StoreFacts,
  { secret, oldSecrets }: Config["secrets"],
): Diagnosis[] {
  if (secret === undefined || used.length === 0) return [];
  return unknownSecrets(used, keyringOf(secret, oldSecrets)).length > 0
    ? [fromError("Links", secretChanged())]
    : [ok("Links", "those that were sent are signed with a secret that is set")];
}

/** Clocks of one machine differ by less, even across a correction. */
const SLACK_MS = 60_000;

/** Slots, retries and signatures follow the clock. One that is ahead can't be told without the network. */
function clockBeside({ newest }: StoreFacts, now: Date): Diagnosis {
  if (!newest) return unseen("Clock", "nothing has been written that it could be compared with");
  if (now.getTime() + SLACK_MS < newest.getTime()) {
    const says = `it says ${shown(now)}, and the store was written at ${shown(newest)}`;
    return toFix("Clock", says, {
      fix: "set the clock, or let it be set: timedatectl set-ntp true",
      code: "CLOCK_BEHIND",
    });
  }
  return ok("Clock", `${shown(now)}, after all that the store holds; no other clock was asked`);
}

function shown(moment: Date): string {
  return `${moment.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
