/*-------------------------------------------------------------------------
 *
 * definition.c
 *	  Columns, indexes and constraints -> the options that define them
 *
 * Descriptions follow PostgreSQL's catalog as it is now.  If TypeORM's
 * comparison with the database would report a difference for one correct
 * description, an equivalent one without a difference is used; TypeORM's rules
 * are in PostgresQueryRunner.loadTables() and
 * PostgresDriver.findChangedColumns().
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_attribute.h"
#include "catalog/pg_type.h"
#include "nodes/parsenodes.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "describe.h"

static void push_indexes(JsonbParseState **state, const char *option,
						 List *indexes, List *columns, Reader reader);
static void push_exclusions(JsonbParseState **state, const Table *table);
static void push_checks(JsonbParseState **state, const Table *table,
						Reader reader);
static void push_expression(JsonbParseState **state, const char *name,
							const char *expression);
static bool is_plain_unique(const Model *model, const IndexSpec *index);
static bool has_properties(List *column_names, List *columns);
static void push_properties(JsonbParseState **state, List *column_names,
							List *columns, Reader reader);
static void push_keys(JsonbParseState **state, List *keys, List *columns);
static void push_generated(JsonbParseState **state, const Model *model,
						   const ColumnSpec *column, Reader reader);
static void push_foreign_key(JsonbParseState **state, const Model *model,
							 const ColumnSpec *column);
static bool has_typeorm_sequence(const Model *model, const ColumnSpec *column);
static char *print_nextval(const ColumnSpec *column);
static bool has_default_of_role(const ColumnSpec *column);
static void push_type(JsonbParseState **state, const Model *model,
					  const ColumnSpec *column, Reader reader);

/*
 * A column as text in the form that extend_model() takes.
 */
char *
describe_definition(const Model *model, const ColumnSpec *column)
{
	JsonbParseState *state = NULL;
	Jsonb	   *definition;

	definition = JsonbValueToJsonb(push_column(&state, NULL, model, column,
											   READER_EXTEND_MODEL));
	return JsonbToCString(NULL, &definition->root, VARSIZE(definition));
}

/*
 * Indices, UNIQUE constraints of several columns (a column has its own one),
 * exclusions and checks.  TypeORM would drop those that its models lacked;
 * extend_model() does not need the built-in ones.
 */
void
push_options(JsonbParseState **state, const Model *model, const Table *table,
			 List *columns, Reader reader)
{
	List	   *indexes = NIL;
	List	   *uniques = NIL;
	ListCell   *lc;

	foreach(lc, table->indexes)
	{
		IndexSpec  *index = lfirst(lc);

		if (!has_properties(index->column_names, columns))
			continue;
		if (!index->is_constraint &&
			(reader == READER_TYPEORM || !is_builtin_index(model->definition, model->not_unique, index, table->indexes)))
			indexes = lappend(indexes, index);
		else if (index->is_constraint && index->is_unique && !index->is_primary &&
				 (list_length(index->column_names) > 1 ||
				  (reader == READER_EXTEND_MODEL &&
				   !is_plain_unique(model, index))))
			uniques = lappend(uniques, index);
	}

	/* TypeORM reads the columns of an index on expressions, and drops it */
	foreach(lc, table->other_indexes)
	{
		IndexSpec  *index = lfirst(lc);

		if (!index->is_constraint &&
			(reader == READER_TYPEORM ? index->column_names != NIL :
			 index->is_definable) &&
			has_properties(index->column_names, columns))
			indexes = lappend(indexes, index);
	}

	push_indexes(state, "indices", indexes, columns, reader);
	push_indexes(state, "uniques", uniques, columns, reader);

	if (reader == READER_TYPEORM)
		push_exclusions(state, table);
	push_checks(state, table, reader);
}

static void
push_indexes(JsonbParseState **state, const char *option, List *indexes,
			 List *columns, Reader reader)
{
	ListCell   *lc;

	if (indexes == NIL && reader == READER_EXTEND_MODEL)
		return;
	begin_array(state, option);
	foreach(lc, indexes)
	{
		IndexSpec  *index = lfirst(lc);

		begin_object(state, NULL);
		push_string(state, "name", index->name);
		if (index->keys && reader == READER_EXTEND_MODEL)
			push_keys(state, index->keys, columns);
		else
			push_properties(state, index->column_names, columns, reader);
		if (index->is_unique && !index->is_constraint)
			push_boolean(state, "unique", true);
		if (index->where)
			push_string(state, "where", index->where);
		if (index->deferrable)
			push_string(state, "deferrable", index->deferrable);
		end_object(state);
	}
	end_array(state);
}

static void
push_exclusions(JsonbParseState **state, const Table *table)
{
	bool		found = false;
	ListCell   *lc;

	foreach(lc, table->other_indexes)
	{
		IndexSpec  *index = lfirst(lc);

		if (index->exclusion == NULL)
			continue;
		if (!found)
		{
			begin_array(state, "exclusions");
			found = true;
		}
		push_expression(state, index->name, index->exclusion);
	}
	if (found)
		end_array(state);
}

