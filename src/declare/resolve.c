/*-------------------------------------------------------------------------
 *
 * resolve.c
 *	  Completes a definition by what is there: enum types, foreign keys, expressions
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "parser/parse_oper.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "compat.h"
#include "declare.h"

static bool uses_label(const ColumnSpec *column, List *labels);
static void keep_enum_type(ColumnSpec *desired, const ColumnSpec *found);
static Oid	find_target(const Model *model, const ColumnSpec *column);
static void resolve_foreign_key(const Model *model, ColumnSpec *column);
static void complete_expression(const Model *model, List *columns,
								IndexSpec *index, IndexKey *key);

/*
 * Complete a definition from the table: the enum type in use, the table that a
 * foreign key refers to.
 */
void
complete_column(const Model *model, ColumnSpec *desired, List *actual)
{
	const ColumnSpec *found = find_column(actual, desired->column_name);

	if (desired->foreign_key)
		resolve_foreign_key(model, desired);
	if (found && desired->enum_labels && found->enum_labels)
		keep_enum_type(desired, found);

	if (found)
	{
		desired->is_filling = found->is_filling;
		desired->of_adapter = found->of_adapter;
	}

	/* A foreign key by hand stays, unless the definition has one, or had one */
	if (desired->foreign_key)
		desired->gives |= GIVES_FOREIGN_KEY;
	else if (found && !(found->gives & GIVES_FOREIGN_KEY))
		desired->foreign_key = found->foreign_key;

	/* So does a comment */
	if (desired->comment)
		desired->gives |= GIVES_COMMENT;
	else if (found && !(desired->gives & GIVES_COMMENT) &&
			 !(found->gives & GIVES_COMMENT))
		desired->comment = found->comment;
	if (desired->comment == NULL && !desired->builtin)
		desired->gives &= ~GIVES_COMMENT;
}

/*
 * Copies of the actual columns, to compare definitions with: of several foreign
 * keys a column has the one that its definition has.
 */
List *
columns_to_compare(const Table *table, List *actual, List *desired)
{
	List	   *result = NIL;
	ListCell   *lc;
	ListCell   *lc2;

	foreach(lc, actual)
	{
		ColumnSpec *column = copy_column(lfirst(lc));
		const ColumnSpec *definition = find_column(desired, column->column_name);

		foreach(lc2, definition && definition->foreign_key ? table->foreign_keys : NIL)
		{
			ForeignKeySpec *foreign_key = lfirst(lc2);

			if (equal_names(foreign_key->column_names,
							definition->foreign_key->column_names) &&
				same_foreign_key(definition->foreign_key, foreign_key))
				column->foreign_key = foreign_key;
		}
		result = lappend(result, column);
	}
	return result;
}

/*
 * The column keeps its enum type, though it may get more labels: the name that
 * TypeORM implies changes when the table is renamed, and the type does not
 * move to another schema with the table.
 */
static void
keep_enum_type(ColumnSpec *desired, const ColumnSpec *found)
{
	List	   *labels = NIL;
	ListCell   *lc;

	if (desired->is_array != found->is_array || desired->type == found->type ||
		(!desired->enum_name_implied &&
		 strcmp(desired->enum_name, found->enum_name) != 0))
		return;

	desired->type = found->type;
	desired->enum_name = found->enum_name;
	if (desired->default_literal == NULL)
		return;

	/* A literal with a label that the type lacks cannot be read yet */
	foreach(lc, desired->enum_labels)
	{
		if (!is_member(found->enum_labels, lfirst(lc)))
			labels = lappend(labels, lfirst(lc));
	}
	if (!uses_label(desired, labels))
		set_default_literal(desired, desired->default_literal);
}

/*
 * Is one of the labels in the default of the enum, or array of it?
 */
