import { html } from "htm/preact";
import type { Notice, NoticeOperation } from "../../../platform/notice.ts";
import { send } from "../operations.ts";
import { canEdit, desk, hasIssue, refusal, set } from "../store.ts";
import { idOf, ownNotices, stories, WEIGHTS } from "../stories.ts";
import { ask, askToJoin } from "./ask.ts";
import { addressOf } from "../address.ts";
import { LinkButton, severityWord } from "./controls.ts";
import { goOn, stepNamed } from "./life.ts";
import { showReaders } from "./readers.ts";

/**
 * The notices about a story or the issue. The findings of the check are shown with the result of the check.
 * @param story The story's id; empty for notices about the issue.
 */
export function noticesAt(story: string) {
  const ids = hasIssue.value ? stories.value.map(({ entry }) => idOf(entry)) : [];
  return ownNotices.value
    .filter(({ about: { id = "" } }) => (ids.includes(id) ? id : "") === story)
    .map((one) => noticeLine(one));
}

interface MendProps {
  readonly notice: Notice;
  /** The address for the edits of another issue. */
  readonly where?: string | undefined;
}

/** The buttons that fix a notice: one for each operation, or one for another remedy. */
export function MendButtons({ notice, where }: MendProps) {
  const { id, about, message, fix } = notice;
  if (fix.cure) return html`<${CureButton} notice=${notice} />`;
  if (!fix.operation || (where === undefined && !canEdit.value)) return undefined;
  const button = (one: NoticeOperation | undefined) =>
    one &&
    html`<${LinkButton}
      name=${`mend-${id}-${one.label}`}
      label=${`${one.label}: ${about.story ?? message}`}
      onclick=${({ currentTarget }: MouseEvent) => begin(currentTarget, one, { notice, where })}
      >${one.label}<//
    >`;
  return html`<span class="mends">${button(fix.operation)}${button(fix.otherwise)}</span>`;
}

/** Applies a fix. If it needs an answer or merges two stories, a dialog asks first. */
async function begin(
  button: EventTarget | null,
  { asks, ...operation }: NoticeOperation & { readonly value?: unknown },
  { notice: { about }, where }: MendProps,
): Promise<void> {
  const [guest, host] = [about.id, operation.value].map((id) =>
    stories.value.find(({ entry }) => idOf(entry) === id),
  );
  if (operation.op === "join" && guest && host) return askToJoin(guest, host);
  if (asks === undefined) return mend(button, operation, where);
  ask({
    title: operation.label,
    text: about.story === undefined ? "" : `For “${about.story}”`,
    field: asks,
    label: "Save",
    run: async (value) => {
      const { label: _label, ...line } = operation;
      return send(() => [{ ...line, value }], where);
    },
  });
}

/** The elements that may get the focus next. A menu would capture the page's keys. */
const stops = () => [...document.querySelectorAll<HTMLElement>("[data-key]:not(.mends *, select)")];

/** Applies a fix. The button disappears, and the focus moves to the element before it. */
async function mend(
  button: EventTarget | null,
  { label: _label, ...operation }: NoticeOperation,
  where?: string,
): Promise<void> {
  const { DOCUMENT_POSITION_PRECEDING: before } = Node;
  const at = stops().findLastIndex(
    (one) => button instanceof Node && button.compareDocumentPosition(one) & before,
  );
  const { said = "" } = await send(() => [operation], where);
  refusal.value = said;
  if (document.activeElement === document.body) stops()[at]?.focus({ preventScroll: true });
}

/**
 * A notice about something omitted, failing or waiting, with buttons that fix it.
 * @param where The address for the edits of another issue.
 */
export function noticeLine(notice: Notice, where?: string) {
  const { id, severity, message, fix } = notice;
  // If a button fixes it, instructions about a file are of no use.
  const says = fix.operation && canEdit.value ? undefined : fix.says;
  return html`<p class="notice" key=${id} data-notice=${id}>
    ${severityWord(WEIGHTS[severity])}${` ${message}${says === undefined ? "" : `; ${says}`} `}
    <${MendButtons} notice=${notice} where=${where} />
  </p>`;
}

/** Remedies that change the state of the issue, with the first word of the button. */
const STEPS: Readonly<Record<string, string>> = {
  approve: "Approve",
  letGo: "Let the",
  send: "Send to",
  settle: "Settle doubts",
};

/** The button for a remedy outside the issue's texts: a change of state, or a panel of the desk. */
function CureButton({ notice: { id, about, message, fix } }: Pick<MendProps, "notice">) {
  const { does = "", to = "", from = "" } = fix.cure ?? {};
  const { path, newsletter } = desk.value ?? {};
  const button = (label: string, cure: () => unknown) =>
    html`<span class="mends"><${LinkButton} name=${`cure-${id}`} label=${`${label}: ${message}`} onclick=${cure}>${label}<//></span>`;
  const places: Readonly<Record<string, readonly [string, () => unknown]>> = {
    carry: [
      "Have them in the next issue",
      async () => goOn({ does: "schedule", slot: to }, `/${newsletter}/${from}/life`),
    ],
    examine: ["Go to Sender", () => set({ place: "sender" })],
    release: ["Look at them", () => showReaders("quarantined")],
    settleLeaving: ["Look at them", () => showReaders("asked to leave")],
    unsubscribe: ["Look at the reader", () => showReaders(to)],
  };
  const place = places[does];
  if (place) return button(...place);
  const address = `/${newsletter}/${about.slot}`;
  const isElsewhere = about.slot !== undefined && address !== path;
  if (STEPS[does] && isElsewhere)
    return html`<a class="link" data-key=${`cure-${id}`} href=${addressOf(encodeURI(address))}>Open the issue</a>`;
  const step = STEPS[does] && stepNamed(STEPS[does]);
  return step && button(...step);
}
