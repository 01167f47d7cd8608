/*-------------------------------------------------------------------------
 *
 * ids.c
 *	  convert_ids(): another type for the ids of an installation with rows
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

#include "access/htup_details.h"
#include "access/relation.h"
#include "access/xact.h"
#include "catalog/partition.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_class.h"
#include "catalog/pg_constraint.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_type.h"
#include "commands/comment.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/syscache.h"

#include "compat.h"
#include "commands.h"

PG_FUNCTION_INFO_V1(convert_ids);
PG_FUNCTION_INFO_V1(plan_convert_ids);

/* How it is known that a column holds ids */
typedef enum IdKind
{
	OWN_ID,						/* the id of the model itself */
	REFERRING_ID,
	INHERITED_ID				/* it changes with that of a parent */
} IdKind;

/* A column that holds ids */
typedef struct IdColumn
{
	ColumnSpec *from;
	ColumnSpec *to;				/* NULL if it stays as it is */
	bool		is_own;			/* the id of the model itself */
	bool		is_inherited;	/* it changes with that of a parent */
} IdColumn;

/* A table with such columns, and what is done to it, in this order */
typedef struct IdTable
{
	Model	   *model;			/* without a definition if it is no model's */
	const ModelDefinition *origin;	/* whose ids it was found by */
	char		relkind;
	Table	   *table;
	List	   *columns;		/* of IdColumn */
	List	   *drops;			/* of Step: foreign keys */
	List	   *changes;		/* of Step */
	List	   *remakes;		/* of Step: foreign keys */
	List	   *statements;		/* of char *, that were run */
	List	   *views_before;	/* of char *, that take adapters' views down */
	List	   *views_after;	/* of char *, that make them again */
	bool		is_target;		/* of a foreign key that is made again */
	int64		rows;			/* -1 if they are hidden from the user */
} IdTable;

typedef struct IdConversion
{
	IdType		id_type;
	bool		only_plan;		/* changes nothing: anybody may */
	int			elevel;			/* of what limits forbid */
	bool		changes;
	int64		rows;			/* that are rewritten */
	List	   *references;		/* of Reference, all that there are */
	List	   *tables;			/* of IdTable */
	List	   *former;			/* those of the plan before, rows counted */
} IdConversion;

static IdConversion *get_conversion(FunctionCallInfo fcinfo);
static void plan_conversion(void *argument);
static void look_at_conversion(void *argument);
static Oid	find_relation(const char *model);
static void add_column(IdConversion *conversion, Oid relid, AttrNumber attnum,
					   const ModelDefinition *origin, IdKind kind);
static int	compare_columns(const ListCell *a, const ListCell *b);
static IdTable *find_table(const IdConversion *conversion, Oid relid);
static IdTable *get_table(IdConversion *conversion, Oid relid,
						  const ModelDefinition *origin);
static void table_is_gone(Oid relid);
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
static void check_adapters(const IdConversion *conversion);
static void check_owners(const IdConversion *conversion);
static void check_table(const IdTable *table);
static void check_column(const IdTable *table, const IdColumn *column);
static void check_users(const IdConversion *conversion);
static List *columns_after(const IdTable *table);
static void check_conditions(const IdTable *table);
static void check_expressions(const IdTable *table, const IndexSpec *index,
							  List *columns, List *names);
static void check_conversion(void *argument);
static void check_rows(IdConversion *conversion);
static void check_values(const IdConversion *conversion);
static List *locks_of_conversion(void *argument, List *held);
static bool is_touched(const IdTable *table);
static bool is_changed(const IdTable *table);
static void run_conversion(IdConversion *conversion);
static void run_table_steps(IdTable *table, List *steps);
static void tell_step(const IdConversion *conversion, const IdTable *table,
					  const char *action);
static void record_conversion(const IdConversion *conversion);
static char *qualified_name(const IdTable *table);

/*
 * convert_ids(id_type text)
 *
 * Converts the ids of all models, and all columns that refer to them by a
 * foreign key, to another type: to text from any type, to bigint from integer,
 * to uuid from text.  The values stay.  Returns a row for each model, and for
 * each other table that was changed: model, relation, action (converted,
 * unchanged).
 *
 * Raises an ERROR, and changes nothing, if the ids cannot be converted, if the
 * user does not own all these tables, if another object uses a column, or if
 * too many rows would be rewritten under a lock.
 */
