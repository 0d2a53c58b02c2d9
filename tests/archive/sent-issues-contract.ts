import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { SentIssues } from "../../src/archive/sent-issue.ts";
import { brief, roundUp } from "../fixtures.ts";
import { kept, type KeptIssue } from "./issues-in-memory.ts";

/** Sent issues, to which a test may add. */
export interface SentIssuesBench {
  readonly sent: SentIssues;
  /** Sends an issue; one that was sent is revised. */
  send(issue: KeptIssue): Promise<void>;
  close(): Promise<void>;
}

/** What all sent issues do, whatever they are kept in. */
export function sentIssuesContract(name: string, makeBench: () => Promise<SentIssuesBench>): void {
  let bench: SentIssuesBench;
  let sent: SentIssues;

  beforeEach(async () => {
    bench = await makeBench();
    ({ sent } = bench);
  });
  afterEach(async () => bench.close());

  describe(`${name}: what was sent`, () => {
    test("is nothing at first", async () => {
      expect(await sent.list()).toEqual({ issues: [], missing: [] });
      expect(await sent.email("2026-11-24")).toBeUndefined();
      expect(await sent.picture("2026-11-24", "mill.png")).toBeUndefined();
    });

    test("is listed with the latest first", async () => {
      const [older, newer] = [
        await kept("2026-11-17", brief(), { template: "brief" }),
        await kept("2026-11-24", roundUp(4)),
      ];
      await bench.send(newer);
      await bench.send(older);
      const { issues, missing } = await sent.list();
      expect(missing).toEqual([]);
      expect(issues.map(({ slot, kind }) => [slot, kind])).toEqual([
        ["2026-11-24", "digest"],
        ["2026-11-17", "brief"],
      ]);
      expect(issues[0]).toMatchObject({
        number: 41,
        title: newer.digest.title,
        day: "2026-11-24",
        cover: { name: "mill.png" },
        pictures: new Set(["mill.png"]),
      });
    });

    test("has its email with the merge fields open, and its pictures", async () => {
      const issue = await kept("2026-11-24", roundUp(4));
      await bench.send(issue);
      expect(await sent.email(issue.slot)).toEqual(issue.email);
      expect(await sent.picture(issue.slot, "mill.png")).toEqual(issue.pictures[0]);
      for (const name of ["", "other.png", "../mill.png", "constructor"])
        expect(await sent.picture(issue.slot, name)).toBeUndefined();
    });

    test("is what was sent last, where it was revised", async () => {
      await bench.send(await kept("2026-11-24", roundUp(4)));
      expect((await sent.list()).issues).toHaveLength(1);
      const revised = await kept("2026-11-24", { ...roundUp(4), title: "Revised" });
      await bench.send(revised);
      expect((await sent.list()).issues.map(({ title }) => title)).toEqual(["Revised"]);
      expect(await sent.email("2026-11-24")).toEqual(revised.email);
    });
  });
}
