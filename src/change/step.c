/*-------------------------------------------------------------------------
 *
 * step.c
 *	  Steps, of which a plan is made
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "change.h"

/*
 * A step with nothing but its kind and column.
 */
Step *
make_step(StepKind kind, ColumnSpec *column)
{
	Step	   *step = palloc0_object(Step);

	step->kind = kind;
	step->column = column;
	return step;
}

/*
 * The step that gives a column a UNIQUE constraint of TypeORM's name.
 */
Step *
make_unique_step(const Model *model, ColumnSpec *column)
{
	Step	   *step = make_step(STEP_ADD_UNIQUE, column);
	IndexSpec  *index = palloc0_object(IndexSpec);

	index->is_unique = index->is_constraint = true;
	index->column_names = list_make1(column->column_name);
	index->name = name_constraint("UQ", model->table_name, index->column_names);
	step->index = index;
	return step;
}
