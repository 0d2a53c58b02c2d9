import { expect, test } from "vitest";
import { cutPower } from "./power-cut.ts";

/** `POWER_CUTS=200 npx vitest run tests/delivery/io/power-cut.test.ts` makes more of them. */
const CUTS = Number(process.env["POWER_CUTS"] ?? 15);

test("a power cut at any moment: no reader is sent an issue twice, and none is lost", async () => {
  expect(await cutPower(CUTS, CUTS)).toBeGreaterThan(0);
});
