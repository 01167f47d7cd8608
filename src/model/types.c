/*-------------------------------------------------------------------------
 *
 * types.c
 *	  TypeORM's type vocabulary -> PostgreSQL types
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/transam.h"
#include "catalog/dependency.h"
#include "catalog/namespace.h"
#include "catalog/pg_enum.h"
#include "catalog/pg_type.h"
#include "commands/extension.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "parser/parse_type.h"
#include "utils/builtins.h"
#include "utils/catcache.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "model.h"

/* Default precision of a time type */
#define MAX_TIME_PRECISION	6

static const TypeInfo *find_spelling(const char *name);
static Oid	find_named_type(const char *name);
static bool is_named_kind(Oid type);
static Oid	find_extension_type(const char *type, const char *extension);
static void check_modifier(const ColumnSpec *column, const char *option,
						   int value, bool allowed);
static Node *make_int_const(int value);
static int	compare_sort_order(const ListCell *a, const ListCell *b);
static TypeFamily type_family(Oid type);
static HeapTuple search_type(Oid type);

/*
 * The type with that spelling, or NULL.
 */
static const TypeInfo *
find_spelling(const char *name)
{
	for (const TypeInfo *type = type_table; type->name; type++)
	{
		for (const char *const *spelling = type->spellings; *spelling; spelling++)
			if (same_name(*spelling, name))
				return type;
	}
	return NULL;
}

/*
 * What is known of a type of PostgreSQL's own, or NULL.
 */
const TypeInfo *
lookup_type(Oid type)
{
	if (!OidIsValid(type))
		return NULL;
	for (const TypeInfo *info = type_table; info->name; info++)
		if (info->oid == type)
			return info;
	return NULL;
}

/*
 * What is known of a type: nothing but its name if it has no row.
 */
const TypeInfo *
type_info(Oid type)
{
	const TypeInfo *info = lookup_type(type);
	TypeInfo   *unknown;
	char	   *name;

	if (info)
		return info;
	name = name_of_type(type);

	/* Nobody but a superuser makes a base type, so its name will do */
	for (info = type_table; info->name; info++)
	{
		if (info->extension && strcmp(info->name, name) == 0 &&
			get_typtype(type) == TYPTYPE_BASE)
			return info;
	}
	unknown = palloc0_object(TypeInfo);
	unknown->name = name;
	return unknown;
}

/*
 * Is the column's declared type one of TypeORM's two spellings of an enum?
 *
 * Raise an ERROR, with the closest match in the hint, if TypeORM has no such
 * type.
 */
bool
is_enum_type(const ColumnSpec *column)
{
	const TypeInfo *type = find_spelling(column->type_name);
	ClosestMatchState match;
	const char *closest;

	if (type)
		return type->oid == ANYENUMOID;
	if (OidIsValid(find_named_type(column->type_name)))
		return false;

	initClosestMatch(&match, column->type_name, 4);
	for (type = type_table; type->name; type++)
	{
		for (const char *const *spelling = type->spellings; *spelling; spelling++)
			updateClosestMatch(&match, *spelling);
	}
	closest = getClosestMatch(&match);
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("type \"%s\" of property \"%s\" does not exist",
					column->type_name, column->property),
			 closest ? errhint("Perhaps you meant the type \"%s\".", closest) :
			 errhint("Use TypeORM's types for PostgreSQL, in lower case, or another type with its schema.")));
}

/*
 * The type that is named with its schema, as in "app.email"; InvalidOid if there
 * is none, or if TypeORM has a name for it.
 */
static Oid
find_named_type(const char *name)
{
	char	   *schema_name;
	char	   *type_name;
	Oid			schema;
	Oid			type;

	if (!split_qualified_name(name, &schema_name, &type_name))
		return InvalidOid;
	schema = get_namespace_oid(schema_name, true);
	if (!OidIsValid(schema))
		return InvalidOid;
	type = GetSysCacheOid2(TYPENAMENSP, Anum_pg_type_oid,
						   CStringGetDatum(type_name), ObjectIdGetDatum(schema));
	return lookup_type(type) ? InvalidOid : type;
}

/*
 * Can a type of this kind be named so?  Not an array or an enum, which have
 * their own options, nor the row type of a table, which could no longer be
 * altered.
 */
