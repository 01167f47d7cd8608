--
-- Every change of a model is recorded, and gives it a version
--
SET ROLE regress_nextauth_owner;
BEGIN;
SELECT model, version FROM nextauth.models ORDER BY model;
SELECT action FROM nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true, "comment": "it''s"}, "role": {"enum": ["a", "b"], "default": "a"}}', '{"indices": [{"name": "by nick", "columns": ["nick"]}]}');
SELECT model, version, action, changes, statements FROM nextauth.model_changes ORDER BY model, version;
-- when, and who: the role that logged in, whatever it is now
SELECT changed_at = now() AS now, changed_by = session_user AS by_session, changed_by = current_user AS by_current FROM nextauth.model_changes;
-- a call that changes nothing leaves no trace
SELECT action FROM nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true, "comment": "it''s"}}');
SELECT action FROM nextauth.extend_model('User', '{}');
SELECT action FROM nextauth.extend_models('{"User": {"columns": {"role": {"enum": ["a", "b"], "default": "a"}}}, "Account": {"columns": {}}}');
SELECT statement FROM nextauth.plan_model('User', '{"nick": {"type": "varchar", "nullable": true}}');
SELECT action FROM nextauth.rename_property('User', 'nick', 'nick');
SELECT action FROM nextauth.drop_properties('User', VARIADIC '{}'::text[]);
SELECT count(*) FROM nextauth.check_models();
SELECT model, version FROM nextauth.models ORDER BY model;
-- nor does one that fails
SAVEPOINT s;
SELECT nextauth.extend_model('User', '{"new": {"type": "text", "nullable": true}, "email": {"type": "text"}}');
ROLLBACK TO s;
-- or is rolled back
SELECT action FROM nextauth.extend_model('User', '{"nick": {"type": "varchar", "nullable": true}}');
SELECT model, version FROM nextauth.models WHERE version > 0;
ROLLBACK TO s;
SELECT model, version FROM nextauth.models WHERE version > 0;
-- all that changes one is a change
SELECT action FROM nextauth.extend_model('User', '{"nick": {"type": "varchar", "nullable": true}}');
SELECT action FROM nextauth.extend_model('User', '{"nick": {"type": "varchar", "nullable": true, "select": false}}');
SELECT action FROM nextauth.extend_model('User', '{"name": {"type": "varchar", "nullable": true, "comment": "in full"}}');
SELECT action FROM nextauth.extend_model('User', '{}', '{"checks": [{"name": "short", "expression": "length(nick) < 9"}]}');
SELECT model, action FROM nextauth.extend_models('{
  "User": {"columns": {"role": {"enum": ["a", "b", "c"], "default": "a"}}},
  "Account": {"columns": {"scope": {"type": "text", "nullable": true}}},
  "Session": {"columns": {"expires": {"type": "timestamp"}}}
}');
SELECT action FROM nextauth.rename_property('User', 'nick', 'handle');
SELECT action FROM nextauth.drop_properties('User', 'handle', 'role');
SELECT model, version, action, changes, statements FROM nextauth.model_changes WHERE model <> 'User' OR version > 1 ORDER BY model, version;
SELECT model, version FROM nextauth.models ORDER BY model;
ROLLBACK;

-- what is done by hand is recorded where the catalog follows it
BEGIN;
SELECT action FROM nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true}, "pet": {"type": "text", "nullable": true}}');
ALTER TABLE nextauth.users RENAME COLUMN nick TO alias;
SET LOCAL nextauth.protect_columns = off;
ALTER TABLE nextauth.users DROP COLUMN pet;
ALTER TABLE nextauth.users RENAME COLUMN image TO picture;
ALTER TABLE nextauth.users DROP COLUMN name;
RESET nextauth.protect_columns;
-- but for what is no part of the model
ALTER TABLE nextauth.users ADD COLUMN undeclared int;
ALTER TABLE nextauth.users RENAME COLUMN undeclared TO still_undeclared;
ALTER TABLE nextauth.users DROP COLUMN still_undeclared;
CREATE TABLE nextauth.other (nick text, pet text);
ALTER TABLE nextauth.other RENAME COLUMN nick TO alias;
ALTER TABLE nextauth.other DROP COLUMN pet;
ALTER TABLE nextauth.users RENAME TO people;
SELECT version, action, changes, statements FROM nextauth.model_changes ORDER BY version;
ROLLBACK;

