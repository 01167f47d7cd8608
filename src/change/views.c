/*-------------------------------------------------------------------------
 *
 * views.c
 *	  Adapts the adapters' views to the models
 *
 * A new column of a model is added at the end of a view, and a renamed one is
 * renamed; so privileges on a view, and objects that use it, stay.  If a
 * column is dropped or its type changes, the view must be dropped and created
 * again.
 *
 * The columns have the defaults and comments of the table's, for clients that
 * read the catalog or write all columns.  A view with a trigger has no
 * defaults: a null in an INSERT gets the table's default, unconverted.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_namespace.h"
#include "commands/comment.h"
#include "miscadmin.h"
#include "utils/lsyscache.h"

#include "compat.h"
#include "change.h"

/* A view that was dropped, to be made again */
typedef struct TakenView
{
	AdapterView *view;
	List	   *grants;			/* of ViewGrant */
} TakenView;

static List *plan_settings(const AdapterView *view, const Model *model,
						   List *columns, const StoredView *stored);
static const StoredColumn *find_stored_column(const StoredView *stored,
											  const ViewColumn *column);
static ViewColumn *find_shown_column(List *columns, const StoredColumn *stored);
static bool has_view_column(List *columns, const char *name);
static bool has_stored_column(const StoredView *stored, const char *name);
static bool shows_column(const StoredView *stored, AttrNumber attnum);
static bool is_in_the_way(const AdapterView *view, List *steps);
static void check_view_schema(const AdapterView *view, const Model *model,
							  bool creates);
static List *texts_of_grants(const AdapterView *view, List *grants,
							 List *columns);
static List *grant_again(const AdapterView *view, List *grants, List *columns);

/*
 * The statements, as text, that make an adapter's view show the columns of the
 * model; NIL if it does.  "columns" comes from read_model_columns().  Tells
 * whether they create or replace the view, unless "creates" is NULL.
 */
List *
plan_view(const AdapterView *view, const Model *model, List *columns,
		  bool *creates)
{
	List	   *desired = NIL;
	List	   *kept = NIL;
	List	   *renames = NIL;
	bool		appends = false;
	bool		converts = false;
	StoredView *stored = OidIsValid(view->relid) ? read_view(view->relid) : NULL;
	ListCell   *lc;

	if (creates)
		*creates = true;
	foreach(lc, make_view_columns(view->adapter, view->convention, columns))
	{
		ViewColumn *column = lfirst(lc);

		if (column->column == NULL)
			continue;
		desired = lappend(desired, column);
		converts |= column->conversion != AS_IT_IS;
	}
	if (stored == NULL)
		return list_concat(print_view(view, model, desired, NULL),
						   plan_settings(view, model, desired, NULL));
	read_view_settings(view->relid, stored);

	/* Existing columns stay in their order */
	foreach(lc, stored->columns)
	{
		StoredColumn *column = lfirst(lc);
		ViewColumn *shown = find_shown_column(desired, column);

		if (shown == NULL || has_view_column(kept, shown->name))
			break;
		kept = lappend(kept, shown);
		if (strcmp(shown->name, column->name) == 0)
			continue;
		if (has_stored_column(stored, shown->name))
			break;
		renames = lappend(renames,
						  print_rename_view_column(view, column->name, shown->name));
	}
	if (stored->table != model->relid || lc != NULL)
		return lcons(print_drop_view(view),
					 list_concat(print_view(view, model, desired, NULL),
								 plan_settings(view, model, desired, NULL)));

	foreach(lc, desired)
	{
		ViewColumn *column = lfirst(lc);

		if (has_view_column(kept, column->name))
			continue;
		kept = lappend(kept, column);
		appends = true;
	}
	if (creates)
		*creates = appends || !stored->is_invoker;
	if (appends || !stored->is_invoker)
		renames = list_concat(renames, print_view(view, model, kept, stored));
	if (converts && !stored->has_trigger)
		renames = lappend(renames, print_write_trigger(view));
	return list_concat(renames, plan_settings(view, model, kept, stored));
}

/*
 * The statements that give a view's columns, a list of ViewColumn, the
 * defaults and comments of the table's columns; for an existing view only
 * those that differ.
 */
static List *
plan_settings(const AdapterView *view, const Model *model, List *columns,
			  const StoredView *stored)
{
	List	   *result = NIL;
	bool		converts = false;
	ListCell   *lc;

	foreach(lc, columns)
		converts |= ((ViewColumn *) lfirst(lc))->conversion != AS_IT_IS;
	foreach(lc, columns)
	{
		const ViewColumn *column = lfirst(lc);
		const StoredColumn *found = stored ? find_stored_column(stored, column) : NULL;
		const char *default_sql = NULL;

		if (!converts)
			default_sql = print_column_default(model, column->column);

		if (!same_string(default_sql, found ? found->default_sql : NULL))
			result = lappend(result,
							 print_view_default(view, column->name, default_sql));
		if (!same_string(column->column->comment, found ? found->comment : NULL))
			result = lappend(result,
							 print_view_comment(view, column->name,
												column->column->comment));
	}
	return result;
}

