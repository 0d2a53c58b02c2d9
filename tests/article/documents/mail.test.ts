import { describe, expect, test } from "vitest";
import { readBytes } from "./read.ts";

const STORY = [
  "The ferry from Orrell came back into service on Monday after eleven weeks in the yard, the harbour office said.",
  "Its crew had repaired the rudder themselves, and the harbour office paid for the paint and the new ropes.",
  "From next week on she sails every hour again, and the last boat leaves the island at ten in the evening.",
];
const HTML = STORY.map((text) => `<p>${text}</p>`).join("\n");
const READER = "jory.penrose@reader.example";

interface Mail {
  readonly subject?: string;
  readonly html?: string;
  readonly text?: string;
  readonly more?: string;
}

function mailOf({ subject = "The ferry is back", html, text = "", more = "" }: Mail): Buffer {
  const type = html === undefined ? "plain" : "html";
  const head = [
    "Return-Path: <ana@paper.example>",
    'From: "Ana Ruiz" <ana@paper.example>',
    `To: ${READER}`,
    `Subject: ${subject}`,
    "Date: Mon, 4 May 2026 09:30:00 +0200",
    "Message-ID: <1@paper.example>",
    "MIME-Version: 1.0",
    `Content-Type: text/${type}; charset=utf-8`,
  ];
  return Buffer.from(`${head.join("\r\n")}\r\n${more}\r\n${html ?? text}`);
}

const read = async (bytes: Uint8Array, name = "ferry.eml") => readBytes(bytes, name);
const readMail = async (mail: Mail) => read(mailOf(mail));

describe("a mail", () => {
  test("is one article, with its subject, its sender and its date", async () => {
    expect(await readMail({ html: HTML })).toMatchObject({
      title: "The ferry is back",
      authors: ["Ana Ruiz"],
      publishedAt: "2026-05-04T07:30:00Z",
      text: STORY.join("\n\n"),
    });
  });

  test("of text is read as text, under any name", async () => {
    const article = await read(mailOf({ text: STORY.join("\n\n") }), "ferry.txt");
    expect(article).toMatchObject({ title: "The ferry is back", text: STORY.join("\n\n") });
  });

  test("in an old code page and quoted-printable is decoded", async () => {
    const bytes = Buffer.from(
      `From: =?iso-8859-1?Q?Ana_Ru=EDz?= <ana@paper.example>\nSubject: =?utf-8?B?${Buffer.from("Die Fähre ist zurück").toString("base64")}?=\nMIME-Version: 1.0\nContent-Type: text/html; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\n<p>Die F=E4hre f=E4hrt seit Montag wieder, und die Leute auf der Insel sind froh =\ndar=FCber.</p><p>Sie war elf Wochen lang in der Werft, weil das Ruder gebrochen war.</p>`,
      "latin1",
    );
    expect(await read(bytes)).toMatchObject({
      title: "Die Fähre ist zurück",
      authors: ["Ana Ruíz"],
      language: "de",
      text: expect.stringMatching(
        /^Die Fähre fährt seit Montag wieder, und die Leute auf der Insel sind froh darüber\./,
      ),
    });
  });

  test.each([
    ["in English", ["Dear all,"], ["Best regards,", "Ana Ruiz", "Harbour office, +44 1632 960001"]],
    ["in German", ["Liebe Leute,"], ["Viele Grüße", "Ana"]],
    ["in French", ["Bonjour à tous,"], ["Cordialement,", "Ana Ruiz"]],
    ["after two dashes", ["Hi Jory,"], ["--", "Ana Ruiz", "Head of Ropes"]],
    ["of a telephone", [], ["Sent from my iPhone"]],
  ])("is read without greeting and signature: %s", async (_how, before, after) => {
    const lines = [...before, ...STORY, ...after];
    const inHtml = await readMail({ html: lines.map((line) => `<p>${line}</p>`).join("") });
    expect(inHtml.text).toBe(STORY.join("\n\n"));
    const inText = await readMail({ text: lines.join("\n\n") });
    expect(inText.text).toBe(STORY.join("\n\n"));
  });
});

const NOTE = "Jory, have a look at this one, but not a word to the Lindqvist family please.";
const FORWARDS = [
  [
    "Gmail",
    `<div dir="ltr">${NOTE}<br><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">---------- Forwarded message ---------<br>From: <strong class="gmail_sendername" dir="auto">Wenna Tregear</strong> <span dir="auto">&lt;<a href="mailto:wenna@island.example">wenna@island.example</a>&gt;</span><br>Date: Sat, May 2, 2026 at 8:15&#8239;AM<br>Subject: The ferry is back<br>To: <a href="mailto:secret@reader.example">secret@reader.example</a><br></div><br>${HTML}</div></div>`,
  ],
  [
    "Outlook",
    `<div><p class="MsoNormal">${NOTE}</p><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal"><b>From:</b> Wenna Tregear &lt;wenna@island.example&gt; <br><b>Sent:</b> Saturday, May 2, 2026 8:15 AM<br><b>To:</b> secret@reader.example<br><b>Subject:</b> The ferry is back</p></div>${HTML}</div>`,
  ],
  [
    "Outlook in German",
    `<div><p class="MsoNormal">${NOTE}</p><div><p class="MsoNormal"><b>Von:</b> Wenna Tregear &lt;wenna@island.example&gt; <br><b>Gesendet:</b> Samstag, 2. Mai 2026 08:15<br><b>An:</b> secret@reader.example<br><b>Betreff:</b> The ferry is back</p></div>${HTML}</div>`,
  ],
  [
    "Apple Mail",
    `<div>${NOTE}<br><div><br><blockquote type="cite"><div>Begin forwarded message:</div><br><div><b>From: </b>Wenna Tregear &lt;wenna@island.example&gt;<br></div><div><b>Subject: </b><b>The ferry is back</b><br></div><div><b>Date: </b>2 May 2026 at 08:15:00 BST<br></div><div><b>To: </b>secret@reader.example<br></div><br>${HTML}</blockquote></div></div>`,
  ],
] as const;

