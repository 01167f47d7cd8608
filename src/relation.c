/*-------------------------------------------------------------------------
 *
 * relation.c
 *	  What PostgreSQL's own catalog says of a model's table
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/relation.h"
#include "access/table.h"
#include "access/tableam.h"
#include "catalog/dependency.h"
#include "catalog/pg_constraint.h"
#include "catalog/pg_index.h"
#include "catalog/pg_type.h"
#include "commands/comment.h"
#include "executor/tuptable.h"
#include "nodes/nodeFuncs.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/ruleutils.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "nextauth.h"

static ColumnSpec *read_column(Relation relation, Form_pg_attribute attribute);
static void read_default(ColumnSpec *column, Relation relation,
						 bool is_generated);
static bool is_sequence_default(Node *expression, Oid relid, AttrNumber attnum);
static List *read_indexes(Relation relation);
static IndexSpec *read_index(Relation relation, HeapTuple tuple);
static void mark_keys(Table *table);
static List *read_checks(Relation relation);
static char *print_expression(Relation relation, const char *node_string);

/*
 * A table as PostgreSQL knows it; without columns if it is gone.
 *
 * It is locked in ACCESS SHARE mode while it is read, no longer.
 */
Table *
read_table(Oid relid)
{
	Table	   *table = palloc0_object(Table);
	Relation	relation = try_relation_open(relid, AccessShareLock);
	TupleDesc	tupdesc;

	if (relation == NULL)
		return table;

	tupdesc = RelationGetDescr(relation);
	for (int i = 0; i < tupdesc->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(tupdesc, i);

		if (!attribute->attisdropped)
			table->columns = lappend(table->columns,
									 read_column(relation, attribute));
	}
	table->indexes = read_indexes(relation);
	table->is_extended = relation->rd_rel->relhastriggers ||
		relation->rd_rel->relhasrules || relation->rd_rel->relrowsecurity ||
		relation->rd_rel->relhassubclass;
	table->checks = read_checks(relation);
	mark_keys(table);

	relation_close(relation, AccessShareLock);
	return table;
}

static ColumnSpec *
read_column(Relation relation, Form_pg_attribute attribute)
{
	ColumnSpec *column = make_column(NULL);
	Oid			element;

	column->column_name = pstrdup(NameStr(attribute->attname));
	column->attnum = attribute->attnum;
	column->type = attribute->atttypid;
	column->typmod = attribute->atttypmod;
	column->collation = attribute->attcollation;
	column->nullable = !attribute->attnotnull;
	column->is_array = OidIsValid(get_element_type(column->type));
	column->comment = GetComment(RelationGetRelid(relation),
								 RelationRelationId, attribute->attnum);

	element = element_type(column);
	if (get_typtype(element) == TYPTYPE_ENUM)
	{
		column->enum_name = name_of_type(element);
		column->enum_labels = enum_labels(element);
	}

	if (attribute->attidentity != '\0')
		column->generated = GENERATED_INCREMENT;
	else if (attribute->atthasdef)
		read_default(column, relation, attribute->attgenerated != '\0');
	return column;
}

/*
 * A generated column has no default, though PostgreSQL stores its expression
 * like one; it is read so that it is not taken for a column without.
 */
static void
read_default(ColumnSpec *column, Relation relation, bool is_generated)
{
	TupleConstr *constr = RelationGetDescr(relation)->constr;

	for (int i = 0; i < constr->num_defval; i++)
	{
		Node	   *expression;

		if (constr->defval[i].adnum != column->attnum)
			continue;

		expression = stringToNode(constr->defval[i].adbin);
		if (is_generated)
			column->default_sql = psprintf("GENERATED ALWAYS AS (%s)",
										   print_expression(relation,
															constr->defval[i].adbin));
		else if (is_sequence_default(expression, RelationGetRelid(relation),
									 column->attnum))
			column->generated = GENERATED_INCREMENT;
		else
			set_default_node(column, expression);
		return;
	}
}

/*
 * Does a default take the next value of the column's own sequence, as serial's
 * does?
 */
static bool
is_sequence_default(Node *expression, Oid relid, AttrNumber attnum)
{
	FuncExpr   *function;
	Const	   *sequence;
	Oid			owner;
	int32		owner_column;

	/* nextval() is a bigint, which an integer column coerces */
	function = (FuncExpr *) strip_implicit_coercions(expression);
	if (!IsA(function, FuncExpr) || function->funcid != F_NEXTVAL)
		return false;
	sequence = linitial(function->args);
	return IsA(sequence, Const) &&
		sequenceIsOwned(DatumGetObjectId(sequence->constvalue), DEPENDENCY_AUTO,
						&owner, &owner_column) &&
		owner == relid && owner_column == attnum;
}

