/*-------------------------------------------------------------------------
 *
 * ddl.c
 *	  Steps -> quoted SQL text, and running it
 *
 * All SQL text that changes a table is made here, with every name quoted and
 * every type and expression printed by PostgreSQL itself.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/dependency.h"
#include "catalog/pg_type.h"
#include "commands/extension.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/ruleutils.h"

#include "nextauth.h"

static void append_create_type(List **statements, const Model *model,
							   const ColumnSpec *column);
static void append_column(StringInfo buf, const Model *model,
						  const ColumnSpec *column);
static void append_type(StringInfo buf, const Model *model,
						const ColumnSpec *column);
static void append_constraint(StringInfo buf, const char *prefix,
							  const char *kind, const Model *model,
							  const ColumnSpec *column);

/*
 * The statements, as strings, that take the steps: new types, then one ALTER
 * TABLE for all columns, then comments.
 */
List *
print_steps(const Model *model, List *steps)
{
	List	   *statements = NIL;
	StringInfoData alter;
	const char *separator = "";
	ListCell   *lc;

	foreach(lc, steps)
	{
		Step	   *step = lfirst(lc);

		if (step->kind == STEP_CREATE_TYPE)
			append_create_type(&statements, model, step->column);
	}

	initStringInfo(&alter);
	appendStringInfo(&alter, "ALTER TABLE %s", quote_table(model));
	foreach(lc, steps)
	{
		Step	   *step = lfirst(lc);

		if (step->kind != STEP_ADD_COLUMN)
			continue;
		appendStringInfo(&alter, "%s ADD COLUMN ", separator);
		separator = ",";
		append_column(&alter, model, step->column);
		if (step->column->unique)
		{
			appendStringInfoString(&alter, ", ADD ");
			append_constraint(&alter, "UQ", "UNIQUE", model, step->column);
		}
	}
	if (separator[0] != '\0')
		statements = lappend(statements, alter.data);

	foreach(lc, steps)
	{
		Step	   *step = lfirst(lc);

		if (step->kind == STEP_COMMENT)
			statements = lappend(statements,
								 psprintf("COMMENT ON COLUMN %s.%s IS %s",
										  quote_table(model),
										  quote_identifier(step->column->column_name),
										  quote_literal_cstr(step->column->comment)));
	}
	return statements;
}

/*
 * The statements that create the table of a built-in model, as TypeORM would.
 */
List *
print_create_table(const Model *model)
{
	List	   *statements;
	List	   *columns = builtin_columns(model->builtin);
	StringInfoData buf;
	const char *separator = "";
	ListCell   *lc;

	initStringInfo(&buf);
	appendStringInfo(&buf, "CREATE TABLE %s (", quote_table(model));
	foreach(lc, columns)
	{
		appendStringInfoString(&buf, separator);
		separator = ", ";
		append_column(&buf, model, lfirst(lc));
	}
	foreach(lc, columns)
	{
		ColumnSpec *column = lfirst(lc);

		if (!column->primary && !column->unique)
			continue;
		appendStringInfoString(&buf, separator);
		if (column->primary)
			append_constraint(&buf, "PK", "PRIMARY KEY", model, column);
		else
			append_constraint(&buf, "UQ", "UNIQUE", model, column);
	}
	appendStringInfoChar(&buf, ')');
	statements = list_make1(buf.data);

	for (const BuiltinIndex *index = model->builtin->indexes; index->name; index++)
		statements = lappend(statements,
							 psprintf("CREATE INDEX %s ON %s (%s)",
									  quote_identifier(index->name),
									  quote_table(model),
									  quote_identifier(name_column(index->property))));

	return lappend(statements,
				   psprintf("COMMENT ON TABLE %s IS %s", quote_table(model),
							quote_literal_cstr(psprintf("NextAuth.js model %s",
														model->builtin->name))));
}

/*
 * The statement that drops the tables of models.
 */
List *
print_drop_tables(List *models)
{
	StringInfoData buf;
	ListCell   *lc;

	initStringInfo(&buf);
	foreach(lc, models)
		appendStringInfo(&buf, "%s%s", buf.len > 0 ? ", " : "DROP TABLE ",
						 quote_table(lfirst(lc)));
	return list_make1(buf.data);
}

/*
 * The statements that give a role what an adapter needs: the use of schemas,
 * a list of OIDs, the tables of models, whatever columns they will have, and
 * their sequences.
 */
