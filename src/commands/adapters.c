/*-------------------------------------------------------------------------
 *
 * adapters.c
 *	  add_adapter(): a schema with the views that an adapter expects
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/catalog.h"
#include "catalog/namespace.h"
#include "commands/dbcommands.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "compat.h"
#include "commands.h"

PG_FUNCTION_INFO_V1(add_adapter);

/* A model that an adapter has a view of, and the additions that it needs */
typedef struct Part
{
	Model	   *model;
	Extension  *extension;		/* NULL when the model has no table yet */
	Step	   *foreign_key;	/* foreign key to add or validate */
	const char *unvalidated;	/* name of a foreign key left to another call */
	const char *fill_function;	/* function of the trigger to create */
} Part;

/* The setup of an adapter in a schema */
typedef struct Setup
{
	const Adapter *adapter;
	char	   *schema_name;
	Model	   *users;
	List	   *parts;			/* of Part */
	List	   *views;			/* of AdapterView */
	List	   *changed_views;	/* the views to change */
	List	   *former_views;	/* views of older versions, to drop */
	bool		needs_keys;		/* foreign keys ON DELETE CASCADE to users */
	bool		makes_schema;
	bool		is_changed;		/* is there any change to make? */
} Setup;

static void look_at_adapter(void *argument);
static bool asks_for_keys(FunctionCallInfo fcinfo, int argument);
static Part *look_at_model(Setup *setup, const ModelDefinition *definition);
static void check_ids(const Setup *setup, const Model *model);
static bool shows_ids(const Adapter *adapter, const Model *model);
static void check_schema(Setup *setup);
static void look_at_views(Setup *setup);
static void look_at_former_views(Setup *setup, const AdapterSchema *schema);
static void check_owners(const Setup *setup);
static bool is_view_changed(const Setup *setup, const AdapterView *view,
							const Model *model);
static char *print_indices(const Setup *setup, const Model *model);
static Extension *make_extension(const Setup *setup, const Model *model);
static void check_suits(const Setup *setup, const Model *model,
						const MissingColumn *missing, const ColumnSpec *column);
static void check_times(const Setup *setup, const Model *model);
static Step *plan_user_key(const Setup *setup, const Model *model);
static void leave_validations(Setup *setup);
static void report_other_keys(const Setup *setup);
static List *locks_of_setup(void *argument, List *held);
static void check_setup(void *argument);
static void check_indexes(const Setup *setup, const Part *part);
static void set_up_adapter(Setup *setup, ReturnSetInfo *rsinfo);
static void set_up_models(Setup *setup, ReturnSetInfo *rsinfo);
static void add_user_key(const Part *part, ReturnSetInfo *rsinfo);
static void report_unvalidated(const Part *part, const char *name);

/*
 * add_adapter(adapter text, schema text, options jsonb)
 *
 * Creates a schema with views of the models' tables, under the names that the
 * adapter expects.  Adds columns and indexes that the adapter needs to the
 * models, triggers that fill columns which the adapter does not write, and
 * foreign keys ON DELETE CASCADE if the adapter deletes only the user itself,
 * or with the option "foreignKeys".  A second call adds whatever is missing.
 * Returns a row for each object: kind, name, action.
 *
 * Raises an ERROR if there is no such adapter or option, if the adapter cannot
 * work with the type of the ids, if another object has the name of a view, or
 * if the user does not own the models' tables.
 */
Datum
add_adapter(PG_FUNCTION_ARGS)
{
	Setup		setup = {0};
	LockedPlan	plan = {
		.command = "add_adapter()",
		.plan = look_at_adapter,
		.find_locks = locks_of_setup,
		.check = check_setup,
		.argument = &setup
	};

	setup.adapter = find_adapter(get_text(fcinfo, 0, "adapter"));
	setup.schema_name = pstrdup(setup.adapter->schema);
	if (PG_NARGS() > 1 && !PG_ARGISNULL(1))
		setup.schema_name = get_text(fcinfo, 1, "schema");
	check_name("schema name", setup.schema_name);
	setup.needs_keys = asks_for_keys(fcinfo, 2) ||
		(setup.adapter->flags & ADAPTER_DELETES_USER) != 0;

	InitMaterializedSRF(fcinfo, 0);
	adopt_if_missing(users_definition()->name);
	plan_and_lock(&plan);
	set_up_adapter(&setup, (ReturnSetInfo *) fcinfo->resultinfo);
	report_other_keys(&setup);
	if (setup.users->id_type == ID_UUID)
		report_uuid_declaration(setup.adapter);
	return (Datum) 0;
}

