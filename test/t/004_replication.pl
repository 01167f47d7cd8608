# A physical standby serves the models; logical replication carries their rows to a database with the extension of its
# own, and loses nothing when a model is extended: on the subscriber first, then on the publisher.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;

use Nextauth;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $primary = PostgreSQL::Test::Cluster->new('primary');
$primary->init(allows_streaming => 'logical');
$primary->start;
$primary->backup('backup');

my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($primary, 'backup', has_streaming => 1);
$standby->start;

# One column for each call, and what the call is to say
sub extend
{
	my ($node, $property, $options, $action) = @_;
	my $sql = qq(SELECT action FROM nextauth.extend_model('User', '{"$property": $options}'));
	is($node->safe_psql('postgres', $sql), $action, $node->name . ": property $property is $action");
}

my $phone = '{"type": "varchar", "nullable": true}';
my $role = '{"enum": ["user", "admin"], "default": "user"}';
my $nick = '{"type": "text", "nullable": true}';

#
# Physical: the standby has the primary's catalog
#
$primary->safe_psql('postgres', q{SET nextauth.id_type = 'integer'; CREATE EXTENSION nextauth});
extend($primary, 'phoneNumber', $phone, 'added');
extend($primary, 'role', $role, 'added');
$primary->safe_psql('postgres', q{INSERT INTO nextauth.users (email, role) VALUES ('ada@example.com', 'admin')});
$primary->wait_for_catchup($standby);

for my $query (
	'SELECT jsonb_pretty(nextauth.entity_schemas())',
	'SELECT * FROM nextauth.models ORDER BY model',
	'SELECT * FROM nextauth.model_columns ORDER BY model, position',
	'SELECT * FROM nextauth.custom_models ORDER BY model',
	'SELECT * FROM nextauth.check_models()',
	'SELECT * FROM nextauth.users')
{
	is($standby->safe_psql('postgres', $query), $primary->safe_psql('postgres', $query), "standby: $query");
}

# An application may call it at every start, wherever it happens to connect
extend($standby, 'phoneNumber', $phone, 'unchanged');
extend($standby, 'role', $role, 'unchanged');

# A change is refused by a standby, and in a read-only transaction
my $change = qq(SELECT nextauth.extend_model('User', '{"nick": $nick}'););
my $read_only = "BEGIN READ ONLY; $change";
for my $case ([ $standby, $change ], [ $standby, $read_only ], [ $primary, $read_only ])
{
	my ($node, $sql) = @$case;
	my ($status, $stdout, $stderr) = $node->psql('postgres', "\\set VERBOSITY sqlstate\n$sql");
	is($stderr, 'psql:<stdin>:2: ERROR:  25006', $node->name . ": $sql");
}

# So do the adapters' views, and an application may add its adapter at every start
create_roles($primary);
$primary->safe_psql('postgres', 'CREATE DATABASE adapters');
$primary->safe_psql('adapters', q{SET nextauth.id_type = 'text'; CREATE EXTENSION nextauth});
create_adapters($primary, 'adapters');
$primary->wait_for_catchup($standby);
same_text(describe_views($standby, 'adapters'), describe_views($primary, 'adapters'), "standby: the adapters' views");
is($standby->safe_psql('adapters', q{SELECT DISTINCT action FROM nextauth.add_adapter('prisma')}),
	'unchanged', 'standby: adapter prisma is unchanged');
for my $change (q{SELECT nextauth.add_adapter('neon');}, q{SELECT nextauth.drop_adapter('nextauth_pg');},
	q{SELECT nextauth.import_rows('User', '[]');}, q{DELETE FROM nextauth_prisma."User";})
{
	my ($status, $stdout, $stderr) = $standby->psql('adapters', "\\set VERBOSITY sqlstate\n$change");
	is($stderr, 'psql:<stdin>:2: ERROR:  25006', "standby: $change");
}
$standby->stop;

#
# Logical: publisher and subscriber have the extension, the publication has the tables of the models. The catalog,
# which the schema holds too, is each database's own.
#
my $publisher = $primary;
my $subscriber = PostgreSQL::Test::Cluster->new('subscriber');
$subscriber->init;
$subscriber->append_conf('postgresql.conf', 'wal_retrieve_retry_interval = 100ms');
$subscriber->start;
$subscriber->safe_psql('postgres', q{SET nextauth.id_type = 'integer'; CREATE EXTENSION nextauth});
extend($subscriber, 'phoneNumber', $phone, 'added');
extend($subscriber, 'role', $role, 'added');

$publisher->safe_psql(
	'postgres', q{
	CREATE PUBLICATION models FOR TABLE nextauth.users, nextauth.accounts, nextauth.sessions,
		nextauth.verification_requests;
});
my $connection = $publisher->connstr . ' dbname=postgres';
$subscriber->safe_psql('postgres', "CREATE SUBSCRIPTION models CONNECTION '$connection' PUBLICATION models");
$subscriber->wait_for_subscription_sync($publisher, 'models');

