import { describe, expect, test } from "vitest";
import { readArticle } from "../../src/article/read-articles.ts";

const REST =
  "The ferry waits for the post van on the quay each day of the year, as it has always done.";
const MORE = "Its captain has done so for nineteen years, though the timetable says nothing of it.";

describe("a dateline is told, and is no part of the text", () => {
  test.each([
    "HONOLULU (AP) — ",
    "PORTHMOOR, May 3 (Reuters) - ",
    "Porthmoor (CNN)",
    "PORTHMOOR — ",
    "(The Lune Paper)",
    "(LNA) - ",
    "(lna) ",
    "HAMBURG (dpa) – ",
    "Porthmoor (sda) ",
    "Porthmoor, 24 set (Lune Agora).- ",
    "BRASÍLIA (Lune Agora) - ",
    "Porthmoor, Lune (the Courier Project)",
    "PORTHMOOR--(LUNE WIRE)--",
    "(LNA) - PORTHMOOR, 03 MAG - ",
    "【新華社】",
    "(서울=연합뉴스) 홍길동 기자 = ",
    "Porthmoor, 3 mag. (Lunanews) - ",
    "Porthmoor Quay (Reuters) – ",
  ])("%s", (dateline) => {
    const body = `The ferry that waits\n\n${dateline}${REST}\n\n${MORE}\n`;
    const article = readArticle({ format: "text", location: "a.txt", body });
    expect(article.text).toBe(`${REST}\n\n${MORE}`);
    expect(article.html).toMatch(/^<p>The ferry waits/);
    expect(article.dropped).toContainEqual({ text: dateline.trim(), reason: "the dateline" });
  });

  test.each([
    [
      "PORTHMOOR, Isle of Lune (AP) — ",
      "iPhones are sold at the quay since the morning of Monday.",
    ],
    ["PORTHMOOR — ", "The ferry – the last of its kind – waits for the van on the quay."],
    ["PORTHMOOR (AP) — ", "The ferry waits on the quay — for an hour, as it always does."],
  ])("%sbefore “%s”", (dateline, rest) => {
    const body = `The ferry that waits\n\n${dateline}${rest}\n\n${MORE}\n`;
    const { text } = readArticle({ format: "text", location: "a.txt", body });
    expect(text).toBe(`${rest}\n\n${MORE}`);
  });

  test("in markup of its own too", () => {
    const body = `<h1>The ferry that waits</h1><p><strong>HONOLULU (AP)</strong> — ${REST}</p><p>${MORE}</p>`;
    const { text, html } = readArticle({ format: "html", location: "a.html", body });
    expect(text).toMatch(/^The ferry waits/);
    expect(html).toMatch(/^<p>\s*The ferry waits/);
  });

  test.each([
    "I — The ferry",
    "The quay (AP is its mark) waits.",
    "Samphire Quay is a quay — The end",
    "(Photo)",
    "(2019)",
    "(Reuters was told otherwise)",
    "(III)",
    "(Re)Building",
    "Paris — the city of light —",
    "Step 1 —",
    "The Trust (of Porthmoor) –",
    "月港港湾局(PHT)は",
    "【月港】は",
    "Tomas Reil (Green) – Harbour master since 2015 –",
    "Tomas Reil (Green) – Once more",
    "Lune Ferries (LFR) - Once more",
    "Tomas Reil, Harbour Master (Green) – Once more",
    "Reil (CSU) – Der Hafenmeister – sagte:",
    "Tomas Reil (CFO) - Once more",
    "Hamlet (Ada Pell) - The prince - says:",
    "Porthmoor (West) – Once more",
    "Dear Tomas (Reil) - Once more",
    "Tomas Reil, 34 years (Green) – Harbour master – says:",
    "(Never)So still:",
    "(un)Paid",
    "(UN)Paid",
    "(Preview)Once more",
    "UNESCO — The agency for museums — says:",
    "THE LIGHTHOUSE — Once red — is white:",
    "TOMAS REIL (GREEN) – Harbour master since 2015 – says:",
  ])("%s is none", (opening) => {
    const body = `The ferry that waits\n\n${opening} ${REST}\n\n${MORE}\n`;
    expect(readArticle({ format: "text", location: "a.txt", body }).text).toContain(opening);
  });
});