describe("a forwarded mail has the fields of the first, and nothing of its wrapper", () => {
  test.each(FORWARDS)("by %s", async (_program, html) => {
    const article = await readMail({ subject: "Fwd: WG: The ferry is back", html });
    expect(article).toMatchObject({
      title: "The ferry is back",
      authors: ["Wenna Tregear"],
      publishedAt: expect.stringMatching(/^2026-05-02/),
      text: STORY.join("\n\n"),
    });
    expect(JSON.stringify(article)).not.toMatch(/Lindqvist|secret@|island\.example/);
  });

  test("by a program that sends text", async () => {
    const article = await readMail({
      subject: "Fw: The ferry is back",
      text: `${NOTE}\n\n-------- Forwarded Message --------\nSubject: The ferry is back\nDate: Sat, 2 May 2026 08:15:00 +0100\nFrom: Wenna Tregear <wenna@island.example>\nTo: secret@reader.example\n\n\n${STORY.join("\n\n")}\n`,
    });
    expect(article).toMatchObject({ authors: ["Wenna Tregear"], text: STORY.join("\n\n") });
    expect(JSON.stringify(article)).not.toMatch(/Lindqvist|secret@|island\.example/);
  });

  test("as a file", async () => {
    const inner = mailOf({ html: HTML }).toString();
    const article = await read(
      Buffer.from(
        `From: jory@reader.example\nSubject: Fwd: look\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nSee the file.\n--b\nContent-Type: message/rfc822\nContent-Disposition: attachment; filename=ferry.eml\n\n${inner}\n--b--\n`,
      ),
    );
    expect(article).toMatchObject({ title: "The ferry is back", authors: ["Ana Ruiz"] });
  });
});

describe("a newsletter by mail", () => {
  const token = Buffer.from(READER).toString("base64url");
  const letter = `<html><head><style>.pre{display:none}</style></head><body><div class="pre">For Jory Penrose only</div><table width="600"><tr><td><a href="https://paper.example/view?u=8f">View in browser</a></td></tr><tr><td><h1>The ferry is back</h1></td></tr><tr><td>${HTML}<p>The yard tells more <a href="https://paper.example/yard?to=${encodeURIComponent(READER)}">on its page</a>, with <a href="https://paper.example/pictures">pictures</a> and <a href="https://paper.example/c/${token}">a map</a>.</p></td></tr><tr><td><p>You are receiving this because you signed up as ${READER}. <a href="https://paper.example/unsubscribe?k=77aa">Unsubscribe</a></p></td></tr></table><img src="https://paper.example/open.gif?u=8f" width="1" height="1"></body></html>`;

  test("is read without its unsubscribe line, and has no link or picture that would know its reader", async () => {
    const article = await readMail({ html: letter });
    const last = "The yard tells more on its page, with pictures and a map.";
    expect(article).toMatchObject({
      title: "The ferry is back",
      text: [...STORY, last].join("\n\n"),
    });
    for (const secret of [READER, encodeURIComponent(READER), token, "77aa", "u=8f"])
      expect(JSON.stringify(article)).not.toContain(secret);
    expect(article.html).toContain("https://paper.example/pictures");
  });
});

describe("a mail that can't be read is refused with its cause", () => {
  test("parts nested 50 deep", async () => {
    const deep = Array.from(
      { length: 50 },
      (_, at) => `Content-Type: multipart/mixed; boundary=b${at}\n\n--b${at}\n`,
    );
    const bytes = Buffer.from(
      `From: a@paper.example\nSubject: Deep\nMIME-Version: 1.0\n${deep.join("")}Content-Type: text/plain\n\n${STORY[0]}\n`,
    );
    await expect(read(bytes)).rejects.toThrow("too many parts nested in each other");
  });

  test("mails in mails, 50 deep", async () => {
    let inner = mailOf({ html: HTML }).toString();
    for (let at = 0; at < 50; at++)
      inner = `From: a@paper.example\nSubject: Fwd\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b${at}\n\n--b${at}\nContent-Type: message/rfc822\n\n${inner}\n--b${at}--\n`;
    await expect(read(Buffer.from(inner))).rejects.toThrow("a mail without text");
  });

  test("half a million empty lines", async () => {
    await expect(readMail({ text: "\n".repeat(500_000) })).rejects.toThrow("more lines than any");
  });

  test("nothing but a picture, and an encrypted one", async () => {
    await expect(readMail({ html: "" })).rejects.toThrow("a mail without text");
    const encrypted = Buffer.from(
      "From: a@paper.example\nSubject: ...\nMIME-Version: 1.0\nContent-Type: multipart/encrypted; boundary=b\n\n--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--b\nContent-Type: application/octet-stream\n\nabc\n--b--\n",
    );
    await expect(read(encrypted)).rejects.toThrow("an encrypted mail");
  });
});
