import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isLoopback } from "../../../../src/platform/http/web-address.ts";
import { parseSmtpUrl } from "../../../../src/delivery/io/smtp/smtp-server.ts";

const AFTER_PORT = "has something after its host and port, where nothing may stand";

describe("parseSmtpUrl", () => {
  test.each([
    ["smtp://mail.example", { host: "mail.example", port: 587, isImplicitTls: false }],
    ["smtps://mail.example", { host: "mail.example", port: 465, isImplicitTls: true }],
    ["smtp://mail.example:25/", { host: "mail.example", port: 25, isImplicitTls: false }],
    ["SMTP://MAIL.Example:2525", { host: "mail.example", port: 2525, isImplicitTls: false }],
    ["smtp://[::1]:25", { host: "::1", port: 25, isImplicitTls: false }],
    ["smtp://b%C3%BCh.example", { host: "xn--bh-xka.example", port: 587, isImplicitTls: false }],
    ["smtp://bücher.example", { host: "xn--bcher-kva.example", port: 587, isImplicitTls: false }],
  ])("%s", (url, server) => {
    expect(parseSmtpUrl(url)).toEqual(server);
  });

  test("user and password are percent-encoded, and any of them comes through", () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, unit: "grapheme" }),
        fc.string({ minLength: 1, unit: "grapheme" }),
        (user, password) => {
          const url = `smtp://${encodeURIComponent(user)}:${encodeURIComponent(password)}@mail.example`;
          expect(parseSmtpUrl(url).login).toEqual({ user, password });
        },
      ),
    );
  });

  test("an @ in the user is understood as it is usually written", () => {
    expect(parseSmtpUrl("smtp://desk@letters.example:pw@mail.example").login).toEqual({
      user: "desk@letters.example",
      password: "pw",
    });
  });

  test.each([
    ["mail.example:25", "is not a URL that begins with smtp:// or smtps://"],
    ["https://mail.example", "is not a URL that begins with smtp:// or smtps://"],
    ["smtp://u:se#cret@mail.example", "cannot be read"],
    ["smtp://u:12/secret@mail.example", AFTER_PORT],
    ["smtp://mail.example/?tls=off", AFTER_PORT],
    ["smtp://mail.example/#secret", AFTER_PORT],
    ["smtp://", "names no host"],
    ["smtp://mail%20example", "names no host"],
    ["smtp://a%2Fb", "names no host"],
    ["smtp://secret@mail.example", "has a user and no password"],
    ["smtp://:secret@mail.example", "has a password and no user"],
    ["smtp://u:secret%zz@mail.example", "has a % that encodes nothing"],
    ["smtp://mail.example:99999", "cannot be read"],
  ])("%s is refused without being repeated", (url, fault) => {
    expect(() => parseSmtpUrl(url)).toThrow(
      expect.objectContaining({ code: "CONFIG_INVALID", message: `SMTP_URL ${fault}` }),
    );
  });

  test.each([
    ["localhost", true],
    ["127.0.0.1", true],
    ["127.8.9.1", true],
    ["::1", true],
    ["::ffff:127.0.0.1", true],
    ["::ffff:7f00:1", true],
    ["localhost.example", false],
    ["127.0.0.1.example", false],
    ["10.0.0.1", false],
    ["0.0.0.0", false],
    ["::2", false],
    ["mail.example", false],
  ])("%s stays on this machine: %s", (host, expected) => {
    expect(isLoopback(host)).toBe(expected);
  });
});