-- a model that was dropped goes on where it was
BEGIN;
SELECT action FROM nextauth.extend_model('Session', '{"ip": {"type": "inet", "nullable": true}}');
DROP TABLE nextauth.sessions;
SELECT model FROM nextauth.models ORDER BY 1;
RESET ROLE;
SELECT model, action FROM nextauth.install() WHERE model = 'Session';
SELECT action FROM nextauth.extend_model('Session', '{"ip": {"type": "inet", "nullable": true}}');
SELECT version, action FROM nextauth.model_changes ORDER BY version;
SELECT version FROM nextauth.models WHERE model = 'Session';
ROLLBACK;

-- and so does one that was never changed before
BEGIN;
SELECT model, version FROM nextauth.models WHERE model = 'Session';
DROP TABLE nextauth.sessions;
RESET ROLE;
SELECT model, action FROM nextauth.install() WHERE model = 'Session';
SELECT model, version FROM nextauth.models WHERE model = 'Session';
SELECT model, version, action, changes FROM nextauth.model_changes ORDER BY version;
ROLLBACK;

-- everybody reads it, nobody writes it
RESET ROLE;
CREATE ROLE regress_nextauth_reader;
BEGIN;
GRANT USAGE ON SCHEMA nextauth TO regress_nextauth_reader;
SET LOCAL ROLE regress_nextauth_owner;
SELECT action FROM nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true}}');
SET LOCAL ROLE regress_nextauth_reader;
SELECT version, changes FROM nextauth.model_changes;
SAVEPOINT s;
DELETE FROM nextauth.model_change;
ROLLBACK TO s;
UPDATE nextauth.model_changes SET changed_by = 'nobody';
ROLLBACK TO s;
SET LOCAL ROLE regress_nextauth_owner;
INSERT INTO nextauth.model_change VALUES ('User', 9, now(), 'nobody', 'nothing', '{}', '{}');
ROLLBACK;
DROP ROLE regress_nextauth_reader;

-- its statements, run one after the other, make the same model
BEGIN;
SELECT count(*) FROM nextauth.extend_model('User', '{"nick": {"type": "varchar", "length": 9, "nullable": true, "comment": "a;b''c"}, "role": {"enum": ["a", "b"], "default": "a"}, "n": {"type": "int", "generated": true}}');
SELECT count(*) FROM nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true, "unique": true}, "n": {"type": "bigint", "generated": "identity"}}', '{"indices": [{"columns": ["nick", "n"]}]}');
SELECT count(*) FROM nextauth.rename_property('User', 'nick', 'handle');
SELECT count(*) FROM nextauth.drop_properties('User', 'role');
CREATE TEMP TABLE changes AS SELECT version, ordinality, statement FROM nextauth.model_changes, unnest(statements) WITH ORDINALITY u(statement);
CREATE TEMP TABLE made AS SELECT columns, options FROM nextauth.custom_models;
SELECT count(*) FROM nextauth.drop_properties('User', 'handle', 'n');
SET LOCAL nextauth.protect_columns = off;
DO $$
DECLARE statement text;
BEGIN
  FOR statement IN SELECT c.statement FROM changes c ORDER BY version, ordinality LOOP
    EXECUTE statement;
  END LOOP;
END $$;
SELECT x.property, x.action FROM made, nextauth.extend_model('User', columns, options) x;
DROP TABLE changes, made;
ROLLBACK;
