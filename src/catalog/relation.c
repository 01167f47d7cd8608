/*-------------------------------------------------------------------------
 *
 * relation.c
 *	  A model's table as PostgreSQL's own catalog describes it
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/relation.h"
#include "access/reloptions.h"
#include "access/table.h"
#include "access/tableam.h"
#include "catalog/dependency.h"
#include "catalog/indexing.h"
#include "catalog/pg_am.h"
#include "catalog/pg_attrdef.h"
#include "catalog/pg_constraint.h"
#include "catalog/pg_depend.h"
#include "catalog/pg_description.h"
#include "catalog/pg_index.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_type.h"
#include "commands/defrem.h"
#include "commands/tablecmds.h"
#include "commands/tablespace.h"
#include "executor/spi.h"
#include "executor/tuptable.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/optimizer.h"
#include "optimizer/plancat.h"
#include "parser/parsetree.h"
#include "rewrite/rewriteHandler.h"
#include "storage/bufmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/ruleutils.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "compat.h"
#include "nextauth.h"

/* More rows than that are estimated */
#define MAX_COUNTED_ROWS 200000

static ColumnSpec *read_column(Relation relation, Form_pg_attribute attribute);
static void read_default(ColumnSpec *column, Relation relation,
						 char generated_type);
static Oid	sequence_of_default(Node *expression, Oid relid, AttrNumber attnum);
static char **read_comments(Relation relation);
static List *read_constraints(Relation relation);
static void read_indexes(Table *table, Relation relation, List *constraints);
static IndexSpec *read_index(Relation relation, HeapTuple tuple, char *name,
							 List *constraints);
static void read_keys(IndexSpec *index, Relation relation, HeapTuple tuple);
static void read_storage(IndexSpec *index);
static char *print_exclusion(Oid constraint);
static void add_indexed_columns(Table *table, Relation relation,
								HeapTuple tuple);
static void mark_keys(Table *table);
static void read_foreign_keys(Table *table, List *constraints);
static List *read_key_columns(HeapTuple tuple, AttrNumber attribute, Oid relid);
static List *read_checks(Relation relation);
static List *get_texts(MemoryContext context);
static Relation open_table(Oid relid);
static int64 count_table_rows(Relation relation);
static List *query_texts(const char *query, int nargs, Oid *types, Datum *values);
static List *query_column(const char *query, Oid relid, AttrNumber attnum,
						  List *ignored);
static Datum make_oid_array(List *oids);
static char *print_view_options(Oid relid);
static StoredColumn *read_view_column(Relation view, TargetEntry *entry);

/*
 * A table as PostgreSQL knows it; without columns if it is gone.
 *
 * It is locked in ACCESS SHARE mode only while it is read.
 */
Table *
read_table(Oid relid)
{
	Table	   *table = palloc0_object(Table);
	Relation	relation = try_relation_open(relid, AccessShareLock);
	TupleDesc	tupdesc;
	char	  **comments;
	List	   *constraints;

	if (relation == NULL)
		return table;

	tupdesc = RelationGetDescr(relation);
	comments = read_comments(relation);
	for (int i = 0; i < tupdesc->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(tupdesc, i);
		ColumnSpec *column;

		if (attribute->attisdropped)
			continue;
		column = read_column(relation, attribute);
		column->comment = comments[attribute->attnum];
		table->columns = lappend(table->columns, column);
	}
	constraints = read_constraints(relation);
	read_indexes(table, relation, constraints);
	read_foreign_keys(table, constraints);
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
	column->unvalidated_not_null = unvalidated_not_null(relation,
														attribute->attnum);
	column->is_array = OidIsValid(get_element_type(column->type));

	element = element_type(column);
	if (get_typtype(element) == TYPTYPE_ENUM)
	{
		column->enum_name = name_of_type(element);
		column->enum_labels = enum_labels(element);
	}

	if (attribute->attidentity != '\0')
		column->generated = GENERATED_IDENTITY;
	else if (attribute->atthasdef)
		read_default(column, relation, attribute->attgenerated);
	return column;
}

/*
 * PostgreSQL stores the expression of a column that is computed like a default.
 */
static void
read_default(ColumnSpec *column, Relation relation, char generated_type)
{
	TupleConstr *constr = RelationGetDescr(relation)->constr;

	for (int i = 0; i < constr->num_defval; i++)
	{
		Node	   *expression;

		if (constr->defval[i].adnum != column->attnum)
			continue;

		if (generated_type != '\0')
		{
			column->generated_type = generated_type;
			column->as_expression = print_stored_expression(relation,
															constr->defval[i].adbin);
			return;
		}

		expression = stringToNode(constr->defval[i].adbin);
		column->sequence = sequence_of_default(expression,
											   RelationGetRelid(relation),
											   column->attnum);
		if (OidIsValid(column->sequence))
			column->generated = GENERATED_INCREMENT;
		else
			set_default_node(column, expression);
		return;
	}
}

/*
 * The column's own sequence, if a default takes the next value of it, as
 * serial's does.
 */
static Oid
sequence_of_default(Node *expression, Oid relid, AttrNumber attnum)
{
	FuncExpr   *function;
	Const	   *sequence;
	Oid			owner;
	int32		owner_column;

	/* nextval() is a bigint, which an integer column coerces */
	function = (FuncExpr *) strip_implicit_coercions(expression);
	if (!IsA(function, FuncExpr) || function->funcid != F_NEXTVAL)
		return InvalidOid;
	sequence = linitial(function->args);
	if (IsA(sequence, Const) &&
		sequenceIsOwned(DatumGetObjectId(sequence->constvalue), DEPENDENCY_AUTO,
						&owner, &owner_column) &&
		owner == relid && owner_column == attnum)
		return DatumGetObjectId(sequence->constvalue);
	return InvalidOid;
}

/*
 * The comments on all columns, by attribute number, in one scan.
 */
static char **
read_comments(Relation relation)
{
	int			natts = RelationGetNumberOfAttributes(relation);
	char	  **comments = palloc0_array(char *, natts + 1);
	Relation	pg_description = table_open(DescriptionRelationId, AccessShareLock);
	ScanKeyData keys[2];
	SysScanDesc scan;
	HeapTuple	tuple;

	ScanKeyInit(&keys[0], Anum_pg_description_objoid, BTEqualStrategyNumber,
				F_OIDEQ, ObjectIdGetDatum(RelationGetRelid(relation)));
	ScanKeyInit(&keys[1], Anum_pg_description_classoid, BTEqualStrategyNumber,
				F_OIDEQ, ObjectIdGetDatum(RelationRelationId));
	scan = systable_beginscan(pg_description, DescriptionObjIndexId, true, NULL,
							  2, keys);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		int32		attnum = ((Form_pg_description) GETSTRUCT(tuple))->objsubid;
		bool		isnull;
		Datum		comment;

		if (attnum < 1 || attnum > natts)
			continue;
		comment = heap_getattr(tuple, Anum_pg_description_description,
							   RelationGetDescr(pg_description), &isnull);
		comments[attnum] = TextDatumGetCString(comment);
	}
	systable_endscan(scan);
	table_close(pg_description, AccessShareLock);
	return comments;
}

/*
 * The rows of pg_constraint, in one scan, that have an index: the table's own
 * or, of a foreign key, the other table's.
 */