static bool
uses_label(const ColumnSpec *column, List *labels)
{
	Datum	   *elements;
	bool	   *nulls;
	int			count;

	if (!column->is_array)
		return is_member(labels, column->default_literal);

	deconstruct_array(DatumGetArrayTypeP(OidFunctionCall3(F_ARRAY_IN,
														  CStringGetDatum(column->default_literal),
														  ObjectIdGetDatum(TEXTOID),
														  Int32GetDatum(-1))),
					  TEXTOID, -1, false, TYPALIGN_INT, &elements, &nulls, &count);
	for (int i = 0; i < count; i++)
	{
		if (!nulls[i] && is_member(labels, TextDatumGetCString(elements[i])))
			return true;
	}
	return false;
}

/*
 * Raise an ERROR if properties that share an enum type give it different
 * labels.  Of a type that is still to be created, plan_enum_type() does.
 */
void
check_shared_enums(List *columns)
{
	ListCell   *lc;

	foreach(lc, columns)
	{
		ColumnSpec *column = lfirst(lc);

		if (column->enum_labels == NIL || !OidIsValid(column->type))
			continue;
		for (int i = 0; i < foreach_current_index(lc); i++)
		{
			ColumnSpec *other = list_nth(columns, i);

			if (other->enum_labels && OidIsValid(other->type) &&
				element_type(other) == element_type(column))
				check_same_labels(other, column);
		}
	}
}

/*
 * Raise an ERROR if two properties, which share an enum type, give it different
 * labels.
 */
void
check_same_labels(const ColumnSpec *column, const ColumnSpec *other)
{
	if (!equal_names(column->enum_labels, other->enum_labels))
		ereport(ERROR,
				(errcode(ERRCODE_DUPLICATE_OBJECT),
				 errmsg("properties \"%s\" and \"%s\" define enum type \"%s\" with different labels",
						column->property, other->property, other->enum_name)));
}

/*
 * The table to which the column's foreign key refers: a model's, or one that
 * may be named without its schema in the schema of this model's table.
 *
 * Raise an ERROR if there is none.
 */
static Oid
find_target(const Model *model, const ColumnSpec *column)
{
	const char *target = column->foreign_key->target;
	Oid			relid = InvalidOid;

	for (const ModelDefinition *m = next_model(NULL); m; m = next_model(m))
	{
		if (strcmp(m->name, target) == 0)
			relid = read_model(m->name, NEWEST_ROWS)->relid;
	}
	if (!OidIsValid(relid))
		relid = get_relname_relid(target, model->schema);
	if (!OidIsValid(relid))
	{
		RangeVar   *name = makeRangeVarFromNameList(stringToQualifiedNameList(target,
																			  NULL));

		if (name->schemaname && name->catalogname == NULL)
			relid = get_relname_relid(name->relname,
									  get_namespace_oid(name->schemaname, true));
	}
	if (!OidIsValid(relid))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("target \"%s\" of the foreign key of property \"%s\" does not exist",
						target, column->property),
				 errhint("Give the name of a model, or of a table with its schema.")));
	return relid;
}

/*
 * Look up what a foreign key refers to, the primary key of its target.
 *
 * Raise an ERROR if there is none, or if it does not fit the column.
 */
static void
resolve_foreign_key(const Model *model, ColumnSpec *column)
{
	ForeignKeySpec *foreign_key = column->foreign_key;
	Table	   *target_table;
	const ColumnSpec *key;
	Operator	equals;
	ListCell   *lc;

	foreign_key->column_names = list_make1(column->column_name);

	/* TypeORM would write nothing into it */
	if (column->is_array)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("property \"%s\" is an array and cannot have a foreign key",
						column->property)));

	foreign_key->relid = find_target(model, column);
	foreign_key->schema_name = name_of_schema(get_rel_namespace(foreign_key->relid));
	foreign_key->table_name = name_of_relation(foreign_key->relid);
	target_table = read_table(foreign_key->relid);
	foreach(lc, target_table->indexes)
	{
		IndexSpec  *index = lfirst(lc);

		if (index->is_primary)
			foreign_key->target_columns = index->column_names;
	}
	if (list_length(foreign_key->target_columns) != 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_FOREIGN_KEY),
				 errmsg("target \"%s\" of the foreign key of property \"%s\" has no primary key of one column",
						foreign_key->target, column->property)));

	key = find_column(target_table->columns, linitial(foreign_key->target_columns));
	equals = oper(NULL, list_make1(makeString("=")), key->type, column->type, true, -1);
	if (!HeapTupleIsValid(equals))
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("foreign key of property \"%s\" does not fit its target",
						column->property),
				 errdetail("The property has type %s, and column \"%s\" of table \"%s\" has type %s.",
						   format_type_be(column->type), key->column_name,
						   foreign_key->table_name, format_type_be(key->type))));
	ReleaseSysCache(equals);
}

