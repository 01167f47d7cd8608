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
#include "catalog/pg_attribute.h"
#include "catalog/pg_type.h"
#include "commands/defrem.h"
#include "commands/extension.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/ruleutils.h"

#include "nextauth.h"

/* Where a step goes in the order of statements */
typedef enum Stage
{
	BEFORE_TABLE,
	IN_ALTER_TABLE,
	IN_ALTER_TABLE_LAST,		/* computed from columns that are added */
	AFTER_TABLE
} Stage;

/* The table that run_steps() works on, and whether it is to be rewritten */
static Oid	altered_table = InvalidOid;
static bool rewrite_is_planned = false;

static Stage stage_of(const Step *step);
static void add_statement(List **statements, const Step *step, char *sql);
static void print_step(List **statements, const Model *model,
					   const Step *step);
static void append_subcommand(StringInfo buf, const Model *model,
							  const Step *step);
static void append_create_type(List **statements, const Model *model,
							   const ColumnSpec *column);
static void append_create_sequence(List **statements, const Model *model,
								   const Step *step);
static void append_column(StringInfo buf, const Model *model,
						  const ColumnSpec *column);
static void append_identity(StringInfo buf, const Model *model,
							const Step *step);
static void append_key(StringInfo buf, const char *name, const char *kind,
					   List *column_names);
static void append_foreign_key(StringInfo buf,
							   const ForeignKeySpec *foreign_key);
static void append_view_column(StringInfo buf, const ViewColumn *column);
static char *quote_view(const AdapterView *view);
static char *quote_columns(List *column_names);
static char *quote_sequence(const Model *model, const ColumnSpec *column);
static char *quote_type(Oid type);
static int64 next_value(const Model *model, const Step *step);

/*
 * The statements, a list of Statement, that take the steps: new types and the
 * like, then one ALTER TABLE for all columns, then the rest.
 */
List *
print_steps(const Model *model, List *steps)
{
	List	   *statements = NIL;
	Statement  *alter = NULL;
	StringInfoData buf;
	ListCell   *lc;

	for (Stage stage = BEFORE_TABLE; stage <= AFTER_TABLE; stage++)
	{
		foreach(lc, steps)
		{
			const Step *step = lfirst(lc);

			if (stage_of(step) != stage)
				continue;
			if (stage != IN_ALTER_TABLE && stage != IN_ALTER_TABLE_LAST)
			{
				print_step(&statements, model, step);
				continue;
			}

			if (alter == NULL)
			{
				initStringInfo(&buf);
				appendStringInfo(&buf, "ALTER TABLE %s", quote_table(model));
				alter = palloc0_object(Statement);
				statements = lappend(statements, alter);
			}
			else
				appendStringInfoChar(&buf, ',');
			append_subcommand(&buf, model, step);
			alter->sql = buf.data;
			alter->lock = Max(alter->lock, lock_of(step));
			alter->cost = Max(alter->cost, step->cost);
		}
	}
	return statements;
}

static Stage
stage_of(const Step *step)
{
	switch (step->kind)
	{
		case STEP_ADD_COLUMN:
			return step->column->as_expression ? IN_ALTER_TABLE_LAST : IN_ALTER_TABLE;
		case STEP_CREATE_TYPE:
		case STEP_ADD_LABEL:
		case STEP_CREATE_SEQUENCE:
		case STEP_DROP_IDENTITY:
		case STEP_DROP_EXPRESSION:
		case STEP_DROP_INDEX:
			return BEFORE_TABLE;
		case STEP_CREATE_INDEX:
		case STEP_REMAKE_INDEX:
		case STEP_COMMENT:
		case STEP_COMMENT_CONSTRAINT:
		case STEP_RENAME_COLUMN:
		case STEP_RENAME_CONSTRAINT:
		case STEP_RENAME_INDEX:
		case STEP_RENAME_TYPE:
		case STEP_RENAME_SEQUENCE:
		case STEP_SET_SEQUENCE_TYPE:
		case STEP_DROP_SEQUENCE:
		case STEP_DROP_TYPE:
			return AFTER_TABLE;
		default:
			return IN_ALTER_TABLE;
	}
}