static List *
read_constraints(Relation relation)
{
	List	   *result = NIL;
	Relation	pg_constraint = table_open(ConstraintRelationId, AccessShareLock);
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;

	ScanKeyInit(&key, Anum_pg_constraint_conrelid, BTEqualStrategyNumber,
				F_OIDEQ, ObjectIdGetDatum(RelationGetRelid(relation)));
	scan = systable_beginscan(pg_constraint, ConstraintRelidTypidNameIndexId,
							  true, NULL, 1, &key);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		if (OidIsValid(((Form_pg_constraint) GETSTRUCT(tuple))->conindid))
			result = lappend(result, heap_copytuple(tuple));
	}
	systable_endscan(scan);
	table_close(pg_constraint, AccessShareLock);
	return result;
}

static int
compare_index_names(const ListCell *a, const ListCell *b)
{
	return strcmp(((IndexSpec *) lfirst(a))->name,
				  ((IndexSpec *) lfirst(b))->name);
}

/*
 * The indexes of a table, by name: their OIDs have another order after dump
 * and restore.
 *
 * RelationGetIndexList() would leave out one that DROP INDEX CONCURRENTLY was
 * about to drop when it was interrupted, whose name is not free.
 */
static void
read_indexes(Table *table, Relation relation, List *constraints)
{
	Relation	pg_index = table_open(IndexRelationId, AccessShareLock);
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;

	ScanKeyInit(&key, Anum_pg_index_indrelid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(RelationGetRelid(relation)));
	scan = systable_beginscan(pg_index, IndexIndrelidIndexId, true, NULL, 1, &key);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		Form_pg_index form = (Form_pg_index) GETSTRUCT(tuple);
		char	   *name = get_rel_name(form->indexrelid);
		IndexSpec  *index;

		/* DROP INDEX CONCURRENTLY does not wait for readers of the table */
		if (name == NULL)
			continue;
		if (form->indislive)
			add_indexed_columns(table, relation, tuple);
		index = read_index(relation, tuple, name, constraints);
		if (index && (index->keys || index->exclusion))
			table->other_indexes = lappend(table->other_indexes, index);
		else if (index)
			table->indexes = lappend(table->indexes, index);
		else
			table->invalid_indexes = lappend(table->invalid_indexes, name);
	}
	systable_endscan(scan);
	table_close(pg_index, AccessShareLock);
	list_sort(table->indexes, compare_index_names);
	list_sort(table->other_indexes, compare_index_names);
	list_sort(table->invalid_indexes, compare_names);
}

/*
 * When a column's type changes to one that stores values in the same way,
 * PostgreSQL keeps its indexes, except those on expressions or with a
 * predicate.
 */
static void
add_indexed_columns(Table *table, Relation relation, HeapTuple tuple)
{
	static const AttrNumber expressions[] = {
		Anum_pg_index_indexprs, Anum_pg_index_indpred
	};
	Form_pg_index form = (Form_pg_index) GETSTRUCT(tuple);
	List	   *names = NIL;
	bool		is_rebuilt = false;

	for (int i = 0; i < form->indnatts; i++)
	{
		AttrNumber	attnum = form->indkey.values[i];

		if (attnum > 0)
			names = lappend(names, get_attname(RelationGetRelid(relation),
											   attnum, false));
	}
	table->indexed_columns = list_concat(table->indexed_columns, names);

	for (size_t i = 0; i < lengthof(expressions); i++)
	{
		bool		isnull;
		Datum		node = SysCacheGetAttr(INDEXRELID, tuple, expressions[i], &isnull);

		if (isnull)
			continue;
		names = list_concat(names,
							names_in_expression(stringToNode(TextDatumGetCString(node)),
												RelationGetDescr(relation)));
		is_rebuilt = true;
	}
	if (is_rebuilt)
		table->rebuilt_columns = list_concat(table->rebuilt_columns, names);
}

/*
 * NULL if it is not valid, or was built online to take another's place and does
 * not have it yet.
 */
static IndexSpec *
read_index(Relation relation, HeapTuple tuple, char *name, List *constraints)
{
	Form_pg_index form = (Form_pg_index) GETSTRUCT(tuple);
	IndexSpec  *index;
	ListCell   *lc;
	Datum		predicate;
	bool		isnull;

	if (!form->indisvalid || is_build_name(name))
		return NULL;

	index = palloc0_object(IndexSpec);
	index->name = name;
	index->relid = form->indexrelid;
	index->is_primary = form->indisprimary;
	index->is_unique = form->indisunique;
	index->is_identity = form->indisreplident;
	index->nulls_not_distinct = form->indnullsnotdistinct;
	read_storage(index);

	foreach(lc, constraints)
	{
		Form_pg_constraint constraint = (Form_pg_constraint) GETSTRUCT((HeapTuple) lfirst(lc));

		if (constraint->conindid != form->indexrelid ||
			constraint->contype == CONSTRAINT_FOREIGN)
			continue;
		index->is_constraint = true;
		if (constraint->contype == CONSTRAINT_EXCLUSION)
			index->exclusion = print_exclusion(constraint->oid);
		if (constraint->condeferrable)
			index->deferrable = constraint->condeferred ?
				"INITIALLY DEFERRED" : "INITIALLY IMMEDIATE";
	}

	/* TypeORM reads included columns of a plain index as its columns */
	for (int i = 0;
		 i < (index->is_constraint ? form->indnkeyatts : form->indnatts); i++)
	{
		AttrNumber	attnum = form->indkey.values[i];

		if (attnum == InvalidAttrNumber)
			continue;
		index->column_names = lappend(index->column_names,
									  get_attname(form->indrelid, attnum, false));
	}
	for (int i = form->indnkeyatts; index->is_constraint && i < form->indnatts; i++)
		index->included = lappend(index->included,
								  get_attname(form->indrelid,
											  form->indkey.values[i], false));

	read_keys(index, relation, tuple);
	predicate = SysCacheGetAttr(INDEXRELID, tuple, Anum_pg_index_indpred, &isnull);
	if (!isnull)
		index->where = print_stored_expression(relation,
											   TextDatumGetCString(predicate));
	return index;
}

/*
 * Read the keys of an index on expressions, and whether a definition can
 * describe it: it cannot if the index sorts or compares in another way than a
 * B-tree does by default, includes more columns, or uses no column or the
 * whole row.
 */
static void
read_keys(IndexSpec *index, Relation relation, HeapTuple tuple)
{
	Form_pg_index form = (Form_pg_index) GETSTRUCT(tuple);
	bool		isnull;
	Datum		value = SysCacheGetAttr(INDEXRELID, tuple, Anum_pg_index_indexprs, &isnull);
	List	   *expressions;
	oidvector  *classes;
	oidvector  *collations;
	int2vector *options;

	if (isnull)
		return;
	expressions = (List *) stringToNode(TextDatumGetCString(value));
	index->expression_columns = names_in_expression((Node *) expressions,
													RelationGetDescr(relation));
	value = SysCacheGetAttr(INDEXRELID, tuple, Anum_pg_index_indclass, &isnull);
	classes = (oidvector *) DatumGetPointer(value);
	value = SysCacheGetAttr(INDEXRELID, tuple, Anum_pg_index_indcollation, &isnull);
	collations = (oidvector *) DatumGetPointer(value);
	value = SysCacheGetAttr(INDEXRELID, tuple, Anum_pg_index_indoption, &isnull);
	options = (int2vector *) DatumGetPointer(value);

	index->is_definable = form->indnatts == form->indnkeyatts;
	for (int i = 0; i < form->indnkeyatts; i++)
	{
		IndexKey   *key = palloc0_object(IndexKey);
		AttrNumber	attnum = form->indkey.values[i];
		Node	   *node;

		if (attnum != InvalidAttrNumber)
		{
			Form_pg_attribute attribute = TupleDescAttr(RelationGetDescr(relation),
														attnum - 1);

			key->column_name = pstrdup(NameStr(attribute->attname));
			node = (Node *) makeVar(1, attnum, attribute->atttypid,
									attribute->atttypmod, attribute->attcollation, 0);
		}
		else
		{
			node = linitial(expressions);
			expressions = list_delete_first(expressions);
			key->expression = print_stored_node(relation, node);
			index->is_definable &= is_of_columns(node);
		}
		index->keys = lappend(index->keys, key);
		index->is_definable &= options->values[i] == 0 &&
			collations->values[i] == exprCollation(node) &&
			classes->values[i] == GetDefaultOpClass(exprType(node), BTREE_AM_OID);
	}
}