static const Option adapter_options[] = {
	{"foreignKeys", read_boolean, 0, 0, NULL},
};

static const OptionTable adapter_table = {
	.options = adapter_options,
	.count = lengthof(adapter_options),
	.unrecognized = "unrecognized option \"%s\" of %s",
	.misfit = "option \"%s\" of %s must be %s",
	.hint = "The option of an adapter is \"foreignKeys\".",
};

/*
 * Do the options, an argument, ask for foreign keys: {"foreignKeys": true}?
 *
 * Raise an ERROR if an option is unknown.
 */
static bool
asks_for_keys(FunctionCallInfo fcinfo, int argument)
{
	JsonbContainer *options;
	bool		result = false;

	if (argument < PG_NARGS() && PG_ARGISNULL(argument))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("argument \"%s\" must not be null", "options")));
	options = &get_jsonb(fcinfo, argument)->root;
	if (!JsonContainerIsObject(options))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("options of an adapter must be an object"),
				 errhint("Write {\"foreignKeys\": true}.")));

	(void) read_options(&adapter_table, options, "an adapter", NULL, &result);
	return result;
}

/*
 * Find the adapter's existing objects, and the changes to make.
 *
 * Raise an ERROR if a change is not possible.
 */
static void
look_at_adapter(void *argument)
{
	Setup	   *setup = argument;
	AdapterSchema *schema = find_adapter_schema(setup->schema_name);

	setup->is_changed = (schema == NULL);
	if (schema && schema->adapter != setup->adapter)
		ereport(ERROR,
				(errcode(ERRCODE_DUPLICATE_OBJECT),
				 errmsg("schema \"%s\" contains the views of adapter \"%s\"",
						setup->schema_name, schema->adapter->name),
				 errhint("Choose another schema, or call nextauth.drop_adapter() first.")));

	setup->users = read_users(NEWEST_ROWS);
	check_model_table(setup->users);
	check_model_owner(setup->users);
	check_ids(setup, setup->users);
	check_schema(setup);

	setup->parts = NIL;
	for (const ModelDefinition *definition = next_model(NULL); definition;
		 definition = next_model(definition))
	{
		if (view_of(setup->adapter, definition))
			setup->parts = lappend(setup->parts, look_at_model(setup, definition));
	}
	check_owners(setup);
	look_at_views(setup);
	look_at_former_views(setup, schema);
	leave_validations(setup);
}

static Part *
look_at_model(Setup *setup, const ModelDefinition *definition)
{
	Part	   *part = palloc0_object(Part);

	part->model = read_model(definition->name, NEWEST_ROWS);
	if (definition->optional && !OidIsValid(part->model->relid))
	{
		setup->is_changed = true;
		return part;
	}
	check_model_table(part->model);
	check_model_owner(part->model);
	if (shows_ids(setup->adapter, part->model))
		check_ids(setup, part->model);

	check_times(setup, part->model);
	part->extension = make_extension(setup, part->model);
	plan_extension(part->extension);
	part->foreign_key = plan_user_key(setup, part->model);
	if (!has_trigger(part->model->relid, FILL_TRIGGER))
		part->fill_function = part->model->definition->fill_function;
	if (part->extension->plan->steps != NIL ||
		part->extension->plan->changes_catalog || part->fill_function ||
		(part->foreign_key && part->foreign_key->kind == STEP_ADD_FOREIGN_KEY))
		setup->is_changed = true;
	return part;
}

/*
 * Raise an ERROR if the adapter cannot work with the type of the ids.
 */
static void
check_ids(const Setup *setup, const Model *model)
{
	IdType		id_type = model->id_type;

	if (!adapter_takes_ids(setup->adapter, id_type))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("adapter \"%s\" cannot work with ids of type %s",
						setup->adapter->name, print_id_type(id_type)),
				 errdetail("Table \"%s\" has such ids.  Adapters that can work with them: %s.",
						   model->table_name, join_adapters(&id_type)),
				 adapter_takes_ids(setup->adapter, ID_TEXT) ?
				 errhint("Convert them with SELECT nextauth.convert_ids('text').") :
				 id_type == ID_TEXT ?
				 errhint("If every id is a uuid, convert them with SELECT nextauth.convert_ids('uuid').") :
				 errhint("The adapter needs an installation that was created with \"nextauth.id_type\" set to uuid.")));
}

