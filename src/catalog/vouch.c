/*-------------------------------------------------------------------------
 *
 * vouch.c
 *	  Which rows of the catalog count
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"

#include "compat.h"
#include "nextauth_catalog.h"

PG_FUNCTION_INFO_V1(vouch_row);

static bool fits_model(const ModelDefinition *model, Oid relid);
static bool vouches_for_model(const char *name, Oid relid);
static bool vouches_for_column(Oid relid);
static bool vouches_for_adapter(const char *schema_name);
static bool vouches_for_users(void);
static bool can_act_as(Oid role);

/*
 * vouch_row(), BEFORE INSERT OR UPDATE OR DELETE on the tables model,
 * custom_column and adapter
 *
 * Sets "vouched", the last column, to false unless the user could have made
 * the described change without the extension.  So a restore by the owner of
 * the database gives nobody a right that this owner lacks.  A row that did not
 * count in the dumped database does not count in the restored one.  Replicated
 * rows are written by the subscription's owner, or by the role that applies
 * its changes.
 *
 * And tells all sessions that a row changes, however it is written.
 */
Datum
vouch_row(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	CatalogRows rows = {0};
	HeapTuple	row;
	Datum		value;
	int			attnum;
	bool		isnull = false;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_BEFORE(trigger->tg_event) ||
		!TRIGGER_FIRED_FOR_ROW(trigger->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" must be fired BEFORE, FOR EACH ROW",
						get_func_name(fcinfo->flinfo->fn_oid))));

	if (!is_own_table(RelationGetRelid(trigger->tg_relation)))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" must be fired on a table of the extension",
						get_func_name(fcinfo->flinfo->fn_oid))));

	CacheInvalidateRelcache(trigger->tg_relation);
	if (TRIGGER_FIRED_BY_DELETE(trigger->tg_event))
		return PointerGetDatum(trigger->tg_trigtuple);

	row = TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) ? trigger->tg_newtuple :
		trigger->tg_trigtuple;
	rows.relation = trigger->tg_relation;
	attnum = RelationGetNumberOfAttributes(rows.relation);
	for (int i = 1; i <= attnum; i++)
	{
		/* PostgreSQL reports this error better */
		if (heap_attisnull(row, i, RelationGetDescr(rows.relation)))
			return PointerGetDatum(row);
	}

	if (vouches_for_row(&rows, row))
		return PointerGetDatum(row);
	value = BoolGetDatum(false);
	return PointerGetDatum(heap_modify_tuple_by_cols(row,
													 RelationGetDescr(rows.relation),
													 1, &attnum, &value, &isnull));
}

/*
 * Does a row of the table model, custom_column or adapter have "vouched" set,
 * and could the user have made the described change without the extension?
 */
bool
vouches_for_row(const CatalogRows *rows, HeapTuple row)
{
	const char *table = RelationGetRelationName(rows->relation);
	int			attnum = RelationGetNumberOfAttributes(rows->relation);

	if (TupleDescAttr(RelationGetDescr(rows->relation), attnum - 1)->atttypid != BOOLOID ||
		!DatumGetBool(row_value(rows, row, attnum)))
		return false;
	if (strcmp(table, "model") == 0)
		return vouches_for_model(row_text(rows, row, MODEL_NAME),
								 DatumGetObjectId(row_value(rows, row,
															MODEL_RELATION)));
	if (strcmp(table, "custom_column") == 0)
		return vouches_for_column(DatumGetObjectId(row_value(rows, row,
															 COLUMN_TABLE)));
	if (strcmp(table, "adapter") == 0)
		return vouches_for_adapter(row_name(rows, row, ADAPTER_SCHEMA));
	return true;
}

/*
 * Could the user have put the table under management as that model?
 */
static bool
vouches_for_model(const char *name, Oid relid)
{
	const ModelDefinition *model = lookup_model_definition(name);

	return model && is_model_table(relid) && fits_model(model, relid) &&
		can_act_as(owner_of_relation(relid)) && vouches_for_users();
}

/*
 * Does the table have the model's columns, with types that adapters can use?
 * In a restore, keys and defaults are added later.
 */
static bool
fits_model(const ModelDefinition *definition, Oid relid)
{
	Model		model = {0};
	ListCell   *lc;

	model.definition = definition;
	model.relid = relid;
	set_id_types(&model, InvalidOid);
	foreach(lc, builtin_columns(&model))
	{
		const ColumnSpec *column = lfirst(lc);
		AttrNumber	attnum = get_attnum(relid, column->column_name);

		if (attnum <= 0 || !same_family(get_atttype(relid, attnum), column->type))
			return false;
	}
	return true;
}

/*
 * Could the user have added columns to the table?
 */
static bool
vouches_for_column(Oid relid)
{
	return is_model_table(relid) && can_act_as(owner_of_relation(relid));
}

/*
 * Could the user have put an adapter's views into the schema?
 */
static bool
vouches_for_adapter(const char *schema_name)
{
	Oid			schema = get_namespace_oid(schema_name, true);

	return superuser() ||
		(OidIsValid(schema) && can_act_as(schema_owner(schema)) &&
		 vouches_for_users());
}

/*
 * Could the user act as the owner of the users' table, if there is one?  The
 * models belong together.
 */
static bool
vouches_for_users(void)
{
	Model	   *users = read_users(NEWEST_ROWS);

	return !OidIsValid(users->relid) || can_act_as(users->owner);
}

/*
 * Could the user become that role?
 */
static bool
can_act_as(Oid role)
{
	return OidIsValid(role) && role_can_become(GetUserId(), role);
}
