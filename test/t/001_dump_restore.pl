# A database with extended models comes back the same from every kind of dump and restore.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;

use Nextauth;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->start;
my $superuser = $node->safe_psql('postgres', 'SELECT current_user');

#
# The sources
#

# Ids of next-auth 3
my $created = q{SET nextauth.id_type = 'integer'; CREATE EXTENSION nextauth};

# What a superuser does for a role that is to own the tables
my $handed_over = "$created;" . q{
	GRANT USAGE, CREATE ON SCHEMA nextauth TO keeper;
	GRANT USAGE ON SCHEMA nextauth TO app_web;
	ALTER TABLE nextauth.users OWNER TO keeper;
	ALTER TABLE nextauth.accounts OWNER TO keeper;
	ALTER TABLE nextauth.sessions OWNER TO keeper;
	ALTER TABLE nextauth.verification_requests OWNER TO keeper;
};

# Where the tables are, and who owns them if that is not the superuser
my %sources = (
	source => { users => 'nextauth.users' },
	renamed => { users => 'nextauth.people' },
	moved => { users => '"Auth".users' },
	kept => { users => 'nextauth.users', role => 'keeper' });

create_roles($node);
$node->safe_psql('postgres', 'CREATE DATABASE source');
$node->safe_psql('source', $created);
create_application($node, 'source');

$node->safe_psql('postgres', 'CREATE DATABASE renamed TEMPLATE source');
$node->safe_psql(
	'renamed', q{
	ALTER TABLE nextauth.users RENAME TO people;
	ALTER TABLE nextauth.accounts RENAME TO "Accounts";
	ALTER TABLE nextauth.sessions RENAME TO logins;
	ALTER TABLE nextauth.verification_requests RENAME TO tokens;
});

$node->safe_psql('postgres', 'CREATE DATABASE moved TEMPLATE source');
$node->safe_psql(
	'moved', q{
	CREATE SCHEMA "Auth";
	ALTER TABLE nextauth.users SET SCHEMA "Auth";
	ALTER TABLE nextauth.accounts SET SCHEMA "Auth";
	ALTER TABLE nextauth.sessions SET SCHEMA "Auth";
	ALTER TABLE nextauth.verification_requests SET SCHEMA "Auth";
});

$node->safe_psql('postgres', 'CREATE DATABASE kept OWNER keeper');
$node->safe_psql('kept', $handed_over);
create_application($node, 'kept', 'keeper');

foreach my $source (sort keys %sources)
{
	$sources{$source}{text} = dump_text($node, $source);
	$sources{$source}{models} = describe_models($node, $source);
}