static void
push_checks(JsonbParseState **state, const Table *table, Reader reader)
{
	List	   *checks = NIL;
	ListCell   *lc;

	foreach(lc, table->checks)
	{
		CheckSpec  *check = lfirst(lc);

		/* A definition cannot have a check that is not enforced */
		if (check->is_enforced || reader == READER_TYPEORM)
			checks = lappend(checks, check);
	}
	if (checks == NIL && reader == READER_EXTEND_MODEL)
		return;
	begin_array(state, "checks");
	foreach(lc, checks)
	{
		CheckSpec  *check = lfirst(lc);

		push_expression(state, check->name, check->expression);
	}
	end_array(state);
}

/*
 * A constraint that has a name and an expression.
 */
static void
push_expression(JsonbParseState **state, const char *name,
				const char *expression)
{
	begin_object(state, NULL);
	push_string(state, "name", name);
	push_string(state, "expression", expression);
	end_object(state);
}

/*
 * Does the option "unique" of its column describe the constraint completely?
 */
static bool
is_plain_unique(const Model *model, const IndexSpec *index)
{
	return index->deferrable == NULL &&
		strcmp(index->name, name_constraint("UQ", model->table_name,
											index->column_names)) == 0;
}

/*
 * Are all columns properties of the model?
 */
static bool
has_properties(List *column_names, List *columns)
{
	ListCell   *lc;

	foreach(lc, column_names)
	{
		if (find_column(columns, lfirst(lc))->property == NULL)
			return false;
	}
	return true;
}

/*
 * TypeORM reads a column that an index has twice only once.
 */
static void
push_properties(JsonbParseState **state, List *column_names, List *columns,
				Reader reader)
{
	List	   *pushed = NIL;
	ListCell   *lc;

	begin_array(state, "columns");
	foreach(lc, column_names)
	{
		if (reader == READER_TYPEORM && is_member(pushed, lfirst(lc)))
			continue;
		push_string(state, NULL, find_column(columns, lfirst(lc))->property);
		pushed = lappend(pushed, lfirst(lc));
	}
	end_array(state);
}

/*
 * The keys of an index on expressions.
 */
static void
push_keys(JsonbParseState **state, List *keys, List *columns)
{
	ListCell   *lc;

	begin_array(state, "columns");
	foreach(lc, keys)
	{
		const IndexKey *key = lfirst(lc);

		if (key->expression == NULL)
		{
			push_string(state, NULL, find_column(columns, key->column_name)->property);
			continue;
		}
		begin_object(state, NULL);
		push_string(state, "expression", key->expression);
		end_object(state);
	}
	end_array(state);
}

/*
 * The options of a column, without those at TypeORM's defaults.  Returns them,
 * if "key" is NULL.
 */
JsonbValue *
push_column(JsonbParseState **state, const char *key, const Model *model,
			const ColumnSpec *column, Reader reader)
{
	/* TypeORM reads a domain as the type below */
	if (reader == READER_TYPEORM)
		column = without_domain(column);

	begin_object(state, key);
	push_string(state, "name", column->column_name);
	push_type(state, model, column, reader);

	if (column->nullable)
		push_boolean(state, "nullable", true);
	if (column->unique ||
		(reader == READER_EXTEND_MODEL && column->builtin &&
		 may_repeat(model->definition, column->property)))
		push_boolean(state, "unique", column->unique);
	if (column->primary)
		push_boolean(state, "primary", true);
	push_generated(state, model, column, reader);
	if (column->as_expression)
	{
		push_string(state, "asExpression", column->as_expression);
		push_string(state, "generatedType",
					column->generated_type == ATTRIBUTE_GENERATED_STORED ?
					"STORED" : "VIRTUAL");
	}
	if (column->foreign_key && reader == READER_EXTEND_MODEL &&
		(column->foreign_key->is_enforced || (column->gives & GIVES_FOREIGN_KEY)))
		push_foreign_key(state, model, column);

	if (OidIsValid(column->collation) &&
		column->collation != get_typcollation(column->type))
		push_string(state, "collation", reader == READER_TYPEORM ?
					get_collation_name(column->collation) :
					name_of_collation(column->collation));
	if (column->comment)
		push_string(state, "comment", column->comment);

	if (column->role != ROLE_NONE)
		push_boolean(state, role_option(column->role), true);
	if (!column->select)
		push_boolean(state, "select", false);

	/* A computed column cannot be written; extend_model() knows that */
	if (!column->insert || (column->as_expression && reader == READER_TYPEORM))
		push_boolean(state, "insert", false);
	if (!column->update || (column->as_expression && reader == READER_TYPEORM))
		push_boolean(state, "update", false);
	if (column->input && reader == READER_EXTEND_MODEL)
		push_boolean(state, "input", true);
	return end_object(state);
}

