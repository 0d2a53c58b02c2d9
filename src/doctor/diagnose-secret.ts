import type { Config } from "../config/config.ts";
import { type Diagnosis, look, ok, toFix } from "./diagnosis.ts";

/** 128 bits in base64, below which somebody could guess on. */
const LONG_ENOUGH = 22;
const FIX = "make one with: openssl rand -base64 32";

/** Whether what signs unsubscribe links is there, and can't be guessed. */
export function diagnoseSecret({ secrets: { secret } }: Config): Diagnosis {
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