Datum
convert_ids(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	IdConversion *conversion = get_conversion(fcinfo);
	LockedPlan	plan = {
		.command = "convert_ids()",
		.plan = plan_conversion,
		.find_locks = locks_of_conversion,
		.check = check_conversion,
		.argument = conversion
	};
	ListCell   *lc;

	InitMaterializedSRF(fcinfo, 0);
	begin_progress("convert_ids");
	plan_and_lock(&plan);
	if (conversion->changes)
	{
		/* Check again, with rows inserted before everything was locked */
		check_values(conversion);
		run_conversion(conversion);
		foreach(lc, conversion->id_type == ID_UUID ? read_adapter_schemas() : NIL)
			report_uuid_declaration(((AdapterSchema *) lfirst(lc))->adapter);
	}
	end_progress();

	foreach(lc, conversion->tables)
	{
		const IdTable *table = lfirst(lc);
		Datum		values[3] = {0};
		bool		nulls[3] = {false};

		if (table->model->definition == NULL && !is_changed(table))
			continue;
		if (table->model->definition)
			values[0] = CStringGetTextDatum(table->model->definition->name);
		else
			nulls[0] = true;
		values[1] = ObjectIdGetDatum(table->model->relid);
		values[2] = CStringGetTextDatum(is_changed(table) ? "converted" : "unchanged");
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/*
 * plan_convert_ids(id_type text)
 *
 * Returns the statements that convert_ids() would run, in their order, as
 * plan_model() does: step, statement, lock, cost, rows, needs.
 *
 * Raises the ERRORs of convert_ids(), but for those of limits, which are a
 * NOTICE, and of ownership.
 */
Datum
plan_convert_ids(PG_FUNCTION_ARGS)
{
	IdConversion *conversion = get_conversion(fcinfo);
	int			step = 0;
	ListCell   *lc;
	ListCell   *lc2;

	InitMaterializedSRF(fcinfo, 0);
	conversion->only_plan = true;
	conversion->elevel = NOTICE;
	look(look_at_conversion, conversion);
	if (!conversion->changes)
		return (Datum) 0;

	/* Otherwise guard.c would refuse the statements when they are run by hand */
	put_text(fcinfo, ++step, "SET LOCAL nextauth.protect_columns TO off");
	foreach(lc, conversion->tables)
	{
		foreach(lc2, ((IdTable *) lfirst(lc))->views_before)
			put_text(fcinfo, ++step, lfirst(lc2));
	}
	for (int phase = 0; phase < 3; phase++)
	{
		foreach(lc, conversion->tables)
		{
			const IdTable *table = lfirst(lc);
			List	   *steps = phase == 0 ? table->drops :
			phase == 1 ? table->changes : table->remakes;

			foreach(lc2, print_steps(table->model, steps))
				put_statement(fcinfo, ++step, lfirst(lc2), table->rows, table->model);
		}
	}
	foreach(lc, conversion->tables)
	{
		foreach(lc2, ((IdTable *) lfirst(lc))->views_after)
			put_text(fcinfo, ++step, lfirst(lc2));
	}
	put_text(fcinfo, ++step, "RESET nextauth.protect_columns");
	return (Datum) 0;
}

/*
 * What plan_convert_ids() looks at.
 */
static void
look_at_conversion(void *argument)
{
	IdConversion *conversion = argument;
	ListCell   *lc;

	plan_conversion(conversion);
	if (!conversion->changes)
		return;
	check_rows(conversion);
	foreach(lc, conversion->tables)
	{
		IdTable    *table = lfirst(lc);

		if (table->model->definition)
			plan_views(table->model, table->changes, columns_after(table),
					   &table->views_before, &table->views_after);
	}
}

static IdConversion *
get_conversion(FunctionCallInfo fcinfo)
{
	IdConversion *conversion = palloc0_object(IdConversion);
	char	   *name = get_text(fcinfo, 0, "type of ids");

	if (!parse_id_type(name, &conversion->id_type))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("\"%s\" is not a type of ids", name),
				 errhint("The types of ids are integer, bigint, uuid and text.")));
	conversion->elevel = ERROR;
	return conversion;
}

/*
 * Plan the conversion from the present state of the tables.
 *
 * Raise an ERROR if it cannot be done, or if the user does not own the tables,
 * unless it is only for the plan.
 */
