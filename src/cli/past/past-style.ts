import { PAGE_TOKENS } from "../page-tokens.ts";

/** The look of an issue: its masthead, its part rules, the label beside what it labels. */
export const PAST_STYLE = `${PAGE_TOKENS}* { box-sizing: border-box; margin: 0; padding: 0; }
body { max-width: 1000px; margin: 0 auto; padding: 0 20px; background: var(--paper); color: var(--ink2); font: 17px/28px var(--serif); overflow-wrap: break-word; }
header { padding-top: 28px; text-align: center; }
h1 { color: var(--ink); font: 400 44px/48px var(--serif); letter-spacing: -1px; text-wrap: balance; }
h1.long { font-size: 34px; line-height: 38px; }
h1.longest { font-size: 28px; line-height: 32px; }
.tagline { padding-top: 4px; font: italic 16px/24px var(--serif); }
.folio { position: relative; display: flex; justify-content: space-between; gap: 16px; margin-top: 25px; padding: 8px 0 12px; border-top: 1px solid var(--rule); border-bottom: 1px solid var(--hair); color: var(--muted); font: 14px/20px var(--sans); }
.folio::before, footer::before { content: ""; position: absolute; inset: -6px 0 auto; height: 3px; background: var(--rule); }
section { padding-top: 12px; margin-top: 32px; border-top: 1px solid var(--rule); }
main > section:first-child { margin-top: 0; border-top: 0; padding-top: 20px; }
h2 { color: var(--ink); font: 600 14px/20px var(--sans); }
.told { min-width: 0; padding-top: 12px; }
.headline { color: var(--ink); font: 700 22px/28px var(--serif); letter-spacing: -0.2px; text-wrap: balance; }
.told > p + p, .told > .headline + p { padding-top: 8px; }
h3 { color: var(--ink); font: 600 14px/20px var(--sans); }
.aside { color: var(--muted); font: 14px/20px var(--sans); }
code { font: 14px/20px ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; color: var(--ink); }
.legend { display: flex; flex-wrap: wrap; gap: 4px 20px; padding-top: 20px; list-style: none; color: var(--ink2); font: 14px/20px var(--sans); }
.legend li { display: flex; align-items: center; gap: 8px; }
.swatch { width: 12px; height: 12px; background: var(--ink); }
.swatch.half { background: var(--muted); }
.swatch.wrong { background: var(--accent); }
.swatch.open { background: none; border: 1px solid var(--muted); }
.chart { padding: 24px 0 0 52px; }
.plot { position: relative; }
svg { display: block; width: 100%; height: 100%; overflow: visible; }
.full { fill: var(--ink); }
.half { fill: var(--muted); }
.wrong { fill: var(--accent); }
.open { fill: var(--paper); stroke: var(--muted); vector-effect: non-scaling-stroke; }
.break { fill: var(--paper); }
.hit { fill: transparent; }
.hit:hover { fill: var(--hair); fill-opacity: 0.5; }
line { vector-effect: non-scaling-stroke; shape-rendering: crispEdges; }
.line { stroke: var(--hair); }
.zero { stroke: var(--rule); }
.tick { position: absolute; inset-inline-end: 100%; padding-inline-end: 8px; transform: translateY(-50%); color: var(--muted); font: 13px/16px var(--sans); font-variant-numeric: tabular-nums; }
.cut { position: absolute; top: 0; transform: translate(-50%, -100%); padding: 0 4px 2px; color: var(--ink); font: 13px/16px var(--sans); }
.names { position: relative; height: 20px; margin: 6px 0 0 52px; color: var(--muted); font: 13px/20px var(--sans); }
.names span { position: absolute; white-space: nowrap; }
.names .last { transform: translateX(-100%); }
.names .between { display: none; }
.strip { padding-top: 20px; }
.strip .chart { padding-top: 20px; }
details { margin-top: 16px; font: 14px/20px var(--sans); }
summary { display: inline-block; padding: 12px 0; color: var(--accent); cursor: pointer; }
summary:hover { text-decoration: underline; text-underline-offset: 3px; }
:focus-visible { outline: 2px solid var(--ink); outline-offset: 2px; }
.sideways { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; color: var(--ink2); font: 14px/20px var(--sans); font-variant-numeric: tabular-nums; }
th, td { padding: 8px 0 8px 16px; text-align: end; vertical-align: baseline; font-weight: 400; }
th:first-child { padding-inline-start: 0; text-align: start; white-space: nowrap; }
thead th { color: var(--muted); vertical-align: bottom; }
tbody tr { border-top: 1px solid var(--hair); }
tbody th { color: var(--ink); }
.sources { margin-top: 12px; }
.sources tbody th { white-space: normal; overflow-wrap: break-word; font: 17px/24px var(--serif); }
.state { display: block; color: var(--muted); font: 14px/20px var(--sans); }
.fails { color: var(--accent); font-weight: 600; }
.sources tbody th { width: 55%; }
.sources td:last-child { color: var(--muted); }
.share { display: none; }
footer { position: relative; margin: 53px 0 40px; padding-top: 12px; border-top: 1px solid var(--rule); color: var(--muted); font: 14px/20px var(--sans); }
footer code { color: var(--muted); font-size: 13px; }
@media (min-width: 720px) {
  body { padding: 0 40px; }
  header { padding-top: 40px; }
  h1 { font-size: 60px; line-height: 64px; letter-spacing: -1.5px; }
  h1.long { font-size: 44px; line-height: 48px; }
  h1.longest { font-size: 34px; line-height: 38px; }
  .tagline { font-size: 17px; }
  .folio { margin-top: 24px; }
  section { display: grid; grid-template-columns: 136px minmax(0, 1fr); margin-top: 40px; }
  .told { padding-top: 0; }
  h2 { padding-top: 4px; }
  .headline { font-size: 24px; line-height: 32px; margin-top: -4px; }
  .names .between { display: block; }
  .strip { display: grid; grid-template-columns: auto 1fr; gap: 0 12px; align-items: baseline; }
  .strip .chart { grid-column: 1 / -1; }
  .sources tbody th { width: auto; }
  .sources td { white-space: nowrap; }
  .sources td:nth-child(2) { width: 40%; }
  .share { display: inline-block; width: calc(100% - 56px); height: 8px; vertical-align: middle; }
  .share > span { display: block; height: 8px; background: var(--ink); }
  .count { display: inline-block; width: 56px; }
}
@media print {
  body { max-width: none; }
  section { break-inside: avoid; }
}
`;
