/*-------------------------------------------------------------------------
 *
 * ddl.c
 *	  Steps -> quoted SQL text, and running it
 *
 * All SQL text that changes a table, view or schema comes from here and from
 * the templates in step.c, with every name quoted and every type and expression
 * printed by PostgreSQL itself.  There are two exceptions: catalog/ prints what
 * is there as the statements that make it again, in the query that reads it;
 * and triggers/ writes rows.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/dependency.h"
#include "catalog/namespace.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_type.h"
#include "commands/defrem.h"
#include "commands/event_trigger.h"
#include "commands/extension.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "parser/parse_utilcmd.h"
#include "parser/parser.h"
#include "tcop/dest.h"
#include "tcop/utility.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/ruleutils.h"

#include "change.h"

/* Statements being printed */
typedef struct Printing
{
	const Model *model;
	bool		splits;			/* new objects need other rights than the
								 * owner's */
	List	   *statements;		/* of Statement */
} Printing;

/* The table that run_steps() alters, and whether a step rewrites it */
static Oid	altered_table = InvalidOid;
static bool rewrite_is_planned = false;

static Stage stage_of(const Printing *printing, const Step *step);
static Statement *add_statement(Printing *printing, StepKind kind, char *sql);
static void print_step(Printing *printing, const Step *step);
static void print_generated(Printing *printing, const Step *step, Stage stage);
static void append_step(StringInfo buf, const Printing *printing,
						const Step *step);
static void append_template(StringInfo buf, const Model *model, const Step *step);
static const char *print_letter(const Model *model, const Step *step, char letter);
static void print_create_type(Printing *printing, const Step *step);
static void print_create_sequence(Printing *printing, const Step *step);
static void append_column(StringInfo buf, const Model *model,
						  const ColumnSpec *column, bool with_sequence);
static void append_collation(StringInfo buf, const ColumnSpec *column);
static void append_type(StringInfo buf, const Model *model, const Step *step);
static void append_key(StringInfo buf, const char *name, const char *kind,
					   List *column_names);
static void append_unique(StringInfo buf, const Step *step);
static void append_foreign_key(StringInfo buf, const Step *step);
static void append_create_index(StringInfo buf, const Model *model,
								const Step *step);
static void append_included(StringInfo buf, const IndexSpec *index);
static void append_storage(StringInfo buf, const IndexSpec *index,
						   const char *tablespace);
static void append_view_column(StringInfo buf, const ViewColumn *column);
static char *quote_view(const AdapterView *view);
static char *quote_columns(List *column_names);
static char *quote_type(Oid type);
static char *quote_sequence(const Model *model, const ColumnSpec *column);
static char *quote_filling_sequence(const Model *model, const ColumnSpec *column);
static char *print_start(const Model *model, const Step *step,
						 const char *before, const char *after);
static int64 next_value(const Model *model, const Step *step);
static void run_texts(List *texts, Oid owner, bool creates);
static void run_as_catalog_owner(const char *sql);
static void revoke_defaults(Node *node);

/*
 * Print the steps as a list of Statement: first new types and sequences, then
 * one ALTER TABLE for all columns, then the rest.
 *
 * If the table's owner lacks CREATE on the schema, a step that needs it is a
 * separate statement: it runs with other rights, and so must not evaluate code
 * of the owner's.
 */
List *
print_steps(const Model *model, List *steps)
{
	Printing	printing = {.model = model};
	Statement  *alter = NULL;
	StringInfoData buf;
	ListCell   *lc;

	printing.splits = model->definition && creator_of(model) != model->owner;
	for (Stage stage = BEFORE_TABLE; stage <= AFTER_TABLE; stage++)
	{
		foreach(lc, steps)
		{
			const Step *step = lfirst(lc);

			if (printing.splits && stage != IN_ALTER_TABLE)
				print_generated(&printing, step, stage);
			if (stage_of(&printing, step) != stage)
				continue;
			if (stage != IN_ALTER_TABLE && stage != IN_ALTER_TABLE_LAST)
			{
				print_step(&printing, step);
				continue;
			}

			if (alter == NULL)
			{
				initStringInfo(&buf);
				appendStringInfo(&buf, "ALTER TABLE %s", quote_table(model));
				alter = palloc0_object(Statement);
				printing.statements = lappend(printing.statements, alter);
			}
			else
				appendStringInfoChar(&buf, ',');
			appendStringInfoChar(&buf, ' ');
			append_step(&buf, &printing, step);
			alter->sql = buf.data;
			alter->lock = Max(alter->lock, traits_of(step->kind)->lock);
			alter->cost = Max(alter->cost, step->cost);
			alter->creates |= !printing.splits && makes_object(step);
		}
	}
	return printing.statements;
}

/*
 * A new object that needs other rights than ALTER TABLE is a separate statement,
 * and a computed column comes after those that it is computed from.
 */
static Stage
stage_of(const Printing *printing, const Step *step)
{
	if (step->kind == STEP_ADD_COLUMN)
		return step->column->as_expression ? IN_ALTER_TABLE_LAST : IN_ALTER_TABLE;
	if (printing->splits && makes_object(step) &&
		traits_of(step->kind)->stage == IN_ALTER_TABLE)
		return AFTER_TABLE;
	return traits_of(step->kind)->stage;
}

/*
 * Add a statement that a step of the kind needs, or is.
 */
static Statement *
add_statement(Printing *printing, StepKind kind, char *sql)
{
	Statement  *statement = palloc0_object(Statement);

	statement->sql = sql;
	statement->lock = traits_of(kind)->lock;
	statement->creates = (traits_of(kind)->flags & MAKES_OBJECT) != 0;
	printing->statements = lappend(printing->statements, statement);
	return statement;
}

