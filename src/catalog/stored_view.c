/*-------------------------------------------------------------------------
 *
 * stored_view.c
 *	  What PostgreSQL's catalog says of an adapter's view
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/relation.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/optimizer.h"
#include "parser/parsetree.h"
#include "rewrite/rewriteHandler.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "compat.h"
#include "nextauth_catalog.h"

static char *print_view_options(Oid relid);
static void *read_grant(HeapTuple row, TupleDesc columns);
static StoredColumn *read_view_column(Relation view, TargetEntry *entry);

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
	view->has_trigger = has_trigger(relid, WRITE_TRIGGER);

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
	return OidIsValid(get_trigger_oid(relid, name, true));
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
 * The privileges on a view or a table and its columns, as a list of ViewGrant.
 */
List *
read_grants(Oid relid)
{
	Datum		values[1] = {ObjectIdGetDatum(relid)};
	Oid			types[1] = {OIDOID};

	return query_rows("SELECT g.attname, r.role,"
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
					  1, types, values, read_grant);
}

static void *
read_grant(HeapTuple row, TupleDesc columns)
{
	ViewGrant  *grant = palloc_object(ViewGrant);

	grant->column_name = SPI_getvalue(row, columns, 1);
	grant->role = SPI_getvalue(row, columns, 2);
	grant->sql = SPI_getvalue(row, columns, 3);
	return grant;
}