/*
 * Does every client of the adapter know the model's ids?
 */
static bool
shows_ids(const Adapter *adapter, const Model *model)
{
	const ConventionView *view = view_of(adapter, model->definition);

	return view && find_shown(view, "id") &&
		!is_optional_id(adapter, model->definition, "id");
}

/*
 * Raise an ERROR if the schema exists and its owner, who could replace a view,
 * is not trusted with people's accounts; or if it does not exist and the user
 * may not create it.
 */
static void
check_schema(Setup *setup)
{
	Oid			schema = get_namespace_oid(setup->schema_name, true);
	Oid			owner;

	/* A temporary schema exists, but only for its session */
	if (IsReservedName(setup->schema_name))
		ereport(ERROR,
				(errcode(ERRCODE_RESERVED_NAME),
				 errmsg("unacceptable schema name \"%s\"", setup->schema_name),
				 errdetail("The prefix \"pg_\" is reserved for system schemas.")));
	setup->makes_schema = !OidIsValid(schema);
	if (setup->makes_schema)
	{
		setup->is_changed = true;
		if (object_aclcheck(DatabaseRelationId, MyDatabaseId, GetUserId(),
							ACL_CREATE) != ACLCHECK_OK)
			aclcheck_error(ACLCHECK_NO_PRIV, OBJECT_DATABASE,
						   get_database_name(MyDatabaseId));
		return;
	}
	if (object_aclcheck(NamespaceRelationId, schema, GetUserId(),
						ACL_CREATE) != ACLCHECK_OK)
		aclcheck_error(ACLCHECK_NO_PRIV, OBJECT_SCHEMA, setup->schema_name);
	owner = schema_owner(schema);
	if (!is_taken_from(owner, setup->users->owner))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("schema \"%s\" belongs to role \"%s\", which is not trusted",
						setup->schema_name, GetUserNameFromId(owner, true)),
				 errdetail("Only superusers and the owner of the models' tables are trusted."),
				 errhint("Choose another schema, or give it to a trusted role with ALTER SCHEMA ... OWNER TO.")));
}

/*
 * Raise an ERROR if the owner of a model's table, who will own its view, may
 * not create it in the schema.
 */
static void
check_owners(const Setup *setup)
{
	Oid			schema = get_namespace_oid(setup->schema_name, true);
	ListCell   *lc;

	foreach(lc, setup->parts)
	{
		const Model *model = ((Part *) lfirst(lc))->model;

		if (!OidIsValid(model->relid))
			continue;
		check_owner_usage(model);

		/* For triggers */
		check_usage(NamespaceRelationId, get_namespace_oid(NEXTAUTH_SCHEMA, false),
					model->owner);
		if (!setup->makes_schema)
			check_create(schema, model->owner);
		else if (model->owner != setup->users->owner && !superuser_arg(model->owner))
			ereport(ERROR,
					(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
					 errmsg("tables \"%s\" and \"%s\" belong to different roles",
							setup->users->table_name, model->table_name),
					 errhint("Give both tables to one role, or first create a schema \"%s\" in which both roles may create views.",
							 setup->schema_name)));
	}
}

/*
 * Find the existing views.
 *
 * Raise an ERROR if another object has the name of one.
 */
static void
look_at_views(Setup *setup)
{
	Oid			schema = get_namespace_oid(setup->schema_name, true);

	setup->views = setup->changed_views = NIL;
	for (const ConventionView *c = setup->adapter->views; c->name; c++)
	{
		AdapterView *view = palloc0_object(AdapterView);
		Model	   *model = read_model(c->model, NEWEST_ROWS);

		view->adapter = setup->adapter;
		view->convention = c;
		view->schema_name = setup->schema_name;
		view->relid = OidIsValid(schema) ? get_relname_relid(c->name, schema) : InvalidOid;
		if (OidIsValid(view->relid))
		{
			StoredView *stored = read_view(view->relid);

			/*
			 * Any role may create a view of a table, with triggers that run
			 * with the rights of the view's users
			 */
			if (stored == NULL || !is_taken_from(stored->owner, model->owner) ||
				(find_adapter_schema(setup->schema_name) == NULL &&
				 stored->table != model->relid))
				ereport(ERROR,
						(errcode(ERRCODE_DUPLICATE_TABLE),
						 errmsg("relation \"%s\" already exists in schema \"%s\"",
								c->name, setup->schema_name),
						 errhint("Choose another schema for the adapter.")));
			check_view_owner(view);
		}
		setup->views = lappend(setup->views, view);
		if (is_view_changed(setup, view, model))
		{
			setup->changed_views = lappend(setup->changed_views, view);
			setup->is_changed = true;
		}
	}
}