/*
 * Where and how an index is stored.
 */
static void
read_storage(IndexSpec *index)
{
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(index->relid));
	Form_pg_class form;
	Datum		options;
	bool		isnull;

	if (!HeapTupleIsValid(tuple))
		return;
	form = (Form_pg_class) GETSTRUCT(tuple);
	if (OidIsValid(form->reltablespace))
		index->tablespace = get_tablespace_name(form->reltablespace);

	/* Those of other access methods are not a B-tree's */
	options = SysCacheGetAttr(RELOID, tuple, Anum_pg_class_reloptions, &isnull);
	if (!isnull && form->relam == BTREE_AM_OID)
	{
		StringInfoData buf;
		ListCell   *lc;

		initStringInfo(&buf);
		foreach(lc, untransformRelOptions(options))
		{
			DefElem    *option = lfirst(lc);

			appendStringInfo(&buf, "%s%s = %s", buf.len > 0 ? ", " : "",
							 quote_identifier(option->defname),
							 quote_literal_cstr(defGetString(option)));
		}
		index->parameters = buf.data;
	}
	ReleaseSysCache(tuple);
}

/*
 * An exclusion constraint, without the word EXCLUDE.
 */
static char *
print_exclusion(Oid constraint)
{
	return print_constraint(constraint) + strlen("EXCLUDE ");
}

/*
 * Mark the columns of the primary key and those with a UNIQUE constraint of
 * their own.  A plain unique index is not such a constraint, as in TypeORM.
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

/*
 * The foreign keys of a table; one of a single column is that column's, too.
 */
static void
read_foreign_keys(Table *table, List *constraints)
{
	ListCell   *lc;

	foreach(lc, constraints)
	{
		HeapTuple	tuple = lfirst(lc);
		Form_pg_constraint form = (Form_pg_constraint) GETSTRUCT(tuple);
		ForeignKeySpec *foreign_key;

		if (form->contype != CONSTRAINT_FOREIGN)
			continue;

		foreign_key = palloc0_object(ForeignKeySpec);
		foreign_key->name = pstrdup(NameStr(form->conname));
		foreign_key->relid = form->confrelid;
		foreign_key->schema_name = name_of_schema(get_rel_namespace(form->confrelid));
		foreign_key->table_name = name_of_relation(form->confrelid);
		foreign_key->column_names = read_key_columns(tuple,
													 Anum_pg_constraint_conkey,
													 form->conrelid);
		foreign_key->target_columns = read_key_columns(tuple,
													   Anum_pg_constraint_confkey,
													   form->confrelid);
		foreign_key->is_valid = form->convalidated;
		foreign_key->is_enforced = is_enforced_constraint(form);
		foreign_key->on_update = form->confupdtype;
		foreign_key->on_delete = form->confdeltype;
		if (form->condeferrable)
			foreign_key->deferrable = form->condeferred ?
				"INITIALLY DEFERRED" : "INITIALLY IMMEDIATE";
		table->foreign_keys = lappend(table->foreign_keys, foreign_key);

		if (list_length(foreign_key->column_names) == 1)
		{
			ColumnSpec *column = find_column(table->columns,
											 linitial(foreign_key->column_names));

			if (column)
				column->foreign_key = foreign_key;
		}
	}
}

/*
 * The names of the columns that an array of attribute numbers in a row of
 * pg_constraint stands for.
 */
static List *
read_key_columns(HeapTuple tuple, AttrNumber attribute, Oid relid)
{
	List	   *result = NIL;
	bool		isnull;
	Datum		numbers = SysCacheGetAttr(CONSTROID, tuple, attribute, &isnull);
	ArrayType  *array;

	if (isnull)
		return NIL;
	array = DatumGetArrayTypeP(numbers);
	for (int i = 0; i < ARR_DIMS(array)[0]; i++)
		result = lappend(result,
						 get_attname(relid, ((int16 *) ARR_DATA_PTR(array))[i],
									 false));
	return result;
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
		check->expression = print_stored_expression(relation,
													constr->check[i].ccbin);
		check->column_names = names_in_expression(stringToNode(constr->check[i].ccbin),
												  RelationGetDescr(relation));
		check->is_valid = constr->check[i].ccvalid;
		check->is_enforced = is_enforced_check(&constr->check[i]);
		result = lappend(result, check);
	}
	return result;
}

/*
 * A constraint, as ALTER TABLE ... ADD CONSTRAINT takes it.
 *
 * Raise an ERROR if it is gone.
 */
char *
print_constraint(Oid constraint)
{
	List	   *texts;
	Datum		values[1] = {ObjectIdGetDatum(constraint)};
	Oid			types[1] = {OIDOID};

	texts = query_texts("SELECT pg_catalog.pg_get_constraintdef($1)", 1, types, values);
	if (texts == NIL)
		ereport(ERROR,
				(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
				 errmsg("constraint with OID %u does not exist", constraint)));
	return linitial(texts);
}

/*
 * Descriptions of the objects that depend on the column, without its sequence,
 * without objects that are dropped with "dropped", a list of ColumnSpec with
 * the column in it (their defaults and expressions, and constraints and
 * indexes of no other columns), and without "ignored_views", a list of OIDs.
 * Unless "with_indexes" is set all indexes are left out, but no exclusion
 * constraint.
 */
List *
find_dependents(Oid relid, AttrNumber attnum, List *dropped, bool with_indexes,
				List *ignored_views)
{
	MemoryContext caller = CurrentMemoryContext;
	ArrayBuildState *attnums = initArrayResult(INT4OID, caller, false);
	Datum		values[5] = {ObjectIdGetDatum(relid), Int32GetDatum(attnum)};
	Oid			types[5] = {OIDOID, INT4OID, INT4ARRAYOID, BOOLOID, OIDARRAYOID};
	ListCell   *lc;

	foreach(lc, dropped)
		attnums = accumArrayResult(attnums,
								   Int32GetDatum(((ColumnSpec *) lfirst(lc))->attnum),
								   false, INT4OID, caller);
	values[2] = makeArrayResult(attnums, caller);
	values[3] = BoolGetDatum(with_indexes);
	values[4] = make_oid_array(ignored_views);

	return query_texts("SELECT DISTINCT CASE"
					   " WHEN r.rulename = '_RETURN'"
					   " THEN pg_catalog.pg_describe_object(d.refclassid, r.ev_class, 0)"
					   " WHEN a.oid IS NOT NULL"
					   " THEN pg_catalog.pg_describe_object(d.refclassid, a.adrelid, a.adnum)"
					   " ELSE pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid) END"
					   " FROM pg_catalog.pg_depend d"
					   " LEFT JOIN pg_catalog.pg_rewrite r"
					   " ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND r.oid = d.objid"
					   " LEFT JOIN pg_catalog.pg_class c"
					   " ON d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND c.oid = d.objid"
					   " LEFT JOIN pg_catalog.pg_constraint k"
					   " ON d.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass AND k.oid = d.objid"
					   " LEFT JOIN pg_catalog.pg_attrdef a"
					   " ON d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND a.oid = d.objid"
					   " WHERE d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass"
					   " AND d.refobjid = $1 AND d.refobjsubid = $2"
					   " AND COALESCE(c.relkind, '-') <> 'S'"
					   " AND COALESCE(r.ev_class, 0) <> ALL ($5)"
					   " AND ($4 OR COALESCE(c.relkind, '-') <> 'i')"
					   " AND NOT COALESCE(a.adrelid = $1 AND a.adnum = ANY ($3), false)"
					   " AND NOT COALESCE(k.conrelid = $1 AND k.contype = 'f'"
					   " AND k.conkey = ARRAY[$2]::smallint[], false)"
					   " AND NOT (COALESCE(k.conrelid = $1 AND ($4 OR k.contype <> 'x')"
					   " OR c.relkind = 'i', false) AND NOT EXISTS"
					   " (SELECT FROM pg_catalog.pg_depend o"
					   " WHERE o.classid = d.classid AND o.objid = d.objid"
					   " AND o.refclassid = d.refclassid AND o.refobjid = $1"
					   " AND o.refobjsubid <> 0 AND o.refobjsubid <> ALL ($3)))"
					   " ORDER BY 1",
					   5, types, values);
}

