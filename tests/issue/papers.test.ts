import { readFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { broadsheet, folderWith, HARBOUR } from "../cli/broadsheet.ts";

const story = (url: string) =>
  `---\ntitle: The ferry waits\nurl: ${url}\nsite: U.S.\n---\n${HARBOUR}`;

test("a paper is called as the config names its host, and its subdomains too", async () => {
  const cwd = await folderWith({
    "broadsheet.config.json": JSON.stringify({
      name: "Slip",
      papers: { "www.Courier.example": "The Thornsea Courier" },
    }),
    "content/a.md": story("https://news.courier.example/ferry"),
  });
  const { code, stdout } = await broadsheet(["build", "--json"], { cwd });
  expect(code).toBe(0);
  const digest = await readFile(path.join(JSON.parse(stdout).dir, "digest.json"), "utf8");
  expect(digest).toContain("The Thornsea Courier");
  expect(digest).not.toContain('"U.S."');
});

test("what is no host is refused with its place", async () => {
  const cwd = await folderWith({
    "broadsheet.config.json": '{ "papers": { "https://courier.example/": "The Courier" } }',
    "content/a.md": story("https://courier.example/ferry"),
  });
  const { code, stderr } = await broadsheet(["build"], { cwd });
  expect(code).toBe(78);
  expect(stderr).toMatch(/papers.*not a host/);
});