/*
 * Print a step that is a separate statement, or several ones.
 */
static void
print_step(Printing *printing, const Step *step)
{
	const StepTraits *traits = traits_of(step->kind);
	Statement  *statement;
	StringInfoData buf;

	if (step->kind == STEP_CREATE_TYPE)
		print_create_type(printing, step);
	else if (step->kind == STEP_CREATE_SEQUENCE)
		print_create_sequence(printing, step);
	else
	{
		initStringInfo(&buf);
		if (traits->stage == IN_ALTER_TABLE)
			appendStringInfo(&buf, "ALTER TABLE %s ", quote_table(printing->model));
		append_step(&buf, printing, step);
		statement = add_statement(printing, step->kind, buf.data);
		statement->cost = step->cost;
		if (traits->flags & BY_TYPE_OWNER)
			statement->role = owner_of_type(element_type(step->from));
	}
}

/*
 * The statements before and after ALTER TABLE ... ADD COLUMN that give a new
 * column its sequence, if creating it needs other rights: the rows get their
 * values from a sequence that is created before, and that the column then
 * owns, or that the identity's own one replaces.
 */
static void
print_generated(Printing *printing, const Step *step, Stage stage)
{
	const Model *model = printing->model;
	const ColumnSpec *column = step->column;
	const char *quoted = column ? quote_identifier(column->column_name) : NULL;
	char	   *sequence;

	if (step->kind != STEP_ADD_COLUMN || !makes_object(step))
		return;
	sequence = quote_filling_sequence(model, column);
	if (stage == BEFORE_TABLE)
	{
		add_statement(printing, STEP_CREATE_SEQUENCE,
					  psprintf("CREATE SEQUENCE %s AS %s", sequence,
							   print_type_name(model, column)));
		add_statement(printing, STEP_CREATE_SEQUENCE,
					  psprintf("ALTER SEQUENCE %s OWNER TO %s", sequence,
							   quote_identifier(GetUserNameFromId(model->owner, false))));
	}
	if (stage != AFTER_TABLE)
		return;
	if (column->generated == GENERATED_INCREMENT)
	{
		add_statement(printing, STEP_CREATE_SEQUENCE,
					  psprintf("ALTER SEQUENCE %s OWNED BY %s.%s", sequence,
							   quote_table(model), quoted))->creates = false;
		return;
	}
	add_statement(printing, STEP_DROP_DEFAULT,
				  psprintf("ALTER TABLE %s ALTER COLUMN %s DROP DEFAULT",
						   quote_table(model), quoted));
	add_statement(printing, STEP_ADD_IDENTITY,
				  psprintf("ALTER TABLE %s ALTER COLUMN %s ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME %s)",
						   quote_table(model), quoted, quote_sequence(model, column)));
	add_statement(printing, STEP_DROP_SEQUENCE,
				  psprintf("SELECT pg_catalog.setval(%s, last_value, is_called) FROM %s",
						   quote_literal_cstr(quote_sequence(model, column)), sequence));
	add_statement(printing, STEP_DROP_SEQUENCE, psprintf("DROP SEQUENCE %s", sequence));
}

/*
 * The sequence that fills a new column: its own, or a temporary one that is
 * dropped when the identity has its own.
 */
static char *
quote_filling_sequence(const Model *model, const ColumnSpec *column)
{
	if (column->generated == GENERATED_INCREMENT)
		return quote_sequence(model, column);
	return quote_qualified_identifier(model->schema_name,
									  ChooseRelationName(model->table_name,
														 column->column_name,
														 "fill", model->schema,
														 false));
}

/*
 * Append the SQL of a step, without ALTER TABLE if it is part of one.
 */
static void
append_step(StringInfo buf, const Printing *printing, const Step *step)
{
	const Model *model = printing->model;

	switch (step->kind)
	{
		case STEP_ADD_COLUMN:
			appendStringInfoString(buf, "ADD COLUMN ");
			append_column(buf, model, step->column, printing->splits);
			break;
		case STEP_SET_TYPE:
			append_type(buf, model, step);
			break;
		case STEP_ADD_IDENTITY:
			/* It continues after the existing values */
			appendStringInfo(buf, "ALTER COLUMN %s ADD GENERATED BY DEFAULT AS IDENTITY%s",
							 quote_identifier(step->column->column_name),
							 print_start(model, step, " (", ")"));
			break;
		case STEP_ADD_UNIQUE:
			append_unique(buf, step);
			break;
		case STEP_ADD_FOREIGN_KEY:
			append_foreign_key(buf, step);
			break;
		case STEP_CREATE_INDEX:
			append_create_index(buf, model, step);
			break;
		default:
			append_template(buf, model, step);
	}
}

/*
 * Append the template of a step's kind, with what its letters stand for.
 */
static void
append_template(StringInfo buf, const Model *model, const Step *step)
{
	for (const char *c = traits_of(step->kind)->sql; *c; c++)
	{
		if (*c == '%')
			appendStringInfoString(buf, print_letter(model, step, *++c));
		else
			appendStringInfoChar(buf, *c);
	}
}

/*
 * What a letter of a template stands for, quoted where it has to be.
 */
