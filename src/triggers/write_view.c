/*-------------------------------------------------------------------------
 *
 * write_view.c
 *	  The trigger that writes through an adapter's view
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/table.h"
#include "executor/spi.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

#include "compat.h"
#include "triggers.h"

PG_FUNCTION_INFO_V1(write_through_view);

/* A statement on the table behind a view, with its parameters */
typedef struct Command
{
	Relation	view;
	const StoredView *stored;
	bool		is_insert;
	StringInfoData sql;
	int			count;
	Oid		   *types;
	Datum	   *values;
	char	   *nulls;
} Command;

static void check_row_type(const Command *command);
static void report_other_view(Relation view);
static void insert_through(Command *command, HeapTuple tuple);
static bool update_through(Command *command, HeapTuple old, HeapTuple tuple);
static void delete_through(Command *command, HeapTuple old);
static void append_parameter(Command *command, int position, HeapTuple tuple);
static int	add_parameter(Command *command, int position, HeapTuple tuple);
static void append_key(Command *command, HeapTuple old);
static List *find_key(const Command *command, HeapTuple old);
static Oid	equality_of(Oid type);
static int	find_position(const Command *command, AttrNumber attnum);
static void append_returning(Command *command);
static const char *quote_column(const Command *command, AttrNumber attnum);

/*
 * write_through_view(), INSTEAD OF INSERT OR UPDATE OR DELETE on an adapter's
 * view
 *
 * Writes to the table the values of a view's row, and converts those that the
 * view shows converted: a time without time zone in UTC, milliseconds, or a
 * flag.  A row is found by a key of the table.  A column that is null in an
 * INSERT gets its default, because the trigger cannot distinguish it from one
 * that is not given.  Triggers of the table see the caller's search_path, as
 * in any write to it; so all names here are qualified.
 *
 * Raises an ERROR if the view was replaced by one that shows anything else.
 */
Datum
write_through_view(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	Command		command = {0};
	HeapTuple	old = NULL;
	HeapTuple	result = NULL;
	int			natts;

	if (!CALLED_AS_TRIGGER(fcinfo) ||
		!TRIGGER_FIRED_INSTEAD(trigger->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" must be fired INSTEAD OF INSERT, UPDATE OR DELETE",
						get_func_name(fcinfo->flinfo->fn_oid))));

	command.view = trigger->tg_relation;
	command.stored = read_view(RelationGetRelid(command.view));
	if (!OidIsValid(command.stored->table))
		report_other_view(command.view);

	SPI_connect();
	initStringInfo(&command.sql);
	natts = RelationGetNumberOfAttributes(command.view);
	command.types = palloc_array(Oid, natts * 2);
	command.values = palloc_array(Datum, natts * 2);
	command.nulls = palloc_array(char, natts * 2);
	command.is_insert = TRIGGER_FIRED_BY_INSERT(trigger->tg_event);
	if (command.is_insert)
		insert_through(&command, trigger->tg_trigtuple);
	else if (TRIGGER_FIRED_BY_DELETE(trigger->tg_event))
	{
		old = trigger->tg_trigtuple;
		delete_through(&command, old);
	}
	else if (!update_through(&command, trigger->tg_trigtuple, trigger->tg_newtuple))
	{
		SPI_finish();
		return PointerGetDatum(trigger->tg_newtuple);
	}

	SPI_execute_with_args(command.sql.data, command.count, command.types,
						  command.values, command.nulls, false, 0);
	if (SPI_processed > 0 && old)
		result = old;
	else if (SPI_processed > 0)
	{
		check_row_type(&command);
		result = SPI_copytuple(SPI_tuptable->vals[0]);
	}
	SPI_finish();
	return PointerGetDatum(result);
}

/*
 * Raise an ERROR if a command did not return a row of the view: any role may
 * have created the view, with its own conversions.
 */
static void
check_row_type(const Command *command)
{
	TupleDesc	tupdesc = RelationGetDescr(command->view);
	bool		matches = (SPI_tuptable != NULL &&
						   SPI_tuptable->tupdesc->natts == tupdesc->natts);

	for (int i = 0; matches && i < tupdesc->natts; i++)
		matches = (TupleDescAttr(SPI_tuptable->tupdesc, i)->atttypid ==
				   TupleDescAttr(tupdesc, i)->atttypid);
	if (!matches)
		report_other_view(command->view);
}

