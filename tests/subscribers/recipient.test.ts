import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseRecipient } from "../../src/subscribers/recipient.ts";
import { BroadsheetError } from "../../src/errors.ts";

describe("parseRecipient", () => {
  test.each([
    ["mara@example.org", { address: "mara@example.org" }],
    ["  mara@example.org ", { address: "mara@example.org" }],
    ["<mara@example.org>", { address: "mara@example.org" }],
    ["Mara Quill <mara@example.org>", { address: "mara@example.org", name: "Mara Quill" }],
    ['"Quill, Mara" <mara@example.org>', { address: "mara@example.org", name: "Quill, Mara" }],
    [
      '"The \\"Night\\" Desk" <desk@example.org>',
      { address: "desk@example.org", name: 'The "Night" Desk' },
    ],
    [
      "Zoë Ødegård <zoe+news@example.org>",
      { address: "zoe+news@example.org", name: "Zoë Ødegård" },
    ],
    ["you@localhost", { address: "you@localhost" }],
    ["Mara@EXAMPLE.Org", { address: "Mara@example.org" }],
    ["o'neil_2@sub.example.org", { address: "o'neil_2@sub.example.org" }],
  ])("%s is one recipient", (text, recipient) => {
    expect(parseRecipient(text)).toEqual(recipient);
  });

  test("an internationalised domain becomes A-labels, the local part stays as it is", () => {
    expect(parseRecipient("büro@bücher.example").address).toBe("büro@xn--bcher-kva.example");
    expect(parseRecipient("a@例え。テスト").address).toBe("a@xn--r8jz45g.xn--zckzah");
  });

  test.each([
    ["", "is empty"],
    ["mara", "has no @ in its address"],
    ["@example.org", "has nothing on one side of its @"],
    ["mara@example.org, ben@example.org", "is not exactly one address"],
    ["mara@example.org ben@example.org", "is not exactly one address"],
    ["mara@ben@example.org", "is not exactly one address"],
    [".mara@example.org", "has a character or a dot before its @ that cannot stand there"],
    ["mara@example..org", "has a domain that cannot exist: example..org"],
    ["mara@-example.org", "has a domain that cannot exist: -example.org"],
    ["mara@exa mple.org", "has a domain that cannot exist: exa mple.org"],
    ["mara@127.0.0.1", "has a domain that cannot exist: 127.0.0.1"],
    ["mara@[127.0.0.1]", "has a domain that cannot exist: [127.0.0.1]"],
    ["mara@ä.example/x", "has a domain that cannot exist: ä.example/x"],
    ["mara@ex%61mple.org", "has a domain that cannot exist: ex%61mple.org"],
    [`${"m".repeat(65)}@example.org`, "has an address longer than mail allows (RFC 5321)"],
    [`mara@${"a.".repeat(125)}org`, "has an address longer than mail allows (RFC 5321)"],
    [`${"Mara ".repeat(50)}<mara@example.org>`, "has a name longer than 200 characters"],
    [
      "=?utf-8?Q?Mara?= <mara@example.org>",
      "has a name that mail programs would decode (RFC 2047)",
    ],
  ])("%j is refused: it %s", (text, fault) => {
    expect(() => parseRecipient(text)).toThrow(
      expect.objectContaining({ code: "USAGE", message: `the recipient ${fault}` }),
    );
  });

  test.each(["\r\n", "\n", "\r", "\0", "\t", "\u0085"])(
    "a name or address with %j is refused",
    (control) => {
      for (const text of [
        `Mara${control}Bcc: ben@example.org <mara@example.org>`,
        `mara${control}@example.org`,
        `mara@exam${control}ple.org`,
      ]) {
        expect(() => parseRecipient(text)).toThrow("holds a line break or a control character");
      }
    },
  );

  test("what is accepted parses again to itself, and can stand in an SMTP command", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.emailAddress(), fc.string(), fc.string({ unit: "binary" })),
        (text) => {
          let address: string;
          try {
            ({ address } = parseRecipient(text));
          } catch (error) {
            return error instanceof BroadsheetError && error.code === "USAGE";
          }
          return parseRecipient(address).address === address && !/[\s<>\p{Cc}]/u.test(address);
        },
      ),
    );
  });

  test("the usual addresses are accepted", () => {
    fc.assert(
      fc.property(fc.emailAddress(), (address) => {
        expect(parseRecipient(address).address.toLowerCase()).toBe(address.toLowerCase());
      }),
    );
  });
});
