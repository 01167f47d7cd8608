# A superuser restores what the owner of a database, who is none, has planted in it: nothing of it runs with the superuser's
# rights because of the extension, and the catalog's rows give nobody a right.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->append_conf('postgresql.conf', 'autovacuum = off');
$node->start;
my $dir = PostgreSQL::Test::Utils::tempdir;

# The owner of databases, and what they make of themselves when their code runs as a superuser, who alone could also write the file
$node->safe_psql('postgres', 'CREATE ROLE keeper LOGIN; CREATE ROLE app');
my $evil = qq{
	CREATE SCHEMA evil;
	GRANT USAGE ON SCHEMA evil TO PUBLIC;
	CREATE FUNCTION evil.run() RETURNS boolean LANGUAGE plpgsql AS \$\$
	DECLARE
		statement text;
	BEGIN
		FOREACH statement IN ARRAY ARRAY['RESET ROLE', 'RESET SESSION AUTHORIZATION',
			'SELECT pg_catalog.set_config(''search_path'', ''evil'', false)',
			'ALTER ROLE keeper SUPERUSER', 'COPY (SELECT 1) TO ''$dir/taken''']
		LOOP
			BEGIN
				EXECUTE statement;
			EXCEPTION WHEN OTHERS THEN
			END;
		END LOOP;
		RETURN true;
	END \$\$;
	CREATE FUNCTION evil.trigger() RETURNS trigger LANGUAGE plpgsql AS \$\$ BEGIN PERFORM evil.run(); RETURN NEW; END \$\$;
};
my $views = q{
	CREATE VIEW nextauth.model AS SELECT 'User'::text AS name, c.oid::regclass AS relation
	FROM pg_catalog.pg_class c WHERE c.relname = 'secrets' AND evil.run();
	CREATE VIEW nextauth.adapter AS SELECT 'public'::name AS schema, 'pg'::text AS adapter WHERE evil.run();
	CREATE VIEW nextauth.custom_column AS
	SELECT 'User'::text AS model, 'x'::text AS property, 'secret'::name AS column_name, 'text'::text AS type, '{}'::jsonb AS options
	WHERE evil.run();
	CREATE VIEW nextauth.model_change AS
	SELECT 'User'::text AS model, 1::bigint AS version, pg_catalog.now() AS changed_at, 'x'::name AS changed_by,
		'x'::text AS action, '{}'::jsonb AS changes, '{}'::text[] AS statements WHERE evil.run();
	GRANT USAGE ON SCHEMA nextauth TO PUBLIC;
	GRANT ALL ON ALL TABLES IN SCHEMA nextauth TO PUBLIC;
};
my $tables = q{
	CREATE TABLE nextauth.model (name text PRIMARY KEY, relation regclass NOT NULL UNIQUE);
	CREATE TABLE nextauth.adapter (schema name PRIMARY KEY, adapter text NOT NULL);
	CREATE TABLE nextauth.custom_column (model text, property text, column_name name NOT NULL, type text NOT NULL,
		options jsonb NOT NULL DEFAULT '{}', PRIMARY KEY (model, property), UNIQUE (model, column_name));
	CREATE TABLE nextauth.model_change (model text, version bigint, changed_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
		changed_by name NOT NULL, action text NOT NULL, changes jsonb NOT NULL, statements text[] NOT NULL,
		PRIMARY KEY (model, version));
	INSERT INTO nextauth.model VALUES ('User', 'public.secrets');
	INSERT INTO nextauth.custom_column VALUES ('User', 'x', 'secret', 'text');
	CREATE TRIGGER evil BEFORE UPDATE OR DELETE ON nextauth.model FOR EACH STATEMENT EXECUTE FUNCTION evil.trigger();
	CREATE TRIGGER evil BEFORE UPDATE OR DELETE ON nextauth.custom_column FOR EACH STATEMENT EXECUTE FUNCTION evil.trigger();
	CREATE TRIGGER evil BEFORE UPDATE OR DELETE ON nextauth.model_change FOR EACH STATEMENT EXECUTE FUNCTION evil.trigger();
	ALTER TABLE nextauth.model ENABLE ROW LEVEL SECURITY;
	CREATE POLICY evil ON nextauth.model USING (evil.run());
	GRANT USAGE ON SCHEMA nextauth TO PUBLIC;
	GRANT ALL ON ALL TABLES IN SCHEMA nextauth TO PUBLIC;
};
# What there is to restore besides, so that something is altered after it
my $rest = q{
	CREATE TABLE public.secrets (id serial PRIMARY KEY, secret text, UNIQUE (secret));
	INSERT INTO public.secrets (secret) VALUES ('x');
	CREATE TABLE public.later (id integer PRIMARY KEY, secrets_id integer REFERENCES public.secrets);
	CREATE VIEW public.shown AS SELECT * FROM public.later;
};
# What a superuser does with a database
my $use = q{
	ALTER TABLE public.secrets RENAME COLUMN secret TO known;
	ALTER TABLE public.secrets RENAME TO told;
	ALTER TABLE public.told ALTER COLUMN known TYPE varchar;
	ALTER TABLE public.told DROP COLUMN known;
	CREATE SCHEMA a; ALTER SCHEMA a RENAME TO b; DROP SCHEMA b;
	CREATE TABLE public.t (a integer); DROP TABLE public.t;
	SHOW search_path;
};

