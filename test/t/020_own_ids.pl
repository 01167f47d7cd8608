# Ids with a default of one's own, by a function that is in a schema of its own, come back from dump and restore.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;

use Nextauth;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->start;

$node->safe_psql('postgres', 'CREATE ROLE author LOGIN; CREATE DATABASE source');
$node->safe_psql(
	'source', q{
	SET nextauth.id_type = 'text';
	CREATE EXTENSION nextauth;
	GRANT USAGE ON SCHEMA nextauth TO author WITH GRANT OPTION;
	GRANT CREATE ON DATABASE source TO author;
	ALTER TABLE nextauth.users OWNER TO author;
	ALTER TABLE nextauth.accounts OWNER TO author;
	ALTER TABLE nextauth.sessions OWNER TO author;
	ALTER TABLE nextauth.verification_requests OWNER TO author;
});
$node->safe_psql(
	'source', q{
	CREATE SCHEMA zoo;
	CREATE FUNCTION zoo.new_id(kind text) RETURNS text LANGUAGE sql AS $$ SELECT kind || '_' || gen_random_uuid() $$;
	SELECT nextauth.extend_models('{
		"User": {"columns": {"id": {"type": "text", "defaultExpression": "zoo.new_id(''usr'')"}, "age": {"type": "int", "default": 0}}},
		"Session": {"columns": {"id": {"type": "text", "defaultExpression": "''ses_'' || gen_random_uuid()"}}}}');
	INSERT INTO nextauth.users (email) VALUES ('ada@example.com');
	SELECT nextauth.add_adapter('better-auth');
}, extra_params => [ '-U', 'author' ]);

my $text = dump_text($node, 'source');
my $models = describe_models($node, 'source');
my $new_id = q{INSERT INTO nextauth_better_auth."user" (name, email, "emailVerified") VALUES ('G', 'grace@example.com', true) RETURNING left(id, 4)};

# Checks that a database is the same, makes such ids, and has nothing to be found
sub check_restored
{
	my ($db, $name) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	same_text(dump_text($node, $db), $text, "$name: the database is the same");
	same_text(describe_models($node, $db), $models, "$name: so are its models");
	is($node->safe_psql($db, 'SELECT count(*) FROM nextauth.check_models() WHERE model IS NOT NULL'), '0', "$name: nothing is to be found");
	is($node->safe_psql($db, $new_id), 'usr_', "$name: ids are made as before");
}

my $dump = PostgreSQL::Test::Utils::tempdir() . '/dump';
command_ok([ 'pg_dump', '--no-sync', '-f', "$dump.sql", $node->connstr('source') ], 'dumped as text');
command_ok([ 'pg_dump', '--no-sync', '-Fc', '-f', "$dump.custom", $node->connstr('source') ], 'dumped');

$node->safe_psql('postgres', 'CREATE DATABASE plain');
command_ok([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', "$dump.sql", $node->connstr('plain') ], 'restored from text');
check_restored('plain', 'text');

$node->safe_psql('postgres', 'CREATE DATABASE parallel');
command_ok([ 'pg_restore', '-j2', '-d', $node->connstr('parallel'), "$dump.custom" ], 'restored by several at once');
check_restored('parallel', 'parallel');

# The extension is there already, with its tables as they were made
$node->safe_psql('postgres', 'CREATE DATABASE present');
$node->safe_psql('present', 'CREATE EXTENSION nextauth');
my ($stdout, $stderr) = run_command([ 'psql', '-X', '-q', '-f', "$dump.sql", $node->connstr('present') ]);
is_deeply([ $stderr =~ /ERROR:  .*/g ], ['ERROR:  schema "nextauth" already exists'], 'restored into a database that has the extension');
check_restored('present', 'present');

# Without the extension they are the tables' own, and it comes back to them
$node->safe_psql('plain', 'DROP EXTENSION nextauth CASCADE; CREATE EXTENSION nextauth');
is( $node->safe_psql('plain', q{SELECT model, column_default FROM nextauth.model_columns WHERE property = 'id' AND column_default !~ '^\(gen_random' ORDER BY model}),
	"Session|('ses_'::text || gen_random_uuid())\nUser|zoo.new_id('usr'::text)",
	'CREATE EXTENSION takes the tables again');

done_testing();