List *
print_grants(List *schemas, List *models, const char *role)
{
	List	   *statements = NIL;
	const char *grantee = quote_identifier(role);
	ListCell   *lc;

	foreach(lc, schemas)
	{
		char	   *schema = get_namespace_name(lfirst_oid(lc));

		statements = lappend(statements,
							 psprintf("GRANT USAGE ON SCHEMA %s TO %s",
									  quote_identifier(schema), grantee));
	}
	foreach(lc, models)
	{
		Model	   *model = lfirst(lc);
		ListCell   *lc2;

		statements = lappend(statements,
							 psprintf("GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE %s TO %s",
									  quote_table(model), grantee));
		foreach(lc2, getOwnedSequences(model->relid))
		{
			Oid			sequence = lfirst_oid(lc2);

			statements = lappend(statements,
								 psprintf("GRANT USAGE, SELECT ON SEQUENCE %s TO %s",
										  quote_qualified_identifier(get_namespace_name(get_rel_namespace(sequence)),
																	 get_rel_name(sequence)),
										  grantee));
		}
	}
	return statements;
}

/*
 * Run statements with the rights of the user.
 *
 * What they create belongs to people: it is no member of an extension the
 * script of which may be running, be it ours or one that calls us.
 */
void
run_statements(List *statements)
{
	bool		save_creating_extension = creating_extension;

	creating_extension = false;
	PG_TRY();
	{
		ListCell   *lc;

		SPI_connect();
		foreach(lc, statements)
			SPI_execute(lfirst(lc), false, 0);
		SPI_finish();
	}
	PG_FINALLY();
	{
		creating_extension = save_creating_extension;
	}
	PG_END_TRY();
}

/*
 * An enum type belongs to the owner of the table, so that whoever may alter
 * the one may alter the other.
 */
static void
append_create_type(List **statements, const Model *model,
				   const ColumnSpec *column)
{
	char	   *type = quote_qualified_identifier(model->schema_name,
												  column->enum_name);
	StringInfoData buf;
	const char *separator = "";
	ListCell   *lc;

	initStringInfo(&buf);
	appendStringInfo(&buf, "CREATE TYPE %s AS ENUM (", type);
	foreach(lc, column->enum_labels)
	{
		appendStringInfo(&buf, "%s%s", separator,
						 quote_literal_cstr(lfirst(lc)));
		separator = ", ";
	}
	appendStringInfoChar(&buf, ')');
	*statements = lappend(*statements, buf.data);

	if (model->owner != GetUserId())
		*statements = lappend(*statements,
							  psprintf("ALTER TYPE %s OWNER TO %s", type,
									   quote_identifier(GetUserNameFromId(model->owner,
																		  false))));
}

static void
append_column(StringInfo buf, const Model *model, const ColumnSpec *column)
{
	appendStringInfo(buf, "%s ", quote_identifier(column->column_name));
	append_type(buf, model, column);
	if (OidIsValid(column->collation) &&
		column->collation != get_typcollation(column->type))
		appendStringInfo(buf, " COLLATE %s",
						 generate_collation_name(column->collation));
	if (!column->nullable)
		appendStringInfoString(buf, " NOT NULL");
	if (column->default_sql)
		appendStringInfo(buf, " DEFAULT %s", column->default_sql);
}

static void
append_type(StringInfo buf, const Model *model, const ColumnSpec *column)
{
	if (!OidIsValid(column->type))
		appendStringInfo(buf, "%s%s",
						 quote_qualified_identifier(model->schema_name,
													column->enum_name),
						 column->is_array ? "[]" : "");
	else if (column->generated == GENERATED_INCREMENT)
		appendStringInfoString(buf, "serial");
	else
		appendStringInfoString(buf,
							   format_type_extended(column->type, column->typmod,
													FORMAT_TYPE_TYPEMOD_GIVEN |
													FORMAT_TYPE_FORCE_QUALIFY));
}

static void
append_constraint(StringInfo buf, const char *prefix, const char *kind,
				  const Model *model, const ColumnSpec *column)
{
	char	   *name = name_constraint(prefix, model->table_name,
									   list_make1(column->column_name));

	appendStringInfo(buf, "CONSTRAINT %s %s (%s)", quote_identifier(name), kind,
					 quote_identifier(column->column_name));
}

/*
 * The table's qualified name, quoted where it has to be.
 */
char *
quote_table(const Model *model)
{
	return quote_qualified_identifier(model->schema_name, model->table_name);
}