static const char *
print_letter(const Model *model, const Step *step, char letter)
{
	const ColumnSpec *column = step->column;

	switch (letter)
	{
		case 'T':				/* the table */
			return quote_table(model);
		case 'c':				/* the column, and what it is to have: */
			return quote_identifier(column->column_name);
		case 't':				/* its type */
			return print_type_name(model, column);
		case 'd':				/* its default */
			return print_column_default(model, column);
		case 'x':				/* its expression */
			return column->as_expression;
		case 'C':				/* its comment */
			return column->comment ? quote_literal_cstr(column->comment) : "NULL";
		case 'e':				/* the enum type that the column has */
			return quote_type(element_type(step->from));
		case 'q':				/* the sequence that it has */
			return quote_relation(step->from->sequence);
		case 'l':				/* the label that it gets, and its place */
			return !step->next_label ? quote_literal_cstr(step->label) :
				psprintf("%s BEFORE %s", quote_literal_cstr(step->label),
						 quote_literal_cstr(step->next_label));
		case 'n':				/* the constraint, index or column */
			return quote_identifier(name_of_object(step));
		case 'i':				/* the index with its schema */
			return quote_qualified_identifier(model->schema_name, step->name);
		case 'N':				/* the new name */
			return quote_identifier(step->new_name);
		case 'k':				/* the comment of a constraint */
			return quote_literal_cstr(step->comment);
		case 'K':				/* the expression of a check */
			return step->check->expression;
		case 'v':				/* is the check valid for the rows? */
			return !step->check->is_enforced ? " NOT ENFORCED" :
				step->not_valid ? " NOT VALID" : "";
		case 's':				/* the step's SQL */
			return step->sql;
	}
	Assert(false);
	return "";
}

/*
 * The default that a column has, or is to have; NULL: none.
 */
char *
print_column_default(const Model *model, const ColumnSpec *column)
{
	if (column->generated == GENERATED_INCREMENT)
		return psprintf("nextval(%s::regclass)",
						quote_literal_cstr(OidIsValid(column->sequence) ?
										   quote_relation(column->sequence) :
										   quote_sequence(model, column)));
	return column->default_sql;
}

/*
 * The statements that create the table of a built-in model, as TypeORM would.
 */
List *
print_create_table(const Model *model)
{
	List	   *statements;
	List	   *columns = builtin_columns(model);
	StringInfoData buf;
	const char *separator = "";
	ListCell   *lc;

	initStringInfo(&buf);
	appendStringInfo(&buf, "CREATE TABLE %s (", quote_table(model));
	foreach(lc, columns)
	{
		appendStringInfoString(&buf, separator);
		separator = ", ";
		append_column(&buf, model, lfirst(lc), false);
	}
	foreach(lc, columns)
	{
		ColumnSpec *column = lfirst(lc);

		if (!column->primary && !column->unique)
			continue;
		appendStringInfoString(&buf, separator);
		if (column->primary)
			append_key(&buf, name_constraint("PK", model->table_name,
											 list_make1(column->column_name)),
					   "PRIMARY KEY", list_make1(column->column_name));
		else
			append_key(&buf, name_constraint("UQ", model->table_name,
											 list_make1(column->column_name)),
					   "UNIQUE", list_make1(column->column_name));
	}
	appendStringInfoChar(&buf, ')');
	statements = list_make1(buf.data);

	for (const IndexDefinition *index = model->definition->indexes; index->name; index++)
		statements = lappend(statements,
							 psprintf("CREATE INDEX %s ON %s (%s)",
									  quote_identifier(index->name),
									  quote_table(model),
									  quote_identifier(name_column(index->property))));

	return lappend(statements,
				   psprintf("COMMENT ON TABLE %s IS %s", quote_table(model),
							quote_literal_cstr(describe_table(model))));
}

/*
 * The comment that a model's table is made with.  Its columns have none: TypeORM's
 * schema diff would drop comments that are not in its models.
 */
char *
describe_table(const Model *model)
{
	return psprintf("NextAuth.js model %s; nextauth.model_columns describes its columns",
					model->definition->name);
}

/*
 * The statement that gives a model's table, with its sequence, to a role.
 */
