# The methods of an adapter on a standby: those that read work, and follow what happens on the primary; those that write
# say why not.  A call that is canceled or whose session is killed leaves nothing behind.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;

use Nextauth;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $primary = PostgreSQL::Test::Cluster->new('primary');
$primary->init(allows_streaming => 1);
$primary->start;
$primary->backup('backup');

my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($primary, 'backup', has_streaming => 1);
$standby->start;

$primary->safe_psql('postgres', q{
	SET nextauth.id_type = 'integer';
	CREATE EXTENSION nextauth;
	SELECT nextauth.sign_in('{"name": "Ada", "email": "ada@example.com"}', '{"type": "oauth", "provider": "github", "providerAccountId": "1"}',
		'{"session": {"sessionToken": "s"}}');
});
$primary->wait_for_catchup($standby);

#
# A standby
#

for my $call (q{get_user('1')}, q{get_user_by_email('ada@example.com')}, q{get_user_by_account('github', '1')}, q{get_account('github', '1')},
	q{get_session_and_user('s')}, q{get_session_and_user('s', 2000000000, 0)}, q{sessions_of('1')})
{
	my $first = $standby->safe_psql('postgres', "SELECT nextauth.$call");

	like($first, qr/"1"/, "standby: $call");
	is($first, $primary->safe_psql('postgres', "BEGIN READ ONLY; SELECT nextauth.$call; COMMIT"), "standby: $call as on the primary");
}
for my $call (q{create_user('{}')}, q{update_user('{"id": "1"}')}, q{delete_user('1')},
	q{link_account('{}')}, q{unlink_account('github', '1')}, q{create_session('{"userId": "1"}')}, q{update_session('{"sessionToken": "s"}')},
	q{delete_session('s')}, q{sign_out_everywhere('1')}, q{create_verification_token('{}')}, q{use_verification_token('a', 'b')},
	q{create_authenticator('{}')}, q{update_authenticator_counter('c', 1)},
	q{sign_in('{}', '{"type": "oauth", "provider": "github", "providerAccountId": "1"}')})
{
	my ($name) = $call =~ /^(\w+)/;
	my ($code, $out, $err) = $standby->psql('postgres', "SELECT nextauth.$call");

	like($err, qr/cannot execute $name\(\) during recovery/, "standby: $name() says why not");
}

# One session of the standby sees the model change
my $session = $standby->background_psql('postgres');

is($session->query(q{SELECT nextauth.get_user('1') ->> 'name'}), 'Ada', 'standby: a session reads');
$primary->safe_psql('postgres', q{
	SELECT nextauth.extend_model('User', '{"nick": {"type": "text", "default": "ada"}, "pin": {"type": "text", "default": "1234"}}');
});
$primary->wait_for_catchup($standby);
like($session->query(q{SELECT nextauth.get_user('1')}), qr/"pin": "1234", "nick": "ada"/, 'standby: it reads new columns');
$primary->safe_psql('postgres', q{
	SELECT nextauth.extend_model('User', '{"pin": {"type": "text", "default": "1234", "select": false}}');
	SELECT nextauth.rename_property('User', 'nick', 'handle');
});
$primary->wait_for_catchup($standby);
my $row = $session->query(q{SELECT nextauth.get_user('1')});
like($row, qr/"handle": "ada"/, 'standby: it reads a renamed property');
unlike($row, qr/nick|pin|1234/, 'standby: it reads no hidden one');
$session->quit;

#
# A call that ends before its transaction does
#

my $rows = q{SELECT (SELECT count(*) FROM nextauth.users), (SELECT count(*) FROM nextauth.accounts), (SELECT count(*) FROM nextauth.sessions)};
my $before = $primary->safe_psql('postgres', $rows);
my %sign_in = (
	'the account' => q{'{"name": "Eve"}', '{"type": "oauth", "provider": "google", "providerAccountId": "7"}'},
	'the address' => q{'{"name": "Eve", "email": "eve@example.com"}', '{"type": "oauth", "provider": "google", "providerAccountId": "8"}'});

for my $what (sort keys %sign_in)
{
	for my $end ('pg_cancel_backend', 'pg_terminate_backend')
	{
		my $holder = $primary->background_psql('postgres');

		# Another has the account or the address, and does not commit
		$holder->query_safe(q{BEGIN});
		$holder->query_safe(q{SELECT nextauth.sign_in('{"email": "eve@example.com"}', '{"type": "oauth", "provider": "google", "providerAccountId": "7"}')});
		my ($in, $out, $err) = ('', '', '');
		my $waiter = IPC::Run::start([ 'psql', '-XAtq', '-d', $primary->connstr('postgres'), '-c', "SELECT nextauth.sign_in($sign_in{$what})" ],
			'<', \$in, '>', \$out, '2>', \$err);
		$primary->poll_query_until('postgres', q{SELECT count(*) = 1 FROM pg_stat_activity WHERE query LIKE 'SELECT nextauth.sign_in%' AND wait_event_type = 'Lock'});
		$primary->safe_psql('postgres', qq{SELECT $end(pid) FROM pg_stat_activity WHERE query LIKE 'SELECT nextauth.sign_in%' AND wait_event_type = 'Lock'});
		$waiter->finish;
		like($err, qr/canceling statement due to user request|terminating connection due to administrator command/, "$end(): sign_in() that waits for $what ends");
		$holder->query_safe(q{ROLLBACK});
		$holder->quit;
		is($primary->safe_psql('postgres', $rows), $before, "$end(): nothing is left of it");
	}
}
like($primary->safe_psql('postgres', "SELECT nextauth.sign_in($sign_in{'the account'})"), qr/"isNewUser": true/, 'and afterwards it works');

done_testing();
