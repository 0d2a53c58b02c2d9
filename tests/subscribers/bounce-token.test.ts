import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mintBounceToken, readBounceToken, keyringOf } from "../../src/subscribers/tokens.ts";

const KEYRING = keyringOf("the first secret");
const LIST = Buffer.from("a1b2c3d4e5f6", "hex");

describe("the token of a return path", () => {
  test("names its subscriber, however it is written on the way back, and fits an address", () => {
    const ids = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
    fc.assert(
      fc.property(ids, (subscriberId) => {
        const token = mintBounceToken({ subscriberId, list: LIST }, KEYRING);
        expect(token).toMatch(/^[0-9a-z]+-[0-9a-v]{16}$/);
        expect(`a-long-name-for-bounces+${token}`.length).toBeLessThanOrEqual(64);
        expect(readBounceToken(token, LIST, KEYRING)).toBe(subscriberId);
        expect(readBounceToken(token.toUpperCase(), LIST, KEYRING)).toBe(subscriberId);
      }),
    );
  });

  test("of a mail from years ago is still ours", () => {
    const token = mintBounceToken({ subscriberId: 12345, list: LIST }, KEYRING);
    expect(token).toBe("9ix-p79jbrg4av3ipr3j");
  });

  test("stays valid when the secret is a new one and the old one is kept", () => {
    const token = mintBounceToken({ subscriberId: 7, list: LIST }, KEYRING);
    const later = keyringOf("the second secret", ["the first secret"]);
    expect(readBounceToken(token, LIST, later)).toBe(7);
  });
});