List *
print_owner(const Model *model, Oid owner)
{
	return list_make1(psprintf("ALTER TABLE %s OWNER TO %s", quote_table(model),
							   quote_identifier(GetUserNameFromId(owner, false))));
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
 * The statement, for messages, that adds a time zone to times, a list of
 * ColumnSpec.  Without USING, the session's time zone would be used.
 */
char *
print_set_zone(const Model *model, List *columns)
{
	StringInfoData buf;
	ListCell   *lc;

	initStringInfo(&buf);
	appendStringInfo(&buf, "BEGIN; SET LOCAL nextauth.protect_columns = off; ALTER TABLE %s",
					 quote_table(model));
	foreach(lc, columns)
	{
		const ColumnSpec *column = lfirst(lc);
		const char *quoted = quote_identifier(column->column_name);

		appendStringInfo(&buf, "%s ALTER COLUMN %s TYPE %s USING %s AT TIME ZONE 'UTC'",
						 foreach_current_index(lc) > 0 ? "," : "", quoted,
						 format_type_be(TIMESTAMPTZOID), quoted);
	}
	appendStringInfoString(&buf, "; COMMIT, with the time zone in which they were written in the place of 'UTC'.");
	return buf.data;
}

/*
 * The statement that lets a role use a schema.
 */
char *
print_grant_usage(const char *schema_name, const char *role)
{
	return psprintf("GRANT USAGE ON SCHEMA %s TO %s", quote_identifier(schema_name),
					quote_identifier(role));
}

/*
 * The statement that lets a role read and write through an adapter's view.
 */
char *
print_grant_view(Oid view, const char *role)
{
	return psprintf("GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE %s TO %s",
					quote_relation(view), quote_identifier(role));
}

/*
 * The statements that let a role read and write the rows of a model's table,
 * whatever columns it will have.
 */
List *
print_grants(const Model *model, const char *role)
{
	const char *grantee = quote_identifier(role);
	List	   *statements;
	ListCell   *lc;

	statements = list_make1(psprintf("GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE %s TO %s",
									 quote_table(model), grantee));
	foreach(lc, getOwnedSequences(model->relid))
		statements = lappend(statements,
							 psprintf("GRANT USAGE, SELECT ON SEQUENCE %s TO %s",
									  quote_relation(lfirst_oid(lc)), grantee));
	return statements;
}

/*
 * The statements that create an adapter's view of a model with the columns, a
 * list of ViewColumn.  If "replaced" is not NULL, they replace that view,
 * which keeps its options.  The view belongs to the owner of the table.
 */
List *
print_view(const AdapterView *view, const Model *model, List *columns,
		   const StoredView *replaced)
{
	char	   *name = quote_view(view);
	bool		converts = false;
	List	   *statements;
	StringInfoData buf;
	ListCell   *lc;

	initStringInfo(&buf);
	appendStringInfo(&buf, "CREATE %sVIEW %s WITH (%s) AS SELECT",
					 replaced ? "OR REPLACE " : "", name,
					 replaced ? replaced->options : "security_invoker = true");
	foreach(lc, columns)
	{
		ViewColumn *column = lfirst(lc);

		appendStringInfoString(&buf, foreach_current_index(lc) > 0 ? ", " : " ");
		append_view_column(&buf, column);
		converts |= column->conversion != AS_IT_IS;
	}
	appendStringInfo(&buf, " FROM %s", quote_table(model));
	statements = list_make1(buf.data);
	if (replaced)
		return statements;

	statements = lappend(statements,
						 psprintf("COMMENT ON VIEW %s IS %s", name,
								  quote_literal_cstr(describe_view(view))));
	if (converts)
		statements = lappend(statements, print_write_trigger(view));
	if (model->owner != GetUserId())
		statements = lappend(statements,
							 psprintf("ALTER VIEW %s OWNER TO %s", name,
									  quote_identifier(GetUserNameFromId(model->owner,
																		 false))));
	return statements;
}

/*
 * The comment that an adapter's view is made with.
 */
char *
describe_view(const AdapterView *view)
{
	return psprintf("NextAuth.js model %s, for the adapter %s",
					view->convention->model, view->adapter->name);
}

static void
append_view_column(StringInfo buf, const ViewColumn *column)
{
	const char *quoted = quote_identifier(column->column->column_name);

	appendStringInfoString(buf, print_shown(quoted, column->conversion));
	if (column->conversion != AS_IT_IS ||
		strcmp(column->column->column_name, column->name) != 0)
		appendStringInfo(buf, " AS %s", quote_identifier(column->name));
}

/*
 * The expression with which a view shows a table's column.
 */
char *
print_shown(const char *quoted, Conversion conversion)
{
	switch (conversion)
	{
		case AS_IT_IS:
			break;
		case AS_UTC:
			return psprintf("%s AT TIME ZONE 'UTC'", quoted);
		case AS_MILLISECONDS:
			return psprintf("pg_catalog.floor(EXTRACT(epoch FROM %s) OPERATOR(pg_catalog.*) 1000)::character varying",
							quoted);
		case AS_FLAG:
			return psprintf("%s IS NOT NULL", quoted);
	}
	return pstrdup(quoted);
}

/*
 * The statement that creates the trigger which writes through a view.
 */
char *
print_write_trigger(const AdapterView *view)
{
	return psprintf("CREATE TRIGGER %s INSTEAD OF INSERT OR UPDATE OR DELETE ON %s"
					" FOR EACH ROW EXECUTE FUNCTION nextauth.write_through_view()",
					WRITE_TRIGGER, quote_view(view));
}

/*
 * The statement that renames a view's column.
 */
char *
print_rename_view_column(const AdapterView *view, const char *name,
						 const char *new_name)
{
	return psprintf("ALTER VIEW %s RENAME COLUMN %s TO %s", quote_view(view),
					quote_identifier(name), quote_identifier(new_name));
}

/*
 * The statement that gives a view's column a default; NULL: none.
 */
char *
print_view_default(const AdapterView *view, const char *name,
				   const char *default_sql)
{
	return psprintf("ALTER VIEW %s ALTER COLUMN %s %s%s", quote_view(view),
					quote_identifier(name),
					default_sql ? "SET DEFAULT " : "DROP DEFAULT",
					default_sql ? default_sql : "");
}

/*
 * The statement that gives a view's column a comment; NULL: none.
 */
char *
print_view_comment(const AdapterView *view, const char *name,
				   const char *comment)
{
	return psprintf("COMMENT ON COLUMN %s.%s IS %s", quote_view(view),
					quote_identifier(name),
					comment ? quote_literal_cstr(comment) : "NULL");
}

/*
 * The statement that drops an adapter's view.
 */
char *
print_drop_view(const AdapterView *view)
{
	return psprintf("DROP VIEW %s", quote_view(view));
}

/*
 * The statement that takes all rights on a table, view or sequence from a role,
 * which is quoted.
 */
char *
print_revoke(Oid relid, const char *role)
{
	return psprintf("REVOKE ALL ON %s FROM %s", quote_relation(relid), role);
}

static char *
quote_view(const AdapterView *view)
{
	return quote_qualified_identifier(view->schema_name, view->convention->name);
}

/*
 * The statement that fills a column with its default where it is null.
 */
char *
print_fill(const Model *model, const ColumnSpec *column)
{
	const char *quoted = quote_identifier(column->column_name);

	return psprintf("UPDATE %s SET %s = DEFAULT WHERE %s IS NULL",
					quote_table(model), quoted, quoted);
}

/*
 * The query that does so in blocks of a table, from "first" to before "end",
 * except in rows that others have locked.  It returns how many rows it filled,
 * and in how many of them the default is null.
 */
char *
print_fill_blocks(Oid relid, const ColumnSpec *column, BlockNumber first,
				  BlockNumber end)
{
	const char *table = quote_relation(relid);
	const char *quoted = quote_identifier(column->column_name);

	return psprintf("WITH f (is_null) AS"
					" (UPDATE ONLY %s SET %s = DEFAULT WHERE ctid = ANY (ARRAY"
					"(SELECT ctid FROM ONLY %s WHERE ctid >= '(%u,0)'::tid AND ctid < '(%u,0)'::tid"
					" AND %s IS NULL FOR NO KEY UPDATE SKIP LOCKED)) RETURNING %s IS NULL)"
					" SELECT pg_catalog.count(*), pg_catalog.count(*) FILTER (WHERE is_null) FROM f",
					table, quoted, table, first, end, quoted, quoted);
}

/*
 * The statement that deletes rows from tid $1 to before $2 the column of which
 * is before $3, at most $4 of them, except rows that others have locked.
 *
 * IS TRUE: no index on the column is used, which would find all such rows of the
 * table again for each range.
 */
char *
print_delete_expired(Oid relid, AttrNumber attnum)
{
	const char *table = quote_relation(relid);

	return psprintf("DELETE FROM ONLY %s WHERE ctid = ANY (ARRAY"
					"(SELECT ctid FROM ONLY %s WHERE ctid >= $1 AND ctid < $2"
					" AND (%s < $3) IS TRUE LIMIT $4 FOR UPDATE SKIP LOCKED))",
					table, table,
					quote_identifier(get_attname(relid, attnum, false)));
}

/*
 * The statement that adds a CHECK constraint, not valid yet, that a column has
 * no null; it replaces one of the same name if "replaces" is set.
 */
char *
print_not_null_check(const Model *model, const ColumnSpec *column,
					 const char *name, bool replaces)
{
	const char *quoted = quote_identifier(name);

	return psprintf("ALTER TABLE %s%s ADD CONSTRAINT %s CHECK (%s IS NOT NULL) NOT VALID",
					quote_table(model),
					replaces ? psprintf(" DROP CONSTRAINT %s,", quoted) : "",
					quoted, quote_identifier(column->column_name));
}

/*
 * The statement that validates a constraint.
 */
char *
print_validate(const Model *model, const char *name)
{
	return psprintf("ALTER TABLE %s VALIDATE CONSTRAINT %s", quote_table(model),
					quote_identifier(name));
}

/*
 * The statement that drops an index while others read and write.
 */
char *
print_drop_index(const Model *model, const char *name)
{
	return psprintf("DROP INDEX CONCURRENTLY %s",
					quote_qualified_identifier(model->schema_name, name));
}

/*
 * The statement that creates the schema of an adapter, which the owner of the
 * tables owns.
 */
char *
print_create_schema(const char *schema_name, Oid owner)
{
	return psprintf("CREATE SCHEMA %s AUTHORIZATION %s",
					quote_identifier(schema_name),
					quote_identifier(GetUserNameFromId(owner, false)));
}

/*
 * The statement that describes a schema in psql.
 */
char *
print_schema_comment(const char *schema_name, const char *comment)
{
	return psprintf("COMMENT ON SCHEMA %s IS %s", quote_identifier(schema_name),
					quote_literal_cstr(comment));
}

/*
 * The statement that drops an adapter's schema, which must be empty.
 */
char *
print_drop_schema(const char *schema_name)
{
	return psprintf("DROP SCHEMA %s", quote_identifier(schema_name));
}

/*
 * The statement that creates the trigger which fills columns that adapters may
 * not write.
 */
char *
print_fill_trigger(const Model *model, const char *function)
{
	return psprintf("CREATE TRIGGER %s BEFORE INSERT OR UPDATE ON %s"
					" FOR EACH ROW EXECUTE FUNCTION nextauth.%s()",
					FILL_TRIGGER, quote_table(model), function);
}

/*
 * The statement that drops that trigger.
 */
char *
print_drop_fill_trigger(const Model *model)
{
	return psprintf("DROP TRIGGER %s ON %s", FILL_TRIGGER, quote_table(model));
}

/*
 * The SQL of statements.
 */
List *
texts_of(List *statements)
{
	List	   *texts = NIL;
	ListCell   *lc;

	foreach(lc, statements)
		texts = lappend(texts, ((Statement *) lfirst(lc))->sql);
	return texts;
}

/*
 * Run statements, a list of char *, with the rights of the table's owner,
 * because they may evaluate the owner's code.
 *
 * Objects that they create do not become members of an extension whose script
 * may be running, ours or one that calls us.
 *
 * Others may grant or comment at the same time, which PostgreSQL reports as an
 * internal error or waits for, or may use a type that is being dropped.
 */
void
run_statements(List *texts, Oid owner)
{
	run_texts(texts, owner, false);
}

/*
 * Run statements that create objects for the table's owner in the schema of a
 * model's table, and that evaluate no code of the owner's except what
 * PostgreSQL itself evaluates with the owner's rights.
 */
void
run_creating(List *texts, const Model *model)
{
	check_creator(model);
	run_texts(texts, model->owner, creator_of(model) != model->owner);
}

/*
 * Run statements as "owner" or, if "creates" is set, on behalf of "owner" with
 * the rights of the extension's owner.
 */
static void
run_texts(List *texts, Oid owner, bool creates)
{
	bool		save_creating_extension = creating_extension;
	MemoryContext caller = CurrentMemoryContext;
	SavedUser	user;

	creating_extension = false;
	PG_TRY();
	{
		ListCell   *lc;

		begin_owner(&user, owner);
		SPI_connect();
		foreach(lc, texts)
		{
			if (creates)
				run_as_catalog_owner(lfirst(lc));
			else
				SPI_execute(lfirst(lc), false, 0);
		}
		SPI_finish();
		end_user(&user);
		creating_extension = save_creating_extension;
	}
	PG_CATCH();
	{
		creating_extension = save_creating_extension;
		if (geterrcode() == ERRCODE_INTERNAL_ERROR ||
			geterrcode() == ERRCODE_T_R_DEADLOCK_DETECTED ||
			geterrcode() == ERRCODE_LOCK_NOT_AVAILABLE)
		{
			MemoryContextSwitchTo(caller);
			report_concurrent_change(CopyErrorData());
		}
		PG_RE_THROW();
	}
	PG_END_TRY();
}

/*
 * Run a statement with the rights of the extension's owner, on behalf of the
 * current user, the owner of the table: parsing of expressions, and event
 * triggers of other roles, run as the current user.
 */
static void
run_as_catalog_owner(const char *sql)
{
	PlannedStmt *statement = makeNode(PlannedStmt);
	Node	   *node = parse_statement(sql);
	bool		is_complete = EventTriggerBeginCompleteQuery();

	statement->commandType = CMD_UTILITY;
	statement->canSetTag = true;
	statement->utilityStmt = node;
	PG_TRY();
	{
		SavedUser	user;

		EventTriggerDDLCommandStart(node);
		begin_catalog_owner(&user);
		ProcessUtility(statement, sql, false, PROCESS_UTILITY_SUBCOMMAND, NULL,
					   NULL, None_Receiver, NULL);
		end_user(&user);
		CommandCounterIncrement();
		EventTriggerSQLDrop(node);
		EventTriggerDDLCommandEnd(node);
		CommandCounterIncrement();
	}
	PG_FINALLY();
	{
		if (is_complete)
			EventTriggerEndCompleteQuery();
	}
	PG_END_TRY();
	revoke_defaults(node);
}

/*
 * Revoke the privileges that the default privileges of the extension's owner
 * granted on a table or a sequence that a statement created for another owner.
 */
static void
revoke_defaults(Node *node)
{
	RangeVar   *relation;
	Oid			relid;
	ListCell   *lc;

	if (IsA(node, CreateStmt))
		relation = ((CreateStmt *) node)->relation;
	else if (IsA(node, CreateSeqStmt))
		relation = ((CreateSeqStmt *) node)->sequence;
	else
		return;
	relid = RangeVarGetRelid(relation, NoLock, false);
	foreach(lc, lappend_oid(getOwnedSequences(relid), relid))
	{
		ListCell   *lc2;

		foreach(lc2, read_grants(lfirst_oid(lc)))
			run_as_catalog_owner(print_revoke(lfirst_oid(lc),
											  ((ViewGrant *) lfirst(lc2))->role));
	}
}

/*
 * The parse tree of a statement.  The expressions of a CREATE INDEX are
 * parsed, too, because parsing may already call their functions.
 */
Node *
parse_statement(const char *sql)
{
	Node	   *node = linitial_node(RawStmt, raw_parser(sql, RAW_PARSE_DEFAULT))->stmt;

	if (IsA(node, IndexStmt))
	{
		IndexStmt  *index = (IndexStmt *) node;
		Oid			relid = RangeVarGetRelid(index->relation, AccessShareLock, false);

		node = (Node *) transformIndexStmt(relid, index, sql);
	}
	return node;
}

/*
 * Run statements of print_steps() on the locked table.  The guards let them
 * pass, a rewrite that no step predicted is refused, and further locks are not
 * waited for long.  Each statement runs with the rights of the table's owner,
 * unless it concerns a type; statements that create objects in the schema
 * succeed even if the owner may not.
 */
void
run_steps(const Model *model, List *statements)
{
	Oid			save_table = altered_table;
	bool		save_rewrite = rewrite_is_planned;
	int			nest = begin_lock_timeout();
	ListCell   *lc;

	(void) set_config_option("nextauth.protect_columns", "off", PGC_USERSET,
							 PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	altered_table = model->relid;
	rewrite_is_planned = false;
	foreach(lc, statements)
		rewrite_is_planned |= ((Statement *) lfirst(lc))->cost == COST_REWRITE;
	PG_TRY();
	{
		foreach(lc, statements)
		{
			const Statement *statement = lfirst(lc);

			if (statement->cost > COST_INSTANT)
				report_phase(statement->cost == COST_REWRITE ? PHASE_REWRITING :
							 PHASE_READING, model->relid, InvalidAttrNumber);
			if (statement->creates)
				run_creating(list_make1(statement->sql), model);
			else
				run_statements(list_make1(statement->sql),
							   OidIsValid(statement->role) ? statement->role :
							   model->owner);
		}
	}
	PG_FINALLY();
	{
		altered_table = save_table;
		rewrite_is_planned = save_rewrite;
	}
	PG_END_TRY();
	AtEOXact_GUC(false, nest);
}

/*
 * A table is about to be rewritten: publish the progress again.  Raise an ERROR if
 * our statement does it without a step that predicted it, and the table has more
 * rows than the limit.
 */
void
check_rewrite(Oid relid)
{
	int64		rows;

	if (relid != altered_table)
		return;
	resume_progress();
	if (rewrite_is_planned || nextauth_allow_rewrite)
		return;
	rows = count_rows(relid);
	if (rows > nextauth_max_scan_rows)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("statement would rewrite %lld rows of table \"%s\" under a lock",
						(long long) rows, name_of_relation(relid)),
				 errdetail("The limit, \"nextauth.max_scan_rows\", is %d.", nextauth_max_scan_rows),
				 errhint("Set \"nextauth.allow_rewrite\" to on at a time when readers and writers can wait.")));
}

