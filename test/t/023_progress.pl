# The view progress shows what a running call is doing, to whom it may, and nothing of a call that has ended.  Functions of
# the tables wait for an advisory lock that this test holds, so each phase lasts until it has been looked at.

use strict;
use warnings;

use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $rows = 3000;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->append_conf(
	'postgresql.conf', q{
	nextauth.max_scan_rows = 100
	nextauth.lock_timeout = 1min
	nextauth.batch_rows = 500
	autovacuum = off
});
$node->start;
$node->safe_psql(
	'postgres', qq{
	CREATE EXTENSION nextauth;
	CREATE ROLE keeper LOGIN;
	CREATE ROLE stranger LOGIN;
	CREATE ROLE monitor LOGIN IN ROLE pg_read_all_stats;
	GRANT USAGE ON SCHEMA nextauth TO keeper, stranger, monitor;
	GRANT CREATE ON SCHEMA nextauth TO keeper;
	ALTER TABLE nextauth.users OWNER TO keeper;
	ALTER TABLE nextauth.accounts OWNER TO keeper;
	ALTER TABLE nextauth.sessions OWNER TO keeper;
	ALTER TABLE nextauth.verification_requests OWNER TO keeper;
	INSERT INTO nextauth.users (id, email)
	SELECT 'a0a0a0a0-0000-4000-8000-' || lpad(i::text, 12, '0'), i || '\@example.com' FROM generate_series(1, $rows) i;
	ANALYZE nextauth.users;

	CREATE SCHEMA app AUTHORIZATION keeper;
	CREATE SEQUENCE app.calls;
	ALTER SEQUENCE app.calls OWNER TO keeper;
	-- At every thousandth call it waits for who has a lock of this number
	CREATE FUNCTION app.wait() RETURNS boolean LANGUAGE plpgsql AS \$\$
	DECLARE
		number bigint := pg_catalog.nextval('app.calls');
	BEGIN
		IF number % 1000 = 0 THEN
			PERFORM pg_catalog.pg_advisory_lock_shared(number), pg_catalog.pg_advisory_unlock_shared(number);
		END IF;
		RETURN true;
	END \$\$;
	CREATE FUNCTION app.number() RETURNS integer LANGUAGE sql AS 'SELECT app.wait()::integer';
	CREATE FUNCTION app.is_good(anyelement) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN app.wait(); END';
});

# A session that has locks
my $holder = $node->background_psql('postgres');

sub hold
{
	$holder->query_safe("SELECT pg_advisory_lock($_)") foreach @_;
}

sub release
{
	$holder->query_safe("SELECT pg_advisory_unlock($_)") foreach @_;
}

# Starts a call in the background that will wait at its calls of app.wait() of these numbers
sub start_call
{
	my ($sql, @numbers) = @_;
	my %psql = (in => '', out => '', err => '');

	hold(@numbers);
	$node->safe_psql('postgres', q{SELECT setval('app.calls', 1, false)});
	$psql{run} = IPC::Run::start(
		[ 'psql', '-XqAt', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('postgres') . ' user=keeper', '-c', $sql ],
		'<', \$psql{in}, '>', \$psql{out}, '2>', \$psql{err},
		IPC::Run::timeout($PostgreSQL::Test::Utils::timeout_default));
	return \%psql;
}

# What it said on standard error, when it has ended
sub finish_call
{
	my ($psql) = @_;
	$psql->{run}->finish;
	return $psql->{err};
}

