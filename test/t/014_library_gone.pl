# The library is gone, as after the removal of its package or the restore of a base backup on a host without it: what works
# without it, and the ways out that doc/operations.md gives.

use strict;
use warnings;

use FindBin;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $built = "$FindBin::RealBin/../../nextauth.so";
plan skip_all => 'this takes the library where it was built' unless -e $built;

# A copy of the library in a directory of its own, from which it can be taken away
my $dir = PostgreSQL::Test::Utils::tempdir;
system_or_bail('cp', $built, "$dir/nextauth.so");
my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->start;
my $path = $node->safe_psql('postgres', 'SHOW dynamic_library_path');
$node->append_conf('postgresql.conf', "dynamic_library_path = '$path:$dir'\n");
$node->reload;
$node->safe_psql(
	'postgres', q{
	CREATE EXTENSION nextauth;
	SELECT nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true}}');
	INSERT INTO nextauth.users (email, nick) VALUES ('ada@example.com', 'ada');
	CREATE TABLE public.t (id integer PRIMARY KEY, a integer);
	CREATE INDEX t_a ON public.t (a);
	CREATE SEQUENCE public.s;
	CREATE VIEW public.v AS SELECT 1 AS a;
});
$node->safe_psql('postgres', q{UPDATE pg_proc SET probin = 'nextauth_copy' WHERE probin LIKE '%nextauth'});
system_or_bail('mv', "$dir/nextauth.so", "$dir/nextauth_copy.so");
is($node->safe_psql('postgres', 'SELECT count(*) FROM nextauth.model_columns WHERE is_custom'), 1, 'the copy is used');

sub take_away { rename("$dir/nextauth_copy.so", "$dir/gone") or die }
sub bring_back { rename("$dir/gone", "$dir/nextauth_copy.so") or die }

# Each command in a session and a transaction of its own that leaves nothing behind: its error, or nothing
sub outcome
{
	my ($command, $prelude) = @_;
	my ($rc, $stdout, $stderr) = $node->psql('postgres', join('; ', $prelude // (), 'BEGIN', $command, 'ROLLBACK'));
	return $stderr =~ /ERROR:  (.*)/ ? $1 : '';
}

my $missing = 'could not access file "nextauth_copy": No such file or directory';
my @work = (
	'INSERT INTO nextauth.users (email) VALUES ($$grace@example.com$$)',
	'UPDATE nextauth.users SET nick = $$a$$',
	'SELECT * FROM nextauth.models',
	'CREATE SCHEMA x',
	'CREATE TABLE x AS SELECT 1 AS a',
	'CREATE VIEW x AS SELECT 1 AS a',
	'CREATE INDEX ON t (a)',
	'CREATE FUNCTION x() RETURNS integer LANGUAGE sql AS $$SELECT 1$$',
	'DROP INDEX t_a',
	'DROP SEQUENCE s',
	'TRUNCATE t',
	'REINDEX TABLE t',
	'GRANT SELECT ON t TO PUBLIC');
my @fail = (
	'ALTER TABLE t ADD COLUMN b integer', 'ALTER TABLE t RENAME TO u',
	'DROP TABLE t', 'DROP VIEW v', 'CREATE TABLE x (a integer)', 'CREATE TEMP TABLE x (a integer)', 'ALTER SCHEMA public RENAME TO x',
	'SELECT nextauth.entity_schemas()');

take_away();
is(outcome($_), '', "without the library works: $_") foreach @work;
is(outcome($_), $missing, "without the library fails: $_") foreach @fail;

# The first way out: without the event triggers all works but the extension's own functions
sub set_triggers
{
	my ($what) = @_;
	$node->safe_psql('postgres', "SELECT format('ALTER EVENT TRIGGER %I $what', evtname) FROM pg_event_trigger WHERE evtname LIKE 'nextauth\\_%' \\gexec");
}
set_triggers('DISABLE');
is(outcome($_), '', "with the event triggers disabled works: $_") foreach @work, grep { !/nextauth/ } @fail;
is(outcome('SELECT nextauth.entity_schemas()'), $missing, 'with the event triggers disabled the functions fail');

# Meanwhile something is renamed and dropped; then the library comes back
$node->safe_psql('postgres', 'ALTER TABLE nextauth.users RENAME COLUMN nick TO handle; DROP TABLE nextauth.sessions; DROP TABLE t');
bring_back();
set_triggers('ENABLE');
is( $node->safe_psql('postgres', 'SELECT model, finding FROM nextauth.check_models() ORDER BY 1, 2'),
	"Session|the model has no table\nUser|column \"handle\": not declared\nUser|column \"nick\": missing\n"
	  . "|row of nextauth.model where name = 'Session': does not count",
	'check_models() tells what the guard has not seen');
is(outcome('ALTER TABLE nextauth.users DROP COLUMN email'), 'cannot drop column "email" of model "User"', 'the guard is back');
$node->safe_psql('postgres', q{
	SELECT nextauth.install();
	ALTER TABLE nextauth.users RENAME COLUMN handle TO nick;
	CREATE TABLE t (id integer PRIMARY KEY, a integer)});
is($node->safe_psql('postgres', 'SELECT count(*) FROM nextauth.check_models()'), 0, 'and what it says mends it');
take_away();

# From 17 on, one session can do without them
SKIP:
{
	skip 'event_triggers came with 17', 1 if $node->pg_version->major < 17;
	is(outcome($_, 'SET event_triggers = off'), '', "with event_triggers off works: $_") foreach grep { !/nextauth/ } @fail;
}

# The last way out: the extension goes without its library, and the tables and rows stay
is($node->safe_psql('postgres', 'DROP EXTENSION nextauth; SELECT email, nick FROM nextauth.users'), 'ada@example.com|ada', 'DROP EXTENSION leaves the rows');
is(outcome($_), '', "without the extension works: $_") foreach grep { !/entity_schemas|models|INDEX t_a/ } @work, @fail;

# With the library there it adopts them again
is( $node->safe_psql('postgres', q{CREATE EXTENSION nextauth; SELECT action FROM nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true}}')}),
	'adopted', 'CREATE EXTENSION adopts them again');

$node->stop;
done_testing();
