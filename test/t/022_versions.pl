# From every released version to every later one: a database that ALTER EXTENSION has updated is what a new installation
# is after the same calls, and a dump of the old one restores as the newest.  Until the update the library, which a
# package has replaced, works with the SQL objects of the old version.

use strict;
use warnings;
use version;

use FindBin;
use lib $FindBin::RealBin;

use Nextauth;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->start;
create_roles($node);

# The released versions have scripts of their own, the newest may still be in development
my $top = "$FindBin::RealBin/../..";
my ($newest) = slurp_file("$top/nextauth.control") =~ /^default_version = '(.*)'/m;
my %released = map { m{/nextauth--([0-9.]+)\.sql$} ? ($1 => 1) : () } glob("$top/nextauth--*.sql");
my @versions = sort { version->parse("v$a") <=> version->parse("v$b") } keys %{ { %released, $newest => 1 } };
my @paths = map { my $to = $_; map { [ $versions[$_], $versions[$to] ] } 0 .. $to - 1 } 1 .. $#versions;
is_deeply([ $versions[0], $versions[-1] ], [ '1.0', $newest ], 'there are versions from 1.0 on');

# What an application does with an installation, by the type of its ids
my %applications = (
	columns => [ 'integer', sub { create_application($node, $_[0]) } ],
	adapters => [ 'text', sub { create_adapters($node, $_[0]) } ],
	keys => [
		'text', sub {
			$node->safe_psql(
				$_[0], q{
				SELECT nextauth.add_adapter('prisma', 'keyed', '{"foreignKeys": true}');
				SELECT nextauth.add_adapter('better-auth', 'other');
				SELECT nextauth.extend_model('User', '{"email": {"type": "varchar", "unique": false, "nullable": true}}');
				INSERT INTO nextauth.users (id, email) VALUES ('ada', 'ada@example.com'), ('bob', 'ada@example.com');
				INSERT INTO nextauth.sessions (id, user_id, expires, session_token, access_token)
				VALUES ('s', 'ada', 'infinity', 's', 'a')});
		}
	]);

# Makes a database in which the extension is of a version, and an application has done with it what it does
sub create_installation
{
	my ($db, $application, $version) = @_;
	my ($id_type, $build) = @{ $applications{$application} };

	$node->safe_psql('postgres', "CREATE DATABASE $db");
	$node->safe_psql($db, "SET nextauth.id_type = '$id_type'; CREATE EXTENSION nextauth VERSION '$version'");
	$build->($db);
	$node->safe_psql(
		$db, q{
		GRANT SELECT (model) ON nextauth.model_changes TO app_reader;
		REVOKE SELECT ON nextauth.models FROM PUBLIC;
		GRANT SELECT ON nextauth.models TO app_reader WITH GRANT OPTION;
		REVOKE EXECUTE ON FUNCTION nextauth.convert_ids(text) FROM PUBLIC;
		GRANT EXECUTE ON FUNCTION nextauth.check_models() TO app_web;
	});
}

# A database as text, without values that are drawn by lot or are the time
sub dump_masked
{
	my $text = dump_text($node, @_);
	$text =~ s/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/UUID/g;
	$text =~ s/\b[0-9a-f]{32,64}\b/HASH/g;
	$text =~ s/\b\d{4}-\d\d-\d\d \d\d:\d\d:[0-9.]+\+\d\d\b/TIME/g;
	return $text;
}

# Does all of it run, with whatever version of the SQL objects?
sub works
{
	my ($db, $application, $name) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	$node->safe_psql('postgres', "CREATE DATABASE copy TEMPLATE $db");
	is_alive($node, 'copy', $name) if $application eq 'columns';
	adapters_work($node, 'copy', $name) if $application eq 'adapters';
	my ($rc, $stdout, $stderr) = $node->psql(
		'copy', q{
		SET client_min_messages = warning;
		CREATE TABLE public.posts (id integer PRIMARY KEY);
		ALTER TABLE public.posts ADD COLUMN title text;
		ALTER TABLE nextauth.sessions RENAME TO logins;
		DROP TABLE public.posts;
		CALL nextauth.extend_model_online('User', '{"age": {"type": "int", "default": 1, "unique": false},
			"tag": {"generated": "uuid"}}');
		SELECT count(*) > 0 FROM nextauth.plan_model('User', '{"age": {"type": "text"}, "a": {"type": "text", "nullable": true}}');
		SELECT count(*) FROM nextauth.rename_property('User', 'age', 'years'), nextauth.drop_properties('User', 'tag');
		SELECT bool_and(length(nextauth.describe_model(f)) > 100)
		FROM unnest('{typeorm,prisma,drizzle,kysely,sequelize,mikro-orm,better-auth,typescript,json-schema}'::text[]) f;
		SELECT count(*) FROM nextauth.model_columns WHERE property = 'years';
		SELECT count(nextauth.grant_adapter('app_reader'));
	}, on_error_stop => 0);
	is($stdout, "t\n1\nt\n1\n1", "$name: changes and descriptions") or diag($stderr);
	unlike($stderr, qr/ERROR/, "$name: without an error");

	# Ids that are no uuids, or that a view uses, cannot have that type
	is( $node->safe_psql(
			'copy', q{
			SET client_min_messages = warning;
			TRUNCATE nextauth.users CASCADE;
			SELECT count(*) > 0 FROM nextauth.convert_ids('uuid') WHERE action = 'converted'}),
		't', "$name: ids are converted")
	  if $application eq 'keys';
	$node->safe_psql('postgres', 'DROP DATABASE copy');
}

