import * as fc from "fast-check";
import { JSDOM } from "jsdom";
import { describe, expect, test } from "vitest";
import { fillMergeFields } from "../../src/delivery/compile-message.ts";
import type { Email } from "../../src/email/email.ts";

const NAME = "slot-7f3a9c2e1b-recipient-name";
const ADDRESS = "slot-7f3a9c2e1b-recipient-address";
const UNSUBSCRIBE = "slot-7f3a9c2e1b-unsubscribe-url";
const WEB = "slot-7f3a9c2e1b-web-url";

const mailing = {
  issue: { newsletter: "harbour-letter", slot: "2031-04-02" },
  from: { address: "desk@letters.example" },
  links: {
    unsubscribe: "https://letters.example/u?t=1&l=2",
    web: "https://letters.example/2031-04-02",
  },
};

function email(html: string, text = "", slots: Email["slots"] = {}): Email {
  return {
    subject: "The tide tables",
    html,
    text,
    slots: {
      recipientName: NAME,
      recipientAddress: ADDRESS,
      unsubscribeUrl: UNSUBSCRIBE,
      webUrl: WEB,
      ...slots,
    },
  };
}

describe("fillMergeFields", () => {
  test("every slot is filled, everywhere it stands, in both parts", () => {
    const filled = fillMergeFields(
      email(
        `<p>For ${NAME}, ${NAME}</p><a href="${UNSUBSCRIBE}">leave</a><a href="${WEB}">read</a>`,
        `${NAME} <${ADDRESS}>\n${UNSUBSCRIBE}\n${WEB}`,
      ),
      { address: "mara@example.org", name: "Mara & Co" },
      mailing,
    );
    expect(filled.html).toBe(
      '<p>For Mara &#38; Co, Mara &#38; Co</p><a href="https://letters.example/u?t=1&#38;l=2">leave</a>' +
        '<a href="https://letters.example/2031-04-02">read</a>',
    );
    expect(filled.text).toBe(
      "Mara & Co <mara@example.org>\nhttps://letters.example/u?t=1&l=2\nhttps://letters.example/2031-04-02",
    );
  });

  test("a reader without a name gets an empty one", () => {
    expect(fillMergeFields(email(`[${NAME}]`), { address: "mara@example.org" }, mailing).html).toBe(
      "[]",
    );
  });

  test("without an https link, the way out is a mail to the sender", () => {
    const { links: _, ...bare } = mailing;
    const { text } = fillMergeFields(
      { ...email("", UNSUBSCRIBE), slots: { unsubscribeUrl: UNSUBSCRIBE } },
      { address: "mara@example.org" },
      bare,
    );
    expect(text).toBe("mailto:desk@letters.example?subject=unsubscribe%20harbour-letter");
  });

  test("a slot that nothing fills is refused, never sent as a token", () => {
    const { web: _, ...links } = mailing.links;
    expect(() =>
      fillMergeFields(email(WEB), { address: "mara@example.org" }, { ...mailing, links }),
    ).toThrow(expect.objectContaining({ code: "EMAIL_INVALID" }));
  });

  test.each(["javascript:alert(1)", "http://letters.example/u", "letters.example", "https://a b"])(
    "an unsubscribe link %j is refused",
    (unsubscribe) => {
      expect(() =>
        fillMergeFields(
          email(UNSUBSCRIBE),
          { address: "m@example.org" },
          { ...mailing, links: { unsubscribe } },
        ),
      ).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
    },
  );

  test("a value that holds another slot's token is not filled again", () => {
    const filled = fillMergeFields(
      email(`${NAME}|${ADDRESS}`, `${NAME}|${ADDRESS}`),
      { address: "mara@example.org", name: ADDRESS },
      mailing,
    );
    expect(filled.text).toBe(`${ADDRESS}|mara@example.org`);
    expect(filled.html).toBe(`${ADDRESS}|mara@example.org`);
  });

  test("where one token begins another, the longer one wins", () => {
    const slots = { recipientName: "slot-a", recipientAddress: "slot-a-b" };
    const filled = fillMergeFields(
      { subject: "s", html: "slot-a slot-a-b", text: "slot-a-b slot-a", slots },
      { address: "m@example.org", name: "Mara" },
      mailing,
    );
    expect(filled.html).toBe("Mara m@example.org");
    expect(filled.text).toBe("m@example.org Mara");
  });

  test("no name can leave its place: text, attribute with double, single or no quotes", () => {
    const html = `<p id=t>${NAME}</p><i id=d title="${NAME}"></i><i id=s title='${NAME}'></i><i id=b title=x${NAME}></i>`;
    const anything = fc
      .oneof(
        fc.string({ unit: "grapheme" }),
        fc.stringMatching(/^[<>"'`=& /a-z]{0,12}$/),
        fc.constantFrom(
          "$&",
          "$1",
          "</p><script>x</script>",
          '" onload="x',
          "' x='",
          " x=y",
          "&lt;",
          "$`",
        ),
      )
      .filter((name) => !/\p{Cc}|\p{Cs}/u.test(name));
    fc.assert(
      fc.property(anything, (name) => {
        const filled = fillMergeFields(
          email(html, NAME),
          { address: "m@example.org", name },
          mailing,
        );
        const shown = JSDOM.fragment(filled.html);
        expect(shown.querySelectorAll("*")).toHaveLength(4);
        expect(shown.getElementById("t")?.textContent).toBe(name);
        expect(shown.getElementById("d")?.title).toBe(name);
        expect(shown.getElementById("s")?.title).toBe(name);
        expect(shown.getElementById("b")?.title).toBe(`x${name}`);
        expect(shown.getElementById("b")?.attributes).toHaveLength(2);
        expect(filled.text).toBe(name);
      }),
    );
  });
});