/*
 * Is run_steps() altering the table?
 */
bool
is_altering(Oid relid)
{
	return OidIsValid(relid) && relid == altered_table;
}

/*
 * An enum type gets the owner of the table, so that the same roles may alter
 * both.
 */
static void
print_create_type(Printing *printing, const Step *step)
{
	const Model *model = printing->model;
	char	   *type = quote_qualified_identifier(model->schema_name,
												  step->column->enum_name);
	StringInfoData buf;
	const char *separator = "";
	ListCell   *lc;

	initStringInfo(&buf);
	appendStringInfo(&buf, "CREATE TYPE %s AS ENUM (", type);
	foreach(lc, step->column->enum_labels)
	{
		appendStringInfo(&buf, "%s%s", separator,
						 quote_literal_cstr(lfirst(lc)));
		separator = ", ";
	}
	appendStringInfoChar(&buf, ')');
	add_statement(printing, step->kind, buf.data);

	if (model->owner != GetUserId() || printing->splits)
		add_statement(printing, step->kind,
					  psprintf("ALTER TYPE %s OWNER TO %s", type,
							   quote_identifier(GetUserNameFromId(model->owner,
																  false))));
}

/*
 * The sequence of a column gets the owner of the table, or the column could
 * not own it.
 */
static void
print_create_sequence(Printing *printing, const Step *step)
{
	const Model *model = printing->model;
	const ColumnSpec *column = step->column;
	char	   *sequence = quote_sequence(model, column);
	char	   *create = psprintf("CREATE SEQUENCE %s AS %s%s", sequence,
								  print_type_name(model, column),
								  print_start(model, step, " ", ""));
	char	   *own = psprintf("OWNED BY %s.%s", quote_table(model),
							   quote_identifier(column->column_name));

	if (model->owner == GetUserId() && !printing->splits)
	{
		add_statement(printing, step->kind,
					  psprintf("%s %s", create, own))->cost = step->cost;
		return;
	}
	add_statement(printing, step->kind, create)->cost = step->cost;
	add_statement(printing, step->kind,
				  psprintf("ALTER SEQUENCE %s OWNER TO %s", sequence,
						   quote_identifier(GetUserNameFromId(model->owner,
															  false))));
	add_statement(printing, step->kind,
				  psprintf("ALTER SEQUENCE %s %s", sequence, own))->creates = false;
}

