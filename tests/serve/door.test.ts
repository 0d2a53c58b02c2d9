import { expect, test } from "vitest";
import { doorApp } from "../../src/serve/door.ts";

const SITE = "https://letter.example/news";
const app = doorApp({ site: SITE });

test.each(["/health", "/news/health", "/news/health/", "/health/"])(
  "%s is answered, with the path of the site or without",
  async (path) => {
    const answer = await app.request(path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("referrer-policy")).toBe("no-referrer");
    expect(answer.headers.get("set-cookie")).toBeNull();
  },
);

test("the front page leads to the form, by the address of the site and never by the Host header", async () => {
  const answer = await app.request("http://evil.example/news/", {
    headers: { host: "evil.example" },
  });
  expect(answer.status).toBe(302);
  expect(answer.headers.get("location")).toBe(`${SITE}/subscribe`);
});
