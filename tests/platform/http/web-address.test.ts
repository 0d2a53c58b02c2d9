import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { shownUrl, webAddress } from "../../../src/platform/http/web-address.ts";

function hrefOf(text: string, base?: string): string {
  const url = webAddress(text, base === undefined ? undefined : new URL(base));
  return url instanceof URL ? url.href : url.why;
}

describe("an address of the web", () => {
  test("is taken without its fragment and the blanks around it", () => {
    expect(hrefOf(" https://paper.example/a?b=1#c \n")).toBe("https://paper.example/a?b=1");
  });

  test("may be relative to another, which may change the scheme too", () => {
    expect(hrefOf("../c?d", "https://paper.example/a/b")).toBe("https://paper.example/c?d");
    expect(hrefOf("//other.example/", "https://paper.example/")).toBe("https://other.example/");
    expect(hrefOf("http://paper.example/", "https://paper.example/")).toBe("http://paper.example/");
  });

  test.each([
    ["paper.example/a", '"paper.example/a" is not an address'],
    ["", '"" is not an address'],
    ["https://", '"https://" is not an address'],
    ["http://1.2.3.256/", '"http://1.2.3.256/" is not an address'],
    ["http://paper.example:22/", "http://paper.example:22/ is at port 22, where no web server is"],
    ["http://a.example:6667/", "http://a.example:6667/ is at port 6667, where no web server is"],
  ])("is not %s", (text, why) => {
    expect(webAddress(text)).toMatchObject({ kind: "badUrl", why, isTemporary: false });
  });

  test.each([
    "http://paper.example:8080/",
    "https://paper.example:80/",
    "http://paper.example:65535/",
  ])("may be at another port: %s", (text) => {
    expect(hrefOf(text)).toBe(text);
  });

  test("is not endless", () => {
    expect(webAddress(`https://paper.example/${"a".repeat(5000)}`)).toMatchObject({
      kind: "badUrl",
      why: expect.stringMatching(
        /^https:\/\/paper\.example\/a{90,}… has more than 2048 characters$/,
      ),
    });
  });

  test("never shows a password, a token or a line break", () => {
    const secret = fc.stringMatching(/^[a-z0-9]{12,20}$/);
    const address = fc.tuple(
      fc.constantFrom("https://", "http://", "ftp://", "https:", "//", "", "x y://", "https:// "),
      fc.constantFrom("paper.example", "pa per.example", "[::1", "1.2.3.256", "host:99999"),
      fc.string(),
    );
    fc.assert(
      fc.property(secret, secret, address, (user, token, [scheme, host, rest]) => {
        const text = `${scheme}mara:${user}@${host}/feed?key=${token}${rest}`;
        const outcome = webAddress(text);
        const told = outcome instanceof URL ? shownUrl(outcome) : JSON.stringify(outcome);
        expect(told).not.toContain(user);
        expect(told).not.toContain(token);
        expect(told).not.toMatch(/[\r\n]/);
      }),
    );
  });
});
