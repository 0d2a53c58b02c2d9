import { signal } from "@preact/signals";
import { html } from "htm/preact";
import { useLayoutEffect } from "preact/hooks";
import type { LookData } from "../../page-data.ts";
import { changeConfig, config, type Path, takeConfig } from "../config.ts";
import type { Done } from "../live.ts";
import { hasIssue, isBeginning } from "../store.ts";
import { withFile, withoutLeaving } from "./controls.ts";
import { Check, Field, Swatches } from "./fields.ts";
import { Frames } from "./frames.ts";
import words from "./look.json" with { type: "json" };
import { Standing } from "./standing.ts";
import { Tabs } from "./tabs.ts";

interface Setting {
  readonly path: Path;
  readonly label: string;
  /** "check": on by default; "check off": off by default; "list": values separated by commas. */
  readonly kind?: string;
  readonly placeholder?: string;
}

interface Part {
  readonly title: string;
  readonly settings: readonly Setting[];
  /** The keys of an object that is saved with all of its values at once. */
  readonly whole?: Path;
}

const { parts, section }: { readonly parts: readonly Part[]; readonly section: Part } = words;

/** The errors of the last changes, by the keys of the setting. "" stands for the whole config. */
const errors = signal<Readonly<Record<string, string>>>({});
/** The text typed for a setting that is not saved yet. */
const drafts = signal<Readonly<Record<string, string>>>({});

/** The panel for the look of the newsletter. Each change is written to the config and shown in the email at once. */
export function Look() {
  useLayoutEffect(() => void take("", takeConfig()), []);
  return html`<div class="beside">
    <section class="form" aria-labelledby="look-title">
      <h2 class="big" id="look-title">Look</h2>
      <p class="word error" role="alert">${errors.value[""]}</p>
      ${config.value && html`${head(config.value)} ${parts.map(partOf)} ${sections()}`}
    </section>
    <${Draft} />
  </div>`;
}

/** The email in its current state. */
export function Draft() {
  return html`<div class="centre">
    ${!isBeginning.value && html`<${Standing} />`}${hasIssue.value && html`<${Tabs} /><${Frames} />`}
  </div>`;
}

/** Shows the server's reason for refusing a setting. Returns whether the change was made. */
async function take(key: string, asked: Promise<Done>): Promise<boolean> {
  const { isDone, said = "" } = await asked;
  errors.value = { ...errors.value, [key]: said };
  return isDone;
}

async function change(path: Path, value?: unknown): Promise<boolean> {
  return take(
    nameOf(path),
    changeConfig(() => ({ path, value })),
  );
}

function nameOf(path: Path): string {
  return path.join(".");
}

function within(value: unknown, key: string | number): unknown {
  return Object.entries(value ?? {}).find(([name]) => name === String(key))?.[1];
}

function valueAt(path: Path): unknown {
  return path.reduce<unknown>(within, config.value?.raw);
}

function textAt(path: Path): string {
  const values = [valueAt(path)].flat();
  return values.filter((one) => typeof one === "string" || typeof one === "number").join(", ");
}

/** The text of a field as a value of the config; undefined if it is empty. */
function valueFrom(text: string, kind: string | undefined): unknown {
  const values = kind === "list" ? text.split(",") : [text];
  const [first, ...others] = values.map((one) => one.trim()).filter(Boolean);
  if (first === undefined) return undefined;
  if (kind === "list") return [first, ...others];
  return kind === "number" ? Number(first) : first;
}

function stepButton(kind: string, title: string, can: boolean) {
  return html`<button
    class="plain"
    data-key=${`look-${kind}`}
    disabled=${!can}
    onclick=${async () =>
      take(
        "",
        takeConfig(`/~config/${kind}`, () => ({})),
      )}
  >${title}</button>`;
}

function head({ file, isWritable, canUndo, canRedo, wrote }: LookData) {
  const says = `The desk can only show ${file}. To change a setting, change the key beside it in the file.`;
  if (!isWritable) return html`<p role="status">${says}</p>`;
  return html`<p class="editor-buttons">
      ${stepButton("undo", "Undo", canUndo)} ${stepButton("redo", "Redo", canRedo)}
    </p>
    <p class="muted" role="status" dir="auto">${wrote.length > 0 && `In ${file}: ${wrote.join(" ")}`}</p>`;
}

function partOf({ title, settings, whole }: Part) {
  return html`<fieldset key=${title}>
    <legend>${title}</legend>
    ${whole ? wholeForm(whole, settings) : settings.map(single)} ${title === "Logo" && upload()}
  </fieldset>`;
}

/** The parts that every field of a setting has. If the desk can't write the config, the key is shown beside the field. */
function fieldOf({ label, placeholder }: Setting, path: Path) {
  const [name, isReadOnly] = [nameOf(path), config.value?.isWritable === false];
  const shown = isReadOnly ? html`${label} <code>${name}</code>` : label;
  return { name, placeholder, isReadOnly, label: shown, error: errors.value[name] };
}

const write = (name: string) => (text: string) =>
  (drafts.value = { ...drafts.value, [name]: text });