static void
report_other_view(Relation view)
{
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("view \"%s\" does not show the columns of a table",
					RelationGetRelationName(view)),
			 errhint("Call nextauth.add_adapter() again.")));
}

static void
insert_through(Command *command, HeapTuple tuple)
{
	TupleDesc	tupdesc = RelationGetDescr(command->view);
	bool		has_values = false;
	ListCell   *lc;

	appendStringInfo(&command->sql, "INSERT INTO %s",
					 quote_relation(command->stored->table));
	foreach(lc, command->stored->columns)
	{
		const StoredColumn *column = lfirst(lc);

		if (heap_attisnull(tuple, foreach_current_index(lc) + 1, tupdesc))
			continue;
		appendStringInfo(&command->sql, "%s%s", has_values ? ", " : " (",
						 quote_column(command, column->attnum));
		has_values = true;
	}
	if (!has_values)
	{
		appendStringInfoString(&command->sql, " DEFAULT VALUES");
		append_returning(command);
		return;
	}

	appendStringInfoString(&command->sql, ") VALUES (");
	for (int position = 1; position <= tupdesc->natts; position++)
	{
		if (heap_attisnull(tuple, position, tupdesc))
			continue;
		if (command->count > 0)
			appendStringInfoString(&command->sql, ", ");
		append_parameter(command, position, tuple);
	}
	appendStringInfoChar(&command->sql, ')');
	append_returning(command);
}

/*
 * Returns false if nothing is changed.
 */
static bool
update_through(Command *command, HeapTuple old, HeapTuple tuple)
{
	TupleDesc	tupdesc = RelationGetDescr(command->view);
	ListCell   *lc;

	appendStringInfo(&command->sql, "UPDATE %s SET ",
					 quote_relation(command->stored->table));
	foreach(lc, command->stored->columns)
	{
		const StoredColumn *column = lfirst(lc);
		int			position = foreach_current_index(lc) + 1;

		if (!differs(tupdesc, position, old, tuple))
			continue;
		appendStringInfo(&command->sql, "%s%s = ", command->count > 0 ? ", " : "",
						 quote_column(command, column->attnum));
		append_parameter(command, position, tuple);
	}
	if (command->count == 0)
		return false;
	append_key(command, old);
	append_returning(command);
	return true;
}

static void
delete_through(Command *command, HeapTuple old)
{
	appendStringInfo(&command->sql, "DELETE FROM %s",
					 quote_relation(command->stored->table));
	append_key(command, old);
}

/*
 * Append the value of the table's column for a value of the view's column.
 */
static void
append_parameter(Command *command, int position, HeapTuple tuple)
{
	const StoredColumn *column = list_nth(command->stored->columns, position - 1);
	int			n = add_parameter(command, position, tuple);

	switch (column->conversion)
	{
		case AS_IT_IS:
			appendStringInfo(&command->sql, "$%d", n);
			break;
		case AS_UTC:
			appendStringInfo(&command->sql, "$%d AT TIME ZONE 'UTC'", n);
			break;
		case AS_MILLISECONDS:
			/* A double has too few digits for the sum of both parts */
			appendStringInfo(&command->sql,
							 "pg_catalog.to_timestamp(pg_catalog.div($%d::numeric, 1000)::double precision)"
							 " OPERATOR(pg_catalog.+) (pg_catalog.mod($%d::numeric, 1000)::double precision"
							 " OPERATOR(pg_catalog.*) interval '1 millisecond')",
							 n, n);
			break;
		case AS_FLAG:
			/* An existing time stays */
			if (command->is_insert)
				appendStringInfo(&command->sql, "CASE WHEN $%d THEN pg_catalog.now() END", n);
			else
				appendStringInfo(&command->sql, "CASE WHEN $%d THEN COALESCE(%s, pg_catalog.now()) END",
								 n, quote_column(command, column->attnum));
			break;
	}
}

/*
 * Make a value of the view's a parameter; returns its number.
 */
static int
add_parameter(Command *command, int position, HeapTuple tuple)
{
	TupleDesc	tupdesc = RelationGetDescr(command->view);
	int			n = command->count++;
	bool		isnull;

	command->types[n] = TupleDescAttr(tupdesc, position - 1)->atttypid;
	command->values[n] = heap_getattr(tuple, position, tupdesc, &isnull);
	command->nulls[n] = isnull ? 'n' : ' ';
	return n + 1;
}

