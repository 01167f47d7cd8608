-- A statement of a plan to be read: a line a clause
CREATE FUNCTION pg_temp.by_clause(statement text) RETURNS text LANGUAGE sql AS $$
  SELECT regexp_replace(statement,
    ' (?=(ADD|ALTER|DROP) (COLUMN|CONSTRAINT)|REFERENCES|USING|OWNED BY|SELECT|FROM|WHERE)', E'\n  ', 'g')
$$;
-- and what it takes
CREATE FUNCTION pg_temp.takes(lock text, cost text, rows bigint, needs text) RETURNS text LANGUAGE sql AS $$
  SELECT concat_ws(E'\n', concat_ws(', ', lock, cost, 'rows: ' || coalesce(rows::text, 'hidden')), 'needs ' || needs)
$$;
