/*-------------------------------------------------------------------------
 *
 * merge.c
 *	  Merges replicated rows of the catalog into this database's catalog
 *
 * A publication FOR ALL TABLES has the catalog, too, and both databases write
 * it: each by its own CREATE EXTENSION and extend_model().  A row from the
 * publisher is accepted if the subscriber's tables agree with it, or if the
 * subscriber has no row of its own; it does not replace a row that agrees with
 * the tables.  So the catalog describes the tables of this database, and a
 * duplicate row does not stop the subscriber.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/namespace.h"
#include "commands/trigger.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

#include "compat.h"
#include "change/change.h"

PG_FUNCTION_INFO_V1(merge_row);

static HeapTuple merge_claim(CatalogTable table, HeapTuple row, HeapTuple old,
							 Relation relation);
static HeapTuple merge_change(HeapTuple row, HeapTuple old, Relation relation);
static bool collides(CatalogTable table, const CatalogRows *rows, HeapTuple row,
					 HeapTuple other);
static bool same_value(const CatalogRows *rows, HeapTuple row, HeapTuple other,
					   AttrNumber attnum);
static bool holds(CatalogTable table, const CatalogRows *rows, HeapTuple row);
static bool column_holds(const CatalogRows *rows, HeapTuple row);
static bool moves_model_in_use(const CatalogRows *rows, HeapTuple row);

/*
 * merge_row(), BEFORE INSERT OR UPDATE OR DELETE on the extension's own tables,
 * ENABLE REPLICA
 *
 * Merges a replicated row: it replaces conflicting rows, or is ignored.  A
 * change of a model whose number another change has gets the next number.  A
 * row is not deleted while its table, column or schema exists.
 */
Datum
merge_row(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	CatalogRows rows = {0};
	CatalogTable table;
	HeapTuple	row;
	HeapTuple	old;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_BEFORE(trigger->tg_event) ||
		!TRIGGER_FIRED_FOR_ROW(trigger->tg_event) ||
		!find_catalog_table(trigger->tg_relation, &table))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" must be fired BEFORE ROW on a table of the extension",
						get_func_name(fcinfo->flinfo->fn_oid))));

	rows.relation = trigger->tg_relation;
	old = TRIGGER_FIRED_BY_INSERT(trigger->tg_event) ? NULL : trigger->tg_trigtuple;
	row = TRIGGER_FIRED_BY_UPDATE(trigger->tg_event) ? trigger->tg_newtuple :
		trigger->tg_trigtuple;

	/* A restore's ENABLE TRIGGER ALL makes it fire for every writer */
	if (SessionReplicationRole != SESSION_REPLICATION_ROLE_REPLICA)
		return PointerGetDatum(row);
	for (int i = 1; i <= RelationGetNumberOfAttributes(rows.relation); i++)
	{
		/* PostgreSQL reports it */
		if (heap_attisnull(row, i, RelationGetDescr(rows.relation)))
			return PointerGetDatum(row);
	}

	if (TRIGGER_FIRED_BY_DELETE(trigger->tg_event))
		return PointerGetDatum(holds(table, &rows, row) ? NULL : row);
	if (table == CATALOG_MODEL_CHANGE)
		return PointerGetDatum(merge_change(row, old, rows.relation));
	return PointerGetDatum(merge_claim(table, row, old, rows.relation));
}

/*
 * Merge a row that describes a table, a column or a schema.  Returns the row if
 * it is to be written, after deleting those that it collides with, or NULL.
 */
static HeapTuple
merge_claim(CatalogTable table, HeapTuple row, HeapTuple old, Relation relation)
{
	CatalogRows rows = {.relation = relation};
	char	   *key = table == CATALOG_ADAPTER ?
	NameStr(*DatumGetName(row_value(&rows, row, ADAPTER_SCHEMA))) :
	row_text(&rows, row, MODEL_NAME);
	bool		is_true = vouches_for_row(&rows, row) && holds(table, &rows, row);
	bool		stays = false;
	List	   *others = NIL;
	HeapTuple	other;
	ListCell   *lc;

	if (table == CATALOG_MODEL && is_true && moves_model_in_use(&rows, row))
		return NULL;

	begin_writing(&rows, table, key);
	while ((other = next_row(&rows)) != NULL)
	{
		bool		is_old = old && ItemPointerEquals(&other->t_self, &old->t_self);

		if (!is_old && !collides(table, &rows, row, other))
			continue;
		stays |= (!is_true && holds(table, &rows, other));
		if (!is_old)
			others = lappend(others, heap_copytuple(other));
	}
	foreach(lc, others)
	{
		if (!stays)
			delete_row(&rows, lfirst(lc));
	}
	end_rows(&rows);
	return stays ? NULL : row;
}

/*
 * Merge a change of a model.  Returns NULL if it is recorded already, because
 * both databases were changed alike; otherwise the row, with a free number.
 */
