/*-------------------------------------------------------------------------
 *
 * plan.c
 *	  A model as it is desired against its table -> an ordered list of steps
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_inherits.h"
#include "commands/comment.h"
#include "optimizer/optimizer.h"
#include "utils/builtins.h"
#include "utils/json.h"
#include "utils/lsyscache.h"
#include "utils/ruleutils.h"

#include "compat.h"
#include "change.h"

/* What the functions here share */
typedef struct PlanContext
{
	const Model *model;
	const Table *table;
	List	   *actual;			/* of ColumnSpec, as in read_model_columns() */
	List	   *columns;		/* of ColumnSpec, the desired columns */
	bool		online;
	ModelPlan  *plan;
} PlanContext;

static void plan_repetition(PlanContext *context, List *desired);
static void check_no_unique_index(PlanContext *context, const ColumnSpec *column);
static void plan_column(PlanContext *context, PlannedColumn *planned);
static void plan_builtin_column(PlanContext *context, PlannedColumn *planned,
								const ColumnSpec *declared);
static void give_options(const Model *model, const ColumnSpec *desired,
						 const ColumnSpec *declared, ColumnSpec *restated,
						 ColumnSpec *target);
static void give_default(ColumnSpec *target, const ColumnSpec *source);
static void give_citext(const ColumnSpec *desired, const ColumnSpec *declared,
						ColumnSpec *restated, ColumnSpec *target);
static void give_id_default(ColumnSpec *target, const ColumnSpec *desired,
							const ColumnSpec *declared);
static void check_name_free(const Model *model, const ColumnSpec *desired,
							const ColumnSpec *declared,
							const ColumnSpec *found);
static void plan_new_column(PlanContext *context, ColumnSpec *column);
static void plan_bare_column(PlanContext *context, ColumnSpec *column);
static void plan_enum_type(PlanContext *context, ColumnSpec *column);
static void plan_labels(PlanContext *context, ColumnSpec *desired,
						const ColumnSpec *found);
static void report_lost_label(const Model *model, const ColumnSpec *desired,
							  const ColumnSpec *found, const char *label,
							  const char *missing);
static void plan_label(PlanContext *context, ColumnSpec *desired,
					   const ColumnSpec *found, const char *label);
static bool plan_expression(PlanContext *context, ColumnSpec *desired,
							const ColumnSpec *found);
static void plan_column_anew(PlanContext *context, ColumnSpec *desired,
							 const ColumnSpec *found);
static void plan_constraints_anew(PlanContext *context, ColumnSpec *desired,
								  const ColumnSpec *found);
static void plan_indexes_anew(PlanContext *context, ColumnSpec *desired,
							  const ColumnSpec *found);
static void keep_index_settings(PlanContext *context, Step *step,
								IndexSpec *index, const IndexSpec *replaced);
static void keep_statistics(PlanContext *context, ColumnSpec *column,
							const ColumnSpec *found);
static void keep_comment(PlanContext *context, ColumnSpec *column,
						 const char *name);
static void plan_default(PlanContext *context, ColumnSpec *desired,
						 const ColumnSpec *found, bool new_type);
static void plan_changes(PlanContext *context, ColumnSpec *desired,
						 const ColumnSpec *found);
static void drop_foreign_keys(PlanContext *context, ColumnSpec *column);
static Step *plan_unique(PlanContext *context, ColumnSpec *column,
						 IndexSpec *index);
static void reuse_index(PlanContext *context, Step *step);
static bool is_usable(const IndexSpec *index, const IndexSpec *constraint);
static void drop_invalid_indexes(PlanContext *context);
static void drop_invalid_index(PlanContext *context, const char *name);
static void check_identity(PlanContext *context);
static bool can_be_identity(PlanContext *context, const IndexSpec *index);
static void check_virtual(PlanContext *context);
static Step *plan_foreign_key(PlanContext *context, ColumnSpec *desired,
							  const ForeignKeySpec *from,
							  const ColumnSpec *found);
static bool same_index(const IndexSpec *desired, const IndexSpec *actual);
static void plan_object(PlanContext *context, const char *kind, char *name,
						ColumnAction action);
static void plan_index(PlanContext *context, IndexSpec *index);
static IndexSpec *find_index(const Table *table, const IndexSpec *index);
static Step *find_column_unique(const PlanContext *context, const IndexSpec *index);
static void plan_drop(PlanContext *context, const IndexSpec *index);
static void plan_check(PlanContext *context, CheckSpec *check);
static void check_room(const Model *model, List *steps);
static Step *add_replacing_step(PlanContext *context, StepKind kind,
								ColumnSpec *column, const IndexSpec *replaced);
static Step *add_step(PlanContext *context, StepKind kind, ColumnSpec *column);

/*
 * Plan the changes that make the model as "desired", a list of ColumnSpec, and
 * "spec" define.  "actual" comes from read_model_columns(); "online" allows
 * several transactions.
 *
 * Raise an ERROR if the definition contradicts a built-in column, or if no
 * statement could make a change.
 */
ModelPlan *
make_plan(const Model *model, List *desired, const ModelSpec *spec,
		  const Table *table, List *actual, bool online)
{
	PlanContext context;
	ListCell   *lc;

	context.model = model;
	context.table = table;
	context.online = online;
	context.plan = palloc0_object(ModelPlan);

	foreach(lc, desired)
		complete_column(model, lfirst(lc), actual);
	context.actual = actual = columns_to_compare(table, actual, desired);
	check_shared_enums(desired);
	plan_repetition(&context, desired);
	context.columns = merge_columns(actual, desired);
	context.plan->all_columns = context.columns;

	foreach(lc, spec->uniques)
	{
		IndexSpec  *index = lfirst(lc);

		index->column_names = columns_of_properties(model, context.columns, index->properties);
		index->is_named = index->name != NULL;
		if (!index->is_named)
			index->name = name_constraint("UQ", model->table_name, index->column_names);

		/* It is the same constraint that the column's own option means */
		if (list_length(index->column_names) == 1)
		{
			ColumnSpec *column = find_column(desired, linitial(index->column_names));

			find_column(context.columns,
						linitial(index->column_names))->unique = true;
			if (column && column->builtin && (column->gives & GIVES_UNIQUE))
				column->unique = true;
		}
	}

	foreach(lc, desired)
	{
		PlannedColumn *planned = palloc0_object(PlannedColumn);

		planned->column = lfirst(lc);
		plan_column(&context, planned);

		/* Existing indexes and constraints are reported as they are */
		if (planned->action == ACTION_UNCHANGED)
			planned->column = find_property(actual, planned->column->property);
		else if (!planned->column->builtin)
			context.plan->changes_catalog = true;
		context.plan->columns = lappend(context.plan->columns, planned);
	}

	foreach(lc, spec->uniques)
		plan_index(&context, lfirst(lc));
	foreach(lc, spec->indexes)
	{
		complete_index(model, context.columns, lfirst(lc));
		plan_index(&context, lfirst(lc));
	}
	foreach(lc, spec->checks)
		plan_check(&context, lfirst(lc));
	drop_invalid_indexes(&context);
	check_room(model, context.plan->steps);
	check_identity(&context);
	check_virtual(&context);

	foreach(lc, context.plan->steps)
		set_cost(model, table, lfirst(lc));
	return context.plan;
}