/*
 * The lock that PostgreSQL takes on the model's table for the step.
 */
LOCKMODE
lock_of(const Step *step)
{
	switch (step->kind)
	{
		case STEP_CREATE_TYPE:
		case STEP_ADD_LABEL:
		case STEP_DROP_TYPE:
		case STEP_RENAME_TYPE:
		case STEP_RENAME_SEQUENCE:
		case STEP_SET_SEQUENCE_TYPE:
		case STEP_DROP_SEQUENCE:
			return NoLock;
		case STEP_CREATE_SEQUENCE:
			return AccessShareLock;
		case STEP_COMMENT:
		case STEP_COMMENT_CONSTRAINT:
		case STEP_RENAME_INDEX:
		case STEP_VALIDATE:
			return ShareUpdateExclusiveLock;
		case STEP_CREATE_INDEX:
		case STEP_REMAKE_INDEX:
			return ShareLock;
		case STEP_ADD_FOREIGN_KEY:
		case STEP_REMAKE_CONSTRAINT:
			return ShareRowExclusiveLock;
		default:
			return AccessExclusiveLock;
	}
}

static void
add_statement(List **statements, const Step *step, char *sql)
{
	Statement  *statement = palloc_object(Statement);

	statement->sql = sql;
	statement->lock = lock_of(step);
	statement->cost = step->cost;
	*statements = lappend(*statements, statement);
}

/*
 * A step that is a statement of its own.
 */
static void
print_step(List **statements, const Model *model, const Step *step)
{
	const ColumnSpec *column = step->column;
	char	   *sql = NULL;

	switch (step->kind)
	{
		case STEP_CREATE_TYPE:
			append_create_type(statements, model, column);
			return;

		case STEP_ADD_LABEL:
			sql = psprintf("ALTER TYPE %s ADD VALUE %s",
						   quote_type(element_type(step->from)),
						   quote_literal_cstr(step->name));
			if (step->next_label)
				sql = psprintf("%s BEFORE %s", sql,
							   quote_literal_cstr(step->next_label));
			break;

		case STEP_CREATE_SEQUENCE:
			append_create_sequence(statements, model, step);
			return;

		case STEP_DROP_IDENTITY:
			sql = psprintf("ALTER TABLE %s ALTER COLUMN %s DROP IDENTITY",
						   quote_table(model), quote_identifier(column->column_name));
			break;

		case STEP_DROP_EXPRESSION:
			sql = psprintf("ALTER TABLE %s ALTER COLUMN %s DROP EXPRESSION",
						   quote_table(model), quote_identifier(column->column_name));
			break;

		case STEP_DROP_INDEX:
			sql = psprintf("DROP INDEX %s",
						   quote_qualified_identifier(model->schema_name, step->name));
			break;

		case STEP_CREATE_INDEX:
			sql = psprintf("CREATE %sINDEX %s%s ON %s (%s)%s%s",
						   step->index->is_unique ? "UNIQUE " : "",
						   step->concurrently ? "CONCURRENTLY " : "",
						   quote_identifier(step->index->name), quote_table(model),
						   quote_columns(step->index->column_names),
						   step->index->where ? " WHERE " : "",
						   step->index->where ? step->index->where : "");
			break;

		case STEP_REMAKE_INDEX:
			sql = pstrdup(step->name);
			break;

		case STEP_COMMENT:
			sql = psprintf("COMMENT ON COLUMN %s.%s IS %s", quote_table(model),
						   quote_identifier(column->column_name),
						   column->comment ? quote_literal_cstr(column->comment) : "NULL");
			break;

		case STEP_COMMENT_CONSTRAINT:
			sql = psprintf("COMMENT ON CONSTRAINT %s ON %s IS %s",
						   quote_identifier(step->name), quote_table(model),
						   quote_literal_cstr(step->new_name));
			break;

		case STEP_RENAME_COLUMN:
			sql = psprintf("ALTER TABLE %s RENAME COLUMN %s TO %s",
						   quote_table(model), quote_identifier(step->name),
						   quote_identifier(step->new_name));
			break;

		case STEP_RENAME_CONSTRAINT:
			sql = psprintf("ALTER TABLE %s RENAME CONSTRAINT %s TO %s",
						   quote_table(model), quote_identifier(step->name),
						   quote_identifier(step->new_name));
			break;

		case STEP_RENAME_INDEX:
			sql = psprintf("ALTER INDEX %s RENAME TO %s",
						   quote_qualified_identifier(model->schema_name, step->name),
						   quote_identifier(step->new_name));
			break;

		case STEP_RENAME_TYPE:
			sql = psprintf("ALTER TYPE %s RENAME TO %s",
						   quote_type(element_type(step->from)),
						   quote_identifier(step->new_name));
			break;

		case STEP_RENAME_SEQUENCE:
			sql = psprintf("ALTER SEQUENCE %s RENAME TO %s",
						   quote_relation(step->from->sequence),
						   quote_identifier(step->new_name));
			break;

		case STEP_SET_SEQUENCE_TYPE:
			sql = psprintf("ALTER SEQUENCE %s AS %s",
						   quote_relation(step->from->sequence),
						   print_type_name(model, column));
			break;

		case STEP_DROP_SEQUENCE:
			sql = psprintf("DROP SEQUENCE %s", quote_relation(step->from->sequence));
			break;

		case STEP_DROP_TYPE:
			sql = psprintf("DROP TYPE %s", quote_type(element_type(step->from)));
			break;

		default:
			Assert(false);
	}
	add_statement(statements, step, sql);
}

