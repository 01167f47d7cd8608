/*-------------------------------------------------------------------------
 *
 * step.c
 *	  Steps, of which a plan is made, and the table of their kinds
 *
 * A new kind of step is a row here.  If its SQL is no plain template, it is also
 * a case of append_step() in ddl.c; if its cost depends on the column, it is one
 * of cost_of() in cost.c.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "change.h"

/*
 * The letters of the templates are those of append_template(), in ddl.c.  The
 * SQL of a step in ALTER TABLE is what follows the name of the table.
 */
static const StepTraits step_traits[] = {
	[STEP_CREATE_TYPE] = {
		BEFORE_TABLE, NoLock,
		.flags = MAKES_OBJECT
	},
	[STEP_ADD_LABEL] = {
		BEFORE_TABLE, NoLock,
		.flags = BY_TYPE_OWNER,
		.sql = "ALTER TYPE %e ADD VALUE %l"
	},
	[STEP_CREATE_SEQUENCE] = {
		BEFORE_TABLE, AccessShareLock,
		.flags = MAKES_OBJECT,
		.cost = COST_SCAN,
		.column_reason = "The sequence of column \"%s\" starts after its highest value."
	},
	[STEP_DROP_CONSTRAINT] = {
		IN_ALTER_TABLE, AccessExclusiveLock,
		.sql = "DROP CONSTRAINT %n"
	},
	[STEP_DROP_COLUMN] = {
		IN_ALTER_TABLE, AccessExclusiveLock,
		.flags = CHANGES_VALUES | REMAKES_KEYS | CHANGES_VIEW | REMAKES_VIEW,
		.sql = "DROP COLUMN %c",
		.column_reason = "Column \"%s\" becomes computed, and must have no value."
	},
	[STEP_ADD_COLUMN] = {
		IN_ALTER_TABLE, AccessExclusiveLock,
		.flags = MAKES_OBJECT | CHANGES_VALUES,
		.column_reason = "New column \"%s\" gets a different value in each row."
	},
	[STEP_DROP_DEFAULT] = {
		IN_ALTER_TABLE, AccessExclusiveLock,
		.flags = CHANGES_VIEW,
		.sql = "ALTER COLUMN %c DROP DEFAULT"
	},
	[STEP_DROP_IDENTITY] = {
		BEFORE_TABLE, AccessExclusiveLock,
		.sql = "ALTER TABLE %T ALTER COLUMN %c DROP IDENTITY"
	},
	[STEP_DROP_EXPRESSION] = {
		BEFORE_TABLE, AccessExclusiveLock,
		.sql = "ALTER TABLE %T ALTER COLUMN %c DROP EXPRESSION"
	},
	[STEP_SET_TYPE] = {
		IN_ALTER_TABLE, AccessExclusiveLock,
		.flags = CHANGES_VALUES | REMAKES_KEYS | CHANGES_VIEW | REMAKES_VIEW,
		.column_reason = "Column \"%s\" gets a type or collation for which indexes or constraints are checked again."
	},
	[STEP_SET_EXPRESSION] = {
		IN_ALTER_TABLE, AccessExclusiveLock,
		.flags = CHANGES_VALUES,
		.sql = "ALTER COLUMN %c SET EXPRESSION AS (%x)",
		.column_reason = "Column \"%s\" is computed again."
	},
	[STEP_SET_DEFAULT] = {
		IN_ALTER_TABLE, AccessExclusiveLock,
		.flags = CHANGES_VIEW,
		.sql = "ALTER COLUMN %c SET DEFAULT %d"
	},
	[STEP_ADD_IDENTITY] = {
		IN_ALTER_TABLE, AccessExclusiveLock,
		.flags = MAKES_OBJECT,
		.cost = COST_SCAN,
		.column_reason = "The sequence of column \"%s\" starts after its highest value."
	},
	[STEP_SET_NOT_NULL] = {
		IN_ALTER_TABLE, AccessExclusiveLock,
		.flags = IS_ONLINE,
		.sql = "ALTER COLUMN %c SET NOT NULL",
		.column_reason = "Column \"%s\" becomes NOT NULL."
	},
	[STEP_VALIDATE_NOT_NULL] = {
		IN_ALTER_TABLE, ShareUpdateExclusiveLock,
		.flags = IS_ONLINE,
		.sql = "VALIDATE CONSTRAINT %n",
		.cost = COST_SCAN,
		.column_reason = "Column \"%s\" becomes NOT NULL."
	},
	[STEP_DROP_NOT_NULL] = {
		IN_ALTER_TABLE, AccessExclusiveLock,
		.sql = "ALTER COLUMN %c DROP NOT NULL"
	},
	[STEP_ADD_UNIQUE] = {
		IN_ALTER_TABLE, AccessExclusiveLock,
		.flags = MAKES_OBJECT | IS_ONLINE,
		.cost = COST_SCAN,
		.object_reason = "UNIQUE constraint \"%s\" is new."
	},
	[STEP_ADD_CHECK] = {
		IN_ALTER_TABLE, AccessExclusiveLock,
		.flags = IS_ONLINE,
		.sql = "ADD CONSTRAINT %n CHECK (%K)%v",
		.cost = COST_SCAN,
		.object_reason = "Check \"%s\" is new."
	},
	[STEP_ADD_FOREIGN_KEY] = {
		IN_ALTER_TABLE, ShareRowExclusiveLock,
		.flags = IS_ONLINE,
		.cost = COST_SCAN,
		.object_reason = "Foreign key \"%s\" is new."
	},
	[STEP_REMAKE_CONSTRAINT] = {
		IN_ALTER_TABLE, ShareRowExclusiveLock,
		.sql = "ADD CONSTRAINT %n %s",
		.cost = COST_SCAN,
		.object_reason = "Constraint \"%s\" is checked again."
	},
	[STEP_VALIDATE] = {
		IN_ALTER_TABLE, ShareUpdateExclusiveLock,
		.flags = IS_ONLINE,
		.sql = "VALIDATE CONSTRAINT %n",
		.cost = COST_SCAN,
		.object_reason = "Constraint \"%s\" is to be validated."
	},
	[STEP_DROP_INDEX] = {
		BEFORE_TABLE, AccessExclusiveLock,
		.sql = "DROP INDEX %i"
	},
	[STEP_CREATE_INDEX] = {
		AFTER_TABLE, ShareLock,
		.flags = MAKES_OBJECT | IS_ONLINE,
		.cost = COST_SCAN,
		.object_reason = "Index \"%s\" is new."
	},
	[STEP_REMAKE_INDEX] = {
		AFTER_TABLE, ShareLock,
		.flags = MAKES_OBJECT,
		.sql = "%s",
		.cost = COST_SCAN,
		.column_reason = "An index of column \"%s\" is rebuilt."
	},
	[STEP_REPLICA_IDENTITY] = {
		AFTER_TABLE, AccessExclusiveLock,
		.sql = "ALTER TABLE %T REPLICA IDENTITY USING INDEX %n"
	},
	[STEP_SET_COLUMN] = {
		IN_ALTER_TABLE_LAST, AccessExclusiveLock,
		.sql = "ALTER COLUMN %c %s"
	},
	[STEP_GRANT] = {
		AFTER_TABLE, NoLock,
		.sql = "%s"
	},
	[STEP_RESTORE] = {
		AFTER_TABLE, ShareUpdateExclusiveLock,
		.sql = "%s"
	},
	[STEP_COMMENT] = {
		AFTER_TABLE, ShareUpdateExclusiveLock,
		.flags = CHANGES_VIEW,
		.sql = "COMMENT ON COLUMN %T.%c IS %C"
	},
	[STEP_COMMENT_CONSTRAINT] = {
		AFTER_TABLE, ShareUpdateExclusiveLock,
		.sql = "COMMENT ON CONSTRAINT %n ON %T IS %k"
	},
	[STEP_RENAME_COLUMN] = {
		AFTER_TABLE, AccessExclusiveLock,
		.sql = "ALTER TABLE %T RENAME COLUMN %n TO %N"
	},
	[STEP_RENAME_CONSTRAINT] = {
		AFTER_TABLE, AccessExclusiveLock,
		.sql = "ALTER TABLE %T RENAME CONSTRAINT %n TO %N"
	},
	[STEP_RENAME_INDEX] = {
		AFTER_TABLE, ShareUpdateExclusiveLock,
		.flags = MAKES_OBJECT,
		.sql = "ALTER INDEX %i RENAME TO %N"
	},
	[STEP_RENAME_TYPE] = {
		AFTER_TABLE, NoLock,
		.flags = BY_TYPE_OWNER,
		.sql = "ALTER TYPE %e RENAME TO %N"
	},
	[STEP_RENAME_SEQUENCE] = {
		AFTER_TABLE, NoLock,
		.flags = MAKES_OBJECT,
		.sql = "ALTER SEQUENCE %q RENAME TO %N"
	},
	[STEP_SET_SEQUENCE_TYPE] = {
		AFTER_TABLE, NoLock,
		.sql = "ALTER SEQUENCE %q AS %t"
	},
	[STEP_DROP_SEQUENCE] = {
		AFTER_TABLE, NoLock,
		.flags = CHANGES_VIEW | REMAKES_VIEW,
		.sql = "DROP SEQUENCE %q"
	},
	[STEP_DROP_TYPE] = {
		AFTER_TABLE, NoLock,
		.flags = BY_TYPE_OWNER,
		.sql = "DROP TYPE %e"
	},
};