/*
 * The condition that finds the row.
 *
 * Raise an ERROR if there is no key: without it all rows would be written.
 */
static void
append_key(Command *command, HeapTuple old)
{
	TupleDesc	tupdesc = RelationGetDescr(command->view);
	const char *separator = " WHERE ";
	List	   *key = find_key(command, old);
	ListCell   *lc;

	if (key == NIL)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("view \"%s\" shows no key of table \"%s\"",
						RelationGetRelationName(command->view),
						name_of_relation(command->stored->table)),
				 errdetail("A row is identified by the columns of a unique index if they have values and the view shows them unconverted, or else by the NOT NULL columns that it shows unconverted.")));
	foreach(lc, key)
	{
		int			position = lfirst_int(lc);
		const StoredColumn *column = list_nth(command->stored->columns, position - 1);
		Oid			type = TupleDescAttr(tupdesc, position - 1)->atttypid;
		int			n = add_parameter(command, position, old);

		appendStringInfoString(&command->sql, separator);
		generate_operator_clause(&command->sql, quote_column(command, column->attnum),
								 type, equality_of(type), psprintf("$%d", n), type);
		separator = " AND ";
	}
}

/*
 * The positions in the view of the columns that find a row: those of a unique
 * index of the table, if they have values and the view shows them unconverted,
 * or else all NOT NULL columns that it shows unconverted.
 */
static List *
find_key(const Command *command, HeapTuple old)
{
	TupleDesc	tupdesc = RelationGetDescr(command->view);
	Relation	table = table_open(command->stored->table, AccessShareLock);
	List	   *result = NIL;
	ListCell   *lc;

	foreach(lc, RelationGetIndexList(table))
	{
		HeapTuple	tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(lfirst_oid(lc)));
		Form_pg_index index;
		List	   *key = NIL;

		if (!HeapTupleIsValid(tuple))
			continue;
		index = (Form_pg_index) GETSTRUCT(tuple);
		if (index->indisunique && index->indimmediate && index->indisvalid &&
			heap_attisnull(tuple, Anum_pg_index_indpred, NULL))
		{
			for (int i = 0; i < index->indnkeyatts; i++)
			{
				int			position = find_position(command, index->indkey.values[i]);

				if (position == 0 || heap_attisnull(old, position, tupdesc) ||
					!OidIsValid(equality_of(TupleDescAttr(tupdesc, position - 1)->atttypid)))
				{
					key = NIL;
					break;
				}
				key = lappend_int(key, position);
			}
		}
		ReleaseSysCache(tuple);
		if (key != NIL)
		{
			result = key;
			break;
		}
	}
	if (result == NIL)
	{
		foreach(lc, command->stored->columns)
		{
			const StoredColumn *column = lfirst(lc);
			Form_pg_attribute attribute = TupleDescAttr(RelationGetDescr(table),
														column->attnum - 1);

			if (column->conversion == AS_IT_IS && attribute->attnotnull &&
				OidIsValid(equality_of(attribute->atttypid)))
				result = lappend_int(result, foreach_current_index(lc) + 1);
		}
	}
	table_close(table, AccessShareLock);
	return result;
}

/*
 * The operator that tells whether values of a type are equal; a type such as
 * json has none.
 */
static Oid
equality_of(Oid type)
{
	return lookup_type_cache(type, TYPECACHE_EQ_OPR)->eq_opr;
}

static int
find_position(const Command *command, AttrNumber attnum)
{
	ListCell   *lc;

	foreach(lc, command->stored->columns)
	{
		const StoredColumn *column = lfirst(lc);

		if (column->attnum == attnum && column->conversion == AS_IT_IS)
			return foreach_current_index(lc) + 1;
	}
	return 0;
}

static void
append_returning(Command *command)
{
	ListCell   *lc;

	foreach(lc, command->stored->columns)
	{
		const StoredColumn *column = lfirst(lc);

		appendStringInfo(&command->sql, "%s%s",
						 foreach_current_index(lc) == 0 ? " RETURNING " : ", ",
						 print_shown(quote_column(command, column->attnum),
									 column->conversion));
	}
}

static const char *
quote_column(const Command *command, AttrNumber attnum)
{
	return quote_identifier(get_attname(command->stored->table, attnum, false));
}
