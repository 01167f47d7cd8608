/*-------------------------------------------------------------------------
 *
 * adapter.c
 *	  What the adapters need of the models, and what their views show
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "compat.h"
#include "model.h"

static bool is_shown(List *columns, const ViewColumn *column);

/*
 * The adapter of that name, or NULL.
 */
const Adapter *
lookup_adapter(const char *name)
{
	for (const Adapter *adapter = adapters; adapter->name; adapter++)
	{
		if (strcmp(adapter->name, name) == 0)
			return adapter;
	}
	return NULL;
}

/*
 * The adapter of that name.
 *
 * Raise an ERROR, with the closest match in the hint, if there is none.
 */
const Adapter *
find_adapter(const char *name)
{
	const Adapter *found = lookup_adapter(name);
	ClosestMatchState match;
	const char *closest;

	if (found)
		return found;
	initClosestMatch(&match, name, 4);
	for (const Adapter *adapter = adapters; adapter->name; adapter++)
		updateClosestMatch(&match, adapter->name);

	closest = getClosestMatch(&match);
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("adapter \"%s\" does not exist", name),
			 closest ?
			 errhint("Perhaps you meant the adapter \"%s\".", closest) :
			 errhint("The adapters are %s.", join_adapters(NULL))));
}

/*
 * Can the adapter work with ids of a type?
 */
bool
adapter_takes_ids(const Adapter *adapter, IdType id_type)
{
	return (adapter->id_types & (1 << id_type)) != 0;
}

/*
 * Report what an application must declare for uuids as ids, if anything.
 */
void
report_uuid_declaration(const Adapter *adapter)
{
	if (adapter->uuid_declaration)
		ereport(NOTICE,
				(errmsg("adapter \"%s\" works with ids of type %s if the application declares them",
						adapter->name, print_id_type(ID_UUID)),
				 errdetail_internal("%s", adapter->uuid_declaration),
				 errhint("Run SELECT nextauth.describe_model(%s), which prints the declarations.",
						 quote_literal_cstr(adapter->name))));
}

/*
 * The adapters that can work with ids of a type, for messages; with NULL all
 * adapters.
 */
char *
join_adapters(const IdType *id_type)
{
	List	   *names = NIL;

	for (const Adapter *adapter = adapters; adapter->name; adapter++)
	{
		if (id_type == NULL || adapter_takes_ids(adapter, *id_type))
			names = lappend(names, unconstify(char *, adapter->name));
	}
	return join_names(names);
}

/*
 * The adapter's view of a model, or NULL.
 */
const ConventionView *
view_of(const Adapter *adapter, const ModelDefinition *definition)
{
	for (const ConventionView *view = adapter->views; view->name; view++)
		if (strcmp(view->model, definition->name) == 0)
			return view;
	return NULL;
}

/*
 * The column of a view that shows the property, or NULL.
 */
const ConventionColumn *
find_shown(const ConventionView *view, const char *property)
{
	for (const ConventionColumn *c = view->columns; c->name; c++)
		if (strcmp(c->property, property) == 0)
			return c;
	return NULL;
}

/*
 * Is the property an id that applications need not declare?  Then it can be of
 * a type that the adapter does not know.
 */
bool
is_optional_id(const Adapter *adapter, const ModelDefinition *definition,
			   const char *property)
{
	return (adapter->flags & ADAPTER_IDS_OPTIONAL) && !definition->holds_users &&
		strcmp(property, "id") == 0;
}

/*
 * The columns that the adapter needs of a model and the model lacks, up to one
 * without a property.
 */
const MissingColumn *
missing_columns(const Adapter *adapter, const ModelDefinition *definition)
{
	static const MissingColumn none = {NULL, NULL, 0};
	const ConventionView *view = view_of(adapter, definition);

	return view && view->missing ? view->missing : &none;
}

/*
 * The one of them with this property, or NULL.
 */
const MissingColumn *
find_missing(const Adapter *adapter, const Model *model, const char *property)
{
	for (const MissingColumn *missing = missing_columns(adapter, model->definition);
		 missing->property; missing++)
		if (strcmp(missing->property, property) == 0)
			return missing;
	return NULL;
}

/*
 * Such a column, as add_adapter() makes it.
 */
ColumnSpec *
make_missing_column(const MissingColumn *missing)
{
	ColumnSpec *column = make_column(missing->property);

	column->column_name = name_column(missing->property);
	column->type_name = pstrdup(missing->type_name);
	column->nullable = true;
	column->select = !(missing->flags & MISSING_HIDDEN);
	resolve_type(column, NULL);
	return column;
}

