/*-------------------------------------------------------------------------
 *
 * id_type.c
 *	  The types of ids, as a table of data, and the setting that chooses one
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "nodes/makefuncs.h"
#include "utils/fmgroids.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "model.h"

/* How PostgreSQL generates an id */
typedef enum IdSource
{
	BY_SEQUENCE,
	AT_RANDOM					/* a uuid, or its text */
} IdSource;

/* What there is to know of a type of ids */
typedef struct IdTypeRow
{
	const char *name;			/* in the setting, and for messages */
	const char *type_name;		/* TypeORM's */
	Oid			types[4];		/* of ids, and those that adapters read and
								 * write alike; 0 ends them */
	IdSource	source;
	int			convertible;	/* *_IDS: can be converted to this one */
} IdTypeRow;

/*
 * A new type is a value of IdType and a row here.  Which adapters work with it
 * is said in conventions.c.
 */
static const IdTypeRow rows[] = {
	[ID_INTEGER] = {"integer", "int", {INT4OID, INT2OID}, BY_SEQUENCE, 0},
	[ID_BIGINT] = {"bigint", "bigint", {INT8OID}, BY_SEQUENCE, INTEGER_IDS},
	[ID_UUID] = {"uuid", "uuid", {UUIDOID}, AT_RANDOM, TEXT_IDS},
	[ID_TEXT] = {"text", "text", {TEXTOID, VARCHAROID, BPCHAROID}, AT_RANDOM,
	SERIAL_IDS | UUID_IDS}
};

StaticAssertDecl(lengthof(rows) == ID_TYPE_COUNT, "a type of ids has no row");

int			nextauth_id_type = ID_TEXT;

/* The names, as PostgreSQL wants them */
static struct config_enum_entry entries[lengthof(rows) + 1];

/* An invalid value that nextauth.id_type was given before it was defined */
static char *rejected = NULL;

static void assign_id_type(int value, void *extra);

/*
 * Define the setting nextauth.id_type.
 *
 * A value that was set before the library was loaded could not be checked then.
 * If it is invalid, PostgreSQL warns and uses the default.  That is not enough
 * here, because the type of ids is hard to change later: remember it.
 */
void
define_id_type_setting(void)
{
	const char *given = GetConfigOption("nextauth.id_type", true, false);
	char	   *invalid = NULL;
	IdType		id_type;

	if (given && !parse_id_type(given, &id_type))
		invalid = MemoryContextStrdup(TopMemoryContext, given);

	for (size_t i = 0; i < lengthof(rows); i++)
	{
		entries[i].name = rows[i].name;
		entries[i].val = i;
	}
	DefineCustomEnumVariable("nextauth.id_type",
							 "Sets the type of ids in the tables that CREATE EXTENSION and install() create.",
							 NULL,
							 &nextauth_id_type,
							 ID_TEXT,
							 entries,
							 PGC_USERSET,
							 0,
							 NULL,
							 assign_id_type,
							 NULL);
	rejected = invalid;
}

static void
assign_id_type(int value, void *extra)
{
	(void) value;
	(void) extra;
	rejected = NULL;
}

/*
 * Raise an ERROR if nextauth.id_type was given an invalid value.
 */
void
check_id_type_setting(void)
{
	List	   *names = NIL;

	if (rejected == NULL)
		return;
	for (size_t i = 0; i < lengthof(rows); i++)
		names = lappend(names, unconstify(char *, rows[i].name));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("invalid value for parameter \"%s\": \"%s\"",
					"nextauth.id_type", rejected),
			 errhint("Available values: %s.", join_names(names))));
}

/*
 * Find a type of ids by its name in the setting.  Returns false if there is
 * none.
 */
bool
parse_id_type(const char *name, IdType *id_type)
{
	for (size_t i = 0; i < lengthof(rows); i++)
	{
		if (pg_strcasecmp(rows[i].name, name) != 0)
			continue;
		*id_type = i;
		return true;
	}
	return false;
}

/*
 * The type of ids, for messages.
 */
const char *
print_id_type(IdType id_type)
{
	return rows[id_type].name;
}

/*
 * TypeORM's name of a type of ids.
 */
const char *
id_type_name(IdType id_type)
{
	return rows[id_type].type_name;
}

/*
 * Find the IdType of a type, or one that adapters read and write in the same
 * way.  Returns false if there is none.
 */
bool
find_id_type(Oid type, IdType *id_type)
{
	for (size_t i = 0; i < lengthof(rows); i++)
	{
		for (const Oid *t = rows[i].types; OidIsValid(*t); t++)
		{
			if (*t != type)
				continue;
			*id_type = i;
			return true;
		}
	}
	return false;
}

/*
 * Find the IdType of a table's column.  Returns false if it has no such type,
 * or does not exist.
 */
bool
read_id_type(Oid relid, const char *column_name, IdType *id_type)
{
	AttrNumber	attnum = get_attnum(relid, column_name);

	return attnum != InvalidAttrNumber &&
		find_id_type(get_atttype(relid, attnum), id_type);
}

/*
 * Can a column with ids of one type refer to ids of the other?
 */
bool
can_refer_to_ids(IdType id_type, IdType other)
{
	return id_type == other ||
		(is_serial_id(id_type) && is_serial_id(other));
}

/*
 * Does a sequence generate ids of this type?
 */
bool
is_serial_id(IdType id_type)
{
	return rows[id_type].source == BY_SEQUENCE;
}

/*
 * Can ids of one type be converted to another?
 */
bool
is_convertible_id(IdType from, IdType to)
{
	return (rows[to].convertible & (1 << from)) != 0;
}

/*
 * Let PostgreSQL generate the ids of a column, which has its type already.
 */
void
set_generated_id(ColumnSpec *column, IdType id_type)
{
	FuncExpr   *uuid;
	CoerceViaIO *cast;

	if (is_serial_id(id_type))
	{
		column->generated = GENERATED_INCREMENT;
		return;
	}

	uuid = makeFuncExpr(F_GEN_RANDOM_UUID, UUIDOID, NIL, InvalidOid, InvalidOid,
						COERCE_EXPLICIT_CALL);
	if (column->type == UUIDOID)
	{
		set_default_node(column, (Node *) uuid);
		return;
	}

	/* Without the cast TypeORM would see a generated uuid */
	cast = makeNode(CoerceViaIO);
	cast->arg = (Expr *) uuid;
	cast->resulttype = column->type;
	cast->resultcollid = column->collation;
	cast->coerceformat = COERCE_EXPLICIT_CAST;
	cast->location = -1;
	set_default_node(column, (Node *) cast);
}