/*
 * Find the views of an older version of the extension, which are dropped.
 *
 * Raise an ERROR if an object depends on one.
 */
static void
look_at_former_views(Setup *setup, const AdapterSchema *schema)
{
	ListCell   *lc;

	setup->former_views = schema ?
		find_former_views(setup->adapter, setup->schema_name) : NIL;
	foreach(lc, setup->former_views)
	{
		check_view_owner(lfirst(lc));
		check_view_dependents(lfirst(lc));
		setup->is_changed = true;
	}
}

/*
 * Will the view change, or one of the columns that it shows?
 */
static bool
is_view_changed(const Setup *setup, const AdapterView *view, const Model *model)
{
	ListCell   *lc;

	foreach(lc, setup->parts)
	{
		const Part *part = lfirst(lc);

		if (strcmp(part->model->definition->name, model->definition->name) == 0 &&
			(part->extension == NULL || part->extension->plan->columns != NIL))
			return true;
	}

	/* The table existed when the parts were examined */
	check_model_table(model);
	return plan_view(view, model,
					 read_model_columns(model, read_table(model->relid)->columns,
										NEWEST_ROWS), NULL) != NIL;
}

/*
 * The definition, as for extend_model(), of the columns and indexes that the
 * model lacks for the adapter.
 */
static Extension *
make_extension(const Setup *setup, const Model *model)
{
	Extension  *extension = palloc0_object(Extension);
	List	   *columns = read_model_columns(model, read_table(model->relid)->columns,
											 NEWEST_ROWS);
	StringInfoData definitions;

	initStringInfo(&definitions);
	for (const MissingColumn *c = missing_columns(setup->adapter, model->definition);
		 c->property; c++)
	{
		const ColumnSpec *column = find_property(columns, c->property);

		if (column && column->attnum != 0)
		{
			check_suits(setup, model, c, column);
			continue;
		}
		appendStringInfo(&definitions, "%s{\"property\": \"%s\", \"type\": \"%s\", \"nullable\": true%s}",
						 definitions.len > 0 ? ", " : "", c->property, c->type_name,
						 (c->flags & MISSING_HIDDEN) ? ", \"select\": false" : "");
	}

	extension->name = model->definition->name;
	extension->verb = "add_adapter";
	extension->for_adapter = true;
	extension->columns =
		&parse_jsonb(psprintf("[%s]", definitions.data))->root;
	extension->options =
		&parse_jsonb(print_indices(setup, model))->root;
	return extension;
}

/*
 * The option of the index that the adapter needs, if any.
 */
static char *
print_indices(const Setup *setup, const Model *model)
{
	const char *index = view_of(setup->adapter, model->definition)->index;

	return index ? psprintf("{\"indices\": [{\"columns\": [\"%s\"]}]}", index) : "{}";
}

/*
 * Raise an ERROR if the model already has the property in a form that does not
 * suit the adapter.
 */
static void
check_suits(const Setup *setup, const Model *model, const MissingColumn *missing,
			const ColumnSpec *column)
{
	if (!suits_adapter(missing, column))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("property \"%s\" of model \"%s\" does not suit adapter \"%s\"",
						missing->property, model->definition->name, setup->adapter->name),
				 errdetail_internal("%s", describe_missing(missing)),
				 errhint("Alter it with nextauth.extend_model(), or rename it with nextauth.rename_property().")));
}

/*
 * Raise an ERROR if a time that the adapter uses has no time zone, as in an
 * adopted table: its meaning is unknown.
 */
static void
check_times(const Setup *setup, const Model *model)
{
	List	   *columns = read_model_columns(model, read_table(model->relid)->columns,
											 NEWEST_ROWS);
	List	   *properties = NIL;
	ListCell   *lc;

	foreach(lc, find_zoneless_times(setup->adapter, model, columns))
		properties = lappend(properties, ((ColumnSpec *) lfirst(lc))->property);
	if (properties != NIL)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("times of model \"%s\" do not suit adapter \"%s\"",
						model->definition->name, setup->adapter->name),
				 errdetail("These properties have no time zone: %s.  Some clients read such times as UTC, others as their local time.",
						   join_names(properties)),
				 errhint("%s", print_set_zone(model,
											  find_zoneless_times(NULL, model, columns)))));
}