/*
 * Print a column; if it owns a sequence, with a sequence that exists already.
 */
static void
append_column(StringInfo buf, const Model *model, const ColumnSpec *column,
			  bool with_sequence)
{
	with_sequence &= has_sequence(column);
	appendStringInfo(buf, "%s ", quote_identifier(column->column_name));
	if (column->generated == GENERATED_INCREMENT && !with_sequence)
		appendStringInfoString(buf, column->type == INT2OID ? "smallserial" :
							   column->type == INT8OID ? "bigserial" : "serial");
	else
		appendStringInfoString(buf, print_type_name(model, column));
	append_collation(buf, column);
	if (column->as_expression)
		appendStringInfo(buf, " GENERATED ALWAYS AS (%s) %s", column->as_expression,
						 column->generated_type == ATTRIBUTE_GENERATED_STORED ?
						 "STORED" : "VIRTUAL");
	if (column->generated == GENERATED_IDENTITY && !with_sequence)
		appendStringInfoString(buf, " GENERATED BY DEFAULT AS IDENTITY");
	if (!column->nullable)
		appendStringInfoString(buf, " NOT NULL");
	if (with_sequence)
		appendStringInfo(buf, " DEFAULT nextval(%s::regclass)",
						 quote_literal_cstr(quote_filling_sequence(model, column)));
	if (column->default_sql)
		appendStringInfo(buf, " DEFAULT %s", column->default_sql);
}