/*
 * The built-in unique properties that will not be unique: those that are not
 * now, changed by the definition.
 */
static void
plan_repetition(PlanContext *context, List *desired)
{
	List	   *result = NIL;
	ListCell   *lc;

	foreach(lc, context->model->not_unique)
	{
		const ColumnSpec *column = find_property(desired, lfirst(lc));

		if (column == NULL || !(column->gives & GIVES_UNIQUE) || !column->unique)
			result = lappend(result, lfirst(lc));
	}
	foreach(lc, desired)
	{
		const ColumnSpec *column = lfirst(lc);

		if ((column->gives & GIVES_UNIQUE) && !column->unique &&
			may_repeat(context->model->definition, column->property) &&
			!is_member(result, column->property))
		{
			check_no_unique_index(context, column);
			result = lappend(result, column->property);
		}
	}
	context->plan->not_unique = result;
	if (!equal_names(result, context->model->not_unique))
		context->plan->changes_catalog = true;
}

/*
 * Raise an ERROR if a plain index makes the column of an adopted table unique:
 * the extension does not drop it.
 */
static void
check_no_unique_index(PlanContext *context, const ColumnSpec *column)
{
	ListCell   *lc;

	foreach(lc, context->table->indexes)
	{
		const IndexSpec *index = lfirst(lc);

		if (index->is_unique && !index->is_constraint && index->where == NULL &&
			equal_names(index->column_names, list_make1(column->column_name)))
			ereport(ERROR,
					(errcode(ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST),
					 errmsg("property \"%s\" of model \"%s\" is unique by index \"%s\"",
							column->property, context->model->definition->name,
							index->name),
					 errhint("Drop the index first: DROP INDEX %s.",
							 quote_relation(index->relid))));
	}
}

/*
 * Plan one column, and report its action.
 */
static void
plan_column(PlanContext *context, PlannedColumn *planned)
{
	ColumnSpec *desired = planned->column;
	const ColumnSpec *declared = find_property(context->actual, desired->property);
	const ColumnSpec *found = find_column(context->actual, desired->column_name);

	if (desired->builtin)
	{
		plan_builtin_column(context, planned, declared);
		return;
	}

	check_name_free(context->model, desired, declared, found);
	check_expression_rights(desired->default_expr, context->model->owner);
	if (desired->as_expression)
		desired->as_expression =
			print_table_expression(context->model, context->columns,
								   desired->as_expression, desired,
								   EXPR_KIND_GENERATED_COLUMN,
								   "asExpression of property",
								   desired->property, NULL);

	/* A declared column that the table lost may be added again, or replaced */
	if (found == NULL || found->attnum == 0)
	{
		planned->action = ACTION_ADDED;
		plan_new_column(context, desired);
		return;
	}

	planned->changes = describe_changes(desired, found);
	if (planned->changes)
	{
		planned->action = ACTION_ALTERED;
		plan_changes(context, desired, found);
	}
	if (declared != found)
	{
		if (planned->changes == NULL)
			planned->action = ACTION_ADOPTED;
	}
	else if (!same_declaration(desired, declared))
	{
		char	   *changes = describe_declaration(desired, declared);

		planned->action = ACTION_ALTERED;
		if (planned->changes && changes)
			changes = psprintf("%s; %s", planned->changes, changes);
		if (changes)
			planned->changes = changes;
	}

	/* An interrupted extend_model_online() has not validated it */
	if ((desired->gives & GIVES_FOREIGN_KEY) && found->foreign_key &&
		!found->foreign_key->is_valid &&
		same_foreign_key(desired->foreign_key, found->foreign_key))
	{
		add_step(context, STEP_VALIDATE, desired)->name = found->foreign_key->name;
		planned->action = ACTION_ALTERED;
	}
}

/*
 * A definition may repeat a built-in column, as a JavaScript spread does, and
 * give it further options; options that it does not give stay.
 */
static void
plan_builtin_column(PlanContext *context, PlannedColumn *planned,
					const ColumnSpec *found)
{
	const Model *model = context->model;
	ColumnSpec *desired = planned->column;
	const ColumnSpec *declared = find_property(builtin_columns(model), desired->property);
	ColumnSpec *target = palloc_object(ColumnSpec);
	ColumnSpec	restated = *desired;
	char	   *differences;

	if (found->attnum == 0)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("column \"%s\" of model \"%s\" is missing",
						found->column_name, model->definition->name),
				 errhint("Call nextauth.check_models(), which shows how to add it.")));
	check_expression_rights(desired->default_expr, model->owner);
	*target = *found;
	give_options(model, desired, declared, &restated, target);

	/* An adopted table may have it in another way */
	differences = find_differences(&restated, declared);
	if (differences && find_differences(desired, found))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("definition of property \"%s\" contradicts the built-in definition of model \"%s\"",
						desired->property, model->definition->name),
				 errdetail("Built in: %s.", differences),
				 declared->unique && !desired->unique &&
				 !may_repeat(model->definition, desired->property) ?
				 errhint("An adapter finds one row by this property: only the email of model \"User\" may be defined with \"unique\": false.") :
				 errhint("Leave the property out, or repeat the built-in definition; only length, default, unique and comment may differ.")));

	planned->changes = describe_changes(target, found);
	if (planned->changes)
	{
		planned->action = ACTION_ALTERED;
		planned->column = target;
		plan_changes(context, target, found);
	}
	else if (is_member(context->plan->not_unique, desired->property) !=
			 is_member(model->not_unique, desired->property))
	{
		planned->action = ACTION_ALTERED;
		planned->changes = psprintf("unique from %s to %s",
									declared->unique ? "true" : "false",
									declared->unique ? "false" : "true");
	}
}

/*
 * Give "target", the built-in column as it was found, the options that its
 * definition may change.  In "restated", the definition, they become what is
 * built in: what differs then is a contradiction.
 */
