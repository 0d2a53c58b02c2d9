import { effect } from "@preact/signals";
import { html, render } from "htm/preact";
import { bindKeys } from "./all-keys.ts";
import { pressed } from "./keys.ts";
import { requests, watchDesk } from "./live.ts";
import { Page } from "./page.ts";
import { watchStamp } from "./stamp.ts";
import { desk, dialog, hasIssue, settings } from "./store.ts";

bindKeys();

document.addEventListener("keydown", (event) => {
  // Keys do not reach the page below an open dialog.
  if (dialog.value === "" || event.key === "Escape") pressed(event);
});

effect(() => {
  const root = document.documentElement;
  root.toggleAttribute("data-empty", !hasIssue.value);
  root.dataset["theme"] = settings.theme.value;
  root.dataset["view"] = settings.view.value;
  root.toggleAttribute("data-alone", settings.alone.value);
});

effect(() => {
  if (!IS_DESK) return;
  const root = document.documentElement;
  root.toggleAttribute("data-busy", requests.value > 0);
  root.dataset["changes"] = String(desk.value?.changes);
});

render(html`<${Page} />`, document.body);
if (IS_DESK) watchDesk();
else watchStamp();
