import { Hono, type Context } from "hono";
import { dayIn, startOfDay } from "../platform/clock.ts";
import { escapeHtml } from "../platform/references.ts";
import {
  isFormToken,
  mintFormToken,
  mintTimedToken,
  readTimedToken,
} from "../subscribers/tokens.ts";
import { composeLetter } from "./letter.ts";
import { anchor, fault, form, lead, links, note, type PageParts, section } from "./pages.ts";
import type { Reader, ReaderRecord } from "./ports.ts";
import { type Door, fieldsOf } from "./request.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A reader who asks, by the token in the path, and the page in their language. */
interface Visit extends PageParts {
  /** Without the path of the site. */
  readonly path: string;
  readonly reader: Reader;
  readonly token: string;
}

/** The pages that a reader comes to by the links of a mail: to leave, and to change what they get. */
export function readerPages(door: Door): Hono {
  const app = new Hono();

  app.get("/u/:token", async (context) => {
    const visit = await visitOf(context, door);
    return visit ? context.html(leavePage(visit, door)) : door.notFound(context);
  });

  // RFC 8058: without cookie, Origin or redirect, also for tokens years old.
  app.post("/u/:token", async (context) => {
    const visit = await visitOf(context, door);
    if (!visit) return door.notFound(context);
    const { reader } = visit;
    const fields = await fieldsOf(context);
    if (fields.get("List-Unsubscribe") === "One-Click") {
      await door.readers.leave(reader.id, "one click in the mail program");
      return context.html(leftPage(visit, door));
    }
    const undo = fields.get("undo");
    if (undo !== undefined) return undone(context, visit, undo);
    if (!isOurs(visit, fields, door))
      return context.html(leavePage(visit, door, visit.words.leave.again), 400);
    const left = await door.readers.leave(reader.id, "the page behind the link in a mail");
    const leftAt = left ?? reader.leftAt;
    return context.html(leftPage(visit, door, leftAt));
  });

  async function undone(context: Context, visit: Visit, undo: string): Promise<Response> {
    const { reader, words } = visit;
    const { leftAt } = reader;
    const isDone =
      leftAt !== undefined &&
      readTimedToken(undo, undoOf(visit, leftAt, door), within(HOUR_MS, door), door.keyring) ===
        reader.id &&
      (await door.readers.undo(reader.id, leftAt));
    if (isDone || reader.state !== "left")
      return context.html(
        visit.page(words.back.title, [lead(words.back.text), preferencesLinks(visit, door)]),
      );
    const body = [fault(words.left.late), links([subscribeLink(visit, door)])];
    return context.html(visit.page(words.left.title, body), 410);
  }

  app.get("/p/:token", async (context) => {
    const visit = await visitOf(context, door);
    return visit ? context.html(preferencesPage(visit, door)) : door.notFound(context);
  });

  app.post("/p/:token", async (context) => {
    const visit = await visitOf(context, door);
    if (!visit) return door.notFound(context);
    const fields = await fieldsOf(context);
    const { words, token } = visit;
    if (!isOurs(visit, fields, door))
      return context.html(preferencesPage(visit, door, words.leave.again), 400);
    const what = fields.get("do");
    if (what === "link") return context.html(await mailedPage(visit, door));
    const until = what === "pause" ? pauseUntil(fields.get("until") ?? "", door) : undefined;
    if (what === "pause" && !until)
      return context.html(preferencesPage(visit, door, words.pause.fault), 400);
    await door.readers.pause(visit.reader.id, until);
    const reader = (await door.readers.find(token)) ?? visit.reader;
    return context.html(preferencesPage({ ...visit, reader }, door));
  });

  app.get("/p/:token/data/:link", async (context) => {
    const visit = await visitOf(context, door);
    if (!visit) return door.notFound(context);
    const record = await recordOf(context, visit, door);
    if (!record) return context.html(endedPage(visit, door), 410);
    return context.html(dataPage(visit, record, door));
  });

  app.post("/p/:token/data/:link", async (context) => {
    const visit = await visitOf(context, door);
    if (!visit) return door.notFound(context);
    const fields = await fieldsOf(context);
    const record = await recordOf(context, visit, door);
    if (!record) return context.html(endedPage(visit, door), 410);
    const { erase, leave } = visit.words;
    if (!isOurs(visit, fields, door))
      return context.html(dataPage(visit, record, door, leave.again), 400);
    await door.readers.erase(visit.reader.id);
    return context.html(visit.page(erase.title, [lead(erase.done)]));
  });

  return app;
}

