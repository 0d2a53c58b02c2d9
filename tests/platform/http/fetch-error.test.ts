import { describe, expect, test } from "vitest";
import { ERROR_CODES } from "../../../src/errors.ts";
import { fetchError } from "../../../src/platform/http/fetch-outcome.ts";
import { answer, failureOf, fetchFeed, startServer } from "./servers.ts";

describe("a failure to fetch, as an error", () => {
  test.each([
    [404, {}, "INPUT_MISSING"],
    [403, {}, "FETCH_REFUSED"],
    [503, {}, "FETCH_DEFERRED"],
    [202, {}, "FETCH_DEFERRED"],
    [200, { "content-type": "image/png" }, "CONTENT_UNSUPPORTED"],
    [200, { "content-type": "text/plain" }, "CONTENT_TOO_LARGE"],
  ])("with %i %o is %s, and says what to do", async (status, headers, code) => {
    const { origin } = await startServer({ "/": answer("too much", status, headers) });
    const failure = failureOf(await fetchFeed(`${origin}/`, { limits: { maxBytes: 3 } }));
    const error = fetchError(failure);
    expect(error).toMatchObject({ code, message: failure.why, fix: failure.fix });
    expect(ERROR_CODES[error.code].temporary).toBe(failure.isTemporary);
  });

  test("of what is no address is a mistake in the command", async () => {
    expect(fetchError(failureOf(await fetchFeed("ftp://paper.example/")))).toMatchObject({
      code: "USAGE",
    });
  });
});
