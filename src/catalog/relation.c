/*-------------------------------------------------------------------------
 *
 * relation.c
 *	  A model's table as PostgreSQL's own catalog describes it
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/relation.h"
#include "access/reloptions.h"
#include "access/table.h"
#include "catalog/pg_am.h"
#include "catalog/pg_attrdef.h"
#include "catalog/pg_depend.h"
#include "catalog/pg_description.h"
#include "catalog/pg_inherits.h"
#include "commands/defrem.h"
#include "commands/tablecmds.h"
#include "commands/tablespace.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "compat.h"
#include "nextauth_catalog.h"

static ColumnSpec *read_column(Relation relation, Form_pg_attribute attribute);
static void read_default(ColumnSpec *column, Relation relation,
						 char generated_type);
static Oid	sequence_of_default(Node *expression, Oid relid, AttrNumber attnum);
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
char **
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
	ListCell   *lc2;

	foreach(lc, table->indexes)
	{
		const IndexSpec *index = lfirst(lc);

		if (!index->is_primary &&
			!(index->is_unique && index->is_constraint &&
			  list_length(index->column_names) == 1))
			continue;

		foreach(lc2, table->columns)
		{
			ColumnSpec *column = lfirst(lc2);

			if (!is_member(index->column_names, column->column_name))
				continue;
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
	ListCell   *lc2;

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

		if (list_length(foreign_key->column_names) != 1)
			continue;
		foreach(lc2, table->columns)
		{
			ColumnSpec *column = lfirst(lc2);

			if (is_member(foreign_key->column_names, column->column_name))
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
