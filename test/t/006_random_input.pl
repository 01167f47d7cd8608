# Definitions made at random, good and bad, of columns, indexes and constraints, new ones and others for what is there;
# and properties renamed and dropped. Each call ends in an error with the SQLSTATE that belongs to it and changes nothing;
# or runs what plan_model() said, loses no value, and leaves nothing to do for the same call; in columns that the
# extension describes so that the description makes the same columns again, here, in an empty database and in a copy
# by pg_dump.
#
# NEXTAUTH_TEST_CALLS sets how many calls there are, NEXTAUTH_TEST_SEED makes others. Unless it is set every run makes
# the same, so that a run fails only for what was changed.

use strict;
use warnings;
use utf8;

use Encode qw(encode);
use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $calls = $ENV{NEXTAUTH_TEST_CALLS} || 3000;
my $databases = 3;    # filled side by side
my $seed = $ENV{NEXTAUTH_TEST_SEED} || 1;
srand($seed);
my $repeat = "NEXTAUTH_TEST_SEED=$seed NEXTAUTH_TEST_CALLS=$calls repeats these calls";
note($repeat);

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->append_conf('postgresql.conf', "log_statement = none\nlog_min_error_statement = panic");
$node->start;
$ENV{PGCLIENTENCODING} = 'UTF8';

my %has = map { $_ => 1 } split /\n/, $node->safe_psql(
	'postgres', q{
	SELECT name FROM pg_available_extensions WHERE name IN ('citext', 'cube', 'hstore', 'ltree')
	UNION ALL
	SELECT 'xml' FROM pg_config WHERE name = 'CONFIGURE' AND setting LIKE '%with-libxml%'});

my $has_virtual = $node->pg_version->major >= 18;

#
# The words
#

my @models = qw(User User User Account Account Session VerificationRequest);
my %table = (
	User => 'users',
	Account => 'accounts',
	Session => 'sessions',
	VerificationRequest => 'verification_requests');

# These have a row, which a new column must have a value for
my %filled = (User => 1, Account => 1);

# What the adapter's authors would write, for JavaScript's spread does
my %builtin = (
	User => [
		[ 'email', '{"type": "varchar", "unique": true, "nullable": true}' ],
		[ 'emailVerified', '{"type": "timestamp", "nullable": true}' ],
		[ 'createdAt', '{"type": "timestamp", "createDate": true}' ],
		[ 'id', '{"primary": true, "type": "int", "generated": true}' ]
	],
	Account => [
		[ 'compoundId', '{"type": "varchar", "unique": true}' ],
		[ 'userId', '{"type": "int"}' ],
		[ 'refreshToken', '{"type": "text", "nullable": true}' ]
	],
	Session => [
		[ 'expires', '{"type": "timestamp"}' ],
		[ 'updatedAt', '{"type": "timestamp", "updateDate": true}' ]
	],
	VerificationRequest => [ [ 'token', '{"type": "varchar", "unique": true}' ] ]);

# Columns with text of the models, and properties that are in an index without harm
my %text_column = (User => 'email', Account => 'provider_id', Session => 'session_token', VerificationRequest => 'token');
my %indexed = (
	User => [qw(name email image createdAt)],
	Account => [qw(providerType providerId createdAt)],
	Session => [qw(expires sessionToken createdAt)],
	VerificationRequest => [qw(identifier token createdAt)]);

# What may come of altering a column that was made at random: success; values that the new type cannot hold, or has no
# cast for; nulls, duplicates; what depends on the column; labels that cannot go, or be used yet; another column
my @altered = ('', '22000', '42846', '23502', '23505', '2BP01', '0A000', '55P04', '42701', '42710');

my @texts = (
	'', 'a', "it's", 'a\\b', 'a"b', 'NULL', 'null', '{}', '{a,b}', 'a::text', "'now'::text", 'é', '日本', "\n", "\t ",
	'a,b', '::', 'now()', '$1', '%s', '{"a": 1}', '[1, 2]', "E'x'", 'true', '1', '-0', '1.50', '$$', '--', '/*', ';',
	'😀', 'ſ', "a\x{301}", "\x{feff}", "\x{7f}");
my @json = (
	'{}', '[]', '{"a": [1, "x", null]}', '{"b": null, "a": {"c": "d e"}}', '[1, 2.50, -0.0, 1e20]', 'true', 'false',
	'0', js('"it\'s"'), js('"\\\\"'), '"1"', '[[], {}]', '{"": ""}');

my @times = (
	'now()', 'CURRENT_TIMESTAMP', 'clock_timestamp()', "now() + interval '1 day'", "'2020-01-02'",
	'localtimestamp(2)');
my @strings = (
	"'a'", "'a'::text", "'a' || 'b'", "upper('a')", 'current_user', 'md5(random()::text)', 'gen_random_uuid()::text',
	"E'it\\'s'", "repeat('a', 3)", "coalesce(NULL, 'x')", q('x' COLLATE "C"));
my @numbers = (
	'1', '1 + 1', '- 1', "'1'", 'abs(-2)', 'CASE WHEN true THEN 1 ELSE 2 END', '(1)', 'coalesce(NULL, 1)',
	"length('a')");

