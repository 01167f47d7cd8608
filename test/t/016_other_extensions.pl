# Other extensions of Debian work beside this one, on the same tables and in the same sessions: pgaudit, periods,
# pg_partman, pg_cron, and event triggers that run SQL.  One that is not installed is skipped by its name.

use strict;
use warnings;

use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $rows = 1000;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->append_conf(
	'postgresql.conf', q{
	nextauth.max_scan_rows = 100
	nextauth.batch_rows = 200
	nextauth.lock_retry_delay = 50
	nextauth.lock_retries = 1200
	autovacuum = off
});
$node->start;

my %installed = map { $_ => 1 } split /\n/,
  $node->safe_psql('postgres', q{SELECT name FROM pg_available_extensions WHERE name IN ('pgaudit', 'periods', 'pg_partman', 'pg_cron')});
my $host = $node->host;
$node->append_conf('postgresql.conf', "shared_preload_libraries = '" . join(',', grep { $installed{$_} } 'pgaudit', 'pg_cron') . "'");
$node->append_conf('postgresql.conf', "pgaudit.log = 'all'") if $installed{pgaudit};
$node->append_conf('postgresql.conf', "cron.database_name = 'app'\ncron.host = '$host'") if $installed{pg_cron};
$node->restart;

# All of them are there before this one, and an event trigger that runs SQL; "keeper", who is no superuser, owns the tables
$node->safe_psql('postgres', 'CREATE ROLE keeper LOGIN; CREATE DATABASE app');
$node->safe_psql('app', 'CREATE SCHEMA partman; CREATE EXTENSION pg_partman SCHEMA partman') if $installed{pg_partman};
$node->safe_psql('app', "SET client_min_messages = warning; CREATE EXTENSION $_ CASCADE")
  for grep { $installed{$_} } 'pgaudit', 'periods', 'pg_cron';
$node->safe_psql(
	'app', qq{
	CREATE SCHEMA ops;
	CREATE TABLE ops.ddl (command text, object text);
	GRANT USAGE ON SCHEMA ops TO PUBLIC;
	GRANT INSERT ON ops.ddl TO PUBLIC;
	CREATE FUNCTION ops.log() RETURNS event_trigger LANGUAGE plpgsql AS \$\$
	BEGIN
		INSERT INTO ops.ddl SELECT command_tag, object_identity FROM pg_event_trigger_ddl_commands();
	END \$\$;
	CREATE EVENT TRIGGER log ON ddl_command_end EXECUTE FUNCTION ops.log();
	CREATE FUNCTION ops.token() RETURNS uuid LANGUAGE plpgsql AS \$\$
	BEGIN
		IF pg_catalog.current_setting('ops.sleep', true) = 'on' THEN
			PERFORM pg_catalog.pg_sleep(600);
		END IF;
		RETURN pg_catalog.gen_random_uuid();
	END \$\$;

	SET nextauth.id_type = 'integer';
	CREATE EXTENSION nextauth;
	GRANT USAGE ON SCHEMA nextauth TO keeper WITH GRANT OPTION;
	GRANT CREATE ON DATABASE app TO keeper;
	ALTER TABLE nextauth.users OWNER TO keeper;
	ALTER TABLE nextauth.accounts OWNER TO keeper;
	ALTER TABLE nextauth.sessions OWNER TO keeper;
	ALTER TABLE nextauth.verification_requests OWNER TO keeper;
	INSERT INTO nextauth.users (name, email) SELECT 'user ' || i, i || '\@example.com' FROM generate_series(1, $rows) i;
	INSERT INTO nextauth.sessions (user_id, expires, session_token, access_token)
	SELECT i, 'infinity', 's' || i, 'a' || i FROM generate_series(1, 10) i;
	ANALYZE nextauth.users;
});

my @keeper = (extra_params => [ '-U', 'keeper' ]);

sub is_refused
{
	my ($name, $sql, $error, @options) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	my ($rc, $stdout, $stderr) = $node->psql('app', $sql, @options);
	like($stderr, qr/ERROR:  $error/, $name);
}

