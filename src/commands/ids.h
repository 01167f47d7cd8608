/*-------------------------------------------------------------------------
 *
 * ids.h
 *	  What the sources of convert_ids() share
 *
 *-------------------------------------------------------------------------
 */
#ifndef IDS_H
#define IDS_H

#include "commands.h"

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

/* ids.c: the columns that hold ids, and the steps that give them another type */
extern void plan_ids(IdConversion *conversion);
extern void table_is_gone(Oid relid);
extern List *columns_after_conversion(const IdTable *table);
extern bool is_in_conversion(const IdTable *table);
extern bool is_converted(const IdTable *table);

/* check_ids.c: refuses to convert ids that cannot be converted */
extern void check_convertible(const IdConversion *conversion);
extern void check_id_rows(IdConversion *conversion);
extern void check_id_values(const IdConversion *conversion);

#endif							/* IDS_H */
