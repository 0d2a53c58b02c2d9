import { describe, expect, test } from "vitest";
import { mapColumns, type RowDefaults, rowReader } from "../../src/subscribers/import-row.ts";

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
    ["mara..quill@harbour.example", "that cannot stand there"],
    ["mara@harbour.example\r\nBcc: all@harbour.example", "control character"],
  ])("refuses the address %j", (written, fault) => {
    expect(read("email", [written])).toEqual({
      fault: expect.stringContaining(fault),
    });
  });

  test.each([
    ["name", "Mara\r\nBcc: all@harbour.example", "control character"],
    ["name", "M".repeat(201), "longer than 200"],
    ["tags", "harbour\nnews", "tag with a line break"],
    ["tags", "t".repeat(101), "more than 100 characters"],
    ["tags", Array.from({ length: 101 }, (_, n) => n).join(), "more than 100 tags"],
    ["language", "Klingon", "an unknown language"],
    ["created_at", "3/4/2024", "may be two"],
    ["created_at", "soon", "can't be read"],
    ["source", "form\nX-Header: y", "line break"],
    ["source", "f".repeat(501), "too much"],
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