static const StoredColumn *
find_stored_column(const StoredView *stored, const ViewColumn *column)
{
	ListCell   *lc;

	foreach(lc, stored->columns)
	{
		const StoredColumn *found = lfirst(lc);

		if (found->attnum == column->column->attnum &&
			found->conversion == column->conversion)
			return found;
	}
	return NULL;
}

static ViewColumn *
find_shown_column(List *columns, const StoredColumn *stored)
{
	ListCell   *lc;

	foreach(lc, columns)
	{
		ViewColumn *column = lfirst(lc);

		if (column->column->attnum == stored->attnum &&
			column->conversion == stored->conversion)
			return column;
	}
	return NULL;
}

static bool
has_view_column(List *columns, const char *name)
{
	ListCell   *lc;

	foreach(lc, columns)
	{
		if (strcmp(((ViewColumn *) lfirst(lc))->name, name) == 0)
			return true;
	}
	return false;
}

static bool
has_stored_column(const StoredView *stored, const char *name)
{
	ListCell   *lc;

	foreach(lc, stored->columns)
	{
		if (strcmp(((StoredColumn *) lfirst(lc))->name, name) == 0)
			return true;
	}
	return false;
}

static bool
shows_column(const StoredView *stored, AttrNumber attnum)
{
	ListCell   *lc;

	foreach(lc, stored->columns)
	{
		if (((StoredColumn *) lfirst(lc))->attnum == attnum)
			return true;
	}
	return false;
}

/*
 * The views that an adapter once had and still has in the schema, as a list of
 * AdapterView: they show a model as the extension made them and bear its
 * comment.
 */
List *
find_former_views(const Adapter *adapter, const char *schema_name)
{
	Oid			schema = get_namespace_oid(schema_name, true);
	List	   *result = NIL;

	if (!OidIsValid(schema) || adapter->former_views == NULL)
		return NIL;
	for (const ConventionView *c = adapter->former_views; c->name; c++)
	{
		AdapterView *view = palloc0_object(AdapterView);
		Model	   *model;
		StoredView *stored;
		char	   *comment;

		view->adapter = adapter;
		view->convention = c;
		view->schema_name = pstrdup(schema_name);
		view->relid = get_relname_relid(view->convention->name, schema);
		model = read_model(view->convention->model, NEWEST_ROWS);
		stored = OidIsValid(view->relid) ? read_view(view->relid) : NULL;
		if (stored == NULL || !OidIsValid(stored->table) ||
			stored->table != model->relid ||
			!is_taken_from(stored->owner, model->owner))
			continue;
		comment = GetComment(view->relid, RelationRelationId, 0);
		if (comment && strcmp(comment, describe_view(view)) == 0)
			result = lappend(result, view);
	}
	return result;
}

/*
 * Raise an ERROR if the user may not alter an existing view, or if its owner,
 * who could replace it, is not trusted.
 */
void
check_view_owner(const AdapterView *view)
{
	if (!OidIsValid(view->relid) ||
		(!view->is_foreign &&
		 owns_relation(view->relid)))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
			 errmsg("must be owner of view %s", name_of_relation(view->relid)),
			 errdetail("It shows model \"%s\" to adapter \"%s\" in schema \"%s\".",
					   view->convention->model, view->adapter->name,
					   view->schema_name),
			 errhint("The owner of the models' tables must own the adapters' views, too.")));
}

/*
 * Add the locks that the change of adapters' views, a list of AdapterView,
 * needs, as add_lock() does.
 *
 * Raise an ERROR if the user may not alter one.
 */
void
add_view_locks(List **locks, List *held, List *views)
{
	ListCell   *lc;

	foreach(lc, views)
	{
		const AdapterView *view = lfirst(lc);

		check_view_owner(view);
		if (OidIsValid(view->relid))
			add_lock(locks, held, InvalidOid, view->relid, AccessExclusiveLock);
	}
}

/*
 * Raise an ERROR if an object depends on the view, and would be dropped with
 * it.
 */