/** A setting with one value, which is saved on its own. */
function single(setting: Setting) {
  const { path, kind = "" } = setting;
  const field = fieldOf(setting, path);
  if (kind.startsWith("check")) {
    const usual = kind === "check";
    const toggle = (isOn: boolean) => change(path, isOn === usual ? undefined : isOn);
    return html`<${Check} ...${field} isOn=${valueAt(path) ?? usual} onchange=${toggle} />`;
  }
  const value = drafts.value[field.name] ?? textAt(path);
  const save = async (text: string) => {
    write(field.name)(text);
    const isSaved = await change(path, valueFrom(text, kind));
    // The editor may have typed more while the change was saved.
    if (isSaved && drafts.value[field.name] === text) forget(path);
  };
  const templates = (config.value?.templates ?? []).map((name) => [name, name]);
  const choices =
    kind === "template" ? [["", "By the number of stories"], ...templates] : undefined;
  const found = kind === "accent" && contrastText(config.value?.contrast);
  return html`<${Field} ...${field} value=${value} choices=${choices} found=${found} oninput=${write(field.name)} onchange=${save} />
    ${kind === "accent" && html`<${Swatches} ...${field} value=${value} choose=${save} />`}`;
}

export function contrastText(contrast: LookData["contrast"] = []): string {
  const each = contrast.map(
    ({ scheme, colour, ratio }) => `${ratio.toFixed(1)} in ${scheme} (${colour})`,
  );
  return each.length > 0 ? `Contrast ${each.join(", ")}; text needs 4.5.` : "";
}

/** A setting with several values, which is saved only if it is complete. */
function wholeForm(path: Path, settings: readonly Setting[]) {
  const name = nameOf(path);
  const fields = settings.map((one) => {
    const field = fieldOf(one, [...path, ...one.path]);
    return {
      ...field,
      kind: one.kind,
      key: nameOf(one.path),
      value: drafts.value[field.name] ?? textAt([...path, ...one.path]),
    };
  });
  const save = withoutLeaving(async () => {
    const values = fields.map(({ key, value, kind }) => [key, valueFrom(value, kind)]);
    if (await change(path, Object.assign({}, valueAt(path), Object.fromEntries(values))))
      forget(path);
  });
  return html`<form onsubmit=${save}>
    ${fields.map((field) => html`<${Field} ...${field} oninput=${write(field.name)} />`)}
    <p class="word error" role="alert">${errors.value[name]}</p>
    ${
      config.value?.isWritable &&
      html`<p class="editor-buttons">
      <button class="solid" data-key=${`save-${name}`}>Save</button>
      ${
        valueAt(path) !== undefined &&
        html`<button
        class="plain"
        type="button"
        data-key=${`remove-${name}`}
        onclick=${async () => (await change(path)) && forget(path.slice(0, 1))}
      >Remove</button>`
      }
    </p>`
    }
  </form>`;
}

/** Drops the text typed for a setting. The field then shows the value in the config. */
function forget(path: Path): void {
  const kept = ([name]: [string, string]) => !`${name}.`.startsWith(`${nameOf(path)}.`);
  drafts.value = Object.fromEntries(Object.entries(drafts.value).filter(kept));
}

/** Whether the form for custom sections is open before there is any section. */
const isOwn = signal(false);

function sections() {
  const path = ["sections"];
  const value = valueAt(path);
  const own: readonly unknown[] = Array.isArray(value) ? value : [];
  const field = fieldOf({ path, label: "Sections" }, path);
  const mode = own.length > 0 || isOwn.value ? "own" : textAt(path) || "auto";
  const choose = (name: string) => {
    isOwn.value = name === "own";
    void change(path, ["own", "auto"].includes(name) ? undefined : name);
  };
  const raise = (at: number) => async () => {
    forget(path);
    await change(path, own.toSpliced(at - 1, 2, own[at], own[at - 1]));
  };
  return html`<fieldset>
    <legend>Sections</legend>
    <${Field} ...${field} value=${mode} choices=${words.modes} onchange=${choose} />
    ${
      mode === "own" &&
      [...own, undefined].slice(0, field.isReadOnly ? -1 : undefined).map(
        (one, at) => html`<fieldset key=${at}>
        <legend>${one === undefined ? "A new section" : `Section ${at + 1}`}</legend>
        ${wholeForm([...path, at], section.settings)}
        ${at > 0 && one !== undefined && html`<button class="link" data-key=${`up-${at}`} onclick=${raise(at)}>Move up</button>`}
      </fieldset>`,
      )
    }
  </fieldset>`;
}

const sendLogo = withFile(
  (logo) => (errors.value = { ...errors.value, logo }),
  async (file) => {
    const sent = takeConfig("/~logo", () => file);
    if (await take("logo", sent)) forget(["logo"]);
  },
);

/** Uploads a picture as the logo, which is stored beside the config. */
function upload() {
  if (!config.value?.isWritable) return undefined;
  return html`<label class="field">
    <span>Or a picture from this machine</span>
    <input type="file" accept="image/*" data-key="logo-file" onchange=${sendLogo} />
  </label>`;
}
