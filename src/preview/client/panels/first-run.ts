import { computed, signal } from "@preact/signals";
import { html } from "htm/preact";
import { useLayoutEffect } from "preact/hooks";
import type { FirstDraft, FirstFiles } from "../../page-data.ts";
import { addressOf } from "../address.ts";
import { askDesk } from "../live.ts";
import { inTurn } from "../operations.ts";
import { data, later } from "../store.ts";
import { withoutLeaving } from "./controls.ts";
import { Check, draftFields, Field, Swatches } from "./fields.ts";
import { contrastText, Draft } from "./look.ts";
import words from "./look.json" with { type: "json" };

const NO_ANSWERS = {
  name: "",
  tagline: "",
  from: "",
  postalAddress: "",
  template: "",
  accent: "",
  article: "",
  hasSamples: false,
  sources: [] as readonly { readonly from: string; readonly allowPrivate: boolean }[],
};
type Answers = typeof NO_ANSWERS;
type Texts = "name" | "tagline" | "from" | "postalAddress" | "template" | "accent" | "article";

const answers = signal(NO_ANSWERS);
/** The login of the mail server. It is not stored before the newsletter exists. */
const server = signal({ host: "", user: "", password: "" });
const serverField = draftFields(server);
const made = signal<FirstDraft | undefined>(undefined);
/** The errors and results for the answers, by name. */
const errors = signal<Readonly<Record<string, string>>>({});
const found = signal<Readonly<Record<string, string>>>({});
const address = signal({ from: "", allowPrivate: false });
const screen = signal(0);
const isBusy = signal(false);
const written = signal<FirstFiles | undefined>(undefined);

/** The errors for the answers: missing answers, and values that the config refuses. */
const faults = computed(() => ({ ...made.value?.refused, ...errors.value }));

const LAST = { title: "Sending", fields: sending, next: begin };
const SCREENS = [
  { title: "Name and sender", fields: naming, next: isNamed },
  { title: "Stories", fields: stories, next: hasStories },
  { title: "Look", fields: looks, next: isRefusedNowhere },
  LAST,
];

/** The form for a new newsletter. The email beside it is the first issue, built from the answers. */
export function FirstRun() {
  useLayoutEffect(() => void restore(), []);
  useLayoutEffect(focusFirst, [screen.value, written.value]);
  const { title, fields, next } = SCREENS[screen.value] ?? LAST;
  const go = withoutLeaving(async () => {
    if (isBusy.value) return;
    isBusy.value = true;
    const isDone = await next().finally(() => (isBusy.value = false));
    if (!isDone) document.querySelector<HTMLElement>('.form [aria-invalid="true"]')?.focus();
    else if (screen.value < SCREENS.length - 1) screen.value += 1;
  });
  const number = `${screen.value + 1} of ${SCREENS.length}`;
  return html`<div class="beside">
    <section class="form" aria-labelledby="first-run">
      ${
        written.value
          ? ready(written.value)
          : html`<form onsubmit=${go} novalidate>
            <h2 class="big" id="first-run">${title} <span class="muted">${number}</span></h2>
            ${fields()}
            <p class="word error" role="alert">${errors.value["all"]}</p>
            <p class="editor-buttons">
              <button class="solid" data-key="next" aria-disabled=${String(isBusy.value)}>${nextTitle()}</button>
              ${screen.value > 0 && html`<button class="plain" type="button" data-key="back" onclick=${() => (screen.value -= 1)}>Back</button>`}
            </p>
            <p class="muted" role="status">${isBusy.value ? "One moment…" : (made.value?.trouble?.message ?? "Nothing is sent. All of it can be changed later.")}</p>
          </form>`
      }
    </section>
    <${Draft} />
  </div>`;
}

function nextTitle(): string {
  if (screen.value < SCREENS.length - 1) return "Next";
  return server.value.host.trim() === ""
    ? "Make my newsletter, sending later"
    : "Make my newsletter";
}