/*
 * A step that is part of an ALTER TABLE.
 */
static void
append_subcommand(StringInfo buf, const Model *model, const Step *step)
{
	const ColumnSpec *column = step->column;
	const char *quoted = column ? quote_identifier(column->column_name) : NULL;

	switch (step->kind)
	{
		case STEP_DROP_CONSTRAINT:
			appendStringInfo(buf, " DROP CONSTRAINT %s", quote_identifier(step->name));
			break;

		case STEP_DROP_COLUMN:
			appendStringInfo(buf, " DROP COLUMN %s", quoted);
			break;

		case STEP_ADD_COLUMN:
			appendStringInfoString(buf, " ADD COLUMN ");
			append_column(buf, model, column);
			break;

		case STEP_DROP_DEFAULT:
			appendStringInfo(buf, " ALTER COLUMN %s DROP DEFAULT", quoted);
			break;

		case STEP_SET_TYPE:
			appendStringInfo(buf, " ALTER COLUMN %s TYPE %s", quoted,
							 print_type_name(model, column));
			if (OidIsValid(column->collation) &&
				column->collation != get_typcollation(column->type))
				appendStringInfo(buf, " COLLATE %s",
								 generate_collation_name(column->collation));
			if (!fits_without_cast(column, step->from))
				appendStringInfo(buf, " USING %s%s", quoted,
								 print_cast(column, step->from,
											print_type_name(model, column)));
			break;

		case STEP_SET_EXPRESSION:
			appendStringInfo(buf, " ALTER COLUMN %s SET EXPRESSION AS (%s)", quoted,
							 column->as_expression);
			break;

		case STEP_SET_DEFAULT:
			appendStringInfo(buf, " ALTER COLUMN %s SET DEFAULT ", quoted);
			if (column->generated == GENERATED_INCREMENT)
				appendStringInfo(buf, "nextval(%s::regclass)",
								 quote_literal_cstr(quote_sequence(model, column)));
			else
				appendStringInfoString(buf, column->default_sql);
			break;

		case STEP_ADD_IDENTITY:
			append_identity(buf, model, step);
			break;

		case STEP_SET_NOT_NULL:
			appendStringInfo(buf, " ALTER COLUMN %s SET NOT NULL", quoted);
			break;

		case STEP_DROP_NOT_NULL:
			appendStringInfo(buf, " ALTER COLUMN %s DROP NOT NULL", quoted);
			break;

		case STEP_ADD_UNIQUE:
			appendStringInfoString(buf, " ADD ");
			if (step->by_index)
				appendStringInfo(buf, "CONSTRAINT %s UNIQUE USING INDEX %s",
								 quote_identifier(step->index->name),
								 quote_identifier(step->index->name));
			else
				append_key(buf, step->index->name, "UNIQUE",
						   step->index->column_names);
			if (step->index->deferrable)
				appendStringInfo(buf, " DEFERRABLE %s", step->index->deferrable);
			break;

		case STEP_ADD_CHECK:
			appendStringInfo(buf, " ADD CONSTRAINT %s CHECK (%s)%s",
							 quote_identifier(step->check->name),
							 step->check->expression,
							 step->not_valid ? " NOT VALID" : "");
			break;

		case STEP_ADD_FOREIGN_KEY:
			appendStringInfoString(buf, " ADD ");
			append_foreign_key(buf, step->foreign_key);
			if (step->not_valid)
				appendStringInfoString(buf, " NOT VALID");
			break;

		case STEP_REMAKE_CONSTRAINT:
			appendStringInfo(buf, " ADD CONSTRAINT %s %s",
							 quote_identifier(step->name), step->new_name);
			break;

		case STEP_VALIDATE:
			appendStringInfo(buf, " VALIDATE CONSTRAINT %s", quote_identifier(step->name));
			break;

		default:
			Assert(false);
	}
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
		append_column(&buf, model, lfirst(lc));
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
 * The statements that give a role what an adapter needs: the use of schemas,
 * a list of OIDs, the tables of models, whatever columns they will have, their
 * sequences, and views, likewise OIDs.
 */
List *
print_grants(List *schemas, List *models, List *views, const char *role)
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
										  quote_relation(sequence), grantee));
		}
	}
	foreach(lc, views)
		statements = lappend(statements,
							 psprintf("GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE %s TO %s",
									  quote_relation(lfirst_oid(lc)), grantee));
	return statements;
}