# The models are extended, renamed and dropped as ever, by the owner and by a superuser; the guards guard
sub works
{
	my ($name) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	for my $caller ([ 'the owner', @keeper ], ['a superuser'])
	{
		my ($who, @as) = @$caller;

		is( $node->safe_psql(
				'app', q{
				SET client_min_messages = warning;
				SELECT property, action FROM nextauth.extend_model('User', '{
					"nick": {"type": "text", "nullable": true},
					"role": {"enum": ["user", "admin"], "default": "user"},
					"number": {"type": "int", "default": 0}}');
				SELECT property, action FROM nextauth.extend_model('User', '{"nick": {"type": "varchar", "nullable": true, "comment": "x"}}');
				SELECT property, action FROM nextauth.rename_property('User', 'nick', 'handle')}, @as),
			"nick|added\nrole|added\nnumber|added\nnick|altered\nhandle|renamed",
			"$name: extended by $who");
		is_refused("$name: a built-in column is not dropped by $who", 'ALTER TABLE nextauth.users DROP COLUMN image',
			'cannot drop column "image" of model "User"', @as);
		is_refused("$name: nor renamed", 'ALTER TABLE nextauth.users RENAME COLUMN image TO picture',
			'cannot rename column "image" of model "User"', @as);
		is_refused("$name: nor a custom one dropped", 'ALTER TABLE nextauth.users DROP COLUMN handle',
			'cannot drop column "handle" of model "User"', @as);
		is( $node->safe_psql(
				'app', q{
				BEGIN; SET LOCAL nextauth.protect_columns = off; ALTER TABLE nextauth.users DROP COLUMN handle; ROLLBACK;
				SET client_min_messages = warning;
				SELECT property, action FROM nextauth.drop_properties('User', 'handle', 'role', 'number')}, @as),
			"handle|dropped\nrole|dropped\nnumber|dropped",
			"$name: and dropped by $who");
	}
	is($node->safe_psql('app', q{SELECT finding FROM nextauth.check_models() WHERE finding !~ ': not declared$'}), '', "$name: check_models()");
}

sub online { my ($columns) = @_; return "CALL nextauth.extend_model_online('User', '$columns')" }

my $token = '{"token": {"type": "uuid", "defaultExpression": "ops.token()", "unique": true}}';
my $unique = '{"name": {"type": "varchar", "nullable": true, "unique": true}}';

works('all together');
is($node->safe_psql('app', q{SELECT count(*) > 0 FROM ops.ddl WHERE command = 'ALTER TABLE' AND object = 'nextauth.users'}),
	't', 'an event trigger logs what is done');

#
# pgaudit
#

# psql in the background
sub start_psql
{
	my ($in, @options) = @_;
	my %psql = (in => $in, out => '', err => '');
	$psql{run} = IPC::Run::start(
		[ 'psql', '-XqAt', '-d', $node->connstr('app'), @options ],
		'<', \$psql{in}, '>', \$psql{out}, '2>', \$psql{err},
		IPC::Run::timeout($PostgreSQL::Test::Utils::timeout_default));
	return \%psql;
}

# Ends a call, by SQL, while its worker waits: for a session that has changed a row, or in a default that sleeps
sub interrupt_online
{
	my ($name, $columns, $stage, $ending) = @_;
	my $working = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'extend_model_online'";

	my $change = $stage =~ /INDEX/ ? 'BEGIN; UPDATE nextauth.users SET name = name WHERE id = 1;' : '';
	my $writer = start_psql("$change\n\\echo ready\n");
	$writer->{run}->pump until $writer->{out} =~ /ready/;
	my $call = start_psql('', '-U', 'keeper', '-c', "SET ops.sleep = 'on'", '-c', online($columns));
	$node->poll_query_until('app', "$working AND query ~ '$stage'", 1) or fail("$name: the worker comes to it");
	$node->safe_psql('app', $ending);

	# The index is dropped when nobody uses the table any more
	$writer->{in} = "\\q\n";
	$writer->{run}->finish;
	$call->{run}->finish;
	like($call->{err}, qr/ERROR:  canceling statement/, "$name: the caller is told");
	$node->poll_query_until('app', $working, 0) or fail("$name: the worker ends");
	is( $node->safe_psql('app', q{SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid;
		SELECT conname FROM pg_constraint WHERE NOT convalidated OR conname LIKE 'nextauth%'}),
		'', "$name: nothing invalid is left");
}