/*
 * The collation, unless it is the type's own.
 */
static void
append_collation(StringInfo buf, const ColumnSpec *column)
{
	if (OidIsValid(column->collation) &&
		column->collation != get_typcollation(column->type))
		appendStringInfo(buf, " COLLATE %s",
						 generate_collation_name(column->collation));
}

static void
append_type(StringInfo buf, const Model *model, const Step *step)
{
	const ColumnSpec *column = step->column;
	const char *quoted = quote_identifier(column->column_name);
	char	   *type = print_type_name(model, column);

	appendStringInfo(buf, "ALTER COLUMN %s TYPE %s", quoted, type);
	append_collation(buf, column);
	if (!fits_without_cast(column, step->from))
		appendStringInfo(buf, " USING %s%s", quoted,
						 print_cast(column, step->from, type));
}

static void
append_key(StringInfo buf, const char *name, const char *kind,
		   List *column_names)
{
	appendStringInfo(buf, "CONSTRAINT %s %s (%s)", quote_identifier(name), kind,
					 quote_columns(column_names));
}

/*
 * A UNIQUE constraint, of a new index or of one that is there.
 */
static void
append_unique(StringInfo buf, const Step *step)
{
	const IndexSpec *index = step->index;

	appendStringInfoString(buf, "ADD ");
	if (step->by_index)
		appendStringInfo(buf, "CONSTRAINT %s UNIQUE USING INDEX %s",
						 quote_identifier(index->name),
						 quote_identifier(step->by_index));
	else
	{
		append_key(buf, index->name, index->nulls_not_distinct ?
				   "UNIQUE NULLS NOT DISTINCT" : "UNIQUE", index->column_names);
		append_included(buf, index);
		append_storage(buf, index, "USING INDEX TABLESPACE");
	}
	if (index->deferrable)
		appendStringInfo(buf, " DEFERRABLE %s", index->deferrable);
}

