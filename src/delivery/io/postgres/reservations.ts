import { fieldsOf, maybe, numberIn, type Queries, textIn } from "../../../platform/database.ts";
import type { PostgresStore } from "../../../platform/postgres/postgres-store.ts";
import type { Reservation, Reservations, Reserved } from "../../sending/reservations.ts";

/**
 * The reservations of all senders of a PostgreSQL store. Each reservation is one statement. All times are of the database's
 * clock. Senders get the time that remains until then, so their own clocks do not matter.
 */
export class PostgresReservations implements Reservations {
  readonly #store: PostgresStore;
  /** The accounts and domains whose rows exist. */
  readonly #known = new Set<string>();

  constructor(store: PostgresStore) {
    this.#store = store;
  }

  async reserve(request: Reservation): Promise<Reserved> {
    const { account, worker, starts, quotas, counted, perDomain } = request;
    const row = await this.#store.beside(async (tx) => {
      await this.#makeRows(tx, request);
      return tx.get(
        RESERVE,
        account,
        starts,
        request.rate,
        request.ceiling,
        request.change,
        request.complaint?.pauseMs,
        counted,
        JSON.stringify(quotas),
        worker,
        perDomain.rate,
        perDomain.concurrency,
        JSON.stringify(request.domains),
      );
    });
    if (!row) throw new Error("an account was noted and isn't there");
    for (const name of [account, ...request.domains.map(({ domain }) => domain)])
      this.#known.add(name);
    const { sent, domains }: Pick<Reserved, "sent" | "domains"> = JSON.parse(textIn(row, "known"));
    return { ...reservedIn(row), sent, domains };
  }

  /** Makes the rows that this sender uses for the first time. */
  async #makeRows(tx: Queries, { account, rate, domains }: Reservation): Promise<void> {
    if (!this.#known.has(account)) await tx.run(MAKE_ACCOUNT, account, rate);
    const fresh = domains.map(({ domain }) => domain).filter((one) => !this.#known.has(one));
    if (fresh.length > 0) await tx.run(MAKE_DOMAINS, account, JSON.stringify(fresh));
  }
}

const reservedIn = fieldsOf({
  now: numberIn,
  starts: numberIn,
  firstMs: numberIn,
  everyMs: numberIn,
  rate: maybe(numberIn),
  change: numberIn,
});

const MAKE_ACCOUNT = `
  INSERT INTO relay (account, rate, sent) VALUES (?, ?, '[]') ON CONFLICT (account) DO NOTHING`;

const MAKE_DOMAINS = `
  INSERT INTO relay_domain (account, domain)
  SELECT ?, value FROM jsonb_array_elements_text(CAST(? AS jsonb)) AS value ORDER BY value
  ON CONFLICT (account, domain) DO NOTHING`;

/** The time by the database's clock when the row is locked, in milliseconds. */
const NOW = "(SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS now) AS clock";

/** The time for which a killed sender keeps its places at a domain. */
const PLACE_MS = 30_000;

/** After the clock was set back, all senders would wait. So no time is reserved more than this many messages ahead. */
const FAR = 200;

/** SQL for the earliest start of the next message, if messages are `every` milliseconds apart. */
const beginsFrom = (table: string, every: string) => `
  CASE WHEN ${table}.next_at > now + ${FAR} * greatest(1000, ${every}) THEN now ELSE greatest(${table}.next_at, now) END`;

/**
 * Parameters: 1 account, 2 starts, 3 rate, 4 ceiling, 5 change, 6 pause after a complaint, 7 counted, 8 quotas, 9 worker,
 * 10 rate and 11 concurrency of a domain, 12 wishes for domains. The row of the account is locked first, so the rows of its
 * domains can be locked in any order. The expressions read only locked rows, because these are the latest.
 */