subtest 'pgaudit' => sub {
	plan skip_all => 'pgaudit is not installed' if !$installed{pgaudit};

	my $cancel = q{SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query ~ '^CALL nextauth' AND pid <> pg_backend_pid()};
	my $end = q{SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'extend_model_online'};

	for my $ending ([ 'canceled', $cancel ], [ 'ended', $end ])
	{
		interrupt_online("$ending->[0] while rows are filled", $token, 'filling column', $ending->[1]);
		interrupt_online("$ending->[0] while an index is built", $unique, 'CREATE UNIQUE INDEX', $ending->[1]);
	}
	for my $columns ($token, $unique)
	{
		$node->safe_psql('app', online($columns), @keeper);
	}
	is($node->safe_psql('app', 'SELECT count(DISTINCT token) FROM nextauth.users'), $rows, 'another call finishes it');
	is_refused('a call that fails', q{SELECT nextauth.extend_model('User', '{"x": {"type": "int"}}')},
		'property "x" needs a default', @keeper);
	$node->safe_psql('app', q{SELECT nextauth.drop_properties('User', 'token');
		SELECT nextauth.extend_model('User', '{"name": {"type": "varchar", "nullable": true, "unique": false}}')}, @keeper);

	is($node->safe_psql('app', q{SELECT nextauth.get_session_and_user('s1') #>> '{user,name}'}, @keeper), 'user 1', 'a session is found');

	my $log = slurp_file($node->logfile);
	like($log, qr/AUDIT: SESSION,.*,READ,SELECT,.*FROM nextauth\.sessions s JOIN nextauth\.users u/, 'by a query, which is logged');
	like($log, qr/AUDIT: SESSION,.*,DDL,ALTER TABLE,TABLE,nextauth\.users,/, 'what is run is logged');
	like($log, qr/AUDIT: SESSION,.*,DDL,CREATE INDEX,/, 'by the worker, too');
};

#
# periods
#

subtest 'periods' => sub {
	plan skip_all => 'periods is not installed' if !$installed{periods};

	# A period and a key that has it, on the users, and a foreign key to that
	$node->safe_psql(
		'app', q{
		ALTER TABLE nextauth.users ADD valid_from date NOT NULL DEFAULT '-infinity', ADD valid_to date NOT NULL DEFAULT 'infinity';
		SELECT periods.add_period('nextauth.users', 'validity', 'valid_from', 'valid_to');
		SELECT periods.add_unique_key('nextauth.users', ARRAY['id'], 'validity', key_name => 'users_validity');
		CREATE TABLE ops.member (user_id integer, valid_from date, valid_to date);
		GRANT SELECT ON ops.member TO keeper;
		SELECT periods.add_period('ops.member', 'validity', 'valid_from', 'valid_to');
		SELECT periods.add_foreign_key('ops.member', ARRAY['user_id'], 'validity', 'users_validity', key_name => 'member_user');
		INSERT INTO ops.member VALUES (1, '-infinity', 'infinity')});
	works('with a period');

	# Their columns can be the model's, and are followed when they get another name
	is( $node->safe_psql(
			'app', q{
			SELECT action FROM nextauth.extend_model('User', '{"validFrom": {"type": "date", "default": "-infinity"}}');
			SELECT action FROM nextauth.rename_property('User', 'validFrom', 'validSince');
			SELECT start_column_name FROM periods.periods WHERE table_name = 'nextauth.users'::regclass}, @keeper),
		"adopted\nrenamed\nvalid_since", 'the column of a period is renamed');
	is_refused('but not dropped', q{SELECT nextauth.drop_properties('User', 'validSince')},
		'cannot drop property "validSince" of model "User" because other objects depend on it', @keeper);
	is_refused('periods keeps users who are referred to', 'DELETE FROM nextauth.users WHERE id = 1', 'update or delete on table', @keeper);

	# A foreign key of periods is triggers to PostgreSQL
	is_refused('ids that it refers to are not converted', q{SELECT nextauth.convert_ids('text')},
		'cannot convert ids because other objects depend on them\n.*trigger member_user_uk_update on table nextauth\.users');
	$node->safe_psql(
		'app', q{
		SELECT periods.drop_foreign_key('ops.member', 'member_user');
		SELECT periods.drop_unique_key('nextauth.users', 'users_validity');
		DROP TABLE ops.member});

	# A table with its history: the view on both is in the way of another type
	$node->safe_psql('app', q{SELECT periods.add_system_time_period('nextauth.sessions'); SELECT periods.add_system_versioning('nextauth.sessions')});
	works('with system versioning');
	$node->safe_psql('app', q{UPDATE nextauth.sessions SET access_token = 'x' WHERE id = 1}, @keeper);
	is($node->safe_psql('app', 'SELECT access_token FROM nextauth.sessions_history'), 'a1', 'the history is written');
	is_refused('convert_ids() names the view', q{SELECT nextauth.convert_ids('text')},
		'cannot convert ids because other objects depend on them\n.*view nextauth\.sessions_with_history', @keeper);
	$node->safe_psql(
		'app', q{
		BEGIN;
		SELECT periods.drop_system_versioning('nextauth.sessions');
		SELECT nextauth.extend_model('Session', '{"userAgent": {"type": "text", "nullable": true}}');
		ALTER TABLE nextauth.sessions_history ADD user_agent text;
		SELECT periods.add_system_versioning('nextauth.sessions');
		COMMIT;
		UPDATE nextauth.sessions SET user_agent = 'x' WHERE id = 2;
		UPDATE nextauth.sessions SET user_agent = 'y' WHERE id = 2});
	is($node->safe_psql('app', q{SELECT user_agent FROM nextauth.sessions_history WHERE user_agent IS NOT NULL}), 'x', 'with the new column');
};

#
# pg_partman
#

subtest 'pg_partman' => sub {
	plan skip_all => 'pg_partman is not installed' if !$installed{pg_partman};

	my $interval = $node->pg_version < 17 ? q{'native', 'daily'} : q{'1 day'};
	my $partitions = q{SELECT count(*) FROM partman.show_partitions('ops.login')};
	$node->safe_psql(
		'app', qq{
		CREATE TABLE ops.login (at timestamptz NOT NULL, user_id integer REFERENCES nextauth.users) PARTITION BY RANGE (at);
		SELECT partman.create_parent('ops.login', 'at', $interval);
		INSERT INTO ops.login SELECT now(), id FROM nextauth.users});
	works('with partitions that refer to the users');
	my $before = $node->safe_psql('app', $partitions);
	$node->safe_psql('app', q{UPDATE partman.part_config SET premake = premake + 3; CALL partman.run_maintenance_proc()});
	is($node->safe_psql('app', $partitions), $before + 3, 'partitions are made');
	$node->safe_psql('app', q{UPDATE partman.part_config SET retention = '1 day', retention_keep_table = false; CALL partman.run_maintenance_proc()});
	cmp_ok($node->safe_psql('app', $partitions), '<', $before + 3, 'and dropped');

	# The ids of the users, with those that refer to them
	$node->safe_psql('app', q{SELECT periods.drop_system_versioning('nextauth.sessions')}) if $installed{periods};
	$node->safe_psql(
		'app', q{
		BEGIN;
		SET LOCAL nextauth.allow_rewrite = on;
		SELECT nextauth.convert_ids('text');
		COMMIT;
		UPDATE partman.part_config SET premake = premake + 3;
		CALL partman.run_maintenance_proc()});
	$node->safe_psql('app', q{ALTER TABLE nextauth.sessions_history ALTER id TYPE text, ALTER user_id TYPE text;
		SELECT periods.add_system_versioning('nextauth.sessions')}) if $installed{periods};
	is( $node->safe_psql('app', q{SELECT DISTINCT atttypid::regtype, count(*) > 8 FROM pg_attribute JOIN pg_inherits ON inhrelid = attrelid
		WHERE attname = 'user_id' AND inhparent = 'ops.login'::regclass GROUP BY 1}),
		'text|t', 'partitions are converted, and made with converted ids');
	works('with text ids');
};

#
# pg_cron
#

subtest 'pg_cron' => sub {
	plan skip_all => 'pg_cron is not installed' if !$installed{pg_cron};

	my %jobs = (
		extend => q{SELECT nextauth.extend_model('User', '{"byJob": {"type": "text", "nullable": true}}')},
		online => online('{"byWorker": {"type": "uuid", "defaultExpression": "gen_random_uuid()", "unique": true}}'),
		check => 'SELECT * FROM nextauth.check_models()');

	# The tables' owner has the jobs, which are run when the server starts
	$node->safe_psql('app', 'GRANT USAGE ON SCHEMA cron TO keeper');
	$node->safe_psql('app', "SELECT cron.schedule('$_', '\@reboot', \$\$$jobs{$_}\$\$)", @keeper) for sort keys %jobs;
	for my $workers ('off', 'on')
	{
		my $name = $workers eq 'on' ? 'by background workers' : 'by connections';

		$node->safe_psql('app', 'TRUNCATE cron.job_run_details');
		$node->append_conf('postgresql.conf', "cron.use_background_workers = $workers");
		$node->restart;
		$node->poll_query_until('app', q{SELECT count(*) = 3 AND bool_and(end_time IS NOT NULL) FROM cron.job_run_details});
		is($node->safe_psql('app', q{SELECT return_message FROM cron.job_run_details WHERE status <> 'succeeded'}), '', "$name: jobs succeed");
		is( $node->safe_psql('app', q{
				SELECT property FROM nextauth.custom_column WHERE property ~ '^by' ORDER BY 1;
				SELECT count(DISTINCT by_worker) FROM nextauth.users}),
			"byJob\nbyWorker\n$rows", "$name: and extend the model");
		$node->safe_psql('app', q{SELECT nextauth.drop_properties('User', 'byJob', 'byWorker')});
	}
};

$node->stop;
my $log = slurp_file($node->logfile);
unlike($log, qr/pgaudit stack|terminated by signal|TRAP:|ERROR:  XX/, 'nothing that must not be is in the log');
done_testing();