static void
append_foreign_key(StringInfo buf, const Step *step)
{
	const ForeignKeySpec *foreign_key = step->foreign_key;

	appendStringInfoString(buf, "ADD ");
	append_key(buf, foreign_key->name, "FOREIGN KEY", foreign_key->column_names);
	appendStringInfo(buf, " REFERENCES %s (%s) ON DELETE %s ON UPDATE %s",
					 quote_qualified_identifier(foreign_key->schema_name,
												foreign_key->table_name),
					 quote_columns(foreign_key->target_columns),
					 print_action(foreign_key->on_delete),
					 print_action(foreign_key->on_update));
	if (foreign_key->deferrable)
		appendStringInfo(buf, " DEFERRABLE %s", foreign_key->deferrable);
	if (step->not_valid)
		appendStringInfoString(buf, " NOT VALID");
}

/*
 * An index, a plain one or one for a UNIQUE constraint.
 */
static void
append_create_index(StringInfo buf, const Model *model, const Step *step)
{
	const IndexSpec *index = step->index;

	appendStringInfo(buf, "CREATE %sINDEX %s%s ON %s (%s)",
					 index->is_unique ? "UNIQUE " : "",
					 step->concurrently ? "CONCURRENTLY " : "",
					 quote_identifier(index->name), quote_table(model),
					 join_names(print_keys(index)));
	append_included(buf, index);
	if (index->nulls_not_distinct)
		appendStringInfoString(buf, " NULLS NOT DISTINCT");
	append_storage(buf, index, "TABLESPACE");
	if (index->where)
		appendStringInfo(buf, " WHERE %s", index->where);
}

static void
append_included(StringInfo buf, const IndexSpec *index)
{
	if (index->included != NIL)
		appendStringInfo(buf, " INCLUDE (%s)", quote_columns(index->included));
}

/*
 * The storage parameters and the tablespace of an index, after the keyword.
 */
static void
append_storage(StringInfo buf, const IndexSpec *index, const char *tablespace)
{
	if (index->parameters)
		appendStringInfo(buf, " WITH (%s)", index->parameters);
	if (index->tablespace)
		appendStringInfo(buf, " %s %s", tablespace,
						 quote_identifier(index->tablespace));
}

static char *
quote_columns(List *column_names)
{
	StringInfoData buf;
	ListCell   *lc;

	initStringInfo(&buf);
	foreach(lc, column_names)
		appendStringInfo(&buf, "%s%s", buf.len > 0 ? ", " : "",
						 quote_identifier(lfirst(lc)));
	return buf.data;
}

/*
 * The name for a column's sequence: the one that PostgreSQL gives it, with a
 * number appended if another object than the column's own identity has this
 * name.
 */
static char *
quote_sequence(const Model *model, const ColumnSpec *column)
{
	char	   *name = name_sequence(model->table_name, column->column_name);
	Oid			other = get_relname_relid(name, model->schema);
	Oid			owner;
	int32		owner_column;

	if (OidIsValid(other) &&
		!(sequenceIsOwned(other, DEPENDENCY_INTERNAL, &owner, &owner_column) &&
		  owner == model->relid &&
		  owner_column == get_attnum(model->relid, column->column_name)))
		name = ChooseRelationName(model->table_name, column->column_name, "seq",
								  model->schema, false);
	return quote_qualified_identifier(model->schema_name, name);
}

/*
 * The first value of a column's sequence; nothing if the user may not query
 * it.
 */
static char *
print_start(const Model *model, const Step *step, const char *before,
			const char *after)
{
	if (model->asks_nothing)
		return "";
	return psprintf("%sSTART WITH " INT64_FORMAT "%s", before,
					next_value(model, step), after);
}

/*
 * One more than the highest value of a column that becomes an integer.
 */
static int64
next_value(const Model *model, const Step *step)
{
	const char *cast = "";
	int64		highest;

	if (!same_family(step->from->type, step->column->type))
		cast = print_cast(step->column, step->from,
						  print_type_name(model, step->column));
	highest = query_number(model->owner,
						   psprintf("SELECT pg_catalog.max(%s%s)::bigint FROM %s",
									quote_identifier(step->column->column_name),
									cast, quote_table(model)));
	return Max(highest, 0) + 1;
}

/*
 * format_type_be_qualified() would report an internal error if the type is gone.
 */
static char *
quote_type(Oid type)
{
	return quote_qualified_identifier(name_of_schema(namespace_of_type(type)),
									  name_of_type(type));
}
