import { readFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

const README = readFileSync("README.md", "utf8");

test("the README's library example runs and prints its subject", () => {
  const examples = [...README.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, example = ""]) => example);
  const example = examples.find((text) => text.includes('from "broadsheet"')) ?? "";
  const source = example.replace(
    '"broadsheet"',
    `"${new URL("../src/index.ts", import.meta.url).href}"`,
  );
  const run = spawnSync(process.execPath, ["--input-type=module-typescript", "-"], {
    input: source,
    encoding: "utf8",
  });
  expect([run.stderr, run.stdout]).toEqual(["", "The bakery that runs on tides\n"]);
});

test(".ci/run calls the README's test command", () => {
  const command = "npm ci && npm test";
  expect(README).toContain(`\`\`\`\n${command}\n\`\`\``);
  expect(readFileSync(".ci/run", "utf8")).toContain(`\n${command}\n`);
});
