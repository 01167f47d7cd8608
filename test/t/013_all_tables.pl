# A publication FOR ALL TABLES, as blue/green upgrades use it, has the extension's catalog, too: its rows never stop the
# subscriber, and leave its catalog true to its own tables.  Between servers of the major under test, and, where several
# are installed and it is the newest, from the oldest to it.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;

use Nextauth;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $created = q{SET nextauth.id_type = 'integer'; CREATE EXTENSION nextauth};
my $phone = '{"type": "varchar", "nullable": true}';
my $nick = '{"type": "text", "nullable": true}';

# What both sides have to say alike; and, where one has more to tell of it, of how it came
my $same = q{
	SELECT jsonb_pretty(nextauth.entity_schemas());
	SELECT model, relation, custom_columns FROM nextauth.models ORDER BY model;
	SELECT model, property, column_name, type, options, in_table, vouched FROM nextauth.custom_column ORDER BY 1, 2;
	SELECT adapter, schema, views FROM nextauth.adapters ORDER BY 2;
	SELECT finding FROM nextauth.check_models();
};
my $history = 'SELECT model, version, action, changes FROM nextauth.model_changes ORDER BY model, version';
my $columns = q{SELECT property, column_name, options->'select' FROM nextauth.custom_column WHERE model = 'User' ORDER BY 1};

my ($publisher, $subscriber, $pair, $db);

# One call on each node, in the order given
sub on
{
	my ($sql, @nodes) = @_;
	$_->safe_psql($db, $sql) foreach @nodes;
}

sub extend
{
	my ($property, $options, @nodes) = @_;
	on(qq(SELECT nextauth.extend_model('User', '{"$property": $options}')), @nodes);
}

sub publish
{
	my $connection = $publisher->connstr . " dbname=$db";
	on("CREATE PUBLICATION $db FOR ALL TABLES", $publisher);
	on("CREATE SUBSCRIPTION $db CONNECTION '$connection' PUBLICATION $db", $subscriber);
	$subscriber->wait_for_subscription_sync($publisher, $db, $db);
}

# The subscriber has come through all that the publisher has written
sub caught_up
{
	my ($what) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my $users = sprintf 'SELECT to_jsonb(u) FROM %s u ORDER BY id', $db eq 'adopted' ? 'public.people' : 'nextauth.users';

	$publisher->wait_for_catchup($db);
	is($subscriber->safe_psql($db, $users), $publisher->safe_psql($db, $users), "$pair, $db: $what");
}

