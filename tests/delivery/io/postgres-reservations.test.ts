import { PostgresReservations } from "../../../src/delivery/io/postgres/reservations.ts";
import { openPostgres } from "../../../src/platform/postgres/open-postgres.ts";
import { newDatabase } from "../../stores.ts";
import { newFolder } from "../../temporary.ts";
import { reservationsContract } from "../reservations-contract.ts";

/** All moments that are kept, earlier. */
const EARLIER = [
  "UPDATE relay SET next_at = next_at - ?",
  `UPDATE relay_domain SET next_at = next_at - ?1, places = (
     SELECT coalesce(jsonb_object_agg(key, jsonb_build_array(value -> 0, (value ->> 1)::float8 - ?1)), '{}')
     FROM jsonb_each(places))`,
];

reservationsContract("on PostgreSQL", async () => {
  const env = { XDG_STATE_HOME: await newFolder() };
  const store = await openPostgres(await newDatabase(), { env });
  return {
    reservations: new PostgresReservations(store),
    pass: async (ms) => {
      for (const sql of EARLIER) await store.run(sql, ms);
    },
    close: async () => store.close(),
  };
});