static void
give_options(const Model *model, const ColumnSpec *desired,
			 const ColumnSpec *declared, ColumnSpec *restated,
			 ColumnSpec *target)
{
	restated->comment = NULL;
	if (desired->gives & GIVES_COMMENT)
		target->comment = desired->comment;
	if (may_be_citext(model->definition, desired->property) &&
		desired->type != declared->type && desired->typmod < 0)
		give_citext(desired, declared, restated, target);
	else if (desired->type == declared->type)
	{
		if (desired->typmod < 0 || (desired->gives & GIVES_LENGTH))
			restated->typmod = declared->typmod;
		if ((desired->gives & GIVES_LENGTH) && target->type == desired->type)
			target->typmod = desired->typmod;
	}
	if ((desired->gives & GIVES_UNIQUE) &&
		may_repeat(model->definition, desired->property))
	{
		restated->unique = declared->unique;
		target->unique = desired->unique;
	}
	else if (!declared->unique && !declared->primary)
	{
		restated->unique = false;
		if (desired->gives & GIVES_UNIQUE)
			target->unique = desired->unique;
	}
	if (declared->generated == GENERATED_NEVER && declared->default_sql == NULL)
	{
		restated->default_sql = NULL;
		if (desired->gives & GIVES_DEFAULT)
			give_default(target, desired);
	}
	else if (declared->primary && (desired->gives & GIVES_DEFAULT))
	{
		restated->generated = declared->generated;
		restated->default_sql = declared->default_sql;
		give_id_default(target, desired, declared);
	}
	else if (declared->primary && restated->generated == GENERATED_NEVER)
		restated->default_sql = declared->default_sql;
	if (!(desired->gives & GIVES_PRIMARY))
		restated->primary = declared->primary;
	if (restated->generated == GENERATED_IDENTITY &&
		declared->generated == GENERATED_INCREMENT)
		restated->generated = declared->generated;
}

static void
give_default(ColumnSpec *target, const ColumnSpec *source)
{
	target->default_literal = source->default_literal;
	target->default_expr = source->default_expr;
	target->default_sql = source->default_sql;
}

/*
 * A column that is built in as varchar may become citext.  To restate it as it
 * is built in leaves it so.
 */
static void
give_citext(const ColumnSpec *desired, const ColumnSpec *declared,
			ColumnSpec *restated, ColumnSpec *target)
{
	if (is_citext(desired->type))
	{
		target->type = desired->type;
		target->typmod = -1;
		target->collation = desired->collation;
	}
	else if (desired->type != VARCHAROID || !is_citext(declared->type))
		return;
	restated->type = declared->type;
}

/*
 * Give an id, which "target" is still as it was found, the default that its
 * definition has or, if that is null, the built-in one.
 *
 * Raise an ERROR if it would give several rows the same id.
 */
static void
give_id_default(ColumnSpec *target, const ColumnSpec *desired,
				const ColumnSpec *declared)
{
	const ColumnSpec *source = desired->default_expr ? desired : declared;

	if (desired->default_expr && !contain_volatile_functions(desired->default_expr))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("default of property \"%s\" is not volatile",
						desired->property),
				 errdetail("It would give several rows the same id."),
				 errhint("Give an expression that makes new values as \"defaultExpression\", such as \"'usr_' || gen_random_uuid()\".")));

	/* An identity is a sequence as well */
	if (source == declared && target->generated == GENERATED_IDENTITY)
		return;
	target->generated = source->generated;
	give_default(target, source);
}

/*
 * Raise an ERROR if the property is another column, or the column another
 * property.
 */
static void
check_name_free(const Model *model, const ColumnSpec *desired,
				const ColumnSpec *declared, const ColumnSpec *found)
{
	if (found && found->property && found != declared)
		ereport(ERROR,
				(errcode(ERRCODE_DUPLICATE_COLUMN),
				 errmsg("column \"%s\" of property \"%s\" belongs to property \"%s\"",
						desired->column_name, desired->property,
						found->property),
				 errhint("Name another column with the option \"name\", or rename the property with nextauth.rename_property().")));
	if (declared && declared != found && declared->attnum != 0)
	{
		StringInfoData name;

		initStringInfo(&name);
		escape_json(&name, declared->column_name);
		ereport(ERROR,
				(errcode(ERRCODE_DUPLICATE_COLUMN),
				 errmsg("property \"%s\" of model \"%s\" has column \"%s\"",
						desired->property, model->definition->name,
						declared->column_name),
				 errhint("Define it with \"name\": %s, or rename the column: SELECT nextauth.rename_property(%s, %s, %s, %s).",
						 name.data, quote_literal_cstr(model->definition->name),
						 quote_literal_cstr(desired->property),
						 quote_literal_cstr(desired->property),
						 quote_literal_cstr(desired->column_name))));
	}
}

static void
plan_new_column(PlanContext *context, ColumnSpec *column)
{
	plan_bare_column(context, column);
	if (column->unique)
		plan_unique(context, column, NULL);
	if (column->foreign_key)
		plan_foreign_key(context, column, column->foreign_key, NULL);
	if (column->comment)
		add_step(context, STEP_COMMENT, column);
}

static void
plan_bare_column(PlanContext *context, ColumnSpec *column)
{
	plan_enum_type(context, column);
	if (OidIsValid(column->type))
		check_type_usage(column, context->model->owner);
	check_collation_usage(column->collation, context->model->owner);
	add_step(context, STEP_ADD_COLUMN, column);
}

/*
 * Create the column's enum type first, unless it exists or another column of
 * the same enumName creates it.
 */
static void
plan_enum_type(PlanContext *context, ColumnSpec *column)
{
	ListCell   *lc;

	if (column->enum_labels == NIL || OidIsValid(column->type))
		return;

	if (OidIsValid(find_enum_type(context->model, column->enum_name)))
		ereport(ERROR,
				(errcode(ERRCODE_DUPLICATE_OBJECT),
				 errmsg("enum type \"%s\" already exists with other labels",
						column->enum_name),
				 errhint("Choose another name with the option \"enumName\", or define property \"%s\" with the labels of the type.",
						 column->property)));

	foreach(lc, context->plan->steps)
	{
		Step	   *step = lfirst(lc);

		if (step->kind != STEP_CREATE_TYPE ||
			strcmp(step->column->enum_name, column->enum_name) != 0)
			continue;
		check_same_labels(step->column, column);
		return;
	}
	add_step(context, STEP_CREATE_TYPE, column);
}

/*
 * The statements, in the order of their execution, that make the column that
 * is found the desired one.
 */