static int
compare_index_names(const ListCell *a, const ListCell *b)
{
	return strcmp(((IndexSpec *) lfirst(a))->name,
				  ((IndexSpec *) lfirst(b))->name);
}

/*
 * The indexes of a table that are made of nothing but columns, by name: their
 * OIDs have another order after dump and restore.
 */
static List *
read_indexes(Relation relation)
{
	List	   *result = NIL;
	List	   *index_oids = RelationGetIndexList(relation);
	ListCell   *lc;

	foreach(lc, index_oids)
	{
		HeapTuple	tuple = SearchSysCache1(INDEXRELID,
											ObjectIdGetDatum(lfirst_oid(lc)));
		IndexSpec  *index;

		if (!HeapTupleIsValid(tuple))
			continue;
		index = read_index(relation, tuple);
		if (index)
			result = lappend(result, index);
		ReleaseSysCache(tuple);
	}
	list_free(index_oids);
	list_sort(result, compare_index_names);
	return result;
}

static IndexSpec *
read_index(Relation relation, HeapTuple tuple)
{
	Form_pg_index form = (Form_pg_index) GETSTRUCT(tuple);
	IndexSpec  *index;
	Oid			constraint;
	Datum		predicate;
	bool		isnull;

	if (!form->indisvalid)
		return NULL;

	index = palloc0_object(IndexSpec);
	index->name = get_rel_name(form->indexrelid);
	index->is_primary = form->indisprimary;
	index->is_unique = form->indisunique;

	constraint = get_index_constraint(form->indexrelid);

	/* To TypeORM what a plain index includes is one of its columns */
	for (int i = 0;
		 i < (OidIsValid(constraint) ? form->indnkeyatts : form->indnatts); i++)
	{
		AttrNumber	attnum = form->indkey.values[i];

		if (attnum == InvalidAttrNumber)
			return NULL;
		index->column_names = lappend(index->column_names,
									  get_attname(form->indrelid, attnum, false));
	}

	predicate = SysCacheGetAttr(INDEXRELID, tuple, Anum_pg_index_indpred, &isnull);
	if (!isnull)
		index->where = print_expression(relation, TextDatumGetCString(predicate));

	if (OidIsValid(constraint))
	{
		HeapTuple	contuple = SearchSysCache1(CONSTROID,
											   ObjectIdGetDatum(constraint));
		Form_pg_constraint conform;

		if (HeapTupleIsValid(contuple))
		{
			conform = (Form_pg_constraint) GETSTRUCT(contuple);
			index->is_constraint = true;
			if (conform->condeferrable)
				index->deferrable = conform->condeferred ?
					"INITIALLY DEFERRED" : "INITIALLY IMMEDIATE";
			ReleaseSysCache(contuple);
		}
	}
	return index;
}

/*
 * Mark the columns of the primary key and those with a UNIQUE constraint of
 * their own.  A bare unique index is none, as in TypeORM.
 */
static void
mark_keys(Table *table)
{
	ListCell   *lc;

	foreach(lc, table->indexes)
	{
		IndexSpec  *index = lfirst(lc);
		ListCell   *lc2;

		if (!index->is_primary &&
			!(index->is_unique && index->is_constraint &&
			  list_length(index->column_names) == 1))
			continue;

		foreach(lc2, index->column_names)
		{
			ColumnSpec *column = find_column(table->columns, lfirst(lc2));

			if (index->is_primary)
				column->primary = true;
			else
				column->unique = true;
		}
	}
}

static List *
read_checks(Relation relation)
{
	TupleConstr *constr = RelationGetDescr(relation)->constr;
	List	   *result = NIL;

	for (int i = 0; constr && i < constr->num_check; i++)
	{
		CheckSpec  *check = palloc_object(CheckSpec);

		check->name = pstrdup(constr->check[i].ccname);
		check->expression = print_expression(relation, constr->check[i].ccbin);
		result = lappend(result, check);
	}
	return result;
}

static char *
print_expression(Relation relation, const char *node_string)
{
	return deparse_expression(stringToNode(node_string),
							  deparse_context_for(RelationGetRelationName(relation),
												  RelationGetRelid(relation)),
							  false, false);
}

/*
 * Does the table hold a row that a new snapshot sees?  The caller has it
 * locked.
 */
bool
has_rows(Oid relid)
{
	Relation	relation = table_open(relid, NoLock);
	Snapshot	snapshot = RegisterSnapshot(GetLatestSnapshot());
	TupleTableSlot *slot = table_slot_create(relation, NULL);
	TableScanDesc scan = table_beginscan(relation, snapshot, 0, NULL);
	bool		result = table_scan_getnextslot(scan, ForwardScanDirection, slot);

	table_endscan(scan);
	ExecDropSingleTupleTableSlot(slot);
	UnregisterSnapshot(snapshot);
	table_close(relation, NoLock);
	return result;
}
