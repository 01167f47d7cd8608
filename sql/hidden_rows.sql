--
-- Who may not read a table is told nothing of its rows: neither whether there are any, nor how many, nor what is in them
--
\set SHOW_CONTEXT never
\set VERBOSITY terse
CREATE ROLE regress_nextauth_asker;
GRANT USAGE ON SCHEMA nextauth TO regress_nextauth_asker;
BEGIN;
SELECT count(*) FROM nextauth.extend_model('User', '{
  "nick": {"type": "text", "nullable": true}, "nr": {"type": "int", "nullable": true}, "role": {"enum": ["a", "b"], "nullable": true}}');
-- what may be asked, each within a call that fails or not
CREATE FUNCTION pg_temp.ask() RETURNS TABLE (question text, answer text) LANGUAGE plpgsql AS $$
DECLARE
  r record;
BEGIN
  FOR question IN SELECT unnest(ARRAY[
    $q$plan_model('User', '{"must": {"type": "text"}}')$q$,
    $q$plan_model('User', '{"nick": {"type": "text"}}')$q$,
    $q$plan_model('User', '{"nick": {"type": "text", "nullable": true, "unique": true}}')$q$,
    $q$plan_model('User', '{"nick": {"type": "int", "nullable": true}}')$q$,
    $q$plan_model('User', '{"nr": {"type": "int", "generated": "increment"}}')$q$,
    $q$plan_model('User', '{"nr": {"type": "int", "generated": "identity"}}')$q$,
    $q$plan_model('User', '{"role": {"enum": ["a"], "nullable": true}}')$q$,
    $q$plan_model('User', '{"nick": {"type": "text", "nullable": true, "asExpression": "name", "generatedType": "STORED"}}')$q$,
    $q$plan_model('User', '{}', '{"checks": [{"name": "c", "expression": "nr < 3"}]}')$q$,
    $q$plan_model('User', '{"nr": {"type": "int", "nullable": true, "foreignKey": {"target": "User"}}}')$q$,
    $q$plan_convert_ids('text')$q$])
  LOOP
    BEGIN
      EXECUTE format('SELECT string_agg(concat_ws('' | '', statement, cost, coalesce(rows::text, ''hidden'')), E''\n'' ORDER BY step) FROM nextauth.%s', question) INTO answer;
    EXCEPTION WHEN OTHERS THEN
      GET STACKED DIAGNOSTICS answer = PG_EXCEPTION_DETAIL;
      answer := SQLSTATE || ' ' || SQLERRM || ' ' || answer;
    END;
    RETURN NEXT;
  END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION pg_temp.ask() TO PUBLIC;
SET LOCAL client_min_messages = warning;
SET LOCAL nextauth.max_scan_rows = 1;
CREATE TEMP TABLE answers (asked text, question text, answer text);
GRANT ALL ON answers TO PUBLIC;
SET LOCAL ROLE regress_nextauth_asker;
INSERT INTO answers SELECT 'empty', * FROM pg_temp.ask();
RESET ROLE;
INSERT INTO nextauth.users (name, email, nick, nr, role) VALUES ('secret', 'a@example.com', 'twice', 41, 'b'), (NULL, NULL, 'twice', NULL, 'b');
SET LOCAL ROLE regress_nextauth_asker;
INSERT INTO answers SELECT 'full', * FROM pg_temp.ask();
-- what is answered
SELECT question, answer FROM answers WHERE asked = 'full';
-- is the same as of an empty table
SELECT question FROM answers a WHERE asked = 'full' AND answer IS DISTINCT FROM
  (SELECT answer FROM answers b WHERE b.asked = 'empty' AND b.question = a.question);
-- also for who may read some rows of it, or some columns
RESET ROLE;
GRANT SELECT ON nextauth.users TO regress_nextauth_asker;
ALTER TABLE nextauth.users ENABLE ROW LEVEL SECURITY;
SET LOCAL ROLE regress_nextauth_asker;
INSERT INTO answers SELECT 'rows', * FROM pg_temp.ask();
RESET ROLE;
ALTER TABLE nextauth.users DISABLE ROW LEVEL SECURITY;
REVOKE SELECT ON nextauth.users FROM regress_nextauth_asker;
GRANT SELECT (nick, nr, role) ON nextauth.users TO regress_nextauth_asker;
SET LOCAL ROLE regress_nextauth_asker;
INSERT INTO answers SELECT 'columns', * FROM pg_temp.ask();
-- (but for what has been granted since, which is no secret)
SELECT asked, question FROM answers a WHERE asked IN ('rows', 'columns') AND regexp_replace(answer, 'GRANT [^\n]*\n', '') IS DISTINCT FROM
  (SELECT answer FROM answers b WHERE b.asked = 'empty' AND b.question = a.question);
-- who may read all of it is told how many rows there are; what is in them is
-- asked with the rights of the table's owner, and so for them alone
RESET ROLE;
GRANT SELECT ON nextauth.users TO regress_nextauth_asker;
SET LOCAL ROLE regress_nextauth_asker;
INSERT INTO answers SELECT 'read', * FROM pg_temp.ask();
SELECT question, answer FROM answers a WHERE asked = 'read' AND
  regexp_replace(regexp_replace(answer, 'GRANT [^\n]*\n', ''), '[02]$', 'hidden', 'gn') IS DISTINCT FROM
  (SELECT regexp_replace(answer, '0$', 'hidden', 'gn') FROM answers b WHERE b.asked = 'empty' AND b.question = a.question);
RESET ROLE;
SELECT question, answer FROM pg_temp.ask() WHERE question !~ 'convert';
ROLLBACK;
DROP OWNED BY regress_nextauth_asker;
DROP ROLE regress_nextauth_asker;
