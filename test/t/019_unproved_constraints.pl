# Constraints that PostgreSQL 18 does not enforce, and NOT NULL that rows from before may violate, are not what a definition
# asks for: they are made so, or refused where rows contradict.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->start;
plan skip_all => 'they exist from PostgreSQL 18 on' if $node->safe_psql('postgres', 'SHOW server_version_num') < 180000;

$node->safe_psql('postgres', 'CREATE ROLE author LOGIN; CREATE DATABASE template');
$node->safe_psql('template', q{
	SET nextauth.id_type = 'integer';
	CREATE EXTENSION nextauth;
	GRANT USAGE ON SCHEMA nextauth TO author;
	GRANT CREATE ON DATABASE template TO author;
	ALTER TABLE nextauth.users OWNER TO author;
	ALTER TABLE nextauth.accounts OWNER TO author;
	ALTER TABLE nextauth.sessions OWNER TO author;
	ALTER TABLE nextauth.verification_requests OWNER TO author;
	ALTER TABLE nextauth.users ADD COLUMN age int, ADD COLUMN boss_id int;
	INSERT INTO nextauth.users (name, age) VALUES ('ada', 1), ('bob', NULL);
});
my $copies = 0;

# Runs SQL as the owner of the tables on a database of its own, and returns what comes out, and what is said, as lines
sub run
{
	my ($sql) = @_;
	my $db = 'copy' . ++$copies;
	$node->safe_psql('postgres', "CREATE DATABASE $db TEMPLATE template");
	$node->safe_psql('postgres', "GRANT CREATE ON DATABASE $db TO author");
	my ($rc, $stdout, $stderr) = $node->psql($db, $sql, on_error_stop => 0, extra_params => [ '-U', 'author' ]);
	return join("\n", $stdout ne '' ? $stdout : (), $stderr =~ /(?:ERROR|DETAIL|HINT|NOTICE):  .*/g);
}

# The same without what is said beside errors
sub results
{
	my ($sql) = @_;
	return join("\n", grep { !/^(?:NOTICE|HINT):/ } split(/\n/, run($sql)));
}

my $check = q{'{"age": {"type": "int", "nullable": true}}', '{"checks": [{"name": "adult", "expression": "age > 0"}]}'};
my $made = q{SELECT conname, conenforced, convalidated FROM pg_constraint WHERE conrelid = 'nextauth.users'::regclass AND contype IN ('c', 'f')};