/*
 * The statements that make an adapter's view of a model with the columns, a
 * list of ViewColumn, or replace one (NULL: none), which keeps its options.
 * Like the table it belongs to its owner.
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
								  quote_literal_cstr(psprintf("NextAuth.js model %s, for the adapter %s",
															  model->builtin->name,
															  view->adapter->name))));
	if (converts)
		statements = lappend(statements, print_write_trigger(view));
	if (model->owner != GetUserId())
		statements = lappend(statements,
							 psprintf("ALTER VIEW %s OWNER TO %s", name,
									  quote_identifier(GetUserNameFromId(model->owner,
																		 false))));
	return statements;
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
 * What a view shows of a table's column.
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

char *
print_write_trigger(const AdapterView *view)
{
	return psprintf("CREATE TRIGGER %s INSTEAD OF INSERT OR UPDATE OR DELETE ON %s"
					" FOR EACH ROW EXECUTE FUNCTION nextauth.write_through_view()",
					WRITE_TRIGGER, quote_view(view));
}

char *
print_rename_view_column(const AdapterView *view, const char *name,
						 const char *new_name)
{
	return psprintf("ALTER VIEW %s RENAME COLUMN %s TO %s", quote_view(view),
					quote_identifier(name), quote_identifier(new_name));
}

char *
print_drop_view(const AdapterView *view)
{
	return psprintf("DROP VIEW %s", quote_view(view));
}

/*
 * The statement that takes all rights on a view from a role, which is quoted.
 */