/*
 * The step that adds or validates a foreign key ON DELETE CASCADE to users;
 * NULL if there is one, or if the adapter does not need it.
 *
 * The validation of a large table is left to another call, which makes nobody
 * wait.
 */
static Step *
plan_user_key(const Setup *setup, const Model *model)
{
	ForeignKeySpec *foreign_key;
	ColumnSpec *column;
	Table	   *table;
	Step	   *step;
	ListCell   *lc;

	if (!setup->needs_keys ||
		user_property(model->definition) == NULL)
		return NULL;

	table = read_table(model->relid);
	column = find_property(read_model_columns(model, table->columns, NEWEST_ROWS),
						   user_property(model->definition));
	foreach(lc, table->foreign_keys)
	{
		foreign_key = lfirst(lc);
		if (foreign_key->relid != setup->users->relid ||
			!equal_names(foreign_key->column_names, list_make1(column->column_name)))
			continue;

		if (!foreign_key->is_enforced)
			ereport(ERROR,
					(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
					 errmsg("foreign key \"%s\" of table \"%s\" is not enforced",
							foreign_key->name, model->table_name),
					 errdetail("Adapter \"%s\" deletes a user, and relies on the foreign key to delete the rows that refer to the user.",
							   setup->adapter->name),
					 errhint("Enforce it with ALTER TABLE %s ALTER CONSTRAINT %s ENFORCED.",
							 quote_table(model), quote_identifier(foreign_key->name))));

		if (foreign_key->is_valid)
			return NULL;
		step = make_step(STEP_VALIDATE, column);
		step->name = foreign_key->name;
		return step;
	}

	foreign_key = palloc0_object(ForeignKeySpec);
	foreign_key->column_names = list_make1(column->column_name);
	foreign_key->name = name_constraint("FK", model->table_name,
										foreign_key->column_names);
	foreign_key->relid = setup->users->relid;
	foreign_key->schema_name = setup->users->schema_name;
	foreign_key->table_name = setup->users->table_name;
	foreign_key->target_columns = list_make1("id");
	foreign_key->on_update = FKCONSTR_ACTION_NOACTION;
	foreign_key->on_delete = FKCONSTR_ACTION_CASCADE;
	foreign_key->is_enforced = true;
	step = make_step(STEP_ADD_FOREIGN_KEY, column);
	step->from = column;
	step->foreign_key = foreign_key;
	step->not_valid = count_rows(model->relid) > nextauth_max_scan_rows;
	return step;
}

/*
 * Leave the validation of large tables to another call, unless there is
 * nothing else to do: other changes may take locks, and others would wait for
 * them as long as the validation takes.
 */
static void
leave_validations(Setup *setup)
{
	bool		validates = false;
	ListCell   *lc;

	foreach(lc, setup->parts)
	{
		Part	   *part = lfirst(lc);

		if (part->foreign_key == NULL || part->foreign_key->kind != STEP_VALIDATE)
			continue;
		if (setup->is_changed &&
			count_rows(part->model->relid) > nextauth_max_scan_rows)
		{
			part->unvalidated = part->foreign_key->name;
			part->foreign_key = NULL;
		}
		else
			validates = true;
	}
	setup->is_changed |= validates;
}

/*
 * Report the foreign key that keeps users from being deleted.  Only its owner
 * decides whether to drop it.
 */
static void
report_other_keys(const Setup *setup)
{
	ListCell   *lc;
	ListCell   *lc2;

	if (!setup->needs_keys)
		return;
	foreach(lc, setup->parts)
	{
		const Model *model = ((Part *) lfirst(lc))->model;

		foreach(lc2, read_table(model->relid)->foreign_keys)
		{
			const ForeignKeySpec *foreign_key = lfirst(lc2);

			if (foreign_key->relid == setup->users->relid &&
				equal_names(foreign_key->column_names, list_make1("user_id")) &&
				foreign_key->on_delete != FKCONSTR_ACTION_CASCADE)
				ereport(NOTICE,
						(errmsg("foreign key \"%s\" of table \"%s\" keeps adapter \"%s\" from deleting users",
								foreign_key->name, model->table_name, setup->adapter->name),
						 setup->adapter->flags & ADAPTER_DELETES_USER ?
						 errdetail("The adapter expects ON DELETE CASCADE.") :
						 errdetail("Option \"foreignKeys\" asks for ON DELETE CASCADE.")));
		}
	}
}

