--
-- Values of MySQL, MariaDB, SQLite and MongoDB, by the type of the column
--
SET ROLE regress_nextauth_owner;
\set SHOW_CONTEXT errors
BEGIN;
SET LOCAL client_min_messages = warning;
SELECT count(*) FROM nextauth.extend_model('User', '{
  "flag": {"type": "boolean", "nullable": true}, "flags": {"type": "boolean", "array": true, "nullable": true},
  "n": {"type": "int", "nullable": true}, "big": {"type": "bigint", "nullable": true}, "d": {"type": "double precision", "nullable": true},
  "price": {"type": "numeric", "nullable": true}, "bytes": {"type": "bytea", "nullable": true}, "key": {"type": "uuid", "nullable": true},
  "at": {"type": "timestamptz", "nullable": true}, "wall": {"type": "timestamp without time zone", "nullable": true}, "born": {"type": "date", "nullable": true},
  "times": {"type": "timestamptz", "array": true, "nullable": true}, "walls": {"type": "timestamp without time zone", "array": true, "nullable": true},
  "span": {"type": "tstzrange", "nullable": true},
  "data": {"type": "jsonb", "nullable": true}, "datas": {"type": "jsonb", "array": true, "nullable": true}, "plain": {"type": "json", "nullable": true},
  "tags": {"type": "text", "array": true, "nullable": true}, "numbers": {"type": "int", "array": true, "nullable": true},
  "words": {"type": "simple-array", "nullable": true}, "simple": {"type": "simple-json", "nullable": true},
  "role": {"type": "enum", "enum": ["user", "admin"], "nullable": true}, "note": {"type": "text", "nullable": true}}');