my $users = 'SELECT to_jsonb(u) FROM nextauth.users u ORDER BY id';

sub is_replicated
{
	my ($what) = @_;
	$publisher->wait_for_catchup('models');
	is($subscriber->safe_psql('postgres', $users), $publisher->safe_psql('postgres', $users), $what);
}
is_replicated('rows that were there have been copied');

# The right order. What is written between the two arrives, with the default of the new column.
extend($subscriber, 'plan', '{"type": "text", "default": "free"}', 'added');
$publisher->safe_psql('postgres', q{INSERT INTO nextauth.users (email) VALUES ('between@example.com')});
$publisher->safe_psql('postgres', q{UPDATE nextauth.users SET phone_number = '1' WHERE email = 'ada@example.com'});
$publisher->wait_for_catchup('models');
is( $subscriber->safe_psql('postgres', 'SELECT email, phone_number, plan FROM nextauth.users ORDER BY id'),
	"ada\@example.com|1|free\nbetween\@example.com||free",
	'rows written before the publisher is extended arrive');
extend($publisher, 'plan', '{"type": "text", "default": "free"}', 'added');
$publisher->safe_psql('postgres', q{INSERT INTO nextauth.users (email, plan) VALUES ('after@example.com', 'pro')});
$publisher->safe_psql('postgres', q{UPDATE nextauth.users SET plan = 'pro' WHERE email = 'between@example.com'});
is_replicated('rows written with the new column arrive with it');
$publisher->safe_psql('postgres', q{SELECT nextauth.import_rows('User', '[{"id": 70, "email": "moved@example.com", "plan": "pro"}]')});
is_replicated('imported rows arrive');

# The wrong order: the subscriber stops at the first row that it has no column for, and keeps its place.
extend($publisher, 'nick', $nick, 'added');
my $log = -s $subscriber->logfile;
$publisher->safe_psql('postgres', q{INSERT INTO nextauth.users (email, nick) VALUES ('early@example.com', 'early')});
$publisher->safe_psql('postgres', q{UPDATE nextauth.users SET nick = 'ada' WHERE email = 'ada@example.com'});
$publisher->safe_psql('postgres', q{DELETE FROM nextauth.users WHERE email = 'after@example.com'});
$subscriber->wait_for_log(qr/target relation "nextauth.users" is missing replicated column: "nick"/, $log);
is($subscriber->safe_psql('postgres', q{SELECT count(*) FROM nextauth.users WHERE email = 'after@example.com'}),
	1, 'what comes after it waits');
extend($subscriber, 'nick', $nick, 'added');
is_replicated('nothing is lost when the subscriber is extended after all');

is( $subscriber->safe_psql('postgres', 'SELECT nextauth.entity_schemas()'),
	$publisher->safe_psql('postgres', 'SELECT nextauth.entity_schemas()'),
	'both describe the same models');
is($_->safe_psql('postgres', 'SELECT count(*) FROM nextauth.check_models()'), 0, $_->name . ': no drift')
  for $publisher, $subscriber;

# What fills itself arrives as it was filled, also where adapters have triggers that fill it
my $tables = 'nextauth.users, nextauth.accounts, nextauth.sessions, nextauth.verification_requests, nextauth.authenticators';
create_roles($subscriber);
$subscriber->safe_psql('postgres', 'CREATE DATABASE adapters');
$subscriber->safe_psql('adapters', q{SET nextauth.id_type = 'text'; CREATE EXTENSION nextauth});
create_adapters($subscriber, 'adapters');
$subscriber->safe_psql('adapters', "TRUNCATE $tables");
$publisher->safe_psql('adapters', "CREATE PUBLICATION adapters FOR TABLE $tables");
$connection = $publisher->connstr . ' dbname=adapters';
$subscriber->safe_psql('adapters', "CREATE SUBSCRIPTION adapters CONNECTION '$connection' PUBLICATION adapters");
$subscriber->wait_for_subscription_sync($publisher, 'adapters', 'adapters');
$publisher->safe_psql(
	'adapters', q{
	INSERT INTO nextauth_drizzle.session ("userId", "sessionToken", expires) VALUES ('ada', 'later', '2031-01-01');
	UPDATE nextauth_pg.accounts SET expires_at = 5 WHERE provider = 'github';
	ALTER TABLE nextauth.accounts DISABLE TRIGGER nextauth_fill;
	UPDATE nextauth.accounts SET expires_at = 6 WHERE provider_id = 'github';
	DELETE FROM nextauth_prisma."VerificationToken" WHERE token = 't';
});
$publisher->wait_for_catchup('adapters');
my $rows = join(' UNION ALL ', map { "SELECT to_jsonb(t)::text FROM $_ t" } split(/, /, $tables)) . ' ORDER BY 1';
same_text($subscriber->safe_psql('adapters', $rows),
	$publisher->safe_psql('adapters', $rows), 'rows written through views arrive');
same_text(describe_views($subscriber, 'adapters'), describe_views($publisher, 'adapters'), 'and are seen through views');

$subscriber->stop;
$publisher->stop;
done_testing();
