import type { ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import { checkEmail } from "../../../src/check/check-email.ts";
import { parseHtml } from "../../../src/check/html-document.ts";
import { addressesToAsk, linkFindings } from "../../../src/check/outside-findings.ts";
import { requestLinks } from "../../../src/check/io/request-links.ts";
import { INSIDE, NOW, PUBLIC, startServer, type TestServer } from "../../platform/http/servers.ts";

const answer =
  (status: number, headers: Record<string, string> = {}) =>
  (response: ServerResponse): void => {
    response.writeHead(status, headers).end();
  };

/** In these tests 127.0.0.2 is the public internet. */
function isAllowed(address: string): boolean {
  return address === PUBLIC;
}

async function ask(addresses: readonly string[]) {
  return requestLinks(addresses, { version: "0.1.0", clock: () => NOW, isAllowed });
}

async function outcome(server: TestServer, path: string) {
  const address = `${server.origin}${path}`;
  return (await ask([address])).get(address);
}

describe("a link", () => {
  test("that answers is asked once, by HEAD", async () => {
    const methods: (string | undefined)[] = [];
    const server = await startServer({
      "/inn": (response, request) => {
        methods.push(request.method);
        response.end("The inn");
      },
    });
    expect(await outcome(server, "/inn")).toEqual({ kind: "answers" });
    expect(methods).toEqual(["HEAD"]);
  });

  test("to a server that knows no HEAD is asked for again", async () => {
    const server = await startServer({
      "/inn": (response, request) => {
        response.writeHead(request.method === "HEAD" ? 405 : 200).end();
      },
    });
    expect(await outcome(server, "/inn")).toEqual({ kind: "answers" });
  });

  test("that is gone, or fails, is told as that", async () => {
    const server = await startServer({
      "/gone": answer(410),
      "/ill": answer(502),
      "/shut": answer(403),
    });
    expect(await outcome(server, "/gone")).toMatchObject({ kind: "gone", isTemporary: false });
    expect(await outcome(server, "/nowhere")).toMatchObject({ kind: "gone" });
    expect(await outcome(server, "/ill")).toMatchObject({ kind: "failing", isTemporary: true });
    expect(await outcome(server, "/shut")).toMatchObject({ kind: "refused" });
  });

  test("that has moved for good has a new address; for now, it keeps its own", async () => {
    const server = await startServer({
      "/old": answer(301, { location: "/new" }),
      "/now": answer(302, { location: "/new" }),
      "/new": answer(200),
    });
    expect(await outcome(server, "/old")).toEqual({
      kind: "answers",
      movedTo: `${server.origin}/new`,
    });
    expect(await outcome(server, "/now")).toEqual({ kind: "answers" });
  });

  test("that goes round in a circle, or on and on, is given up", async () => {
    const server = await startServer({
      "/a": answer(302, { location: "/b" }),
      "/b": answer(302, { location: "/a" }),
      ...Object.fromEntries(
        Array.from({ length: 9 }, (_, at) => [`/${at}`, answer(302, { location: `/${at + 1}` })]),
      ),
    });
    expect(await outcome(server, "/a")).toMatchObject({ kind: "redirects" });
    expect(await outcome(server, "/0")).toMatchObject({ kind: "redirects" });
    expect(server.requests.length).toBeLessThan(12);
  });

  test("into a network is not asked, nor where it is sent there", async () => {
    const inside = await startServer({ "/secret": answer(200) }, INSIDE);
    const server = await startServer({
      "/way": answer(302, { location: `${inside.origin}/secret` }),
    });
    expect(await outcome(inside, "/secret")).toMatchObject({ kind: "private" });
    expect(await outcome(server, "/way")).toMatchObject({ kind: "private" });
    expect(inside.requests).toEqual([]);
  });
});

test("each outcome is a finding, those that are good are one, and nobody is unsubscribed", async () => {
  const server = await startServer({
    "/inn": answer(200),
    "/late": answer(503),
    "/u/1": answer(200),
  });
  const link = (path: string, text: string) => `<a href="${server.origin}${path}">${text}</a>`;
  const html = parseHtml(
    [
      link("/inn#top", "Inn"),
      link("/inn", "Inn"),
      link("/lost", "Lost"),
      link("/late", "Late"),
      link("/u/1", "Unsubscribe"),
    ].join("\n"),
  );
  const input = { target: "mail.html", html };
  const addresses = addressesToAsk(input);
  expect(addresses).toEqual(["/inn", "/lost", "/late"].map((path) => `${server.origin}${path}`));
  const { findings, notRun } = linkFindings(input, await ask(addresses));
  expect(findings.map(({ severity, where, message }) => [severity, where?.line, message])).toEqual([
    ["error", 3, expect.stringContaining("is not there (404)")],
    ["warning", 4, expect.stringContaining("has an internal error (503)")],
    ["info", undefined, "One address answers"],
  ]);
  expect(notRun).toMatchObject([{ rule: "links-answer" }]);
  expect(server.requests.map(({ path }) => path)).not.toContain("/u/1");
  expect(checkEmail(input).notRun).toContainEqual({
    rule: "links-answer",
    why: "nothing is fetched: give --links",
  });
});