static void
plan_changes(PlanContext *context, ColumnSpec *desired,
			 const ColumnSpec *found)
{
	bool		new_type = (desired->type != found->type ||
							desired->typmod != found->typmod);
	Step	   *step;

	if (new_type && OidIsValid(desired->type))
		check_type_usage(desired, context->model->owner);
	if (desired->collation != found->collation)
		check_collation_usage(desired->collation, context->model->owner);
	if (found->primary && !desired->primary)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("column \"%s\" of model \"%s\" is part of the primary key",
						found->column_name, context->model->definition->name)));

	/* A computed column has no values to lose */
	if ((desired->as_expression || found->as_expression) &&
		!plan_expression(context, desired, found))
		return;

	if (found->foreign_key &&
		!same_foreign_key(desired->foreign_key, found->foreign_key))
		drop_foreign_keys(context, desired);
	if (found->unique && !desired->unique)
	{
		ListCell   *lc;

		foreach(lc, context->table->indexes)
		{
			IndexSpec  *index = lfirst(lc);

			if (index->is_constraint && index->is_unique && !index->is_primary &&
				list_length(index->column_names) == 1 &&
				strcmp(linitial(index->column_names), found->column_name) == 0)
				add_step(context, STEP_DROP_CONSTRAINT, desired)->name = index->name;
		}
	}

	if (!new_type && desired->enum_labels)
		plan_labels(context, desired, found);
	else
		plan_enum_type(context, desired);
	plan_default(context, desired, found, new_type);
	if (desired->nullable && !found->nullable)
		add_step(context, STEP_DROP_NOT_NULL, desired);
	else if (!desired->nullable && found->nullable)
		add_step(context, STEP_SET_NOT_NULL, desired)->from = found;
	else if (!desired->nullable && found->unvalidated_not_null &&
			 !desired->unvalidated_not_null)
		add_step(context, STEP_VALIDATE_NOT_NULL, desired)->name =
			found->unvalidated_not_null;
	if (desired->unique && !found->unique)
		plan_unique(context, desired, NULL);
	if (desired->foreign_key &&
		!same_foreign_key(desired->foreign_key, found->foreign_key))
		plan_foreign_key(context, desired, desired->foreign_key, found);

	if (!same_string(desired->comment, found->comment))
		add_step(context, STEP_COMMENT, desired);

	/* An enum type that was made for the column alone goes with it */
	if (found->enum_labels && new_type && is_own_enum_type(context->model, found,
														   view_oids(find_adapter_views(context->model))))
	{
		step = add_step(context, STEP_DROP_TYPE, desired);
		step->from = found;
	}
}

/*
 * Drop all foreign keys of the column alone.
 */
static void
drop_foreign_keys(PlanContext *context, ColumnSpec *column)
{
	ListCell   *lc;

	foreach(lc, context->table->foreign_keys)
	{
		ForeignKeySpec *foreign_key = lfirst(lc);
		Step	   *step;

		if (list_length(foreign_key->column_names) != 1 ||
			strcmp(linitial(foreign_key->column_names), column->column_name) != 0)
			continue;
		step = add_step(context, STEP_DROP_CONSTRAINT, column);
		step->name = foreign_key->name;
		step->foreign_key = foreign_key;
	}
}

/*
 * Plan type, default and generation, which depend on each other.
 */
static void
plan_default(PlanContext *context, ColumnSpec *desired,
			 const ColumnSpec *found, bool new_type)
{
	bool		from_sequence = desired->generated == GENERATED_INCREMENT;
	bool		drops = false;
	bool		sets;
	Step	   *step;

	sets = desired->default_sql &&
		(found->default_sql == NULL || new_type ||
		 strcmp(desired->default_sql, found->default_sql) != 0);

	/* A sequence of its own is to have the name of the identity's */
	if (found->generated == GENERATED_IDENTITY &&
		desired->generated != GENERATED_IDENTITY)
		add_step(context, STEP_DROP_IDENTITY, desired);
	if (from_sequence && found->generated != GENERATED_INCREMENT)
	{
		step = add_step(context, STEP_CREATE_SEQUENCE, desired);
		step->from = found;
		sets = true;
	}

	/*
	 * ALTER TABLE converts a default only with a cast, so drop it and set it
	 * again
	 */
	if (found->default_sql)
		drops = new_type || !desired->default_sql;
	else if (found->generated == GENERATED_INCREMENT && !from_sequence)
		drops = !sets;
	if (drops)
		add_step(context, STEP_DROP_DEFAULT, desired);

	if (new_type || desired->collation != found->collation)
	{
		step = add_step(context, STEP_SET_TYPE, desired);
		step->from = found;
		keep_statistics(context, desired, found);
	}

	/* That of an identity follows the type by itself */
	if (from_sequence && found->generated == GENERATED_INCREMENT &&
		desired->type != found->type)
	{
		step = add_step(context, STEP_SET_SEQUENCE_TYPE, desired);
		step->from = found;
	}
	if (sets)
		add_step(context, STEP_SET_DEFAULT, desired);
	if (desired->generated == GENERATED_IDENTITY &&
		found->generated != GENERATED_IDENTITY)
	{
		step = add_step(context, STEP_ADD_IDENTITY, desired);
		step->from = found;
	}
	if (found->generated == GENERATED_INCREMENT && !from_sequence)
	{
		step = add_step(context, STEP_DROP_SEQUENCE, desired);
		step->from = found;
	}
}

/*
 * Plan a column that is, or was, computed.  Returns false if the column is
 * dropped and re-created, which leaves nothing else to do.
 */
static bool
plan_expression(PlanContext *context, ColumnSpec *desired,
				const ColumnSpec *found)
{
	if (found->as_expression && desired->as_expression == NULL)
	{
		if (found->generated_type == ATTRIBUTE_GENERATED_STORED)
		{
			add_step(context, STEP_DROP_EXPRESSION, desired);
			return true;
		}
	}
	else if (found->as_expression &&
			 desired->generated_type == found->generated_type &&
			 fits_without_cast(desired, found))
	{
		if (strcmp(desired->as_expression, found->as_expression) == 0)
			return true;

		/*
		 * PostgreSQL cannot rebuild indexes and constraints twice in one
		 * statement
		 */
		if (HAVE_SET_EXPRESSION && desired->type == found->type &&
			desired->typmod == found->typmod &&
			desired->collation == found->collation)
		{
			add_step(context, STEP_SET_EXPRESSION, desired);
			keep_statistics(context, desired, found);
			return true;
		}
	}

	plan_column_anew(context, desired, found);
	return false;
}

/*
 * Drop the column and add it again, with its indexes and constraints, and with
 * all settings that they had by hand.
 *
 * Raise an ERROR if another object depends on it.
 */
