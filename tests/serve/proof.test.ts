import { solveChallenge } from "altcha-lib";
import { deriveKey } from "altcha-lib/algorithms/pbkdf2";
import { expect, test } from "vitest";
import { challengeFor, proofIn } from "../../src/serve/proof.ts";
import { keyringOf } from "../../src/subscribers/tokens.ts";

const KEYRING = keyringOf("a secret");
const FORM = "a form token";
const LITTLE = { cost: 1, guesses: 20 };

async function solved(form = FORM): Promise<{ challenge: object; solution: object }> {
  const challenge = JSON.parse(await challengeFor(form, KEYRING, LITTLE));
  const solution = await solveChallenge({ challenge, deriveKey });
  return { challenge, solution: solution ?? {} };
}

test("a solved challenge is a proof for its own form, by which it is known again", async () => {
  const [one, other] = await Promise.all(
    [await solved(), await solved()].map(async (proof) =>
      proofIn(JSON.stringify(proof), FORM, KEYRING),
    ),
  );
  expect(one).toMatch(/^[0-9a-f]{32}$/);
  expect(other).toMatch(/^[0-9a-f]{32}$/);
  expect(one).not.toBe(other);
  expect(await proofIn(JSON.stringify(await solved("another")), FORM, KEYRING)).toBeUndefined();
});

test("what wasn't worked for is no proof, whatever it is", async () => {
  const { challenge, solution } = await solved();
  const eased = JSON.parse(JSON.stringify(challenge).replace('"cost":1', '"cost":0'));
  const forged = [
    "",
    "null",
    "[]",
    "{}",
    "{",
    "[".repeat(60_000),
    "x".repeat(1_000_000),
    JSON.stringify({ challenge, solution: { counter: 20, derivedKey: "00" } }),
    JSON.stringify({ challenge: eased, solution }),
    JSON.stringify({ challenge: { ...challenge, signature: "00" }, solution }),
  ];
  for (const text of forged) expect(await proofIn(text, FORM, KEYRING), text).toBeUndefined();
  const proof = JSON.stringify({ challenge, solution });
  expect(await proofIn(proof, FORM, keyringOf("another secret"))).toBeUndefined();
});
