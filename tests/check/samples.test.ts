import { expect, test } from "vitest";
import { sampleAddresses } from "../../src/review/samples.ts";

test.each([
  ["Flat 3.Test House, 4 Quay St.", false],
  ["Flat 3.Test, 4 Quay St.", false],
  ["4 Quay, see https://example.com/imprint", true],
  ["4 Quay, see http://www.slipway.test:8080/", true],
  ["4 Quay, see www.example.com/imprint", true],
  ["4 Quay, post@slipway.example", true],
  ["4 Quay, mail:post@slipway.example.", true],
  ["4 Quay, https://quay.org/example.com", false],
])("the postal address %s is only an example: %s", (postalAddress, isSample) => {
  expect(sampleAddresses({ senders: [], postalAddress })).toHaveLength(isSample ? 1 : 0);
});
