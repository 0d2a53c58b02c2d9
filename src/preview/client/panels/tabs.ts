import { html } from "htm/preact";
import { isBeginning, set, settings } from "../store.ts";
import { viewNamed, VIEWS } from "../settings.ts";
import { framesShown } from "./frames.ts";

export function Tabs() {
  const view = settings.view.value;
  // "Webmail" is a variant of "no styles", and is opened from that view.
  const current = view === "webmail" ? "no-style" : view;
  return html`<div class="tabs">
    <div class="views" role="group" aria-label="Views">
      ${VIEWS.filter(isOffered).map(
        ({ name, key, title }) => html`<button
          class="tab"
          data-key=${`view-${name}`}
          aria-pressed=${String(name === current)}
          onclick=${() => set({ view: name })}
        >
          <span class="muted">${key}</span>${` ${title}`}
        </button>`,
      )}
    </div>
    ${viewNamed(view).isFramed && frameChoice()}
  </div>`;
}

/** An editor who is setting up a newsletter does not see the technical views. */
function isOffered({ name, isFramed }: (typeof VIEWS)[number]): boolean {
  return name !== "webmail" && (isFramed || !isBeginning.value);
}

const CHOICES = [
  { name: "phone", title: "Phone" },
  { name: "desktop", title: "Desktop" },
  { name: "both", title: "Both" },
] as const;

function frameChoice() {
  return html`<div class="choice" role="group" aria-label="Frames">
    ${CHOICES.map(
      ({ name, title }) => html`<button
        data-key=${`show-${name}`}
        aria-pressed=${String(framesShown.value === name)}
        onclick=${() => set({ show: name })}
      >
        ${title}
      </button>`,
    )}
  </div>`;
}
