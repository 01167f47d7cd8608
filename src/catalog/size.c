/*-------------------------------------------------------------------------
 *
 * size.c
 *	  How many rows, blocks and columns a table has
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/relation.h"
#include "access/table.h"
#include "catalog/pg_inherits.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "optimizer/plancat.h"
#include "storage/bufmgr.h"

#include "compat.h"
#include "nextauth_catalog.h"

/* More rows than that are estimated */
#define MAX_COUNTED_ROWS 200000

static int64 count_table_rows(Relation relation);

/*
 * The number of rows of the table and of those that inherit from it: counted
 * if they are few, else estimated.
 */
int64
count_rows(Oid relid)
{
	int64		result = 0;
	ListCell   *lc;

	foreach(lc, find_all_inheritors(relid, AccessShareLock, NULL))
	{
		Relation	relation = try_relation_open(lfirst_oid(lc), AccessShareLock);

		if (relation == NULL)
			continue;
		if (RELKIND_HAS_TABLE_AM(relation->rd_rel->relkind))
			result += count_table_rows(relation);
		relation_close(relation, AccessShareLock);
	}
	return result;
}

/*
 * Open an ordinary table.
 *
 * Raise an ERROR if it no longer exists, or is another kind of relation.
 */
Relation
open_table(Oid relid)
{
	Relation	relation = try_relation_open(relid, AccessShareLock);

	if (relation == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
				 errmsg("relation with OID %u does not exist", relid)));
	if (!RELKIND_HAS_TABLE_AM(relation->rd_rel->relkind))
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("relation \"%s\" is not an ordinary table",
						RelationGetRelationName(relation))));
	return relation;
}

static int64
count_table_rows(Relation relation)
{
	int64		result = 0;
	BlockNumber pages;
	double		tuples;
	double		visible;
	Snapshot	snapshot;
	TupleTableSlot *slot;
	TableScanDesc scan;

	estimate_rel_size(relation, NULL, &pages, &tuples, &visible);
	if (tuples > MAX_COUNTED_ROWS)
		return (int64) tuples;

	snapshot = RegisterSnapshot(GetLatestSnapshot());
	slot = table_slot_create(relation, NULL);
	scan = table_beginscan(relation, snapshot, 0, NULL);
	while (table_scan_getnextslot(scan, ForwardScanDirection, slot))
	{
		CHECK_FOR_INTERRUPTS();
		result++;
	}
	table_endscan(scan);
	ExecDropSingleTupleTableSlot(slot);
	UnregisterSnapshot(snapshot);
	return result;
}

/*
 * How large the table is: its blocks, and about how many rows.
 */
void
read_size(Oid relid, BlockNumber *blocks, int64 *rows)
{
	Relation	relation = open_table(relid);
	double		tuples;
	double		visible;

	estimate_rel_size(relation, NULL, blocks, &tuples, &visible);
	*blocks = RelationGetNumberOfBlocks(relation);
	*rows = (int64) tuples;
	table_close(relation, AccessShareLock);
}

/*
 * How many columns the table has; and how many were dropped, of which
 * PostgreSQL keeps the numbers.
 */
int
count_columns(Oid relid, int *dropped)
{
	Relation	relation = open_table(relid);
	TupleDesc	tupdesc = RelationGetDescr(relation);
	int			result = 0;

	for (int i = 0; i < tupdesc->natts; i++)
	{
		if (!TupleDescAttr(tupdesc, i)->attisdropped)
			result++;
	}
	*dropped = tupdesc->natts - result;
	table_close(relation, AccessShareLock);
	return result;
}

/*
 * Does the table hold a row that a new snapshot sees?
 */
bool
has_rows(Oid relid)
{
	Relation	relation = open_table(relid);
	Snapshot	snapshot = RegisterSnapshot(GetLatestSnapshot());
	TupleTableSlot *slot = table_slot_create(relation, NULL);
	TableScanDesc scan = table_beginscan(relation, snapshot, 0, NULL);
	bool		result = table_scan_getnextslot(scan, ForwardScanDirection, slot);

	table_endscan(scan);
	ExecDropSingleTupleTableSlot(slot);
	UnregisterSnapshot(snapshot);
	table_close(relation, AccessShareLock);
	return result;
}
