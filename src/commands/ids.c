/*-------------------------------------------------------------------------
 *
 * ids.c
 *	  The columns that hold ids, and the steps that give them another type
 *
 * An id and all columns that refer to it have the same type.  So all columns
 * that foreign keys connect with the models' ids change together, in the
 * models' tables and in any other of the database: the foreign keys are
 * dropped, each table is rewritten once, and the foreign keys are made again
 * as they were.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_constraint.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_type.h"
#include "commands/comment.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "utils/lsyscache.h"

#include "compat.h"
#include "ids.h"

static Oid	find_relation(const char *model);
static void add_column(IdConversion *conversion, Oid relid, AttrNumber attnum,
					   const ModelDefinition *origin, IdKind kind);
static int	compare_columns(const ListCell *a, const ListCell *b);
static IdTable *find_table(const IdConversion *conversion, Oid relid);
static IdTable *get_table(IdConversion *conversion, Oid relid,
						  const ModelDefinition *origin);
static IdColumn *find_id(const IdConversion *conversion, Oid relid,
						 AttrNumber attnum);
static void set_target(IdConversion *conversion, const IdTable *table,
					   IdColumn *column);
static ColumnSpec *make_target(const IdTable *table, const IdColumn *column,
							   IdType id_type);
static void set_uuid_default(const IdTable *table, ColumnSpec *to);
static void plan_references(IdConversion *conversion);
static void check_reference(const Model *model, const Reference *reference);
static void plan_column(IdTable *table, const IdColumn *column);

/*
 * Find the columns that hold ids, and plan the steps that convert them.  If all
 * have the type already, conversion->changes is false.
 *
 * Raise an ERROR if a column cannot have the type, or if a foreign key could
 * not be made again.
 */
void
plan_ids(IdConversion *conversion)
{
	ListCell   *lc;
	ListCell   *lc2;

	conversion->former = conversion->tables;
	conversion->tables = NIL;
	conversion->changes = false;
	conversion->references = read_references();
	for (const ModelDefinition *m = next_model(NULL); m; m = next_model(m))
	{
		Oid			relid = find_relation(m->name);

		if (OidIsValid(relid))
			(void) get_table(conversion, relid, m);
	}
	for (const ModelDefinition *m = next_model(NULL); m; m = next_model(m))
	{
		Oid			relid = find_relation(m->name);
		AttrNumber	attnum;

		if (!OidIsValid(relid))
			continue;
		attnum = get_attnum(relid, "id");
		if (attnum != InvalidAttrNumber)
			add_column(conversion, relid, attnum, m, OWN_ID);
		attnum = get_attnum(relid, user_id_column(m));
		if (user_property(m) && attnum != InvalidAttrNumber)
			add_column(conversion, relid, attnum, m, REFERRING_ID);
	}

	foreach(lc, conversion->tables)
	{
		IdTable    *table = lfirst(lc);

		list_sort(table->columns, compare_columns);
		foreach(lc2, table->columns)
			set_target(conversion, table, lfirst(lc2));
	}
	if (!conversion->changes)
		return;

	plan_references(conversion);
	foreach(lc, conversion->tables)
	{
		IdTable    *table = lfirst(lc);

		foreach(lc2, table->columns)
			plan_column(table, lfirst(lc2));
	}
}

static Oid
find_relation(const char *model)
{
	return read_model(model, NEWEST_ROWS)->relid;
}

/*
 * A column holds ids, and so do those of inheriting tables and those that refer
 * to it.
 */
