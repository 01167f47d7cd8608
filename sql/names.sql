--
-- Properties, and the names of the columns that they become
--
SET ROLE regress_nextauth_owner;
-- A name of 63 bytes, the longest that PostgreSQL does not cut
\set longest a23456789b23456789c23456789d23456789e23456789f23456789g23456789

--
-- A column is named like its property in snake case; what is no letter stays,
-- and nothing in a name is SQL
--
BEGIN;
CREATE TEMP TABLE told ON COMMIT DROP AS
SELECT property, column_name
FROM nextauth.extend_model('User', (
  SELECT jsonb_agg(jsonb_build_object('property', property, 'type', 'int', 'nullable', true) ORDER BY position)
  FROM unnest(ARRAY['phoneNumber', 'homeURL', 'XMLHttpRequest', 'OAuthToken', 'address1Line', 'userID', 'a1B',
    'A', 'ABC', 'already_snake', '_private', '$dollar', 'with space', 'quote"d', 'it''s', 'back\slash', 'dot.ted',
    'größe', 'ÄÖÜ', '電話', 'select', 'Robert''); DROP TABLE nextauth.users; --'])
    WITH ORDINALITY AS properties (property, position)
));
SELECT property, column_name, "position" FROM nextauth.model_columns WHERE is_custom;
-- extend_model() tells the same names, in the same order
SELECT (SELECT array_agg((property, column_name)) FROM told) =
  (SELECT array_agg((property, column_name)) FROM nextauth.model_columns WHERE is_custom) AS told_alike;
-- and finds each again
SELECT x.action, count(*)
FROM nextauth.custom_models m, nextauth.extend_model(m.model, m.columns) x
GROUP BY x.action;
ROLLBACK;

--
-- A name that is given is taken as it is, up to 63 bytes
--
BEGIN;
SELECT property, column_name, action
FROM nextauth.extend_model('Account', jsonb_build_object(
  'mixed', '{"type": "int", "nullable": true, "name": "Mixed Case \"quoted\""}'::jsonb,
  'longest', jsonb_build_object('type', 'int', 'nullable', true, 'unique', true, 'name', :'longest')));
ROLLBACK;

--
-- A name is refused rather than cut, be it a property's, a column's, an enum
-- type's or a label's
--
\set too_long :longest 'X'
SELECT nextauth.extend_model('User', jsonb_build_object(:'too_long', '{"type": "int"}'::jsonb));
SELECT nextauth.extend_model('User', jsonb_set('{"a": {"type": "int"}}', '{a,name}', to_jsonb(:'too_long'::text)));
SELECT nextauth.extend_model('User', jsonb_set('{"a": {}}', '{a,enum}', to_jsonb(ARRAY[:'too_long'])));
-- also one that is made of the given ones
SELECT nextauth.extend_model('User', '{"aBcDeFgHiJkLmNoPqRsTuVwXyZaBcDeFgHiJkLmNoPqRsTuVwXyZ": {"type": "int"}}');
SELECT nextauth.extend_model('User', '{
  "a": {"name": "a23456789b23456789c23456789d23456789e23456789f23456789g", "enum": ["x"]}}');
-- or if it is empty
SELECT nextauth.extend_model('User', '{"": {"type": "int"}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "name": ""}}');

--
-- A name stands for one thing: two properties have two columns
--
SELECT nextauth.extend_model('User', '{"phoneNumber": {"type": "int"}, "phone_number": {"type": "int"}}');
SELECT nextauth.extend_model('User', '[{"property": "a", "type": "int"}, {"property": "a", "type": "int"}]');
-- none of them a built-in property's, or PostgreSQL's own
SELECT nextauth.extend_model('User', '{"mail": {"type": "varchar", "name": "email"}}');
SELECT nextauth.extend_model('User', '{"created_at": {"type": "timestamp"}}');
SELECT nextauth.extend_model('User', '{"ctid": {"type": "int", "nullable": true}}');
-- and a property has one column, and keeps it
BEGIN;
SELECT action FROM nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true}}');
SAVEPOINT s;
SELECT nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true, "name": "nick_name"}}');
ROLLBACK TO s;
SELECT nextauth.extend_model('User', '{"nickname": {"type": "text", "nullable": true, "name": "nick"}}');
ROLLBACK;
