import { describe, expect, test } from "vitest";
import { bomb, COMPRESSORS } from "./bombs.ts";
import { answer, fetchFeed, startServer, textOf } from "./servers.ts";

const MB = 1024 * 1024;

describe("a page that is too large", () => {
  test("is one byte more than may be had", async () => {
    const { origin } = await startServer({
      "/full": answer("x".repeat(1000)),
      "/over": answer("x".repeat(1001)),
    });
    const limits = { maxBytes: 1000 };
    expect(textOf(await fetchFeed(`${origin}/full`, { limits }))).toHaveLength(1000);
    expect(await fetchFeed(`${origin}/over`, { limits })).toMatchObject({
      kind: "tooLarge",
      why: `${origin}/over is larger than the 1 KB that a feed may have`,
      isTemporary: false,
    });
  });

  test("is cut off even if it never ends", async () => {
    const closed = Promise.withResolvers<void>();
    const { origin } = await startServer({
      "/": (response) => {
        const more = (): void => {
          while (!response.destroyed && response.write("x".repeat(64 * 1024)));
        };
        response.on("drain", more).on("close", () => closed.resolve());
        more();
      },
    });
    expect(await fetchFeed(`${origin}/`)).toMatchObject({
      kind: "tooLarge",
      why: `${origin}/ is larger than the 10 MB that a feed may have`,
    });
    await closed.promise;
  });

  test.each(Object.entries(COMPRESSORS))(
    "is 200 MB behind a little %s",
    async (name, compressors) => {
      const bytes = await bomb(200, compressors());
      expect(bytes.length).toBeLessThan(1 * MB);
      const [coding] = name.split(" with");
      const { origin } = await startServer({
        "/": answer(bytes, 200, { "content-encoding": coding }),
      });
      const limits = { maxBytes: 5 * MB };
      // Once before, so that what is measured is not the loading of code.
      await fetchFeed(`${origin}/`, { limits });
      const before = process.memoryUsage.rss();
      expect(await fetchFeed(`${origin}/`, { limits })).toMatchObject({ kind: "tooLarge" });
      expect(process.memoryUsage.rss() - before).toBeLessThan(60 * MB);
    },
  );
});
