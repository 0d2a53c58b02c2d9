import { Hono, type Context } from "hono";
import { dayIn, startOfDay } from "../platform/clock.ts";
import { anchor, escapeHtml } from "../platform/references.ts";
import {
  isFormToken,
  mintFormToken,
  mintTimedToken,
  readTimedToken,
} from "../subscribers/tokens.ts";
import { composeLetter } from "./letter.ts";
import { fault, form, lead, links, note, type PageParts, section } from "./pages.ts";
import type { Reader } from "./ports.ts";
import { type Door, fieldsOf } from "./request.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A visit of a reader, who is identified by the token in the path. */
interface Visit extends Omit<Door, "language">, PageParts {
  /** The path of the page, without the path of the site. */
  readonly path: string;
  readonly reader: Reader;
  readonly token: string;
  /** The token in a mailed link. */
  readonly link: string;
}

/** A page, with its status if that is not 200. */
type Answer = string | readonly [page: string, status: 400 | 410];

type Fields = ReadonlyMap<string, string>;

/** The pages behind the links in a mail: for unsubscribing, and for preferences. */
export function readerPages(door: Door): Hono {
  const app = new Hono();
  const at = async (
    context: Context,
    answerTo: (visit: Visit) => Answer | Promise<Answer>,
  ): Promise<Response> => {
    const { token = "", link = "" } = context.req.param();
    const reader = await door.readers.find(token);
    if (!reader) return door.notFound(context);
    const { path } = context.req;
    const parts = door.partsFor(context);
    const answer = await answerTo({ ...door, ...parts, path, reader, token, link });
    return typeof answer === "string" ? context.html(answer) : context.html(...answer);
  };
  const on = (
    path: string,
    shown: (visit: Visit) => Answer | Promise<Answer>,
    posted: (visit: Visit, fields: Fields) => Promise<Answer>,
  ): void => {
    app.get(path, async (context) => at(context, shown));
    app.post(path, async (context) =>
      at(context, async (visit) => posted(visit, await fieldsOf(context))),
    );
  };
  on("/u/:token", leavePage, left);
  on("/p/:token", preferencesPage, changed);
  on("/p/:token/data/:link", dataPage, erased);
  return app;
}

/** One click must work without cookie, Origin and redirect (RFC 8058), even with old tokens. */
async function left(visit: Visit, fields: Fields): Promise<Answer> {
  const { reader, readers, words } = visit;
  if (fields.get("List-Unsubscribe") === "One-Click") {
    await readers.leave(reader.id, "one click in the mail program");
    return leftPage(visit);
  }
  const undo = fields.get("undo");
  if (undo !== undefined) return undone(visit, undo);
  if (!isOurs(visit, fields)) return [leavePage(visit, words.leave.again), 400];
  const leftAt = await readers.leave(reader.id, "the page behind the link in a mail");
  return leftPage(visit, leftAt ?? reader.leftAt);
}

async function undone(visit: Visit, undo: string): Promise<Answer> {
  const { reader, readers, words, page } = visit;
  const { leftAt } = reader;
  const isTakenBack =
    leftAt !== undefined &&
    isMinted(undo, undoing(visit, leftAt), visit) &&
    (await readers.undo(reader.id, leftAt));
  if (isTakenBack || reader.state !== "left")
    return page(words.back.title, [lead(words.back.text), links([preferencesLink(visit)])]);
  return [page(words.left.title, [fault(words.left.late), links([subscribeLink(visit)])]), 410];
}

async function changed(visit: Visit, fields: Fields): Promise<Answer> {
  const { reader, readers, token, words } = visit;
  if (!isOurs(visit, fields)) return [preferencesPage(visit, words.leave.again), 400];
  const what = fields.get("do");
  if (what === "link") return mailedPage(visit);
  const until = what === "pause" ? pauseUntil(fields.get("until") ?? "", visit) : undefined;
  if (what === "pause" && !until) return [preferencesPage(visit, words.pause.fault), 400];
  await readers.pause(reader.id, until);
  return preferencesPage({ ...visit, reader: (await readers.find(token)) ?? reader });
}