void
check_view_dependents(const AdapterView *view)
{
	List	   *dependents = find_view_dependents(view->relid);

	if (dependents != NIL)
		ereport(ERROR,
				(errcode(ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST),
				 errmsg("cannot drop view \"%s.%s\" because other objects depend on it",
						view->schema_name, view->convention->name),
				 errdetail("Objects that depend on the view: %s.", join_names(dependents)),
				 errhint("Drop the dependent objects first.")));
}

/*
 * Raise an ERROR if views of the adapters, a list of AdapterView, cannot be
 * taken down for the steps.
 */
void
check_taken_views(List *views, List *steps)
{
	ListCell   *lc;

	foreach(lc, views)
	{
		if (is_in_the_way(lfirst(lc), steps))
			check_view_dependents(lfirst(lc));
	}
}

/*
 * Raise an ERROR if an adapter needs a column, can use it as it was (if it
 * existed), and cannot use it after the change.
 */
void
check_still_suits(const Model *model, const ColumnSpec *found,
				  const ColumnSpec *desired)
{
	ListCell   *lc;

	foreach(lc, found ? read_adapter_schemas() : NIL)
	{
		const AdapterSchema *schema = lfirst(lc);
		const MissingColumn *missing = find_missing(schema->adapter, model,
													desired->property);

		if (missing && suits_adapter(missing, found) &&
			!suits_adapter(missing, desired))
			ereport(ERROR,
					(errcode(ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST),
					 errmsg("property \"%s\" of model \"%s\" would not suit adapter \"%s\" in schema \"%s\"",
							missing->property, model->definition->name,
							schema->adapter->name, schema->schema_name),
					 errdetail_internal("%s", describe_missing(missing)),
					 errhint("Call nextauth.drop_adapter() first.")));
	}
}

/*
 * Must the view be dropped before the steps, because it shows a column that is
 * dropped or gets another type, or uses its sequence in a default?
 */
static bool
is_in_the_way(const AdapterView *view, List *steps)
{
	StoredView *stored = OidIsValid(view->relid) ? read_view(view->relid) : NULL;
	ListCell   *lc;

	foreach(lc, steps)
	{
		const Step *step = lfirst(lc);
		const ColumnSpec *column = step->from ? step->from : step->column;

		if (stored && (traits_of(step->kind)->flags & REMAKES_VIEW) &&
			shows_column(stored, column->attnum))
			return true;
	}
	return false;
}

/*
 * Drop the adapters' views that keep the steps from being taken, for
 * refresh_views() to make again.
 */
List *
take_down_views(const Model *model, List *steps)
{
	List	   *result = NIL;
	ListCell   *lc;

	foreach(lc, find_adapter_views(model))
	{
		AdapterView *view = lfirst(lc);
		TakenView  *taken;

		if (!is_in_the_way(view, steps))
			continue;
		check_view_dependents(view);
		taken = palloc_object(TakenView);
		taken->view = view;
		taken->grants = read_grants(view->relid);
		run_statements(list_make1(print_drop_view(view)),
					   owner_of_relation(view->relid));
		result = lappend(result, taken);
	}
	return result;
}

/*
 * The statements, as text, that take_down_views() has run.
 */
List *
texts_of_taken(List *taken_down)
{
	List	   *result = NIL;
	ListCell   *lc;

	foreach(lc, taken_down)
		result = lappend(result,
						 print_drop_view(((TakenView *) lfirst(lc))->view));
	return result;
}

/*
 * Make the adapters' views of a model, existing ones and those that were taken
 * down, show its present columns.  Returns the statements, as text, that were
 * run.
 */
List *
refresh_views(const Model *model, List *taken_down)
{
	List	   *columns = NIL;
	List	   *statements = NIL;
	ListCell   *lc;
	ListCell   *lc2;

	foreach(lc, find_adapter_views(model))
	{
		AdapterView *view = lfirst(lc);
		TakenView  *taken = NULL;

		foreach(lc2, taken_down)
		{
			TakenView  *other = lfirst(lc2);

			if (strcmp(other->view->schema_name, view->schema_name) == 0 &&
				other->view->convention == view->convention)
				taken = other;
		}

		/* Its owner has dropped it */
		if (!OidIsValid(view->relid) && taken == NULL)
			continue;
		if (columns == NIL)
			columns = read_model_columns(model, read_table(model->relid)->columns,
										 NEWEST_ROWS);
		statements = list_concat(statements, change_view(view, model, columns));
		if (taken)
			statements = list_concat(statements,
									 grant_again(view, taken->grants, columns));
	}
	return statements;
}

/*
 * The statements, as text, that take_down_views() would run for the steps, and
 * those that refresh_views() would when the columns are as in "columns".
 *
 * Raise an ERROR if they could not be run.
 */
