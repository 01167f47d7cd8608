/*-------------------------------------------------------------------------
 *
 * cost.c
 *	  The cost of a step for a table with rows; refuses steps that would
 *	  stall other sessions or lose data
 *
 * PostgreSQL's ALTER TABLE decides which change is instant, scans or rewrites.
 * This file predicts it with the same tests.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_am.h"
#include "commands/defrem.h"
#include "nodes/makefuncs.h"
#include "optimizer/optimizer.h"
#include "utils/fmgroids.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

#include "change.h"

static StepCost cost_of(const Model *model, const Table *table,
						const Step *step);
static StepCost cost_of_new_column(const Step *step);
static StepCost cost_of_type(const Table *table, const Step *step);
static bool has_volatile_default(const ColumnSpec *column);
static bool is_rewritten(const ColumnSpec *column, const ColumnSpec *from);
static void report_cost(const Model *model, const Step *step, int64 rows,
						int elevel);

/*
 * Set the cost of the step for a table with rows.
 */
void
set_cost(const Model *model, const Table *table, Step *step)
{
	SavedUser	user;

	/* For the prediction, casts and constraints are simplified */
	begin_owner(&user, model->owner);
	step->checks_rows = (step->kind == STEP_ADD_COLUMN &&
						 OidIsValid(step->column->type) &&
						 DomainHasConstraints(step->column->type));
	step->cost = cost_of(model, table, step);
	end_user(&user);
}

/*
 * The cost of its kind, unless it depends on the column.
 */
static StepCost
cost_of(const Model *model, const Table *table, const Step *step)
{
	const ColumnSpec *column = step->column;

	if (step->by_index || step->not_valid)
		return COST_INSTANT;
	switch (step->kind)
	{
		case STEP_ADD_COLUMN:
			return cost_of_new_column(step);
		case STEP_DROP_COLUMN:
			return drops_values(step) ? COST_SCAN : COST_INSTANT;
		case STEP_SET_TYPE:
			return cost_of_type(table, step);
		case STEP_SET_EXPRESSION:
			return column->generated_type == ATTRIBUTE_GENERATED_STORED ?
				COST_REWRITE : column->nullable ? COST_INSTANT : COST_SCAN;
		case STEP_SET_NOT_NULL:
			return is_proven_not_null(model->relid, step->from) ?
				COST_INSTANT : COST_SCAN;
		default:
			return traits_of(step->kind)->cost;
	}
}

/*
 * Does the step drop and re-create a column that is not computed?
 */
bool
drops_values(const Step *step)
{
	return step->kind == STEP_DROP_COLUMN && step->from &&
		step->from->as_expression == NULL;
}

/*
 * A new column is instant unless each row gets a different value.
 */
static StepCost
cost_of_new_column(const Step *step)
{
	const ColumnSpec *column = step->column;

	if (step->checks_rows || has_sequence(column) ||
		column->generated_type == ATTRIBUTE_GENERATED_STORED ||
		has_volatile_default(column))
		return COST_REWRITE;

	/* A virtual NOT NULL column is checked for each row */
	if (column->as_expression && !column->nullable)
		return COST_SCAN;
	return COST_INSTANT;
}

/*
 * A new type rewrites the table, unless both types store values in the same
 * way.  Even then an index is rebuilt if it sorts in another way, is on
 * expressions or has a predicate, and a CHECK constraint or a foreign key is
 * checked again.
 */
static StepCost
cost_of_type(const Table *table, const Step *step)
{
	const ColumnSpec *column = step->column;
	const ColumnSpec *from = step->from;
	ListCell   *lc;

	if (column->type != from->type || column->typmod != from->typmod)
	{
		if (!OidIsValid(column->type) || is_rewritten(column, from))
			return COST_REWRITE;
	}
	if ((column->collation != from->collation ||
		 GetDefaultOpClass(column->type, BTREE_AM_OID) !=
		 GetDefaultOpClass(from->type, BTREE_AM_OID)) &&
		is_member(table->indexed_columns, from->column_name))
		return COST_SCAN;
	if (is_member(table->rebuilt_columns, from->column_name))
		return COST_SCAN;
	foreach(lc, table->checks)
	{
		if (is_member(((CheckSpec *) lfirst(lc))->column_names, from->column_name))
			return COST_SCAN;
	}
	foreach(lc, table->foreign_keys)
	{
		if (is_member(((ForeignKeySpec *) lfirst(lc))->column_names, from->column_name))
			return COST_SCAN;
	}
	return COST_INSTANT;
}

/*
 * Would ALTER TABLE rewrite the table for the column's new type?  That is, is
 * the cast more than a relabelling once it is simplified?
 */
