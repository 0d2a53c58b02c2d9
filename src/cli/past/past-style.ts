import { PAGE_TOKENS } from "../page-tokens.ts";

/** The look of an issue: its masthead, its part rules, the label beside what it labels. */
export const PAST_STYLE = `${PAGE_TOKENS}* { box-sizing: border-box; margin: 0; padding: 0; }
body { max-width: 1000px; margin: 0 auto; padding: 32px clamp(20px, 4vw, 40px) 0; background: var(--paper); color: var(--ink2); font: 17px/28px var(--serif); overflow-wrap: break-word; }
h1 { color: var(--ink); font: 400 clamp(32px, 7vw, 56px)/1.1 var(--serif); letter-spacing: -1px; text-align: center; text-wrap: balance; }
h2 { flex: 0 0 120px; color: var(--ink); font: 600 14px/28px var(--sans); }
.folio, .names { display: flex; justify-content: space-between; gap: 12px; }
.folio, footer { margin-top: 24px; padding: 8px 0; border-top: 3px double var(--rule); color: var(--muted); font: 14px/20px var(--sans); }
footer { margin-top: 48px; padding-bottom: 40px; }
section { display: flex; flex-wrap: wrap; padding: 16px 0 32px; border-top: 1px solid var(--rule); }
section > div { flex: 1 1 560px; display: grid; grid-template-columns: minmax(0, 1fr); gap: 8px; min-width: 0; }
.headline { color: var(--ink); font: 700 22px/28px var(--serif); text-wrap: balance; }
.names, .legend, details, table, .plot span { color: var(--muted); font: 14px/20px var(--sans); font-variant-numeric: tabular-nums; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 20px; list-style: none; }
.legend li::before { content: ""; display: inline-block; width: 12px; height: 12px; margin-inline-end: 8px; background: var(--tone); }
.accepted, .came.back { --tone: var(--ink); fill: var(--tone); }
.complained { --tone: var(--muted); fill: var(--tone); }
.size { fill: var(--hair); stroke: var(--muted); vector-effect: non-scaling-stroke; }
.refused { --tone: var(--accent); fill: var(--tone); }
.doubt { --tone: var(--look); fill: var(--tone); }
.sent { --tone: var(--paper); fill: var(--tone); stroke: var(--muted); vector-effect: non-scaling-stroke; }
.legend .sent::before { border: 1px solid var(--muted); }
.hit { fill: transparent; }
g:hover .hit { fill: var(--muted); fill-opacity: 0.3; }
.plot { position: relative; margin: 8px 0 0 60px; }
.plot span { position: absolute; inset-inline-end: 100%; padding-inline-end: 8px; transform: translateY(-50%); }
svg { width: 100%; height: 100%; }
line { stroke: var(--hair); vector-effect: non-scaling-stroke; }
.names { min-width: max-content; max-width: calc(100% - 60px); margin-inline-start: 60px; }
summary { padding: 12px 0 4px; color: var(--accent); cursor: pointer; }
details div { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: 8px 0 8px 16px; text-align: end; vertical-align: baseline; font-weight: 400; }
th:first-child { padding-inline-start: 0; text-align: start; }
tbody tr { border-top: 1px solid var(--hair); }
details tbody th { white-space: nowrap; }
bdi { display: block; color: var(--ink); font: 17px/24px var(--serif); overflow-wrap: anywhere; }
strong { color: var(--accent); }
`;
