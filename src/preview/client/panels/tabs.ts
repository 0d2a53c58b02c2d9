import { html } from "htm/preact";
import { isBeginning, set, settings } from "../store.ts";
import { viewNamed, VIEWS } from "../settings.ts";
import { framesShown } from "./frames.ts";

/** The views, and which frames they are seen in. */
export function Tabs() {
  const view = settings.view.value;
  // "Webmail" is a way of having no styles, and reached from there.
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

/** Who only begins a newsletter is not shown what a mail is made of. */
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