static bool
is_named_kind(Oid type)
{
	if (!get_typisdefined(type) || OidIsValid(get_element_type(type)))
		return false;
	switch (get_typtype(type))
	{
		case TYPTYPE_BASE:
		case TYPTYPE_DOMAIN:
		case TYPTYPE_RANGE:
		case TYPTYPE_MULTIRANGE:
			return true;
		case TYPTYPE_COMPOSITE:
			return get_rel_relkind(get_typ_typrelid(type)) == RELKIND_COMPOSITE_TYPE;
		default:
			return false;
	}
}

/*
 * Raise an ERROR if the column has a type that is named with its schema, and
 * cannot have it: a type of another kind, or one that belongs neither to the
 * table's owner nor to a superuser.  Its checks would run with the rights of
 * the table's owner, and dropping it could drop the column.
 */
void
check_named_type(const ColumnSpec *column, const Model *model)
{
	Oid			type;
	Oid			owner;

	if (find_spelling(column->type_name))
		return;
	type = find_named_type(column->type_name);
	if (!is_named_kind(type))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("property \"%s\" cannot have type \"%s\"",
						column->property, column->type_name),
				 errdetail("A type with a schema must be a domain, a range, a composite or a base type."),
				 errhint("Use the option \"array\" for an array, and the options \"enum\" and \"enumName\" for an enum.")));
	owner = owner_of_type(type);
	if (model->asks_nothing && !is_taken_from(owner, GetUserId()))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("type \"%s\" of property \"%s\" belongs to role \"%s\"",
						column->type_name, column->property,
						GetUserNameFromId(owner, true)),
				 errdetail("Reading a default of this type might run that role's code with your rights."),
				 errhint("Call the function as the owner of table \"%s\".", model->table_name)));
	if (!is_taken_from(owner, model->owner))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("type \"%s\" of property \"%s\" belongs to role \"%s\"",
						column->type_name, column->property,
						GetUserNameFromId(owner, true)),
				 errdetail("It must belong to the owner of table \"%s\", or to a superuser.",
						   model->table_name),
				 errhint("Give it to the table's owner: ALTER TYPE %s OWNER TO %s.",
						 format_type_extended(type, -1, FORMAT_TYPE_FORCE_QUALIFY),
						 quote_identifier(GetUserNameFromId(model->owner, true)))));
}

/*
 * Set the column's PostgreSQL type from its declared one and its modifiers
 * (NULL: none).
 *
 * Raise an ERROR if the type does not accept a modifier, or if it comes from
 * an extension that the database does not have.
 */
void
resolve_type(ColumnSpec *column, const TypeModifiers *modifiers)
{
	const TypeInfo *info = find_spelling(column->type_name);
	int			flags = info ? info->flags : 0;
	TypeModifiers given = {-1, -1, -1};
	List	   *typmods = NIL;
	Oid			type;

	Assert(info == NULL || info->oid != ANYENUMOID);

	if (modifiers)
		given = *modifiers;
	check_modifier(column, "length", given.length, flags & TYPE_LENGTH);
	check_modifier(column, "precision", given.precision, flags & TYPE_PRECISION);
	check_modifier(column, "scale", given.scale, flags & TYPE_SCALE);
	if (given.scale >= 0 && given.precision < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("option \"scale\" of property \"%s\" requires the option \"precision\"",
						column->property)));

	if (info == NULL)
		type = find_named_type(column->type_name);
	else if (info->extension)
		type = find_extension_type(info->name, info->extension);
	else
		type = info->oid;

	if (given.length < 0 && (flags & TYPE_OF_LENGTH_1))
		given.length = 1;

	/*
	 * The full precision of a time type is no precision: PostgreSQL stores
	 * the same, and TypeORM cannot tell them apart.
	 */
	if (given.precision >= 0 && !(flags & TYPE_SCALE))
	{
		if (given.precision > MAX_TIME_PRECISION)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("option \"precision\" of property \"%s\" must be between 0 and %d",
							column->property, MAX_TIME_PRECISION)));
		if (given.precision == MAX_TIME_PRECISION)
			given.precision = -1;
	}

	if (given.length >= 0)
		typmods = list_make1(make_int_const(given.length));
	else if (given.precision >= 0)
	{
		typmods = list_make1(make_int_const(given.precision));
		if (given.scale >= 0)
			typmods = lappend(typmods, make_int_const(given.scale));
		if (type == INTERVALOID)
			typmods = lcons(make_int_const(INTERVAL_FULL_RANGE), typmods);
	}

	column->type = type;
	column->typmod = -1;
	if (typmods)
	{
		TypeName   *type_name = makeTypeNameFromOid(type, -1);

		type_name->typmods = typmods;
		typenameTypeIdAndMod(NULL, type_name, &column->type, &column->typmod);
	}

	if (column->is_array)
		column->type = get_array_type(column->type);
}