char *
print_revoke(const AdapterView *view, const char *role)
{
	return psprintf("REVOKE ALL ON %s FROM %s", quote_view(view), role);
}

static char *
quote_view(const AdapterView *view)
{
	return quote_qualified_identifier(view->schema_name, view->convention->name);
}

/*
 * The statement that makes the schema of an adapter, for the owner of the
 * tables.
 */
char *
print_create_schema(const char *schema_name, Oid owner)
{
	return psprintf("CREATE SCHEMA %s AUTHORIZATION %s",
					quote_identifier(schema_name),
					quote_identifier(GetUserNameFromId(owner, false)));
}

char *
print_drop_schema(const char *schema_name)
{
	return psprintf("DROP SCHEMA %s", quote_identifier(schema_name));
}

/*
 * The statement that lets the columns of a table fill themselves that an
 * adapter may not know.
 */
char *
print_fill_trigger(const Model *model, const char *function)
{
	return psprintf("CREATE TRIGGER %s BEFORE INSERT OR UPDATE ON %s"
					" FOR EACH ROW EXECUTE FUNCTION nextauth.%s()",
					FILL_TRIGGER, quote_table(model), function);
}

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
 * Run statements with the rights of the user.
 *
 * What they create belongs to people: it is no member of an extension the
 * script of which may be running, be it ours or one that calls us.
 */
void
run_statements(List *texts)
{
	bool		save_creating_extension = creating_extension;

	creating_extension = false;
	PG_TRY();
	{
		ListCell   *lc;

		SPI_connect();
		foreach(lc, texts)
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
 * Run what print_steps() made of steps, the table being locked: the guards let
 * it pass, a rewrite that no step foretold is refused, and no further lock is
 * waited for long.
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
		run_statements(texts_of(statements));
	}
	PG_FINALLY();
	{
		altered_table = save_table;
		rewrite_is_planned = save_rewrite;
	}
	PG_END_TRY();
	AtEOXact_GUC(true, nest);
}

/*
 * Raise an ERROR if a table is about to be rewritten by us though no step said
 * so, and it has more rows than may be.
 */
void
check_rewrite(Oid relid)
{
	int64		rows;

	if (relid != altered_table || rewrite_is_planned || nextauth_allow_rewrite)
		return;
	rows = count_rows(relid);
	if (rows > nextauth_max_scan_rows)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("statement would rewrite %lld rows of table \"%s\" under a lock",
						(long long) rows, get_rel_name(relid)),
				 errdetail("nextauth.max_scan_rows is %d.", nextauth_max_scan_rows),
				 errhint("Set nextauth.allow_rewrite to on when everybody can wait for it.")));
}

/*
 * Is it us who alters the table?
 */
bool
is_altering(Oid relid)
{
	return OidIsValid(relid) && relid == altered_table;
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
	Step		step = {.kind = STEP_CREATE_TYPE};
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
	add_statement(statements, &step, buf.data);

	if (model->owner != GetUserId())
		add_statement(statements, &step,
					  psprintf("ALTER TYPE %s OWNER TO %s", type,
							   quote_identifier(GetUserNameFromId(model->owner,
																  false))));
}

/*
 * So does the sequence of a column, or the column could not own it.
 */
static void
append_create_sequence(List **statements, const Model *model, const Step *step)
{
	const ColumnSpec *column = step->column;
	Step		alter = {.kind = step->kind};
	char	   *sequence = quote_sequence(model, column);
	char	   *create = psprintf("CREATE SEQUENCE %s AS %s START WITH " INT64_FORMAT,
								  sequence, print_type_name(model, column),
								  next_value(model, step));
	char	   *own = psprintf("OWNED BY %s.%s", quote_table(model),
							   quote_identifier(column->column_name));

	if (model->owner == GetUserId())
	{
		add_statement(statements, step, psprintf("%s %s", create, own));
		return;
	}
	add_statement(statements, step, create);
	add_statement(statements, &alter,
				  psprintf("ALTER SEQUENCE %s OWNER TO %s", sequence,
						   quote_identifier(GetUserNameFromId(model->owner,
															  false))));
	add_statement(statements, &alter, psprintf("ALTER SEQUENCE %s %s", sequence, own));
}

