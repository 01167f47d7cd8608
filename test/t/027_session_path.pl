# get_session_and_user() beside changes of what it reads: at random while it is asked, by a restore of the catalog's rows,
# and by logical replication.
#
# NEXTAUTH_TEST_SECONDS sets how long the random changes go on, NEXTAUTH_TEST_SEED which they are.

use strict;
use warnings;

use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $seconds = $ENV{NEXTAUTH_TEST_SECONDS} || 10;
my $seed = $ENV{NEXTAUTH_TEST_SEED} || 1;
srand $seed;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(allows_streaming => 'logical');
$node->append_conf('postgresql.conf', "deadlock_timeout = 50ms\nnextauth.protect_columns = off\nnextauth.protect_tables = off\n");
$node->start;

my $rows = q{
	INSERT INTO nextauth.users (id, name) VALUES ('ada', 'Ada');
	INSERT INTO nextauth.sessions (id, user_id, expires, session_token, access_token)
	VALUES ('s', 'ada', 'infinity', 'token', 'a')};
$node->safe_psql('postgres', "SET nextauth.id_type = 'text'; CREATE EXTENSION nextauth; $rows");

#
# At random: each answer is the one of a SELECT with the same snapshot, which the tables' locks keep from changing
#
$node->safe_psql(
	'postgres', q{
	CREATE FUNCTION check_answer(answer jsonb) RETURNS void LANGUAGE plpgsql AS $$
	DECLARE
		expected jsonb;
	BEGIN
		EXECUTE 'SELECT jsonb_build_object(''expires'', s.expires, ''user'', to_jsonb(u) - ''email_verified'' - ''created_at'' - ''updated_at'')
			FROM nextauth.sessions s JOIN nextauth.users u ON u.id = s.user_id WHERE session_token = ''token'' AND expires > now()'
		INTO expected;
		IF jsonb_build_object('expires', answer #> '{session,expires}', 'user', answer -> 'user' #- '{emailVerified}')
			IS DISTINCT FROM coalesce(expected, '{"expires": null, "user": null}')
		THEN
			RAISE EXCEPTION 'the answer is %, not %', answer, expected;
		END IF;
	END $$});
my $script = $node->basedir . '/look.sql';
append_to_file($script, q{
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT coalesce(nextauth.get_session_and_user('token')::text, '{}') AS answer \gset
SELECT check_answer(:answer);
COMMIT;
});

my @columns = map { "c$_" } 1 .. 4;
my @types = qw(text integer varchar(20) bigint jsonb);

sub one_of { return $_[ rand @_ ] }

# Each is one transaction
my @changes = (
	(sub {
		my $column = one_of(@columns);
		my $type = one_of('text', 'integer', 'jsonb');
		return qq(SELECT FROM nextauth.extend_model('User', '{"$column": {"type": "$type", "default": 1}}'));
	}) x 4,
	(sub { 'ALTER TABLE nextauth.users DROP COLUMN IF EXISTS ' . one_of(@columns) }) x 2,
	(sub {
		my ($column, $type) = (one_of(@columns), one_of(@types));
		return "ALTER TABLE nextauth.users ALTER COLUMN $column DROP DEFAULT, ALTER COLUMN $column TYPE $type USING '2'::$type";
	}) x 3,
	sub { 'ALTER TABLE nextauth.users ALTER COLUMN ' . one_of(@columns) . ' TYPE text' },
	sub { "UPDATE nextauth.users SET name = md5(random()::text), " . one_of(@columns) . " = '3'" },
	sub { "UPDATE nextauth.sessions SET expires = now() + " . one_of("'1 day'", "'-1 day'", "'1 s'") },
	sub { 'DELETE FROM nextauth.sessions' },
	(sub { $rows =~ s/VALUES \(.*?\)/$& ON CONFLICT DO NOTHING/gr }) x 2,
	sub { 'ALTER TABLE nextauth.sessions ' . one_of('ENABLE', 'DISABLE', 'FORCE', 'NO FORCE') . ' ROW LEVEL SECURITY' },
	sub { 'CREATE INDEX IF NOT EXISTS by_hash ON nextauth.sessions USING hash (session_token)' },
	sub { 'DROP INDEX IF EXISTS nextauth.by_hash' },
	sub { 'REINDEX TABLE CONCURRENTLY nextauth.' . one_of('sessions', 'users') },
	sub { 'VACUUM FULL nextauth.' . one_of('sessions', 'users') },
	sub { 'ALTER TABLE nextauth.sessions ADD CONSTRAINT again UNIQUE (session_token)' },
	sub { 'ALTER TABLE nextauth.sessions DROP CONSTRAINT IF EXISTS again' },
	sub {
		return 'BEGIN; CREATE TABLE nextauth.other (LIKE nextauth.sessions INCLUDING ALL);'
		  . ' INSERT INTO nextauth.other SELECT * FROM nextauth.sessions; DROP TABLE nextauth.sessions;'
		  . " ALTER TABLE nextauth.other RENAME TO sessions; SELECT FROM nextauth.adopt_model('Session', 'nextauth.sessions'); COMMIT";
	});

my ($asked, $failed) = ('', '');
my $pgbench = IPC::Run::start(
	[
		'pgbench', '--no-vacuum', '--client=3', '--protocol=prepared', "--time=$seconds", '--max-tries=100',
		"--file=$script", '--host=' . $node->host, '--port=' . $node->port, 'postgres'
	],
	'>', \$asked, '2>', \$failed);
my $end = time + $seconds;
my $done = 0;
while (time < $end)
{
	my $sql = one_of(@changes)->();
	my ($status) = $node->psql('postgres', $sql, timeout => 30);
	$done++ if $status == 0;
}
ok($done > 10, 'there were changes') or diag("$done of them");
my $agrees = $pgbench->finish;
ok($agrees, 'each answer is that of a SELECT') or diag("seed $seed: $failed");
my ($answers) = $asked =~ /transactions actually processed: (\d+)/;
ok($answers > 100, 'there were answers') or diag($asked);

#
# By others: a session that has asked sees a row of the catalog that a restore or an apply worker writes
#
sub make_database
{
	my ($name) = @_;
	$node->safe_psql('postgres', "CREATE DATABASE $name");
	$node->safe_psql($name, "SET nextauth.id_type = 'text'; CREATE EXTENSION nextauth");
	$node->safe_psql($name, $rows);
}

# A session that stays; what it answers to the property, an empty line if there is none
my $property = q{nextauth.get_session_and_user('token') #>> '{user,nick}'};

sub asks_before_and_after
{
	my ($database, $change, $what) = @_;
	my ($in, $out) = ('', '');
	my $session = IPC::Run::start(
		[ 'psql', '-XAtq', '-h', $node->host, '-p', $node->port, $database ],
		'<', \$in, '>', \$out, '2>', \$out, my $timer = IPC::Run::timeout(180));
	my $ask = "SELECT coalesce($property, 'none') || ';';\n";
	$in .= $ask;
	IPC::Run::pump($session) until $out =~ /;\n/;
	is($out, "none;\n", "before $what");
	$change->();
	for (1 .. 100)
	{
		$out = '';
		$in .= $ask;
		IPC::Run::pump($session) until $out =~ /;\n/;
		last if $out ne "none;\n";
		select(undef, undef, undef, 0.1);
	}
	is($out, "-;\n", "after $what");
	$in .= "\\q\n";
	$session->finish;
	return;
}

make_database('source');
$node->safe_psql('source', q{SELECT FROM nextauth.extend_model('User', '{"nick": {"type": "text", "default": "-"}}')});
my $dump = $node->basedir . '/catalog.dump';
$node->command_ok([ 'pg_dump', '-Fc', '--data-only', '--table=nextauth.custom_column', '-f', $dump, '-d', $node->connstr('source') ],
	'the rows of the catalog are dumped');

# The column is there, the row of the catalog is not; the owner of the database restores it
make_database('restored');
$node->safe_psql('restored', q{CREATE ROLE keeper LOGIN; GRANT USAGE ON SCHEMA nextauth TO keeper WITH GRANT OPTION;
	ALTER TABLE nextauth.users OWNER TO keeper; ALTER DATABASE restored OWNER TO keeper;
	ALTER TABLE nextauth.users ADD nick text DEFAULT '-'});
asks_before_and_after('restored',
	sub { $node->command_ok([ 'pg_restore', '--data-only', '-d', $node->connstr('restored'), $dump ], 'they are restored') },
	'a restore');

make_database('replicated');
$node->safe_psql('replicated', q{ALTER TABLE nextauth.users ADD nick text DEFAULT '-'});
$node->safe_psql('source', 'CREATE PUBLICATION catalog FOR TABLE nextauth.custom_column');
$node->safe_psql('source', q{SELECT pg_create_logical_replication_slot('catalog', 'pgoutput')});
my $connection = $node->connstr('source') =~ s/'/''/gr;
asks_before_and_after('replicated',
	sub {
		$node->safe_psql('replicated',
			"CREATE SUBSCRIPTION catalog CONNECTION '$connection' PUBLICATION catalog WITH (create_slot = false, slot_name = catalog)");
	},
	'replication');
$node->safe_psql('replicated', 'DROP SUBSCRIPTION catalog');

$node->stop;
done_testing();