/*
 * The valid indexes that use the column, except those of constraints, as OIDs.
 */
List *
find_indexes(Oid relid, AttrNumber attnum)
{
	List	   *result = NIL;
	ListCell   *lc;

	foreach(lc, query_column("SELECT c.oid::text"
							 " FROM pg_catalog.pg_index i"
							 " JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid"
							 " WHERE i.indrelid = $1 AND i.indisvalid AND EXISTS"
							 " (SELECT FROM pg_catalog.pg_depend d"
							 " WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass"
							 " AND d.objid = c.oid AND d.refclassid = d.classid"
							 " AND d.refobjid = $1 AND d.refobjsubid = $2)"
							 " AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k"
							 " WHERE k.conrelid = $1 AND k.conindid = c.oid)"
							 " ORDER BY c.relname",
							 relid, attnum, NIL))
		result = lappend_oid(result, atooid(lfirst(lc)));
	return result;
}

/*
 * The statements that copy the settings of this index to one of the same name
 * in the same table, except statistics targets and the mark as replica
 * identity: the CLUSTER mark, comments, and the extension that it depends on.
 * The other index belongs to a constraint if "is_constraint" is set.
 */
List *
print_index_settings(Oid index, bool is_constraint)
{
	Datum		values[2] = {ObjectIdGetDatum(index), BoolGetDatum(is_constraint)};
	Oid			types[2] = {OIDOID, BOOLOID};

	return query_texts("SELECT s.sql FROM pg_catalog.pg_index i"
					   " JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid"
					   " JOIN pg_catalog.pg_class t ON t.oid = i.indrelid"
					   " JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace"
					   " LEFT JOIN pg_catalog.pg_constraint k"
					   " ON k.conindid = c.oid AND k.contype IN ('p', 'u', 'x')"
					   " LEFT JOIN pg_catalog.pg_description o ON o.objoid = c.oid"
					   " AND o.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND o.objsubid = 0"
					   " LEFT JOIN pg_catalog.pg_description p ON p.objoid = k.oid"
					   " AND p.classoid = 'pg_catalog.pg_constraint'::pg_catalog.regclass"
					   " CROSS JOIN LATERAL ("
					   "SELECT 1, pg_catalog.format('ALTER TABLE %I.%I CLUSTER ON %I',"
					   " n.nspname, t.relname, c.relname) WHERE i.indisclustered"
					   " UNION ALL"
					   " SELECT 2, pg_catalog.format('COMMENT ON INDEX %I.%I IS %L', n.nspname, c.relname, d.comment)"
					   " FROM (SELECT COALESCE(o.description, CASE WHEN NOT $2 THEN p.description END)) d (comment)"
					   " WHERE d.comment IS NOT NULL"
					   " UNION ALL"
					   " SELECT 3, pg_catalog.format('COMMENT ON CONSTRAINT %I ON %I.%I IS %L',"
					   " c.relname, n.nspname, t.relname, p.description)"
					   " WHERE $2 AND p.description IS NOT NULL"
					   " UNION ALL"
					   " SELECT 4, pg_catalog.format('ALTER INDEX %I.%I DEPENDS ON EXTENSION %I',"
					   " n.nspname, c.relname, e.extname)"
					   " FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid"
					   " WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid"
					   " AND d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND d.deptype = 'x'"
					   ") s (place, sql)"
					   " WHERE i.indexrelid = $1"
					   " ORDER BY s.place, s.sql",
					   2, types, values);
}

/*
 * The statements that restore the statistics targets of a rebuilt index's
 * expressions.
 */
List *
print_index_statistics(Oid index)
{
	return query_column("SELECT pg_catalog.format('ALTER INDEX %I.%I ALTER COLUMN %s SET STATISTICS %s',"
						" n.nspname, c.relname, a.attnum, a.attstattarget)"
						" FROM pg_catalog.pg_attribute a"
						" JOIN pg_catalog.pg_class c ON c.oid = a.attrelid"
						" JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
						" WHERE a.attrelid = $1 AND a.attstattarget >= 0"
						" ORDER BY a.attnum",
						index, 0, NIL);
}

/*
 * The ALTER COLUMN actions for settings of a column that no definition has:
 * statistics target and number of distinct values; and storage and
 * compression, if the type allows them.  A column that is not stored has no
 * statistics target.
 */
List *
print_column_settings(Oid relid, AttrNumber attnum, bool is_stored,
					  bool is_toastable)
{
	Datum		values[4] = {
		ObjectIdGetDatum(relid), Int16GetDatum(attnum), BoolGetDatum(is_stored),
		BoolGetDatum(is_stored && is_toastable)
	};
	Oid			types[4] = {OIDOID, INT2OID, BOOLOID, BOOLOID};

	return query_texts("SELECT s.sql FROM pg_catalog.pg_attribute a"
					   " JOIN pg_catalog.pg_type t ON t.oid = a.atttypid"
					   " CROSS JOIN LATERAL (VALUES"
					   " (1, CASE WHEN $3 AND a.attstattarget >= 0"
					   " THEN pg_catalog.format('SET STATISTICS %s', a.attstattarget) END),"
					   " (2, (SELECT 'SET (' || pg_catalog.string_agg("
					   "pg_catalog.format('%I = %s', p.option_name, p.option_value), ', ') || ')'"
					   " FROM pg_catalog.pg_options_to_table(a.attoptions) p"
					   " WHERE p.option_name IN ('n_distinct', 'n_distinct_inherited'))),"
					   " (3, CASE WHEN $4 AND a.attstorage <> t.typstorage"
					   " THEN 'SET STORAGE ' || CASE a.attstorage WHEN 'p' THEN 'PLAIN'"
					   " WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END END),"
					   " (4, CASE WHEN $4 THEN 'SET COMPRESSION ' || CASE a.attcompression"
					   " WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END END))"
					   " s (place, sql)"
					   " WHERE a.attrelid = $1 AND a.attnum = $2"
					   " ORDER BY s.place",
					   4, types, values);
}

/*
 * The statements that restore the security labels of a re-created column.
 */
