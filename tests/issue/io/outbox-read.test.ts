import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { readIssue, writeIssue } from "../../../src/issue/io/outbox.ts";
import { filesOf, ISSUE, temporaryFolder } from "../../outbox-folder.ts";

async function outboxWith(...names: string[]): Promise<string> {
  const outbox = await temporaryFolder(onTestFinished);
  for (const name of names) {
    const [newsletter = "", slot = ""] = name.split("/");
    await writeIssue(outbox, { newsletter, slot }, filesOf(name));
  }
  return outbox;
}

async function found(outbox: string, name: string, newsletter?: string): Promise<string> {
  return (await readIssue(outbox, newsletter, name)).email.subject;
}

describe("reading an issue", () => {
  test("gives its email, its digest, its files and where it is", async () => {
    const outbox = await temporaryFolder(onTestFinished);
    const slots = { unsubscribeUrl: "slot-1-unsubscribe-url" };
    const dir = await writeIssue(outbox, ISSUE, filesOf("first", slots));
    await mkdir(path.join(dir, "messages"));
    await writeFile(path.join(dir, "messages", "a.eml"), "sent");
    expect(await readIssue(outbox, "harbour-letter", "2031-04-02")).toEqual({
      ...ISSUE,
      dir,
      email: { subject: "first", html: "first", text: "first", slots },
      digest: '{"build":"first"}',
      isEdited: false,
      files: ["digest.json", "email.html", "email.json", "email.txt", "images/crab.png"],
    });
  });

  test("says whether somebody has edited the digest since", async () => {
    const outbox = await temporaryFolder(onTestFinished);
    const dir = await writeIssue(outbox, ISSUE, filesOf("first"));
    await writeFile(path.join(dir, "digest.json"), '{"build":"edited"}');
    const issue = await readIssue(outbox, undefined, "latest");
    expect(issue.isEdited).toBe(true);
    expect(issue.digest).toBe('{"build":"edited"}');
  });

  test.each(["email.json", "digest.json"])(
    "without its %s is refused, not guessed",
    async (name) => {
      const outbox = await temporaryFolder(onTestFinished);
      const dir = await writeIssue(outbox, ISSUE, filesOf("first"));
      await rm(path.join(dir, name));
      await expect(readIssue(outbox, undefined, "latest")).rejects.toMatchObject({
        code: "ISSUE_MISSING",
        message: `the issue 2031-04-02 is not whole: it has no ${name}`,
      });
    },
  );

  test.each([
    "",
    '{"digest":"","subject":"s","html":"h","text":"t"}',
    '{"digest":"","subject":1,"html":"h","text":"t","slots":{}}',
    '{"digest":"","subject":"s","html":"h","text":"t","slots":{"password":"x"}}',
    '{"digest":"","subject":"s","html":"h","text":"t","slots":{"webUrl":""}}',
    '{"digest":"","subject":"s","html":"h","text":"t","slots":{"__proto__":"x"}}',
  ])("with an email.json %j is refused", async (text) => {
    const outbox = await temporaryFolder(onTestFinished);
    const dir = await writeIssue(outbox, ISSUE, filesOf("first"));
    await writeFile(path.join(dir, "email.json"), text);
    await expect(readIssue(outbox, undefined, "latest")).rejects.toMatchObject({
      code: "EMAIL_INVALID",
      where: { file: path.join(dir, "email.json") },
    });
  });
});

describe("an issue's name", () => {
  // Week 14 of 2031 begins on 31 March.
  test.each([
    [["2031-W09", "2030-W52"], "2031-W10"],
    [["2031-03-30"], "2031-W14"],
    [["2031-W14"], "2031-04-01"],
    [["2031-04-02T0700+0100"], "2031-04-02T0630+0000"],
  ])(
    "latest is the one whose time is latest, whatever its name begins with: %j",
    async (...slots) => {
      const [others, latest] = slots;
      const outbox = await outboxWith(...[latest, ...others].map((slot) => `w/${slot}`));
      expect(await found(outbox, "latest")).toBe(`w/${latest}`);
    },
  );

  test("latest of several newsletters has to be said which", async () => {
    const outbox = await outboxWith("daily/2031-04-02", "weekly/2031-W14", "weekly/2031-W13");
    await expect(readIssue(outbox, undefined, "latest")).rejects.toMatchObject({
      code: "USAGE",
      message: "latest could be weekly/2031-W14 or daily/2031-04-02",
    });
    expect(await found(outbox, "latest", "weekly")).toBe("weekly/2031-W14");
  });

  test("that is none is answered with what there is", async () => {
    const outbox = await outboxWith("daily/2031-04-01", "daily/2031-04-02");
    await expect(readIssue(outbox, "daily", "2031-04-03")).rejects.toMatchObject({
      code: "ISSUE_MISSING",
      message: 'the outbox holds no issue "2031-04-03"',
      fix: "did you mean 2031-04-01? there is 2031-04-01, 2031-04-02; latest is 2031-04-02",
    });
  });

  test.each(["latest", "2031-04-02"])("%s in an empty outbox, or in none", async (name) => {
    const outbox = await temporaryFolder(onTestFinished);
    for (const place of [outbox, path.join(outbox, "none")]) {
      await expect(readIssue(place, undefined, name)).rejects.toMatchObject({
        code: "ISSUE_MISSING",
        message: "the outbox holds no issue yet",
      });
    }
  });

  test("never leads out of the outbox", async () => {
    const folder = await temporaryFolder(onTestFinished);
    await writeIssue(path.join(folder, "other"), ISSUE, filesOf("secret"));
    await writeIssue(path.join(folder, "outbox"), ISSUE, filesOf("mine"));
    for (const name of [
      "../../other/harbour-letter/2031-04-02",
      path.join(folder, "other/harbour-letter/2031-04-02"),
      "..",
      "",
    ]) {
      await expect(readIssue(path.join(folder, "outbox"), undefined, name)).rejects.toMatchObject({
        code: "ISSUE_MISSING",
      });
    }
  });

  test("is not that of a folder which is no slot", async () => {
    const outbox = await outboxWith("daily/2031-04-02");
    await mkdir(path.join(outbox, "daily", "drafts"));
    await mkdir(path.join(outbox, "daily", ".2031-04-09"));
    expect(await found(outbox, "latest")).toBe("daily/2031-04-02");
    await expect(readIssue(outbox, undefined, "drafts")).rejects.toMatchObject({
      code: "ISSUE_MISSING",
    });
  });
});