/*
 * Can an adapter use the column instead of the one that it needs?
 */
bool
suits_adapter(const MissingColumn *missing, const ColumnSpec *column)
{
	Oid			type = make_missing_column(missing)->type;

	return !column->builtin && column->as_expression == NULL &&
		OidIsValid(column->type) && same_family(column->type, type) &&
		((!is_number_type(type) && type != TIMESTAMPTZOID) || column->type == type) &&
		(column->nullable || column->default_sql != NULL) &&
		(!(missing->flags & MISSING_FILLED) ||
		 strcmp(column->column_name, name_column(missing->property)) == 0);
}

/*
 * The column that an adapter needs, for messages.
 */
char *
describe_missing(const MissingColumn *missing)
{
	const ColumnSpec *column = make_missing_column(missing);
	char	   *type = format_type_be(column->type);

	if (missing->flags & MISSING_FILLED)
		return psprintf("The adapter needs a column \"%s\" of type %s that may be null.",
						column->column_name, type);
	return psprintf("The adapter needs a column of type %s that may be null.", type);
}

/*
 * The built-in times of a model that have no time zone, as in an adopted
 * table: a list of ColumnSpec.  Some clients read them as UTC, others as their
 * local time.  With an adapter, only the times that its views show or that a
 * trigger of its columns uses.  "columns" comes from read_model_columns().
 */
List *
find_zoneless_times(const Adapter *adapter, const Model *model, List *columns)
{
	const ConventionView *view = adapter ? view_of(adapter, model->definition) : NULL;
	List	   *result = NIL;
	ListCell   *lc;

	foreach(lc, columns)
	{
		ColumnSpec *column = lfirst(lc);

		if (column->builtin && getBaseType(column->type) == TIMESTAMPOID &&
			(adapter == NULL ||
			 strcmp(column->property, "accessTokenExpires") == 0 ||
			 (view && find_shown(view, column->property))))
			result = lappend(result, column);
	}
	return result;
}

/*
 * Raise an ERROR if there are such times, as their meaning is unknown.
 */
void
check_time_zones(const Adapter *adapter, const Model *model, List *columns)
{
	if (find_zoneless_times(adapter, model, columns) != NIL)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("times of model \"%s\" have no time zone",
						model->definition->name),
				 errdetail("Some clients read them as UTC, others as their local time."),
				 errhint("nextauth.check_models() shows the statements that convert them.")));
}

/*
 * The columns, a list of ViewColumn, that an adapter's view of a model has:
 * those of its convention, and then the custom ones of "columns", the model's,
 * in the order of the table.  A view does not show columns that other adapters
 * added to the model.
 *
 * A convention's column that the model lacks has no ColumnSpec.
 */
List *
make_view_columns(const Adapter *adapter, const ConventionView *view,
				  List *columns)
{
	List	   *result = NIL;
	ListCell   *lc;

	for (const ConventionColumn *c = view->columns; c->name; c++)
	{
		ViewColumn *column = palloc0_object(ViewColumn);

		column->name = c->name;
		column->property = c->property;
		column->conversion = c->conversion;
		column->column = find_property(columns, c->property);
		if (column->column && column->column->attnum == 0)
			column->column = NULL;
		result = lappend(result, column);
	}

	foreach(lc, columns)
	{
		const ColumnSpec *custom = lfirst(lc);
		ViewColumn *column;

		if (custom->property == NULL || custom->builtin || custom->attnum == 0 ||
			custom->of_adapter)
			continue;

		/*
		 * An adapter that reads all columns must not read those with
		 * "select": false
		 */
		if (!custom->select && (adapter->flags & ADAPTER_READS_ALL))
			continue;

		column = palloc0_object(ViewColumn);
		column->name = (adapter->flags & ADAPTER_NAMES_COLUMNS) ?
			custom->column_name : custom->property;
		column->property = custom->property;
		column->is_custom = true;
		column->column = custom;
		/* The type of an enum may not exist yet */
		if ((adapter->flags & ADAPTER_TIMES_ARE_UTC) &&
			OidIsValid(custom->type) &&
			getBaseType(custom->type) == TIMESTAMPTZOID)
			column->conversion = AS_UTC;
		if (!is_shown(result, column))
			result = lappend(result, column);
	}
	return result;
}

/*
 * Is the name in use, or the table's column already shown?
 */
static bool
is_shown(List *columns, const ViewColumn *column)
{
	ListCell   *lc;

	foreach(lc, columns)
	{
		const ViewColumn *other = lfirst(lc);

		if (strcmp(other->name, column->name) == 0 ||
			other->column == column->column)
			return true;
	}
	return false;
}