List *
print_labels(Oid relid, AttrNumber attnum)
{
	return query_column("SELECT pg_catalog.format('SECURITY LABEL FOR %I ON COLUMN %I.%I.%I IS %L',"
						" l.provider, n.nspname, c.relname, a.attname, l.label)"
						" FROM pg_catalog.pg_seclabel l"
						" JOIN pg_catalog.pg_class c ON c.oid = l.objoid"
						" JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
						" JOIN pg_catalog.pg_attribute a"
						" ON a.attrelid = c.oid AND a.attnum = l.objsubid"
						" WHERE l.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass"
						" AND l.objoid = $1 AND l.objsubid = $2"
						" ORDER BY l.provider",
						relid, attnum, NIL);
}

/*
 * The first column of SPI's result, as a list; the list and its elements
 * outlive SPI_finish().
 */
static List *
get_texts(MemoryContext context)
{
	MemoryContext spi = MemoryContextSwitchTo(context);
	List	   *result = NIL;

	for (uint64 i = 0; i < SPI_processed; i++)
	{
		char	   *text = SPI_getvalue(SPI_tuptable->vals[i],
										SPI_tuptable->tupdesc, 1);

		if (text)
			result = lappend(result, text);
	}
	MemoryContextSwitchTo(spi);
	return result;
}

static Datum
make_oid_array(List *oids)
{
	ArrayBuildState *array = initArrayResult(OIDOID, CurrentMemoryContext, false);
	ListCell   *lc;

	foreach(lc, oids)
		array = accumArrayResult(array, ObjectIdGetDatum(lfirst_oid(lc)), false,
								 OIDOID, CurrentMemoryContext);
	return makeArrayResult(array, CurrentMemoryContext);
}

/*
 * Run a query on a column of PostgreSQL's catalog, the first column of which is
 * text.  "ignored", a list of OIDs, is its third parameter.
 */
static List *
query_column(const char *query, Oid relid, AttrNumber attnum, List *ignored)
{
	Datum		values[3] = {ObjectIdGetDatum(relid), Int32GetDatum(attnum), make_oid_array(ignored)};
	Oid			types[3] = {OIDOID, INT4OID, OIDARRAYOID};

	return query_texts(query, 3, types, values);
}

/*
 * The texts that a query on PostgreSQL's catalog returns in its first column,
 * by the newest snapshot, as DDL sees it; without nulls, which describe
 * dropped objects.
 */
static List *
query_texts(const char *query, int nargs, Oid *types, Datum *values)
{
	MemoryContext caller = CurrentMemoryContext;
	SPIPlanPtr	plan;
	List	   *result;

	SPI_connect();
	plan = SPI_prepare(query, nargs, types);
	SPI_execute_snapshot(plan, values, NULL, GetLatestSnapshot(), InvalidSnapshot,
						 true, false, 0);
	result = get_texts(caller);
	SPI_finish();
	return result;
}

/*
 * The first index, check or statistics object of a table, or of a partition,
 * whose functions are called when a query on the table is planned, and belong
 * neither to the role nor to a superuser; NULL if there is none.
 */
const char *
find_foreign_code(Oid relid, Oid role)
{
	Datum		values[2] = {ObjectIdGetDatum(relid), ObjectIdGetDatum(role)};
	Oid			types[2] = {OIDOID, OIDOID};
	List	   *found = query_texts("SELECT DISTINCT pg_catalog.pg_describe_object(d.classid, d.objid, 0)"
									" FROM (SELECT $1 UNION SELECT relid FROM pg_catalog.pg_partition_tree($1)) t (relid)"
									" JOIN pg_catalog.pg_depend o"
									" ON o.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass"
									" AND o.refobjid = t.relid"
									" JOIN pg_catalog.pg_depend d ON d.classid = o.classid AND d.objid = o.objid"
									" LEFT JOIN pg_catalog.pg_proc f"
									" ON d.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND f.oid = d.refobjid"
									" LEFT JOIN pg_catalog.pg_operator p"
									" ON d.refclassid = 'pg_catalog.pg_operator'::pg_catalog.regclass AND p.oid = d.refobjid"
									" LEFT JOIN pg_catalog.pg_type y"
									" ON d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass AND y.oid = d.refobjid"
									" JOIN pg_catalog.pg_roles r"
									" ON r.oid = COALESCE(f.proowner, p.oprowner, y.typowner)"
									" WHERE NOT r.rolsuper AND r.oid <> $2"
									" AND (d.classid = 'pg_catalog.pg_statistic_ext'::pg_catalog.regclass"
									" OR EXISTS (SELECT FROM pg_catalog.pg_index i"
									" WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass"
									" AND i.indexrelid = d.objid)"
									" OR EXISTS (SELECT FROM pg_catalog.pg_constraint c"
									" WHERE d.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass"
									" AND c.oid = d.objid AND c.contype = 'c'))"
									" ORDER BY 1",
									2, types, values);

	return found ? linitial(found) : NULL;
}

/*
 * The other tables that have a foreign key that refers to the column, as OIDs.
 */
List *
find_referring_tables(Oid relid, AttrNumber attnum)
{
	List	   *result = NIL;
	ListCell   *lc;

	foreach(lc, query_column("SELECT DISTINCT conrelid::oid::text"
							 " FROM pg_catalog.pg_constraint"
							 " WHERE contype = 'f' AND confrelid = $1"
							 " AND conrelid <> $1 AND $2 = ANY (confkey)",
							 relid, attnum, NIL))
		result = lappend_oid(result, atooid(lfirst(lc)));
	return result;
}

/*
 * Descriptions of the objects that keep ALTER TABLE from changing the column's
 * type: views, except some, a list of OIDs, rules, policies, triggers and
 * publications.
 */
List *
find_type_users(Oid relid, AttrNumber attnum, List *ignored_views)
{
	return query_column("SELECT DISTINCT CASE WHEN r.oid IS NULL OR r.rulename <> '_RETURN'"
						" THEN pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid)"
						" ELSE pg_catalog.pg_describe_object(d.refclassid, r.ev_class, 0) END"
						" FROM pg_catalog.pg_depend d"
						" LEFT JOIN pg_catalog.pg_rewrite r"
						" ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND r.oid = d.objid"
						" WHERE d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass"
						" AND d.refobjid = $1 AND d.refobjsubid = $2"
						" AND d.classid IN ('pg_catalog.pg_rewrite'::pg_catalog.regclass,"
						" 'pg_catalog.pg_policy'::pg_catalog.regclass,"
						" 'pg_catalog.pg_trigger'::pg_catalog.regclass,"
						" 'pg_catalog.pg_publication_rel'::pg_catalog.regclass)"
						" AND COALESCE(r.ev_class, 0) <> ALL ($3)"
						" ORDER BY 1",
						relid, attnum, ignored_views);
}

/*
 * Descriptions of further such objects if the new type is of another family:
 * computed columns and functions that use the column, and objects that use its
 * sequence, except its own default and those of inheriting tables and of
 * adapters' views, a list of OIDs.
 */
List *
find_expression_users(Oid relid, AttrNumber attnum, List *heirs)
{
	return query_column("WITH used (objid, objsubid) AS ("
						"SELECT $1, $2 UNION ALL SELECT d.objid, 0"
						" FROM pg_catalog.pg_depend d"
						" JOIN pg_catalog.pg_class c ON c.oid = d.objid AND c.relkind = 'S'"
						" WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass"
						" AND d.refclassid = d.classid AND d.refobjid = $1"
						" AND d.refobjsubid = $2 AND d.deptype = 'a')"
						" SELECT DISTINCT CASE WHEN a.oid IS NULL"
						" THEN pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid)"
						" ELSE pg_catalog.pg_describe_object(d.refclassid, a.adrelid, a.adnum) END"
						" FROM used u JOIN pg_catalog.pg_depend d"
						" ON d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass"
						" AND d.refobjid = u.objid AND d.refobjsubid = u.objsubid"
						" LEFT JOIN pg_catalog.pg_attrdef a"
						" ON d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND a.oid = d.objid"
						" WHERE (d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass"
						" OR a.adnum <> $2 OR a.adrelid <> $1 AND a.adrelid <> ALL ($3))"
						" ORDER BY 1",
						relid, attnum, heirs);
}