static Node *
make_int_const(int value)
{
	A_Const    *constant = makeNode(A_Const);

	constant->val.ival.type = T_Integer;
	constant->val.ival.ival = value;
	constant->location = -1;
	return (Node *) constant;
}

static void
check_modifier(const ColumnSpec *column, const char *option, int value,
			   bool allowed)
{
	if (value >= 0 && !allowed)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("option \"%s\" does not fit type \"%s\" of property \"%s\"",
						option, column->type_name, column->property)));
}

/*
 * The type of that name in the schema of the extension it comes with: the
 * extension's own, wherever it was installed, and no namesake.
 */
static Oid
find_extension_type(const char *type, const char *extension)
{
	Oid			result = InvalidOid;
	Datum		values[2] = {CStringGetTextDatum(extension), CStringGetTextDatum(type)};
	Oid			types[2] = {TEXTOID, TEXTOID};

	SPI_connect();
	SPI_execute_with_args("SELECT t.oid"
						  " FROM pg_catalog.pg_extension e"
						  " JOIN pg_catalog.pg_depend d"
						  " ON d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass"
						  " AND d.refobjid = e.oid AND d.deptype = 'e'"
						  " AND d.classid = 'pg_catalog.pg_type'::pg_catalog.regclass"
						  " JOIN pg_catalog.pg_type t ON t.oid = d.objid"
						  " WHERE e.extname = $1 AND t.typname = $2",
						  2, types, values, NULL, true, 1);
	if (SPI_processed > 0)
	{
		bool		isnull;

		result = DatumGetObjectId(SPI_getbinval(SPI_tuptable->vals[0],
												SPI_tuptable->tupdesc, 1,
												&isnull));
	}
	SPI_finish();

	if (!OidIsValid(result))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("type \"%s\" does not exist in this database", type),
				 errhint("It comes with the extension: CREATE EXTENSION %s.",
						 quote_identifier(extension))));
	return result;
}

/*
 * Is it the type that the extension citext comes with?
 */
bool
is_citext(Oid type)
{
	Oid			extension;

	if (type < FirstNormalObjectId ||
		!OidIsValid(extension = get_extension_oid("citext", true)))
		return false;
	return getExtensionOfObject(TypeRelationId, type) == extension &&
		strcmp(name_of_type(type), "citext") == 0;
}

/*
 * The enum type of a column's enum name in the schema of the model's table, or
 * InvalidOid.
 *
 * Raise an ERROR if the name is that of another kind of type, or of a type
 * that a role other than the table's owner could alter or drop.
 */
Oid
find_enum_type(const Model *model, const char *name)
{
	Oid			owner;
	Oid			type = GetSysCacheOid2(TYPENAMENSP, Anum_pg_type_oid,
									   CStringGetDatum(name),
									   ObjectIdGetDatum(model->schema));

	if (!OidIsValid(type))
		return InvalidOid;
	if (get_typtype(type) != TYPTYPE_ENUM)
		ereport(ERROR,
				(errcode(ERRCODE_DUPLICATE_OBJECT),
				 errmsg("type \"%s\" already exists and is not an enum", name),
				 errhint("Choose another name with the option \"enumName\".")));
	owner = owner_of_type(type);
	if (!is_taken_from(owner, model->owner))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("enum type \"%s\" belongs to role \"%s\"", name,
						GetUserNameFromId(owner, true)),
				 errdetail("It must belong to the owner of table \"%s\", or to a superuser.",
						   model->table_name),
				 errhint("Drop it, give it to the table's owner with ALTER TYPE ... OWNER TO, or choose another name with the option \"enumName\".")));
	return type;
}

/*
 * Set the column's type to its enum type, if that exists beside the model's
 * table with the labels that the column wants; leave it invalid otherwise.
 */
void
resolve_enum_type(ColumnSpec *column, const Model *model)
{
	Oid			type = find_enum_type(model, column->enum_name);

	column->type = InvalidOid;
	if (OidIsValid(type) && equal_names(column->enum_labels, enum_labels(type)))
		column->type = column->is_array ? get_array_type(type) : type;
}

/*
 * The labels of an enum type, in their order.
 */
