import { simpleParser } from "mailparser";
import { expect, onTestFinished, test } from "vitest";
import { startSmtpServer } from "../smtp-server.ts";
import { feedOf, Paper, told } from "../sources/collect/paper.ts";
import { mailingProject, people } from "./mailing-project.ts";
import { due, QUIETLY, SILENT, slotsOf } from "./scheduled-project.ts";

const FEED = "/feed.xml";
const RUN = ["run", "--now", "--allow-private"];
const EARLY = { now: true, allowPrivate: true } as const;

test("three slots of a newsletter with a feed: every reader gets each story once", async () => {
  const server = await startSmtpServer();
  const paper = new Paper();
  const base = await paper.open();
  onTestFinished(async () => paper.close());
  const project = await mailingProject({
    port: server.port,
    recipients: people(3),
    isBuilt: false,
    config: { sources: [`${base}${FEED}`], number: 12, schedule: { cron: "0 7 1 * *" } },
  });
  const publish = (...items: Parameters<typeof feedOf>[0]): void =>
    void paper.pages.set(FEED, feedOf(items));

  publish(told(1), told(2));
  expect(await project.run(RUN)).toEqual(SILENT);
  // The feed gives an old story a new guid and date, which makes it no new one.
  publish(told(1, { guid: "again", date: new Date().toISOString() }), told(2), told(3));
  expect(await project.run(RUN)).toEqual(SILENT);
  // It fails: the slot waits for it, nobody is told yet, and the next run finishes it.
  paper.pages.set(FEED, 503);
  expect(await due(project, EARLY)).toEqual({ ...QUIETLY, code: 75 });
  publish(told(3), told(4));
  expect(await project.run(RUN)).toEqual(SILENT);
  // Nothing new: no issue.
  expect(await due(project, EARLY)).toEqual(QUIETLY);

  expect((await slotsOf(project)).map(({ state }) => state)).toEqual(["sent", "sent", "sent"]);
  const mails = await Promise.all(
    server.received.map(async ({ to, raw }) => ({
      to,
      text: (await simpleParser(raw)).text ?? "",
    })),
  );
  for (const reader of people(3)) {
    const theirs = mails.filter(({ to }) => to.includes(reader)).map(({ text }) => storiesIn(text));
    expect(theirs).toEqual([[1, 2], [3], [4]]);
    const numbers = mails
      .filter(({ to }) => to.includes(reader))
      .map(({ text }) => /^No\. (\d+)/m.exec(text)?.[1]);
    expect(numbers).toEqual(["12", "13", "14"]);
  }
  expect(mails).toHaveLength(9);
});

function storiesIn(text: string): number[] {
  return [1, 2, 3, 4].filter((number) => text.includes(told(number).title));
}