static void
add_column(IdConversion *conversion, Oid relid, AttrNumber attnum,
		   const ModelDefinition *origin, IdKind kind)
{
	IdTable    *table = get_table(conversion, relid, origin);
	IdColumn   *column = find_id(conversion, relid, attnum);
	ListCell   *lc;

	check_stack_depth();
	if (column)
	{
		column->is_inherited |= kind == INHERITED_ID;
		return;
	}
	column = palloc0_object(IdColumn);
	column->is_own = kind == OWN_ID;
	column->is_inherited = kind == INHERITED_ID;
	foreach(lc, table->table->columns)
	{
		if (((ColumnSpec *) lfirst(lc))->attnum == attnum)
			column->from = lfirst(lc);
	}
	if (column->from == NULL)
		table_is_gone(relid);
	table->columns = lappend(table->columns, column);

	foreach(lc, find_inheritance_children(relid, NoLock))
		add_column(conversion, lfirst_oid(lc),
				   get_attnum(lfirst_oid(lc), column->from->column_name), origin,
				   INHERITED_ID);
	foreach(lc, conversion->references)
	{
		const Reference *reference = lfirst(lc);

		if (reference->target == relid && reference->target_attnum == attnum)
			add_column(conversion, reference->relid, reference->attnum, origin,
					   REFERRING_ID);
	}
}

static int
compare_columns(const ListCell *a, const ListCell *b)
{
	return ((IdColumn *) lfirst(a))->from->attnum -
		((IdColumn *) lfirst(b))->from->attnum;
}

static IdTable *
find_table(const IdConversion *conversion, Oid relid)
{
	ListCell   *lc;

	foreach(lc, conversion->tables)
	{
		IdTable    *table = lfirst(lc);

		if (table->model->relid == relid)
			return table;
	}
	return NULL;
}

static IdTable *
get_table(IdConversion *conversion, Oid relid, const ModelDefinition *origin)
{
	IdTable    *table = find_table(conversion, relid);
	Model	   *model;
	ListCell   *lc;

	if (table)
		return table;

	table = palloc0_object(IdTable);
	table->relkind = get_rel_relkind(relid);
	table->table = read_table(relid);
	model = find_model(relid);
	if (model)
	{
		origin = model->definition;
		table->table->columns = read_model_columns(model, table->table->columns,
												   NEWEST_ROWS);
	}
	else
	{
		model = palloc0_object(Model);
		model->relid = relid;
		model->owner = owner_of_relation(relid);
		model->schema = get_rel_namespace(relid);
		model->schema_name = name_of_schema(model->schema);
		model->table_name = name_of_relation(relid);
	}
	table->model = model;
	table->origin = origin;
	foreach(lc, conversion->former)
	{
		const IdTable *former = lfirst(lc);

		if (former->model->relid == relid)
			table->rows = former->rows;
	}
	conversion->tables = lappend(conversion->tables, table);
	return table;
}

/*
 * The table is not locked during the planning, and may be gone.
 */
void
table_is_gone(Oid relid)
{
	ereport(ERROR,
			(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
			 errmsg("relation with OID %u was changed or dropped concurrently",
					relid)));
}

static IdColumn *
find_id(const IdConversion *conversion, Oid relid, AttrNumber attnum)
{
	IdTable    *table = find_table(conversion, relid);
	ListCell   *lc;

	if (table == NULL)
		return NULL;
	foreach(lc, table->columns)
	{
		IdColumn   *column = lfirst(lc);

		if (column->from->attnum == attnum)
			return column;
	}
	return NULL;
}

/*
 * Set the column's new definition, unless it is right already.
 *
 * Raise an ERROR if it cannot be converted to it.
 */
static void
set_target(IdConversion *conversion, const IdTable *table, IdColumn *column)
{
	const ColumnSpec *from = column->from;
	IdType		id_type = conversion->id_type;
	IdType		found = ID_INTEGER;
	ColumnSpec *to;

	if (find_id_type(getBaseType(from->type), &found) && found == id_type)
		return;

	to = make_target(table, column, id_type);
	if (find_id_type(from->type, &found) &&
		is_convertible_id(found, id_type))
	{
		column->to = to;
		conversion->changes = true;
		return;
	}
	if (table->model->definition && (column->is_own || from->builtin))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("ids of type %s cannot be converted to %s",
						print_type(from), print_type(to)),
				 errdetail("Column \"%s\" of table \"%s\" holds such ids.",
						   from->column_name, name_with_schema(table->model)),
				 errhint("Ids can be converted to text, from integer to bigint, and from text to uuid.")));
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("column \"%s\" of table \"%s\" cannot be converted from type %s to %s",
					from->column_name, name_with_schema(table->model), print_type(from),
					print_type(to)),
			 errdetail("It refers to ids that would be converted."),
			 errhint("Drop its foreign key first, or give it another type.")));
}

