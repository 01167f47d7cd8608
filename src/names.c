/*-------------------------------------------------------------------------
 *
 * names.c
 *	  Names of what is there, and lists of names
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/varlena.h"

#include "nextauth.h"

/*
 * For list_sort() of a list of names.
 */
int
compare_names(const ListCell *a, const ListCell *b)
{
	return strcmp(lfirst(a), lfirst(b));
}

/*
 * Are the names the same, in the same order?
 */
bool
equal_names(List *a, List *b)
{
	ListCell   *lca;
	ListCell   *lcb;

	if (list_length(a) != list_length(b))
		return false;
	forboth(lca, a, lcb, b)
	{
		if (strcmp(lfirst(lca), lfirst(lcb)) != 0)
			return false;
	}
	return true;
}

/*
 * Is the name one of the list?
 */
bool
is_member(List *names, const char *name)
{
	ListCell   *lc;

	foreach(lc, names)
	{
		if (strcmp(lfirst(lc), name) == 0)
			return true;
	}
	return false;
}

/*
 * The names, for messages.
 */
char *
join_names(List *names)
{
	StringInfoData buf;
	ListCell   *lc;

	initStringInfo(&buf);
	foreach(lc, names)
		appendStringInfo(&buf, "%s%s", buf.len > 0 ? ", " : "",
						 (char *) lfirst(lc));
	return buf.data;
}

/*
 * Take a name with its schema, written as in SQL, apart; returns false if it is
 * none.
 */
bool
split_qualified_name(const char *qualified, char **schema_name, char **name)
{
	List	   *names;

	if (!SplitIdentifierString(pstrdup(qualified), '.', &names) ||
		list_length(names) != 2)
		return false;
	*schema_name = linitial(names);
	*name = lsecond(names);
	return true;
}

/*
 * The name of a relation or a schema.
 *
 * Raise an ERROR if it is gone: nothing is locked while it is looked at.
 */
char *
name_of_relation(Oid relid)
{
	char	   *name = get_rel_name(relid);

	if (name == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
				 errmsg("relation with OID %u does not exist", relid)));
	return name;
}

char *
name_of_schema(Oid schema)
{
	char	   *name = get_namespace_name(schema);

	if (name == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
				 errmsg("schema with OID %u does not exist", schema)));
	return name;
}

/*
 * The qualified name of a model's table, for messages.
 */
char *
name_with_schema(const Model *model)
{
	return psprintf("%s.%s", model->schema_name, model->table_name);
}

/*
 * The table's qualified name, quoted where it has to be.
 */
char *
quote_table(const Model *model)
{
	return quote_qualified_identifier(model->schema_name, model->table_name);
}

char *
quote_relation(Oid relid)
{
	return quote_qualified_identifier(name_of_schema(get_rel_namespace(relid)),
									  name_of_relation(relid));
}
