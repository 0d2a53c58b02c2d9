import { expect, test } from "vitest";
import { parseImapUrl } from "../../../src/delivery/io/imap-mailbox.ts";

test.each([
  ["imaps://u:p@mail.example", "mail.example", 993, "INBOX"],
  ["imaps://u:p@mail.example:1993/Bounces/", "mail.example", 1993, "Bounces"],
  [" imaps://u:p@[::1]/INBOX/Came%20back", "::1", 993, "INBOX/Came back"],
  ["imaps://bounces@letter.example:p@mail.example", "mail.example", 993, "INBOX"],
])("%s", (url, host, port, folder) => {
  const user = url.includes("bounces@") ? "bounces@letter.example" : "u";
  const name = `imaps://${host}/${folder}`;
  const login = { user, password: "p" };
  expect(parseImapUrl(url)).toEqual({ name, host, port, folder, login });
});

test.each([
  "mail.example",
  "imap://u:secret@mail.example",
  "imaps://u:se/cret@mail.example/INBOX",
  "imaps://u:12/secret@mail.example/INBOX",
  "imaps://u:secret@mail.example/?INBOX",
  "imaps://u:secret@mail.example/#INBOX",
  "imaps://u:secret%zz@mail.example",
  "imaps://mail.example/INBOX",
  "imaps://u@mail.example",
])("%s is refused without being repeated", (url) => {
  expect(() => parseImapUrl(url)).toThrow(
    expect.objectContaining({
      code: "CONFIG_INVALID",
      message: "BOUNCES_URL is not the address of a mailbox",
      fix: expect.not.stringContaining("secret"),
    }),
  );
});
