import { signal } from "@preact/signals";
import { html } from "htm/preact";
import { addressOf } from "../address.ts";
import { type Done, post } from "../live.ts";
import { desk, dialog, isFrozen, issue, refusal, search, standing } from "../store.ts";
import { withValue } from "./controls.ts";
import { counted } from "../stories.ts";
import { FormDialog } from "./dialog.ts";

/** An action on the issue that is possible now. */
type Step = readonly [label: string, does: () => unknown];

/** The number of buttons at the foot of the page on a phone. */
const MAIN = 2;

/** The possible actions on the issue, the most likely first. The first button is solid if the issue waits for its editor. */
export function Life() {
  const { state = "draft", sending, held } = standing.value ?? {};
  const isLeft = state === "sending" && (sending?.waiting ?? 0) > 0;
  const isWaiting = held || !["sending", "approved"].includes(state) || isLeft;
  const hasNext = isWaiting && desk.value?.life.isSending !== true;
  const buttons = stepsNow().map(
    ([label, does], at) => html`<button
      key=${label}
      class=${at === 0 && hasNext ? "solid" : "outlined"}
      data-key=${`life-${label}`}
      onclick=${does}
    >
      ${label}
    </button>`,
  );
  return html`${progress()}
    <div class="life" role="group" aria-label="What to do with this issue">
      <div class="main-steps">${buttons.slice(0, MAIN)}</div>
      ${buttons.slice(MAIN)}
      <span class="muted">${missing()}</span>
    </div>`;
}

/** The reason why the issue can't be approved or sent yet. It is empty if it can, or if it was sent. */
function missing(): string {
  const { state = "", held } = standing.value ?? {};
  if (held || !["draft", "waiting"].includes(state)) return "";
  const { findings = [] } = issue.value.report ?? {};
  const errors = findings.filter(({ severity }) => severity === "error").length;
  if (errors > 0)
    return `It can be sent when ${errors === 1 ? "one thing is" : `${errors} things are`} fixed.`;
  return readersLeft() === 0 ? "It has no readers yet: add them under “Readers”." : "";
}

function stepsNow(): readonly Step[] {
  const { life, canEdit, path = "", newsletter } = desk.value ?? {};
  const now = standing.value;
  const tests = when(canEdit === true || isFrozen.value, "Send me a test", opened("test"));
  if (!now || !life || path.split("/")[1] !== newsletter) return tests;
  if (life.isSending) return [["Stop", asked("stop")]];
  const { state, held, sending } = now;
  const isOpen = ["draft", "waiting", "approved"].includes(state);
  const isTimed = isOpen && now.at !== "";
  const isReady = isOpen && !held && isFit();
  const isOver = !isOpen && state !== "sending";
  const goesNow = isTimed && new Date(now.at) <= new Date();
  const approves = isTimed && isReady && state !== "approved";
  const sends = !held && (isReady || ["sending", "sent", "missed", "expired"].includes(state));
  const send = `end to ${readersWords()}`;
  const approve = goesNow ? opened("approve") : async () => change(agreed("approve"));
  return [
    ...when(held !== "", `Release the ${held}`, asked("letGo")),
    ...when(isOver, "New issue", begin),
    ...(isReady ? [] : tests),
    ...when(approves && state === "draft" && life.asks, "Ask for approval", asked("ask")),
    ...when(approves, goesNow ? `Approve and s${send}` : "Approve", approve),
    ...(isReady && isTimed ? tests : []),
    ...when(sends && readersLeft() > 0 && !(approves && goesNow), `S${send}`, opened("send")),
    ...(isReady && !isTimed ? tests : []),
    ...when((sending?.uncertain ?? 0) > 0, "Settle doubts", opened("settle")),
    ...when((sending?.rejected ?? 0) > 0, "Try the refused again", retry),
    ...when(state === "draft", isTimed ? "Another time" : "Schedule", opened("schedule")),
    ...when(!held && (isTimed || state === "sending"), "Hold", asked("hold")),
    ...when(isTimed, "Leave it out", asked("skip")),
    ...when(state === "skipped", "Take it in again", asked("unskip")),
    ...when(!isOver && state !== "draft", "New issue", begin),
  ];
}

function when(is: boolean, ...step: Step): readonly Step[] {
  return is ? [step] : [];
}

const opened = (name: (typeof dialog)["value"]) => () => {
  typed.value = "";
  dialog.value = name;
};
/** The possible action whose label begins with a word. */
export function stepNamed(begin: string): Step | undefined {
  return stepsNow().find(([label]) => label.startsWith(begin));
}

const asked = (does: string) => async () => change({ does });
const retry = async () => change({ does: "settle", how: "retry" });
const begin = async () => goOn({ does: "next" });

/** The number of recipients who would get the issue if it were sent now. */
function readersLeft(): number {
  const { readers = 0, sending } = standing.value ?? {};
  return sending ? sending.waiting : readers;
}

function readersWords(): string {
  const count = readersLeft();
  return `${counted(count)} ${count === 1 ? "reader" : "readers"}`;
}

function isFit(): boolean {
  const findings = issue.value.report?.findings ?? [];
  return desk.value?.cannotGo === "" && !findings.some(({ severity }) => severity === "error");
}

