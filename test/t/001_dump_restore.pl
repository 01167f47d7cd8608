# A database with extended models goes through pg_dump and comes back the same.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->start;

$node->safe_psql('postgres', 'CREATE DATABASE source');
$node->safe_psql(
	'source', q{
	CREATE EXTENSION nextauth;
	SELECT nextauth.extend_models('{
		"User": {"columns": {
			"phoneNumber": {"type": "varchar", "length": 20, "nullable": true, "unique": true, "comment": "E.164"},
			"role": {"enum": ["user", "admin"], "default": "user"},
			"settings": {"type": "jsonb", "default": {"theme": "dark"}},
			"publicId": {"generated": "uuid"}}},
		"Session": {"columns": {"userAgent": {"type": "text", "nullable": true, "select": false}}}
	}');
	INSERT INTO nextauth.users (name, email, phone_number)
	SELECT 'user ' || i, i || '@example.com', '+' || i FROM generate_series(1, 100) i;
	INSERT INTO nextauth.sessions (user_id, expires, session_token, access_token, user_agent)
	SELECT i, 'infinity', 's' || i, 'a' || i, 'psql' FROM generate_series(1, 100) i;
});

# What must be the same in the copy
my $state = q{
	SELECT jsonb_pretty(nextauth.entity_schemas());
	SELECT * FROM nextauth.custom_models ORDER BY model;
	SELECT * FROM nextauth.model ORDER BY name;
	SELECT * FROM nextauth.custom_column ORDER BY model, property;
	SELECT * FROM nextauth.users ORDER BY id;
	SELECT * FROM nextauth.sessions ORDER BY id;
	SELECT last_value, is_called FROM nextauth.users_id_seq;
	SELECT last_value, is_called FROM nextauth.sessions_id_seq;
};
my $expected = $node->safe_psql('source', $state);

# The tables are dumped like any other, with all that belongs to them
my ($schema, $errors) = run_command([
	'pg_dump', '--schema-only', '--no-sync', $node->connstr('source') ]);
is($errors, '', 'pg_dump has nothing to complain about');
like($schema, qr/^CREATE TABLE nextauth\.users \(/m, 'the tables are dumped');
like($schema, qr/^CREATE TYPE nextauth\.users_role_enum/m, 'so are enum types');
unlike($schema, qr/^CREATE TABLE nextauth\.model\b/m, 'the catalog is not');

# Dump in a format, restore with a command, compare
sub restore
{
	my ($format, @command) = @_;
	my $name = "copy_$format";
	my $dump = $node->basedir . "/$format";

	$node->command_ok(
		[
			'pg_dump', '--no-sync', "--format=$format", "--file=$dump",
			$node->connstr('source')
		],
		"$format: dumped");
	$node->safe_psql('postgres', "CREATE DATABASE $name");
	$node->command_checks_all([ $command[0], '-d', $node->connstr($name), @command[1 .. $#command], $dump ],
		0, [], [qr/^$/], "$format: restored without a word");

	is($node->safe_psql($name, $state), $expected, "$format: the copy is the same");

	# and it works
	is( $node->safe_psql(
			$name,
			q{SELECT action FROM nextauth.extend_model('User', (
				SELECT columns FROM nextauth.custom_models WHERE model = 'User'))}),
		join("\n", ('unchanged') x 4),
		"$format: the models are what they were");
	is( $node->safe_psql(
			$name,
			q{SELECT action FROM nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true}}')}
		),
		'added',
		"$format: and can be extended");
	is($node->safe_psql($name, q{INSERT INTO nextauth.users DEFAULT VALUES RETURNING id, role}),
		'101|user', "$format: and filled");
}

restore('plain', qw(psql -X -q -1 -v ON_ERROR_STOP=1 -f));
restore('custom', 'pg_restore');
restore('directory', 'pg_restore', '--jobs=4');

# DROP EXTENSION leaves the tables, CREATE EXTENSION takes them up again
my $rows = 'SELECT * FROM nextauth.users ORDER BY id';
my $before = $node->safe_psql('source', $rows);
$node->safe_psql('source', 'DROP EXTENSION nextauth');
is($node->safe_psql('source', $rows), $before, 'DROP EXTENSION leaves every row');
$node->safe_psql('source', 'CREATE EXTENSION nextauth');
is($node->safe_psql('source', $rows), $before, 'CREATE EXTENSION leaves every row');
is( $node->safe_psql(
		'source',
		q{SELECT property, action FROM nextauth.extend_model('User', '[
			{"property": "phoneNumber", "type": "varchar", "length": 20, "nullable": true, "unique": true, "comment": "E.164"},
			{"property": "role", "enum": ["user", "admin"], "default": "user"},
			{"property": "settings", "type": "jsonb", "default": {"theme": "dark"}},
			{"property": "publicId", "generated": "uuid"}]')}),
	"phoneNumber|adopted\nrole|adopted\nsettings|adopted\npublicId|adopted",
	'the same definition adopts the columns');

$node->stop;
done_testing();