static void
plan_column_anew(PlanContext *context, ColumnSpec *desired,
				 const ColumnSpec *found)
{
	ColumnSpec	dropped = *found;
	List	   *dependents = find_dependents(context->model->relid, found->attnum,
											 list_make1(&dropped), WITHOUT_INDEXES,
											 view_oids(find_adapter_views(context->model)));
	ListCell   *lc;

	if (dependents != NIL)
		ereport(ERROR,
				(errcode(ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST),
				 errmsg("cannot drop and re-create column \"%s\" of model \"%s\" because other objects depend on it",
						found->column_name, context->model->definition->name),
				 errdetail("Objects that depend on column \"%s\": %s.", found->column_name,
						   join_names(dependents)),
				 errhint("Drop the dependent objects first.")));

	add_step(context, STEP_DROP_COLUMN, desired)->from = found;
	plan_bare_column(context, desired);
	foreach(lc, print_column_settings(context->model->relid, found->attnum,
									  desired->generated_type != ATTRIBUTE_GENERATED_VIRTUAL,
									  OidIsValid(desired->type) && TypeIsToastable(desired->type)))
		add_step(context, STEP_SET_COLUMN, desired)->sql = lfirst(lc);
	plan_constraints_anew(context, desired, found);
	if (desired->comment)
		add_step(context, STEP_COMMENT, desired);
	plan_indexes_anew(context, desired, found);
	foreach(lc, read_grants(context->model->relid))
	{
		const ViewGrant *grant = lfirst(lc);

		if (same_string(grant->column_name, found->column_name))
			add_step(context, STEP_GRANT, desired)->sql = grant->sql;
	}
	foreach(lc, print_labels(context->model->relid, found->attnum))
		add_step(context, STEP_RESTORE, desired)->sql = lfirst(lc);
}

/*
 * Create the constraints of a re-created column again, those that stay as they
 * were.
 */
static void
plan_constraints_anew(PlanContext *context, ColumnSpec *desired,
					  const ColumnSpec *found)
{
	bool		keeps_references = (desired->foreign_key &&
									same_foreign_key(desired->foreign_key, found->foreign_key));
	List	   *own = list_make1(found->column_name);
	ListCell   *lc;
	Step	   *step;

	/* An index of its name is dropped with the column */
	if (desired->unique && !found->unique)
		plan_unique(context, desired, NULL)->by_index = NULL;
	foreach(lc, desired->unique ? context->table->indexes : NIL)
	{
		IndexSpec  *index = lfirst(lc);

		if (!index->is_constraint || index->is_primary ||
			!equal_names(index->column_names, own))
			continue;
		step = add_step(context, STEP_ADD_UNIQUE, desired);
		step->index = index;
		step->of_options = true;
		keep_index_settings(context, step, index, index);
	}

	if (desired->foreign_key && !keeps_references)
		plan_foreign_key(context, desired, desired->foreign_key, NULL);
	foreach(lc, keeps_references ? context->table->foreign_keys : NIL)
	{
		ForeignKeySpec *foreign_key = lfirst(lc);

		if (equal_names(foreign_key->column_names, own))
			plan_foreign_key(context, desired, foreign_key, NULL)->not_valid =
				!foreign_key->is_valid;
	}

	foreach(lc, context->table->checks)
	{
		const CheckSpec *check = lfirst(lc);

		if (!is_member(check->column_names, found->column_name))
			continue;
		step = add_step(context, STEP_REMAKE_CONSTRAINT, desired);
		step->name = check->name;
		step->sql = print_constraint(get_relation_constraint_oid(context->model->relid,
																 check->name, false));
		step->not_valid = !check->is_valid;
		keep_comment(context, desired, check->name);
	}
}

/*
 * Create the indexes of a re-created column again, except those of
 * constraints.
 */
static void
plan_indexes_anew(PlanContext *context, ColumnSpec *desired,
				  const ColumnSpec *found)
{
	ListCell   *lc;
	ListCell   *lc2;

	foreach(lc, find_indexes(context->model->relid, found->attnum))
	{
		Oid			relid = lfirst_oid(lc);
		IndexSpec  *index = palloc0_object(IndexSpec);
		Step	   *step = make_step(STEP_REMAKE_INDEX, desired);
		bool		is_taken = is_member(context->table->invalid_indexes,
										 get_rel_name(relid));

		foreach(lc2, context->table->indexes)
		{
			if (((IndexSpec *) lfirst(lc2))->relid == relid)
				index = lfirst(lc2);
		}
		index->relid = relid;
		index->name = get_rel_name(relid);
		foreach(lc2, context->plan->steps)
		{
			const Step *other = lfirst(lc2);

			is_taken |= (other->kind == STEP_ADD_UNIQUE &&
						 strcmp(other->index->name, index->name) == 0);
		}
		if (is_taken)
			continue;
		step->index = index;
		step->sql = pg_get_indexdef_string(relid);
		context->plan->steps = lappend(context->plan->steps, step);
		keep_index_settings(context, step, index, index);
	}
}

/*
 * Give the index of a step the settings of the index that it replaces or
 * re-creates, as far as the definition has none.
 */
static void
keep_index_settings(PlanContext *context, Step *step, IndexSpec *index,
					const IndexSpec *replaced)
{
	ListCell   *lc;

	step->replaced = replaced;
	index->parameters = replaced->parameters;
	index->tablespace = replaced->tablespace;
	if (index->is_constraint && replaced->is_constraint &&
		equal_names(index->column_names, replaced->column_names))
	{
		index->included = replaced->included;
		index->nulls_not_distinct = replaced->nulls_not_distinct;
	}
	foreach(lc, list_concat(same_keys(index, replaced) ?
							print_index_statistics(replaced->relid) : NIL,
							print_index_settings(replaced->relid, index->is_constraint)))
		add_replacing_step(context, STEP_RESTORE, step->column, replaced)->sql = lfirst(lc);
	if (replaced->is_identity)
		add_replacing_step(context, STEP_REPLICA_IDENTITY, step->column,
						   replaced)->name = index->name;
}

/*
 * PostgreSQL rebuilds indexes when the type or expression of a column changes,
 * but loses the statistics targets of their expressions.
 */
static void
keep_statistics(PlanContext *context, ColumnSpec *column, const ColumnSpec *found)
{
	ListCell   *lc;
	ListCell   *lc2;

	foreach(lc, find_indexes(context->model->relid, found->attnum))
	{
		foreach(lc2, print_index_statistics(lfirst_oid(lc)))
			add_step(context, STEP_RESTORE, column)->sql = lfirst(lc2);
	}
}

/*
 * Let a constraint have the comment of the one of its name, which is dropped.
 */