StaticAssertDecl(lengthof(step_traits) == STEP_COUNT,
				 "each kind of step has a row in step_traits");

/*
 * What is the same for each step of the kind.
 */
const StepTraits *
traits_of(StepKind kind)
{
	const StepTraits *traits = &step_traits[kind];

	/* So that no row is missing */
	Assert(traits->stage != NO_STAGE);
	return traits;
}

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

/*
 * Does PostgreSQL require CREATE on the table's schema for the step?
 */
bool
makes_object(const Step *step)
{
	if (step->kind == STEP_ADD_COLUMN)
		return has_sequence(step->column);
	return (traits_of(step->kind)->flags & MAKES_OBJECT) && !step->by_index;
}

/*
 * The name of the constraint, index or column that the step makes or changes.
 */
const char *
name_of_object(const Step *step)
{
	return step->index ? step->index->name : step->check ? step->check->name :
		step->foreign_key ? step->foreign_key->name : step->name;
}

/*
 * The reason why the step is slow, a sentence.
 */
const char *
describe_step(const Step *step)
{
	const char *reason = traits_of(step->kind)->column_reason;

	if (reason == NULL)
		return psprintf(traits_of(step->kind)->object_reason,
						name_of_object(step));

	/* Two kinds have a second reason */
	if (step->checks_rows)
		reason = "New column \"%s\" has a domain with constraints, which are checked for each row.";
	else if (step->kind == STEP_SET_TYPE && step->cost == COST_REWRITE)
		reason = "Column \"%s\" is converted to another type.";
	return psprintf(reason, step->column->column_name);
}