/*
 * The foreign keys of all tables, as a list of Reference, by the names of
 * their tables and their own.  Those of partitions that are their partitioned
 * table's are left out.
 */
List *
read_references(void)
{
	MemoryContext caller = CurrentMemoryContext;
	List	   *result = NIL;
	SPIPlanPtr	plan;

	SPI_connect();
	plan = SPI_prepare("SELECT c.oid, c.conname, c.convalidated, c.conrelid, k.here,"
					   " c.confrelid, k.there"
					   " FROM pg_catalog.pg_constraint c,"
					   " ROWS FROM (pg_catalog.unnest(c.conkey), pg_catalog.unnest(c.confkey))"
					   " k (here, there)"
					   " WHERE c.contype = 'f' AND c.conparentid = 0"
					   " ORDER BY c.conrelid::pg_catalog.regclass::text COLLATE \"C\","
					   " c.conname, k.here",
					   0, NULL);
	SPI_execute_snapshot(plan, NULL, NULL, GetLatestSnapshot(), InvalidSnapshot,
						 true, false, 0);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		MemoryContext spi = MemoryContextSwitchTo(caller);
		Reference  *reference = palloc_object(Reference);
		Datum		values[7];
		bool		nulls[7];

		heap_deform_tuple(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, values,
						  nulls);
		reference->constraint = DatumGetObjectId(values[0]);
		reference->name = pstrdup(NameStr(*DatumGetName(values[1])));
		reference->is_valid = DatumGetBool(values[2]);
		reference->relid = DatumGetObjectId(values[3]);
		reference->attnum = DatumGetInt16(values[4]);
		reference->target = DatumGetObjectId(values[5]);
		reference->target_attnum = DatumGetInt16(values[6]);
		result = lappend(result, reference);
		MemoryContextSwitchTo(spi);
	}
	SPI_finish();
	return result;
}

/*
 * A view as PostgreSQL knows it, or NULL if there is none.
 */
StoredView *
read_view(Oid relid)
{
	Relation	relation = try_relation_open(relid, AccessShareLock);
	StoredView *view;
	Query	   *query;
	ListCell   *lc;

	if (relation == NULL)
		return NULL;
	if (relation->rd_rel->relkind != RELKIND_VIEW)
	{
		relation_close(relation, AccessShareLock);
		return NULL;
	}
	view = palloc0_object(StoredView);
	view->owner = relation->rd_rel->relowner;
	view->is_invoker = RelationHasSecurityInvoker(relation);
	view->options = print_view_options(relid);
	for (int i = 0; relation->trigdesc && i < relation->trigdesc->numtriggers; i++)
	{
		if (strcmp(relation->trigdesc->triggers[i].tgname, WRITE_TRIGGER) == 0)
			view->has_trigger = true;
	}

	/* One table, of which all rows are shown, each once */
	query = get_view_query(relation);
	if (view_query_is_auto_updatable(query, false) == NULL &&
		query->jointree->quals == NULL)
	{
		int			rtindex = linitial_node(RangeTblRef, query->jointree->fromlist)->rtindex;
		RangeTblEntry *entry = rt_fetch(rtindex, query->rtable);

		if (entry->inh)
			view->table = entry->relid;
	}
	foreach(lc, query->targetList)
	{
		StoredColumn *column = read_view_column(relation, lfirst(lc));

		if (column)
			view->columns = lappend(view->columns, column);
		else
			view->table = InvalidOid;
	}
	relation_close(relation, AccessShareLock);
	return view;
}

/*
 * Read the defaults and comments of a view's columns; of a dropped view none.
 */
void
read_view_settings(Oid relid, StoredView *view)
{
	Relation	relation = try_relation_open(relid, AccessShareLock);
	TupleConstr *constr;
	char	  **comments;
	ListCell   *lc;

	if (relation == NULL)
		return;
	constr = RelationGetDescr(relation)->constr;
	comments = read_comments(relation);
	foreach(lc, view->columns)
	{
		StoredColumn *column = lfirst(lc);
		AttrNumber	attnum = get_attnum(relid, column->name);

		if (attnum == InvalidAttrNumber)
			continue;
		column->comment = comments[attnum];
		for (int i = 0; constr && i < constr->num_defval; i++)
		{
			if (constr->defval[i].adnum == attnum)
				column->default_sql = print_stored_expression(relation,
															  constr->defval[i].adbin);
		}
	}
	relation_close(relation, AccessShareLock);
}

/*
 * Does a table have a trigger of that name?
 */
bool
has_trigger(Oid relid, const char *name)
{
	Relation	relation = try_relation_open(relid, AccessShareLock);
	bool		result = false;

	if (relation == NULL)
		return false;
	for (int i = 0; relation->trigdesc && i < relation->trigdesc->numtriggers; i++)
	{
		if (strcmp(relation->trigdesc->triggers[i].tgname, name) == 0)
			result = true;
	}
	relation_close(relation, AccessShareLock);
	return result;
}

/*
 * Descriptions of the objects that would be dropped with the view: those that
 * depend on it, and its other triggers and rules, but not the defaults of its
 * columns, which come from the table.
 */
List *
find_view_dependents(Oid relid)
{
	return query_column("SELECT DISTINCT CASE WHEN r.ev_class IS DISTINCT FROM $1 AND r.oid IS NOT NULL"
						" THEN pg_catalog.pg_describe_object('pg_catalog.pg_class'::pg_catalog.regclass, r.ev_class, 0)"
						" ELSE pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid) END"
						" FROM pg_catalog.pg_depend d"
						" JOIN pg_catalog.pg_class c ON c.oid = $1"
						" LEFT JOIN pg_catalog.pg_rewrite r"
						" ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND r.oid = d.objid"
						" LEFT JOIN pg_catalog.pg_trigger t"
						" ON d.classid = 'pg_catalog.pg_trigger'::pg_catalog.regclass AND t.oid = d.objid"
						" WHERE (d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = c.oid"
						" OR d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass AND d.refobjid = c.reltype)"
						" AND d.deptype IN ('n', 'a')"
						" AND (d.classid <> 'pg_catalog.pg_attrdef'::pg_catalog.regclass OR d.refobjsubid = 0)"
						" AND (r.rulename = '_RETURN' AND r.ev_class = c.oid) IS NOT TRUE"
						" AND (t.tgname = '" WRITE_TRIGGER "' AND t.tgrelid = c.oid) IS NOT TRUE"
						" ORDER BY 1",
						relid, 0, NIL);
}

/*
 * The options of an adapter's view: security_invoker, and the others that it
 * has.
 */
static char *
print_view_options(Oid relid)
{
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	StringInfoData buf;
	Datum		options;
	Datum	   *elements;
	bool		isnull;
	int			count = 0;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for relation %u", relid);
	initStringInfo(&buf);
	appendStringInfoString(&buf, "security_invoker = true");
	options = SysCacheGetAttr(RELOID, tuple, Anum_pg_class_reloptions, &isnull);
	if (!isnull)
		deconstruct_array(DatumGetArrayTypeP(options), TEXTOID, -1, false,
						  TYPALIGN_INT, &elements, NULL, &count);
	for (int i = 0; i < count; i++)
	{
		char	   *option = TextDatumGetCString(elements[i]);

		if (strncmp(option, "security_invoker=", strlen("security_invoker=")) != 0)
			appendStringInfo(&buf, ", %s", option);
	}
	ReleaseSysCache(tuple);
	return buf.data;
}