sub is_harmless
{
	my ($name, $session_path) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	is($node->safe_psql('postgres', q{SELECT rolsuper FROM pg_roles WHERE rolname = 'keeper'}), 'f', "$name: the owner is no superuser");
	ok(!-e "$dir/taken", "$name: no file was written");
	$node->safe_psql('postgres', 'ALTER ROLE keeper NOSUPERUSER');
	unlink "$dir/taken";
}

# The superuser restores, and does not stop at what is there already, or what was planted
sub restore
{
	my ($format, $file, $to) = @_;
	run_command(
		$format eq 'plain' ? [ 'psql', '-Xq', '-o', '/dev/null', '-f', "$dir/$file", $node->connstr($to) ] :
		  [ 'pg_restore', $format eq 'directory' ? '--jobs=2' : (), '-d', $node->connstr($to), "$dir/$file" . ($file eq 'innocent' ? '.custom' : '') ]);
}

# A database of a superuser's, in which nothing is planted
$node->safe_psql('postgres', 'CREATE DATABASE innocent');
$node->safe_psql(
	'innocent', q{
	SET nextauth.id_type = 'integer';
	CREATE EXTENSION nextauth;
	SELECT nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true, "unique": true}, "role": {"enum": ["a"], "default": "a"}}');
	SELECT nextauth.add_adapter('pg');
	INSERT INTO nextauth.users (name) VALUES ('ada');
	CREATE TABLE public.t (id serial PRIMARY KEY, user_id integer REFERENCES nextauth.users);
});
$node->command_ok([ 'pg_dump', '--no-sync', '-f', "$dir/innocent", $node->connstr('innocent') ], 'pg_dump');
$node->command_ok([ 'pg_dump', '--no-sync', '-Fc', '-f', "$dir/innocent.custom", $node->connstr('innocent') ], 'pg_dump');

# What a restore itself runs with a superuser's rights is not the extension's: triggers on what it copies to, objects that it
# creates on the extension's tables. So triggers here are on UPDATE and DELETE, and what makes tables is not restored onto those
my @plants = (
	[ 'views in another schema of that name', 'ALTER SCHEMA nextauth RENAME TO elsewhere; CREATE SCHEMA nextauth;', $views ],
	[ 'tables in another schema of that name', 'ALTER SCHEMA nextauth RENAME TO elsewhere; CREATE SCHEMA nextauth;', $tables ],
	[ 'views in the place of an extension that is gone', 'no extension', $views ],
	[ 'tables in the place of an extension that is gone', 'no extension', $tables ]);
my $databases = 0;
for my $plant (@plants)
{
	my ($name, $rename, $objects) = @$plant;
	my $db = 'planted' . ++$databases;

	$node->safe_psql('postgres', "CREATE DATABASE $db OWNER keeper");
	$node->safe_psql($db, 'CREATE SCHEMA nextauth', extra_params => [ '-U', 'keeper' ]);
	$node->safe_psql($db, q{SET nextauth.id_type = 'integer'; CREATE EXTENSION nextauth; ALTER TABLE nextauth.users OWNER TO keeper});
	if ($rename eq 'no extension')
	{
		# What the owner of the schema puts there without an extension; who restores it creates the extension first
		$node->safe_psql($db, 'DROP EXTENSION nextauth; DROP SCHEMA nextauth CASCADE');
		$rename = 'CREATE SCHEMA nextauth;';
	}
	$node->safe_psql($db, "$rename $evil $rest $objects", extra_params => [ '-U', 'keeper' ]);
	is_harmless("$name, when it is planted");

	# What is planted where a superuser restores a dump of another database
	for my $format ('plain', 'custom')
	{
		my $to = "${db}_target_$format";
		$node->safe_psql('postgres', "CREATE DATABASE $to TEMPLATE $db OWNER keeper");
		restore($format, 'innocent', $to);
		is_harmless("$name, $format: the restore of another database");
	}

	for my $format ('plain', 'custom', 'directory')
	{
		for my $prepare ('', $objects eq $views ? 'CREATE EXTENSION nextauth' : ())
		{
			my $to = "${db}_$format" . ($prepare ? '_prepared' : '');
			my $what = "$name, $format" . ($prepare ? ', where the extension is' : '');

			$node->safe_psql('postgres', "CREATE DATABASE $to OWNER keeper");
			$node->safe_psql($to, $prepare) if $prepare;
			$node->command_ok([ 'pg_dump', '--no-sync', "--format=$format", '-f', "$dir/$to", $node->connstr($db) ], "$what: pg_dump");
			restore($format, $to, $to);
			is_harmless("$what: the restore");
			my $path;
			$node->psql($to, $use, stdout => \$path, on_error_stop => 0);
			like($path, qr/public\z/, "$what: the search_path stays");
			is_harmless("$what: DDL afterwards");
		}
	}
	$node->safe_psql('postgres', "DROP DATABASE $db");
}