static void
plan_conversion(void *argument)
{
	IdConversion *conversion = argument;
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
		attnum = get_attnum(relid, "user_id");
		if (is_builtin_property(m, "userId") && attnum != InvalidAttrNumber)
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
	check_adapters(conversion);
	if (!conversion->only_plan)
		check_owners(conversion);
	foreach(lc, conversion->tables)
	{
		const IdTable *table = lfirst(lc);

		check_table(table);
		foreach(lc2, table->columns)
			check_column(table, lfirst(lc2));
	}
	check_users(conversion);
	foreach(lc, conversion->tables)
		check_conditions(lfirst(lc));
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
static void
table_is_gone(Oid relid)
{
	ereport(ERROR,
			(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
			 errmsg("relation with OID %u, or a column of it, no longer exists",
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
						   from->column_name, qualified_name(table)),
				 errhint("Ids can be converted to text, from integer to bigint, and from text to uuid.")));
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("column \"%s\" of table \"%s\" cannot be converted from type %s to %s",
					from->column_name, qualified_name(table), print_type(from),
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
							to->column_name, qualified_name(table)),
					 errdetail("The default is: %s.", to->default_sql),
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
							column->from->column_name, qualified_name(table),
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
 * Raise an ERROR if an adapter that has a schema could not work with the ids.
 */
static void
check_adapters(const IdConversion *conversion)
{
	ListCell   *lc;

	foreach(lc, read_adapter_schemas())
	{
		const AdapterSchema *schema = lfirst(lc);

		if (!adapter_takes_ids(schema->adapter, conversion->id_type))
			ereport(ERROR,
					(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
					 errmsg("adapter \"%s\" of schema \"%s\" cannot work with ids of type %s",
							schema->adapter->name, schema->schema_name,
							print_id_type(conversion->id_type)),
					 errhint("Remove it first: SELECT nextauth.drop_adapter(%s).",
							 quote_literal_cstr(schema->schema_name))));
	}
}

/*
 * Raise an ERROR if the user does not own all tables that are altered, and the
 * adapters' views of them.
 */
static void
check_owners(const IdConversion *conversion)
{
	ListCell   *lc;
	ListCell   *lc2;

	foreach(lc, conversion->tables)
	{
		const IdTable *table = lfirst(lc);

		if (!is_touched(table))
			continue;
		if (!object_ownercheck(RelationRelationId, table->model->relid,
							   GetUserId()))
			aclcheck_error(ACLCHECK_NOT_OWNER, OBJECT_TABLE, qualified_name(table));
		check_owner_usage(table->model);
		check_surroundings(table->model);
		if (table->model->definition == NULL)
			continue;
		foreach(lc2, find_adapter_views(table->model))
			check_view_owner(lfirst(lc2));
	}
}

/*
 * Raise an ERROR if ALTER TABLE could not alter the table like that.
 */
static void
check_table(const IdTable *table)
{
	Relation	relation;
	SavedUser	user;
	Bitmapset  *attnums = NULL;
	bool		in_expression;
	bool		is_key;
	ListCell   *lc;

	if (!is_changed(table))
		return;
	if (table->relkind == RELKIND_FOREIGN_TABLE)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cannot convert ids in foreign table \"%s\"",
						qualified_name(table)),
				 errhint("Detach it from its parent first.")));
	if (table->relkind != RELKIND_PARTITIONED_TABLE)
		return;

	foreach(lc, table->columns)
	{
		const IdColumn *column = lfirst(lc);

		if (column->to)
			attnums = bms_add_member(attnums, column->from->attnum -
									 FirstLowInvalidHeapAttributeNumber);
	}

	/* Expressions of the key are simplified when the table is opened */
	begin_owner(&user, table->model->owner);
	relation = try_relation_open(table->model->relid, AccessShareLock);
	if (relation == NULL)
		table_is_gone(table->model->relid);
	is_key = has_partition_attrs(relation, attnums, &in_expression);
	relation_close(relation, AccessShareLock);
	end_user(&user);
	if (is_key)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("table \"%s\" is partitioned by ids that would be converted",
						qualified_name(table)),
				 errhint("Drop the foreign key of its partition key first.")));
}

/*
 * Raise an ERROR if the column cannot have another type because of what it is.
 */