# Types: their spellings; literals as JSON, and expressions, that they take; and what else they take: l(ength),
# p(recision), s(cale), u(nique), c(ollation), e(num)
my @types = (
	[ 'int|int4|integer|Number|int2|smallint', [qw(0 1 -1 32767 "12")], \@numbers, 'u' ],
	[ 'int8|bigint', [qw(0 1 -1 "12" 9007199254740993)], \@numbers, 'u' ],
	[
		'decimal|numeric', [qw(0 1 -1 1.5 2.50 "NaN" "1e3" 0.1)],
		[ @numbers, 'random()::numeric' ], 'psu'
	],
	[
		'real|float4|float|float8|double precision', [qw(0 1 -1.5 1e-7 "Infinity" "NaN" 0.1 123456.789)],
		[ @numbers, 'random()' ], 'u'
	],
	[ 'money', [qw(12.34 "$12.34" -1)], [ '12.34::numeric::money', "'1'::money" ], 'u' ],
	[ 'varchar|character varying|String', [ map { js($_) } @texts ], \@strings, 'luc' ],
	[ 'char|character', [qw("" "x" "é" "{" "'")], ["'a'"], 'lc' ],
	[ 'text', [ map { js($_) } @texts ], \@strings, 'uc' ],
	[ 'bytea', [ js('\\x00ff'), '"abc"', js('\\001'), '""' ], [ "'a'::bytea", "decode('00', 'hex')" ], 'u' ],
	[ 'bit', [qw("1" "0")], ["B'1'"], '' ],
	[ 'varbit|bit varying', [qw("101" "" "x1F")], ["B'101'::varbit"], 'u' ],
	[
		'timestamptz|timestamp|timestamp with time zone|timestamp without time zone|Date',
		[
			'"2020-01-02"', '"2020-01-02 00:00:00+02"', '"infinity"', '"epoch"', '"0044-03-15 BC"', '"Jan 2 2020"'
		],
		\@times, 'pu'
	],
	[
		'date', [qw("2020-01-02" "infinity" "-infinity" "20200102")],
		[ 'CURRENT_DATE', 'now()::date', "'2020-01-02'" ], 'u'
	],
	[
		'time|time without time zone',
		[ '"12:34:56.789"', '"24:00:00"', '"4:00 pm"' ],
		[ 'localtime', "'1:00'", 'localtime(3)' ], 'pu'
	],
	[ 'timetz|time with time zone', [qw("12:34:56+02" "00:00")], [ 'current_time', 'current_time(0)' ], 'pu' ],
	[
		'interval',
		[ '"1 day"', '"P1Y2M"', '"-1 2:03:04"', '"1.5 s"', '"1 mon -2 days"' ],
		[ "'1 day'", "interval '1' * 2", "now() - now()" ], 'pu'
	],
	[ 'bool|boolean|Boolean', [qw(true false "t" "yes" "0")], [ 'true', 'NOT true', '1 = 1' ], 'u' ],
	[ 'point', ['"(1,2)"'], [ 'point(1, 2)', "'(1,2)'" ], '' ],
	[ 'line', [ '"{1,2,3}"', '"[(0,0),(1,1)]"' ], [], '' ],
	[ 'lseg', ['"[(0,0),(1,1)]"'], [], '' ],
	[ 'box', ['"(1,1),(0,0)"'], [], '' ],
	[ 'path', [ '"((0,0),(1,1))"', '"[(0,0),(1,1)]"' ], [], '' ],
	[ 'polygon', ['"((0,0),(1,1))"'], [], '' ],
	[ 'circle', ['"<(0,0),1>"'], [], '' ],
	[ 'cidr', [qw("10.0.0.0/8" "::/0")], ["'10/8'"], 'u' ],
	[ 'inet', [qw("10.0.0.1" "::1" "10.0.0.1/8")], [ "'::1'", "host('::1')::inet" ], 'u' ],
	[ 'macaddr', ['"08:00:2b:01:02:03"'], [], 'u' ],
	[ 'macaddr8', ['"08:00:2b:01:02:03:04:05"'], [], 'u' ],
	[ 'tsvector', [ '"a fat cat"', '""', js("'it''s':1A,2") ], ["to_tsvector('simple', 'a b')"], 'u' ],
	[ 'tsquery', [ js("'fat' & ( rat | !cat )"), '"a <-> b:*"' ], ["plainto_tsquery('simple', 'a')"], 'u' ],
	[
		'uuid', [qw("a1b2c3d4-0000-0000-0000-000000000000" "{A1B2C3D400000000-0000000000000000}")],
		[ 'gen_random_uuid()', "md5('a')::uuid" ], 'u'
	],
	[ 'json', \@json, [ "'{}'", "json_build_object('a', 1)", "'[]'::json" ], '' ],
	[ 'jsonb', \@json, [ "'{}'", 'jsonb_build_array(1, now())', q('{"a": 1}'::jsonb) ], 'u' ],
	[ 'jsonpath', [ '"$.a[*] ? (@ > 1)"', '"strict $"' ], [q('$')], '' ],
	[ 'int4range|int8range|numrange', [ '"[1,5)"', '"empty"', '"(,]"', '"[1,1]"' ], ["'[1,2]'"], 'u' ],
	[ 'daterange|tsrange|tstzrange', [ '"[2020-01-01,2020-02-01)"', '"empty"', '"[,)"' ], ["'(,)'"], 'u' ],
	[ 'int4multirange|int8multirange|nummultirange', [ '"{[1,2),[5,8)}"', '"{}"' ], ["'{}'"], 'u' ],
	[ 'datemultirange|tsmultirange|tstzmultirange', [ '"{[2020-01-01,2020-02-01)}"', '"{}"' ], [], 'u' ],
	[ 'simple-array', [ '[]', '["a", "b c"]', '[1, 2.5, true]', '"a,b"', '["it\'s", "{}"]', '""' ], ["'a,b'"], '' ],
	[ 'simple-json', [ @json[ 0 .. 7 ], '"[1,  2]"', '"null"', js('"x"') ], ["'{}'"], '' ]);
push @types, [ 'citext', [ map { js($_) } @texts ], ["'a'"], 'uc' ] if $has{citext};
push @types, [ 'cube', [ '"(1,2),(3,4)"', '"1"' ], ["'(0)'"], 'u' ] if $has{cube};
push @types, [ 'hstore', [ '"a=>1"', '""', js('"a b"=>NULL, c=>"\\"x"') ], ["'a=>1'"], 'u' ] if $has{hstore};
push @types, [ 'ltree', [qw("a.b.c" "")], ["'a'"], 'u' ] if $has{ltree};
push @types, [ 'xml', [ js('<a b="c"/>'), '"text"', js("<a>it's</a>") ], ["'<a/>'"], '' ] if $has{xml};
push @types, [ 'enum|simple-enum', [], [], 'e' ];

# The same, a spelling each; enums are more work than others, and get more
my @spelled;
for my $type (@types, ($types[-1]) x 3)
{
	my ($names, $literals, $expressions, $takes) = @$type;
	push @spelled, { name => $_, literals => $literals, expressions => $expressions, takes => $takes }
	  for split /\|/, $names;
}

# What names begin with
my @names = (
	'phoneNumber', 'homeURL', 'XMLHttpRequest', 'a', 'A', 'x1Y', 'a b', ' ', 'ä', 'Ünï', '日本語', '😀', 'a"b', "a'b",
	'a\\b', 'select', 'user', 'table', '_', '__proto__', 'constructor', '1a', '$x', '$1', 'a.b', 'a;b', '%s', '%n%d',
	"\t", "\n", 'x::y', '"', '--', '/*', '{', 'null', 'x' x 70, 'é' x 40, '😀' x 20, '"' x 70);

# Names that mean something already, or that calls come back to
my @taken = qw(id email emailVerified email_verified userId created_at createdAt ctid tableoid oid xmin name type
  property columns again AGAIN a_gain other n1 n2 n3 toString);

my @labels = (
	'a', 'b', 'c', 'A', 'x y', "it's", 'q"q', 'é', 'NULL', 'null', '{}', 'a,b', '1', 'x' x 63, '\\', 'true', 'a::b',
	' ', '日本語', '-1.5');

# Expressions, each of which some types take and others do not
my @expressions = (
	@times, @strings, @numbers, 'current_timestamp(3)', 'localtime', 'null', 'NULL::int', '1/0', 'array[1,2]', "'{}'",
	'ARRAY[]::text[]', 'session_user', 'current_schema', 'row(1,2)', "'now'::text::date", "'now'::timestamptz",
	"timezone('utc', now())", "now() at time zone 'utc'", '1::bigint', 'nullif(1,2)', 'greatest(1,2)',
	'xmlelement(name a)', 'txid_current()', "nextval('nextauth.users_id_seq')", "currval('nextauth.users_id_seq')",
	'pg_typeof(1)', "overlay('a' placing 'b' from 1)", 'extract(epoch from now())', "'1 day'::interval(2)",
	'1::numeric(3,1)', "'abc'::varchar(2)", '(now())::timestamp(3)', '(1,2)', 'pg_sleep(0)', "'users'::regclass",
	'1 IN (1, 2)', '(ARRAY[1,2])[1]', '(row(1,2)).f1', 'nextauth.entity_schemas()', "'a' LIKE 'b'",
	'1 IS DISTINCT FROM 2', "interval '1' year", "JSON '1'", q(U&'d\0061t'), '$$x$$', 'operator(pg_catalog.-) 1',
	'VARIADIC ARRAY[1]', 'inet_client_addr()');

# Literals, likewise
my @literals = ('2020-01-01', '{1,2,3}', '{NULL}', '{{1,2},{3,4}}', '[1:2]={1,2}', '[0,1)', 'today', '1e5', '-1');