static void
keep_comment(PlanContext *context, ColumnSpec *column, const char *name)
{
	Oid			constraint = get_relation_constraint_oid(context->model->relid,
														 name, true);
	char	   *comment = NULL;
	Step	   *step;

	if (OidIsValid(constraint))
		comment = GetComment(constraint, ConstraintRelationId, 0);
	if (comment == NULL)
		return;
	step = add_step(context, STEP_COMMENT_CONSTRAINT, column);
	step->name = name;
	step->comment = comment;
}

/*
 * Add the labels that an enum type lacks.
 *
 * Raise an ERROR if it has other labels, or has them in another order:
 * PostgreSQL cannot drop a label.
 */
static void
plan_labels(PlanContext *context, ColumnSpec *desired, const ColumnSpec *found)
{
	List	   *missing = NIL;
	List	   *unknown = NIL;
	List	   *common = NIL;
	List	   *kept = NIL;
	ListCell   *lc;

	if (equal_names(desired->enum_labels, found->enum_labels))
		return;

	foreach(lc, desired->enum_labels)
	{
		if (is_member(found->enum_labels, lfirst(lc)))
			common = lappend(common, lfirst(lc));
		else
			missing = lappend(missing, lfirst(lc));
	}
	foreach(lc, found->enum_labels)
	{
		if (is_member(desired->enum_labels, lfirst(lc)))
			kept = lappend(kept, lfirst(lc));
		else
			unknown = lappend(unknown, lfirst(lc));
	}

	if (unknown != NIL)
		report_lost_label(context->model, desired, found, linitial(unknown),
						  missing ? linitial(missing) : NULL);
	if (!equal_names(common, kept))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cannot reorder the labels of enum type \"%s\" of property \"%s\"",
						found->enum_name, desired->property),
				 errdetail("PostgreSQL keeps labels in the order in which they were created."),
				 errhint("Give them in the order of the type: %s.",
						 join_names(found->enum_labels))));

	/* In the next transaction the label exists */
	if (desired->default_sql && desired->default_expr == NULL && context->online)
	{
		desired->default_sql = found->default_sql;
		desired->default_expr = found->default_expr;
	}
	if (desired->default_sql && desired->default_expr == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNSAFE_NEW_ENUM_VALUE_USAGE),
				 errmsg("default of property \"%s\" uses a new label of enum type \"%s\"",
						desired->property, found->enum_name),
				 errdetail("PostgreSQL can use a new label only after the transaction that added it."),
				 errhint("Add the label first, in a call with the old default, or CALL nextauth.extend_model_online(), which does both.")));
	foreach(lc, missing)
		plan_label(context, desired, found, lfirst(lc));
}

/*
 * Raise an ERROR: the definition lacks a label of the enum type.  "missing" is
 * one that the type lacks, or NULL.
 */
static void
report_lost_label(const Model *model, const ColumnSpec *desired,
				  const ColumnSpec *found, const char *label,
				  const char *missing)
{
	bool		is_hidden = model->asks_nothing;
	int64		rows = is_hidden ? 0 : count_label(model, found, label);

	ereport(ERROR,
			(errcode(ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST),
			 errmsg("cannot drop label \"%s\" of enum type \"%s\" of property \"%s\"",
					label, found->enum_name, desired->property),
			 is_hidden ? errdetail("PostgreSQL cannot drop a label.") :
			 rows == 0 ? errdetail("No row has it, but PostgreSQL cannot drop a label.") :
			 errdetail_plural("%lld row has it, and PostgreSQL cannot drop a label.",
							  "%lld rows have it, and PostgreSQL cannot drop a label.",
							  rows, (long long) rows),
			 missing ?
			 errhint("If it is to be renamed: ALTER TYPE %s RENAME VALUE %s TO %s.",
					 quote_qualified_identifier(name_of_schema(namespace_of_type(element_type(found))),
												found->enum_name),
					 quote_literal_cstr(label), quote_literal_cstr(missing)) :
			 errhint("Keep the label, or give the property another type with the option \"enumName\".")));
}

/*
 * Add a label before the next one that the type has, or as the last.
 */
static void
plan_label(PlanContext *context, ColumnSpec *desired, const ColumnSpec *found,
		   const char *label)
{
	bool		passed = false;
	Step	   *step;
	ListCell   *lc;

	/* Another property may share the type */
	foreach(lc, context->plan->steps)
	{
		step = lfirst(lc);
		if (step->kind == STEP_ADD_LABEL &&
			element_type(step->from) == element_type(found) &&
			strcmp(step->label, label) == 0)
			return;
	}

	step = add_step(context, STEP_ADD_LABEL, desired);
	step->from = found;
	step->label = label;
	foreach(lc, desired->enum_labels)
	{
		if (passed && is_member(found->enum_labels, lfirst(lc)))
		{
			step->next_label = lfirst(lc);
			break;
		}
		if (strcmp(lfirst(lc), label) == 0)
			passed = true;
	}
}

/*
 * A UNIQUE constraint, of a column or, with an IndexSpec, of several.
 */
static Step *
plan_unique(PlanContext *context, ColumnSpec *column, IndexSpec *index)
{
	Step	   *step;

	if (index)
	{
		step = make_step(STEP_ADD_UNIQUE, NULL);
		step->index = index;
		step->of_options = true;
	}
	else
		step = make_unique_step(context->model, column);
	context->plan->steps = lappend(context->plan->steps, step);
	reuse_index(context, step);
	return step;
}

/*
 * An index of the UNIQUE constraint's name is made one, which takes no time.
 */
static void
reuse_index(PlanContext *context, Step *step)
{
	ListCell   *lc;

	step->by_index = NULL;
	foreach(lc, context->table->indexes)
	{
		if (is_usable(lfirst(lc), step->index))
			step->by_index = step->index->name;
	}
}

/*
 * Can an index be made the one of a constraint as it is?
 */
static bool
is_usable(const IndexSpec *index, const IndexSpec *constraint)
{
	return strcmp(index->name, constraint->name) == 0 && index->is_unique &&
		!index->is_constraint && index->where == NULL &&
		same_keys(index, constraint);
}

/*
 * Drop invalid remains of the indexes to create, from an interrupted CREATE
 * INDEX CONCURRENTLY or extend_model_online().
 */
static void
drop_invalid_indexes(PlanContext *context)
{
	ListCell   *lc;

	foreach(lc, context->plan->steps)
	{
		const Step *step = lfirst(lc);

		if (step->kind != STEP_ADD_UNIQUE && step->kind != STEP_CREATE_INDEX)
			continue;
		drop_invalid_index(context, step->index->name);
		drop_invalid_index(context, name_build(step->index->name));
	}
}

static void
drop_invalid_index(PlanContext *context, const char *name)
{
	if (is_member(context->table->invalid_indexes, name))
		add_step(context, STEP_DROP_INDEX, NULL)->name = name;
}

