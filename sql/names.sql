--
-- Properties, and the columns that they become
--
SET ROLE regress_nextauth_owner;
BEGIN;
SELECT property, column_name
FROM nextauth.extend_model('User', (
  SELECT jsonb_agg(jsonb_build_object('property', property, 'type', 'int', 'nullable', true) ORDER BY position)
  FROM unnest(ARRAY['phoneNumber', 'homeURL', 'XMLHttpRequest', 'OAuthToken', 'address1Line', 'userID', 'a1B',
    'A', 'ABC', 'already_snake', '_private', '$dollar', 'with space', 'quote"d', 'it''s', 'back\slash', 'dot.ted',
    'größe', 'ÄÖÜ', '電話', 'select', 'Robert''); DROP TABLE nextauth.users; --'])
    WITH ORDINALITY AS properties (property, position)
));
SELECT property, column_name, "position" FROM nextauth.model_columns WHERE is_custom;
SELECT x.action, count(*)
FROM nextauth.custom_models m, nextauth.extend_model(m.model, m.columns) x
GROUP BY x.action;
-- a given name is taken as it is
SELECT * FROM nextauth.extend_model('Account', '{
  "mixed": {"type": "int", "nullable": true, "name": "Mixed Case \"quoted\""},
  "longest": {"type": "int", "nullable": true, "unique": true, "name": "a23456789b23456789c23456789d23456789e23456789f23456789g23456789"}
}');
ROLLBACK;

-- a name is refused rather than cut, and so is one that would be two things
SELECT nextauth.extend_model('User', '{"": {"type": "int"}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "name": ""}}');
SELECT nextauth.extend_model('User', '{"a23456789b23456789c23456789d23456789e23456789f23456789g2345678Xy": {"type": "int"}}');
SELECT nextauth.extend_model('User', '{"a": {"type": "int", "name": "a23456789b23456789c23456789d23456789e23456789f23456789g234567890"}}');
SELECT nextauth.extend_model('User', '{"aBcDeFgHiJkLmNoPqRsTuVwXyZaBcDeFgHiJkLmNoPqRsTuVwXyZ": {"type": "int"}}');
SELECT nextauth.extend_model('User', '{"a": {"name": "a23456789b23456789c23456789d23456789e23456789f23456789g", "enum": ["x"]}}');
SELECT nextauth.extend_model('User', '{"a": {"enum": ["a23456789b23456789c23456789d23456789e23456789f23456789g234567890"]}}');
SELECT nextauth.extend_model('User', '{"phoneNumber": {"type": "int"}, "phone_number": {"type": "int"}}');
SELECT nextauth.extend_model('User', '[{"property": "a", "type": "int"}, {"property": "a", "type": "int"}]');
SELECT nextauth.extend_model('User', '{"mail": {"type": "varchar", "name": "email"}}');
SELECT nextauth.extend_model('User', '{"created_at": {"type": "timestamp"}}');
SELECT nextauth.extend_model('User', '{"ctid": {"type": "int", "nullable": true}}');
BEGIN;
SELECT count(*) FROM nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true}}');
SAVEPOINT s;
SELECT nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true, "name": "nick_name"}}');
ROLLBACK TO s;
SELECT nextauth.extend_model('User', '{"nickname": {"type": "text", "nullable": true, "name": "nick"}}');
ROLLBACK;
