import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import type { Hono } from "hono";
import { stream } from "hono/streaming";
import * as z from "zod";
import type { Config } from "../config/config.ts";
import { BroadsheetError } from "../errors.ts";
import { openLedger } from "../delivery/io/open-ledger.ts";
import { wordFor } from "../delivery/ledger.ts";
import { systemClock } from "../platform/clock.ts";
import { projectCache } from "../platform/files/cache-folder.ts";
import { makeFolders, PRIVATE_FILE } from "../platform/files/make-folders.ts";
import { counted } from "../platform/text.ts";
import type { ListReport, ReaderRow, ReadersData } from "../preview/page-data.ts";
import { type Audience, openAudience } from "../subscribers/io/audience.ts";
import { csvLines, openList } from "../subscribers/io/list-file.ts";
import {
  addReader,
  eraseReaders,
  exportedReaders,
  importList,
  readerFacts,
} from "../subscribers/io/subscriber-list.ts";
import { parseRecipient } from "../subscribers/recipient.ts";
import { KEPT_OUT, type ListedSubscriber, SETTABLE_REASONS } from "../subscribers/subscriber.ts";
import { type AppOptions, postRoutes } from "./issue-page.ts";

/** The end of the path for uploading a list, which may be larger than any other request. */
export const LIST_PATH = "/~readers/list";

const SHOWN_READERS = 50;
/** More than any real list. */
const MOST_BYTES = 2 ** 30;

const factsSchema = z.object({
  tags: z.string().max(1_000),
  language: z.string().trim().max(100),
  consent: z.string().trim().max(1_000),
});
const addSchema = factsSchema.extend({
  address: z.string().max(1_000),
  isResubscription: z.boolean(),
});
const endSchema = z.strictObject({
  address: z.string().max(1_000),
  how: z.enum([...SETTABLE_REASONS, "remove", "erase", "release", "keep"]),
});
const importSchema = factsSchema.extend({
  id: z.string(),
  as: z.enum([...SETTABLE_REASONS, ""]),
});

/** Adds the routes by which an editor searches and changes the list of readers, like `broadsheet subscribers`. */
export function addReaders(app: Hono, { config, desk }: AppOptions): void {
  const held = new HeldList();
  const open = async (isLooking = false) =>
    openAudience(await config.parsed(), systemClock, { isLooking });
  app.get("/~readers", async (context) => {
    const { text = "", before = "" } = context.req.query();
    await using audience = await open(true);
    const part = await partOf(audience, text.trim(), Number(before) || undefined);
    const [{ address } = { address: "" }, ...others] = part.readers;
    const isOne = address !== "" && others.length === 0;
    return context.json({ ...part, sent: isOne ? await sentTo(address, desk.config) : [] });
  });
  const post = postRoutes(app);
  /** Answers with the outcome of a change, and updates the open pages. */
  const said = async (done: Promise<string>) => {
    const words = await done;
    await desk.storeChanged();
    return { said: words };
  };
  const changed = async (change: (audience: Audience) => Promise<string>) => {
    await using audience = await open();
    return await change(audience);
  };
  post("/~readers/add", addSchema, async ({ address, isResubscription, ...facts }) => {
    const row = { ...parseRecipient(address), ...factsIn(facts, systemClock()) };
    return said(
      changed(
        async (audience) =>
          `${ADDED[await addReader(audience, row, isResubscription)]}: ${row.address}`,
      ),
    );
  });
  post("/~readers/end", endSchema, async ({ address, how }) =>
    said(changed(async (audience) => end(audience, parseRecipient(address).address, how))),
  );
  app.post(LIST_PATH, async (context) =>
    context.json(await held.take(context.req.raw.body, (await config.parsed()).folder)),
  );
  post("/~readers/import", importSchema, async ({ id, as, ...facts }) => {
    const defaults = { ...factsIn(facts), ...(as !== "" && { suppressed: as }) };
    return said(held.importInto(await config.parsed(), id, defaults));
  });
  app.get("/~readers.csv", async (context) => {
    const audience = await open(true);
    context.header("content-type", "text/csv; charset=utf-8");
    return stream(context, async (file) => {
      await using list = audience;
      for await (const lines of csvLines(exportedReaders(list)))
        await file.write(lines.map((line) => `${line}\r\n`).join(""));
    });
  });
}

const ADDED = { added: "Added", updated: "Updated", unchanged: "On the list already" };

/** Returns the given facts about readers. Empty fields give no language and no consent. */
function factsIn({ tags, language, consent }: z.output<typeof factsSchema>, at?: Date) {
  return readerFacts({
    tags: tags.split(/[,;]/).flatMap((tag) => tag.trim() || []),
    ...(language !== "" && { language }),
    ...(consent !== "" && { consent: { how: consent, ...(at && { at }) } }),
  });
}

/** The outcome of each issue that was planned for a reader, with the server's reply. */
async function sentTo(address: string, { store }: Config): Promise<string[]> {
  const options = { clock: systemClock, env: process.env, isLooking: true };
  await using ledger = await openLedger(store, options);
  return (await ledger.explain(address)).map(({ issue, state, reply = "" }) =>
    [`${issue.slot}: ${wordFor(state)}`, reply].filter(Boolean).join(", "),
  );
}

async function partOf(
  audience: Audience,
  text: string,
  before?: number,
): Promise<Omit<ReadersData, "sent">> {
  const found =
    (await waitingFor(text, audience)) ??
    (await audience.search(text, { most: SHOWN_READERS + 1, ...(before && { before }) }));
  const isAddress = found.length === 0 && /^\S+@\S+\.\S+$/.test(text);
  const status = isAddress ? await audience.statusOf(text) : "unknown";
  return {
    counts: await audience.counts(),
    readers: found.slice(0, SHOWN_READERS).map(rowOf),
    isMore: found.length > SHOWN_READERS,
    stranger: KEPT_OUT[status] ?? "",
  };
}

