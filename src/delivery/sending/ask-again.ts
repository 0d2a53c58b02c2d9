import type { Cause } from "../judgement.ts";
import type { Run, RunEnd } from "../ledger.ts";

/** One round of a run: over the list, or over readers that the server has refused. */
export interface Round {
  /** The most recipients of the round. */
  readonly atMost?: number | undefined;
  /** Whether refused readers are asked again, so that refusals in a row are expected. */
  readonly isAsking?: boolean | undefined;
}

/** The result of a round. */
export interface RoundEnd {
  readonly accepted: number;
  readonly refused: number;
  /** Whether it ended before its recipients were tried. */
  readonly isStopped: boolean;
  /** The server or the sender, if one of them is at fault. No refusal counts then. */
  readonly blamed?: Cause | undefined;
  /** Whether every due recipient has been tried. */
  readonly isListDone: boolean;
}

/** The number of refused readers in the sample that is asked again. */
const ASKED = 20;
/** The number of times that all refused readers are tried again if the server contradicts itself. */
const ROUNDS = 2;

/**
 * Sends to the list. Then some of the refused readers are asked again, over new connections. If one of them is accepted, the
 * server contradicts itself, and all refused readers are tried again.
 */
export async function sendAndAskAgain(
  run: Run,
  send: (round: Round) => Promise<RoundEnd>,
): Promise<RunEnd> {
  const first = await send({});
  const { isListDone } = first;
  if (first.isStopped) return stopped(first);
  const count = await run.askSome(ASKED);
  if (count === 0) return { ending: "asked", isListDone };
  const asked = await send({ atMost: count, isAsking: true });
  if (asked.accepted > 0) await tryAll(run, send);
  else if (asked.isStopped) return stopped(asked);
  else if (asked.refused === 0) return { ending: "waits", isListDone };
  return { ending: "asked", isListDone };
}

function stopped({ blamed }: RoundEnd): RunEnd {
  return { ending: blamed ? "blamed" : "waits", blamed, isListDone: false };
}

async function tryAll(run: Run, send: (round: Round) => Promise<RoundEnd>): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    const left = await run.tryAll();
    if (left === 0) return;
    const { isStopped } = await send({ atMost: left });
    if (isStopped) return;
  }
}