/*
 * Raise an ERROR if the table would lose its replica identity.
 */
static void
check_identity(PlanContext *context)
{
	ListCell   *lc;
	ListCell   *lc2;

	foreach(lc, context->table->indexes)
	{
		const IndexSpec *index = lfirst(lc);
		const IndexSpec *made = NULL;
		bool		goes = false;

		foreach(lc2, index->is_identity ? context->plan->steps : NIL)
		{
			const Step *step = lfirst(lc2);

			if (step->kind == STEP_DROP_COLUMN || step->kind == STEP_DROP_NOT_NULL)
				goes |= is_member(index->column_names, step->column->column_name);
			else if (step->kind == (index->is_constraint ? STEP_DROP_CONSTRAINT :
									STEP_DROP_INDEX))
				goes |= strcmp(step->name, index->name) == 0;
			else if ((step->kind == STEP_ADD_UNIQUE ||
					  step->kind == STEP_CREATE_INDEX ||
					  step->kind == STEP_REMAKE_INDEX) &&
					 strcmp(step->index->name, index->name) == 0)
				made = step->index;
		}
		if (made ? !can_be_identity(context, made) : goes)
			report_lost_identity(context->model, index);
	}
}

/*
 * Would PostgreSQL take the index for a replica identity?
 */
static bool
can_be_identity(PlanContext *context, const IndexSpec *index)
{
	ListCell   *lc;

	foreach(lc, index->column_names)
	{
		const ColumnSpec *column = find_column(context->columns, lfirst(lc));

		if (column->nullable)
			return false;
	}
	return index->is_unique && !index->keys && !index->where && !index->deferrable;
}

/*
 * Raise an ERROR: the index is the table's replica identity, and must stay so.
 */
void
report_lost_identity(const Model *model, const IndexSpec *index)
{
	ereport(ERROR,
			(errcode(ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST),
			 errmsg("table \"%s\" would lose its replica identity, index \"%s\"",
					model->table_name, index->name),
			 errdetail("A replica identity is a unique index of all rows, not deferrable, on columns that are not null.  Without one, rows of a published table cannot be updated or deleted."),
			 errhint("Choose another replica identity first, for example with ALTER TABLE %s REPLICA IDENTITY DEFAULT.",
					 quote_table(model))));
}

/*
 * Raise an ERROR if there would be an index or a foreign key on a virtual column.
 */
static void
check_virtual(PlanContext *context)
{
	ListCell   *lc;
	ListCell   *lc2;

	foreach(lc, context->columns)
	{
		const ColumnSpec *column = lfirst(lc);

		foreach(lc2, column->generated_type == ATTRIBUTE_GENERATED_VIRTUAL ?
				context->plan->steps : NIL)
		{
			const Step *step = lfirst(lc2);
			const IndexSpec *index = step->index;
			const char *what = NULL;

			if (step->kind == STEP_ADD_UNIQUE || step->kind == STEP_CREATE_INDEX ?
				uses_column(index, column->column_name) ||
				is_member(index->where_columns, column->column_name) :
				step->kind == STEP_REMAKE_INDEX && step->column == column)
				what = psprintf("%s \"%s\"", step->kind == STEP_ADD_UNIQUE ?
								"UNIQUE constraint" : "index", index->name);
			else if (step->kind == STEP_ADD_FOREIGN_KEY &&
					 is_member(step->foreign_key->column_names, column->column_name))
				what = psprintf("foreign key \"%s\"", step->foreign_key->name);
			if (what)
				ereport(ERROR,
						(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
						 errmsg("virtual column \"%s\" of model \"%s\" cannot have %s",
								column->column_name, context->model->definition->name, what),
						 errdetail("PostgreSQL supports neither indexes nor foreign keys on virtual columns."),
						 errhint("Define the property with \"generatedType\": \"STORED\".")));
		}
	}
}

/*
 * A foreign key of the column, with the comment of one of its name that it
 * replaces.
 */
static Step *
plan_foreign_key(PlanContext *context, ColumnSpec *desired,
				 const ForeignKeySpec *from, const ColumnSpec *found)
{
	ForeignKeySpec *foreign_key = palloc_object(ForeignKeySpec);
	Step	   *step = add_step(context, STEP_ADD_FOREIGN_KEY, desired);

	*foreign_key = *from;
	if (foreign_key->name == NULL)
		foreign_key->name = name_constraint("FK", context->model->table_name,
											foreign_key->column_names);
	step->foreign_key = foreign_key;
	step->from = found;
	keep_comment(context, desired, foreign_key->name);
	return step;
}

/*
 * Is the existing index or UNIQUE constraint the desired one, whatever its
 * name?  An index on expressions that a definition cannot describe is so only
 * by its name.
 */
static bool
same_index(const IndexSpec *desired, const IndexSpec *actual)
{
	return desired->is_constraint == actual->is_constraint &&
		desired->is_unique == actual->is_unique && !actual->is_primary &&
		same_keys(desired, actual) &&
		(actual->keys == NIL || actual->is_definable ||
		 strcmp(desired->name, actual->name) == 0) &&
		same_string(desired->where, actual->where) &&
		same_string(desired->deferrable, actual->deferrable);
}

/*
 * Plan an index or UNIQUE constraint of the model, unless it is there.
 */
static void
plan_index(PlanContext *context, IndexSpec *index)
{
	const char *kind = index->is_constraint ? "unique constraint" : "index";
	IndexSpec  *found;
	bool		replaces;
	Step	   *step;

	if (index->where)
		index->where = print_table_expression(context->model, context->columns,
											  index->where, NULL,
											  EXPR_KIND_INDEX_PREDICATE,
											  "where of index", index->name,
											  &index->where_columns);

	/* PostgreSQL stores no such condition */
	if (same_string(index->where, "true"))
		index->where = NULL;

	found = find_index(context->table, index);
	if (found && same_index(index, found))
	{
		plan_object(context, kind, found->name, ACTION_UNCHANGED);
		return;
	}
	if (found && is_builtin_index(context->model->definition,
								  context->plan->not_unique, found,
								  context->table->indexes))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s \"%s\" contradicts the built-in definition of model \"%s\"",
						kind, found->name, context->model->definition->name),
				 errhint("Choose another name.")));

	step = find_column_unique(context, index);
	if (step)
	{
		step->of_options = true;
		step->index = index;
		reuse_index(context, step);
		plan_object(context, kind, index->name, ACTION_ADDED);
		return;
	}

	replaces = found && !(index->is_constraint && is_usable(found, index));
	if (replaces)
		plan_drop(context, found);
	if (index->is_constraint)
		step = plan_unique(context, NULL, index);
	else
	{
		step = add_step(context, STEP_CREATE_INDEX, NULL);
		step->index = index;
	}
	if (replaces)
		keep_index_settings(context, step, index, found);
	plan_object(context, kind, index->name, found ? ACTION_ALTERED : ACTION_ADDED);
}