static void
append_column(StringInfo buf, const Model *model, const ColumnSpec *column)
{
	appendStringInfo(buf, "%s ", quote_identifier(column->column_name));
	if (column->generated == GENERATED_INCREMENT)
		appendStringInfoString(buf, column->type == INT2OID ? "smallserial" :
							   column->type == INT8OID ? "bigserial" : "serial");
	else
		appendStringInfoString(buf, print_type_name(model, column));
	if (OidIsValid(column->collation) &&
		column->collation != get_typcollation(column->type))
		appendStringInfo(buf, " COLLATE %s",
						 generate_collation_name(column->collation));
	if (column->as_expression)
		appendStringInfo(buf, " GENERATED ALWAYS AS (%s) %s", column->as_expression,
						 column->generated_type == ATTRIBUTE_GENERATED_STORED ?
						 "STORED" : "VIRTUAL");
	if (column->generated == GENERATED_IDENTITY)
		appendStringInfoString(buf, " GENERATED BY DEFAULT AS IDENTITY");
	if (!column->nullable)
		appendStringInfoString(buf, " NOT NULL");
	if (column->default_sql)
		appendStringInfo(buf, " DEFAULT %s", column->default_sql);
}

/*
 * The identity goes on after the values that are there.
 */
static void
append_identity(StringInfo buf, const Model *model, const Step *step)
{
	appendStringInfo(buf, " ALTER COLUMN %s ADD GENERATED BY DEFAULT AS IDENTITY (START WITH " INT64_FORMAT ")",
					 quote_identifier(step->column->column_name),
					 next_value(model, step));
}

static void
append_key(StringInfo buf, const char *name, const char *kind,
		   List *column_names)
{
	appendStringInfo(buf, "CONSTRAINT %s %s (%s)", quote_identifier(name), kind,
					 quote_columns(column_names));
}

static void
append_foreign_key(StringInfo buf, const ForeignKeySpec *foreign_key)
{
	append_key(buf, foreign_key->name, "FOREIGN KEY", foreign_key->column_names);
	appendStringInfo(buf, " REFERENCES %s (%s) ON DELETE %s ON UPDATE %s",
					 quote_qualified_identifier(foreign_key->schema_name,
												foreign_key->table_name),
					 quote_columns(foreign_key->target_columns),
					 print_action(foreign_key->on_delete),
					 print_action(foreign_key->on_update));
	if (foreign_key->deferrable)
		appendStringInfo(buf, " DEFERRABLE %s", foreign_key->deferrable);
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
 * The sequence that a column is to have: of the name that PostgreSQL gives it,
 * or with a number behind that if the name is in use by anything but the
 * column's own identity.
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
 * One more than the highest value of a column that is to be an integer.
 */
static int64
next_value(const Model *model, const Step *step)
{
	const char *cast = "";
	int64		highest;

	if (!same_family(step->from->type, step->column->type))
		cast = print_cast(step->column, step->from,
						  print_type_name(model, step->column));
	highest = query_number(psprintf("SELECT pg_catalog.max(%s%s)::bigint FROM %s",
									quote_identifier(step->column->column_name),
									cast, quote_table(model)));
	return Max(highest, 0) + 1;
}

static char *
quote_type(Oid type)
{
	return quote_qualified_identifier(get_namespace_name(namespace_of_type(type)),
									  name_of_type(type));
}

char *
quote_relation(Oid relid)
{
	return quote_qualified_identifier(get_namespace_name(get_rel_namespace(relid)),
									  get_rel_name(relid));
}
