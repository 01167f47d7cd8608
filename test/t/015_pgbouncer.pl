# Everything works behind PgBouncer in transaction mode, where each transaction of a client may get another session of the
# server, and each session comes to another client next.

use strict;
use warnings;

use IPC::Run qw(run start timeout);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my ($pgbouncer) = grep { -x } map { "$_/pgbouncer" } split(/:/, $ENV{PATH}), '/usr/sbin';
plan skip_all => 'pgbouncer is not installed' if !$pgbouncer;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->append_conf('postgresql.conf', 'nextauth.max_scan_rows = 100');
$node->start;

# "keeper" owns the tables, "app" is the application; another table of the application has the name of ours
$node->safe_psql('postgres', 'CREATE ROLE keeper LOGIN; CREATE ROLE app LOGIN; CREATE DATABASE shop');
$node->safe_psql(
	'shop', q{
	SET nextauth.id_type = 'integer';
	CREATE EXTENSION nextauth;
	GRANT USAGE ON SCHEMA nextauth TO keeper WITH GRANT OPTION;
	GRANT CREATE ON DATABASE shop TO keeper;
	ALTER TABLE nextauth.users OWNER TO keeper;
	ALTER TABLE nextauth.accounts OWNER TO keeper;
	ALTER TABLE nextauth.sessions OWNER TO keeper;
	ALTER TABLE nextauth.verification_requests OWNER TO keeper;
	INSERT INTO nextauth.users (name, email) SELECT 'user ' || i, i || '@example.com' FROM generate_series(1, 1000) i;
	ANALYZE nextauth.users;
	CREATE TABLE public.users (stranger text);
	GRANT SELECT ON public.users TO app;
	CREATE SCHEMA old;
	GRANT USAGE, CREATE ON SCHEMA old TO keeper WITH GRANT OPTION;
	CREATE FUNCTION old.sleep() RETURNS text LANGUAGE sql AS 'SELECT pg_catalog.pg_sleep(600)::text'});

#
# PgBouncer
#

my $dir = PostgreSQL::Test::Utils::tempdir_short;
my $port = PostgreSQL::Test::Cluster::get_free_port();
my $server = "host=" . $node->host . " port=" . $node->port;
my $superuser = $node->safe_psql('postgres', 'SELECT current_user');
append_to_file("$dir/users.txt", qq("keeper" ""\n"app" ""\n"$superuser" ""\n));

# Starts it, with one session of the server for all, so that what one client leaves there comes to the next
sub start_pgbouncer
{
	append_to_file(
		"$dir/pgbouncer.ini", qq{
[databases]
shop = $server dbname=shop
[pgbouncer]
listen_addr =
listen_port = $port
unix_socket_dir = $dir
auth_type = trust
auth_file = $dir/users.txt
admin_users = $superuser
pool_mode = transaction
default_pool_size = 1
logfile = $dir/log
pidfile = $dir/pid
});
	my $running = start([ $pgbouncer, '-q', "$dir/pgbouncer.ini" ], '<', \'', '>', \my $out, '2>', \my $err);
	for (1 .. 10 * $PostgreSQL::Test::Utils::timeout_default)
	{
		return $running if -S "$dir/.s.PGSQL.$port" && run_log([ 'psql', '-XqAt', '-d', connstr('app'), '-c', 'SELECT 1' ]);
		select(undef, undef, undef, 0.1);
	}
	die slurp_file("$dir/log");
}

sub stop_pgbouncer
{
	my ($running) = @_;

	$running->signal('TERM');
	$running->signal('TERM');
	eval { $running->finish };
}