static HeapTuple
merge_change(HeapTuple row, HeapTuple old, Relation relation)
{
	CatalogRows rows = {.relation = relation};
	char	   *model = row_text(&rows, row, CHANGE_MODEL);
	int			attnum = CHANGE_VERSION;
	bool		isnull = false;
	bool		is_taken = false;
	bool		is_known = false;
	HeapTuple	other;
	Datum		version;

	begin_writing(&rows, CATALOG_MODEL_CHANGE, model);
	while ((other = next_row(&rows)) != NULL)
	{
		if ((old && ItemPointerEquals(&other->t_self, &old->t_self)) ||
			!collides(CATALOG_MODEL_CHANGE, &rows, row, other))
			continue;
		is_taken = true;
		is_known = same_value(&rows, row, other, CHANGE_ACTION) &&
			compareJsonbContainers(&DatumGetJsonbP(row_value(&rows, row, CHANGE_CHANGES))->root,
								   &DatumGetJsonbP(row_value(&rows, other, CHANGE_CHANGES))->root) == 0;
	}
	end_rows(&rows);
	if (!is_taken)
		return row;
	if (is_known)
		return NULL;
	version = Int64GetDatum(next_version(model));
	return heap_modify_tuple_by_cols(row, RelationGetDescr(relation), 1, &attnum,
									 &version, &isnull);
}

/*
 * Can there be only one of the two rows?
 */
static bool
collides(CatalogTable table, const CatalogRows *rows, HeapTuple row,
		 HeapTuple other)
{
	switch (table)
	{
		case CATALOG_MODEL:
			return same_value(rows, row, other, MODEL_NAME) ||
				row_value(rows, row, MODEL_RELATION) ==
				row_value(rows, other, MODEL_RELATION);
		case CATALOG_CUSTOM_COLUMN:
			return same_value(rows, row, other, COLUMN_MODEL) &&
				(same_value(rows, row, other, COLUMN_PROPERTY) ||
				 namestrcmp(DatumGetName(row_value(rows, row, COLUMN_NAME)),
							NameStr(*DatumGetName(row_value(rows, other, COLUMN_NAME)))) == 0);
		case CATALOG_MODEL_CHANGE:
			return same_value(rows, row, other, CHANGE_MODEL) &&
				DatumGetInt64(row_value(rows, row, CHANGE_VERSION)) ==
				DatumGetInt64(row_value(rows, other, CHANGE_VERSION));
		case CATALOG_ADAPTER:
			return namestrcmp(DatumGetName(row_value(rows, row, ADAPTER_SCHEMA)),
							  NameStr(*DatumGetName(row_value(rows, other, ADAPTER_SCHEMA)))) == 0;
	}
	return false;
}

/*
 * Do both rows have the same text in a column?
 */
static bool
same_value(const CatalogRows *rows, HeapTuple row, HeapTuple other,
		   AttrNumber attnum)
{
	return strcmp(row_text(rows, row, attnum), row_text(rows, other, attnum)) == 0;
}

/*
 * Do the tables and schemas of this database agree with a row?
 */
static bool
holds(CatalogTable table, const CatalogRows *rows, HeapTuple row)
{
	switch (table)
	{
		case CATALOG_MODEL:
			return DatumGetBool(row_value(rows, row, MODEL_VOUCHED)) &&
				lookup_model_definition(row_text(rows, row, MODEL_NAME)) &&
				is_model_table(DatumGetObjectId(row_value(rows, row, MODEL_RELATION)));
		case CATALOG_CUSTOM_COLUMN:
			return DatumGetBool(row_value(rows, row, COLUMN_VOUCHED)) &&
				column_holds(rows, row);
		case CATALOG_MODEL_CHANGE:
			return false;
		case CATALOG_ADAPTER:
			return DatumGetBool(row_value(rows, row, ADAPTER_VOUCHED)) &&
				OidIsValid(get_namespace_oid(NameStr(*DatumGetName(row_value(rows, row,
																			 ADAPTER_SCHEMA))),
											 true));
	}
	return false;
}

/*
 * Has the model's table the column?
 */
static bool
column_holds(const CatalogRows *rows, HeapTuple row)
{
	const ModelDefinition *definition = lookup_model_definition(row_text(rows, row, COLUMN_MODEL));
	Oid			relid = DatumGetObjectId(row_value(rows, row, COLUMN_TABLE));

	return definition && read_model(definition->name, NEWEST_ROWS)->relid == relid &&
		get_attnum(relid, NameStr(*DatumGetName(row_value(rows, row,
														  COLUMN_NAME)))) > 0;
}

/*
 * Would the row take a model from a table with rows or custom columns?
 * adopt_model() refuses that, too.
 */
static bool
moves_model_in_use(const CatalogRows *rows, HeapTuple row)
{
	Model	   *model = read_model(row_text(rows, row, MODEL_NAME), NEWEST_ROWS);

	return OidIsValid(model->relid) &&
		model->relid != DatumGetObjectId(row_value(rows, row, MODEL_RELATION)) &&
		(has_custom_columns(model) || has_rows(model->relid));
}
