import { signal } from "@preact/signals";
import { html } from "htm/preact";
import { Advice } from "./panels/advice.ts";
import { OpenDialog } from "./panels/dialogs.ts";
import { Findings } from "./panels/findings.ts";
import { FirstRun } from "./panels/first-run.ts";
import { Frames } from "./panels/frames.ts";
import { Inbox } from "./panels/inbox.ts";
import { Issues } from "./panels/issues.ts";
import { Model } from "./panels/model-view.ts";
import { ModelPanel } from "./panels/model-panel.ts";
import { SizeMeter } from "./panels/size-meter.ts";
import { Standing } from "./panels/standing.ts";
import { Filter, StoryList } from "./panels/story-list.ts";
import { Tabs } from "./panels/tabs.ts";
import { Headers, Source, TextPart } from "./panels/text-views.ts";
import { TextsPanel } from "./panels/texts-panel.ts";
import { TopBar } from "./panels/top-bar.ts";
import { WhyHere } from "./panels/why-here.ts";
import { Look } from "./panels/look.ts";
import { Readers } from "./panels/readers.ts";
import { Sender } from "./panels/sender.ts";
import { Sources } from "./panels/sources.ts";
import type { PlaceName } from "./settings.ts";
import { hasIssue, isBeginning, settings } from "./store.ts";

/** The panels of the newsletter, which only the desk has. Each fills the page below the bar. */
const PLACES: Partial<Record<PlaceName, () => unknown>> = {
  look: Look,
  sources: Sources,
  list: Readers,
  sender: Sender,
};

/** The whole page: the bar, then three columns or a panel of the newsletter, and the open dialog. */
export function Page() {
  const Place = IS_DESK && (isBeginning.value ? FirstRun : PLACES[settings.place.value]);
  if (Place)
    return html`<${TopBar} />
      <main class="place"><${Place} /></main>
      <${OpenDialog} />`;
  const left = html`<${Left} key="left" />`;
  const centre = html`<${Centre} key="centre" />`;
  // The Tab key visits the columns in their visual order.
  return html`<${TopBar} />
    <div class="columns">
      ${isNarrow.value ? [centre, left] : [left, centre]}
      <${Right} key="right" />
    </div>
    <${OpenDialog} />`;
}

const narrow = matchMedia("(max-width: 799px)");
const isNarrow = signal(narrow.matches);
narrow.addEventListener("change", () => (isNarrow.value = narrow.matches));

function Left() {
  return html`<nav class="left" aria-label="Issue">
    ${
      hasIssue.value &&
      html`<${Filter} />
        ${IS_DESK && html`<${Issues} />`}
        <${StoryList} />
        <${WhyHere} />
        <p class="keys-hint">${HINTS.map(hint)}</p>`
    }
  </nav>`;
}

const HINTS = [
  { keys: ["J", "K"], does: "story" },
  { keys: ["N"], does: "finding" },
  { keys: ["/"], does: "filter" },
  { keys: ["?"], does: "all keys" },
];

function hint({ keys, does }: (typeof HINTS)[number]) {
  return html`<span>${keys.map((key) => html`<kbd>${key}</kbd> `)}${does}</span>`;
}

/** The components of the views that do not show the email itself. */
const SHEETS = { text: TextPart, source: Source, headers: Headers, model: Model };

function Centre() {
  const view = settings.view.value;
  const [, Sheet] = Object.entries(SHEETS).find(([name]) => name === view) ?? [];
  return html`<main class="centre">
    ${IS_DESK && html`<${Standing} />`}
    ${hasIssue.value && html`<${Tabs} /><${Frames} />`}
    <div class="view" key=${view} hidden=${!Sheet}>${hasIssue.value && Sheet && html`<${Sheet} />`}</div>
  </main>`;
}

function Right() {
  const panels =
    settings.view.value === "model"
      ? html`<${ModelPanel} />`
      : html`<${Inbox} /><${Findings} /><${Advice} /><${SizeMeter} />`;
  return html`<aside class="right" aria-label="What was found">
    ${hasIssue.value && html`${IS_DESK && html`<${TextsPanel} />`}${panels}`}
  </aside>`;
}
