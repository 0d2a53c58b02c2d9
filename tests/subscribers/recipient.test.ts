import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BroadsheetError } from "../../src/errors.ts";
import {
  type Field,
  type RowDefaults,
  mapColumns,
  rowReader,
} from "../../src/subscribers/import-row.ts";
import { parseRecipient } from "../../src/subscribers/recipient.ts";
import { parseSegment } from "../../src/subscribers/segment.ts";
import { anyText } from "../any-text.ts";

describe("parseRecipient", () => {
  test.each(
    Object.entries({
      "mara@example.org": { address: "mara@example.org" },
      "  mara@example.org ": { address: "mara@example.org" },
      "<mara@example.org>": { address: "mara@example.org" },
      "Mara Quill <mara@example.org>": { address: "mara@example.org", name: "Mara Quill" },
      '"Quill, Mara" <mara@example.org>': { address: "mara@example.org", name: "Quill, Mara" },
      '"The \\"Night\\" Desk" <desk@example.org>': {
        address: "desk@example.org",
        name: 'The "Night" Desk',
      },
      "Zoë Ødegård <zoe+news@example.org>": {
        address: "zoe+news@example.org",
        name: "Zoë Ødegård",
      },
      "you@localhost": { address: "you@localhost" },
      "Mara@EXAMPLE.Org": { address: "Mara@example.org" },
      "o'neil_2@sub.example.org": { address: "o'neil_2@sub.example.org" },
    }),
  )("%s is one recipient", (text, recipient) => {
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
    [".mara@example.org", "has a character or a dot before its @ that is not allowed there"],
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
        expect(() => parseRecipient(text)).toThrow("contains a line break or a control character");
      }
    },
  );

  test("what is accepted parses again to itself, and can stand in an SMTP command", () => {
    fc.assert(
      fc.property(fc.oneof(fc.emailAddress(), fc.string(), anyText()), (text) => {
        let address: string;
        try {
          ({ address } = parseRecipient(text));
        } catch (error) {
          return error instanceof BroadsheetError && error.code === "USAGE";
        }
        return parseRecipient(address).address === address && !/[\s<>\p{Cc}]/u.test(address);
      }),
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

/** The row as it is read under these headings. */
function read(header: string, row: readonly string[], defaults?: RowDefaults) {
  return rowReader(mapColumns(header.split(","), row), defaults)(row);
}

describe("a row", () => {
  test("says all that is known of somebody", () => {
    const header = "email,first name,last name,language,tags,created_at,source,opt-in time";
    const row = [
      " Mara.Quill@HARBOUR.example ",
      "Mara",
      "Quill",
      "de_AT",
      "harbour; News|harbour",
      "2025-02-03T04:05:06Z",
      "form on the front page",
      "3 February 2025",
    ];
    expect(read(header, row)).toEqual({
      address: "Mara.Quill@harbour.example",
      name: "Mara Quill",
      language: "de-AT",
      tags: ["harbour", "News"],
      subscribedAt: new Date("2025-02-03T04:05:06Z"),
      consent: { how: "form on the front page", at: new Date("2025-02-03T00:00:00Z") },
    });
  });

  test.each([
    ["mara@localhost", { address: "mara@localhost" }],
    ["'+mara@harbour.example", { address: "+mara@harbour.example" }],
  ])("takes the address %s", (written, subscriber) => {
    expect(read("email", [written])).toMatchObject(subscriber);
  });

  test.each([
    ["", "is empty"],
    ["mara@harbour", "has a domain without a dot"],
    ["mara..quill@harbour.example", "that is not allowed there"],
    ["mara@harbour.example\r\nBcc: all@harbour.example", "control character"],
  ])("refuses the address %j", (written, fault) => {
    expect(read("email", [written])).toEqual({ fault: expect.stringContaining(fault) });
  });

  test.each([
    ["name", "Mara\r\nBcc: all@harbour.example", "control character"],
    ["name", "M".repeat(201), "longer than 200"],
    ["tags", "harbour\nnews", "tag with a line break"],
    ["tags", "t".repeat(101), "more than 100 characters"],
    ["tags", Array.from({ length: 101 }, (_, n) => n).join(), "more than 100 tags"],
    ["language", "Klingon", "an unknown language"],
    ["created_at", "3/4/2024", "is ambiguous"],
    ["created_at", "soon", "can't be read"],
    ["source", "form\nX-Header: y", "line break"],
    ["source", "f".repeat(501), "too long"],
    ["status", "sleeping", 'an unknown status: "sleeping"'],
    ["status", "pending", "not confirmed"],
  ])("is refused for its %s %j", (heading, cell, fault) => {
    expect(read(`email,${heading}`, ["mara@harbour.example", cell])).toEqual({
      fault: expect.stringContaining(fault),
    });
  });

  test.each([
    ["status", "Active", undefined],
    ["status", "", undefined],
    ["status", "Unsubscribed", "unsubscribed"],
    ["status", "cleaned", "bounced"],
    ["status", "complained", "complained"],
    ["subscribed_to_emails", "true", undefined],
    ["subscribed_to_emails", "false", "unsubscribed"],
    ["email_disabled", "FALSE", undefined],
    ["email_disabled", "TRUE", "unsubscribed"],
    ["UNSUB_TIME", "2024-03-04 05:06:07", "unsubscribed"],
    ["CLEAN_TIME", "2024-03-04 05:06:07", "bounced"],
  ])("says by %s %j whether somebody still wants it", (heading, cell, suppressed) => {
    const row = read(`email,${heading}`, ["mara@harbour.example", cell]);
    expect("fault" in row ? row.fault : row.suppressed).toBe(suppressed);
  });
});

/** Which heading was taken for what. */
function guessed(header: string, firstRow = "", named?: ReadonlyMap<Field, string>) {
  const { columns, unused } = mapColumns(header.split(","), firstRow.split(","), named);
  const fields = columns.map(({ heading, field, status }) => [heading, status ?? field]);
  return { fields: Object.fromEntries(fields), unused };
}

describe("columns are known by their headings", () => {
  test.each([
    [
      "Mailchimp",
      "Email Address,First Name,Last Name,OPTIN_TIME,CONFIRM_TIME,UNSUB_TIME,TAGS,LEID",
      {
        "Email Address": "address",
        "First Name": "firstName",
        "Last Name": "lastName",
        OPTIN_TIME: "consentAt",
        UNSUB_TIME: "left",
        TAGS: "tags",
      },
      ["CONFIRM_TIME", "LEID"],
    ],
    [
      "Ghost",
      "id,email,name,note,subscribed_to_emails,complimentary_plan,created_at,deleted_at,labels",
      {
        email: "address",
        name: "name",
        subscribed_to_emails: "yes",
        created_at: "subscribedAt",
        deleted_at: "left",
        labels: "tags",
      },
      ["id", "note", "complimentary_plan"],
    ],
    [
      "Substack, where active_subscription is about money",
      "email,active_subscription,plan,email_disabled,created_at",
      { email: "address", email_disabled: "no", created_at: "subscribedAt" },
      ["active_subscription", "plan"],
    ],
    [
      "a German one",
      "E-Mail-Adresse,Vorname,Nachname,Sprache,Schlagworte",
      {
        "E-Mail-Adresse": "address",
        Vorname: "firstName",
        Nachname: "lastName",
        Sprache: "language",
        Schlagworte: "tags",
      },
      [],
    ],
    ["a French one", "Prénom,Courriel", { Prénom: "firstName", Courriel: "address" }, []],
  ])("in a list from %s", (_name, header, fields, unused) => {
    expect(guessed(header)).toEqual({ fields, unused });
  });

  test("of two that could be the name only the first is", () => {
    expect(guessed("email,name,display name")).toMatchObject({ unused: ["display name"] });
  });

  test("an unknown heading is the address where its first row has one", () => {
    expect(guessed("Who,Since", "mara@quill.example,2024")).toEqual({
      fields: { Who: "address" },
      unused: ["Since"],
    });
  });

  test("a list without headings is taken by its addresses", () => {
    const mapping = mapColumns(["Mara", "mara@quill.example"], []);
    expect(mapping).toMatchObject({ isHeadless: true, columns: [{ index: 1, field: "address" }] });
  });

  test("what one says wins over what is guessed", () => {
    const named = new Map<Field, string>([
      ["address", "private e-mail"],
      ["tags", ""],
    ]);
    expect(guessed("email,Private E-Mail,tags", "", named)).toEqual({
      fields: { "Private E-Mail": "address" },
      unused: ["email", "tags"],
    });
  });
});

const MARA = { address: "mara@post.example", language: "de-AT", tags: ["harbour", "Night watch"] };
const JORY = { address: "jory@quay.example", tags: [] };

describe("a segment", () => {
  test.each([
    ["tag:harbour", true, false],
    ["tag:HARBOUR", true, false],
    ['tag:"night watch"', true, false],
    ["tag:harbours", false, false],
    ["language:de", true, false],
    ["language:de-AT", true, false],
    ["language:d", false, false],
    ["domain:quay.example", false, true],
    ["domain:@Quay.example", false, true],
    ["domain:example", false, false],
    ["not tag:harbour", false, true],
    ["not not tag:harbour", true, false],
    ["tag:harbour and language:fr", false, false],
    ["tag:harbour language:de", true, false],
    ["tag:harbour or domain:quay.example", true, true],
    ["domain:quay.example or tag:harbour and language:fr", false, true],
    ["(domain:quay.example or tag:harbour) and language:de", true, false],
    ["not (tag:harbour or tag:news)", false, true],
    ["NOT tag:harbour AND domain:quay.example", false, true],
    ["tag:and or tag:harbour", true, false],
  ])("%s", (expression, mara, jory) => {
    const segment = parseSegment(expression);
    expect([segment(MARA), segment(JORY)]).toEqual([mara, jory]);
  });

  test.each([
    ["", "it is empty", "write it like"],
    ["tag:a and", "something is missing, at character 10", "write it like"],
    ["(tag:a or tag:b", "a ) is missing, at character 16", "write it like"],
    ["tag:a) or tag:b", '")" can\'t stand there, at character 6', "write it like"],
    ["or tag:a", '"or" can\'t stand there, at character 1', "write it like"],
    ["harbour", '"harbour" can\'t stand there, at character 1', "write it like"],
    ["tag:a tags:harbour", 'there is no field "tags", at character 7', "did you mean tag:harbour?"],
    ["constructor:x", 'there is no field "constructor"', "write it like"],
    ['tag:"open', "can't stand there", "write it like"],
    ["tag:", "can't stand there", "write it like"],
  ])("that can't be understood says where: %s", (expression, message, fix) => {
    expect(() => parseSegment(expression)).toThrow(
      expect.objectContaining({
        code: "USAGE",
        message: expect.stringContaining(message),
        fix: expect.stringContaining(fix),
      }),
    );
  });

  test("whatever is written, it is a segment or a USAGE", () => {
    const words = fc.constantFrom("tag:a", "(", ")", "and", "or", "not", ":", '"', 'tag:"', "x");
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(words).map((all) => all.join(" ")),
        ),
        (text) => {
          try {
            expect(typeof parseSegment(text)(MARA)).toBe("boolean");
          } catch (error) {
            expect(error).toMatchObject({ code: "USAGE" });
          }
        },
      ),
    );
  });
});