# What is no default of any type
my %broken_expressions = (
	'42601' => [
		'', '1 +', '1, 2', '1) + (2', '1; SELECT 1', '1 AS b', 'SELECT 1', ')', '1 FROM nextauth.users', '/*', "'",
		'1 UNION SELECT 2', '1 LIMIT 1', 'DISTINCT 1', '1;', '1 INTO x', '*'
	],
	'0A000' => [ '(SELECT 1)', 'EXISTS (SELECT)', 'generate_series(1, 2)', 'id', 'no_such_column', 'users.id' ],
	'42803' => ['count(*)'],
	'42P20' => ['row_number() OVER ()'],
	'42P02' => [ '$0', '$1' ],
	'42883' => [ 'no_such_function()', '@@@@ 1' ],
	'42704' => ["'x'::no_such_type"],
	'3F000' => ['no_such_schema.f()']);

#
# The generator: all of these return JSON as text
#

sub any { return $_[ rand @_ ] }
sub chance { return rand() < $_[0] }

sub js
{
	my ($text) = @_;
	$text =~ s/(["\\])/\\$1/g;
	$text =~ s/([\x00-\x1f])/sprintf('\\u%04x', ord($1))/ge;
	return qq("$text");
}

sub bytes { return length(encode('UTF-8', $_[0])) }

# The text cut to so many bytes
sub cut
{
	my ($text, $bytes) = @_;
	chop $text while bytes($text) > $bytes;
	return $text;
}

# A name that no other call gets, in mostly any shape
my $serial = 0;

sub fresh_name
{
	my $end = '_' . ++$serial;
	return cut(any(@names), 63 - length($end)) . $end;
}

# TypeORM's snake case, of ASCII letters alone
sub snake
{
	my ($name) = @_;
	$name =~ s/([A-Z])([A-Z])(?=[a-z])/$1_$2/g;
	$name =~ s/([a-z0-9])([A-Z])/$1_$2/g;
	return $name =~ tr/A-Z/a-z/r;
}

sub random_json
{
	my ($depth) = @_;
	my $kind = rand();

	return any(qw(null true false)) if $kind < 0.15;
	return any(qw(0 1 -1 1.5 -0.0 1e20 1e-7 123456789012345678 2.50 255 0.1 1e300), '1' . '0' x 30)
	  if $kind < 0.35;
	return js(any(@texts)) if $kind < 0.65 || $depth > 2;
	return '[' . join(', ', map { random_json($depth + 1) } 1 .. rand 4) . ']' if $kind < 0.85;
	return '{'
	  . join(', ', map { js(any('a', 'b c', '1', '"', '\\')) . ': ' . random_json($depth + 1) } 1 .. rand 3) . '}';
}

# Labels and the option "enum", an array or an object, for them
sub random_enum
{
	my %seen;
	my @chosen = grep { !$seen{$_}++ } map { any(@labels) } 0 .. rand 5;
	my $serial = 0;

	return \@chosen, '[' . join(', ', map { js($_) } @chosen) . ']' if chance(0.8);
	# jsonb sorts the keys
	my @members = map { '"K' . $serial++ . '": ' . js($_) } @chosen;
	unshift @members, '"0": "reverse"' if chance(0.5);
	return \@chosen, '{' . join(', ', @members) . '}';
}

# Returns the options of a column as they should be, as [name, value] pairs, and the SQLSTATE if there is nevertheless
# something amiss with them for this property.
sub good_options
{
	my ($model, $property) = @_;
	my $type = any(@spelled);
	my $takes = $type->{takes};
	my @options = ([ 'type', js($type->{name}) ]);
	my $column = snake($property);
	my $state = bytes($column) > 63 ? '42622' : '';
	my @literals = @{ $type->{literals} };
	my $array = chance(0.2) && $type->{name} !~ /^simple-(array|json)/;
	my $default = '';

	if (chance(0.1))
	{
		$column = fresh_name();
		$state = '';
		push @options, [ 'name', js($column) ];
	}
	if ($takes =~ /e/)
	{
		my ($chosen, $enum) = random_enum();
		@literals = map { js($_) } @$chosen;
		push @options, [ 'enum', $enum ];
		if (chance(0.3) || bytes("$table{$model}_${column}_enum") > 63)
		{
			push @options, [ 'enumName', js(fresh_name()) ];
		}
		shift @options if chance(0.1);
	}
	if ($takes =~ /l/ && chance(0.4))
	{
		my $length = 36 + int(rand 100);
		push @options, [ 'length', any($length, qq("$length")) ];
	}
	if ($takes =~ /p/ && chance(0.4))
	{
		push @options, [ 'precision', $takes =~ /s/ ? 20 + int(rand 20) : int(rand 7) ];
		push @options, [ 'scale', int(rand 10) ] if $takes =~ /s/ && chance(0.6);
	}
	push @options, [ 'collation', js(any(qw(C POSIX default))) ] if $takes =~ /c/ && chance(0.2);

	if (chance(0.06) && $type->{name} =~ /^(timestamp|timestamptz|date)$/ && !$array)
	{
		my $role = any(qw(createDate updateDate deleteDate));
		push @options, [ $role, 'true' ];
		$default = $role eq 'deleteDate' ? 'null' : 'role';
	}
	elsif (chance(0.3) && $type->{name} eq 'uuid' && !$array)
	{
		push @options, [ 'generated', '"uuid"' ];
		$default = 'uuid';
	}
	elsif (chance(0.6))
	{
		if ($array)
		{
			$default = '[' . join(', ', map { any(@literals, 'null') } 1 .. rand 4) . ']';
			# An array of arrays is one of more dimensions, but for json
			$default = '"{}"' if $default =~ /\{\}|\[\]/ && $type->{name} =~ /json/;
		}
		elsif (@{ $type->{expressions} } && chance(0.4))
		{
			$default = 'expression';
			push @options, [ 'defaultExpression', js(any(@{ $type->{expressions} })) ];
		}
		else
		{
			$default = any(@literals);
		}
		push @options, [ 'default', $default ] unless $default eq 'expression';
	}
	push @options, [ 'array', 'true' ] if $array;

	push @options, [ 'nullable', 'true' ] if $default eq 'null' || chance(0.4) || !$default && $filled{$model};
	push @options, [ 'unique', 'true' ] if $takes =~ /u/ && !$array && chance(0.1);
	push @options, [ 'comment', js(any(@texts)) ] if chance(0.1);
	push @options, [ any(qw(select insert update)), any(qw(true false)) ] if chance(0.1);
	return \@options, $state;
}

# Options of a column of one of the newer kinds, and the SQLSTATE if something is amiss with them for this property
sub special_options
{
	my ($model, $property) = @_;
	my $text = $text_column{$model};
	my $state = bytes(snake($property)) > 63 ? '42622' : '';
	my $kind = rand();
	my $stored = 1;
	my @options;

	if ($kind < 0.4)
	{
		my ($type, @expressions) = @{
			any(
				[ 'int', 'id + 1', 'length(' . $text . ')', '1', 'CASE WHEN id > 3 THEN id END' ],
				[ 'text', $text, "upper($text)", "$text || '%s'", "coalesce($text, 'it''s')" ],
				[ 'bool', 'id > 3', "$text IS NULL" ],
				[ 'numeric', 'id / 3.0', 'sqrt(id::float8)::numeric' ])
		};
		my $generated = any('STORED', 'STORED', 'STORED', 'STORED', 'VIRTUAL', '');
		$state ||= '0A000' if $generated ne 'STORED' && !$has_virtual;
		@options = ([ 'type', js($type) ], [ 'nullable', 'true' ], [ 'asExpression', js(any(@expressions)) ]);
		push @options, [ 'generatedType', js($generated) ] if $generated;
		$stored = $generated eq 'STORED';
	}
	elsif ($kind < 0.7)
	{
		my @key = ('"target": ' . js(any(sort keys %table)));
		push @key, '"onDelete": ' . js(any('CASCADE', 'SET NULL', 'RESTRICT', 'NO ACTION')) if chance(0.5);
		push @key, '"onUpdate": ' . js(any('CASCADE', 'SET DEFAULT')) if chance(0.2);
		push @key, '"deferrable": ' . js(any('INITIALLY IMMEDIATE', 'INITIALLY DEFERRED')) if chance(0.2);
		push @key, '"name": ' . js(fresh_name()) if chance(0.1);
		@options = ([ 'type', js(any(qw(int bigint))) ], [ 'nullable', 'true' ], [ 'foreignKey', '{' . join(', ', @key) . '}' ]);
	}
	else
	{
		@options = ([ 'type', js(any(qw(int smallint bigint))) ], [ 'generated', any('"increment"', 'true', '"identity"') ]);
	}
	push @options, [ 'unique', 'true' ] if chance(0.1) && !$filled{$model} && $stored;
	push @options, [ 'comment', js(any(@texts)) ] if chance(0.1);
	return \@options, $state;
}

# Options of a model, and whether they are sure to be good
sub model_options
{
	my ($model, @known) = @_;
	my $sure = chance(0.8);
	my @properties = $sure ? @{ $indexed{$model} } : (@{ $indexed{$model} }, @known, 'id', 'nothing');
	my $columns = sub { '"columns": [' . join(', ', map { js($_) } (shuffle(@_))[ 0 .. rand 2 ]) . ']' };
	# The key, and what is unique by itself, is not made unique otherwise
	my @not_unique = grep { !/^(id|email|sessionToken|token)$/ } @properties;
	# An index and a check may have the same name, others must not
	my $name = sub { chance(0.3) ? ', "name": ' . js("$model " . any($sure ? @_ : 7 .. 9)) : '' };
	my @conditions = ('id > 0', "$text_column{$model} <> 'it''s'", 'true');
	push @conditions, '1 +', 'nothing = 1', 'count(*) > 1', 'now() > created_at', '(SELECT true)', 'false' if !$sure;
	my @options;

	push @options, '"indices": [{' . $columns->(@properties)
	  . (chance(0.2) ? ', "unique": true' : '')
	  . (chance(0.3) ? ', "where": ' . js(any(@conditions)) : '')
	  . $name->(4 .. 6) . '}]'
	  if chance(0.5);
	push @options, '"uniques": [{' . $columns->(@not_unique)
	  . (chance(0.3) ? ', "deferrable": "INITIALLY DEFERRED"' : '')
	  . $name->(1 .. 3) . '}]'
	  if chance(0.4);
	push @options, '"checks": [{"expression": ' . js(any(@conditions)) . $name->(4 .. 6) . '}]'
	  if chance(0.4);
	push @options, any('"indexes": []', '"checks": {}', '"uniques": [{}]', '"indices": [1]') if !$sure && chance(0.2);
	return '{' . join(', ', @options) . '}', $sure;
}

# Options that may be good or not
sub odd_options
{
	my ($model, $property) = @_;
	my ($options) = good_options($model, $property);
	my ($type) = map { $_->[1] =~ /"(.*)"/ } grep { $_->[0] eq 'type' } @$options;

	# A bad literal of hstore is an internal error to hstore itself
	return $options if ($type || '') eq 'hstore';

	my @odd = (
		sub { [ 'default', js(any(@texts, @literals)) ] },
		sub { [ 'default', random_json(0) ] },
		sub { [ 'defaultExpression', js(any(@expressions)) ] },
		sub { [ 'length', any(1, 2, 3, '"20"', 0, 10485760, 10485761, 83886081, 2147483647) ] },
		sub { [ 'precision', any(0, 1, 3, 6, 7, 10, 1000, 1001, 65536, 2147483647) ] },
		sub { [ 'scale', any(0, 1, 2, 10, 1000, 1001, 2047, 2048) ] },
		sub { [ 'array', 'true' ] },
		sub { [ any(qw(createDate updateDate deleteDate version)), any(qw(true true false)) ] },
		sub { [ 'generated', any(qw(true false "uuid" "increment" "identity")) ] },
		sub { [ 'asExpression', js(any(@expressions, 'id', "$text_column{$model}", 'nothing', 'users.id')) ] },
		sub { [ 'generatedType', any(qw("STORED" "STORED" "VIRTUAL" "stored")) ] },
		sub { [ 'foreignKey', '{"target": ' . js(any('User', 'users', 'nextauth.users', 'pg_class', 'a.b.c', '', '"')) . '}' ] },
		sub { [ 'name', js(any(@taken)) ] },
		sub { [ 'enumName', js(any(qw(users text _text shared Shared))) ] },
		sub { [ 'collation', js(any(qw(C default en-x-icu en_US.utf8 ucs_basic none))) ] },
		sub { [ any(qw(unique primary readonly update)), any(qw(true false)) ] });
	for (0 .. rand 2)
	{
		my $odd = any(@odd)->();
		@$options = grep { $_->[0] ne $odd->[0] } @$options;
		push @$options, $odd;
	}
	# Of char, a default is too long for PostgreSQL's catalog then
	@$options = grep { $_->[0] ne 'length' || $_->[1] ne '10485760' } @$options if ($type || '') =~ /^char/;
	return $options;
}

# A fault for good options: the SQLSTATE that it leads to, the option, its value
sub random_fault
{
	return @{
		any(
			[ '22023', any(qw(Nullable lenght defaul x), ''), any(qw(1 true null "x")) ],
			[
				'0A000', any(qw(unsigned transformer width onUpdate objectId srid)),
				any(qw(1 true null {} []))
			],
			[ '22023', any(qw(nullable unique array select insert createDate)), any(qw(1 null "true" {} [])) ],
			[ '22023', any(qw(name comment collation defaultExpression enumName)), any(qw(1 null true {} [])) ],
			[ '22023', any(qw(precision scale)), any(qw(-1 1.5 "x" "3" true null 1e10 2147483648)) ],
			[ '22023', 'length', any(qw(-1 1.5 "x" "+1" "1e3" 2147483648 null), '" 1"', '"1 "') ],
			[ '22023', 'generated', any(qw("rowid" 1 null)) ],
			[ '22023', 'asExpression', any(qw(1 true {} [])) ],
			[
				'22023', 'foreignKey',
				any(
					'true', '[]', '{}', '{"target": 1}', '{"target": "User", "onDelete": "drop"}', '{"target": "User", "cascade": true}')
			],
			[ '22023', 'type', any(qw(1 null true {} [])) ],
			[ '42704', 'type', js(any(qw(foo INT Varchar text[] int; name serial "char" _text), '')) ],
			[ '42622', 'name', js(any('x' x 64, 'é' x 32, 'x' x 1000)) ],
			[ '42602', 'name', '""' ])
	};
}

# One column: property, options, and the SQLSTATEs that its call may end in; '' stands for success, undef for any
sub random_column
{
	my ($model, $known) = @_;
	my $kind = rand();
	my $property = fresh_name();
	my ($options, @states);

	if ($kind < 0.15 && %$known)
	{
		# Another definition, mostly not all that different
		$property = any(sort keys %$known);
		my %options = map { @$_ } @{ $known->{$property} };
		for (0 .. rand 2)
		{
			my ($other) = good_options($model, $property);
			any(
				sub { $options{nullable} = ($options{nullable} // '') eq 'true' ? 'false' : 'true' },
				sub { $options{unique} = any(qw(true false)) },
				sub { delete @options{qw(default defaultExpression)} },
				sub { $options{comment} = js(any(@texts)) },
				sub { delete $options{comment} },
				sub { $options{length} = 36 + int(rand 100) if $options{length} },
				sub { delete @options{qw(length precision scale)} },
				sub { $options{type} = any('"text"', '"varchar"', '"int8"', '"numeric"', '"int2"') },
				sub { $options{enum} =~ s/\[/'["new ' . ++$serial . '"' . ($options{enum} eq '[]' ? '' : ', ')/e if $options{enum} },
				sub { $options{generated} = any('"identity"', '"increment"') },
				sub { %options = map { @$_ } @$other },
				sub { %options = map { @$_ } @$other })->();
		}
		$options = [ map { [ $_, $options{$_} ] } sort keys %options ];
		# What was put together may not fit together
		@states = is_consistent(\%options) ? @altered : (undef);
	}
	elsif ($kind < 0.5)
	{
		($options, @states) = good_options($model, $property);
		$known->{$property} = $options if !$states[0];
	}
	elsif ($kind < 0.58)
	{
		($options, @states) = special_options($model, $property);
		$known->{$property} = $options if !$states[0];
	}
	elsif ($kind < 0.7)
	{
		# If both are amiss, either may be told
		($options, my $state) = good_options($model, $property);
		my ($fault, $name, $value) = random_fault();
		@$options = grep { $_->[0] ne $name } @$options;
		push @$options, [ $name, $value ];
		@states = ($fault, $state || ());
	}
	elsif ($kind < 0.73)
	{
		my $broken = any(sort keys %broken_expressions);
		$options = [
			[ 'type', js(any(qw(int text timestamp jsonb bool uuid))) ],
			[ 'defaultExpression', js(any(@{ $broken_expressions{$broken} })) ]
		];
		@states = ($broken, bytes(snake($property)) > 63 ? '42622' : ());
	}
	elsif ($kind < 0.76)
	{
		($property, my $text) = @{ any(@{ $builtin{$model} }) };
		return ($property, $text, '') if chance(0.7);
		return ($property, any('{"type": "json"}', '{}', '{"type": "int", "array": true}'), '22023');
	}
	elsif ($kind < 0.84)
	{
		# Most likely there is such a column, and this is another
		$property = any(qw(again AGAIN other n1 n2 n3));
		($options) = good_options($model, $property);
		@states = @altered;
	}
	elsif ($kind < 0.86)
	{
		return ($property, any(qw(null 1 "varchar" [] true)), '22023');
	}
	else
	{
		$property = any($property, @taken, '', 'x' x 64);
		$options = odd_options($model, $property);
		@states = (undef);
	}
	my @members = map { js($_->[0]) . ': ' . $_->[1] } shuffle(@$options);
	return ($property, '{' . join(', ', @members) . '}', @states);
}

sub shuffle
{
	my @list = @_;
	for (my $i = @list; --$i > 0;)
	{
		my $j = int(rand($i + 1));
		@list[ $i, $j ] = @list[ $j, $i ];
	}
	return @list;
}

# Do the options that were put together fit any type?
sub is_consistent
{
	my ($options) = @_;

	return !grep { exists $options->{$_} }
	  qw(default defaultExpression generated asExpression foreignKey length precision scale collation unique array enum
	  enumName createDate updateDate deleteDate);
}

# One call: the function, model, columns or other arguments, the SQLSTATEs it may end in, and the model's options
my @known;    # for each database and model, what was defined there: property, options

sub random_call
{
	my ($id) = @_;
	my $model = any(@models);
	my (@columns, %states, %seen, $fails);
	my $as_list = chance(0.4);
	my $known = $known[ $id % $databases ]{$model} //= {};

	if (chance(0.05) && %$known)
	{
		my $property = chance(0.9) ? any(sort keys %$known) : any('nothing', 'email', '');
		my $new = chance(0.8) ? fresh_name() : any('email', 'x' x 64, '', sort keys %$known);
		$known->{$new} = delete $known->{$property} if $known->{$property} && $new =~ /_\d+$/;
		my @arguments = (js($property), js($new), chance(0.3) ? js(chance(0.8) ? fresh_name() : 'email') : ());
		return [
			'rename_property', $model, '[' . join(', ', @arguments) . ']',
			{ map { $_ => 1 } '', '42703', '42701', '2BP01', '42602', '42622' }
		];
	}
	if (chance(0.05) && %$known)
	{
		my @properties = grep { defined } (shuffle(sort keys %$known))[ 0 .. rand 2 ];
		push @properties, any('nothing', 'email', $properties[0]) if chance(0.1);
		delete @$known{@properties};
		return [
			'drop_properties', $model, '[' . join(', ', map { js($_) } @properties) . ']',
			{ map { $_ => 1 } '', '42703', '2BP01' }
		];
	}

	return [ 'extend_model', any('user', 'Users', '', 'nextauth.users', "User'"), '{"a": {"type": "int"}}', { '42704' => 1 } ]
	  if chance(0.01);
	return [ 'extend_model', $model, any(qw(1 "x" null [1] [[]] [{}]), '[{"property": 1, "type": "int"}]'), { '22023' => 1 } ]
	  if chance(0.02);
	return [ 'extend_model', $model, any('{}', '[]'), { '' => 1 } ] if chance(0.005);

	for (1 .. any(1, 1, 1, 2, 3, 5))
	{
		my ($property, $options, @states) = random_column($model, $known);

		# The last of two would win in an object, and no column may have "property" twice
		next if $seen{$property}++ || $options !~ /^\{/ && $as_list;
		$options =~ s/^\{(?=(.))/'{"property": ' . js($property) . ($1 eq '}' ? '' : ', ')/e if $as_list;
		push @columns, $as_list ? $options : js($property) . ": $options";
		$states{ defined $_ ? $_ : 'any' } = 1 for @states;
		$fails ||= !grep { !$_ } @states;
	}
	$states{''} = !$fails;
	my ($options, $sure) = chance(0.2) ? model_options($model, sort keys %$known) : ('{}', 1);
	$states{any} = 1 if !$sure;
	return [
		'extend_model', $model, ($as_list ? '[' : '{') . join(', ', @columns) . ($as_list ? ']' : '}'),
		\%states, $options
	];
}

#
# The calls
#

my @input = map { random_call($_) } 0 .. $calls - 1;

# Text for COPY
sub copy_text
{
	my ($text) = @_;
	$text =~ s/\\/\\\\/g;
	$text =~ s/\t/\\t/g;
	$text =~ s/\n/\\n/g;
	return $text;
}

my $harness = q{
CREATE TABLE input (id int PRIMARY KEY, function text, model text, columns text, options text);
CREATE TABLE outcome (id int PRIMARY KEY, state text, message text, problem text);
CREATE TABLE builtin AS SELECT model AS name, count(*) AS columns FROM nextauth.model_columns GROUP BY model;

-- Whatever a call could change
CREATE FUNCTION fingerprint() RETURNS text LANGUAGE sql STABLE AS $$
	SELECT concat(
		(SELECT sum(hashtext(concat(attname, attrelid, attnum, atttypid, atttypmod, attnotnull, attcollation, attidentity,
									attgenerated, adbin, description)))
		 FROM nextauth.model JOIN pg_attribute ON attrelid = relation
		 LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
		 LEFT JOIN pg_description ON objoid = attrelid AND objsubid = attnum AND classoid = 'pg_class'::regclass), ' ',
		(SELECT sum(hashtext(concat(k.oid, conname, conkey, confrelid, convalidated, condeferred, conbin)))
		 FROM nextauth.model JOIN pg_constraint k ON conrelid = relation), ' ',
		(SELECT sum(hashtext(concat(indexrelid, indkey, indisvalid, indpred)))
		 FROM nextauth.model JOIN pg_index ON indrelid = relation), ' ',
		(SELECT sum(hashtext(concat(oid, relname, relkind)))
		 FROM pg_class WHERE relnamespace = 'nextauth'::regnamespace), ' ',
		(SELECT sum(hashtext(concat(oid, typname))) FROM pg_type WHERE typnamespace = 'nextauth'::regnamespace), ' ',
		(SELECT sum(hashtext(concat(enumtypid, enumlabel, enumsortorder))) FROM pg_enum), ' ',
		(SELECT sum(hashtext(k::text)) FROM nextauth.custom_column k), ' ',
		(SELECT sum(hashtext(m::text)) FROM nextauth.model m), ' ',
		(SELECT sum(hashtext(c::text)) FROM nextauth.model_change c))
$$;

-- The values of a model, by row and column
CREATE FUNCTION values_of(name text) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
	result jsonb;
BEGIN
	EXECUTE format('SELECT jsonb_object_agg(id, jsonb_strip_nulls(to_jsonb(t))) FROM %s t',
				   (SELECT relation FROM nextauth.model m WHERE m.name = values_of.name)) INTO result;
	RETURN coalesce(result, '{}');
END $$;

-- Columns that had a value and have none now, unless they are computed
CREATE FUNCTION lost(name text, before jsonb) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT string_agg(c.key, ', ')
	FROM nextauth.model m, values_of(lost.name) now_is, jsonb_each(before) r, jsonb_each(r.value) c
	WHERE m.name = lost.name AND NOT now_is -> r.key ? c.key
		AND EXISTS (SELECT FROM pg_attribute WHERE attrelid = relation AND attname = c.key AND attgenerated = '')
$$;

-- Sequences that belong to no column, and columns that only one of catalog and table has
CREATE FUNCTION leftovers() RETURNS text LANGUAGE sql STABLE AS $$
	SELECT string_agg(name, ', ') FROM (
		SELECT relname::text FROM pg_class c
		WHERE relkind = 'S' AND relnamespace = 'nextauth'::regnamespace
			AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = c.oid AND deptype IN ('a', 'i') AND refobjsubid > 0)
		UNION ALL
		SELECT coalesce(k.column_name, attname) FROM nextauth.custom_column k
		FULL JOIN (SELECT name AS model, attname FROM nextauth.model JOIN pg_attribute ON attrelid = relation
				   JOIN builtin USING (name) WHERE attnum > columns AND NOT attisdropped) a
			ON a.model = k.model AND attname = column_name
		WHERE k.model IS NULL OR a.model IS NULL) n (name)
$$;

-- Is the default described as another one than was given? Of text and jsonb, which JSON tells.
CREATE FUNCTION is_other_default(given jsonb, described jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE
		WHEN given ->> 'type' IN ('text', 'varchar', 'character varying', 'String') THEN
			CASE jsonb_typeof(given -> 'default')
			WHEN 'string' THEN NOT given ? 'array' AND described IS DISTINCT FROM given -> 'default'
			-- An array may be described by its literal
			WHEN 'array' THEN given ? 'array' AND NOT given @? '$.default[*] ? (@.type() != "string" && @.type() != "null")'
				AND CASE jsonb_typeof(described) WHEN 'string' THEN to_jsonb((described #>> '{}')::text[]) ELSE described END
					IS DISTINCT FROM given -> 'default'
			END
		WHEN given ->> 'type' = 'jsonb' AND NOT given ? 'array' THEN
			jsonb_typeof(given -> 'default') IN ('object', 'array') AND described IS DISTINCT FROM given -> 'default'
		END
$$;

-- What is wrong with a model after a call that succeeded; null: nothing
CREATE FUNCTION inspect(name text, given jsonb, options jsonb, actions text[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	properties text[];
	described jsonb;
	custom jsonb;
	found text;
	state text;
	message text;
	step text := 'the actions';
BEGIN
	IF jsonb_typeof(given) = 'array' THEN
		properties := ARRAY(SELECT e ->> 'property' FROM jsonb_array_elements(given) e);
	ELSE
		properties := ARRAY(SELECT jsonb_object_keys(given));
	END IF;
	IF cardinality(actions) <> cardinality(properties) OR array_position(actions, NULL) IS NOT NULL
		OR NOT actions <@ ARRAY['added', 'unchanged', 'altered'] THEN
		RETURN format('actions %s for %s properties', actions, cardinality(properties));
	END IF;

	step := 'the same call';
	SELECT string_agg(coalesce(property, column_name) || ' ' || action, ', ') INTO found
	FROM nextauth.extend_model(name, given, options) WHERE action <> 'unchanged';
	IF found IS NOT NULL THEN RETURN 'the same call: ' || found; END IF;

	step := 'plan_model()';
	SELECT string_agg(statement, '; ') INTO found FROM nextauth.plan_model(name, given, options);
	IF found IS NOT NULL THEN RETURN 'still to be done: ' || found; END IF;

	step := 'entity_schema()';
	described := nextauth.entity_schema(name) -> 'columns';
	IF NOT described ?& properties THEN RETURN 'not described by entity_schema()'; END IF;

	step := 'custom_models';
	custom := coalesce((SELECT columns FROM nextauth.custom_models WHERE model = name), '{}');
	SELECT string_agg(property, ', ') INTO found
	FROM unnest(properties) property
	WHERE property NOT IN (SELECT c.property FROM nextauth.model_columns c WHERE c.model = name AND NOT is_custom)
		AND NOT custom ? property;
	IF found IS NOT NULL THEN RETURN 'not described by custom_models: ' || found; END IF;

	step := 'the defaults';
	SELECT string_agg(format('%s: %s', g.property, d), ', ') INTO found
	FROM (SELECT e ->> 'property', e
		  FROM jsonb_array_elements(CASE jsonb_typeof(given) WHEN 'array' THEN given ELSE '[]' END) e
		  UNION ALL
		  SELECT * FROM jsonb_each(CASE jsonb_typeof(given) WHEN 'object' THEN given ELSE '{}' END)) g (property, options),
		jsonb_extract_path(custom, g.property, 'default') d
	WHERE is_other_default(g.options, d);
	IF found IS NOT NULL THEN RETURN 'described with another default: ' || found; END IF;

	-- The others were looked at when they were added
	step := 'custom_models again';
	SELECT string_agg(property || ' ' || action, ', ') INTO found
	FROM nextauth.extend_model(name, (SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each(custom)
		WHERE key = ANY (properties))) WHERE action <> 'unchanged';
	IF found IS NOT NULL THEN RETURN 'custom_models again: ' || found; END IF;

	step := 'check_models()';
	SELECT string_agg(c::text, ', ') INTO found FROM nextauth.check_models() c;
	IF found IS NOT NULL THEN RETURN 'check_models(): ' || found; END IF;
	RETURN NULL;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT;
	RETURN format('%s: %s %s', step, state, message);
END $$;

CREATE PROCEDURE make_calls() LANGUAGE plpgsql AS $$
DECLARE
	call record;
	target record;
	before text := fingerprint();
	now_is text;
	plan text[];
	plan_state text;
	actions text[];
	objects int;
	version_before bigint;
	rows_before jsonb;
	state text;
	message text;
	problem text;
BEGIN
	FOR call IN SELECT * FROM input ORDER BY id LOOP
		-- Whose fault it was, should the server crash
		RAISE LOG 'call %', call.id;
		state := '';
		message := NULL;
		problem := NULL;
		version_before := (SELECT version FROM nextauth.models WHERE model = call.model);
		rows_before := CASE WHEN version_before IS NOT NULL THEN values_of(call.model) END;

		plan_state := '';
		IF call.function = 'extend_model' THEN
			BEGIN
				plan := ARRAY(SELECT statement FROM nextauth.plan_model(call.model, call.columns::jsonb, call.options::jsonb)
							  WHERE statement NOT LIKE '%SET %nextauth.protect_columns%' ORDER BY step);
			EXCEPTION WHEN OTHERS THEN
				GET STACKED DIAGNOSTICS plan_state = RETURNED_SQLSTATE;
			END;
			COMMIT;
			IF fingerprint() <> before THEN
				problem := 'plan_model() changed something';
			END IF;
		END IF;

		BEGIN
			IF call.function = 'extend_model' THEN
				SELECT array_agg(action) FILTER (WHERE property IS NOT NULL),
					count(*) FILTER (WHERE property IS NULL AND action <> 'unchanged')
				INTO actions, objects
				FROM nextauth.extend_model(call.model, call.columns::jsonb, call.options::jsonb);
			ELSIF call.function = 'rename_property' THEN
				actions := ARRAY(SELECT action FROM nextauth.rename_property(call.model,
					call.columns::jsonb ->> 0, call.columns::jsonb ->> 1, call.columns::jsonb ->> 2));
			ELSE
				actions := ARRAY(SELECT action FROM nextauth.drop_properties(call.model,
					VARIADIC ARRAY(SELECT jsonb_array_elements_text(call.columns::jsonb))));
			END IF;
			actions := coalesce(actions, '{}');
		EXCEPTION WHEN OTHERS THEN
			GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT;
		END;
		COMMIT;

		now_is := fingerprint();
		IF problem IS NOT NULL THEN
			NULL;
		ELSIF state <> '' THEN
			IF now_is <> before THEN
				problem := 'an error, but not all is as before';
			ELSIF call.function = 'extend_model' AND plan_state NOT IN ('', state) THEN
				problem := format('plan_model() had the error %s', plan_state);
			END IF;
		ELSIF leftovers() IS NOT NULL THEN
			problem := format('left over: %s', leftovers());
		ELSIF call.function = 'extend_model' AND plan_state <> '' THEN
			problem := format('plan_model() had the error %s', plan_state);
		ELSIF now_is = before AND (actions && ARRAY['added', 'altered', 'renamed', 'dropped'] OR objects > 0) THEN
			problem := format('nothing changed, by %s', actions);
		ELSIF now_is <> before AND version_before + 1 <> (SELECT version FROM nextauth.models WHERE model = call.model) THEN
			problem := 'the version is not the next one';
		ELSIF call.function = 'extend_model' AND now_is <> before AND plan <>
			(SELECT statements FROM nextauth.model_changes WHERE model = call.model AND version > version_before) THEN
			problem := format('not what was planned: %s', plan);
		ELSIF call.function <> 'rename_property' AND lost(call.model, rows_before) IS NOT NULL THEN
			problem := format('values are lost: %s', lost(call.model, rows_before));
		ELSIF call.function = 'extend_model' THEN
			problem := inspect(call.model, call.columns::jsonb, call.options::jsonb, actions);
		ELSIF call.function = 'rename_property' THEN
			BEGIN
				SELECT string_agg(concat(property, ' ', action), ', ') INTO problem
				FROM nextauth.custom_models m, nextauth.extend_model(m.model, m.columns, m.options)
				WHERE m.model = call.model AND action <> 'unchanged';
			EXCEPTION WHEN OTHERS THEN
				problem := format('not described: %s', SQLERRM);
			END;
		END IF;
		INSERT INTO outcome VALUES (call.id, state, message, problem);
		COMMIT;

		-- Now and then some columns go
		IF call.id % 97 = 0 THEN
			PERFORM set_config('nextauth.protect_columns', 'off', true);
			FOR target IN SELECT relation, column_name FROM nextauth.custom_column JOIN nextauth.model ON name = model
				WHERE hashtext(column_name::text) % 4 = 0
			LOOP
				BEGIN
					EXECUTE format('ALTER TABLE %s DROP COLUMN %I', target.relation, target.column_name);
				EXCEPTION WHEN dependent_objects_still_exist THEN
					NULL;
				END;
			END LOOP;
			COMMIT;
			now_is := fingerprint();
		END IF;
		before := now_is;

		-- and some get values that not every type can hold
		IF call.id % 5 = 0 THEN
			FOR target IN SELECT relation, column_name FROM nextauth.custom_column JOIN nextauth.model ON name = model
				WHERE type IN ('text', 'varchar', 'int', 'bigint', 'numeric', 'jsonb')
					AND hashtext(concat(column_name, call.id)) % 4 = 0
			LOOP
				BEGIN
					EXECUTE format('UPDATE %s SET %I = %L', target.relation, target.column_name,
						(ARRAY['1', '007', '40000', '-1', '3000000000', '2020-01-02', 'it''s', '', '{}', '1.50', 'true', '"x"'])
							[1 + (hashtext(concat(call.id, target.column_name)) & 2147483647) % 12]);
					SET CONSTRAINTS ALL IMMEDIATE;
				EXCEPTION WHEN OTHERS THEN
					NULL;
				END;
			END LOOP;
			COMMIT;
		END IF;
	END LOOP;
END $$;
};

my $rows = q{
INSERT INTO nextauth.users DEFAULT VALUES;
INSERT INTO nextauth.accounts (compound_id, user_id, provider_type, provider_id, provider_account_id)
VALUES ('', 1, '', '', '');
};

# What must be the same in a database made from custom_models, which says neither the order of columns nor how their
# types were spelled; and in a copy
my $same = q{
	SELECT model, jsonb_pretty(columns), jsonb_pretty(options) FROM nextauth.custom_models ORDER BY model;
	SELECT model, property, column_name, options FROM nextauth.custom_column ORDER BY model, property;
	SELECT model, jsonb_pretty(to_jsonb(c) - 'position') FROM nextauth.model_columns c ORDER BY model, property;
	SELECT * FROM nextauth.check_models();
};
my $copied = $same . q{
	SELECT jsonb_pretty(nextauth.entity_schemas());
	SELECT * FROM nextauth.custom_column ORDER BY model, property;
	SELECT * FROM nextauth.model ORDER BY name;
	SELECT * FROM nextauth.model_changes ORDER BY model, version;
};
my $make_again = q{
	SELECT format('SELECT count(*) FROM nextauth.extend_model(%L, %L, %L);', model, columns, options) FROM nextauth.custom_models};
my $unchanged = q{
	SELECT e.* FROM nextauth.custom_models m, nextauth.extend_model(m.model, m.columns, m.options) e
	WHERE e.action <> 'unchanged'};

# Runs psql -f FILE on each of the databases, side by side. Did all of them succeed?
sub psql_each
{
	my ($name, %files) = @_;
	my (@runs, %output);

	for my $db (sort keys %files)
	{
		push @runs,
		  IPC::Run::start([ 'psql', '-XqAt', '-v', 'ON_ERROR_STOP=1', '-f', $files{$db}, '-d', $node->connstr($db) ],
			'<', \undef, '>', \$output{$db}[0], '2>', \$output{$db}[1]);
	}
	my $failed = grep { !IPC::Run::finish($_) } @runs;
	is($failed, 0, $name);
	diag(map { $output{$_}[1] } sort keys %output) if $failed;
	return !$failed;
}

# is(), but shows no more than the first difference of two long texts
sub same_text
{
	my ($got, $expected, $name) = @_;
	my @got = split /\n/, $got;
	my @expected = split /\n/, $expected;
	my $line = 0;

	ok($got eq $expected, $name) and return;
	$line++ while ($got[$line] // '') eq ($expected[$line] // '');
	my $from = $line < 8 ? 0 : $line - 8;
	diag(join("\n", "got, from line $from:", grep { defined } @got[ $from .. $line + 8 ]));
	diag(join("\n", 'expected:', grep { defined } @expected[ $from .. $line + 8 ]));
}

my $dir = PostgreSQL::Test::Utils::tempdir;
my @names_of = map { "random_$_" } 1 .. $databases;
my $create = "ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE";

$node->safe_psql('postgres', "CREATE DATABASE prepared $create template0");
$node->safe_psql('prepared', join '', q(SET nextauth.id_type = 'integer';), map { "CREATE EXTENSION $_;" } 'nextauth', grep { $_ ne 'xml' } sort keys %has);
$node->safe_psql('postgres', "CREATE DATABASE $_ $create prepared") for @names_of, map { "${_}_again" } @names_of;
$node->safe_psql('postgres', "CREATE DATABASE ${_}_copy $create template0") for @names_of;

my %scripts;
for my $i (0 .. $databases - 1)
{
	my @ids = grep { $_ % $databases == $i } 0 .. $#input;
	$scripts{ $names_of[$i] } = "$dir/calls_$i";
	open my $file, '>:utf8', "$dir/calls_$i" or die $!;
	print $file "SET client_min_messages = error;\n", $harness, $rows, "COPY input FROM stdin;\n",
	  (map { join("\t", $_, map { copy_text($_ // '{}') } @{ $input[$_] }[ 0 .. 2, 4 ]) . "\n" } @ids),
	  "\\.\nCALL make_calls();\n";
	close $file;
}
if (!psql_each('the server survives all calls', %scripts))
{
	# A server that crashed is not started again; the last call of each session that it logged was the last
	my @log = split /\n/, slurp_file($node->logfile);
	my @last = map { /LOG:  call (\d+)$/ ? $1 : () } @log;
	diag("$repeat\n", map { "$_\n" } grep { /TRAP: |PANIC: |terminated by|was running/ } @log);
	diag(encode('UTF-8', "call $_: " . join(' ', @{ $input[$_] }[ 0 .. 2 ]) . "\n")) for grep { defined } @last[ -6 .. -1 ];
	$node->stop('immediate', fail_ok => 1);
	done_testing();
	exit 1;
}

# Every call, with what came of it
my (%count, %problems);
for my $db (@names_of)
{
	my $rows = $node->safe_psql($db,
		q{SELECT id, state, coalesce(message, ''), coalesce(problem, '') FROM outcome ORDER BY id},
		extra_params => [ '-F', "\x01", '-R', "\x02" ]);
	utf8::decode($rows);
	for my $row (split /\x02/, $rows)
	{
		my ($id, $state, $message, $problem) = split /\x01/, $row, -1;
		my ($function, $model, $columns, $expected, $options) = @{ $input[$id] };
		my $call = "call $id: $function(" . join(', ', map { q(') . s/'/''/gr . q(') } grep { $_ } $model, $columns, $options) . '): ';
		$count{$state}++;
		push @{ $problems{internal} }, "$call$state $message" if $state =~ /^(XX|58|57)/ || $message =~ /^cache lookup/;
		my @may = map { "'$_'" } grep { $expected->{$_} } sort keys %$expected;
		push @{ $problems{unexpected} }, "$call'$state' $message, not " . join(' or ', @may)
		  unless $expected->{any}
		  || $expected->{$state}
		  # an option can make the name, or the only constraint, of what is built in into something else
		  || ($state eq '22023' && $message =~ /contradicts the built-in definition of model/ && $options);
		push @{ $problems{inspected} }, "$call$problem" if $problem;
	}
}
my $ended = 0;
$ended += $_ for values %count;
is($ended, $calls, 'every call ends');
note(join(', ', map { ($_ || 'success') . " $count{$_}" } sort { $count{$b} <=> $count{$a} || $a cmp $b } keys %count));
cmp_ok($count{''} || 0, '>', $calls / 5, 'many calls succeed');

for (
	[ 'internal', 'no internal error' ],
	[ 'unexpected', 'good definitions succeed, faults have the SQLSTATE that belongs to them' ],
	[ 'inspected', 'an error changes nothing; what is done was planned, and is described so that it makes the same' ])
{
	my ($kind, $name) = @$_;
	my @found = @{ $problems{$kind} || [] };
	is(scalar(@found), 0, $name);
	diag(encode('UTF-8', "$_\n")) for grep { defined } @found[ 0 .. 19 ];
}

#
# The databases that came of it
#

my (%restore, %again);
for my $db (@names_of)
{
	$node->command_ok([ 'pg_dump', '--no-sync', "--file=$dir/$db.sql", $node->connstr($db) ], "$db: dumped");
	$restore{"${db}_copy"} = "$dir/$db.sql";

	$again{"${db}_again"} = "$dir/$db.again";
	append_to_file("$dir/$db.again", 'SET client_min_messages = error;' . $node->safe_psql($db, $make_again));
}
psql_each('the dumps are restored', %restore);
psql_each('custom_models makes the same models', %again);

for my $db (@names_of)
{
	is($node->safe_psql($db, $unchanged), '', "$db: custom_models describes all that is there");
	same_text($node->safe_psql("${db}_copy", $copied), $node->safe_psql($db, $copied), "$db: the copy is the same");
	is($node->safe_psql("${db}_copy", $unchanged), '', "$db: and its custom_models describes it");
	# Sequences whose names are cut have numbers in the order in which they were made
	same_text(map({ $node->safe_psql($_, $same) =~ s/nextval\('.*?'\)/nextval()/gr } "${db}_again", $db),
		"$db: so is what custom_models makes");
}

$node->stop;
unlike(
	slurp_file($node->logfile),
	qr/TRAP: |PANIC: |terminated by signal|WARNING:  (.* leak|resource was not closed)/,
	'the log is quiet');

diag($repeat) unless Test::More->builder->is_passing;
done_testing();