/** The values that the editor confirms: the issue shown, and the number of recipients typed. */
function agreed(does: string) {
  const readers = Number(typed.value.replace(/[\s,.’]/g, ""));
  return { does, hash: issue.value.hash, readers };
}

/** Changes the state of the issue. A refusal is shown in the open dialog, otherwise in the bar. */
async function change(body: object, where = "life"): Promise<Done> {
  const done = await post(where, body);
  if (dialog.value === "") refusal.value = done.said ?? "";
  return done;
}

/** Changes the state of an issue, then opens the issue that the articles make next. */
export async function goOn(body: object, where?: string): Promise<Done> {
  const done = await change(body, where);
  if (done.isDone) location.href = addressOf("/") + search.value;
  return done;
}

/** The number of finished recipients at points in time, for the last 30 seconds. */
let samples: { readonly path: string; readonly done: number; readonly at: number }[] = [];
const SAMPLED_MS = 30_000;

/** The progress of the delivery, also of one in another process. */
function progress() {
  const { state, sending } = standing.value ?? {};
  if (state !== "sending" || !sending) return undefined;
  const { path = "" } = desk.value ?? {};
  const { accepted, waiting, deferred, rejected, uncertain } = sending;
  const [done, at] = [accepted + rejected + uncertain, performance.now()];
  samples = [...samples, { path, done, at }].filter(
    (one) => one.path === path && at - one.at < SAMPLED_MS,
  );
  const { done: before = done, at: since = at } = samples[0] ?? {};
  const rate = at > since ? ((done - before) * 1_000) / (at - since) : 0;
  const counts = { left: waiting, deferred, refused: rejected, "in doubt": uncertain };
  const words = [
    `${counted(accepted)} of ${counted(done + waiting)} have it`,
    ...Object.entries(counts).map(([word, n]) => n > 0 && `${counted(n)} ${word}`),
    rate > 0 && `${rate.toFixed(1)} a second`,
  ];
  return html`<div class="life">
    <progress aria-label="Sent" value=${done} max=${done + waiting}></progress>
    <span data-key="progress">${words.filter(Boolean).join(", ")}</span>
  </div>`;
}

/** The input of the editor in a dialog. */
const typed = signal("");
const weekday = signal("2");
const write = withValue((text) => (typed.value = text));

/** The dialogs about the state of the issue. */
export const LIFE_DIALOGS = {
  send: SendDialog,
  approve: SendDialog,
  settle: SettleDialog,
  schedule: ScheduleDialog,
};

const sendAgreed = async () => change(agreed(dialog.value));

function SendDialog() {
  const title = `Send to ${readersWords()}`;
  return html`<${FormDialog} title=${`${title}?`} label=${title} run=${sendAgreed}>
    <label>
      <span class="muted">A sent mail can’t be taken back. Type the number of readers.</span>
      <input type="text" inputmode="numeric" autocomplete="off" required autofocus value=${typed.value} oninput=${write} />
    </label>
  <//>`;
}

const settle = async (how: string) => change({ does: "settle", how: how || "resend" });

function SettleDialog() {
  return html`<${FormDialog} title="Readers in doubt" label="Send it to them again" run=${settle}>
    <p>
      The server’s answer never came: these readers may have the issue or not. The log of the mail server says which.
    </p>
    <button class="outlined" value="accept" autofocus>They have it</button>
  <//>`;
}

const WEEK = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const DAYS = [...WEEK.map((day, at) => [String(at), day]), ["*", "Every day"]];

/** The dialog that schedules the issue for a free time. If the newsletter has no schedule, the dialog writes one. */
function ScheduleDialog() {
  const { slots = [], zone = "" } = desk.value?.life ?? {};
  const others = slots.filter(({ name }) => !desk.value?.path.endsWith(`/${name}`));
  const isNew = slots.length === 0;
  const time = typed.value || (isNew ? "07:00" : (others[0]?.name ?? ""));
  const plan = () => {
    const { value } = weekday;
    return goOn(isNew ? { does: "begin", weekday: value, time } : { does: "schedule", slot: time });
  };
  const days = DAYS.map(([value, day]) => html`<option value=${value}>${day}</option>`);
  const times = others.map(({ name, at }) => html`<option value=${name}>${at}</option>`);
  const label = isNew ? "Write the schedule" : "Schedule";
  return html`<${FormDialog} title="Schedule" label=${label} run=${plan}>
    ${isNew && html`<p>The newsletter has no schedule yet. From now on its issues go out at this time.</p>`}
    <label>
      <span class="muted">${isNew ? "Day" : `Time, in ${zone}`}</span>
      <select autofocus value=${isNew ? weekday.value : time} onchange=${isNew ? chooseDay : write}>
        ${isNew ? days : times}
      </select>
    </label>
    ${
      isNew &&
      html`<label>
        <span class="muted">${`Hour, in ${zone}`}</span>
        <input type="time" required value=${time} oninput=${write} />
      </label>`
    }
    <p class="muted">It goes out at that time if this machine starts <code>broadsheet run</code> then.</p>
  <//>`;
}

const chooseDay = withValue((text) => (weekday.value = text));
