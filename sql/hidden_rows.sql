--
-- Who may not read a table is told nothing of its rows: neither whether there
-- are any, nor how many, nor what is in them
--
\set SHOW_CONTEXT never
\getenv abs_srcdir PG_ABS_SRCDIR
\set plan :abs_srcdir '/sql/include/plan.sql'
\i :plan
CREATE ROLE regress_nextauth_asker;
GRANT USAGE ON SCHEMA nextauth TO regress_nextauth_asker;
BEGIN;
SELECT count(*) FROM nextauth.extend_model('User', '{
  "nick": {"type": "text", "nullable": true},
  "nr": {"type": "int", "nullable": true},
  "role": {"enum": ["a", "b"], "nullable": true}}');

--
-- What may be asked
--
CREATE TEMP TABLE questions (number serial, question text, call text);
INSERT INTO questions (question, call) VALUES
  ('a column without a default', $$plan_model('User', '{"must": {"type": "text"}}')$$),
  ('not null', $$plan_model('User', '{"nick": {"type": "text"}}')$$),
  ('unique', $$plan_model('User', '{"nick": {"type": "text", "nullable": true, "unique": true}}')$$),
  ('another type', $$plan_model('User', '{"nick": {"type": "int", "nullable": true}}')$$),
  ('a sequence', $$plan_model('User', '{"nr": {"type": "int", "generated": "increment"}}')$$),
  ('an identity', $$plan_model('User', '{"nr": {"type": "int", "generated": "identity"}}')$$),
  ('one label less', $$plan_model('User', '{"role": {"enum": ["a"], "nullable": true}}')$$),
  ('computed', $$plan_model('User', '{
    "nick": {"type": "text", "nullable": true, "asExpression": "name", "generatedType": "STORED"}}')$$),
  ('a check', $$plan_model('User', '{}', '{"checks": [{"name": "c", "expression": "nr < 3"}]}')$$),
  ('a foreign key', $$plan_model('User', '{
    "nr": {"type": "int", "nullable": true, "foreignKey": {"target": "User"}}}')$$),
  ('other ids', $$plan_convert_ids('text')$$);
-- The answers: a plan, with cost and rows behind each statement, or an error
CREATE FUNCTION pg_temp.ask() RETURNS TABLE (number int, question text, answer text) LANGUAGE plpgsql AS $$
DECLARE
  call text;
BEGIN
  FOR number, question, call IN SELECT * FROM questions q ORDER BY q.number LOOP
    BEGIN
      EXECUTE format($q$
        SELECT string_agg(pg_temp.by_clause(statement) || E'\n  -- ' || pg_temp.takes(NULL, cost, rows, NULL),
          E'\n' ORDER BY step)
        FROM nextauth.%s $q$, call) INTO answer;
    EXCEPTION WHEN OTHERS THEN
      GET STACKED DIAGNOSTICS answer = PG_EXCEPTION_DETAIL;
      answer := concat(SQLSTATE, ': ', SQLERRM, E'\n  ', answer);
    END;
    RETURN NEXT;
  END LOOP;
END $$;
GRANT SELECT ON questions TO PUBLIC;
CREATE TEMP TABLE answers (asked text, number int, question text, answer text);
GRANT ALL ON answers TO PUBLIC;
-- The answers that differ from those about the empty table; but for the GRANT
-- of what has been granted since, which is no secret, and for the numbers given
CREATE FUNCTION pg_temp.different(asked text, but_for text DEFAULT 'rows: hidden') RETURNS SETOF answers
LANGUAGE sql AS $$
  SELECT a.* FROM answers a JOIN answers b USING (number)
  WHERE a.asked = different.asked AND b.asked = 'empty' AND
    regexp_replace(regexp_replace(a.answer, 'GRANT [^\n]*\n[^\n]*\n', '', 'g'), but_for, 'rows: hidden', 'gn')
    IS DISTINCT FROM regexp_replace(b.answer, but_for, 'rows: hidden', 'gn')
  ORDER BY number
$$;

--
-- Without a right to read, the answers are the same whatever is in the table
--
SET LOCAL client_min_messages = warning;
SET LOCAL nextauth.max_scan_rows = 1;
SET LOCAL ROLE regress_nextauth_asker;
INSERT INTO answers SELECT 'empty', * FROM pg_temp.ask();
RESET ROLE;
INSERT INTO nextauth.users (name, email, nick, nr, role)
VALUES ('secret', 'a@example.com', 'twice', 41, 'b'), (NULL, NULL, 'twice', NULL, 'b');
SET LOCAL ROLE regress_nextauth_asker;
INSERT INTO answers SELECT 'full', * FROM pg_temp.ask();
SELECT question, answer FROM answers WHERE asked = 'full' ORDER BY number;
SELECT question FROM pg_temp.different('full');

--
-- So they are for who may read some rows of it, or some columns
--
RESET ROLE;
GRANT SELECT ON nextauth.users TO regress_nextauth_asker;
ALTER TABLE nextauth.users ENABLE ROW LEVEL SECURITY;
SET LOCAL ROLE regress_nextauth_asker;
INSERT INTO answers SELECT 'rows', * FROM pg_temp.ask();
SELECT question FROM pg_temp.different('rows');
RESET ROLE;
ALTER TABLE nextauth.users DISABLE ROW LEVEL SECURITY;
REVOKE SELECT ON nextauth.users FROM regress_nextauth_asker;
GRANT SELECT (nick, nr, role) ON nextauth.users TO regress_nextauth_asker;
SET LOCAL ROLE regress_nextauth_asker;
INSERT INTO answers SELECT 'columns', * FROM pg_temp.ask();
SELECT question FROM pg_temp.different('columns');

--
-- Who may read all of it is told how many rows there are; what is in them is
-- asked with the rights of the table's owner, and so for them alone
--
RESET ROLE;
GRANT SELECT ON nextauth.users TO regress_nextauth_asker;
SET LOCAL ROLE regress_nextauth_asker;
INSERT INTO answers SELECT 'read', * FROM pg_temp.ask();
SELECT question FROM pg_temp.different('read');
SELECT question, answer FROM pg_temp.different('read', 'rows: [02]$');
RESET ROLE;
SELECT question, answer FROM pg_temp.ask() WHERE question <> 'other ids' ORDER BY number;
ROLLBACK;
DROP OWNED BY regress_nextauth_asker;
DROP ROLE regress_nextauth_asker;