/*
 * Find an index or UNIQUE constraint of the table by its name or, if the author
 * gave none, by its definition.  The same one is preferred to another one of
 * its name; NULL: there is none.
 */
static IndexSpec *
find_index(const Table *table, const IndexSpec *index)
{
	IndexSpec  *result = NULL;
	ListCell   *lc;

	foreach(lc, list_concat_copy(table->indexes, table->other_indexes))
	{
		IndexSpec  *other = lfirst(lc);
		bool		has_name = strcmp(other->name, index->name) == 0;

		if (other->exclusion)
			continue;
		if (same_index(index, other) && (has_name || !index->is_named))
			return other;
		if (has_name)
			result = other;
	}
	return result;
}

/*
 * The step that was planned for the same UNIQUE constraint with its column, if
 * it is of a single one; NULL: none.
 */
static Step *
find_column_unique(const PlanContext *context, const IndexSpec *index)
{
	ListCell   *lc;

	if (!index->is_constraint || list_length(index->column_names) != 1)
		return NULL;
	foreach(lc, context->plan->steps)
	{
		Step	   *step = lfirst(lc);

		if (step->kind == STEP_ADD_UNIQUE && !step->of_options &&
			equal_names(step->index->column_names, index->column_names))
			return step;
	}
	return NULL;
}

/*
 * Drop an index or UNIQUE constraint that another one replaces, unless it is
 * dropped with a re-created column; in that case do not create it again.
 */
static void
plan_drop(PlanContext *context, const IndexSpec *index)
{
	bool		goes = false;
	ListCell   *lc;

	foreach(lc, context->plan->steps)
	{
		const Step *step = lfirst(lc);

		if (step->kind == STEP_DROP_COLUMN &&
			uses_column(index, step->from->column_name))
			goes = true;
		else if (step->replaced == index)
			context->plan->steps = foreach_delete_current(context->plan->steps, lc);
	}
	if (!goes)
		add_replacing_step(context, index->is_constraint ? STEP_DROP_CONSTRAINT :
						   STEP_DROP_INDEX, NULL, index)->name = index->name;
}

/*
 * Plan a CHECK constraint of the model, which is found by its name or, if the
 * author gave none, by its expression.
 */
static void
plan_check(PlanContext *context, CheckSpec *check)
{
	CheckSpec  *found = NULL;
	bool		is_named = check->name != NULL;
	bool		is_same = false;
	ListCell   *lc;

	if (!is_named)
		check->name = name_check(context->model->table_name, check->expression);
	check->expression = print_table_expression(context->model, context->columns,
											   check->expression, NULL,
											   EXPR_KIND_CHECK_CONSTRAINT,
											   "expression of check", check->name,
											   &check->column_names);
	foreach(lc, context->table->checks)
	{
		CheckSpec  *other = lfirst(lc);
		bool		same = strcmp(other->expression, check->expression) == 0;

		if (strcmp(other->name, check->name) == 0 || (same && !is_named))
		{
			found = other;
			is_same = same && other->is_enforced;
			if (is_same)
				break;
		}
	}

	if (is_same)
	{
		if (!found->is_valid)
			add_step(context, STEP_VALIDATE, NULL)->name = found->name;
		plan_object(context, "check", found->name,
					found->is_valid ? ACTION_UNCHANGED : ACTION_ALTERED);
		return;
	}
	if (found)
		add_step(context, STEP_DROP_CONSTRAINT, NULL)->name = found->name;
	add_step(context, STEP_ADD_CHECK, NULL)->check = check;
	if (found)
		keep_comment(context, NULL, check->name);
	plan_object(context, "check", check->name, found ? ACTION_ALTERED : ACTION_ADDED);
}

/*
 * Report the action for an index or constraint.
 *
 * Raise an ERROR if the same was planned already.  An index and a check may
 * have the same name.
 */
static void
plan_object(PlanContext *context, const char *kind, char *name,
			ColumnAction action)
{
	PlannedObject *planned = palloc_object(PlannedObject);
	ListCell   *lc;

	foreach(lc, context->plan->objects)
	{
		PlannedObject *other = lfirst(lc);

		if (strcmp(other->name, name) == 0 &&
			!(strcmp(kind, "check") == 0 && strcmp(other->kind, "index") == 0))
			ereport(ERROR,
					(errcode(ERRCODE_DUPLICATE_OBJECT),
					 errmsg("%s \"%s\" of model \"%s\" is defined more than once",
							kind, name, context->model->definition->name)));
	}
	planned->kind = kind;
	planned->name = name;
	planned->action = action;
	context->plan->objects = lappend(context->plan->objects, planned);
}

/*
 * Raise an ERROR if the table, or one that inherits from it, cannot have so
 * many new columns: PostgreSQL counts dropped columns, too.
 */
static void
check_room(const Model *model, List *steps)
{
	int			added = 0;
	ListCell   *lc;

	foreach(lc, steps)
	{
		if (((Step *) lfirst(lc))->kind == STEP_ADD_COLUMN)
			added++;
	}
	foreach(lc, added > 0 ? find_all_inheritors(model->relid, NoLock, NULL) : NIL)
	{
		int			dropped;
		int			columns = count_columns(lfirst_oid(lc), &dropped);

		if (columns + dropped + added <= MaxHeapAttributeNumber)
			continue;
		ereport(ERROR,
				(errcode(ERRCODE_TOO_MANY_COLUMNS),
				 errmsg_plural("table \"%s\" cannot have %d more column",
							   "table \"%s\" cannot have %d more columns",
							   added, name_of_relation(lfirst_oid(lc)), added),
				 errdetail("It has %d columns, and %d dropped ones, which count as well; a table can have at most %d.",
						   columns, dropped, MaxHeapAttributeNumber),
				 dropped > 0 ?
				 errhint("A dump and restore of the table removes its dropped columns.") : 0));
	}
}

/*
 * A step that is part of replacing an index.
 */
static Step *
add_replacing_step(PlanContext *context, StepKind kind, ColumnSpec *column,
				   const IndexSpec *replaced)
{
	Step	   *step = add_step(context, kind, column);

	step->replaced = replaced;
	return step;
}

static Step *
add_step(PlanContext *context, StepKind kind, ColumnSpec *column)
{
	Step	   *step = make_step(kind, column);

	context->plan->steps = lappend(context->plan->steps, step);
	return step;
}