async function visitOf(context: Context, door: Door): Promise<Visit | undefined> {
  const token = context.req.param("token") ?? "";
  const reader = await door.readers.find(token);
  return reader && { ...door.partsFor(context), path: context.req.path, reader, token };
}

/** Whether a form was sent that we have served on this page, between a second and a day ago. */
function isOurs(
  { path }: Visit,
  fields: ReadonlyMap<string, string>,
  { list, keyring, clock }: Door,
): boolean {
  return isFormToken(fields.get("form") ?? "", { form: path, list }, clock(), keyring);
}

function formOf({ path }: Visit, { list, keyring, clock }: Door): Readonly<Record<string, string>> {
  return { form: mintFormToken({ form: path, list }, clock(), keyring) };
}

function within(maxAgeMs: number, { clock }: Door) {
  return { now: clock(), maxAgeMs };
}

function leavePage(visit: Visit, door: Door, wrong?: string): string {
  const { reader, words, labels, say } = visit;
  if (reader.state === "left") return leftPage(visit, door);
  const button = form({ fields: formOf(visit, door), button: labels.words.unsubscribe });
  const body = [...(wrong ? [fault(wrong)] : []), lead(words.leave.text), button];
  const title = say(words.leave.title);
  return visit.page(title, [...body, preferencesLinks(visit, door)], masked(reader.address));
}

/** `leftAt`: set where the reader pressed the button of our page and may take that back. */
function leftPage(visit: Visit, door: Door, leftAt?: Date): string {
  const { reader, words, say } = visit;
  const isFresh = leftAt !== undefined && door.clock().getTime() - leftAt.getTime() < HOUR_MS;
  const undo = () => {
    const sealed = { ...undoOf(visit, leftAt ?? new Date(0), door), id: reader.id };
    const token = mintTimedToken({ ...sealed, at: leftAt ?? new Date(0) }, door.keyring);
    return form({ fields: { undo: token }, button: words.left.undo, isOutlined: true });
  };
  const next = [...(isFresh ? [] : [subscribeLink(visit, door)]), ...archiveLink(visit, door)];
  const body = [lead(say(words.left.text)), ...(isFresh ? [undo()] : []), links(next)];
  return visit.page(words.left.title, body, masked(reader.address));
}

/** The seal names the moment, so that a later leave needs another undo. */
function undoOf({ token }: Visit, leftAt: Date, { list }: Door) {
  return { purpose: `undo ${token} ${leftAt.getTime()}`, list };
}

function preferencesPage(visit: Visit, door: Door, wrong?: string): string {
  const { reader, token, words, labels, say } = visit;
  const { pause, data, left } = words;
  const fields = formOf(visit, door);
  const pausedUntil = reader.pausedUntil && visit.date(dayIn(door.timeZone, reader.pausedUntil));
  const [first, usual, last] = [1, 30, 365].map((days) =>
    dayIn(door.timeZone, new Date(door.clock().getTime() + days * DAY_MS)),
  );
  const day = `<label class="w-label" for="until">${escapeHtml(pause.until)}</label><input type="date" id="until" name="until" required min="${first}" max="${last}" value="${usual}">`;
  const pausing = pausedUntil
    ? form({ fields: { ...fields, do: "resume" }, button: pause.end })
    : form({ fields: { ...fields, do: "pause" }, inputs: day, button: pause.button });
  const mailing = { fields: { ...fields, do: "link" }, button: data.button, isOutlined: true };
  const isGone = reader.state === "left";
  const standing = pausedUntil ? say(pause.paused, { date: pausedUntil }) : pause.none;
  const leaving = anchor(`${door.site}/u/${token}`, labels.words.unsubscribe);
  const body = [
    ...(wrong ? [fault(wrong)] : []),
    lead(isGone ? say(left.text) : standing),
    ...(isGone ? [] : [section(pause.heading, [pausing])]),
    ...(isGone && !reader.address ? [] : [section(data.heading, [note(data.text), form(mailing)])]),
    links([isGone ? subscribeLink(visit, door) : leaving, ...archiveLink(visit, door)]),
  ];
  return visit.page(labels.words.preferences, body, masked(reader.address));
}