/*
 * A column of a view that shows a table's column, unchanged or converted; NULL
 * if it shows anything else.  The view's definition keeps the original names
 * of its columns.
 */
static StoredColumn *
read_view_column(Relation view, TargetEntry *entry)
{
	StoredColumn *column = palloc0_object(StoredColumn);
	List	   *vars = pull_vars_of_level((Node *) entry->expr, 0);

	if (entry->resjunk || list_length(vars) != 1 ||
		linitial_node(Var, vars)->varattno <= 0)
		return NULL;
	column->name = get_attname(RelationGetRelid(view), entry->resno, false);
	column->attnum = linitial_node(Var, vars)->varattno;
	if (IsA(entry->expr, Var))
		column->conversion = AS_IT_IS;
	else if (IsA(entry->expr, NullTest))
		column->conversion = AS_FLAG;
	else if (exprType((Node *) entry->expr) == TIMESTAMPOID)
		column->conversion = AS_UTC;
	else if (exprType((Node *) entry->expr) == VARCHAROID)
		column->conversion = AS_MILLISECONDS;
	else
		return NULL;
	return column;
}

/*
 * A list of Stranger: the objects in schema nextauth that belong neither to
 * the extension nor to one of "owners", a list of OIDs, nor to a superuser,
 * and the roles that could create more.  Operators, and functions that could
 * be called instead of others of the same name, are listed whoever owns them.
 */
List *
find_strangers(List *owners)
{
	MemoryContext caller = CurrentMemoryContext;
	List	   *result = NIL;
	SPIPlanPtr	plan;
	Datum		values[1] = {make_oid_array(owners)};
	Oid			types[1] = {OIDARRAYOID};

	SPI_connect();
	plan = SPI_prepare("WITH trusted AS"
					   " (SELECT oid FROM pg_catalog.pg_roles WHERE rolsuper"
					   " UNION SELECT pg_catalog.unnest($1)),"
					   " found (classid, objid, owner, any_owner) AS ("
					   "SELECT 'pg_catalog.pg_proc'::pg_catalog.regclass, p.oid, p.proowner,"
					   " EXISTS (SELECT FROM pg_catalog.pg_proc o WHERE o.proname = p.proname AND o.oid <> p.oid)"
					   " FROM pg_catalog.pg_proc p WHERE p.pronamespace = 'nextauth'::pg_catalog.regnamespace"
					   " UNION ALL SELECT 'pg_catalog.pg_operator'::pg_catalog.regclass, oid, oprowner, true"
					   " FROM pg_catalog.pg_operator WHERE oprnamespace = 'nextauth'::pg_catalog.regnamespace"
					   " UNION ALL SELECT 'pg_catalog.pg_type'::pg_catalog.regclass, t.oid, t.typowner, false"
					   " FROM pg_catalog.pg_type t"
					   " LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid"
					   " WHERE t.typnamespace = 'nextauth'::pg_catalog.regnamespace"
					   " AND COALESCE(c.relkind, 'c') = 'c' AND t.typcategory <> 'A'"
					   " UNION ALL SELECT 'pg_catalog.pg_class'::pg_catalog.regclass, oid, relowner, false"
					   " FROM pg_catalog.pg_class"
					   " WHERE relnamespace = 'nextauth'::pg_catalog.regnamespace"
					   " AND relkind NOT IN ('i', 'I', 'c', 't'))"
					   " SELECT pg_catalog.format('%s: %s', d.what,"
					   " CASE WHEN f.any_owner THEN 'not the extension''s'"
					   " ELSE pg_catalog.format('belongs to role \"%s\"', pg_catalog.pg_get_userbyid(f.owner)) END),"
					   " pg_catalog.format('DROP %s %s; or, if it is needed, move it to another schema.',"
					   " pg_catalog.upper(i.type), i.identity)"
					   " FROM found f"
					   " CROSS JOIN LATERAL (SELECT pg_catalog.pg_describe_object(f.classid, f.objid, 0)) d (what)"
					   " CROSS JOIN LATERAL pg_catalog.pg_identify_object(f.classid, f.objid, 0) i"
					   " WHERE (f.any_owner OR f.owner NOT IN (SELECT oid FROM trusted))"
					   " AND d.what IS NOT NULL"
					   " AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend m"
					   " JOIN pg_catalog.pg_extension e ON e.oid = m.refobjid AND e.extname = 'nextauth'"
					   " WHERE m.classid = f.classid AND m.objid = f.objid"
					   " AND m.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass"
					   " AND m.deptype = 'e')"
					   " UNION ALL SELECT pg_catalog.format('schema \"nextauth\": %s may create objects in it', r.who),"
					   " CASE WHEN a.grantee = n.nspowner"
					   " THEN 'ALTER SCHEMA nextauth OWNER TO a superuser.'"
					   " ELSE pg_catalog.format('REVOKE CREATE ON SCHEMA nextauth FROM %s;', r.quoted) END"
					   " FROM pg_catalog.pg_namespace n"
					   " CROSS JOIN LATERAL pg_catalog.aclexplode(COALESCE(n.nspacl,"
					   " pg_catalog.acldefault('n', n.nspowner))) a"
					   " CROSS JOIN LATERAL (SELECT CASE WHEN a.grantee = 0 THEN 'everybody'"
					   " ELSE pg_catalog.format('role \"%s\"', pg_catalog.pg_get_userbyid(a.grantee)) END,"
					   " CASE WHEN a.grantee = 0 THEN 'PUBLIC'"
					   " ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) END) r (who, quoted)"
					   " WHERE n.nspname = 'nextauth' AND a.privilege_type = 'CREATE'"
					   " AND NOT EXISTS (SELECT FROM pg_catalog.pg_roles s WHERE s.oid = a.grantee AND s.rolsuper)"
					   " ORDER BY 1",
					   1, types);
	SPI_execute_snapshot(plan, values, NULL, GetLatestSnapshot(), InvalidSnapshot,
						 true, false, 0);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		MemoryContext spi = MemoryContextSwitchTo(caller);
		Stranger   *stranger = palloc_object(Stranger);

		stranger->finding = SPI_getvalue(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1);
		stranger->remedy = SPI_getvalue(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 2);
		result = lappend(result, stranger);
		MemoryContextSwitchTo(spi);
	}
	SPI_finish();
	return result;
}

/*
 * The names of the tables in a schema, sorted.
 */
List *
find_tables_in(const char *schema_name)
{
	Datum		values[1] = {CStringGetTextDatum(schema_name)};
	Oid			types[1] = {TEXTOID};

	return query_texts("SELECT c.relname::pg_catalog.text FROM pg_catalog.pg_class c"
					   " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
					   " WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'f')"
					   " ORDER BY c.relname",
					   1, types, values);
}

/*
 * The names of the enums in a schema, sorted.
 */
List *
find_enums_in(const char *schema_name)
{
	Datum		values[1] = {CStringGetTextDatum(schema_name)};
	Oid			types[1] = {TEXTOID};

	return query_texts("SELECT t.typname::pg_catalog.text FROM pg_catalog.pg_type t"
					   " JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace"
					   " WHERE n.nspname = $1 AND t.typtype = 'e' ORDER BY t.typname",
					   1, types, values);
}

/*
 * The privileges on a view or a table and its columns, as a list of ViewGrant.
 */