function focusFirst(): void {
  document.querySelector<HTMLElement>(".form :is(input, textarea, select, a)")?.focus();
}

/** Restores the answers after the desk was closed or crashed. */
async function restore(): Promise<void> {
  const { given } = await askDesk<{ answers?: Answers }>("/~first-run");
  // Keeps answers typed while the request ran.
  if (given?.answers && answers.value === NO_ANSWERS) answers.value = given.answers;
  await draw();
}

function answer(changed: Partial<Answers>): void {
  answers.value = { ...answers.value, ...changed };
  errors.value = {};
  later("first-run", () => void draw());
}

let drawn: Answers | undefined;

/** Builds the email again if the answers have changed. */
async function draw(): Promise<void> {
  return inTurn(async () => {
    const now = answers.value;
    if (now === drawn) return;
    const { given, said = "" } = await askDesk<FirstDraft>("/~first-run/draft", withPage(now));
    errors.value = { ...errors.value, all: said };
    if (!given) return;
    drawn = now;
    made.value = given;
    if (given.issue) data.value = { ...data.value, issue: given.issue };
  });
}

/** An article that is given by its address is a source of one page. */
function withPage(given: Answers): Answers {
  const from = given.article.trim();
  if (!/^https?:\/\/\S+$/i.test(from)) return given;
  const page = { from, allowPrivate: address.value.allowPrivate };
  return { ...given, article: "", sources: [...given.sources, page] };
}

function text(name: Texts, label: string, more: object = {}) {
  const field = { name, label, value: answers.value[name], error: faults.value[name], ...more };
  return html`<${Field} ...${field} oninput=${(value: string) => answer({ [name]: value })} />`;
}

function naming() {
  return html`${text("name", "What is it called?")} ${text("tagline", "A line under the name, if it has one")}
    ${text("from", "Which address does it come from?", { type: "email", placeholder: "you@your-domain" })}
    ${text("postalAddress", "Your postal address", { found: "It is shown at the foot. The law of most countries requires one before you send." })}`;
}

async function isNamed(): Promise<boolean> {
  const { name, from } = answers.value;
  await draw();
  if (name.trim() === "") errors.value = { ...errors.value, name: "It needs a name." };
  if (from.trim() === "") errors.value = { ...errors.value, from: "It needs a sender’s address." };
  return isRefusedNowhere();
}

async function isRefusedNowhere(): Promise<boolean> {
  await draw();
  return Object.values(faults.value).every((says) => !says);
}

function stories() {
  const { sources, hasSamples } = answers.value;
  const write = (changed: object) => (address.value = { ...address.value, ...changed });
  const remove = (from: string) => answer({ sources: sources.filter((one) => one.from !== from) });
  return html`<${Field}
      name="address"
      label="The address of a paper or a feed"
      value=${address.value.from}
      error=${errors.value["address"]}
      found=${found.value["address"]}
      oninput=${(from: string) => write({ from })}
    />
    <${Check} name="private" label="It is inside my own network" isOn=${address.value.allowPrivate} onchange=${(allowPrivate: boolean) => write({ allowPrivate })} />
    <button class="link" type="button" data-key="add-source" onclick=${addSource}>Add it</button>
    <ul>
      ${sources.map(
        ({ from }) => html`<li class="field" key=${from}>
          <b dir="auto">${from}</b> <button class="link" type="button" aria-label=${`Remove ${from}`} onclick=${() => remove(from)}>Remove</button>
          <p class="muted" dir="auto">${found.value[from]}</p>
        </li>`,
      )}
    </ul>
    ${text("article", "Or one article: its text or its address", { rows: 5 })}
    <p class="muted">${inContentText()}</p>
    <${Check} name="samples" label="Show me two sample stories, which can’t be sent" isOn=${hasSamples} onchange=${(isOn: boolean) => answer({ hasSamples: isOn })} />`;
}