/*
 * What gives the column a value by itself: a sequence, or a default.
 */
static void
push_generated(JsonbParseState **state, const Model *model,
			   const ColumnSpec *column, Reader reader)
{
	if (column->generated == GENERATED_INCREMENT &&
		reader == READER_TYPEORM && !has_typeorm_sequence(model, column))
		push_string(state, "defaultExpression", print_nextval(column));
	else if (column->generated == GENERATED_INCREMENT ||
			 (column->generated == GENERATED_IDENTITY && column->builtin))
		push_boolean(state, "generated", true);
	else if (column->generated == GENERATED_IDENTITY)
		push_string(state, "generated", "identity");
	else if (column->generated == GENERATED_UUID)
		push_string(state, "generated", "uuid");
	else if (column->default_expr && !has_default_of_role(column))
		push_default(state, column, reader);
	else if (column->default_expr == NULL && column->nullable &&
			 (column->role == ROLE_CREATE_DATE || column->role == ROLE_UPDATE_DATE) &&
			 reader == READER_EXTEND_MODEL)
	{
		JsonbValue	none;

		/* It has one by default, and TypeORM has no option for none */
		none.type = jbvNull;
		push_value(state, "default", &none);
	}
}

static void
push_foreign_key(JsonbParseState **state, const Model *model,
				 const ColumnSpec *column)
{
	const ForeignKeySpec *foreign_key = column->foreign_key;
	Model	   *target = find_model(foreign_key->relid);

	begin_object(state, "foreignKey");
	push_string(state, "target", target ? target->definition->name :
				quote_qualified_identifier(foreign_key->schema_name,
										   foreign_key->table_name));
	if (strcmp(foreign_key->name,
			   name_constraint("FK", model->table_name,
							   foreign_key->column_names)) != 0)
		push_string(state, "name", foreign_key->name);
	if (foreign_key->on_delete != FKCONSTR_ACTION_NOACTION)
		push_string(state, "onDelete", print_action(foreign_key->on_delete));
	if (foreign_key->on_update != FKCONSTR_ACTION_NOACTION)
		push_string(state, "onUpdate", print_action(foreign_key->on_update));
	if (foreign_key->deferrable)
		push_string(state, "deferrable", foreign_key->deferrable);
	end_object(state);
}

/*
 * Does the column's sequence have the name by which TypeORM recognizes a
 * generated column?  After a rename of the table it does not, and TypeORM
 * would create a new sequence that starts with 1.
 */
static bool
has_typeorm_sequence(const Model *model, const ColumnSpec *column)
{
	return strcmp(name_of_relation(column->sequence),
				  psprintf("%s_%s_seq", model->table_name,
						   column->column_name)) == 0 &&
		get_rel_namespace(column->sequence) == model->schema;
}

/*
 * The default that calls nextval() of the column's sequence, as TypeORM reads
 * it.
 */
static char *
print_nextval(const ColumnSpec *column)
{
	char	   *schema = name_of_schema(get_rel_namespace(column->sequence));
	char	   *sequence = quote_qualified_identifier(schema,
													  name_of_relation(column->sequence));

	return psprintf("nextval(%s)", quote_literal_cstr(sequence));
}

/*
 * Is the default the implicit one of a date of creation or update?
 */
static bool
has_default_of_role(const ColumnSpec *column)
{
	return (column->role == ROLE_CREATE_DATE || column->role == ROLE_UPDATE_DATE) &&
		strcmp(column->default_sql, "now()") == 0;
}

static void
push_type(JsonbParseState **state, const Model *model, const ColumnSpec *column,
		  Reader reader)
{
	TypeModifiers modifiers = type_modifiers(column);

	push_string(state, "type", reader == READER_TYPEORM ?
				describe_type(column) : name_in_definition(column));
	if (column->is_array)
		push_boolean(state, "array", true);
	if (column->enum_labels)
	{
		push_strings(state, "enum", column->enum_labels);
		if (strcmp(column->enum_name,
				   name_enum(model->table_name, column->column_name)) != 0)
			push_string(state, "enumName", column->enum_name);
	}

	/* TypeORM reads no length of 1 from types that have it by default ... */
	if (modifiers.length >= 0 &&
		!(modifiers.length == 1 && has_default_length(column)))
		push_int(state, "length", modifiers.length);

	/* ... and no precision from arrays, nor a scale */
	if (column->is_array && reader == READER_TYPEORM)
		return;
	if (modifiers.precision >= 0)
		push_int(state, "precision", modifiers.precision);
	if (element_type(column) == NUMERICOID && modifiers.precision >= 0 &&
		modifiers.scale != 0)
		push_int(state, "scale", modifiers.scale);
}

/*
 * Does an id have another default than in a new table?
 */
bool
has_own_default(const ColumnSpec *column, const ColumnSpec *built)
{
	return column->default_sql != NULL &&
		(built->default_sql == NULL ||
		 strcmp(column->default_sql, built->default_sql) != 0);
}