/*
 * The locks that the setup needs and does not hold yet.
 */
static List *
locks_of_setup(void *argument, List *held)
{
	const Setup *setup = argument;
	List	   *locks = NIL;
	ListCell   *lc;

	if (!setup->is_changed)
		return NIL;

	/*
	 * Keep two callers from creating the same schema, and others from
	 * changing the models
	 */
	foreach(lc, setup->parts)
	{
		const Part *part = lfirst(lc);
		Oid			relid = part->model->relid;
		bool		refers = part->foreign_key && part->foreign_key->foreign_key;

		if (part->extension == NULL)
			refers = setup->needs_keys;
		else
		{
			locks = list_concat(locks,
								required_locks(part->extension,
											   part->extension->plan->steps, held));
			add_lock(&locks, held, InvalidOid, relid,
					 refers || part->fill_function ?
					 ShareRowExclusiveLock : ShareUpdateExclusiveLock);
		}
		if (refers)
			add_lock(&locks, held, InvalidOid, setup->users->relid,
					 ShareRowExclusiveLock);
		if (part->foreign_key && part->foreign_key->foreign_key)
			check_foreign_key_target(part->foreign_key->foreign_key,
									 part->model->owner);
	}
	add_view_locks(&locks, held, setup->changed_views);
	add_view_locks(&locks, held, setup->former_views);
	return locks;
}

/*
 * Raise an ERROR if a large table would be read under a lock, or if rows refer
 * to users that are not there.
 */
static void
check_setup(void *argument)
{
	const Setup *setup = argument;
	ListCell   *lc;

	foreach(lc, setup->parts)
	{
		const Part *part = lfirst(lc);

		if (part->extension)
		{
			check_indexes(setup, part);
			check_cost(part->model, part->extension->plan->steps, ERROR);
			check_data(part->model, part->extension->plan->steps, ERROR);
		}
		if (part->foreign_key && !part->foreign_key->not_valid)
			check_data(part->model, list_make1(part->foreign_key), ERROR);
	}
}

/*
 * Raise an ERROR, with the call that builds it online in its hint, if an index
 * must be built on a large table.
 */
static void
check_indexes(const Setup *setup, const Part *part)
{
	const char *name = NULL;
	int64		rows;
	ListCell   *lc;

	foreach(lc, part->extension->plan->steps)
	{
		const Step *step = lfirst(lc);

		if (step->kind == STEP_CREATE_INDEX)
			name = step->index->name;
	}
	rows = name ? count_rows(part->model->relid) : 0;
	if (rows <= nextauth_max_scan_rows)
		return;

	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("adding adapter \"%s\" would scan %lld rows of table \"%s\" under a lock",
					setup->adapter->name, (long long) rows, part->model->table_name),
			 errdetail("Index \"%s\" is new.  The limit, \"nextauth.max_scan_rows\", is %d.",
					   name, nextauth_max_scan_rows),
			 errhint("CALL nextauth.extend_model_online(%s, '{}', %s) builds it without blocking readers or writers; or set \"nextauth.max_scan_rows\" to %lld.",
					 quote_literal_cstr(part->model->definition->name),
					 quote_literal_cstr(print_indices(setup, part->model)),
					 (long long) rows)));
}

static void
set_up_adapter(Setup *setup, ReturnSetInfo *rsinfo)
{
	ListCell   *lc;

	/*
	 * If another role has created the schema meanwhile, this is an error: its
	 * owner was not checked
	 */
	if (setup->makes_schema)
	{
		char	   *comment = psprintf("Views for the adapter %s; nextauth.add_adapter() and extend_model() create and alter them",
									   setup->adapter->name);

		run_statements(list_make2(print_create_schema(setup->schema_name,
													  setup->users->owner),
								  print_schema_comment(setup->schema_name, comment)),
					   GetUserId());
		put_part(rsinfo, "schema", setup->schema_name, "created");
	}
	else
		put_part(rsinfo, "schema", setup->schema_name, "unchanged");

	set_up_models(setup, rsinfo);
	if (find_adapter_schema(setup->schema_name) == NULL)
		write_adapter(setup->schema_name, setup->adapter->name);

	foreach(lc, setup->views)
	{
		AdapterView *view = lfirst(lc);
		Model	   *model = read_model(view->convention->model, NEWEST_ROWS);
		bool		exists = OidIsValid(view->relid);
		bool		changed;

		check_model_table(model);
		changed = change_view(view, model,
							  read_model_columns(model,
												 read_table(model->relid)->columns,
												 NEWEST_ROWS)) != NIL;
		put_part(rsinfo, "view", view->convention->name,
				 !changed ? "unchanged" : exists ? "altered" : "created");
	}
	drop_views(setup->former_views, rsinfo);
}