/** The moment at which a pause ends that lasts until a day; undefined where it isn't within the next year. */
function pauseUntil(day: string, { timeZone, clock }: Door): Date | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(Date.parse(day))) return undefined;
  const now = clock().getTime();
  const until = startOfDay(timeZone, day);
  return until.getTime() > now && until.getTime() < now + 367 * DAY_MS ? until : undefined;
}

/** Mails the link to the reader's data, and says so. The same is said of a reader who has no address. */
async function mailedPage(visit: Visit, door: Door): Promise<string> {
  const { reader, token, words, say } = visit;
  const { data } = words;
  const at = door.clock();
  const link = mintTimedToken({ ...dataLink(token, door), id: reader.id, at }, door.keyring);
  const isTaken =
    reader.address === undefined ||
    (await door.outgoing.put({
      key: `data ${reader.id} ${at.getTime()}`,
      to: reader.address,
      ...composeLetter(visit.language, door, {
        subject: say(data.subject),
        title: data.heading,
        text: say(data.mail),
        button: data.title,
        link: `${door.site}/p/${token}/data/${link}`,
        ignore: data.ignore,
      }),
      expiresAt: new Date(at.getTime() + HOUR_MS),
    }));
  const text = isTaken ? data.sentText : data.often;
  return visit.page(data.sent, [lead(text)], masked(reader.address));
}

function dataLink(token: string, { list }: Door) {
  return { purpose: `data ${token}`, list };
}

/** What is stored of the reader, where the link in the path is one that we mailed within the hour. */
async function recordOf(
  context: Context,
  { reader, token }: Visit,
  door: Door,
): Promise<ReaderRecord | undefined> {
  const link = context.req.param("link") ?? "";
  const id = readTimedToken(link, dataLink(token, door), within(HOUR_MS, door), door.keyring);
  return id === reader.id ? door.readers.record(id) : undefined;
}

function dataPage(visit: Visit, record: ReaderRecord, door: Door, wrong?: string): string {
  const { words } = visit;
  const { data, erase } = words;
  const day = (moment: Date | undefined) => moment && visit.date(dayIn(door.timeZone, moment));
  const { consent, suppressed, issues } = record;
  const facts = [
    [data.address, record.address],
    [data.name, record.name],
    [data.language, record.language],
    [data.tags, record.tags.join(", ")],
    [data.since, day(record.subscribedAt)],
    [data.consent, consent && [consent.how, day(consent.at)].filter(Boolean).join(", ")],
    [data.paused, day(record.pausedUntil)],
    [data.left, suppressed && [day(suppressed.since), suppressed.how].filter(Boolean).join(", ")],
    [data.issues, issues.map(({ slot, state }) => `${slot}: ${state}`).join(", ")],
  ] as const;
  const rows = facts.flatMap(([name, value]) =>
    value
      ? [
          `<dt class="w-label">${escapeHtml(name)}</dt><dd class="w-body"><bdi>${escapeHtml(value)}</bdi></dd>`,
        ]
      : [],
  );
  const fields = formOf(visit, door);
  return visit.page(data.title, [
    ...(wrong ? [fault(wrong)] : []),
    `<dl>${rows.join("\n")}</dl>`,
    section(erase.heading, [note(erase.text), form({ fields, button: erase.button })]),
  ]);
}

function endedPage(visit: Visit, door: Door): string {
  const { data } = visit.words;
  return visit.page(data.heading, [fault(data.ended), preferencesLinks(visit, door)]);
}

function preferencesLinks({ token, labels }: Visit, { site }: Door): string {
  return links([anchor(`${site}/p/${token}`, labels.words.preferences)]);
}

function subscribeLink({ labels }: Visit, { site }: Door): string {
  return anchor(`${site}/subscribe`, labels.words.subscribe);
}

function archiveLink({ labels }: Visit, { site, hasArchive }: Door): string[] {
  return hasArchive ? [anchor(`${site}/`, labels.archive.allIssues)] : [];
}

/** The mails of a reader get forwarded: "m•••@h•••.example" tells the reader whose page it is, and others nothing. */
export function masked(address: string | undefined): string | undefined {
  return address?.replace(/^(.)[^@]*@(.).*?(\.[^.]+)?$/u, "$1•••@$2•••$3");
}
