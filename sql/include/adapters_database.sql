--
-- A database of its own for tests of adapters, most of which cannot work with
-- serial ids: its ids are texts, and its tables regress_nextauth_owner's, who
-- may create schemas.  The caller ends with \c :regression, and drops it.
--
\set ECHO none
\set SHOW_CONTEXT never
SELECT current_database() AS regression \gset
SET client_min_messages = warning;
DROP DATABASE IF EXISTS regress_nextauth_adapters;
CREATE DATABASE regress_nextauth_adapters;
\c regress_nextauth_adapters
SET nextauth.id_type = 'text';
CREATE EXTENSION nextauth;
GRANT CREATE ON DATABASE regress_nextauth_adapters TO regress_nextauth_owner;
GRANT USAGE ON SCHEMA nextauth TO regress_nextauth_owner WITH GRANT OPTION;
ALTER TABLE nextauth.users OWNER TO regress_nextauth_owner;
ALTER TABLE nextauth.accounts OWNER TO regress_nextauth_owner;
ALTER TABLE nextauth.sessions OWNER TO regress_nextauth_owner;
ALTER TABLE nextauth.verification_requests OWNER TO regress_nextauth_owner;

-- What adapters' views show: (t) behind one that a trigger writes through, the
-- type behind a column that is no text
CREATE VIEW public.shown AS
SELECT c.relnamespace::regnamespace::text COLLATE "C" AS schema,
  c.relname || CASE WHEN EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid) THEN ' (t)' ELSE '' END COLLATE "C" AS view,
  string_agg(a.attname || CASE WHEN typname IN ('text', 'varchar') THEN '' ELSE ' ' || typname END, ', ' ORDER BY a.attnum) AS columns
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type ON pg_type.oid = a.atttypid
WHERE c.relkind = 'v' AND c.relnamespace::regnamespace::text ~ '^(nextauth_|next_auth)'
GROUP BY c.oid;
GRANT SELECT ON public.shown TO PUBLIC;
\set ECHO all
