--
-- Each adapter's views are exactly its own tables: nothing of another
-- adapter's is there.  What an older version of the extension made otherwise,
-- add_adapter() makes right.
--
\getenv abs_srcdir PG_ABS_SRCDIR
\set adapters_database :abs_srcdir '/sql/include/adapters_database.sql'
\i :adapters_database
CREATE ROLE regress_nextauth_app;
SET ROLE regress_nextauth_owner;

--
-- Only Supabase's accounts have OAuth 1's tokens, and each has one table of
-- verification tokens, spelled in its own way, without an id
--
SELECT count(*) FROM unnest('{pg,neon,supabase,kysely}'::text[]) a, nextauth.add_adapter(a);
SELECT * FROM public.shown ORDER BY schema, view;
SELECT nextauth.grant_adapter('regress_nextauth_app');

--
-- Which column is which property: for whoever reads the catalog
--
SELECT count(*) FROM nextauth.extend_model('User', '{"phoneNumber": {"type": "varchar", "nullable": true}}');
SELECT count(*) FROM nextauth.add_adapter('sequelize', 'nextauth_app');
SET ROLE regress_nextauth_app;
SELECT * FROM nextauth.adapter_columns WHERE adapter IN ('pg', 'sequelize') AND model IN ('User', 'VerificationRequest');
SELECT adapter, schema, view, view_column FROM nextauth.adapter_columns WHERE property = 'phoneNumber' ORDER BY schema COLLATE "C";
SELECT count(*) FROM nextauth.adapter_columns_of('public');
SELECT nextauth.adapter_columns_of(NULL);
SET ROLE regress_nextauth_owner;
-- of what is there, as it is there
BEGIN;
DROP VIEW nextauth_app.accounts;
ALTER VIEW nextauth_app.sessions RENAME user_id TO "ownerId";
DROP VIEW nextauth_app.verification_tokens;
CREATE VIEW nextauth_app.verification_tokens AS SELECT 1 AS token;
SELECT view, view_column, property FROM nextauth.adapter_columns WHERE schema = 'nextauth_app' AND model <> 'User';
ROLLBACK;
SELECT count(*) FROM nextauth.drop_adapter('nextauth_app'), nextauth.drop_properties('User', 'phoneNumber');

--
-- As an older version made them
--
BEGIN;
DROP VIEW nextauth_pg.accounts, nextauth_pg.verification_token;
CREATE VIEW nextauth_pg.accounts WITH (security_invoker = true) AS
SELECT id, user_id AS "userId", provider_type AS type, provider_id AS provider, provider_account_id AS "providerAccountId", refresh_token,
  access_token, expires_at, id_token, scope, session_state, token_type, oauth_token, oauth_token_secret FROM nextauth.accounts;
COMMENT ON VIEW nextauth_pg.accounts IS 'NextAuth.js model Account, for the adapter pg';
CREATE VIEW nextauth_pg.verification_token WITH (security_invoker = true) AS
SELECT id, identifier, token, expires FROM nextauth.verification_requests;
COMMENT ON VIEW nextauth_pg.verification_token IS 'NextAuth.js model VerificationRequest, for the adapter pg';
CREATE VIEW nextauth_pg.verification_tokens WITH (security_invoker = true) AS
SELECT id, identifier, token, expires FROM nextauth.verification_requests;
COMMENT ON VIEW nextauth_pg.verification_tokens IS 'NextAuth.js model VerificationRequest, for the adapter pg';
GRANT SELECT, INSERT ON nextauth_pg.accounts, nextauth_pg.verification_token, nextauth_pg.verification_tokens TO regress_nextauth_app;
SELECT finding, remedy FROM nextauth.check_models() ORDER BY 1;
SAVEPOINT old;
SELECT * FROM nextauth.add_adapter('pg') WHERE action <> 'unchanged';
SELECT * FROM public.shown WHERE schema = 'nextauth_pg' ORDER BY view;
SELECT has_table_privilege('regress_nextauth_app', 'nextauth_pg.accounts', 'INSERT') AS may_insert,
  has_table_privilege('regress_nextauth_app', 'nextauth_pg.verification_token', 'SELECT') AS may_select,
  has_table_privilege('regress_nextauth_app', 'nextauth_pg.accounts', 'DELETE') AS may_delete;
SELECT * FROM nextauth.check_models();
SELECT DISTINCT action FROM nextauth.add_adapter('pg');
-- they are not dropped with what uses them
ROLLBACK TO old;
CREATE VIEW nextauth_pg.mine AS SELECT token FROM nextauth_pg.verification_tokens;
SELECT nextauth.add_adapter('pg');
ROLLBACK TO old;
-- they go with the adapter
SELECT * FROM nextauth.drop_adapter('nextauth_pg');
ROLLBACK;
-- a view that somebody made under such a name is theirs
BEGIN;
CREATE VIEW nextauth_pg.verification_tokens AS SELECT * FROM nextauth.verification_requests;
SELECT * FROM nextauth.add_adapter('pg') WHERE action <> 'unchanged';
SELECT * FROM nextauth.check_models();
SELECT name, action FROM nextauth.drop_adapter('nextauth_pg');
ROLLBACK;

--
-- An adapter's schema may have been made by another role than the tables'
-- owner, as whom the views change with their model
--
BEGIN;
SELECT property, action FROM nextauth.extend_model('User', '{"motto": {"type": "varchar", "nullable": true}}');
RESET ROLE;
ALTER SCHEMA nextauth_pg OWNER TO CURRENT_USER;
SET LOCAL ROLE regress_nextauth_owner;
SAVEPOINT closed;
SELECT statement FROM nextauth.plan_model('User', '{"nickName": {"type": "varchar", "nullable": true}}');
ROLLBACK TO closed;
SELECT nextauth.extend_model('User', '{"nickName": {"type": "varchar", "nullable": true}}');
ROLLBACK TO closed;
SELECT nextauth.drop_properties('User', 'motto');
ROLLBACK TO closed;
SELECT nextauth.convert_ids('uuid');
ROLLBACK TO closed;
-- a new name needs only USAGE
SELECT property, action FROM nextauth.rename_property('User', 'motto', 'saying');
ROLLBACK TO closed;
RESET ROLE;
GRANT USAGE ON SCHEMA nextauth_pg TO regress_nextauth_owner;
SET LOCAL ROLE regress_nextauth_owner;
SELECT property, action FROM nextauth.rename_property('User', 'motto', 'saying');
ROLLBACK TO closed;
RESET ROLE;
GRANT USAGE, CREATE ON SCHEMA nextauth_pg TO regress_nextauth_owner;
SET LOCAL ROLE regress_nextauth_owner;
SELECT property, action FROM nextauth.extend_model('User', '{"nickName": {"type": "varchar", "nullable": true}}');
ROLLBACK;

RESET ROLE;
\c :regression
DROP DATABASE regress_nextauth_adapters;
DROP ROLE regress_nextauth_app;
