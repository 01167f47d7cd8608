# Who is asking, where it takes a server of its own: prepared transactions, a standby, and a library that is loaded before
# a connection has its settings.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $primary = PostgreSQL::Test::Cluster->new('primary');
$primary->init(allows_streaming => 1);
$primary->append_conf('postgresql.conf', 'max_prepared_transactions = 4');
$primary->start;
$primary->safe_psql(
	'postgres', q{
	CREATE ROLE app LOGIN;
	CREATE EXTENSION nextauth;
	GRANT USAGE ON SCHEMA nextauth TO app;
	INSERT INTO nextauth.users (id, email) VALUES ('ada', 'ada@example.com');
	INSERT INTO nextauth.sessions (id, user_id, expires, session_token, access_token) VALUES ('s', 'ada', 'infinity', 'of ada', 'a');
	CREATE TABLE note AS SELECT 'ada' AS user_id FROM generate_series(1, 1000);
	ALTER TABLE note ENABLE ROW LEVEL SECURITY;
	CREATE POLICY own ON note USING (user_id = nextauth.user_id());
	GRANT ALL ON note TO app});

my $who = q{SELECT coalesce(nextauth.user_id(), 'nobody')};

# What the application's role is told, and the errors and warnings
sub is_told
{
	my ($node, $name, $sql, $expected, $said, %options) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my ($rc, $stdout, $stderr) = $node->psql('postgres', $sql, extra_params => [ '-U', 'app' ], on_error_stop => 0, %options);

	is($stdout, $expected, $name);
	like($stderr, $said // qr/^$/, "$name: what it says");
}

#
# Prepared transactions
#
is_told($primary, 'a prepared transaction takes its identity with it', qq{
	BEGIN;
	SELECT nextauth.authenticate('of ada');
	DELETE FROM note WHERE ctid = '(0,1)';
	PREPARE TRANSACTION 'of ada';
	$who;
	COMMIT PREPARED 'of ada';
	$who;
	BEGIN;
	SELECT nextauth.authenticate_connection('of ada');
	PREPARE TRANSACTION 'for the connection';
	$who;
	ROLLBACK PREPARED 'for the connection';
	$who;
}, "t\nnobody\nnobody\nt\nada\nada");
is($primary->safe_psql('postgres', 'SELECT count(*) FROM note'), '999', 'its rows were its own');

#
# A standby
#
$primary->backup('backup');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($primary, 'backup', has_streaming => 1);
$standby->start;
$primary->wait_for_catchup($standby);
is_told($standby, 'a standby knows who is asking', qq{
	SELECT nextauth.authenticate('of ada');
	$who;
	BEGIN;
	SELECT nextauth.authenticate('of ada');
	SELECT count(*) FROM note;
	COMMIT;
	SELECT nextauth.authenticate_connection('of ada');
	$who;
	SELECT nextauth.sign_out();
	$who;
}, "t\nnobody\nt\n999\nt\nada\n\nnobody");
$primary->safe_psql('postgres', 'DELETE FROM nextauth.sessions');
$primary->wait_for_catchup($standby);
is_told($standby, 'and who has been signed out', q{SELECT nextauth.authenticate('of ada')}, 'f');
$primary->safe_psql('postgres', q{ALTER TABLE nextauth.sessions SET UNLOGGED});
$primary->wait_for_catchup($standby);
my ($code, $out, $err) = $standby->psql('postgres', q{\set VERBOSITY verbose
	SELECT nextauth.authenticate('of ada')});
like($err, qr/0A000: cannot access temporary or unlogged relations during recovery/, 'and why it cannot know');
$standby->stop;
$primary->safe_psql('postgres', q{
	INSERT INTO nextauth.sessions (id, user_id, expires, session_token, access_token) VALUES ('s', 'ada', 'infinity', 'of ada', 'a')});

#
# A library that is loaded first
#
my $said = qr/^(?:psql: )?(?:WARNING|.*FATAL|.*ERROR):  parameter "nextauth.identity" can only be reset/m;
for my $preload (qw(session_preload_libraries shared_preload_libraries))
{
	$primary->append_conf('postgresql.conf', "$preload = nextauth");
	$primary->safe_psql('postgres', "ALTER ROLE app SET nextauth.identity = '3:adas'") if $preload =~ /session/;
	$primary->restart;
	is_told($primary, "$preload: a setting of the role is refused", "$who; RESET ALL; $who; SELECT count(*) FROM note",
		"nobody\nnobody\n0", $said);
	is_told($primary, "$preload: so it is in parallel workers", qq{
		SELECT count(set_config(name, 'regress', false)) FROM pg_settings WHERE name IN ('force_parallel_mode', 'debug_parallel_query');
		SELECT count(*) FROM note;
		SELECT nextauth.authenticate_connection('of ada');
		SELECT count(*) FROM note}, "1\n0\nt\n999", $said);
	{
		local $ENV{PGOPTIONS} = '-c nextauth.identity=3:adas';
		is_told($primary, "$preload: and one of the connection", $who, $preload =~ /shared/ ? '' : 'nobody', $said, on_error_die => 0);
	}
}
$primary->append_conf('postgresql.conf', "nextauth.identity = '3:adas'");
$primary->safe_psql('postgres', 'ALTER ROLE app RESET nextauth.identity');
$primary->reload;
is_told($primary, 'nor does the file say who is asking', $who, 'nobody');

$primary->stop;
done_testing();