async function erased(visit: Visit, fields: Fields): Promise<Answer> {
  const { reader, readers, words, page } = visit;
  const isPressed = isMailed(visit) && isOurs(visit, fields);
  if (!isPressed) return dataPage(visit, words.leave.again);
  await readers.erase(reader.id);
  return page(words.erase.title, [lead(words.erase.done)]);
}

/** Whether the posted form was served on this page, between a second and a day ago. */
function isOurs({ path, list, keyring, clock }: Visit, fields: Fields): boolean {
  return isFormToken(fields.get("form") ?? "", { form: path, list }, clock(), keyring);
}

function formOf({ path, list, keyring, clock }: Visit): Readonly<Record<string, string>> {
  return { form: mintFormToken({ form: path, list }, clock(), keyring) };
}

/** Whether we have minted a token for this reader and purpose within the hour. */
function isMinted(text: string, purpose: string, { reader, list, keyring, clock }: Visit): boolean {
  const limits = { now: clock(), maxAgeMs: HOUR_MS };
  return readTimedToken(text, { purpose, list }, limits, keyring) === reader.id;
}

/** The purpose of an undo token. It contains the time, so that a later unsubscription needs another token. */
function undoing({ token }: Visit, leftAt: Date): string {
  return `undo ${token} ${leftAt.getTime()}`;
}

function leavePage(visit: Visit, wrong?: string): string {
  const { reader, words, labels, say, page } = visit;
  if (reader.state === "left") return leftPage(visit);
  const body = [
    ...faults(wrong),
    lead(words.leave.text),
    form({ fields: formOf(visit), button: labels.words.unsubscribe }),
    links([preferencesLink(visit)]),
  ];
  return page(say(words.leave.title), body, masked(reader.address));
}

/** `leftAt`: the time at which the reader pressed the button of our page. The page offers to undo it for an hour. */
function leftPage(visit: Visit, leftAt?: Date): string {
  const { reader, words, say, page, list, keyring, clock } = visit;
  const isFresh = leftAt !== undefined && clock().getTime() - leftAt.getTime() < HOUR_MS;
  const undo = (at: Date): string => {
    const token = { purpose: undoing(visit, at), list, id: reader.id, at };
    const fields = { undo: mintTimedToken(token, keyring) };
    return form({ fields, button: words.left.undo, isOutlined: true });
  };
  const body = [
    lead(say(words.left.text)),
    ...(isFresh ? [undo(leftAt)] : []),
    links([...(isFresh ? [] : [subscribeLink(visit)]), ...archiveLink(visit)]),
  ];
  return page(words.left.title, body, masked(reader.address));
}

function preferencesPage(visit: Visit, wrong?: string): string {
  const { reader, token, words, labels, say, page, site } = visit;
  const { pause, data } = words;
  const { state, pausedUntil } = reader;
  const isGone = state === "left";
  const mailing = {
    fields: { ...formOf(visit), do: "link" },
    button: data.button,
    isOutlined: true,
  };
  const leave = anchor(`${site}/u/${token}`, labels.words.unsubscribe);
  const standing = {
    left: () => say(words.left.text),
    paused: () => say(pause.paused, { date: dayOf(visit, pausedUntil) ?? "" }),
    subscribed: () => pause.none,
  };
  const body = [
    ...faults(wrong),
    lead(standing[state]()),
    ...(isGone ? [] : [section(pause.heading, [pauseForm(visit)])]),
    ...(isGone && !reader.address ? [] : [section(data.heading, [note(data.text), form(mailing)])]),
    links([isGone ? subscribeLink(visit) : leave, ...archiveLink(visit)]),
  ];
  return page(labels.words.preferences, body, masked(reader.address));
}

function pauseForm(visit: Visit): string {
  const { reader, words, timeZone, clock } = visit;
  const { pause } = words;
  const fields = formOf(visit);
  if (reader.state === "paused")
    return form({ fields: { ...fields, do: "resume" }, button: pause.end });
  const [first, usual, last] = [1, 30, 365].map((days) =>
    dayIn(timeZone, new Date(clock().getTime() + days * DAY_MS)),
  );
  const inputs = `<label class="w-label" for="until">${escapeHtml(pause.until)}</label><input type="date" id="until" name="until" required min="${first}" max="${last}" value="${usual}">`;
  return form({ fields: { ...fields, do: "pause" }, inputs, button: pause.button });
}

