import { createPrivateKey, type KeyObject } from "node:crypto";
import type { DkimKey } from "../dkim.ts";
import type { DkimSetting } from "../settings.ts";
import { BroadsheetError } from "../../errors.ts";
import { fileError } from "../../platform/file-error.ts";
import { readLocalText } from "../../platform/files/local-file.ts";
import { attempt } from "../../platform/attempt.ts";

/** Verifiers accept no shorter key (RFC 8301 §3.2). */
const SHORTEST_RSA = 1024;

/** The settings for signing messages. */
export interface DkimConfig {
  readonly dkim: readonly DkimSetting[];
  readonly secrets: { readonly dkimKey?: string };
}

/**
 * The signing keys of the config, from their files or from the environment.
 * @throws BroadsheetError DKIM_KEY_UNUSABLE. Its text repeats no part of a key.
 */
export async function loadDkimKeys({ dkim, secrets }: DkimConfig): Promise<DkimKey[]> {
  return Promise.all(
    dkim.map(async (setting) => ({
      domain: setting.domain,
      selector: setting.selector,
      key: readKey(await pemOf(setting, secrets.dkimKey), setting),
    })),
  );
}

async function pemOf(
  { keyFile, selector }: DkimSetting,
  given: string | undefined,
): Promise<string> {
  if (keyFile !== undefined) {
    return readLocalText(keyFile, { within: undefined }).catch((cause: unknown) => {
      const what = `the DKIM key "${selector}" can't be used: its file can't be read`;
      throw fileError(cause, "DKIM_KEY_UNUSABLE", what, {
        where: { file: keyFile },
        fix: "correct dkim.keyFile in the config, or make the file readable for you",
      });
    });
  }
  if (given !== undefined) return given;
  const fix =
    "set BROADSHEET_DKIM_KEY to the private key in PEM, or name its file with dkim.keyFile in the config";
  throw unusable("there is none", { selector }, fix);
}

function readKey(pem: string, setting: DkimSetting): KeyObject {
  // OpenSSL's own messages are not shown, because they don't say what to do.
  const key = attempt(() => createPrivateKey(pem));
  if (!key) throw unusable("it is not a private key in PEM without a passphrase", setting);
  const { asymmetricKeyType: kind, asymmetricKeyDetails: { modulusLength = 0 } = {} } = key;
  if (kind !== "rsa" && kind !== "ed25519") {
    throw unusable("it is neither RSA nor Ed25519", setting);
  }
  if (kind === "rsa" && modulusLength < SHORTEST_RSA) {
    throw unusable(`it has ${modulusLength} bits, which no server accepts`, setting);
  }
  return key;
}

function unusable(
  what: string,
  { selector, keyFile }: Pick<DkimSetting, "selector" | "keyFile">,
  fix = "make one: openssl genrsa -out dkim.pem 2048",
): BroadsheetError {
  const where = keyFile === undefined ? undefined : { file: keyFile };
  const says = `the DKIM key "${selector}" can't be used: ${what}`;
  return new BroadsheetError("DKIM_KEY_UNUSABLE", says, { where, fix });
}