List *
enum_labels(Oid type)
{
	CatCList   *members = SearchSysCacheList1(ENUMTYPOIDNAME,
											  ObjectIdGetDatum(type));
	List	   *sorted = NIL;
	List	   *result = NIL;
	ListCell   *lc;

	for (int i = 0; i < members->n_members; i++)
		sorted = lappend(sorted, GETSTRUCT(&members->members[i]->tuple));
	list_sort(sorted, compare_sort_order);
	foreach(lc, sorted)
		result = lappend(result,
						 pstrdup(NameStr(((Form_pg_enum) lfirst(lc))->enumlabel)));
	list_free(sorted);
	ReleaseSysCacheList(members);
	return result;
}

static int
compare_sort_order(const ListCell *a, const ListCell *b)
{
	float4		left = ((Form_pg_enum) lfirst(a))->enumsortorder;
	float4		right = ((Form_pg_enum) lfirst(b))->enumsortorder;

	return (left > right) - (left < right);
}

/*
 * The column's type in SQL, qualified and quoted; an enum's that is still to
 * be created, too.
 */
char *
print_type_name(const Model *model, const ColumnSpec *column)
{
	if (!OidIsValid(column->type))
		return psprintf("%s%s",
						quote_qualified_identifier(model->schema_name,
												   column->enum_name),
						column->is_array ? "[]" : "");
	return format_type_extended(column->type, column->typmod,
								FORMAT_TYPE_TYPEMOD_GIVEN |
								FORMAT_TYPE_FORCE_QUALIFY);
}

/*
 * TypeORM's name of the type that a column of the table has: as declared, if
 * that is still true, or else as TypeORM reads the type.
 */
const char *
describe_type(const ColumnSpec *column)
{
	Oid			type = element_type(column);
	const TypeInfo *info = type_info(type);
	const TypeInfo *declared = NULL;

	if (column->type_name)
		declared = find_spelling(column->type_name);

	if (get_typtype(type) == TYPTYPE_ENUM)
		return declared && declared->oid == ANYENUMOID ? column->type_name : "enum";
	if (info->spellings[0] == NULL)
		return format_type_be(type);

	/* Only JavaScript has a constructor as the name of a type */
	if (declared != info || !islower((unsigned char) column->type_name[0]))
		return info->spellings[0];

	/* Outside of NextAuth's adapter this one has no time zone */
	if (strcmp(column->type_name, "timestamp") == 0)
		return "timestamptz";
	return column->type_name;
}

/*
 * The type as a definition names it: TypeORM's name or, if it has none, the
 * qualified name.
 */
const char *
name_in_definition(const ColumnSpec *column)
{
	const char *name = describe_type(column);

	if (find_spelling(name))
		return name;
	return format_type_extended(element_type(column), -1,
								FORMAT_TYPE_FORCE_QUALIFY);
}

/*
 * A copy of a column whose type is a domain, with the base type, which clients
 * see.
 */
const ColumnSpec *
without_domain(const ColumnSpec *column)
{
	ColumnSpec *result;
	Oid			element = element_type(column);

	if (get_typtype(element) != TYPTYPE_DOMAIN)
		return column;

	/* PostgreSQL has no array of arrays but by such a domain */
	if (column->is_array && OidIsValid(get_element_type(getBaseType(element))))
		return column;

	result = palloc_object(ColumnSpec);
	*result = *column;
	result->typmod = -1;
	element = getBaseTypeAndTypmod(element, &result->typmod);
	if (column->is_array)
		result->type = get_array_type(element);
	else
	{
		result->type = element;
		result->is_array = OidIsValid(get_element_type(element));
	}
	if (get_typtype(element_type(result)) == TYPTYPE_ENUM)
	{
		result->enum_name = name_of_type(element_type(result));
		result->enum_labels = enum_labels(element_type(result));
	}
	return result;
}

/*
 * The type of the column's value, or of its elements if it is an array.
 */
Oid
element_type(const ColumnSpec *column)
{
	return column->is_array ? get_element_type(column->type) : column->type;
}

/*
 * Length, precision and scale of the column's type, where it has them.
 */