my $text = $sources{source}{text};
like($text, qr/^CREATE TABLE nextauth\.users \(/m, 'the tables are dumped');
like($text, qr/^CREATE TYPE nextauth\.users_role_enum /m, 'so are enum types');
unlike($text, qr/^CREATE TABLE nextauth\.(?:model|custom_column|model_change)\b/m, 'the catalog is not');
like($text, qr/^COPY nextauth\.model .*\n(?:User\t|Account\t)/m, 'but its rows are');
like(dump_text($node, 'source', '-n', 'nextauth'), qr/^COPY nextauth\.model .*\n(?:User\t|Account\t)/m,
	'also when only the schema is dumped');

# Checks that a database is a copy of a source, and as good; the options tell pg_dump what to compare, if not all.
sub check_copy
{
	my ($server, $db, $source, $name, @options) = @_;
	my %source = %{ $sources{$source} };
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	my $expected = @options ? dump_text($node, $source, @options) : $source{text};
	same_text(dump_text($server, $db, @options), $expected, "$name: the copy is the same");
	same_text(describe_models($server, $db), $source{models}, "$name: so are its models");
	is_alive($server, $db, $name, %source);
}

#
# The whole cluster
#

my $cluster = $node->basedir . '/cluster.sql';
my $fresh = PostgreSQL::Test::Cluster->new('fresh');
$fresh->init;
$fresh->start;
$node->command_ok([ 'pg_dumpall', '--no-sync', '-f', $cluster ], 'pg_dumpall: dumped');
$fresh->command_checks_all(
	[ qw(psql -X -q -d postgres -f), $cluster ],
	0, [], [qr/^\S+ ERROR:  role "\Q$superuser\E" already exists\n$/],
	'pg_dumpall: restored');
check_copy($fresh, $_, $_, "pg_dumpall, $_") foreach sort keys %sources;
$fresh->stop;

#
# One database
#
# steps: pairs of pg_dump's options and the command that restores what it dumped
# from: the source, unless that is "source"
# onto: SQL that makes the target what it is before, or "live" for a copy that has gone its own way; otherwise it is empty
# complaints: what the restore complains of, if anything
# only: pg_dump's options for the part of the database that is restored, unless that is all
# finally: SQL for what such a dump leaves to do
#

my $psql = [qw(psql -v ON_ERROR_STOP=1)];
my $schema_exists = 'ERROR:  schema "nextauth" already exists';
my @not_owner = map { "ERROR:  must be owner of $_ nextauth" } 'schema', 'extension';
my $not_granted = 'WARNING:  no privileges were granted for "nextauth"';

my @cases = (
	{ name => 'psql', steps => [ [] => ['psql'] ] },
	{ name => 'psql -1', steps => [ [] => [ @$psql, '-1' ] ] },
	{
		name => 'psql, --clean onto a live copy',
		onto => 'live',
		steps => [ [qw(--clean --if-exists)] => $psql ],
	},
	{
		name => 'psql, --clean onto an empty database',
		steps => [ [qw(--clean --if-exists)] => $psql ],
	},
	{
		name => 'psql, --enable-row-security',
		steps => [ ['--enable-row-security'] => $psql ],
	},
	{ name => 'psql, --inserts', steps => [ ['--inserts'] => $psql ] },
	{
		name => 'psql, the schema, then the data',
		steps => [ ['-s'] => $psql, [qw(-a --disable-triggers)] => $psql ],
		finally => 'REFRESH MATERIALIZED VIEW app.columns',
	},
	{ name => '-Fc', steps => [ ['-Fc'] => ['pg_restore'] ] },
	{ name => '-Fc -1', steps => [ ['-Fc'] => [qw(pg_restore -1)] ] },
	{
		name => '-Fc, --clean onto a live copy',
		onto => 'live',
		steps => [ ['-Fc'] => [qw(pg_restore --clean --if-exists)] ],
	},
	{
		name => '-Fc, three sections',
		steps => [
			['-Fc'] => [qw(pg_restore --section=pre-data)],
			['-Fc'] => [qw(pg_restore --section=data)],
			['-Fc'] => [qw(pg_restore --section=post-data)],
		],
	},
	{
		name => '-Fd -j4',
		steps => [ [qw(-Fd -j4)] => [qw(pg_restore -j4)] ],
	},

	# The target has the extension already, with empty tables: they make way
	{
		name => 'psql, created beforehand',
		onto => $created,
		steps => [ [] => ['psql'] ],
		complaints => [$schema_exists],
	},
	{
		name => '-Fc, created beforehand',
		onto => $created,
		steps => [ ['-Fc'] => ['pg_restore'] ],
		complaints => [$schema_exists],
	},
	{
		name => '-Fc --clean, created beforehand',
		onto => $created,
		steps => [ ['-Fc'] => [qw(pg_restore --clean --if-exists)] ],
		# pg_restore drops the default of a serial column first
		complaints => ['ERROR:  column "number" of relation "users" does not exist'],
	},
	{
		name => '-Fd -j4, created beforehand',
		onto => $created,
		steps => [ [qw(-Fd -j4)] => [qw(pg_restore -j4)] ],
		complaints => [$schema_exists],
	},

	# Only the schema; what its tables use of the application is there
	{
		name => '-n nextauth, created beforehand',
		onto => "$created; $functions",
		steps => [ [qw(-n nextauth)] => ['psql'] ],
		only => [qw(-n nextauth)],
		complaints => [$schema_exists],
	},
	{
		name => '-n nextauth -e nextauth',
		onto => $functions,
		steps => [ [qw(-n nextauth -e nextauth)] => $psql ],
		only => [qw(-n nextauth -e nextauth)],
	},

	# By the owner of the database and the tables, who is no superuser
	{
		name => 'psql, by the owner',
		from => 'kept',
		onto => $handed_over,
		steps => [ ['--no-owner'] => ['psql'] ],
		complaints => [ $schema_exists, @not_owner, $not_granted, $not_granted ],
	},
	{
		name => '-Fc, by the owner',
		from => 'kept',
		onto => $handed_over,
		steps => [ ['-Fc'] => [qw(pg_restore --no-owner)] ],
		complaints => [ $schema_exists, @not_owner ],
	},
	{
		name => '-Fd -j4, by the owner',
		from => 'kept',
		onto => $handed_over,
		steps => [ [qw(-Fd -j4)] => [qw(pg_restore --no-owner -j4)] ],
		complaints => [ $schema_exists, @not_owner ],
	});

# The tables have other names, or are in another schema
foreach my $source ('renamed', 'moved')
{
	push @cases,
	  {
		name => "psql, tables $source",
		from => $source,
		steps => [ [] => $psql ],
	  },
	  {
		name => "-Fd -j4, tables $source",
		from => $source,
		steps => [ [qw(-Fd -j4)] => [qw(pg_restore -j4)] ],
	  },
	  {
		name => "psql, tables $source, created beforehand",
		from => $source,
		onto => $created,
		steps => [ [] => ['psql'] ],
		complaints => [$schema_exists],
	  },
	  {
		name => "-Fd -j4, tables $source, created beforehand",
		from => $source,
		onto => $created,
		steps => [ [qw(-Fd -j4)] => [qw(pg_restore -j4)] ],
		complaints => [$schema_exists],
	  };
}

# Dumps a source as its owner, once for all cases with the same options.
my %dumps;

sub dump_source
{
	my ($source, $login, @options) = @_;
	my $name = join(' ', 'pg_dump', @options, $source);

	if (!$dumps{$name})
	{
		$dumps{$name} = $node->basedir . '/dump_' . keys %dumps;
		$node->command_ok([ qw(pg_dump --no-sync), @options, @$login, '-f', $dumps{$name}, $source ], $name);
	}
	return $dumps{$name};
}

foreach my $case (@cases)
{
	my $name = $case->{name};
	my $source = $case->{from} // 'source';
	my $onto = $case->{onto} // '';
	my @complaints = @{ $case->{complaints} // [] };
	my $role = $sources{$source}{role} // $superuser;
	my $login = [ '-U', $role ];

	if ($onto eq 'live')
	{
		$node->safe_psql('postgres', "CREATE DATABASE copy TEMPLATE $source");
		$node->safe_psql(
			'copy', q{
			DELETE FROM nextauth.users WHERE id % 2 = 0;
			INSERT INTO nextauth.users (name) VALUES ('stale');
			SELECT nextauth.extend_model('User', '{"stale": {"type": "text", "nullable": true}}');
		});
	}
	else
	{
		$node->safe_psql('postgres', qq(CREATE DATABASE copy OWNER "$role"));
		$node->safe_psql('copy', $onto);
	}

	my $output = '';
	my @steps = @{ $case->{steps} };
	while (my ($options, $restore) = splice(@steps, 0, 2))
	{
		my ($program, @arguments) = @$restore;
		push @arguments, qw(-X -q -f) if $program eq 'psql';
		my ($stdout, $stderr) = run_command(
			[ $program, @$login, '-d', $node->connstr('copy'), @arguments, dump_source($source, $login, @$options) ]);
		$output .= $stderr;
	}
	is_deeply([ $output =~ /((?:ERROR|WARNING):  .*)/g ], \@complaints, "$name: restored") or diag($output);
	is($output, '', "$name: without a word") if !@complaints;
	$node->safe_psql('copy', $case->{finally}) if $case->{finally};

	check_copy($node, 'copy', $source, $name, @{ $case->{only} // [] });
	$node->safe_psql('postgres', 'DROP DATABASE copy');
}

#
# Ids of another type, and the optional model, come back as they are, whatever the target makes of ids
#

$node->safe_psql('postgres', 'CREATE DATABASE texts');
$node->safe_psql(
	'texts', qq{
	SET nextauth.id_type = 'text';
	CREATE EXTENSION nextauth;
	SELECT nextauth.add_adapter('prisma');
	SELECT nextauth.extend_model('User', '{"managerId": {"type": "text", "nullable": true, "foreignKey": {"target": "User"}}}');
	INSERT INTO nextauth.users (id, email) VALUES ('ada', 'ada\@example.com');
	INSERT INTO nextauth.users (email, manager_id) VALUES ('grace\@example.com', 'ada');
	INSERT INTO nextauth.authenticators (credential_id, user_id, provider_account_id, credential_public_key, counter,
		credential_device_type, credential_backed_up)
	VALUES ('c', 'ada', 'p', 'k', 0, 'singleDevice', true);
});
$sources{texts} = { text => dump_text($node, 'texts'), models => describe_models($node, 'texts') };
like($sources{texts}{models}, qr/^Authenticator\|nextauth\.authenticators\|/m, 'the optional model is there');

foreach my $onto ('', $created, q{SET nextauth.id_type = 'uuid'; CREATE EXTENSION nextauth})
{
	foreach my $format ('-Fp', '-Fc')
	{
		my $name = "text ids, $format onto: " . ($onto || 'nothing');
		my $dump = dump_source('texts', [], $format);

		$node->safe_psql('postgres', 'CREATE DATABASE copy');
		$node->safe_psql('copy', $onto);
		my ($stdout, $stderr) = run_command(
			[ $format eq '-Fp' ? qw(psql -X -q -f) : 'pg_restore', $dump, '-d', $node->connstr('copy') ]);
		is_deeply([ $stderr =~ /((?:ERROR|WARNING):  .*)/g ], [ $onto ? $schema_exists : () ], "$name: restored")
		  or diag($stderr);
		same_text(dump_text($node, 'copy'), $sources{texts}{text}, "$name: the copy is the same");
		same_text(describe_models($node, 'copy'), $sources{texts}{models}, "$name: so are its models");
		is( $node->safe_psql('copy', 'SELECT DISTINCT action FROM nextauth.convert_ids($$text$$)'),
			'unchanged', "$name: so are its ids");
		$node->safe_psql('postgres', 'DROP DATABASE copy');
	}
}

#
# What is not empty makes way for no dump
#

my $mine = 'SELECT email FROM nextauth.users';
$node->safe_psql('postgres', 'CREATE DATABASE used');
$node->safe_psql('used', "$created; INSERT INTO nextauth.users (email) VALUES ('mine')");
$node->command_fails([ qw(pg_restore -d used), dump_source('source', [], '-Fc') ], 'tables in use collide with a dump');
is($node->safe_psql('used', $mine), 'mine', 'but keep their rows');

#
# The schema alone, as migration tools keep it, has no catalog: the next call adopts the tables, and the columns that it names
#

my $schema_only = $node->basedir . '/schema.sql';
my $extend = q{SELECT action, count(*) FROM nextauth.extend_models(:'definition') GROUP BY 1 ORDER BY 1};
my @definition = ('-v', "definition=$definition");
foreach my $case (
	[ 'source', 'superuser', '' ], [ 'renamed', 'superuser', '' ],
	[ 'kept', 'keeper', 'REVOKE CREATE ON SCHEMA nextauth FROM keeper; GRANT USAGE ON SCHEMA nextauth TO keeper WITH GRANT OPTION' ])
{
	my ($source, $who, $finally) = @$case;
	my @login = $who eq 'keeper' ? ('-U', 'keeper') : ();
	my $name = "schema only, $source, by the $who";

	$node->command_ok([ qw(pg_dump --no-sync --schema-only -f), $schema_only, $source ], "$name: dumped");
	$node->safe_psql('postgres', 'CREATE DATABASE copy');
	$node->command_ok([ qw(psql -Xq -v ON_ERROR_STOP=1 -d), $node->connstr('copy'), '-f', $schema_only ], "$name: restored");
	$node->safe_psql('copy', "INSERT INTO app.teams VALUES (1); $finally");
	is($node->safe_psql('copy', 'SELECT count(*) FROM nextauth.models'), 0, "$name: there is no catalog");
	is($node->safe_psql('copy', $extend, extra_params => [ @definition, @login ]),
		"adopted|26\nunchanged|6", "$name: the next call adopts what is there");
	is( $node->safe_psql('copy', 'SELECT relation FROM nextauth.models ORDER BY model; SELECT finding FROM nextauth.check_models() WHERE model IS NOT NULL'),
		$node->safe_psql($source, 'SELECT relation FROM nextauth.models ORDER BY model; SELECT finding FROM nextauth.check_models() WHERE model IS NOT NULL'),
		"$name: all models, as they were");
	$node->safe_psql('postgres', 'DROP DATABASE copy');
}

# Not a table of somebody else's
$node->safe_psql('postgres', 'CREATE DATABASE copy');
$node->command_ok([ qw(psql -Xq -v ON_ERROR_STOP=1 -d), $node->connstr('copy'), '-f', $schema_only ], 'schema only: restored');
$node->safe_psql('copy', 'GRANT ALL ON SCHEMA nextauth TO app_web');
my ($rc, $out, $err) = $node->psql('copy', $extend, extra_params => \@definition);
like($err, qr/ERROR:  table "nextauth.users" belongs to role "keeper", which is not trusted\n/, 'a superuser takes no table of just anybody');
$node->safe_psql('copy', 'GRANT USAGE ON SCHEMA nextauth TO keeper WITH GRANT OPTION');
is($node->safe_psql('copy', $extend, extra_params => \@definition), "adopted|26\nunchanged|6", 'but those of whom the schema trusts');
$node->safe_psql('copy', 'DELETE FROM nextauth.custom_column; DELETE FROM nextauth.model; ALTER ROLE app_web LOGIN');
($rc, $out, $err) = $node->psql('copy', $extend, extra_params => [ @definition, '-U', 'app_web' ]);
like($err, qr/ERROR:  model "User" has no table\nHINT:  Call nextauth.install\(\)/, 'nobody adopts what is not theirs; the hint says what to do');
$node->safe_psql('postgres', 'ALTER ROLE app_web NOLOGIN; DROP DATABASE copy');

#
# DROP EXTENSION leaves the tables, CREATE EXTENSION adopts them
#

my $rows = 'SELECT * FROM nextauth.users ORDER BY id';
my $before = $node->safe_psql('source', $rows);
$node->safe_psql('source', 'DROP EXTENSION nextauth CASCADE');
is($node->safe_psql('source', $rows), $before, 'DROP EXTENSION leaves every row');
$node->safe_psql('source', $created);
is($node->safe_psql('source', $rows), $before, 'CREATE EXTENSION leaves every row');
is( $node->safe_psql(
		'source',
		q{SELECT action, count(*) FROM nextauth.extend_models(:'definition') GROUP BY action ORDER BY action},
		extra_params => [ '-v', "definition=$definition" ]),
	"adopted|26\nunchanged|6",
	'the same definition adopts the columns');
is_alive($node, 'source', 'adopted', %{ $sources{source} });

$node->stop;
done_testing();