sub alike
{
	my ($what, $sql) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	same_text($subscriber->safe_psql($db, $sql // $same), $publisher->safe_psql($db, $sql // $same), "$pair, $db: $what");
}

sub with_database
{
	my ($name, $test) = @_;
	$db = $name;
	$_->safe_psql('postgres', "CREATE DATABASE $db") foreach $publisher, $subscriber;
	$test->();
	on("DROP SUBSCRIPTION IF EXISTS $db", $subscriber);
}

# Each side has made the extension and its columns by itself
sub both_created
{
	on($created, $publisher, $subscriber);
	extend('phoneNumber', $phone, $publisher, $subscriber);
	extend('early', $nick, $publisher);
	extend('early', $nick, $subscriber);
	extend('ours', $nick, $subscriber);
	on(q{SELECT nextauth.drop_properties('User', 'ours')}, $subscriber);
	on(q{INSERT INTO nextauth.users (email) VALUES ('ada@example.com')}, $publisher);
	publish();
	caught_up('the initial copy goes through');
	alike('the catalog is one of both');

	# The subscriber first
	extend('nick', $nick, $subscriber, $publisher);
	on(q{INSERT INTO nextauth.users (email, nick) VALUES ('nick@example.com', 'nick')}, $publisher);
	caught_up('a column that both have declared');
	alike('is one of both');

	# The publisher first: the subscriber waits for the column, and for nothing else
	my $log = -s $subscriber->logfile;
	extend('late', $nick, $publisher);
	on(q{INSERT INTO nextauth.users (email, late) VALUES ('late@example.com', 'late')}, $publisher);
	$subscriber->wait_for_log(qr/target relation "nextauth.users" is missing replicated column: "late"/, $log);
	extend('late', $nick, $subscriber);
	caught_up('nothing is lost when the subscriber is extended after all');
	alike('and both know the column');

	# What is in the catalog alone needs no call on the subscriber
	extend('nick', '{"type": "text", "nullable": true, "select": false}', $publisher);
	$publisher->wait_for_catchup($db);
	alike('an option that only the catalog knows arrives');

	# Names: the subscriber keeps what its table has, until it is called itself; in either order
	on(q{SELECT nextauth.rename_property('User', 'nick', 'handle')}, $publisher);
	$publisher->wait_for_catchup($db);
	like($subscriber->safe_psql($db, $columns), qr/^nick\|nick\|false$/m, "$pair: a column that has another name there is known here");
	on(q{SELECT nextauth.rename_property('User', 'nick', 'handle')}, $subscriber);
	alike('and renamed here, too');
	on(q{SELECT nextauth.rename_property('User', 'phoneNumber', 'telephone')}, $subscriber, $publisher);
	on(q{ALTER TABLE nextauth.users RENAME COLUMN early TO former}, $subscriber, $publisher);
	on(q{UPDATE nextauth.users SET former = 'former', telephone = '1', handle = 'h'}, $publisher);
	caught_up('columns that both have renamed');
	alike('so are their names');

	# Dropped: the publisher first
	on(q{SELECT nextauth.drop_properties('User', 'handle')}, $publisher);
	$publisher->wait_for_catchup($db);
	like($subscriber->safe_psql($db, $columns), qr/^handle\|/m, "$pair: a column that is dropped there is known here");
	on(q{SELECT nextauth.drop_properties('User', 'handle')}, $subscriber);
	on(q{INSERT INTO nextauth.users (email) VALUES ('dropped@example.com')}, $publisher);
	caught_up('a column that both have dropped');
	alike('is gone from both');

	# A model that has a table on one side only, and an adapter that has a schema
	on(q{SELECT nextauth.add_adapter('neon')}, $publisher, $subscriber);
	on(q{SELECT nextauth.drop_adapter('nextauth_neon')}, $publisher);
	on('DROP TABLE nextauth.verification_requests', $publisher);
	$publisher->wait_for_catchup($db);
	is( $subscriber->safe_psql($db, q{
			SELECT relation FROM nextauth.models WHERE model = 'VerificationRequest'; SELECT schema FROM nextauth.adapters}),
		"nextauth.verification_requests\nnextauth_neon", "$pair: what is here stays known");
	on(q{SELECT nextauth.drop_adapter('nextauth_neon'); DROP TABLE nextauth.verification_requests}, $subscriber);
	on(q{SELECT nextauth.install()}, $subscriber, $publisher);
	on(q{SELECT nextauth.add_adapter('pg')}, $subscriber, $publisher);
	on(q{INSERT INTO nextauth.users (email) VALUES ('last@example.com')}, $publisher);
	caught_up('and goes when it goes');
	alike('on both sides');
	alike('their histories tell the same',
		q{SELECT DISTINCT action, changes FROM nextauth.model_changes WHERE changes::text !~ 'ours' ORDER BY 1, 2});
	is( $subscriber->safe_psql($db, q{
			SELECT max(version) = count(*) FROM nextauth.model_change WHERE model = 'User'}), 't', "$pair: numbered without a gap");
	return;
}

# The subscriber is made of the publisher's schema, as blue/green and many a guide do it: its catalog comes by the copy
sub schema_only
{
	on($created, $publisher);
	create_application($publisher, $db);
	on(q{SELECT nextauth.add_adapter('pg')}, $publisher);

	my ($schema) = run_command([ $subscriber->config_data('--bindir') . '/pg_dump', '--no-sync', '--schema-only', $publisher->connstr($db) ]);
	$schema =~ s/$stamp//g;
	my $file = $subscriber->basedir . '/schema.sql';
	append_to_file($file, $schema);
	$subscriber->command_ok([ qw(psql -Xq -v ON_ERROR_STOP=1 -f), $file, $subscriber->connstr($db) ], "$pair: the schema is restored");
	unlink $file;
	publish();
	caught_up('the initial copy goes through');
	alike('the catalog has come with the rows');
	alike('so has the history', $history);
	on(q{SELECT setval('nextauth.users_id_seq', 50), setval('nextauth.users_number_seq', 50),
		setval('nextauth.users_ticket_seq', 50); SELECT nextauth.drop_adapter('nextauth_pg'); DROP SUBSCRIPTION schema_only}, $subscriber);
	is_alive($subscriber, $db, "$pair: the new server", users => 'nextauth.users');
	return;
}

# The publisher's tables were adopted; the subscriber, where they are as well, has the extension's own beside them
sub adopted
{
	my $tables = q{CREATE TABLE public.people (LIKE nextauth.users INCLUDING ALL);
		ALTER TABLE public.people ALTER COLUMN id DROP DEFAULT, ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY};
	on("$created; $tables", $publisher, $subscriber);
	on(q{SELECT nextauth.adopt_model('User', 'public.people')}, $publisher);
	extend('nick', $nick, $publisher);
	on('ALTER TABLE public.people ADD COLUMN nick text', $subscriber);
	on(q{INSERT INTO public.people (email, nick) VALUES ('ada@example.com', 'ada')}, $publisher);
	publish();
	caught_up('the initial copy goes through');
	alike('an empty model is in the table that the publisher says');

	# One in use stays where it is
	on(q{SELECT nextauth.extend_model('Session', '{"agent": {"type": "text", "nullable": true}}')}, $subscriber);
	on(q{CREATE TABLE public.logins (LIKE nextauth.sessions INCLUDING ALL)}, $publisher, $subscriber);
	on(q{SELECT nextauth.adopt_model('Session', 'public.logins')}, $publisher);
	on(q{INSERT INTO public.people (email) VALUES ('grace@example.com')}, $publisher);
	$publisher->wait_for_catchup($db);
	is($subscriber->safe_psql($db, q{SELECT relation, custom_columns FROM nextauth.models WHERE model = 'Session'}),
		'nextauth.sessions|1', "$pair: a model with columns of its own stays in its table");
	return;
}

# Who may write the catalog only as the owner of the database is believed no more by way of a subscription
sub not_believed
{
	on(qq{$created;
		CREATE TABLE public.secrets (LIKE nextauth.sessions);
		GRANT USAGE ON SCHEMA nextauth TO keeper;
		ALTER DATABASE $db OWNER TO keeper}, $subscriber);
	on(q{SET session_replication_role = replica; SET ROLE keeper;
		INSERT INTO nextauth.model VALUES ('Authenticator', 'public.secrets'), ('Session', 'public.secrets');
		INSERT INTO nextauth.custom_column VALUES ('User', 'x', 'email', 'text', '{}', 'nextauth.users');
		INSERT INTO nextauth.adapter VALUES ('public', 'pg')}, $subscriber);
	is( $subscriber->safe_psql($db, q{
			SELECT model, relation FROM nextauth.models WHERE model IN ('Session', 'Authenticator');
			SELECT name, vouched FROM nextauth.model WHERE NOT vouched;
			SELECT property, vouched FROM nextauth.custom_column; SELECT schema, vouched FROM nextauth.adapter}),
		"Session|nextauth.sessions\nAuthenticator|f\nx|f\npublic|f", "$pair: a replicated row counts only as its writer could have gone alone");
	return;
}

sub replicates
{
	($pair, $publisher, $subscriber) = @_;

	$publisher->append_conf('postgresql.conf', "wal_level = logical\nmax_wal_senders = 10\n");
	$subscriber->append_conf('postgresql.conf', "wal_retrieve_retry_interval = 100ms\n");
	$_->start foreach $publisher, $subscriber;
	create_roles($_) foreach $publisher, $subscriber;
	with_database('both_created', \&both_created);
	with_database('schema_only', \&schema_only);
	with_database('adopted', \&adopted);
	with_database('not_believed', \&not_believed);
	$_->stop foreach $subscriber, $publisher;
}

my @nodes = map { PostgreSQL::Test::Cluster->new($_) } qw(publisher subscriber);
$_->init foreach @nodes;
replicates('same major', @nodes);

my @majors = installed_majors();
my ($bindir) = run_command([ 'pg_config', '--bindir' ]);
SKIP:
{
	skip 'this takes several majors beside each other, and the newest under test', 1
	  if @majors < 2 || $bindir ne bindir_of($majors[-1]);
	replicates("$majors[0] to $majors[-1]", init_cluster($majors[0], 'old'), init_cluster($majors[-1], 'new'));
}

done_testing();