function inContentText(): string {
  const count = made.value?.inContent ?? 0;
  if (count === 0)
    return "Or put files of articles into the folder “content” beside this newsletter.";
  return `${count === 1 ? "One file" : `${count} files`} in the folder “content” will be read for the first issue.`;
}

/** Reads an address and adds it as a source. Returns whether that succeeded. */
async function addSource(): Promise<boolean> {
  const { from, allowPrivate } = address.value;
  const body = { address: from, isPrivate: allowPrivate };
  errors.value = {};
  found.value = { ...found.value, address: "Looking…" };
  type Found = { readonly from: string; readonly stories: readonly { readonly title: string }[] };
  const { given, said = "" } = await askDesk<Found>("/~first-run/source", body);
  errors.value = { ...errors.value, address: said };
  found.value = { ...found.value, address: "" };
  if (!given) return false;
  const titles = given.stories.map(({ title }) => title).join(" · ");
  found.value = {
    ...found.value,
    [given.from]: titles === "" ? "No story yet" : `The latest: ${titles}`,
  };
  const kept = answers.value.sources.filter((one) => one.from !== given.from);
  answer({ sources: [...kept, { from: given.from, allowPrivate }] });
  address.value = { from: "", allowPrivate };
  return true;
}

async function hasStories(): Promise<boolean> {
  if (address.value.from.trim() !== "" && !(await addSource())) return false;
  const { sources, article, hasSamples } = answers.value;
  // Files may have come into the folder since.
  drawn = undefined;
  await draw();
  const isGiven = sources.length > 0 || article.trim() !== "" || hasSamples;
  const isEmpty = !isGiven && (made.value?.inContent ?? 0) === 0;
  errors.value = {
    address: isEmpty ? "Add a source, put in an article, or look at the sample stories." : "",
  };
  return isRefusedNowhere();
}

function looks() {
  const contrast = contrastText(made.value?.contrast);
  return html`${text("template", "What is an issue?", { choices: words.templates })}
    ${text("accent", "Colour", { placeholder: "#B01E23", found: contrast })}
    <${Swatches} value=${answers.value.accent} choose=${(accent: string) => answer({ accent })} />`;
}

function sending() {
  const host = {
    error: errors.value["host"],
    found: found.value["host"],
    placeholder: "smtp.your-provider",
  };
  return html`<p>Sending can wait. Your provider of email names a server for it.</p>
    ${serverField("host", "Mail server", host)} ${serverField("user", "User")} ${serverField("password", "Password", { type: "password" })}
    <button class="link" type="button" data-key="try" onclick=${tryServer}>Try it</button>`;
}

async function tryServer(): Promise<boolean> {
  errors.value = {};
  found.value = { ...found.value, host: "Asking the server…" };
  const { given, said = "" } = await askDesk<{ says: string }>("/~first-run/server", server.value);
  found.value = { ...found.value, host: given?.says ?? "" };
  errors.value = { host: said };
  return said === "";
}

/** Writes the newsletter. If the mail server refuses the login, nothing is written. */
async function begin(): Promise<boolean> {
  if (server.value.host.trim() !== "" && !(await tryServer())) return false;
  const body = { answers: withPage(answers.value), server: server.value };
  const { given, said = "" } = await askDesk<FirstFiles>("/~first-run", body);
  errors.value = { all: said };
  written.value = given;
  return given !== undefined;
}

function ready({ wrote, path }: FirstFiles) {
  return html`<h2 class="big" id="first-run">Your newsletter is ready</h2>
    <p>These lines are in broadsheet.yaml, and the files beside it:</p>
    <pre dir="auto" tabindex="0" role="region" aria-label="What was written">${wrote.join("\n")}</pre>
    <p class="editor-buttons"><a class="solid" data-key="open" href=${addressOf(encodeURI(path))}>Open the first issue</a></p>`;
}