/*
 * The desired columns of the table: the actual ones, custom ones replaced by
 * their definitions, and the new ones.
 */
List *
merge_columns(List *actual, List *desired)
{
	List	   *result = NIL;
	ListCell   *lc;

	foreach(lc, actual)
	{
		ColumnSpec *column = lfirst(lc);
		ColumnSpec *definition = find_column(desired, column->column_name);

		if (definition && !definition->builtin)
			result = lappend(result, definition);
		else if (column->attnum != 0)
			result = lappend(result, column);
	}
	foreach(lc, desired)
	{
		ColumnSpec *column = lfirst(lc);

		if (!column->builtin &&
			find_column(actual, column->column_name) == NULL)
			result = lappend(result, column);
	}
	return result;
}

/*
 * Give an index of the options, of which the keys are known, the columns, and
 * the expressions as PostgreSQL stores them.  One that is nothing but a column is
 * that column.
 */
void
complete_index(const Model *model, List *columns, IndexSpec *index)
{
	List	   *names = NIL;
	bool		has_expressions = false;
	ListCell   *lc;

	foreach(lc, index->keys)
	{
		IndexKey   *key = lfirst(lc);

		if (key->property)
			key->column_name = linitial(columns_of_properties(model, columns,
															  list_make1(key->property)));
		names = lappend(names, key->column_name ? key->column_name : key->expression);
	}
	index->is_named = index->name != NULL;
	if (!index->is_named)
		index->name = name_index(model->table_name, names, index->where);

	foreach(lc, index->keys)
	{
		IndexKey   *key = lfirst(lc);

		if (key->expression)
			complete_expression(model, columns, index, key);
		if (key->column_name)
			index->column_names = lappend(index->column_names, key->column_name);
		else
			has_expressions = true;
	}
	if (!has_expressions)
		index->keys = NIL;
}

static void
complete_expression(const Model *model, List *columns, IndexSpec *index,
					IndexKey *key)
{
	List	   *column_names;

	key->expression = print_table_expression(model, columns,
											 key->expression, NULL,
											 EXPR_KIND_INDEX_EXPRESSION,
											 "expression of index", index->name,
											 &column_names);
	if (list_length(column_names) == 1 &&
		strcmp(key->expression, quote_identifier(linitial(column_names))) == 0)
	{
		key->column_name = linitial(column_names);
		key->expression = NULL;
		return;
	}
	index->expression_columns = list_concat(index->expression_columns, column_names);
}

/*
 * Raise an ERROR, with the closest match in the hint, if the model has no such
 * property.
 */
List *
columns_of_properties(const Model *model, List *columns, List *properties)
{
	List	   *result = NIL;
	ListCell   *lc;
	ListCell   *lc2;

	foreach(lc, properties)
	{
		ColumnSpec *column = find_property(columns, lfirst(lc));
		ClosestMatchState match;
		const char *closest;

		if (column == NULL)
		{
			initClosestMatch(&match, lfirst(lc), 4);
			foreach(lc2, columns)
			{
				column = lfirst(lc2);
				if (column->property)
					updateClosestMatch(&match, column->property);
			}
			closest = getClosestMatch(&match);
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_COLUMN),
					 errmsg("model \"%s\" has no property \"%s\"",
							model->definition->name, (char *) lfirst(lc)),
					 closest ?
					 errhint("Perhaps you meant the property \"%s\".", closest) : 0));
		}
		result = lappend(result, column->column_name);
	}
	return result;
}
