--
-- What an adapter asks: the views, entity_schema() and entity_schemas()
--
SET ROLE regress_nextauth_owner;
BEGIN;
SELECT count(*) FROM nextauth.extend_models('{
  "User": {"columns": {
    "phoneNumber": {"type": "varchar", "length": 20, "nullable": true, "unique": true},
    "role": {"type": "enum", "enum": ["user", "admin"], "default": "user"}
  }},
  "Session": {"columns": {"userAgent": {"type": "text", "nullable": true, "select": false}}}
}');
SELECT model, relation, custom_columns FROM nextauth.models ORDER BY 1, 2;
SELECT model, property, column_name, is_custom, "position", type, data_type,
  is_nullable, is_unique, is_primary, column_default
FROM nextauth.model_columns ORDER BY model, "position";
SELECT * FROM nextauth.custom_models ORDER BY 1, 2;
SELECT jsonb_pretty(nextauth.entity_schema('User'));
SELECT jsonb_pretty(nextauth.entity_schema('Account') -> 'indices');
SELECT key, value = nextauth.entity_schema(key) AS same
FROM jsonb_each(nextauth.entity_schemas());

-- They show what PostgreSQL has, also what was changed by hand
ALTER TABLE nextauth.users ALTER COLUMN phone_number TYPE text, ALTER COLUMN phone_number SET NOT NULL,
  DROP CONSTRAINT "UQ_17d1817f241f10a3dbafb169fd2";
COMMENT ON COLUMN nextauth.users.phone_number IS 'E.164';
CREATE INDEX users_role_idx ON nextauth.users (role) WHERE role = 'admin';
CREATE INDEX users_email_idx ON nextauth.users (email) INCLUDE (name);
CREATE UNIQUE INDEX users_name_lower_idx ON nextauth.users (lower(name));
ALTER TABLE nextauth.users ADD UNIQUE (name, phone_number) DEFERRABLE,
  ADD CONSTRAINT users_phone_number_check CHECK (phone_number ~ '^\+');
SELECT definition FROM nextauth.model_columns WHERE property = 'phoneNumber';
SELECT jsonb_pretty(nextauth.entity_schema('User') - 'columns');
-- a column that nobody declared is no property, nor is an index on it
ALTER TABLE nextauth.users ADD COLUMN undeclared integer;
CREATE INDEX users_undeclared_idx ON nextauth.users (undeclared);
SELECT count(*) FROM nextauth.model_columns WHERE column_name = 'undeclared';
SELECT jsonb_path_query_array(nextauth.entity_schema('User'), '$.indices.name');
-- a computed column becomes an ordinary one if it is defined so, and keeps its values
ALTER TABLE nextauth.users ADD COLUMN domain text GENERATED ALWAYS AS (split_part(email, '@', 2)) STORED;
SAVEPOINT s;
SELECT nextauth.extend_model('User', '{"domain": {"type": "text", "nullable": true}}');
ROLLBACK TO s;
-- one that is gone, dropped where no event trigger sees it, shows as such and
-- can be added again
RESET ROLE;
SET LOCAL session_replication_role = replica;
ALTER TABLE nextauth.users DROP COLUMN role;
RESET session_replication_role;
SET ROLE regress_nextauth_owner;
SELECT property, column_name, "position", data_type, definition FROM nextauth.model_columns WHERE property = 'role';
SELECT nextauth.entity_schema('User') #> '{columns,role}' IS NULL AS undescribed;
SELECT * FROM nextauth.extend_model('User', '{"role": {"type": "enum", "enum": ["user", "admin"], "default": "user"}}');
-- a table can be renamed and moved
RESET ROLE;
CREATE SCHEMA regress_nextauth_app AUTHORIZATION regress_nextauth_owner;
SET ROLE regress_nextauth_owner;
ALTER TABLE nextauth.users RENAME TO people;
ALTER TABLE nextauth.people SET SCHEMA regress_nextauth_app;
SELECT model, relation, table_schema, table_name FROM nextauth.models WHERE model = 'User';
SELECT nextauth.entity_schema('User') - 'columns' - 'indices' - 'uniques' - 'checks';
SELECT * FROM nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true}}');
\d regress_nextauth_app.people
ROLLBACK;

-- the comments on the catalog name each model, and each option that it can hold
RESET ROLE;
BEGIN;
SELECT count(*) > 0 AS added FROM nextauth.add_adapter('pg');
SELECT count(*) > 0 AS extended FROM nextauth.extend_model('User', '{
  "a": {"createDate": true, "comment": "x"}, "b": {"updateDate": true}, "c": {"deleteDate": true}, "d": {"version": true, "default": 1},
  "e": {"type": "int", "nullable": true, "select": false, "insert": false, "update": false, "foreignKey": {"target": "User"}}}');
SELECT string_agg(DISTINCT key, ' ' ORDER BY key) AS options, bool_and(col_description('nextauth.custom_column'::regclass, 5) ~ ('\m' || key || '\M')) AS are_described
FROM nextauth.custom_column, jsonb_object_keys(options || '{"filling": true}') key;
SELECT name FROM unnest(ARRAY['User', 'Account', 'Session', 'VerificationRequest', 'Authenticator']) name
WHERE col_description('nextauth.model'::regclass, 1) !~ ('\m' || name || '\M');
ROLLBACK;
-- and every function pins its search_path and has its caller's rights; the
-- event triggers pin it by themselves, after they have looked a name up, the
-- methods of an adapter and what writes through a view leave it to the triggers
-- of the tables, and user_id() and session_id() look no name up
SELECT p.oid::regprocedure, p.prosecdef, p.proconfig
FROM pg_proc p WHERE p.pronamespace = 'nextauth'::regnamespace
ORDER BY p.oid::regprocedure::text COLLATE "C";
