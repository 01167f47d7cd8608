/*-------------------------------------------------------------------------
 *
 * kysely.c
 *	  Models as the interface of a database, for Kysely
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "describe.h"

static void print_interface(StringInfo buf, const DescribedModel *model,
							List **imports);
static void append_type(StringInfo buf, const DescribedColumn *column,
						List **imports);
static char *print_written_type(const DescribedColumn *column);

/*
 * Print the models as interfaces, and one that has them all.
 */
void
print_kysely(StringInfo buf, List *models)
{
	StringInfoData interfaces;
	List	   *imports = NIL;
	ListCell   *lc;

	initStringInfo(&interfaces);
	foreach(lc, models)
		print_interface(&interfaces, lfirst(lc), &imports);

	if (imports)
	{
		list_sort(imports, compare_names);
		appendStringInfoString(buf, "import type { ");
		foreach(lc, imports)
			appendStringInfo(buf, "%s%s",
							 foreach_current_index(lc) > 0 ? ", " : "",
							 (char *) lfirst(lc));
		appendStringInfoString(buf, " } from \"kysely\"\n\n");
	}
	appendStringInfoString(buf, "// KyselyAdapter(db as Kysely<any>), where db is a Kysely<Database>: the adapter's type takes no further columns\n"
						   "export interface Database {\n");
	foreach(lc, models)
	{
		const char *name = ((DescribedModel *) lfirst(lc))->name;

		appendStringInfo(buf, "  %s: %s\n", name, name);
	}
	appendStringInfoString(buf, "}\n");
	print_interval_type(buf, models);
	appendStringInfoString(buf, interfaces.data);
}

static void
print_interface(StringInfo buf, const DescribedModel *model, List **imports)
{
	ListCell   *lc;

	appendStringInfo(buf, "\nexport interface %s {\n", model->name);
	foreach(lc, model->columns)
	{
		const DescribedColumn *column = lfirst(lc);

		append_comment(buf, "  ", column->column->comment);
		appendStringInfoString(buf, "  ");
		append_key(buf, column->property);
		appendStringInfoString(buf, ": ");
		append_type(buf, column, imports);
		appendStringInfoChar(buf, '\n');
	}
	appendStringInfoString(buf, "}\n");
}

/*
 * The types of a column's value when it is read, inserted and updated, as
 * Kysely writes them.
 */
static void
append_type(StringInfo buf, const DescribedColumn *column, List **imports)
{
	const ColumnSpec *spec = column->column;
	const char *null = spec->nullable ? " | null" : "";
	char	   *read = psprintf("%s%s", print_value_type(column), null);
	char	   *written = psprintf("%s%s", print_written_type(column), null);
	const char *import = "ColumnType";

	if (spec->as_expression || (!spec->insert && !spec->update))
	{
		import = "GeneratedAlways";
		appendStringInfo(buf, "GeneratedAlways<%s>", read);
	}
	else if (!spec->insert || !spec->update)
		appendStringInfo(buf, "ColumnType<%s, %s, %s>", read,
						 spec->insert ? written : "never",
						 spec->update ? written : "never");
	else if (strcmp(read, written) != 0)
		appendStringInfo(buf, "ColumnType<%s, %s%s, %s>", read, written,
						 column->has_default ? " | undefined" : "", written);
	else if (column->has_default)
	{
		import = "Generated";
		appendStringInfo(buf, "Generated<%s>", read);
	}
	else
	{
		appendStringInfoString(buf, read);
		return;
	}

	if (!is_member(*imports, import))
		*imports = lappend(*imports, unconstify(char *, import));
}

/*
 * What the package pg makes a value of.
 */
static char *
print_written_type(const DescribedColumn *column)
{
	char	   *read = print_value_type(column);

	/* Unless the application has pg take them apart, arrays are text */
	if (column->column->is_array)
	{
		if (strcmp(read, "string") == 0)
			return psprintf("%s | (%s)[]", read, print_element_type(column));
		return read;
	}
	return column->type->written ? pstrdup(column->type->written) : read;
}
