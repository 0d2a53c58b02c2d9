import { readFileSync } from "node:fs";
import { validate } from "dockerfile-utils";
import { expect, test } from "vitest";

/* tests/system/containers.system.ts builds the image and runs it. */

test("dockerfile-utils finds no fault in the Dockerfile", () => {
  expect(validate("FORM node\n")).not.toEqual([]);
  expect(validate(readFileSync("Dockerfile", "utf8"))).toEqual([]);
});

test("no secret, no list and no issue of a clone comes into the image", () => {
  const ignored = readFileSync(".dockerignore", "utf8").split("\n");
  expect(ignored).toEqual(expect.arrayContaining([".env", ".broadsheet", "outbox", ".git"]));
});

test("the image has PostgreSQL packages of the versions that Broadsheet wants", () => {
  const { devDependencies } = JSON.parse(readFileSync("package.json", "utf8"));
  const named = readFileSync("Dockerfile", "utf8").matchAll(/ (pg|pg-boss)@(\S+)/g);
  const versions = [...named].map(([, name = "", version = ""]) => [name, version]);
  expect(versions.map(([name]) => name)).toEqual(["pg", "pg-boss"]);
  for (const [name = "", version] of versions)
    expect(devDependencies[name]).toMatch(new RegExp(`^${version}[.]`));
});
