import { html } from "htm/preact";
import { takeBack } from "../operations.ts";
import { PLACES } from "../settings.ts";
import { dayOf } from "../stories.ts";
import {
  desk,
  dialog,
  hasIssue,
  isBeginning,
  isFrozen,
  issue,
  notice,
  refusal,
  set,
  settings,
} from "../store.ts";

/** The bar at the top: what the page shows, and its state. */
export function TopBar() {
  return html`<header class="top">
    <h1 class="brand">Broadsheet</h1>
    ${IS_DESK && !isBeginning.value && placeLinks()} ${hasIssue.value && !isBeginning.value && settings.place.value === "issue" && issueParts()}
    <${PlainButton} name="Keys" letter="?" onclick=${() => (dialog.value = "keys")} />
  </header>`;
}

function placeLinks() {
  return html`<nav class="places" aria-label="Newsletter">
    ${PLACES.map(
      ({ name, title }) => html`<button
        class="tab"
        data-key=${`place-${name}`}
        aria-current=${settings.place.value === name ? "page" : undefined}
        onclick=${() => set({ place: name })}
      >
        ${title}
      </button>`,
    )}
  </nav>`;
}

function issueParts() {
  const { publication, template = "digest", date, issue: named } = issue.value.digest;
  const { number, slot, newsletter } = named;
  return html`<p class="where" dir="auto">
      ${publication?.name ?? newsletter}, <b>${number === undefined ? `issue of ${dayOf(date ?? slot)}` : `No. ${number}`}</b>, ${template}
    </p>
    <p class="status" role="status">${status()}</p>
    ${IS_DESK && deskButtons()}`;
}

/** Both buttons are always present. Otherwise a quick second press could hit a button that has replaced the first. */
function deskButtons() {
  if (isFrozen.value) return undefined;
  const { canUndo = false, canRedo = false } = desk.value ?? {};
  return html`<${PlainButton} name="Undo" disabled=${!canUndo} onclick=${() => takeBack("undo")} />
    <${PlainButton} name="Redo" disabled=${!canRedo} onclick=${() => takeBack("redo")} />`;
}

function status(): string {
  const { notice: said = "", done = "" } = desk.value ?? {};
  const now = notice.value || said || (done && `Saved ${done}`);
  return refusal.value || now;
}

interface PlainButtonProps {
  readonly name: string;
  /** The key for the same action. */
  readonly letter?: string;
  readonly disabled?: boolean;
  readonly onclick: () => unknown;
}

function PlainButton({ name, letter, disabled, onclick }: PlainButtonProps) {
  return html`<button class="plain" data-key=${name} disabled=${disabled} onclick=${onclick}>
    ${letter !== undefined && html`<kbd>${letter}</kbd>`}${` ${name}`}
  </button>`;
}
