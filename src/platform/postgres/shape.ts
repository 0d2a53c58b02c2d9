/*
 * A description of the tables of our schema, with one fact on each line. `broadsheet db migrate` stores it beside the
 * version, so that a change by hand is detected. Versions of PostgreSQL write expressions differently, so only names and
 * types are compared.
 */

export const SHAPE = `
  SELECT string_agg(line, chr(10) ORDER BY line COLLATE "C") AS shape FROM (
    SELECT format('column %s.%s %s', relname, attname, format_type(atttypid, atttypmod)) ||
      CASE WHEN attnotnull THEN ' NOT NULL' ELSE '' END AS line
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relnamespace = to_regnamespace('broadsheet') AND relkind IN ('r', 'v') AND attnum > 0 AND NOT attisdropped
    UNION ALL
    SELECT format('constraint %s of %s', conname, relname)
    FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
    WHERE relnamespace = to_regnamespace('broadsheet') AND contype IN ('p', 'u', 'f', 'c')
    UNION ALL
    SELECT format('index %s', relname) || CASE WHEN indisunique THEN ' UNIQUE' ELSE '' END
    FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
    WHERE relnamespace = to_regnamespace('broadsheet') AND indisvalid
    UNION ALL
    SELECT format('trigger %s of %s', tgname, relname)
    FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
    WHERE relnamespace = to_regnamespace('broadsheet') AND NOT tgisinternal AND tgenabled = 'O'
    UNION ALL
    SELECT format('function %s %s', proname, md5(prosrc)) FROM pg_proc
    WHERE pronamespace = to_regnamespace('broadsheet')
  ) AS lines`;

/** The first difference, in words; undefined if there is none. An additional index is allowed. */
export function shapeDifference(expected: string, found: string): string | undefined {
  const [before, now] = [expected.split("\n"), found.split("\n")];
  const missing = before.find((line) => !now.includes(line));
  if (missing !== undefined) return `${missing} is missing`;
  const added = now.find((line) => !before.includes(line) && !line.startsWith("index "));
  return added === undefined ? undefined : `${added} was added`;
}