/*
 * The column with its new type, and the default that it has with it.
 */
static ColumnSpec *
make_target(const IdTable *table, const IdColumn *column, IdType id_type)
{
	const ColumnSpec *from = column->from;
	ColumnSpec *to = palloc_object(ColumnSpec);
	char	   *literal;

	*to = *from;
	to->type_name = pstrdup(id_type_name(id_type));
	resolve_type(to, NULL);
	to->collation = get_typcollation(to->type);

	literal = constant_default(from);
	if (literal)
		set_default_literal(to, literal);
	else if (column->is_own && !is_serial_id(id_type) &&
			 from->generated != GENERATED_NEVER)
	{
		Model		model = *table->model;
		const ColumnSpec *built;

		model.id_type = id_type;
		built = find_property(builtin_columns(&model), "id");
		to->generated = GENERATED_NEVER;
		to->default_expr = built->default_expr;
		to->default_sql = built->default_sql;
	}
	else if (id_type == ID_UUID && from->default_expr)
		set_uuid_default(table, to);
	return to;
}

/*
 * If the default was a uuid cast to text, it is the uuid now.
 *
 * Raise an ERROR if the default is anything else.
 */
static void
set_uuid_default(const IdTable *table, ColumnSpec *to)
{
	Node	   *node = to->default_expr;

	while (exprType(node) != UUIDOID)
	{
		if (IsA(node, RelabelType))
			node = (Node *) ((RelabelType *) node)->arg;
		else if (IsA(node, CoerceViaIO))
			node = (Node *) ((CoerceViaIO *) node)->arg;
		else
			ereport(ERROR,
					(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
					 errmsg("default of column \"%s\" of table \"%s\" cannot be converted to type uuid",
							to->column_name, name_with_schema(table->model)),
					 errdetail("The default is: %s", to->default_sql),
					 errhint("Drop the default first, and set one of type uuid afterwards.")));
	}
	set_default_node(to, node);
}

/*
 * Plan to drop the foreign keys of columns that change, and to make them again.
 *
 * Raise an ERROR if such a column refers to something that does not change with
 * it.
 */
static void
plan_references(IdConversion *conversion)
{
	Oid			previous = InvalidOid;
	ListCell   *lc;

	foreach(lc, conversion->references)
	{
		const Reference *reference = lfirst(lc);
		const IdColumn *column = find_id(conversion, reference->relid,
										 reference->attnum);
		const IdColumn *target = find_id(conversion, reference->target,
										 reference->target_attnum);
		IdTable    *table = find_table(conversion, reference->relid);
		Step	   *step;
		char	   *comment;

		if (!(column && column->to) && !(target && target->to))
			continue;
		if (table == NULL)
			table_is_gone(reference->relid);
		if (target == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
					 errmsg("column \"%s\" of table \"%s\" refers to table \"%s\", which is not converted",
							column->from->column_name, name_with_schema(table->model),
							name_of_relation(reference->target)),
					 errdetail("Foreign key \"%s\" could not be created again.",
							   reference->name),
					 errhint("Drop the foreign key first.")));

		find_table(conversion, reference->target)->is_target = true;
		if (!conversion->only_plan)
			check_reference(table->model, reference);

		/* The columns of one follow each other */
		if (reference->constraint == previous)
			continue;
		previous = reference->constraint;

		step = make_step(STEP_DROP_CONSTRAINT, NULL);
		step->name = reference->name;
		table->drops = lappend(table->drops, step);

		step = make_step(STEP_REMAKE_CONSTRAINT, NULL);
		step->name = reference->name;
		step->sql = print_constraint(reference->constraint);
		step->not_valid = !reference->is_valid;
		if (reference->is_valid)
			step->cost = COST_SCAN;
		table->remakes = lappend(table->remakes, step);

		comment = GetComment(reference->constraint, ConstraintRelationId, 0);
		if (comment)
		{
			step = make_step(STEP_COMMENT_CONSTRAINT, NULL);
			step->name = reference->name;
			step->comment = comment;
			table->remakes = lappend(table->remakes, step);
		}
	}
}