# Rows of the catalog that a dump brings: a superuser's grant covers nothing that is no model's table
$node->safe_psql('postgres', 'CREATE DATABASE forged OWNER keeper');
$node->safe_psql(
	'forged', q{
	SET nextauth.id_type = 'integer';
	CREATE EXTENSION nextauth;
	GRANT USAGE ON SCHEMA nextauth TO keeper;
	CREATE SCHEMA su;
	GRANT USAGE ON SCHEMA su TO keeper;
	CREATE TABLE su.secrets (id integer PRIMARY KEY, secret text);
	CREATE VIEW su.users AS SELECT rolname::text AS name, rolpassword AS email FROM pg_catalog.pg_authid;
});
for my $forged ('pg_catalog.pg_authid', 'su.secrets', 'su.users')
{
	my $from = 'forged' . ++$databases;
	my $to = "${from}_restored";
	my $columns_of_secrets = q{SELECT string_agg(attname, ' ' ORDER BY attnum) FROM pg_attribute
		WHERE attrelid = 'su.secrets'::regclass AND attnum > 0};
	my $columns = $node->safe_psql('forged', $columns_of_secrets);

	$node->safe_psql('postgres', "CREATE DATABASE $from TEMPLATE forged OWNER keeper");
	$node->safe_psql(
		$from, qq{
		INSERT INTO nextauth.model VALUES ('Authenticator', '$forged');
		INSERT INTO nextauth.model SELECT 'Evil', 'su.secrets' WHERE '$forged' <> 'su.secrets';
		INSERT INTO nextauth.adapter VALUES ('su', 'pg');
		INSERT INTO nextauth.model_change VALUES ('User', 9223372036854775807, now(), 'x', 'x', '{}', '{}')
	}, extra_params => [ '-U', 'keeper' ]);
	$node->command_ok([ 'pg_dump', '--no-sync', '-f', "$dir/$to", $node->connstr($from) ], "$forged: pg_dump");
	$node->safe_psql('postgres', "CREATE DATABASE $to OWNER keeper");
	$node->command_ok([ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-o', '/dev/null', '-f', "$dir/$to", $node->connstr($to) ],
		"$forged: is restored");

	$node->psql($to, q{
		SELECT nextauth.grant_adapter('app');
		SELECT nextauth.add_adapter('neon');
		SELECT nextauth.extend_model('User', '{"nick": {"type": "text", "nullable": true}}');
		SELECT nextauth.convert_ids('text');
		SELECT nextauth.add_adapter('prisma');
		SELECT nextauth.grant_adapter('app')}, on_error_stop => 0);
	is( $node->safe_psql(
			$to, qq{
			SELECT r FROM unnest(ARRAY['pg_catalog.pg_authid', 'su.secrets', 'su.users']) r
			WHERE has_table_privilege('app', r, 'SELECT, INSERT, UPDATE, DELETE')}),
		'', "$forged: the application gets no right to it");
	is($node->safe_psql($to, $columns_of_secrets), $columns, "$forged: no table of others is altered");
	is($node->safe_psql($to, q{SELECT has_table_privilege('app', 'nextauth.users', 'INSERT')}), 't', "$forged: it gets those to the models");
	my ($rc, $stdout, $stderr) = $node->psql($to, q{
		ALTER TABLE su.secrets RENAME COLUMN secret TO known;
		ALTER TABLE su.secrets DROP COLUMN known;
		SELECT FROM nextauth.extend_model('User', '{"more": {"type": "text", "nullable": true}}')});
	is($stderr, '', "$forged: nobody is kept from what they do");
}

$node->stop;
done_testing();
