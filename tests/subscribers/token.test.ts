import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  isFormToken,
  keyringOf,
  tokensOf,
  mintFormToken,
  mintTimedToken,
  mintToken,
  readBounceToken,
  readTimedToken,
  readToken,
  tokenIn,
} from "../../src/subscribers/tokens.ts";

const LIST = Uint8Array.of(1, 2, 3, 4, 5, 6);
const KEYS = keyringOf("a secret");
const ID = 1_763_000_000_000_123;
const TOKEN = mintToken({ subscriberId: ID, list: LIST }, KEYS);

describe("a token", () => {
  test("names its subscriber, for every id there may be", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (subscriberId) => {
        const token = mintToken({ subscriberId, list: LIST }, KEYS);
        expect(token).toMatch(/^[\w-]{43}$/);
        expect(readToken(token, LIST, KEYS)).toBe(subscriberId);
      }),
    );
  });

  test("in a mail from years ago still lets its reader go", () => {
    const first = "AbsjBkNwbL0wewECAwQFBl5TmpAWUFG3PAluHmKO6ik";
    expect(readToken(first, LIST, KEYS)).toBe(ID);
    expect(readToken(first.replace(/k$/, "0"), LIST, KEYS)).toBeUndefined();
    expect(TOKEN).toBe("A7sjBkNwbL0wewECAwQFBstLgK122Igwp9HXUBrrL-Y");
  });

  test("of another secret is none, unless that was the one before", () => {
    expect(readToken(TOKEN, LIST, keyringOf("another secret"))).toBeUndefined();
    const rotated = keyringOf("another secret", ["one in between", "a secret"]);
    expect(readToken(TOKEN, LIST, rotated)).toBe(ID);
    expect(mintToken({ subscriberId: ID, list: LIST }, rotated)).not.toBe(TOKEN);
  });

  test("that was changed anywhere is none", () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 42 }),
        fc.constantFrom("a", "b", "Z", "0", "9", "-", "_"),
        (at, sign) => {
          const forged = TOKEN.slice(0, at) + sign + TOKEN.slice(at + 1);
          fc.pre(forged !== TOKEN);
          expect(readToken(forged, LIST, KEYS)).toBeUndefined();
        },
      ),
    );
  });

  test("whatever is given, it is read without a fault", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String({ minLength: 40 })), (text) => {
        expect(readToken(text, LIST, KEYS)).toBeUndefined();
      }),
    );
  });
});

test("a token is found in the subject of a mail, and a longer word is none", () => {
  expect(tokenIn(`Re: unsubscribe ${TOKEN}`)).toBe(TOKEN);
  expect(tokenIn(`unsubscribe%20${TOKEN}`)).toBe(TOKEN);
  expect(tokenIn(`unsubscribe x${TOKEN} unsubscribe`)).toBeUndefined();
});

const KEYRING = keyringOf("the first secret");
const BOUNCE_LIST = Buffer.from("a1b2c3d4e5f6", "hex");

describe("the token of a return path", () => {
  test("names its subscriber, however it is written on the way back, and fits an address", () => {
    const ids = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
    fc.assert(
      fc.property(ids, (subscriberId) => {
        const token = tokensOf({ subscriberId, list: BOUNCE_LIST }, KEYRING).bounceToken;
        expect(token).toMatch(/^[0-9a-z]+-[0-9a-v]{16}$/);
        expect(`a-long-name-for-bounces+${token}`.length).toBeLessThanOrEqual(64);
        expect(readBounceToken(token, BOUNCE_LIST, KEYRING)).toBe(subscriberId);
        expect(readBounceToken(token.toUpperCase(), BOUNCE_LIST, KEYRING)).toBe(subscriberId);
      }),
    );
  });

  test("of a mail from years ago is still ours", () => {
    expect(readBounceToken("9ix-p79jbrg4av3ipr3j", BOUNCE_LIST, KEYRING)).toBe(12345);
    expect(readBounceToken("9ix-p79jbrg4av3ipr3i", BOUNCE_LIST, KEYRING)).toBeUndefined();
    const token = tokensOf({ subscriberId: 12345, list: BOUNCE_LIST }, KEYRING).bounceToken;
    expect(token).toBe("9ix-bmhb3ki6glmefn5q");
  });

  test("stays valid when the secret is a new one and the old one is kept", () => {
    const token = tokensOf({ subscriberId: 7, list: BOUNCE_LIST }, KEYRING).bounceToken;
    const later = keyringOf("the second secret", ["the first secret"]);
    expect(readBounceToken(token, BOUNCE_LIST, later)).toBe(7);
  });
});

const HOUR_MS = 3_600_000;
const MINTED = new Date("2026-11-29T10:00:00Z");
const later = (ms: number): Date => new Date(MINTED.getTime() + ms);

describe("a token for a limited time", () => {
  const purpose = { purpose: "confirm", list: LIST };
  const token = mintTimedToken({ ...purpose, id: ID, at: MINTED }, KEYS);
  const otherwise = { ...purpose, keys: KEYS, now: MINTED, minAgeMs: 0 };
  const read = (text: string, other: Partial<typeof otherwise> = {}): number | undefined => {
    const { keys, now, minAgeMs, ...what } = { ...otherwise, ...other };
    return readTimedToken(text, what, { now, minAgeMs, maxAgeMs: HOUR_MS }, keys);
  };

  test("names its id, for every id there may be, and holds as long as it may", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (id) => {
        expect(read(mintTimedToken({ ...purpose, id, at: MINTED }, KEYS))).toBe(id);
      }),
    );
    expect(read(token, { now: later(HOUR_MS) })).toBe(ID);
    expect(read(token, { now: later(HOUR_MS + 1) })).toBeUndefined();
    expect(read(token, { now: later(-1) })).toBeUndefined();
    expect(read(token, { now: later(999), minAgeMs: 1_000 })).toBeUndefined();
  });

  test("is of no use for another purpose, another list or another secret", () => {
    expect(read(token, { purpose: "undo" })).toBeUndefined();
    expect(read(token, { list: Uint8Array.of(1, 2, 3, 4, 5, 7) })).toBeUndefined();
    expect(read(token, { keys: keyringOf("another secret") })).toBeUndefined();
    expect(read(token, { keys: keyringOf("another secret", ["a secret"]) })).toBe(ID);
    expect(readToken(token, LIST, KEYS)).toBeUndefined();
    expect(read(TOKEN)).toBeUndefined();
  });

  test("that was changed anywhere, or is any other text, is none", () => {
    const signs = fc.constantFrom("a", "b", "Z", "0", "9", "-", "_");
    fc.assert(
      fc.property(fc.nat({ max: 42 }), signs, (at, sign) => {
        const forged = token.slice(0, at) + sign + token.slice(at + 1);
        fc.pre(forged !== token);
        expect(read(forged)).toBeUndefined();
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => read(text) === undefined));
    expect(read("A".repeat(1_000_000))).toBeUndefined();
  });
});

test("a form counts from one second after it was served until a day later, and for its own path", () => {
  const form = { form: "/subscribe", list: LIST };
  const token = mintFormToken(form, MINTED, KEYS);
  const counts = (ms: number, path = "/subscribe"): boolean =>
    isFormToken(token, { ...form, form: path }, later(ms), KEYS);
  expect([999, 1_000, 24 * HOUR_MS, 24 * HOUR_MS + 1].map((ms) => counts(ms))).toEqual([
    false,
    true,
    true,
    false,
  ]);
  expect(counts(5_000, "/u/abc")).toBe(false);
});