# A check
my $hand = 'ALTER TABLE nextauth.users ADD CONSTRAINT adult CHECK (age > 0) NOT ENFORCED';
is( run("$hand; SELECT statement, cost FROM nextauth.plan_model('User', $check);
		SELECT property, column_name, action FROM nextauth.extend_model('User', $check); $made;
		SELECT action FROM nextauth.extend_model('User', $check)"),
	q{ALTER TABLE nextauth.users DROP CONSTRAINT adult, ADD CONSTRAINT adult CHECK ((age > 0))|scan
age|age|adopted
|adult|altered
adult|t|t
unchanged
unchanged
NOTICE:  altered check "adult" of model "User"}, 'a check that is not enforced is made one that is');
is( run("$hand; UPDATE nextauth.users SET age = -1 WHERE age = 1; SELECT nextauth.extend_model('User', $check); $made"),
	q{adult|f|f
ERROR:  check "adult" of model "User" is violated
DETAIL:  1 row violates (age > 0).
HINT:  Change the rows, and call the function again.}, 'unless rows violate it');
is( run("$hand; CALL nextauth.extend_model_online('User', $check); $made"),
	qq{adult|t|t\nNOTICE:  extended model "User": {"adult": "added"}\nNOTICE:  extended model "User": {"age": "adopted"}},
	'also online');
is( run("$hand; SELECT action FROM nextauth.extend_model('User', '{\"age\": {\"type\": \"int\", \"nullable\": true}}'); $made;
		SELECT options FROM nextauth.options_of('User') options; SELECT nextauth.entity_schema('User') -> 'checks'"),
	q{adopted
adult|f|f
{}
[{"name": "adult", "expression": "(age > 0)"}]},
	'where it is not defined it stays; TypeORM is told of it, and a definition cannot be');

# A foreign key
my $key = q{'{"bossId": {"type": "int", "nullable": true, "foreignKey": {"target": "User", "onDelete": "CASCADE", "name": "boss"}}}'};
$hand = 'ALTER TABLE nextauth.users ADD CONSTRAINT boss FOREIGN KEY (boss_id) REFERENCES nextauth.users ON DELETE CASCADE NOT ENFORCED';
is( run("$hand; SELECT statement, cost FROM nextauth.plan_model('User', $key); SELECT action FROM nextauth.extend_model('User', $key); $made;
		SELECT action FROM nextauth.extend_model('User', $key)"),
	q{ALTER TABLE nextauth.users DROP CONSTRAINT boss, ADD CONSTRAINT boss FOREIGN KEY (boss_id) REFERENCES nextauth.users (id) ON DELETE CASCADE ON UPDATE NO ACTION|scan
altered
boss|t|t
unchanged
NOTICE:  altered property "bossId" of model "User": foreignKey from boss REFERENCES nextauth.users ON DELETE CASCADE ON UPDATE NO ACTION NOT ENFORCED to boss REFERENCES nextauth.users ON DELETE CASCADE ON UPDATE NO ACTION},
	'a foreign key that is not enforced is made one that is');
like(
	run("$hand; UPDATE nextauth.users SET boss_id = 9; SELECT nextauth.extend_model('User', $key); $made"),
	qr/^boss\|f\|f\nERROR:  column "boss_id" of model "User" has values that are not in table "users"\nDETAIL:  2 rows refer to missing rows/,
	'unless rows refer to nothing');
like( run("$hand; CALL nextauth.extend_model_online('User', $key); $made"), qr/^boss\|t\|t$/m, 'also online');
is( run("$hand; SELECT action FROM nextauth.extend_model('User', '{\"bossId\": {\"type\": \"int\", \"nullable\": true}}'); $made;
		SELECT nextauth.definition_of('User')"),
	qq(adopted\nboss|f|f\n{"bossId": {"name": "boss_id", "type": "int", "nullable": true}}),
	'one by hand stays');
is( results("SELECT action FROM nextauth.extend_model('User', $key); ALTER TABLE nextauth.users ALTER CONSTRAINT boss NOT ENFORCED;
		SELECT finding, remedy FROM nextauth.check_models() WHERE property = 'bossId';
		SELECT x.action FROM nextauth.custom_models, nextauth.extend_model(model, columns) x; $made;
		SELECT count(*) FROM nextauth.check_models() WHERE property = 'bossId'"),
	q{altered
column "boss_id": its foreign key "boss" is not enforced|Call extend_model() with its definition to create it again.
altered
boss|t|t
0}, 'one that was defined, and is enforced no more, is named and made good');

# NOT NULL
my $plain = q{'{"age": {"type": "int"}}'};
my $default = q{'{"age": {"type": "int", "default": 7}}'};
my $nulls = q{SELECT convalidated FROM pg_constraint WHERE conname = 'aged'; SELECT count(*) FROM nextauth.users WHERE age IS NULL};
$hand = 'ALTER TABLE nextauth.users ADD CONSTRAINT aged NOT NULL age NOT VALID';
is( run("$hand; SELECT statement, lock, cost FROM nextauth.plan_model('User', $plain); SELECT nextauth.extend_model('User', $plain); $nulls"),
	q{f
1
ERROR:  column "age" of model "User" contains null values
DETAIL:  1 row has no value for it.
HINT:  Fill them with UPDATE nextauth.users SET age = ... WHERE age IS NULL, or define the property with "nullable": true.
ERROR:  column "age" of model "User" contains null values
DETAIL:  1 row has no value for it.
HINT:  Fill them with UPDATE nextauth.users SET age = ... WHERE age IS NULL, or define the property with "nullable": true.},
	'NOT NULL that is not valid is refused where there are nulls');
is( run("$hand; DELETE FROM nextauth.users WHERE age IS NULL;
		SELECT statement, lock, cost FROM nextauth.plan_model('User', $plain); SELECT action FROM nextauth.extend_model('User', $plain); $nulls;
		SELECT action FROM nextauth.extend_model('User', $plain)"),
	q{ALTER TABLE nextauth.users VALIDATE CONSTRAINT aged|SHARE UPDATE EXCLUSIVE|scan
altered
t
0
unchanged
NOTICE:  altered property "age" of model "User": NOT NULL from not valid to valid},
	'and else validated');
is( results("$hand; CALL nextauth.extend_model_online('User', $default); $nulls; SELECT age FROM nextauth.users ORDER BY 1"),
	"t\n0\n1\n7", 'online, the default fills the rows');
is( results("$hand; CALL nextauth.extend_model_online('User', $plain); $nulls"),
	qq{f\n1\nERROR:  column "age" of model "User" contains null values\nDETAIL:  1 row has no value for it.},
	'or the nulls are refused');
is( results("$hand; SELECT action FROM nextauth.extend_model('User', '{\"age\": {\"type\": \"int\", \"nullable\": true}}');
		SELECT count(*) FROM pg_constraint WHERE conname = 'aged'"), "altered\n0", 'it goes where null is defined');
is( results("DELETE FROM nextauth.users WHERE age IS NULL; SELECT action FROM nextauth.extend_model('User', $plain);
		ALTER TABLE nextauth.users ALTER age DROP NOT NULL; INSERT INTO nextauth.users (name) VALUES ('eve'); $hand;
		SELECT is_nullable, definition FROM nextauth.model_columns WHERE property = 'age';
		SELECT finding, remedy FROM nextauth.check_models() WHERE property = 'age';
		UPDATE nextauth.users SET age = 3 WHERE age IS NULL;
		SELECT remedy FROM nextauth.check_models() WHERE property = 'age' \\gexec
		SELECT count(*) FROM nextauth.check_models() WHERE property = 'age'"),
	q{altered
f|{"name": "age", "type": "int"}
column "age": rows may have null, because its NOT NULL is not valid|ALTER TABLE nextauth.users VALIDATE CONSTRAINT aged;
0}, 'check_models() names a declared one');

# Of a built-in column, and of a table that is adopted; ids are converted with it
$hand = 'ALTER TABLE nextauth.sessions ALTER user_id DROP NOT NULL, ADD CONSTRAINT used NOT NULL user_id NOT VALID';
is( run("$hand; SELECT property, finding, remedy FROM nextauth.check_models() WHERE model = 'Session';
		SELECT remedy FROM nextauth.check_models() WHERE model = 'Session' \\gexec
		SELECT count(*) FROM nextauth.check_models() WHERE model = 'Session'"),
	q{userId|column "user_id": NOT NULL is not valid instead of valid|ALTER TABLE nextauth.sessions VALIDATE CONSTRAINT used;
0}, 'and a built-in one');
is( run("CREATE SCHEMA app; CREATE TABLE app.sessions (LIKE nextauth.sessions INCLUDING ALL);
		INSERT INTO app.sessions (user_id, expires, session_token, access_token) VALUES (1, now(), 's', 'a');
		ALTER TABLE app.sessions ALTER user_id DROP NOT NULL; INSERT INTO app.sessions (expires, session_token, access_token) VALUES (now(), 't', 'b');
		ALTER TABLE app.sessions ADD CONSTRAINT used NOT NULL user_id NOT VALID;
		SET client_min_messages = warning; SELECT nextauth.adopt_model('Session', 'app.sessions');
		SELECT finding FROM nextauth.check_models() WHERE property = 'userId';
		ALTER TABLE nextauth.accounts ADD CONSTRAINT owned FOREIGN KEY (user_id) REFERENCES nextauth.users NOT ENFORCED;
		SELECT count(*) > 0 FROM nextauth.convert_ids('bigint');
		SELECT convalidated FROM pg_constraint WHERE conname = 'used';
		SELECT conenforced FROM pg_constraint WHERE conname = 'owned'"),
	qq{\ncolumn "user_id": NOT NULL is not valid instead of valid\nt\nf\nf},
	'adopted and converted it stays, and is named');

# An adapter that relies on a foreign key does not rely on one that is not enforced
like(
	run("ALTER TABLE nextauth.accounts ADD CONSTRAINT owned FOREIGN KEY (user_id) REFERENCES nextauth.users ON DELETE CASCADE NOT ENFORCED;
		SELECT nextauth.convert_ids('text'); SELECT nextauth.add_adapter('prisma')"),
	qr/ERROR:  foreign key "owned" of table "accounts" is not enforced\nDETAIL:  Adapter "prisma" deletes a user, and relies on the foreign key/,
	'an adapter is not given one');

$node->stop;
done_testing();