static void
check_column(const IdTable *table, const IdColumn *column)
{
	const ColumnSpec *from = column->from;
	HeapTuple	tuple;
	bool		is_inherited;

	if (column->to == NULL || column->is_inherited)
		return;

	tuple = SearchSysCacheAttNum(table->model->relid, from->attnum);
	if (!HeapTupleIsValid(tuple))
		table_is_gone(table->model->relid);
	is_inherited = ((Form_pg_attribute) GETSTRUCT(tuple))->attinhcount > 0;
	ReleaseSysCache(tuple);

	if (is_inherited)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cannot convert inherited column \"%s\" of table \"%s\"",
						from->column_name, qualified_name(table)),
				 errdetail("It refers to ids that would be converted, and the parent's column does not."),
				 errhint("Drop its foreign key first, or add one to the parent's column.")));
	if (from->as_expression)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cannot convert computed column \"%s\" of table \"%s\"",
						from->column_name, qualified_name(table)),
				 errdetail("It refers to ids that would be converted."),
				 errhint("Drop its foreign key first.")));
	if (from->generated == GENERATED_IDENTITY && column->to->type != INT8OID &&
		!column->is_own)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cannot convert identity column \"%s\" of table \"%s\"",
						from->column_name, qualified_name(table)),
				 errdetail("It refers to ids that would be converted."),
				 errhint("Drop its identity or its foreign key first.")));
}

/*
 * Raise an ERROR that names all objects that keep columns from having another
 * type.
 */
static void
check_users(const IdConversion *conversion)
{
	StringInfoData users;
	ListCell   *lc;
	ListCell   *lc2;

	initStringInfo(&users);
	foreach(lc, conversion->tables)
	{
		const IdTable *table = lfirst(lc);
		Oid			relid = table->model->relid;
		List	   *views = NIL;

		if (!is_changed(table))
			continue;
		if (table->model->definition)
			views = view_oids(find_adapter_views(table->model));
		foreach(lc2, table->columns)
		{
			const IdColumn *column = lfirst(lc2);
			List	   *found;

			if (column->to == NULL)
				continue;
			CHECK_FOR_INTERRUPTS();
			found = list_concat(find_type_users(relid, column->from->attnum, views),
								find_expression_users(relid, column->from->attnum,
													  list_concat_copy(find_all_inheritors(relid, NoLock, NULL),
																	   views)));
			if (found != NIL)
				appendStringInfo(&users, "%sOn column \"%s\" of table \"%s\" depends: %s.",
								 users.len > 0 ? "\n" : "",
								 column->from->column_name, qualified_name(table),
								 join_names(found));
		}
	}
	if (users.len > 0)
		ereport(ERROR,
				(errcode(ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST),
				 errmsg("ids cannot be converted because other objects use them"),
				 errdetail_internal("%s", users.data),
				 errhint("Drop them first, and create them again afterwards.")));
}

/*
 * The columns of a table as they will be, as a list of ColumnSpec.
 */
static List *
columns_after(const IdTable *table)
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
 * Raise an ERROR, with its name in the context, if a check or the predicate of
 * an index would not understand the new types.
 */
static void
check_conditions(const IdTable *table)
{
	List	   *columns = columns_after(table);
	List	   *names = NIL;
	SavedUser	user;
	ListCell   *lc;
	ListCell   *lc2;

	/* To read an expression may call what it has */
	begin_owner(&user, table->model->owner);
	foreach(lc, table->columns)
	{
		const IdColumn *column = lfirst(lc);

		if (column->to)
			names = lappend(names, column->from->column_name);
	}

	foreach(lc, table->table->checks)
	{
		const CheckSpec *check = lfirst(lc);
		bool		concerns = false;

		foreach(lc2, names)
			concerns |= is_member(check->column_names, lfirst(lc2));
		if (concerns)
			(void) print_table_expression(table->model, columns, check->expression,
										  NULL, EXPR_KIND_CHECK_CONSTRAINT,
										  "check", check->name, NULL);
	}
	foreach(lc, table->table->indexes)
	{
		const IndexSpec *index = lfirst(lc);

		if (index->where && names != NIL)
			(void) print_table_expression(table->model, columns, index->where,
										  NULL, EXPR_KIND_INDEX_PREDICATE,
										  "predicate of index", index->name, NULL);
	}
	foreach(lc, table->table->other_indexes)
		check_expressions(table, lfirst(lc), columns, names);
	end_user(&user);
}

/*
 * The same of the expressions of an index, if it has "names" in them.
 */