/*
 * Raise an ERROR, with the GRANT in the hint, if the owner of a table could not
 * make its foreign key again.
 */
static void
check_reference(const Model *model, const Reference *reference)
{
	ForeignKeySpec foreign_key = {.relid = reference->target};

	foreign_key.target_columns = list_make1(get_attname(reference->target,
														reference->target_attnum,
														false));
	check_foreign_key_target(&foreign_key, model->owner);
}

/*
 * The steps that give a column its new type, and for a generated one also its
 * sequence.
 */
static void
plan_column(IdTable *table, const IdColumn *column)
{
	const ColumnSpec *from = column->from;
	ColumnSpec *to = column->to;
	bool		replaces_default;
	Step	   *step;
	ListCell   *lc;
	ListCell   *lc2;

	if (to == NULL)
		return;

	/* PostgreSQL builds indexes anew without those of their expressions */
	foreach(lc, find_indexes(table->model->relid, from->attnum))
	{
		foreach(lc2, print_index_statistics(lfirst_oid(lc)))
		{
			step = make_step(STEP_RESTORE, to);
			step->sql = lfirst(lc2);
			table->remakes = lappend(table->remakes, step);
		}
	}
	if (column->is_inherited)
		return;

	replaces_default = to->default_expr != from->default_expr;
	if (replaces_default && from->generated == GENERATED_IDENTITY)
		table->changes = lappend(table->changes, make_step(STEP_DROP_IDENTITY, to));
	else if (replaces_default)
		table->changes = lappend(table->changes, make_step(STEP_DROP_DEFAULT, to));

	step = make_step(STEP_SET_TYPE, to);
	step->from = from;
	step->cost = COST_REWRITE;
	table->changes = lappend(table->changes, step);

	if (replaces_default)
		table->changes = lappend(table->changes, make_step(STEP_SET_DEFAULT, to));
	if (!OidIsValid(from->sequence) || (to->type != INT8OID && !replaces_default))
		return;
	step = make_step(to->type == INT8OID ? STEP_SET_SEQUENCE_TYPE :
					 STEP_DROP_SEQUENCE, to);
	step->from = from;
	table->changes = lappend(table->changes, step);
}

/*
 * The columns of a table as they will be, as a list of ColumnSpec.
 */
List *
columns_after_conversion(const IdTable *table)
{
	List	   *columns = list_copy(table->table->columns);
	ListCell   *lc;
	ListCell   *lc2;

	foreach(lc, table->columns)
	{
		const IdColumn *column = lfirst(lc);

		foreach(lc2, columns)
		{
			if (column->to && lfirst(lc2) == column->from)
				lfirst(lc2) = column->to;
		}
	}
	return columns;
}

/*
 * Is the table altered, or locked because a foreign key refers to it?
 */
bool
is_in_conversion(const IdTable *table)
{
	return is_converted(table) || table->drops != NIL || table->is_target;
}

/*
 * Is a column of the table converted?
 */
bool
is_converted(const IdTable *table)
{
	ListCell   *lc;

	foreach(lc, table->columns)
	{
		if (((IdColumn *) lfirst(lc))->to)
			return true;
	}
	return false;
}