# Waits until the call waits at that number, then returns what the view says to a role
sub look
{
	my ($number, $columns, $role) = @_;
	$node->poll_query_until('postgres',
		"SELECT count(*) = 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objid = $number")
	  or die 'the call does not wait';
	return $node->safe_psql('postgres', "SELECT $columns FROM nextauth.progress", extra_params => [ '-U', $role // 'keeper' ]);
}

#
# extend_model_online() fills a column, builds an index and validates a constraint
#

my $columns = 'command, model, relation, phase, column_name';
my $fills = q{CALL nextauth.extend_model_online('User', '{"number": {"type": "int", "defaultExpression": "app.number()"}}')};
my $call = start_call($fills, 1000, 2000);
is(look(1000, $columns), 'extend_model_online|User|nextauth.users|filling column|number', 'a column is filled');
my ($blocks, $total, $done, $of) = split(/\|/, look(1000, 'blocks_done, blocks_total, rows_done, rows_total'));
cmp_ok($blocks, '>', 0, 'some blocks are done');
cmp_ok($blocks, '<', $total, 'and not all');
cmp_ok($done, '>', 0, 'some rows are done');
is($of, $rows, 'of as many as there are');
is( look(1000, q{started_at <= phase_started_at AND phase_started_at <= now()
		AND pid = (SELECT pid FROM pg_stat_activity WHERE backend_type = 'extend_model_online')}, 'monitor'),
	't', 'since when, and by which process');

is(look(1000, $columns, 'monitor'), 'extend_model_online|User|nextauth.users|filling column|number',
	'who may read all statistics sees it');
is(look(1000, 'pid > 0, command, relation, rows_done, started_at', 'stranger'), 't||||', 'a stranger only that there is something');
is($node->safe_psql('template1', q{SELECT count(*) FROM pg_stat_get_progress_info('CREATE INDEX')}), '0',
	'PostgreSQL takes it for none of its own commands');

release(1000);
my ($more, $most) = split(/\|/, look(2000, 'rows_done, rows_total'));
cmp_ok($more, '>', $done, 'the next time more rows are done');
cmp_ok($more, '<=', $most, 'and not more than there are');
release(2000);
is(finish_call($call) =~ s/^NOTICE:  extended model .*\n//mgr, '', 'it ends');
is($node->safe_psql('postgres', 'SELECT count(*) FROM nextauth.progress'), '0', 'and is gone');

$call = start_call(
	q{CALL nextauth.extend_model_online('User', '{}', '{"checks": [{"expression": "app.is_good(email)", "name": "good"}]}')},
	1000, 4000);
is(look(1000, $columns), 'extend_model_online|User|nextauth.users|checking rows|', 'rows are checked before anything is done');
release(1000);
is(look(4000, $columns), 'extend_model_online|User|nextauth.users|validating constraint|', 'a constraint is validated');
release(4000);
finish_call($call);

$node->safe_psql('postgres', q{ALTER ROLE keeper SET nextauth.progress_interval = '100ms'});
$call = start_call(
	q{CALL nextauth.extend_model_online('User', '{}', '{"indices": [{"columns": ["name"], "where": "app.is_good(email)"}]}')},
	1000);
is( look(1000, 'command, model, relation, phase, blocks_done < blocks_total'),
	'extend_model_online|User|nextauth.users|building index|t', 'an index is built');
$node->safe_psql('postgres', 'SELECT pg_sleep(0.5)');
release(1000);
like(finish_call($call), qr/^NOTICE:  extend_model_online\(\): building index of table "users", block \d+ of \d+/m,
	'and the caller is told, as it takes long');
$node->safe_psql('postgres', 'ALTER ROLE keeper RESET ALL');

#
# A call that waits for another says so, and an error leaves nothing
#

$call = start_call($fills =~ s/number"/other"/r, 1000);
look(1000, 'pid');
my $second = start_call($fills =~ s/number"/third"/r);
ok( $node->poll_query_until(
		'postgres', q{SELECT array_agg(phase ORDER BY phase) = '{filling column,waiting for another call}' FROM nextauth.progress}),
	'another call waits for its turn');
$node->safe_psql('postgres', q{SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query LIKE 'CALL%'});
like(finish_call($call), qr/ERROR:  canceling statement/, 'a call is canceled');
like(finish_call($second), qr/ERROR:  canceling statement/, 'so is the other');
is($node->safe_psql('postgres', 'SELECT count(*) FROM nextauth.progress'), '0', 'nothing is left of them');
release(1000);

#
# convert_ids() rewrites tables, in the caller's own process
#

my $converts = q{SELECT count(*) FROM nextauth.convert_ids('uuid')};
$node->safe_psql(
	'postgres', q{
	ALTER TABLE nextauth.users DROP CONSTRAINT good, ADD CHECK (app.is_good(id));
	CREATE INDEX ON nextauth.users (app.is_good(name));
	ALTER ROLE keeper SET nextauth.allow_rewrite = on});
$call = start_call("BEGIN; SAVEPOINT s; $converts; ROLLBACK TO s; SELECT 1 FROM nextauth.progress; ROLLBACK", 1000, 4000);
is(look(1000, $columns), 'convert_ids|User|nextauth.users|rewriting table|', 'a table is rewritten');
is(look(1000, 'rows_done, rows_total'), "0|$rows", 'the rows of which are not done yet');
release(1000);
is( look(4000, 'command, phase, blocks_done < blocks_total, rows_done, rows_total'),
	"convert_ids|rebuilding indexes|t|0|$rows", 'its indexes are built again');
release(4000);
is(finish_call($call), qq{NOTICE:  rewriting table "nextauth.users" with $rows rows\n}, 'the caller is told what takes long');
is($call->{out}, "4\n", 'and the call over when it has ended');

$call = start_call($converts, 1000);
look(1000, 'pid');
$node->safe_psql('postgres', q{SELECT pg_cancel_backend(pid) FROM nextauth.progress});
like(finish_call($call), qr/ERROR:  canceling statement/, 'a call is canceled');
is($node->safe_psql('postgres', 'SELECT count(*) FROM nextauth.progress'), '0', 'nothing is left of it');
release(1000);

#
# import_rows() inserts rows, in the caller's own process
#

my $imports = q{SELECT written FROM nextauth.import_rows('User', (
	SELECT jsonb_agg(jsonb_build_object('id', 'new' || i, 'email', 'new' || i)) FROM generate_series(1, 1500) i))};
$call = start_call($imports, 1000);
is( look(1000, 'command, model, relation, phase, rows_total'),
	'import_rows|User|nextauth.users|inserting rows|1500', 'rows are imported');
release(1000);
is(finish_call($call), '', 'and that is all that the caller is told');
is($call->{out}, "1500\n", 'when it has ended');
is($node->safe_psql('postgres', 'SELECT count(*) FROM nextauth.progress'), '0', 'and is gone');

# A statement that goes on after a call has failed ends without a trace of it
$holder->query_safe(
	q{SET client_min_messages = error; SET nextauth.max_scan_rows = 10000; DO $$
BEGIN
	BEGIN
		PERFORM nextauth.extend_model('User', '{}', '{"checks": [{"expression": "email IS NULL", "name": "never"}]}');
	EXCEPTION WHEN OTHERS THEN
		PERFORM nextauth.rename_property('User', 'number', 'renamed');
	END;
END $$});
is($node->safe_psql('postgres', 'SELECT count(*) FROM nextauth.progress'), '0', 'nothing is left of a call whose error was caught');

$holder->quit;
$node->stop;
done_testing();
