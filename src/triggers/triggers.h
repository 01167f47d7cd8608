/*-------------------------------------------------------------------------
 *
 * triggers.h
 *	  What the triggers share
 *
 *-------------------------------------------------------------------------
 */
#ifndef TRIGGERS_H
#define TRIGGERS_H

#include "change/change.h"

/* fill.c: fills columns that an adapter may not write */
extern bool differs(TupleDesc tupdesc, int attribute, HeapTuple old,
					HeapTuple tuple);

#endif							/* TRIGGERS_H */
