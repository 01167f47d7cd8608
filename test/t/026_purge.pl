# purge_expired() on a server of its own: it shows its progress, can be interrupted and called again, says why it does
# nothing on a standby, and runs under pg_cron, if that is installed.

use strict;
use warnings;

use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(allows_streaming => 1);
$node->append_conf(
	'postgresql.conf', q{
	nextauth.lock_timeout = 1min
	autovacuum = off
});
$node->start;
my $cron = $node->safe_psql('postgres', q{SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_cron'});
if ($cron)
{
	my $host = $node->host;
	$node->append_conf('postgresql.conf', "shared_preload_libraries = 'pg_cron'\ncron.host = '$host'");
	$node->restart;
	$node->safe_psql('postgres', 'CREATE EXTENSION pg_cron');
}
$node->safe_psql(
	'postgres', q{
	CREATE EXTENSION nextauth;
	CREATE ROLE keeper LOGIN;
	CREATE ROLE app LOGIN;
	CREATE ROLE stranger LOGIN;
	GRANT USAGE ON SCHEMA nextauth TO keeper, app, stranger;
	ALTER TABLE nextauth.users OWNER TO keeper;
	ALTER TABLE nextauth.accounts OWNER TO keeper;
	ALTER TABLE nextauth.sessions OWNER TO keeper;
	ALTER TABLE nextauth.verification_requests OWNER TO keeper;
	GRANT SELECT, DELETE ON nextauth.sessions, nextauth.verification_requests TO app;
	INSERT INTO nextauth.users (id, email) VALUES ('1', 'ada@example.com');

	-- It waits at one row for who has the lock
	CREATE SCHEMA own AUTHORIZATION keeper;
	CREATE FUNCTION own.wait() RETURNS trigger LANGUAGE plpgsql AS $$
	BEGIN
		IF OLD.session_token = 'expired 2500' THEN
			PERFORM pg_catalog.pg_advisory_xact_lock(1);
		END IF;
		RETURN NULL;
	END $$;
	CREATE TRIGGER wait AFTER DELETE ON nextauth.sessions FOR EACH ROW EXECUTE FUNCTION own.wait();
});

my $expired = q{SELECT count(*) FROM nextauth.sessions WHERE expires < now()};
my $live = q{SELECT count(*) FROM nextauth.sessions WHERE expires > now()};

# 5000 expired sessions, and 500 live ones
sub fill
{
	$node->safe_psql(
		'postgres', q{
		TRUNCATE nextauth.sessions;
		INSERT INTO nextauth.sessions (user_id, expires, session_token, access_token)
		SELECT '1', now() + CASE i % 11 WHEN 0 THEN interval '1 day' ELSE interval '-1 day' END,
			CASE i % 11 WHEN 0 THEN 'live ' ELSE 'expired ' END || i, i FROM generate_series(1, 5500) i});
}

# A call in the background, which waits until release()
sub start_purge
{
	my %psql = (in => '', out => '', err => '');

	$psql{run} = IPC::Run::start(
		[ 'psql', '-XqAt', '-d', $node->connstr('postgres') . ' user=app',
			'-c', 'SET nextauth.progress_interval = 1', '-c', 'CALL nextauth.purge_expired(400)' ],
		'<', \$psql{in}, '>', \$psql{out}, '2>', \$psql{err}, IPC::Run::timeout($PostgreSQL::Test::Utils::timeout_default));
	$node->poll_query_until('postgres', q{SELECT count(*) = 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted});
	return \%psql;
}

my $holder = $node->background_psql('postgres');

for my $end ('pg_cancel_backend', 'pg_terminate_backend')
{
	fill();
	$holder->query_safe('SELECT pg_advisory_lock(1)');
	my $psql = start_purge();
	my $progress = q{SELECT command, model, phase, rows_done, blocks_done < blocks_total FROM nextauth.progress};

	# of the 2500 rows that come before, 227 are live
	is($node->safe_psql('postgres', $progress), 'purge_expired|Session|deleting expired rows|2000|t', "$end: the view shows how far it is");
	is($node->safe_psql('postgres', $progress, extra_params => [ '-U', 'stranger' ]), '||||', "$end: but not to a stranger");
	$node->safe_psql('postgres', "SELECT $end(pid) FROM nextauth.progress");
	$psql->{run}->finish;
	$holder->query_safe('SELECT pg_advisory_unlock(1)');
	like($psql->{err}, qr/NOTICE:  purge_expired\(\): deleting expired rows of table "sessions", block \d+ of \d+, \d+ rows/, "$end: notices, too");
	like($psql->{err}, $end eq 'pg_cancel_backend' ? qr/ERROR:  canceling statement due to user request/ : qr/terminating connection/, "$end ends it");
	is($node->safe_psql('postgres', $expired), 3000, "$end: finished batches stay deleted");
	is($node->safe_psql('postgres', q{SELECT count(*) FROM nextauth.progress}), 0, "$end: it shows no longer");
	my ($status, $out, $err) = $node->psql('postgres', 'CALL nextauth.purge_expired(400)', extra_params => [ '-U', 'app' ]);
	like($err, qr/deleted 3000 expired rows of table "sessions"/, "$end: another call deletes the others");
	is($node->safe_psql('postgres', "$expired; $live"), "0\n500", "$end: only expired rows are gone");
}
$holder->quit;

subtest 'pg_cron' => sub {
	plan skip_all => 'pg_cron is not installed' if !$cron;

	$node->safe_psql('postgres', 'GRANT USAGE ON SCHEMA cron TO app');
	$node->safe_psql('postgres', q{SELECT cron.schedule('purge', '@reboot', 'CALL nextauth.purge_expired(400)')}, extra_params => [ '-U', 'app' ]);
	for my $workers ('off', 'on')
	{
		fill();
		$node->safe_psql('postgres', 'TRUNCATE cron.job_run_details');
		$node->append_conf('postgresql.conf', "cron.use_background_workers = $workers");
		$node->restart;
		$node->poll_query_until('postgres', q{SELECT count(*) = 1 AND bool_and(end_time IS NOT NULL) FROM cron.job_run_details});
		is($node->safe_psql('postgres', 'SELECT status FROM cron.job_run_details'), 'succeeded', "background workers $workers: the job succeeds");
		is($node->safe_psql('postgres', "$expired; $live"), "0\n500", "background workers $workers: only expired rows are gone");
	}
};

# A standby has the rows of its primary
fill();
$node->backup('backup');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($node, 'backup', has_streaming => 1);
$standby->start;
for my $call ('CALL nextauth.purge_expired()', 'SELECT nextauth.delete_expired()')
{
	my ($status, $out, $err) = $standby->psql('postgres', $call);
	like($err, qr/ERROR:  cannot execute (purge|delete)_expired\(\) during recovery/, "$call says that it cannot run on a standby");
}
$standby->stop;
$node->stop;
unlike(slurp_file($_->logfile), qr/terminated by signal|TRAP:|ERROR:  XX/, $_->name . ': nothing that must not be is in the log') for $node, $standby;
done_testing();