TypeModifiers
type_modifiers(const ColumnSpec *column)
{
	TypeModifiers result = {-1, -1, -1};
	int32		typmod = column->typmod;

	if (typmod < 0)
		return result;

	switch (element_type(column))
	{
		case VARCHAROID:
		case BPCHAROID:
			result.length = typmod - VARHDRSZ;
			break;
		case NUMERICOID:
			typmod -= VARHDRSZ;
			result.precision = (typmod >> 16) & 0xffff;
			/* eleven bits, the highest of which is the sign */
			result.scale = ((typmod & 0x7ff) ^ 1024) - 1024;
			break;
		case TIMESTAMPOID:
		case TIMESTAMPTZOID:
		case TIMEOID:
		case TIMETZOID:
			result.precision = typmod;
			break;
		case INTERVALOID:
			if (INTERVAL_PRECISION(typmod) != INTERVAL_FULL_PRECISION)
				result.precision = INTERVAL_PRECISION(typmod);
			break;
		default:
			result.length = typmod;
			break;
	}
	return result;
}

/*
 * Does the type have a length of 1 if none is given?
 */
bool
has_default_length(const ColumnSpec *column)
{
	const TypeInfo *info = lookup_type(element_type(column));

	return info && (info->flags & TYPE_OF_LENGTH_1);
}

/*
 * Is a value of the type one of JSON's numbers?
 */
bool
is_number_type(Oid type)
{
	const TypeInfo *info = lookup_type(type);

	return info && (info->json == JSON_INTEGER || info->json == JSON_NUMBER);
}

/*
 * Do two spellings of the same PostgreSQL type mean the same to an adapter?
 * What is called simple is text or enum to PostgreSQL alone.
 */
bool
same_meaning(const char *type_name, const char *other)
{
	if (strncmp(type_name, "simple-", strlen("simple-")) == 0 ||
		strncmp(other, "simple-", strlen("simple-")) == 0)
		return strcmp(type_name, other) == 0;
	return true;
}

/*
 * The row of a type in pg_type, to be released.
 *
 * Raise an ERROR if it is gone: nothing is locked while it is looked at.
 */
static HeapTuple
search_type(Oid type)
{
	HeapTuple	tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(type));

	if (!HeapTupleIsValid(tuple))
		ereport(ERROR,
				(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
				 errmsg("type with OID %u does not exist", type)));
	return tuple;
}

/*
 * The bare name, the owner and the schema of a type.
 *
 * Raise an ERROR if it is gone.
 */
char *
name_of_type(Oid type)
{
	HeapTuple	tuple = search_type(type);
	char	   *name = pstrdup(NameStr(((Form_pg_type) GETSTRUCT(tuple))->typname));

	ReleaseSysCache(tuple);
	return name;
}

Oid
owner_of_type(Oid type)
{
	HeapTuple	tuple = search_type(type);
	Oid			owner = ((Form_pg_type) GETSTRUCT(tuple))->typowner;

	ReleaseSysCache(tuple);
	return owner;
}

Oid
namespace_of_type(Oid type)
{
	HeapTuple	tuple = search_type(type);
	Oid			schema = ((Form_pg_type) GETSTRUCT(tuple))->typnamespace;

	ReleaseSysCache(tuple);
	return schema;
}

/*
 * Raise an ERROR, with the GRANT in the hint, if a role may not use the column's
 * type, and all that is in the way of its name.
 */
void
check_type_usage(const ColumnSpec *column, Oid role)
{
	Oid			type = element_type(column);

	check_usage(NamespaceRelationId, namespace_of_type(type), role);
	check_usage(TypeRelationId, type, role);
}

/*
 * Does an adapter read and write values of the two types alike?
 */
bool
same_family(Oid type, Oid other)
{
	return type_family(type) == type_family(other);
}

static TypeFamily
type_family(Oid type)
{
	const TypeInfo *info = lookup_type(type);
	char		category;
	bool		is_preferred;

	if (info && info->family != FAMILY_OTHER)
		return info->family;
	get_type_category_preferred(type, &category, &is_preferred);
	return category == TYPCATEGORY_STRING ? FAMILY_STRING : FAMILY_OTHER;
}

/*
 * The separator of elements in the column's array type.
 */
char
array_delimiter(const ColumnSpec *column)
{
	int16		length;
	bool		by_value;
	char		alignment;
	char		delimiter;
	Oid			parameter;
	Oid			function;

	get_type_io_data(element_type(column), IOFunc_output, &length, &by_value,
					 &alignment, &delimiter, &parameter, &function);
	return delimiter;
}

/*
 * Is a value of the type a date or time, or a range or an array of such?
 */
bool
is_time_type(Oid type)
{
	Oid			element = get_element_type(getBaseType(type));
	const TypeInfo *info = lookup_type(getBaseType(OidIsValid(element) ? element : type));

	return info && (info->flags & TYPE_IS_TIME);
}