foreach my $application (sort keys %applications)
{
	my %installed;    # dump and description of a new installation, by version

	foreach my $version (map { $_->[1] } @paths)
	{
		next if $installed{$version};
		create_installation('fresh', $application, $version);
		$installed{$version} = [ dump_masked('fresh'), describe_extension($node, 'fresh') ];
		$node->safe_psql('postgres', 'DROP DATABASE fresh');
	}

	foreach my $path (@paths)
	{
		my ($from, $to) = @$path;
		my $name = "$application, $from -> $to";

		create_installation('installed', $application, $from);
		my $text = dump_text($node, 'installed');
		is( $node->safe_psql('installed', 'SELECT finding, remedy FROM nextauth.check_models() WHERE finding LIKE \'extension %\''),
			$from eq $newest ? '' :
			  qq{extension "nextauth" is of version $from, and its library of version $newest|ALTER EXTENSION nextauth UPDATE; as a superuser.},
			"$name: check_models() tells what is to be done");
		works('installed', $application, "$application, $from with the library of $newest");

		my ($rc, $stdout, $stderr) = $node->psql('installed', 'ALTER EXTENSION nextauth UPDATE', extra_params => [ '-U', 'keeper' ]);
		like($stderr, qr/ERROR:  must be owner of extension nextauth/, "$name: not everybody updates it");

		$node->safe_psql('installed', "ALTER EXTENSION nextauth UPDATE TO '$to'");
		same_text(dump_masked('installed'), $installed{$to}[0], "$name: updated, the database is as a new one");
		same_text(describe_extension($node, 'installed'), $installed{$to}[1], "$name: so is the extension");
		works('installed', $application, "$name, updated");
		is($node->safe_psql('installed', 'SELECT finding FROM nextauth.check_models() WHERE finding LIKE \'extension %\''),
			'', "$name: check_models() is content")
		  if $to eq $newest;
		$node->safe_psql('postgres', 'DROP DATABASE installed');
		next if $to ne $newest;

		# A dump says no version
		my $dump = $node->basedir . '/dump';
		append_to_file($dump, $text);
		$node->safe_psql('postgres', 'CREATE DATABASE restored');
		$node->command_ok([ qw(psql -XqAt -1 -v ON_ERROR_STOP=1 -d restored -f), $dump ], "$name: the dump of $from is restored");
		unlink $dump;
		same_text(dump_masked('restored'), $installed{$to}[0], "$name: restored, the database is as a new one");
		same_text(describe_extension($node, 'restored'), $installed{$to}[1], "$name: so is the extension");
		$node->safe_psql('postgres', 'DROP DATABASE restored');
	}
}

# A session that has loaded the library before a package replaced it does not write what a later version has made
$node->safe_psql('postgres', 'CREATE DATABASE later');
$node->safe_psql('later', 'CREATE EXTENSION nextauth; ALTER TABLE nextauth.model_change ADD COLUMN later text');
my ($rc, $stdout, $stderr) = $node->psql(
	'later', q{\set VERBOSITY verbose
	SELECT * FROM nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true}}')});
like($stderr, qr/ERROR:  55000: library of version $newest cannot write the catalog of version $newest of extension "nextauth"/,
	'another version of the catalog is not written');
like($stderr, qr/HINT:  Connect again\./, 'and the hint says what to do');

# Owning it is not enough: what the script makes is called by superusers
$node->safe_psql('postgres', "CREATE DATABASE owned OWNER keeper");
$node->safe_psql('owned', "CREATE EXTENSION nextauth VERSION '1.0'; UPDATE pg_extension SET extowner = 'keeper'::regrole WHERE extname = 'nextauth'");
($rc, $stdout, $stderr) = $node->psql('owned', 'ALTER EXTENSION nextauth UPDATE', extra_params => [ '-U', 'keeper' ]);
like($stderr, qr/ERROR:  permission denied to update extension "nextauth"\nHINT:  Must be superuser to update this extension\./,
	'a superuser updates it');

$node->stop;
done_testing();