static void
check_expressions(const IdTable *table, const IndexSpec *index, List *columns,
				  List *names)
{
	bool		concerns = false;
	ListCell   *lc;

	foreach(lc, names)
		concerns |= is_member(index->expression_columns, lfirst(lc));
	foreach(lc, concerns ? index->keys : NIL)
	{
		const IndexKey *key = lfirst(lc);

		if (key->expression)
			(void) print_table_expression(table->model, columns, key->expression,
										  NULL, EXPR_KIND_INDEX_EXPRESSION,
										  "expression of index", index->name, NULL);
	}
}

/*
 * Raise an ERROR, before any lock, if the adapters' views cannot follow, or if
 * the rows do not allow the conversion.
 */
static void
check_conversion(void *argument)
{
	IdConversion *conversion = argument;
	ListCell   *lc;

	foreach(lc, conversion->tables)
	{
		const IdTable *table = lfirst(lc);

		if (table->model->definition)
			check_views(table->model, table->changes, columns_after(table));
	}
	check_rows(conversion);
}

/*
 * Count the rows, and refuse to rewrite too many under a lock that others wait
 * for.
 */
static void
check_rows(IdConversion *conversion)
{
	StringInfoData counts;
	int64		rows = 0;
	ListCell   *lc;

	initStringInfo(&counts);
	foreach(lc, conversion->tables)
	{
		IdTable    *table = lfirst(lc);

		if (table->changes == NIL && table->remakes == NIL)
			continue;
		table->rows = -1;
		if (conversion->only_plan && !may_see_rows(table->model))
			continue;
		report_phase(PHASE_CHECKING, table->model->relid, InvalidAttrNumber);
		table->rows = count_rows(table->model->relid);
		rows += table->rows;
		if (table->rows == 0)
			continue;
		appendStringInfo(&counts, "%s" INT64_FORMAT " of table \"%s\"",
						 counts.len > 0 ? ", " : "", table->rows,
						 qualified_name(table));
	}
	if (rows > nextauth_max_scan_rows && !nextauth_allow_rewrite)
		ereport(conversion->elevel,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg_plural("converting ids would rewrite %lld row under a lock",
							   "converting ids would rewrite %lld rows under a lock",
							   rows, (long long) rows),
				 errdetail("The rows are %s.  The limit, \"nextauth.max_scan_rows\", is %d.",
						   counts.data, nextauth_max_scan_rows),
				 errhint("Set \"nextauth.allow_rewrite\" to on at a time when readers and writers can wait.")));
	conversion->rows = rows;
	check_values(conversion);
}

/*
 * Raise an ERROR if ids cannot be converted to uuid, or differ from the output
 * of type uuid: they would not keep their values.
 */
static void
check_values(const IdConversion *conversion)
{
	ListCell   *lc;
	ListCell   *lc2;

	if (conversion->id_type != ID_UUID)
		return;
	foreach(lc, conversion->tables)
	{
		const IdTable *table = lfirst(lc);

		if (conversion->only_plan && !may_see_rows(table->model))
			continue;
		foreach(lc2, table->columns)
		{
			const IdColumn *column = lfirst(lc2);
			int64		rows;

			/* Those of inheriting tables are counted with the parent's */
			if (column->to == NULL || column->is_inherited)
				continue;
			check_sees_all(table->model, column->from, conversion->elevel);
			report_phase(PHASE_CHECKING, table->model->relid, InvalidAttrNumber);
			rows = count_strange_uuids(table->model, column->from);
			if (rows > 0)
				ereport(ERROR,
						(errcode(ERRCODE_DATA_EXCEPTION),
						 errmsg("column \"%s\" of table \"%s\" has ids that differ from the output of type uuid",
								column->from->column_name, qualified_name(table)),
						 errdetail_plural("%lld row has such an id.",
										  "%lld rows have such ids.",
										  rows, (long long) rows),
						 errhint("A conversion keeps all values: change these ids first, and all values that refer to them.")));
		}
	}
}

/*
 * Locks on all tables that are altered or referred to, and on the adapters'
 * views that are made anew, as far as they are not held.
 */
static List *
locks_of_conversion(void *argument, List *held)
{
	const IdConversion *conversion = argument;
	List	   *locks = NIL;
	ListCell   *lc;

	if (!conversion->changes)
		return NIL;
	foreach(lc, conversion->tables)
	{
		const IdTable *table = lfirst(lc);

		if (!is_touched(table))
			continue;
		add_lock(&locks, held, InvalidOid, table->model->relid,
				 AccessExclusiveLock);
		if (table->model->definition)
			add_view_locks(&locks, held, find_adapter_views(table->model));
	}
	return locks;
}

