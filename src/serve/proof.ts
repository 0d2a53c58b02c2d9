import { createChallenge, randomInt, verifySolution } from "altcha-lib";
import { deriveKey } from "altcha-lib/algorithms/pbkdf2";
import * as z from "zod";
import type { Keyring } from "../subscribers/tokens.ts";
import { parseJson } from "../platform/attempt.ts";

/** The work that a browser does for a proof: one guess costs so many rounds of a hash, and takes so many guesses. */
interface Work {
  readonly cost: number;
  readonly guesses: number;
}

/** About a second of a laptop, and four of an old phone, which has them while its owner types an address. */
function someWork(): Work {
  return { cost: 2_000, guesses: randomInt(3_000, 1_000) };
}

const ALGORITHM = "PBKDF2/SHA-256";

/** A challenge for the form with this token, as JSON. Its solution is a proof of work. */
export async function challengeFor(
  form: string,
  keyring: Keyring,
  { cost, guesses }: Work = someWork(),
): Promise<string> {
  const challenge = await createChallenge({
    algorithm: ALGORITHM,
    cost,
    counter: guesses,
    data: { form },
    deriveKey,
    ...secretsOf(keyring),
  });
  return JSON.stringify(challenge);
}

const hex = z.string().regex(/^[0-9a-f]{2,128}$/);

const proofSchema = z.strictObject({
  challenge: z.strictObject({
    parameters: z.strictObject({
      algorithm: z.literal(ALGORITHM),
      cost: z.int(),
      data: z.strictObject({ form: z.string() }),
      keyLength: z.int(),
      keyPrefix: hex,
      keySignature: hex,
      nonce: hex,
      salt: hex,
    }),
    signature: hex,
  }),
  solution: z.object({ counter: z.int(), derivedKey: hex }),
});

const LONGEST = 2_000;

/**
 * What identifies the proof of work that came with the form of this token; undefined for anything else. It may have been
 * spent before.
 */
export async function proofIn(
  text: string,
  form: string,
  keyring: Keyring,
): Promise<string | undefined> {
  const { success, data } = proofSchema.safeParse(text.length <= LONGEST && parseJson(text));
  if (!success || data.challenge.parameters.data.form !== form) return undefined;
  const { verified } = await verifySolution({ ...data, deriveKey, ...secretsOf(keyring) });
  return verified ? data.challenge.parameters.nonce : undefined;
}

function secretsOf({ current }: Keyring) {
  const secret = current.proof.export().toString("hex");
  return { hmacSignatureSecret: secret, hmacKeySignatureSecret: `key ${secret}` };
}
