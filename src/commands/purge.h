/*-------------------------------------------------------------------------
 *
 * purge.h
 *	  What the files that delete expired rows share
 *
 *-------------------------------------------------------------------------
 */
#ifndef PURGE_H
#define PURGE_H

#include "commands.h"

/*
 * A walk through a table, in the order of its blocks, that deletes expired
 * rows.  It may take several transactions: between two of them it holds
 * nothing.
 */
typedef struct Walk
{
	Oid			root;			/* the model's table */
	Oid			relid;			/* that, or one that inherits from it */
	AttrNumber	attnum;			/* of the column that says when a row expires */
	char	   *table_name;
	bool		tells;			/* the user may know how many rows there are */
	MemoryContext context;		/* of what the walk remembers */
	Oid			type;			/* of the column; invalid before it begins */
	Datum		cutoff;			/* rows that expired before are deleted */
	bool		may_keep;		/* a trigger or rule may keep a row from being
								 * deleted */
	BlockNumber block_count;
	bits8	   *blocks;			/* those with expired rows; NULL: all */
	uint64		next;			/* number of the next row to visit */
	int64		budget;			/* of rows that may be deleted yet */
	int64		deleted;
	int64		left;			/* expired rows that could not be deleted */
	char	   *reason;			/* why the first of these could not */
} Walk;

/* expired_blocks.c: the blocks of a table that may hold expired rows */
extern bits8 *find_expired_blocks(Relation relation, AttrNumber attnum,
								  Oid type, Datum cutoff);
extern bool is_in_blocks(const bits8 *blocks, BlockNumber block);

/* expired_rows.c: deletes the expired rows of a table */
extern List *find_walks(void);
extern bool continue_walk(Walk *walk, int64 rows);
extern void report_left_rows(const Walk *walk);

#endif							/* PURGE_H */