void
plan_views(const Model *model, List *steps, List *columns, List **before,
		   List **after)
{
	List	   *actual = read_table(model->relid)->columns;
	List	   *planned = NIL;
	AttrNumber	attnum = MaxHeapAttributeNumber;
	ListCell   *lc;

	/* A column keeps its number; a new one will have one behind all others */
	foreach(lc, columns)
	{
		ColumnSpec *column = palloc_object(ColumnSpec);
		const ColumnSpec *found;

		*column = *(ColumnSpec *) lfirst(lc);
		found = find_column(actual, column->column_name);
		if (found && column->attnum == 0)
		{
			column->attnum = found->attnum;
			column->sequence = found->sequence;
		}
		if (column->attnum == 0)
			column->attnum = ++attnum;
		planned = lappend(planned, column);
	}

	*before = *after = NIL;
	foreach(lc, find_adapter_views(model))
	{
		AdapterView view = *(AdapterView *) lfirst(lc);
		List	   *statements;
		bool		creates;

		if (!OidIsValid(view.relid))
			continue;
		if (is_in_the_way(&view, steps))
		{
			List	   *grants = read_grants(view.relid);

			check_view_dependents(&view);
			*before = lappend(*before, print_drop_view(&view));
			view.relid = InvalidOid;
			statements = list_concat(plan_view(&view, model, planned, &creates),
									 texts_of_grants(&view, grants, planned));
		}
		else
			statements = plan_view(&view, model, planned, &creates);
		if (statements != NIL)
			check_view_schema(&view, model, creates);
		*after = list_concat(*after, statements);
	}
}

/*
 * Raise an ERROR if the role that owns a view, or will, may not alter it, or
 * create it, in its schema.
 */
static void
check_view_schema(const AdapterView *view, const Model *model, bool creates)
{
	Oid			schema = get_namespace_oid(view->schema_name, false);
	Oid			owner = OidIsValid(view->relid) ? owner_of_relation(view->relid) : model->owner;

	if (creates)
		check_create(schema, owner);
	check_usage(NamespaceRelationId, schema, owner);
}

/*
 * Raise an ERROR, before any lock, if the adapters' views of a model cannot
 * follow the steps: if other objects depend on a view that has to be dropped, or
 * its owner may not create it again.  "columns" are those after the steps.
 */
void
check_views(const Model *model, List *steps, List *columns)
{
	List	   *before;
	List	   *after;

	plan_views(model, steps, columns, &before, &after);
}

/*
 * The privileges to grant again on a re-created view: all except those on
 * columns that it no longer has.
 */
static List *
texts_of_grants(const AdapterView *view, List *grants, List *columns)
{
	List	   *shown = make_view_columns(view->adapter, view->convention, columns);
	List	   *result = NIL;
	ListCell   *lc;

	foreach(lc, grants)
	{
		const ViewGrant *grant = lfirst(lc);

		if (grant->column_name == NULL || has_view_column(shown, grant->column_name))
			result = lappend(result, grant->sql);
	}
	return result;
}

/*
 * Grant on a re-created view the privileges that it had before, and no others:
 * default privileges may have granted more.  Returns the statements, as text.
 */
static List *
grant_again(const AdapterView *view, List *grants, List *columns)
{
	Oid			relid = get_relname_relid(view->convention->name,
										  get_namespace_oid(view->schema_name, false));
	List	   *statements = NIL;
	const char *role = "";
	ListCell   *lc;

	foreach(lc, read_grants(relid))
	{
		const ViewGrant *given = lfirst(lc);

		if (strcmp(given->role, role) != 0)
			statements = lappend(statements, print_revoke(relid, given->role));
		role = given->role;
	}
	statements = list_concat(statements, texts_of_grants(view, grants, columns));
	run_statements(statements, owner_of_relation(relid));
	return statements;
}

/*
 * Create or change one view.  Its privileges stay.  Returns the statements, as
 * text.
 */
List *
change_view(const AdapterView *view, const Model *model, List *columns)
{
	bool		creates;
	List	   *statements = plan_view(view, model, columns, &creates);
	List	   *grants;

	if (statements == NIL)
		return NIL;
	check_view_schema(view, model, creates);
	if (strcmp(linitial(statements), print_drop_view(view)) == 0)
		check_view_dependents(view);
	grants = OidIsValid(view->relid) ? read_grants(view->relid) : NIL;
	run_statements(statements, OidIsValid(view->relid) ?
				   owner_of_relation(view->relid) : model->owner);
	if (OidIsValid(view->relid) &&
		get_relname_relid(view->convention->name,
						  get_namespace_oid(view->schema_name, false)) != view->relid)
		statements = list_concat(statements, grant_again(view, grants, columns));
	return statements;
}