/** The end of a pause that lasts until a day. Undefined if it is not within the next year. */
function pauseUntil(day: string, { timeZone, clock }: Visit): Date | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(Date.parse(day))) return undefined;
  const now = clock().getTime();
  const until = startOfDay(timeZone, day);
  return until.getTime() > now && until.getTime() < now + 367 * DAY_MS ? until : undefined;
}

/** Mails the link to the reader's data. The page is the same for a reader without an address. */
async function mailedPage(visit: Visit): Promise<string> {
  const { reader, token, words, say, page, list, keyring, site } = visit;
  const { data } = words;
  const at = visit.clock();
  const link = mintTimedToken({ purpose: `data ${token}`, list, id: reader.id, at }, keyring);
  const letter = () =>
    composeLetter(visit.language, visit, {
      subject: say(data.subject),
      title: data.heading,
      text: say(data.mail),
      button: data.title,
      link: `${site}/p/${token}/data/${link}`,
      ignore: data.ignore,
    });
  const isTaken =
    reader.address === undefined ||
    (await visit.outgoing.put({
      key: `data ${reader.id} ${at.getTime()}`,
      to: reader.address,
      ...letter(),
      expiresAt: new Date(at.getTime() + HOUR_MS),
    }));
  return page(data.sent, [lead(isTaken ? data.sentText : data.often)], masked(reader.address));
}

/** Whether the link in the path was mailed to this reader within the last hour. */
function isMailed(visit: Visit): boolean {
  return isMinted(visit.link, `data ${visit.token}`, visit);
}

async function dataPage(visit: Visit, wrong?: string): Promise<Answer> {
  const { reader, readers, words, page } = visit;
  const { data, erase } = words;
  const record = isMailed(visit) ? await readers.record(reader.id) : undefined;
  if (!record)
    return [page(data.heading, [fault(data.ended), links([preferencesLink(visit)])]), 410];
  const { address, name, language, tags, consent, suppressed, issues } = record;
  const both = (text: string | undefined, at: Date | undefined) =>
    [text, dayOf(visit, at)].filter(Boolean).join(", ");
  const facts = [
    [data.address, address],
    [data.name, name],
    [data.language, language],
    [data.tags, tags.join(", ")],
    [data.since, dayOf(visit, record.subscribedAt)],
    [data.consent, both(consent?.how, consent?.at)],
    [data.paused, dayOf(visit, record.pausedUntil)],
    [data.left, both(suppressed?.how, suppressed?.since)],
    [data.issues, issues.map(({ slot, state }) => `${slot}: ${state}`).join(", ")],
  ].flatMap(([term = "", fact]) => (fact ? [definition(term, fact)] : []));
  const erasing = form({ fields: formOf(visit), button: erase.button });
  const whole = page(data.title, [
    ...faults(wrong),
    `<dl>${facts.join("\n")}</dl>`,
    section(erase.heading, [note(erase.text), erasing]),
  ]);
  return wrong === undefined ? whole : [whole, 400];
}

function definition(term: string, fact: string): string {
  return `<dt class="w-label">${escapeHtml(term)}</dt><dd class="w-body"><bdi>${escapeHtml(fact)}</bdi></dd>`;
}

function faults(wrong: string | undefined): string[] {
  return wrong === undefined ? [] : [fault(wrong)];
}

function dayOf({ date, timeZone }: Visit, moment: Date | undefined): string | undefined {
  return moment && date(dayIn(timeZone, moment));
}

function preferencesLink({ token, labels, site }: Visit): string {
  return anchor(`${site}/p/${token}`, labels.words.preferences);
}

function subscribeLink({ labels, site }: Visit): string {
  return anchor(`${site}/subscribe`, labels.words.subscribe);
}

function archiveLink({ labels, site, hasArchive }: Visit): string[] {
  return hasArchive ? [anchor(`${site}/`, labels.archive.allIssues)] : [];
}

/** The masked address: "m•••@h•••.example". Readers recognise it. Other people, who may get a forwarded mail, do not. */
function masked(address: string | undefined): string | undefined {
  return address?.replace(/^(.)[^@]*@(.).*?(\.[^.]+)?$/u, "$1•••@$2•••$3");
}
