import { signal } from "@preact/signals";
import { html } from "htm/preact";
import { useLayoutEffect } from "preact/hooks";
import type { FoundSource, LookData } from "../../page-data.ts";
import { type Change, changeConfig, config, takeConfig } from "../config.ts";
import { askDesk, type Done } from "../live.ts";
import { withoutLeaving } from "./controls.ts";
import { Check, Field } from "./fields.ts";

interface Source {
  readonly from: string;
  readonly paused?: unknown;
  readonly weight?: unknown;
}

/** The reason for a refusal. */
const refused = signal("");
const address = signal("");
const isPrivate = signal(false);
/** The result for an address, until it is added or dismissed. */
const found = signal<FoundSource | undefined>(undefined);
const state = signal<"" | "Looking…" | "Added" | "Removed">("");

/** The panel of the sources. Each change is written to the config at once. */
export function Sources() {
  useLayoutEffect(() => void take(takeConfig()), []);
  return html`<section class="form" aria-labelledby="sources-title">
    <h2 class="big" id="sources-title">Sources</h2>
    <p class="word error" role="alert">${refused.value}</p>
    <p class="muted" role="status">${state.value}</p>
    ${config.value && body(config.value)}
  </section>`;
}

function body({ isWritable, file, canUndo }: LookData) {
  const rows = html`<ul class="list">
    ${sources().map((source, at) => row(source, at, isWritable))}
  </ul>`;
  if (!isWritable)
    return html`<p>The desk can only show ${file}. To change the sources, change <code>sources</code> there.</p>${rows}`;
  return html`<form onsubmit=${look}>
      <${Field} name="source-address" label="The address of a paper, a feed or an article" value=${address.value} placeholder="https://…" oninput=${(text: string) => (address.value = text)} />
      <${Check} name="source-private" label="It is inside my own network" isOn=${isPrivate.value} onchange=${(isOn: boolean) => (isPrivate.value = isOn)} />
      <button class="solid" data-key="source-look" disabled=${state.value === "Looking…"}>Look at it</button>
    </form>
    ${found.value && offer(found.value)} ${rows}
    <p><button class="plain" data-key="sources-undo" disabled=${!canUndo} onclick=${() => take(takeConfig("/~config/undo", () => ({})))}>Undo</button></p>`;
}

/** The source that would be added, with its latest stories. */
function offer({ from, stories }: FoundSource) {
  return html`<section aria-label="What it gives">
    <h3>${from}</h3>
    <ol class="stories">
      ${stories.map(
        ({ title, publishedAt = "" }) =>
          html`<li dir="auto">${title || "No title"} <span class="muted">${publishedAt.slice(0, 10)}</span></li>`,
      )}
    </ol>
    <p class="editor-buttons">
      <button class="solid" data-key="source-add" onclick=${() => add(from)}>Add it</button>
      <button class="plain" onclick=${() => (found.value = undefined)}>Leave it</button>
    </p>
  </section>`;
}

const WEIGHTS = [
  ["", "counts as others"],
  ["0.5", "counts half"],
  ["2", "counts twice"],
  ["4", "counts four times"],
] as const;

function row({ from, paused, weight = "" }: Source, at: number, isWritable: boolean) {
  const own = String(weight === 1 ? "" : weight);
  const choices = WEIGHTS.some(([value]) => value === own) ? WEIGHTS : [...WEIGHTS, [own, own]];
  const isPaused = paused === true;
  const does = isPaused ? "Collect" : "Pause";
  const counts = html`<span class="unseen">How much ${from} counts</span>`;
  return html`<li class="entry" key=${from}>
    <span class="text">${from}${isPaused && html` <b class="word warning">paused</b>`}</span>
    <${Field} name=${`weight-${at}`} label=${counts} value=${own} choices=${choices} isReadOnly=${!isWritable} onchange=${(value: string) => setIn(from, "weight", Number(value) || undefined)} />
    ${
      isWritable &&
      html`<button class="plain" data-key=${`pause-${at}`} aria-label=${`${does} ${from}`} onclick=${() => setIn(from, "paused", isPaused ? undefined : true)}>${does}</button>
      <button class="plain" data-key=${`remove-${at}`} aria-label=${`Remove ${from}`} onclick=${() => remove(from)}>Remove</button>`
    }
  </li>`;
}

function written(): readonly unknown[] {
  const { sources: given, content = "content" } = config.value?.raw ?? {};
  return Array.isArray(given) ? given : [content];
}

function sources(): Source[] {
  return written().map((one) => (isSource(one) ? one : { from: String(one) }));
}

function isSource(one: unknown): one is Source {
  return typeof one === "object" && one !== null && "from" in one;
}

const look = withoutLeaving(async () => {
  state.value = "Looking…";
  refused.value = "";
  found.value = undefined;
  const asked = { address: address.value, isPrivate: isPrivate.value };
  const { given, said = "" } = await askDesk<FoundSource>("/~sources/look", asked);
  found.value = given;
  refused.value = said;
  state.value = "";
});

async function add(from: string): Promise<void> {
  const source = isPrivate.value ? { from, allowPrivate: true } : from;
  if (!(await take(changeConfig(() => put(written().length, source))))) return;
  state.value = "Added";
  address.value = "";
  found.value = undefined;
}

async function remove(from: string): Promise<void> {
  if (await changeSource(from, (at) => put(at))) state.value = "Removed";
}

/** Changes one key of a source. The comments beside its other keys stay. */
async function setIn(from: string, key: "weight" | "paused", value: unknown): Promise<void> {
  await changeSource(from, (at) =>
    isSource(written()[at])
      ? { path: ["sources", at, key], value }
      : put(at, { from, [key]: value }),
  );
}

/** Finds the source when the change has its turn, since other changes may have moved or removed it. */
async function changeSource(from: string, change: (at: number) => Change): Promise<boolean> {
  const placeNow = () => sources().findIndex((source) => source.from === from);
  return take(changeConfig((at = placeNow()) => (at < 0 ? undefined : change(at))));
}

/** Puts a source at an index of the list. Without a value the source there is removed. */
function put(at: number, value?: unknown): Change {
  if (Array.isArray(config.value?.raw["sources"])) return { path: ["sources", at], value };
  const fresh = value === undefined ? [] : [value];
  return { path: ["sources"], value: written().toSpliced(at, 1, ...fresh) };
}

/** Shows the server's reason for refusing a change. Returns whether the change was made. */
async function take(asked: Promise<Done>): Promise<boolean> {
  const { isDone, said = "" } = await asked;
  refused.value = said;
  state.value = "";
  return isDone;
}