/** Returns the readers who wait for a decision of the editor, if the text names their state. Undefined for other texts. */
async function waitingFor(text: string, audience: Audience) {
  const all =
    text === "quarantined"
      ? await audience.quarantined()
      : text === "asked to leave"
        ? await audience.leaveRequests()
        : undefined;
  const found = all?.slice(0, SHOWN_READERS + 1).map(async ({ address }) => {
    const near = await audience.search(address, { most: SHOWN_READERS });
    return near.filter((one) => one.address === address);
  });
  return found && (await Promise.all(found)).flat();
}

function rowOf(reader: ListedSubscriber): ReaderRow {
  const { id, address, name = "", language = "", tags, subscribedAt, consent } = reader;
  const [since, how] = [subscribedAt.toISOString(), consent?.how ?? ""];
  return { id, address, name, language, tags, since, consent: how, status: statusOf(reader) };
}

function statusOf({ suppressed, quarantinedSince, pausedUntil }: ListedSubscriber): string {
  if (suppressed) return suppressed.reason;
  if (quarantinedSince) return "quarantined";
  const isPaused = pausedUntil && pausedUntil > systemClock();
  return isPaused ? `paused until ${pausedUntil.toISOString().slice(0, 10)}` : "subscribed";
}

async function end(
  audience: Audience,
  address: string,
  how: z.output<typeof endSchema>["how"],
): Promise<string> {
  if (how === "release")
    return (await audience.endQuarantine([address], how))[0]
      ? "Gets the next issue"
      : "Not quarantined";
  if (how === "keep")
    return (await audience.settleLeaveRequest(address)) ? "Kept" : "No mail asks for it";
  if (how === "remove")
    return (await audience.remove(address)) ? "Taken off the list" : "Not on the list";
  if (how !== "erase")
    return (await audience.suppress(address, how))
      ? "Nothing is sent there any more"
      : "Nothing was sent there before";
  const { seen, isClean } = await eraseReaders(audience, [{ address }]);
  if (!isClean)
    return "Erased. An issue is being sent, so the store may still hold parts of the data: erase again when that is done";
  return seen[0] ? "Erased" : "The list had no data of that address. It stays out";
}

/**
 * The uploaded list between its report and its import. It is stored on disk, readable only by its owner, and never longer
 * than the desk runs.
 */
class HeldList {
  #file = "";

  /** Replaces the previous list. @throws BroadsheetError as `openList` and `importList` do. */
  async take(body: AsyncIterable<Uint8Array> | null, folder: string): Promise<ListReport> {
    await this.#drop();
    const id = randomUUID();
    const place = projectCache(folder, "import");
    await makeFolders(place);
    this.#file = path.join(place, id);
    process.once("exit", () => rmSync(place, { recursive: true, force: true }));
    await writeFile(this.#file, bounded(body), { mode: PRIVATE_FILE, flag: "wx" });
    const list = await openHeld(this.#file);
    const { mapping, ...counts } = await importList(list, { defaults: {}, rejects: this.#rejects });
    const columns = mapping.columns.map(({ heading, field }) => ({ heading, field }));
    const guessed = list.isGuessed ? list.encoding : "";
    return { id, ...counts, columns, unused: mapping.unused, guessed };
  }

  /** @throws BroadsheetError INPUT_MISSING if another list was uploaded meanwhile. */
  async importInto(config: Config, id: string, defaults: ReturnType<typeof factsIn>) {
    if (path.basename(this.#file) !== id)
      throw new BroadsheetError("INPUT_MISSING", "the uploaded list is not here any more", {
        fix: "choose its file again",
      });
    const list = await openHeld(this.#file);
    await using audience = await openAudience(config, systemClock);
    const imported = await importList(list, { defaults, rejects: this.#rejects, into: audience });
    await this.#drop();
    return outcomeOf(imported);
  }

  get #rejects(): string {
    return `${this.#file}.rejects`;
  }

  async #drop(): Promise<void> {
    if (this.#file === "") return;
    for (const file of [this.#file, this.#rejects]) await rm(file, { force: true });
    this.#file = "";
  }
}

/** Returns the outcome for the rows of a list in words. */
function outcomeOf({ tally, rejected }: Awaited<ReturnType<typeof importList>>) {
  const { added = 0, updated = 0, unchanged = 0, suppressed = 0, keptOut = {} } = tally ?? {};
  const kept = Object.values(keptOut).reduce((sum, count) => sum + count, 0);
  const counts = {
    added,
    updated,
    "on the list already": unchanged,
    "recorded as gone": suppressed,
    "kept out, because they had left": kept,
    refused: rejected,
  };
  const some = Object.entries(counts).filter(([, count]) => count > 0);
  return some.map(([what, count]) => `${counted(count)} ${what}`).join(", ");
}

/** @throws BroadsheetError without the path, which is not the editor's. */
async function openHeld(file: string) {
  return openList(file, { stdin: Readable.from([]) }).catch((error: unknown) => {
    if (!(error instanceof BroadsheetError)) throw error;
    throw new BroadsheetError(error.code, error.message, { fix: error.fix });
  });
}

async function* bounded(body: AsyncIterable<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES)
      throw new BroadsheetError("CONTENT_TOO_LARGE", "the list is larger than a gigabyte", {
        fix: "split it into several files",
      });
    yield chunk;
  }
}