List *
read_grants(Oid relid)
{
	MemoryContext caller = CurrentMemoryContext;
	List	   *result = NIL;
	SPIPlanPtr	plan;
	Datum		values[1] = {ObjectIdGetDatum(relid)};
	Oid			types[1] = {OIDOID};

	/* By the newest snapshot, because the view is locked */
	SPI_connect();
	plan = SPI_prepare("SELECT g.attname, r.role,"
					   " pg_catalog.format('GRANT %s%s ON %I.%I TO %s%s',"
					   " p.privilege_type,"
					   " CASE WHEN g.attname IS NOT NULL"
					   " THEN pg_catalog.format(' (%I)', g.attname) END,"
					   " n.nspname, c.relname, r.role,"
					   " CASE WHEN p.is_grantable THEN ' WITH GRANT OPTION' END)"
					   " FROM pg_catalog.pg_class c"
					   " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
					   " CROSS JOIN LATERAL (SELECT NULL::name AS attname, 0 AS attnum, c.relacl AS acl"
					   " UNION ALL SELECT a.attname, a.attnum, a.attacl"
					   " FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid) g"
					   " CROSS JOIN LATERAL pg_catalog.aclexplode(g.acl) WITH ORDINALITY p"
					   " CROSS JOIN LATERAL (SELECT CASE WHEN p.grantee = 0 THEN 'PUBLIC'"
					   " ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(p.grantee)) END AS role) r"
					   " WHERE c.oid = $1 AND p.grantee <> c.relowner"
					   " ORDER BY g.attnum, p.ordinality",
					   1, types);
	SPI_execute_snapshot(plan, values, NULL, GetLatestSnapshot(), InvalidSnapshot,
						 true, false, 0);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		MemoryContext spi = MemoryContextSwitchTo(caller);
		ViewGrant  *grant = palloc_object(ViewGrant);

		grant->column_name = SPI_getvalue(SPI_tuptable->vals[i],
										  SPI_tuptable->tupdesc, 1);
		grant->role = SPI_getvalue(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 2);
		grant->sql = SPI_getvalue(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 3);
		result = lappend(result, grant);
		MemoryContextSwitchTo(spi);
	}
	SPI_finish();
	return result;
}

/*
 * Was the column's enum type created for it, and does nothing else use it,
 * except some views, a list of OIDs?
 */
bool
is_own_enum_type(const Model *model, const ColumnSpec *column,
				 List *ignored_views)
{
	Oid			type = element_type(column);
	Oid			types[2] = {type, get_array_type(type)};
	bool		result = true;

	if (strcmp(column->enum_name,
			   name_enum(model->table_name, column->column_name)) != 0 ||
		!object_ownercheck(TypeRelationId, type, GetUserId()))
		return false;

	for (size_t i = 0; i < lengthof(types); i++)
	{
		Relation	pg_depend = table_open(DependRelationId, AccessShareLock);
		ScanKeyData key[2];
		SysScanDesc scan;
		HeapTuple	tuple;

		ScanKeyInit(&key[0], Anum_pg_depend_refclassid, BTEqualStrategyNumber,
					F_OIDEQ, ObjectIdGetDatum(TypeRelationId));
		ScanKeyInit(&key[1], Anum_pg_depend_refobjid, BTEqualStrategyNumber,
					F_OIDEQ, ObjectIdGetDatum(types[i]));
		scan = systable_beginscan(pg_depend, DependReferenceIndexId, true, NULL,
								  2, key);
		while (HeapTupleIsValid(tuple = systable_getnext(scan)))
		{
			Form_pg_depend form = (Form_pg_depend) GETSTRUCT(tuple);
			bool		own = (form->classid == RelationRelationId &&
							   form->objid == model->relid &&
							   form->objsubid == column->attnum);

			if (form->classid == RelationRelationId &&
				list_member_oid(ignored_views, form->objid))
				own = true;

			/* Its array type, and the default of the column */
			if (!own && form->deptype != DEPENDENCY_INTERNAL &&
				form->classid != AttrDefaultRelationId)
				result = false;
		}
		systable_endscan(scan);
		table_close(pg_depend, AccessShareLock);
	}
	return result;
}

/*
 * Does a valid CHECK constraint prove that the column has no null?  PostgreSQL
 * evaluates constant parts of the constraints for that, so call it as the
 * table's owner.
 */
bool
is_proven_not_null(Oid relid, const ColumnSpec *column)
{
	Relation	relation = open_table(relid);
	NullTest   *test = makeNode(NullTest);
	bool		result;

	test->arg = (Expr *) makeVar(1, column->attnum, column->type,
								 column->typmod, column->collation, 0);
	test->nulltesttype = IS_NOT_NULL;
	test->location = -1;
	result = PartConstraintImpliedByRelConstraint(relation, list_make1(test));
	table_close(relation, AccessShareLock);
	return result;
}

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
static Relation
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

/*
 * Does a table have settings that a drop would silently lose: is it part of a
 * publication, a subscription or a parent, or does it have statistics,
 * parameters, labels or other comments than the one that it was created with?
 */
bool
has_settings(Oid relid, const char *comment)
{
	Datum		values[2] = {ObjectIdGetDatum(relid), CStringGetTextDatum(comment)};
	Oid			types[2] = {OIDOID, TEXTOID};

	return query_texts("SELECT c.relname::pg_catalog.text FROM pg_catalog.pg_class c"
					   " WHERE c.oid = $1 AND (c.reloptions IS NOT NULL OR c.relreplident <> 'd'"
					   " OR EXISTS (SELECT FROM pg_catalog.pg_publication_rel p WHERE p.prrelid = c.oid)"
					   " OR EXISTS (SELECT FROM pg_catalog.pg_subscription_rel s WHERE s.srrelid = c.oid)"
					   " OR EXISTS (SELECT FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid)"
					   " OR EXISTS (SELECT FROM pg_catalog.pg_statistic_ext x WHERE x.stxrelid = c.oid)"
					   " OR EXISTS (SELECT FROM pg_catalog.pg_seclabel l"
					   " WHERE l.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND l.objoid = c.oid)"
					   " OR EXISTS (SELECT FROM pg_catalog.pg_description d"
					   " WHERE d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objoid = c.oid"
					   " AND (d.objsubid > 0 OR d.description <> $2)))",
					   2, types, values) != NIL;
}

/*
 * Does DDL on the columns of "ancestor" alter the relation, too, because it
 * inherits from it, is a partition of it, or is a typed table of this type?
 */
bool
is_altered_with(Oid relid, Oid ancestor)
{
	Oid			rowtype = get_rel_type_id(ancestor);
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	bool		result = relid == ancestor;
	Relation	inherits;
	SysScanDesc scan;
	ScanKeyData key;

	if (HeapTupleIsValid(tuple))
	{
		result |= (OidIsValid(rowtype) &&
				   ((Form_pg_class) GETSTRUCT(tuple))->reloftype == rowtype);
		ReleaseSysCache(tuple);
	}
	if (result)
		return true;

	inherits = table_open(InheritsRelationId, AccessShareLock);
	ScanKeyInit(&key, Anum_pg_inherits_inhrelid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(relid));
	scan = systable_beginscan(inherits, InheritsRelidSeqnoIndexId, true, NULL, 1, &key);
	while (!result && HeapTupleIsValid(tuple = systable_getnext(scan)))
		result = is_altered_with(((Form_pg_inherits) GETSTRUCT(tuple))->inhparent,
								 ancestor);
	systable_endscan(scan);
	table_close(inherits, AccessShareLock);
	return result;
}