const RESERVE = `
  WITH account AS (
    UPDATE relay SET (rate, changes, next_at, granted, every, noted_at, sent) = (
      SELECT paced.rate, relay.changes + CASE WHEN paced.rate IS DISTINCT FROM relay.rate THEN 1 ELSE 0 END,
        begins + granted * every, granted, every, now, summed.sent
      FROM ${NOW}
      CROSS JOIN LATERAL (SELECT CASE WHEN ?6 IS NOT NULL THEN least(relay.rate, ?3)
        WHEN relay.changes = ?5 THEN CAST(?3 AS float8) ELSE relay.rate END AS rate) AS paced
      CROSS JOIN LATERAL (SELECT coalesce(1000 / least(paced.rate, ?4), 0) AS every) AS spaced
      CROSS JOIN LATERAL (SELECT greatest(now + coalesce(?6, 0), ${beginsFrom("relay", "every")}) AS begins) AS begun
      CROSS JOIN LATERAL (
        SELECT min((quota ->> 'count')::int8 - (
          SELECT coalesce(sum((part ->> 1)::int8), 0) FROM jsonb_array_elements(relay.sent::jsonb) AS part
          WHERE (part ->> 0)::float8 + 600000 > now - (quota ->> 'perMs')::float8)) AS room
        FROM jsonb_array_elements(CAST(?8 AS jsonb)) AS quota) AS quotas
      CROSS JOIN LATERAL (SELECT greatest(0, least(?2, room)) AS granted) AS allowed
      CROSS JOIN LATERAL (
        SELECT coalesce(jsonb_agg(jsonb_build_array(begin, count) ORDER BY begin), '[]')::text AS sent
        FROM (
          SELECT begin, greatest(0, sum(count)) AS count
          FROM (
            SELECT (part ->> 0)::int8 AS begin, (part ->> 1)::int8 AS count
            FROM jsonb_array_elements(relay.sent::jsonb) AS part
            UNION ALL SELECT floor(now / 600000)::int8 * 600000, granted + ?7) AS parts
          GROUP BY begin HAVING begin + 600000 > now - 86400000) AS buckets) AS summed)
    WHERE account = ?1
    RETURNING *),
  domains AS (
    UPDATE relay_domain SET (next_at, places) = (
      SELECT begins + wish.starts * every, others.places || CASE WHEN mine > 0
        THEN jsonb_build_object(CAST(?9 AS text), jsonb_build_array(mine, now + ${PLACE_MS})) ELSE '{}' END
      FROM (SELECT account.noted_at AS now, coalesce(1000 / CAST(?10 AS float8), 0) AS every) AS clock
      CROSS JOIN LATERAL (SELECT ${beginsFrom("relay_domain", "every")} AS begins) AS begun
      CROSS JOIN LATERAL (
        SELECT coalesce(jsonb_object_agg(key, value), '{}') AS places,
          coalesce(sum((value ->> 0)::int8), 0) AS taken
        FROM jsonb_each(relay_domain.places)
        WHERE key <> ?9 AND (value ->> 1)::float8 > now) AS others
      CROSS JOIN LATERAL (SELECT greatest(0, least(wish.places, ?11 - taken)) AS mine) AS own)
    FROM account, jsonb_to_recordset(CAST(?12 AS jsonb)) AS wish (domain text, starts int8, places int8)
    WHERE relay_domain.account = account.account AND relay_domain.domain = wish.domain
    RETURNING jsonb_build_object('domain', wish.domain, 'starts', wish.starts,
      'everyMs', coalesce(1000 / CAST(?10 AS float8), 0),
      'firstMs', relay_domain.next_at - wish.starts * coalesce(1000 / CAST(?10 AS float8), 0) - account.noted_at,
      'places', coalesce(relay_domain.places -> ?9 -> 0, '0')) AS given)
  SELECT rate, changes AS change, granted AS starts, every AS every_ms, noted_at AS now,
    next_at - granted * every - noted_at AS first_ms,
    jsonb_build_object('sent', sent::jsonb,
      'domains', coalesce((SELECT jsonb_agg(given) FROM domains), '[]'))::text AS known
  FROM account`;