/*
 * Drop adapters' views, a list of AdapterView.
 */
void
drop_views(List *views, ReturnSetInfo *rsinfo)
{
	ListCell   *lc;

	foreach(lc, views)
	{
		const AdapterView *view = lfirst(lc);

		run_statements(list_make1(print_drop_view(view)),
					   owner_of_relation(view->relid));
		put_part(rsinfo, "view", view->convention->name, "dropped");
	}
}

/*
 * Create tables, columns, foreign keys and triggers of the models.
 */
static void
set_up_models(Setup *setup, ReturnSetInfo *rsinfo)
{
	List	   *extensions = NIL;
	ListCell   *lc;
	ListCell   *lc2;

	foreach(lc, setup->parts)
	{
		Part	   *part = lfirst(lc);

		if (part->extension)
		{
			extensions = lappend(extensions, part->extension);
			continue;
		}
		(void) install_model(part->model->definition->name);
		part->model = read_model(part->model->definition->name, NEWEST_ROWS);
		part->foreign_key = plan_user_key(setup, part->model);
		part->fill_function = part->model->definition->fill_function;
		put_part(rsinfo, "table", name_with_schema(part->model), "created");
	}

	begin_progress("add_adapter");
	extend_all(extensions, "add_adapter");
	end_progress();
	foreach(lc, extensions)
	{
		const Extension *extension = lfirst(lc);

		foreach(lc2, extension->plan->columns)
		{
			const PlannedColumn *planned = lfirst(lc2);

			put_part(rsinfo, "column",
					 psprintf("%s.%s", extension->model->table_name,
							  planned->column->column_name),
					 print_planned_action(planned->action));
		}
		foreach(lc2, extension->plan->objects)
		{
			const PlannedObject *planned = lfirst(lc2);

			put_part(rsinfo, planned->kind, planned->name,
					 print_planned_action(planned->action));
		}
	}

	foreach(lc, setup->parts)
	{
		const Part *part = lfirst(lc);

		if (part->foreign_key)
			add_user_key(part, rsinfo);
		if (part->unvalidated)
			report_unvalidated(part, part->unvalidated);
		if (part->fill_function)
		{
			run_statements(list_make1(print_fill_trigger(part->model,
														 part->fill_function)),
						   part->model->owner);
			put_part(rsinfo, "trigger",
					 psprintf("%s on %s", FILL_TRIGGER, part->model->table_name),
					 "created");
		}
	}
}

static void
add_user_key(const Part *part, ReturnSetInfo *rsinfo)
{
	const Step *step = part->foreign_key;
	bool		is_new = (step->kind == STEP_ADD_FOREIGN_KEY);
	const char *name = is_new ? step->foreign_key->name : step->name;
	const char *action = is_new ? "added" : "validated";
	List	   *statements = print_steps(part->model, list_make1(unconstify(Step *, step)));
	StringInfoData changes;

	begin_progress("add_adapter");
	run_steps(part->model, statements);
	end_progress();
	initStringInfo(&changes);
	append_change(&changes, name, action);
	write_change(part->model->definition->name, "add_adapter", changes.data,
				 texts_of(statements));
	put_part(rsinfo, "foreign key", name, action);
	if (step->not_valid)
		report_unvalidated(part, name);
}

static void
report_unvalidated(const Part *part, const char *name)
{
	ereport(NOTICE,
			(errmsg("foreign key \"%s\" of table \"%s\" is not validated",
					name, part->model->table_name),
			 errhint("To validate it without blocking readers or writers, call nextauth.add_adapter() again in another transaction.")));
}

/*
 * Return a row of add_adapter() or drop_adapter().
 */
void
put_part(ReturnSetInfo *rsinfo, const char *kind, const char *name,
		 const char *action)
{
	const char *texts[] = {kind, name, action};

	put_texts(rsinfo, texts);
}
