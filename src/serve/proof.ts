import { createChallenge, randomInt, verifySolution } from "altcha-lib";
import { deriveKey } from "altcha-lib/algorithms/pbkdf2";
import * as z from "zod";
import type { Keyring } from "../subscribers/tokens.ts";
import { parseJson } from "../platform/attempt.ts";

/** The work of a browser for a proof. */
interface Work {
  /** The rounds of the hash for one guess. */
  readonly cost: number;
  readonly guesses: number;
}

/** About one second of a laptop or four seconds of an old phone. Typing an address takes longer. */
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

const LONGEST_TEXT = 2_000;

/**
 * The id of a valid proof of work for the form with this token. Undefined for any other text. The proof may have been used
 * before.
 */
export async function proofIn(
  text: string,
  form: string,
  keyring: Keyring,
): Promise<string | undefined> {
  const { success, data } = proofSchema.safeParse(text.length <= LONGEST_TEXT && parseJson(text));
  if (!success || data.challenge.parameters.data.form !== form) return undefined;
  const { verified } = await verifySolution({ ...data, deriveKey, ...secretsOf(keyring) });
  return verified ? data.challenge.parameters.nonce : undefined;
}

function secretsOf({ current }: Keyring) {
  const secret = current.proof.export().toString("hex");
  return { hmacSignatureSecret: secret, hmacKeySignatureSecret: `key ${secret}` };
}
