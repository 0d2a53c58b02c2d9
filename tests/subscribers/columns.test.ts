import { describe, expect, test } from "vitest";
import { type Field, mapColumns } from "../../src/subscribers/import-row.ts";

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