static bool
is_rewritten(const ColumnSpec *column, const ColumnSpec *from)
{
	Node	   *node;

	if (find_cast(column, from, COERCION_EXPLICIT) == COERCION_PATH_NONE)
		return true;
	node = (Node *) makeVar(1, from->attnum, from->type, from->typmod,
							from->collation, 0);
	node = coerce_to_target_type(NULL, node, from->type, column->type,
								 column->typmod, COERCION_EXPLICIT,
								 COERCE_EXPLICIT_CAST, -1);
	node = eval_const_expressions(NULL, node);
	for (;;)
	{
		if (IsA(node, Var))
			return false;
		else if (IsA(node, RelabelType))
			node = (Node *) ((RelabelType *) node)->arg;
		else if (IsA(node, CoerceToDomain) &&
				 !DomainHasConstraints(((CoerceToDomain *) node)->resulttype))
			node = (Node *) ((CoerceToDomain *) node)->arg;
		else if (IsA(node, FuncExpr) &&
				 (((FuncExpr *) node)->funcid == F_TIMESTAMPTZ_TIMESTAMP ||
				  ((FuncExpr *) node)->funcid == F_TIMESTAMP_TIMESTAMPTZ) &&
				 !TimestampTimestampTzRequiresRewrite())
			node = linitial(((FuncExpr *) node)->args);
		else
			return true;
	}
}

/*
 * How PostgreSQL converts a value to the column's new type in the context, as
 * find_coercion_pathway() has it.
 */
CoercionPathType
find_cast(const ColumnSpec *column, const ColumnSpec *from,
		  CoercionContext context)
{
	Oid			function;

	if (column->type == from->type)
		return COERCION_PATH_RELABELTYPE;
	return find_coercion_pathway(column->type, from->type, context, &function);
}

/*
 * Does ALTER TABLE convert the values without USING?
 */
bool
fits_without_cast(const ColumnSpec *column, const ColumnSpec *from)
{
	return OidIsValid(column->type) &&
		find_cast(column, from, COERCION_ASSIGNMENT) != COERCION_PATH_NONE;
}

/*
 * The cast that follows the value in SQL, through text if there is no direct
 * cast.  "quoted" is the name of the type.
 */
char *
print_cast(const ColumnSpec *column, const ColumnSpec *from, const char *quoted)
{
	if (OidIsValid(column->type) &&
		find_cast(column, from, COERCION_EXPLICIT) != COERCION_PATH_NONE)
		return psprintf("::%s", quoted);
	return psprintf("::text%s::%s", from->is_array ? "[]" : "", quoted);
}

/*
 * Can the step be done without being slow, or in several transactions?
 */
bool
is_online(const Step *step)
{
	return step->cost == COST_INSTANT || is_filled_later(step) ||
		(traits_of(step->kind)->flags & IS_ONLINE);
}

static bool
has_volatile_default(const ColumnSpec *column)
{
	return column->default_expr && contain_volatile_functions(column->default_expr);
}

/*
 * Does the step, online, add a column without its default, which is then filled?
 */
bool
is_filled_later(const Step *step)
{
	return step->kind == STEP_ADD_COLUMN && !step->checks_rows &&
		has_volatile_default(step->column);
}

/*
 * The cost of the most expensive step.
 */
StepCost
highest_cost(List *steps)
{
	StepCost	cost = COST_INSTANT;
	ListCell   *lc;

	foreach(lc, steps)
		cost = Max(cost, ((Step *) lfirst(lc))->cost);
	return cost;
}

/*
 * Refuse, with "elevel", steps that would read or write too many rows under a
 * lock for which others wait.
 */
void
check_cost(const Model *model, List *steps, int elevel)
{
	int64		rows;
	ListCell   *lc;

	if (highest_cost(steps) == COST_INSTANT || model->hides_rows)
		return;

	rows = count_rows(model->relid);
	if (rows <= nextauth_max_scan_rows)
		return;
	foreach(lc, steps)
		report_cost(model, lfirst(lc), rows, elevel);
}

/*
 * Report that the table has more rows than may be read or written under a
 * lock.
 */
static void
report_cost(const Model *model, const Step *step, int64 rows, int elevel)
{
	bool		online = is_online(step);

	if (step->cost == COST_SCAN)
		ereport(elevel,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("extending model \"%s\" would scan %lld rows of table \"%s\" under a lock",
						model->definition->name, (long long) rows, model->table_name),
				 errdetail("%s  The limit, \"nextauth.max_scan_rows\", is %d.",
						   describe_step(step), nextauth_max_scan_rows),
				 online ?
				 errhint("CALL nextauth.extend_model_online() does it without blocking readers or writers; or set \"nextauth.max_scan_rows\" to %lld.",
						 (long long) rows) :
				 errhint("Set \"nextauth.max_scan_rows\" to %lld at a time when readers and writers can wait.",
						 (long long) rows)));
	else if (step->cost == COST_REWRITE && !nextauth_allow_rewrite)
		ereport(elevel,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("extending model \"%s\" would rewrite %lld rows of table \"%s\" under a lock",
						model->definition->name, (long long) rows, model->table_name),
				 errdetail("%s  The limit, \"nextauth.max_scan_rows\", is %d.",
						   describe_step(step), nextauth_max_scan_rows),
				 online ?
				 errhint("CALL nextauth.extend_model_online() does it without blocking readers or writers; or set \"nextauth.allow_rewrite\" to on.") :
				 errhint("Set \"nextauth.allow_rewrite\" to on at a time when readers and writers can wait.")));
}