RESET client_min_messages;
-- one value at a time: what the column then has
CREATE FUNCTION pg_temp.take(property text, value jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  result text;
BEGIN
  PERFORM nextauth.import_rows('User', jsonb_build_array(jsonb_build_object('id', 1, property, value)));
  EXECUTE format('SELECT %I::text FROM nextauth.users', property) INTO result;
  DELETE FROM nextauth.users;
  RETURN coalesce(result, 'NULL');
EXCEPTION WHEN data_exception THEN
  RETURN 'ERROR: ' || SQLERRM;
END $$;
CREATE FUNCTION pg_temp.take(property text, VARIADIC "values" text[]) RETURNS TABLE (value text, column_has text)
LANGUAGE sql AS $$ SELECT v, pg_temp.take(property, v::jsonb) FROM unnest("values") WITH ORDINALITY u (v, n) ORDER BY n $$;

-- booleans are numbers in SQLite and MySQL, and bits in JSON of MySQL
SELECT * FROM pg_temp.take('flag', '1', '0', 'true', '"t"', '{"$numberInt": "1"}', '"base64:type16:AQ=="', '"base64:type16:AA=="', 'null', '2');
SELECT * FROM pg_temp.take('flags', '[1, 0, null, true]', '"[true,false]"');
-- numbers
SELECT * FROM pg_temp.take('n', '7', '7.0', '"7"', 'true', '{"$numberDouble": "7.0"}', '{"$numberLong": "3000000000"}', '7.5', '{"a": 1}');
SELECT * FROM pg_temp.take('big', '9007199254740993', '{"$numberLong": "9007199254740993"}');
SELECT * FROM pg_temp.take('d', '1.5', '{"$numberDouble": "NaN"}', '{"$numberDouble": "-Infinity"}', '{"$numberDouble": "1.5e+300"}');
SELECT * FROM pg_temp.take('price', '1.50', '{"$numberDecimal": "1.50"}', '"1.50"');
-- a number in a column of text, as JavaScript prints it
SELECT * FROM pg_temp.take('note', '4711.0', '{"$numberDouble": "4711.0"}', '12345678901234567890', '"4711.0"', 'true', '{"a": [1]}', '{"$oid": "5f9d88b9c2d4e8a1b2c3d4e5"}', '{"$date": 0}', '""');
-- bytes: hexadecimal, base64, as MySQL and MongoDB write them
SELECT * FROM pg_temp.take('bytes', '"00ff"', '"0x00FF"', '"\\x00ff"', '"AP8="', '"base64:type252:AP8="', '{"$binary": {"base64": "AP8=", "subType": "00"}}', '{"$binary": "AP8=", "$type": "00"}', '""', '"no bytes"');
SELECT * FROM pg_temp.take('key', '"6F1C2A1E-8F6A-4A6F-9D0E-0123456789AB"', '{"$uuid": "6f1c2a1e-8f6a-4a6f-9d0e-0123456789ab"}', '{"$binary": {"base64": "bxwqHo9qSm+dDgEjRWeJqw==", "subType": "04"}}', '"x"');
SELECT * FROM pg_temp.take('role', '"admin"', '"guest"');

-- times without a zone are of UTC, in whatever time zone the session is
CREATE FUNCTION pg_temp.times() RETURNS TABLE (property text, value text, column_has text) LANGUAGE sql AS $$
  SELECT 'at', t.* FROM pg_temp.take('at', '"2031-01-06 23:08:09"', '"2031-01-06T23:08:09.5"', '"2031-01-06T23:08:09Z"', '"2031-01-06T23:08:09+02:00"',
    '{"$date": "2031-01-06T23:08:09Z"}', '{"$date": {"$numberLong": "1925507289123"}}', '{"$date": 1925507289123}', '{"$timestamp": {"t": 1925507289, "i": 1}}',
    '1925507289', '1925507289123', '"1925507289"', '{"$date": {"$numberLong": "-62135596800000"}}', '"03/04/2031"', '{"$numberLong": "9223372036854775807"}') t
  UNION ALL
  SELECT 'wall', t.* FROM pg_temp.take('wall', '"2031-01-06 23:08:09"', '"2031-01-06T23:08:09Z"', '"2031-01-06T23:08:09+02:00"', '{"$date": {"$numberLong": "1925507289123"}}', '1925507289', '"infinity"') t
  UNION ALL
  SELECT 'born', t.* FROM pg_temp.take('born', '"2031-01-06"', '{"$date": "2031-01-06T23:08:09Z"}', '"2031-01-06T23:08:09Z"') t
  UNION ALL
  SELECT 'times', t.* FROM pg_temp.take('times', '["2031-01-06 23:08:09", {"$date": 0}]', '"{\"2031-01-06 23:08:09\"}"') t
  UNION ALL
  SELECT 'walls', t.* FROM pg_temp.take('walls', '["2031-01-06 23:08:09", "2031-01-06T23:08:09+02:00"]') t
  UNION ALL
  SELECT 'span', t.* FROM pg_temp.take('span', '"[\"2031-01-06 23:08:09\",\"2031-01-07 00:00:00\")"') t
$$;
SET LOCAL TimeZone = 'UTC';
SELECT * FROM pg_temp.times();
CREATE TEMP TABLE at_utc AS SELECT * FROM pg_temp.times();
SET LOCAL DateStyle = 'ISO, DMY';
SET LOCAL TimeZone = 'America/New_York';
CREATE TEMP TABLE abroad AS SELECT * FROM pg_temp.times();
SELECT * FROM abroad;
-- the session's zone and style are what they were
SHOW TimeZone;
SHOW DateStyle;
RESET DateStyle;
SELECT count(*), count(*) FILTER (WHERE u.column_has::timestamptz = a.column_has::timestamptz) AS same
FROM at_utc u JOIN abroad a USING (property, value) WHERE property = 'at' AND a.column_has NOT LIKE 'ERROR%';
SET LOCAL TimeZone = 'UTC';

-- JSON: text of MariaDB and SQLite that is an object or array; Extended JSON at any depth
SELECT * FROM pg_temp.take('data', '{"a": {"$numberInt": "1"}, "at": {"$date": {"$numberLong": "1925507289123"}}, "ids": [{"$oid": "5f9d88b9c2d4e8a1b2c3d4e5"}, {"b": {"$numberDouble": "NaN"}}]}',
  '"{\"a\": 1}"', '"[1, 2]"', '"{no JSON"', '"text"', '3', '{"$numberLong": "3"}', 'false', '{"$price": 1}', '{"$oid": "a", "b": 1}', '{"bytes": {"$binary": {"base64": "AP8=", "subType": "00"}}}', 'null');
SELECT * FROM pg_temp.take('plain', '{"a": {"$numberInt": "1"}}', '"{\"a\":  1}"');
SELECT * FROM pg_temp.take('datas', '[{"a": {"$numberInt": "1"}}, [1], "x", null]');
SELECT * FROM pg_temp.take('simple', '{"a": {"$numberInt": "1"}, "b": [true]}', '"{\"a\": 1}"', '"text"');
-- arrays: JSON, its text, PostgreSQL's text, or text with commas
SELECT * FROM pg_temp.take('tags', '["a", "b,c", "q\"\\", null]', '"[\"a\",\"b\"]"', '"{a,b}"', '"a,b"', '"[a,b"', '""', '[["a"], ["b"]]', '{"a": 1}', '3');
SELECT * FROM pg_temp.take('numbers', '[1, 2.0, {"$numberLong": "3"}]', '"1,2"', '["x"]');
SELECT * FROM pg_temp.take('words', '["a", "b"]', '"a,b"', '["a,b"]', '[]');

-- The error says which row and key it was
SAVEPOINT s;
SELECT nextauth.import_rows('User', '[{"id": 1, "n": 1}, {"id": 2, "n": "x"}]');
ROLLBACK TO s;
SELECT nextauth.import_rows('User', '[{"id": 1, "numbers": [1, "x"]}]');
ROLLBACK;
RESET ROLE;