# The connection string of a role, through PgBouncer
sub connstr { my ($role, $db) = @_; return "host=$dir port=$port user=$role dbname=" . ($db // 'shop') }

# Runs each statement with -c, so in a transaction of its own; returns what it said, and on standard error
sub run_as
{
	my ($role, @statements) = @_;
	my ($out, $err);

	run([ 'psql', '-XqAt', '-v', 'ON_ERROR_STOP=1', '-d', connstr($role), map { ('-c', $_) } @statements ],
		'<', \'', '>', \$out, '2>', \$err);
	chomp $out;
	return ($out, $err);
}

sub works
{
	my ($name, $role, $statements, $expected) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my ($out, $err) = run_as($role, ref $statements ? @$statements : $statements);

	like("$out\n" . ($err =~ s/^(?:NOTICE|DETAIL|HINT):.*\n//gmr), qr/\A(?:$expected)\n\z/, $name);
}

my $running = start_pgbouncer();

#
# What doc/nextauth.md names
#

my $called = '';

# Every function is called by the owner, each in a transaction of its own
for my $case (
	[ q{SELECT action FROM nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true}}')}, 'added' ],
	[ q{SELECT model, action FROM nextauth.extend_models('{"Account": {"columns": {"plan": {"enum": ["free"], "default": "free"}}}}')}, 'Account\|added' ],
	[ q{SELECT statement FROM nextauth.plan_model('User', '{"nick": {"type": "varchar", "nullable": true}}')}, 'ALTER TABLE nextauth.users .*' ],
	[ q{CALL nextauth.extend_model_online('User', '{"token": {"type": "uuid", "defaultExpression": "gen_random_uuid()", "unique": true}}')}, '' ],
	[ q{SELECT action FROM nextauth.rename_property('User', 'nick', 'handle')}, 'renamed' ],
	[ q{SELECT action FROM nextauth.drop_properties('User', 'handle')}, 'dropped' ],
	[ q{SELECT nextauth.entity_schema('User') #>> '{columns,token,type}'}, 'uuid' ],
	[ q{SELECT count(*) FROM jsonb_object_keys(nextauth.entity_schemas())}, '4' ],
	[ q{SELECT nextauth.describe_model('typescript', 'User') ~ 'token'}, 't' ],
	[ q{SELECT count(*) FROM nextauth.columns_of('User')}, '8' ],
	[ q{SELECT nextauth.definition_of('User') ? 'token', nextauth.options_of('User')}, 't\|\{\}' ],
	[ q{SELECT count(*) FROM nextauth.check_models()}, '0' ],
	[ q{SELECT count(*) FROM nextauth.running_calls()}, '0' ],
	[ q{CALL nextauth.purge_expired()}, '' ],
	[ q{SELECT nextauth.delete_expired()}, '0' ],
	[ q{SELECT * FROM nextauth.import_rows('VerificationRequest', '[{"identifier": "a", "token": "imported", "expires": "2031-01-01"}]')}, '1\|1\|0' ],
	[ q{SELECT nextauth.create_user('{"name": "Eve", "email": "eve@example.com"}') ->> 'name'}, 'Eve' ],
	[ q{SELECT nextauth.sign_in('{}', '{"type": "oauth", "provider": "github", "providerAccountId": "1"}', '{"session": {"sessionToken": "t"}}') ->> 'isNewUser'}, 'true' ],
	[ q{SELECT nextauth.get_user(nextauth.get_user_by_email('eve@example.com') ->> 'id') ->> 'name'}, 'Eve' ],
	[ q{SELECT nextauth.update_user(jsonb_build_object('id', nextauth.get_user_by_account('github', '1') ->> 'id', 'name', 'Bob')) ->> 'name'}, 'Bob' ],
	[ q{SELECT nextauth.link_account(jsonb_build_object('userId', nextauth.get_account('github', '1') ->> 'userId', 'type', 'oauth', 'provider', 'google', 'providerAccountId', '2')) ->> 'type'}, 'oauth' ],
	[ q{SELECT nextauth.unlink_account('google', '2') ->> 'provider'}, 'google' ],
	[ q{SELECT nextauth.get_session_and_user('t') -> 'user' ->> 'name', nextauth.get_session_and_user('t', 60, 60) -> 'user' ->> 'name'}, 'Bob\|Bob' ],
	[ q{SELECT nextauth.update_session('{"sessionToken": "t", "expires": "2131-01-01"}') IS NOT NULL}, 't' ],
	[ q{SELECT json_array_length(nextauth.sessions_of(nextauth.get_user_by_account('github', '1') ->> 'id'))}, '1' ],
	[ q{SELECT nextauth.delete_session('t') ->> 'sessionToken'}, 't' ],
	[ q{SELECT nextauth.create_session(jsonb_build_object('userId', nextauth.get_account('github', '1') ->> 'userId')) IS NOT NULL}, 't' ],
	[ q{SELECT nextauth.sign_out_everywhere(nextauth.get_account('github', '1') ->> 'userId')}, '1' ],
	[ q{SELECT nextauth.delete_user(nextauth.get_account('github', '1') ->> 'userId') ->> 'name'}, 'Bob' ],
	[ q{SELECT nextauth.delete_user(nextauth.get_user_by_email('eve@example.com') ->> 'id') ->> 'name'}, 'Eve' ],
	[ q{SELECT nextauth.create_verification_token('{"identifier": "a", "token": "made", "expires": "2131-01-01"}') ->> 'token'}, 'made' ],
	[ q{SELECT nextauth.use_verification_token('a', 'made') ->> 'token'}, 'made' ],
	[ q{ALTER TABLE nextauth.sessions SET SCHEMA old}, '' ],
	[ q{DELETE FROM nextauth.model WHERE name = 'Session'}, '' ],
	[ q{SELECT nextauth.adopt_model('Session', 'old.sessions')}, '.*' ],
	[ q{SELECT count(*) FROM nextauth.install()}, '\d+' ],
	[ q{SELECT count(*) > 0 FROM nextauth.plan_convert_ids('text')}, 't' ],
	[ q{BEGIN; SET LOCAL nextauth.allow_rewrite = on; SELECT count(*) FROM nextauth.convert_ids('text'); COMMIT}, '\d' ],
	[ q{SELECT count(*) > 0 FROM nextauth.add_adapter('pg')}, 't' ],
	[ q{SELECT count(*) > 0 FROM nextauth.add_adapter('drizzle')}, 't' ],
	[ q{SELECT nextauth.create_authenticator(jsonb_build_object('userId', nextauth.create_user('{}') ->> 'id', 'credentialID', 'c', 'providerAccountId', 'p', 'credentialPublicKey', 'k', 'counter', 0, 'credentialDeviceType', 'singleDevice', 'credentialBackedUp', false)) ->> 'credentialID'}, 'c' ],
	[ q{SELECT nextauth.update_authenticator_counter('c', 1) ->> 'counter'}, '1' ],
	[ q{SELECT json_array_length(nextauth.list_authenticators_by_user_id(nextauth.get_authenticator('c') ->> 'userId'))}, '1' ],
	[ q{SELECT count(*) > 0 FROM nextauth.adapter_columns_of('nextauth_pg')}, 't' ],
	[ q{SELECT nextauth.grant_adapter('app')}, '' ],
	[ q{SELECT nextauth.authenticate('unknown'), nextauth.user_id(), nextauth.session_id()}, 'f\|\|' ],
	[ q{SELECT nextauth.authenticate_connection('unknown'), nextauth.sign_out()}, 'f\|' ],
	[ q{SELECT count(*) > 0 FROM nextauth.drop_adapter('nextauth_drizzle')}, 't' ])
{
	my ($sql, $expected) = @$case;
	my $role = $sql =~ /^DELETE/ ? $superuser : 'keeper';

	$called .= $sql;
	works($sql, $role, $sql, $expected);
}
my $missing = join ' ', grep { $called !~ /nextauth\.$_\b/ } split /\n/, $node->safe_psql(
	'shop', q{
	SELECT DISTINCT proname FROM pg_proc JOIN pg_depend ON objid = pg_proc.oid AND refclassid = 'pg_extension'::regclass
	WHERE pronamespace = 'nextauth'::regnamespace AND deptype = 'e' AND prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype)});
is($missing, '', 'no other function is the extension\'s');

# So is everything that its views show
works($_, 'app', "SELECT count(*) >= 0 FROM nextauth.$_", 't') for qw(models model_columns custom_models model_changes adapters adapter_columns progress);

#
# What a client sets
#

my $drop = 'ALTER TABLE nextauth.users DROP COLUMN token CASCADE';
my $guarded = '\nERROR:  cannot drop column "token" of model "User"';

works('a session setting reaches the next client', $superuser, [ 'SET work_mem = 12345', 'SELECT 1' ], '1');
works('as here', $superuser, 'SHOW work_mem', '12345kB');
works('but columns are protected from others', 'keeper', 'SET nextauth.protect_columns = off', '');
works('who drop one', 'keeper', $drop, $guarded);
works('or do it later', 'keeper', [ 'SET nextauth.protect_columns = off', $drop ], $guarded);
works('SET LOCAL lets it be dropped', 'keeper',
	"BEGIN; SET LOCAL nextauth.protect_columns = off; $drop; SELECT count(*) FROM nextauth.custom_column WHERE property = 'token'; ROLLBACK", '0');
works('in that transaction alone', 'keeper', $drop, $guarded);

# Also where the session has not called the extension before: PgBouncer gets it a new one
works('a new session', $superuser, 'SELECT pg_terminate_backend(pg_backend_pid())', '(?s:.*)');
works('has the setting before it knows it', 'keeper', 'SET nextauth.protect_columns = off', '');
works('and protects columns', 'keeper', $drop, $guarded);

works('other settings are set for a transaction', 'keeper',
	'BEGIN; SET LOCAL nextauth.lock_retries = 3; SHOW nextauth.lock_retries; COMMIT', '3');
works('and then are what they were', 'keeper', 'SHOW nextauth.lock_retries', '100');

#
# Who is asking
#

$node->safe_psql('shop', q{INSERT INTO old.sessions (user_id, expires, session_token, access_token) VALUES ('7', 'infinity', 'of 7', '7')});
my $who = 'SELECT nextauth.user_id()';
works('a client authenticates', 'app', [ q{SELECT nextauth.authenticate('of 7')}, $who ], "t\n");
works('is known in the transaction', 'app', "BEGIN; SELECT nextauth.authenticate('of 7'); $who; COMMIT", 't\n7');
works('and nobody after it', 'app', $who, '');
works('for its connection', 'app', q{SELECT nextauth.authenticate_connection('of 7')}, 't');
works('a client hands its identity to the next one', 'app', $who, '7');
works('until this forgets it', 'app', [ 'SELECT nextauth.sign_out()', $who ], '\n');
works('that is asked for again', 'app', q{SELECT nextauth.authenticate_connection('of 7')}, 't');
works('or discards all', 'app', [ 'DISCARD ALL', $who ], '');

#
# An adapter's schema
#

works('without a search_path an application finds another table', 'app', 'SELECT count(stranger) FROM users', '0');

# What PgBouncer does with "options" depends on its version; told to ignore them, it leaves them out without a word
my ($out, $err) = ('', '');
run([ 'psql', '-XqAt', '-d', connstr('app') . " options='-c search_path=nextauth_pg'", '-c', 'SHOW search_path' ],
	'<', \'', '>', \$out, '2>', \$err);
like($out . $err, qr/^nextauth_pg$|unsupported startup parameter/, 'options are refused or passed on');

# What the role has in the database each new session of it has
$node->safe_psql('shop', 'ALTER ROLE app IN DATABASE shop SET search_path = nextauth_pg, public');
works('sessions that are there keep theirs', 'app', 'SHOW search_path', '"\$user", public');
run([ 'psql', '-XqAt', '-d', connstr($superuser, 'pgbouncer'), '-c', 'RECONNECT shop' ], '<', \'', '>', \$out, '2>', \$err);
works('until PgBouncer makes new ones', 'app', 'SHOW search_path', 'nextauth_pg, public');
works('with which the adapter finds its view', 'app', 'SELECT count(name) FROM users', '1000');

#
# Over a transaction's end
#

# Who listens has a session of their own, and is told what others do through PgBouncer
my ($in, $heard) = ("LISTEN nextauth;\n\\echo ready\n", '');
my $listener = start([ 'psql', '-XqAt', '-d', $node->connstr('shop') ], '<', \$in, '>', \$heard, '2>', \$err,
	timeout($PostgreSQL::Test::Utils::timeout_default));
$listener->pump until $heard =~ /ready/;
works('a change', 'keeper', q{SELECT action FROM nextauth.extend_model('User', '{"late": {"type": "text", "nullable": true}}')}, 'added');
$in .= "SELECT 1;\n\\q\n";
$listener->finish;
like($heard, qr/Asynchronous notification "nextauth" with payload "User"/, 'is told to a direct connection');

# Who cancels extend_model_online() by PgBouncer waits till it has cleaned up
my $call = start([ 'psql', '-XqAt', '-d', connstr('keeper'), '-c',
		q{CALL nextauth.extend_model_online('User', '{"slow": {"type": "text", "defaultExpression": "old.sleep()", "unique": true}}')} ],
	'>', \$out, '2>', \$err, timeout($PostgreSQL::Test::Utils::timeout_default));
my $working = q{SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'extend_model_online'};
$node->poll_query_until('shop', "$working AND query ~ 'filling column'", 1) or fail('it works');
$call->signal('INT');
$call->finish;
like($err, qr/ERROR:  canceling statement/, 'a canceled call of extend_model_online() says so');
is($node->safe_psql('shop', $working), '0', 'and has ended its worker');
works('after it all goes on', 'keeper', q{SELECT action FROM nextauth.drop_properties('User', 'slow')}, 'dropped');
is($node->safe_psql('shop', 'SELECT finding FROM nextauth.check_models()'), '', 'nothing is wrong in the end');

stop_pgbouncer($running);
$node->stop;
done_testing();