/*
 * Is the table altered, or locked because a foreign key refers to it?
 */
static bool
is_touched(const IdTable *table)
{
	return is_changed(table) || table->drops != NIL || table->is_target;
}

static bool
is_changed(const IdTable *table)
{
	ListCell   *lc;

	foreach(lc, table->columns)
	{
		if (((IdColumn *) lfirst(lc))->to)
			return true;
	}
	return false;
}

/*
 * Run the plan, with all locks held, and update views and catalog.
 */
static void
run_conversion(IdConversion *conversion)
{
	List	   *views = NIL;
	int64		rewritten = 0;
	ListCell   *lc;

	foreach(lc, conversion->tables)
	{
		IdTable    *table = lfirst(lc);

		views = lappend(views, table->model->definition ?
						take_down_views(table->model, table->changes) : NIL);
		table->statements = texts_of_taken(llast(views));
	}
	foreach(lc, conversion->tables)
		run_table_steps(lfirst(lc), ((IdTable *) lfirst(lc))->drops);
	report_rows(0, conversion->rows);
	foreach(lc, conversion->tables)
	{
		IdTable    *table = lfirst(lc);

		if (table->changes != NIL)
			tell_step(conversion, table, "rewriting");
		run_table_steps(table, table->changes);
		rewritten += table->changes != NIL ? table->rows : 0;
		report_rows(rewritten, conversion->rows);
	}
	foreach(lc, conversion->tables)
	{
		IdTable    *table = lfirst(lc);

		if (table->remakes != NIL)
			tell_step(conversion, table, "checking the foreign keys of");
		run_table_steps(table, table->remakes);
	}
	foreach(lc, conversion->tables)
	{
		IdTable    *table = lfirst(lc);
		List	   *custom = NIL;
		ListCell   *lc2;

		if (table->model->definition == NULL)
			continue;
		foreach(lc2, table->columns)
		{
			const IdColumn *column = lfirst(lc2);

			if (column->to && column->to->property && !column->to->builtin)
				custom = lappend(custom, column->to);
		}
		write_custom_columns(table->model, custom);
		table->statements =
			list_concat(table->statements,
						refresh_views(table->model,
									  list_nth(views, foreach_current_index(lc))));
	}
	record_conversion(conversion);
}

static void
run_table_steps(IdTable *table, List *steps)
{
	List	   *statements = print_steps(table->model, steps);

	run_steps(table->model, statements);
	table->statements = list_concat(table->statements, texts_of(statements));
}

/*
 * Say what is done next to a table, if there are so many rows that it takes its
 * time.
 */
static void
tell_step(const IdConversion *conversion, const IdTable *table, const char *action)
{
	if (conversion->rows > nextauth_max_scan_rows && table->rows > 0)
		ereport(NOTICE,
				(errmsg_plural("convert_ids(): %s table \"%s\" with %lld row",
							   "convert_ids(): %s table \"%s\" with %lld rows",
							   table->rows, action, qualified_name(table),
							   (long long) table->rows)));
}

/*
 * Record a change of each model; what was done to other tables is recorded with
 * the model whose ids they hold.
 */
static void
record_conversion(const IdConversion *conversion)
{
	ListCell   *lc;
	ListCell   *lc2;

	foreach(lc, conversion->tables)
	{
		const IdTable *table = lfirst(lc);
		List	   *statements = NIL;
		StringInfoData changes;

		if (table->model->definition == NULL)
			continue;
		initStringInfo(&changes);
		foreach(lc2, table->columns)
		{
			const IdColumn *column = lfirst(lc2);

			if (column->to)
				append_change(&changes, column->from->property ?
							  column->from->property : column->from->column_name,
							  "altered");
		}
		foreach(lc2, conversion->tables)
		{
			const IdTable *other = lfirst(lc2);

			if (other->origin == table->model->definition)
				statements = list_concat(statements, other->statements);
		}
		if (changes.len > 0)
			write_change(table->model->definition->name, "convert_ids", changes.data,
						 statements);
	}
}

static char *
qualified_name(const IdTable *table)
{
	return psprintf("%s.%s", table->model->schema_name, table->model->table_name);
}
