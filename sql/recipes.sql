--
-- The recipes of doc/recipes.md in SQL: what row level security of the tables lets an application see through an adapter's views
--
\set SHOW_CONTEXT never
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE ROLE regress_nextauth_app1;
SELECT count(*) FROM nextauth.add_adapter('pg');
SELECT nextauth.grant_adapter('regress_nextauth_app1');

-- An inactive user cannot sign in
SAVEPOINT recipe;
SET LOCAL ROLE regress_nextauth_owner;
SELECT action FROM nextauth.extend_model('User', '{"active": {"type": "boolean", "default": true, "insert": false, "update": false}}');
ALTER TABLE nextauth.users ENABLE ROW LEVEL SECURITY;
ALTER TABLE nextauth.accounts ENABLE ROW LEVEL SECURITY;
ALTER TABLE nextauth.sessions ENABLE ROW LEVEL SECURITY;
CREATE POLICY active ON nextauth.users TO regress_nextauth_app1 USING (active);
CREATE POLICY active ON nextauth.accounts TO regress_nextauth_app1
  USING (EXISTS (SELECT FROM nextauth.users u WHERE u.id = user_id AND u.active));
CREATE POLICY active ON nextauth.sessions TO regress_nextauth_app1
  USING (EXISTS (SELECT FROM nextauth.users u WHERE u.id = user_id AND u.active));
SET LOCAL ROLE regress_nextauth_app1;
INSERT INTO nextauth_pg.users (email) VALUES ('ada@example.com') RETURNING email;
INSERT INTO nextauth_pg.sessions ("userId", expires, "sessionToken") SELECT id, 'infinity', 's' FROM nextauth_pg.users RETURNING "sessionToken";
SET LOCAL ROLE regress_nextauth_owner;
UPDATE nextauth.users SET active = false;
SET LOCAL ROLE regress_nextauth_app1;
SELECT email FROM nextauth_pg.users;
SELECT "sessionToken" FROM nextauth_pg.sessions;
SAVEPOINT s;
INSERT INTO nextauth_pg.users (email) VALUES ('ada@example.com');
ROLLBACK TO s;
UPDATE nextauth_pg.users SET active = true;
SET LOCAL ROLE regress_nextauth_owner;
UPDATE nextauth.users SET active = true;
SET LOCAL ROLE regress_nextauth_app1;
SELECT email, "sessionToken" FROM nextauth_pg.users u JOIN nextauth_pg.sessions ON "userId" = u.id;
RESET ROLE;

-- Tenants
ROLLBACK TO recipe;
SET LOCAL ROLE regress_nextauth_owner;
INSERT INTO nextauth.users (email) VALUES ('old@example.com');
SET LOCAL app.tenant = 'first';
SELECT action FROM nextauth.extend_model('User', '{
  "email": {"type": "varchar", "nullable": true, "unique": false},
  "tenantId": {"type": "varchar", "defaultExpression": "current_setting(''app.tenant'')", "insert": false, "update": false}
}', '{"uniques": [{"columns": ["email", "tenantId"]}]}');
ALTER TABLE nextauth.users ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON nextauth.users TO regress_nextauth_app1 USING (tenant_id = current_setting('app.tenant'));
SET LOCAL ROLE regress_nextauth_app1;
INSERT INTO nextauth_pg.users (email) VALUES ('ada@example.com') RETURNING email, "tenantId";
SET LOCAL app.tenant = 'second';
INSERT INTO nextauth_pg.users (email) VALUES ('ada@example.com') RETURNING email, "tenantId";
SELECT email, "tenantId" FROM nextauth_pg.users;
UPDATE nextauth_pg.users SET name = 'Ada' RETURNING "tenantId";
SAVEPOINT s;
INSERT INTO nextauth_pg.users (email, "tenantId") VALUES ('bob@example.com', 'first');
ROLLBACK TO s;
INSERT INTO nextauth_pg.users (email) VALUES ('ada@example.com');
ROLLBACK TO s;
SET LOCAL app.tenant = 'first';
SELECT email, "tenantId", name FROM nextauth_pg.users ORDER BY email;
-- what the model is says so, here and for another database
RESET ROLE;
SELECT columns, options FROM nextauth.custom_models WHERE model = 'User';
SELECT property, finding FROM nextauth.check_models() WHERE model = 'User';
ROLLBACK;
