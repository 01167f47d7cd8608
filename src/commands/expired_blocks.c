/*-------------------------------------------------------------------------
 *
 * expired_blocks.c
 *	  The blocks of a table that may hold expired rows
 *
 * An index tells in which blocks the rows are.  Each of these blocks is then
 * read once, however many rows have expired at the same time, and however many
 * entries of deleted rows the index still has.  A scan in the order of the
 * index would meet those again in each transaction.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/stratnum.h"
#include "catalog/pg_am.h"
#include "catalog/pg_type.h"
#include "commands/defrem.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "compat.h"
#include "purge.h"

static Relation open_index_on(Relation relation, AttrNumber attnum, Oid type);
static bool is_on_column(Relation index, AttrNumber attnum, Oid type);

/*
 * The blocks with rows that have expired before "cutoff", a bit each, or NULL
 * if no index tells: all blocks may have some.
 */
bits8 *
find_expired_blocks(Relation relation, AttrNumber attnum, Oid type,
					Datum cutoff)
{
	Relation	index = open_index_on(relation, attnum, type);
	BlockNumber count = RelationGetNumberOfBlocks(relation);
	bits8	   *result;
	ScanKeyData key;
	IndexScanDesc scan;
	ItemPointer tid;

	if (index == NULL)
		return NULL;
	result = palloc0(count / BITS_PER_BYTE + 1);
	ScanKeyInit(&key, 1, BTLessStrategyNumber,
				type == TIMESTAMPOID ? F_TIMESTAMP_LT : F_TIMESTAMPTZ_LT, cutoff);
	scan = index_beginscan(relation, index, GetActiveSnapshot(), 1, 0);
	index_rescan(scan, &key, 1, NULL, 0);
	while ((tid = index_getnext_tid(scan, ForwardScanDirection)) != NULL)
	{
		BlockNumber block = ItemPointerGetBlockNumber(tid);

		CHECK_FOR_INTERRUPTS();

		/* Rows in later blocks came after the walk began */
		if (block < count)
			result[block / BITS_PER_BYTE] |= 1 << block % BITS_PER_BYTE;
	}
	index_endscan(scan);
	index_close(index, AccessShareLock);
	return result;
}

bool
is_in_blocks(const bits8 *blocks, BlockNumber block)
{
	return blocks == NULL ||
		(blocks[block / BITS_PER_BYTE] & 1 << block % BITS_PER_BYTE) != 0;
}

/*
 * Open an index of all rows that has the column first, or return NULL.
 */
static Relation
open_index_on(Relation relation, AttrNumber attnum, Oid type)
{
	ListCell   *lc;

	foreach(lc, RelationGetIndexList(relation))
	{
		Relation	index = index_open(lfirst_oid(lc), AccessShareLock);

		if (is_on_column(index, attnum, type))
			return index;
		index_close(index, AccessShareLock);
	}
	return NULL;
}

/*
 * Does the index order all rows by the column first, in PostgreSQL's own order
 * of its type?
 */
static bool
is_on_column(Relation index, AttrNumber attnum, Oid type)
{
	Oid			opclass = GetDefaultOpClass(type, BTREE_AM_OID);

	return index->rd_rel->relam == BTREE_AM_OID &&
		index->rd_index->indisvalid &&
		index->rd_index->indkey.values[0] == attnum &&
		heap_attisnull(index->rd_indextuple, Anum_pg_index_indpred, NULL) &&
		index->rd_opcintype[0] == type &&
		index->rd_opfamily[0] == get_opclass_family(opclass);
}
