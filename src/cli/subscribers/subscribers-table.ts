import type { ListedSubscriber } from "../../subscribers/subscriber.ts";
import { table } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { shortened, textWidth } from "../text-width.ts";

interface Shown {
  readonly heading: string;
  readonly of: (subscriber: ListedSubscriber, terminal: Terminal) => string;
}

const ADDRESS: Shown = { heading: "Address", of: ({ address }) => address };
const NAME: Shown = { heading: "Name", of: ({ name = "" }) => name };
const LANGUAGE: Shown = { heading: "Language", of: ({ language = "" }) => language };
const TAGS: Shown = { heading: "Tags", of: ({ tags }) => tags.join(", ") };
const SINCE: Shown = {
  heading: "Since",
  of: ({ subscribedAt }) => subscribedAt.toISOString().slice(0, 10),
};
const STATUS: Shown = {
  heading: "Status",
  of: ({ suppressed }, { paint }) =>
    suppressed ? paint("look", suppressed.reason) : paint("ready", "subscribed"),
};

const GAP = 3;
/** What names and tags want, to be told apart. */
const READABLE = 24;

/**
 * Subscribers in a table that is no wider than the terminal, where that can be: the ends of long names and
 * tags are left out, and the day where little room is left. Addresses stay whole, since they are copied.
 */
export function subscribersTable(
  subscribers: readonly ListedSubscriber[],
  terminal: Terminal,
): string {
  const widthOf = ({ heading, of }: Shown) =>
    Math.max(heading.length, ...subscribers.map((one) => textWidth(of(one, terminal)))) + GAP;
  const roomBeside = (fixed: readonly Shown[]) =>
    terminal.columns - GAP - fixed.reduce((sum, column) => sum + widthOf(column), 0);
  const isRoomy = roomBeside([ADDRESS, LANGUAGE, SINCE, STATUS]) >= READABLE;
  const since = isRoomy ? [SINCE] : [];
  const room = Math.max(roomBeside([ADDRESS, LANGUAGE, ...since, STATUS]), READABLE);
  const tags = Math.min(widthOf(TAGS), Math.max(room - widthOf(NAME), Math.floor(room / 2)));
  const name = Math.min(widthOf(NAME), room - tags);
  const columns = [
    ADDRESS,
    shorter(NAME, name - GAP),
    LANGUAGE,
    shorter(TAGS, tags - GAP),
    ...since,
    STATUS,
  ];
  return table(
    columns.map(({ heading }) => ({ heading, align: "left" }) as const),
    subscribers.map((one) => columns.map(({ of }) => of(one, terminal))),
    terminal,
  );
}

function shorter({ heading, of }: Shown, columns: number): Shown {
  return { heading, of: (one, terminal) => shortened(of(one, terminal), columns) };
}
