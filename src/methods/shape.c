/*-------------------------------------------------------------------------
 *
 * shape.c
 *	  The models' tables, as the methods read and write them, cached
 *
 * A session keeps what it has read of a table until PostgreSQL says that the
 * table has changed, or a row of the extension's catalog: whoever writes one,
 * catalog_table.c or vouch_row(), says so for the catalog's table.  A method
 * that is running may still use what it had; that is freed at the end of the
 * transaction.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_operator.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/inval.h"
#include "utils/json.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

#include "compat.h"
#include "methods.h"

/* More statements than these are not kept */
#define MAX_PLANS 200

/* A prepared statement */
typedef struct KeptPlan
{
	char	   *sql;
	SPIPlanPtr	plan;
} KeptPlan;

/* What was read since the last change */
typedef struct ShapeCache
{
	uint64		generation;		/* no other cache has the same */
	MemoryContext context;
	List	   *shapes;			/* of Shape */
	List	   *relids;			/* of the tables and indexes that it was read
								 * from */
	List	   *plans;			/* of KeptPlan */
} ShapeCache;

static ShapeCache *cache = NULL;	/* NULL: nothing is read yet */
static bool is_stale = false;
static List *retired = NIL;		/* of ShapeCache, in TopMemoryContext */

static void check_access(const Shape *shape, Access access);
static Shape *get_shape(const ModelDefinition *definition);
static void begin_cache(void);
static void retire_cache(void);
static void free_retired(XactEvent event, void *argument);
static void note_change(Datum argument, Oid relid);
static void note_rename(Datum argument, int cache_id, uint32 hash);
static Shape *read_shape(const ModelDefinition *definition);
static void add_terms(Shape *shape, List *specs, List *shown);
static void set_term(Term *term, const ColumnSpec *spec);
static void set_output(Shape *shape, Oid owner);
static char *print_equals(Oid type);

/*
 * The shape of a model's table, which is locked until the end of the
 * transaction, as by a query.
 *
 * Raise an ERROR if the model has no table, or if the user has no privilege on
 * it.
 */
Shape *
open_shape(const char *model, Access access)
{
	Shape	   *shape = open_optional_shape(model, access);

	if (shape == NULL)
		check_model_table(read_model(model, NEWEST_ROWS));
	return shape;
}

/*
 * The same; NULL if the model has no table.
 */
Shape *
open_optional_shape(const char *model, Access access)
{
	const ModelDefinition *definition = find_model_definition(model);
	LOCKMODE	mode = access == READS ? AccessShareLock : RowExclusiveLock;

	for (;;)
	{
		Shape	   *shape = get_shape(definition);

		if (!OidIsValid(shape->relid))
			return NULL;
		check_access(shape, access);
		LockRelationOid(shape->relid, mode);
		if (!is_stale && cache && list_member_ptr(cache->shapes, shape))
			return shape;
		UnlockRelationOid(shape->relid, mode);
		CHECK_FOR_INTERRUPTS();
	}
}

/*
 * Raise an ERROR if the user has no privilege at all for the access; the
 * statement asks for those that it needs.
 */
static void
check_access(const Shape *shape, Access access)
{
	AclMode		mode = access == READS ? ACL_SELECT :
		ACL_INSERT | ACL_UPDATE | ACL_DELETE;

	if (pg_class_aclmask(shape->relid, GetUserId(), mode, ACLMASK_ANY) == 0 &&
		pg_attribute_aclcheck_all(shape->relid, GetUserId(), mode,
								  ACLMASK_ANY) != ACLCHECK_OK)
		aclcheck_error(ACLCHECK_NO_PRIV, OBJECT_TABLE,
					   name_of_relation(shape->relid));
}

static Shape *
get_shape(const ModelDefinition *definition)
{
	Shape	   *shape;
	MemoryContext caller;
	ListCell   *lc;

	if (is_stale)
		retire_cache();
	if (cache == NULL)
		begin_cache();
	foreach(lc, cache->shapes)
	{
		shape = lfirst(lc);
		if (shape->definition == definition)
			return shape;
	}

	shape = read_shape(definition);

	/* Only now: an error leaves nothing half read */
	caller = MemoryContextSwitchTo(cache->context);
	cache->shapes = lappend(cache->shapes, shape);
	MemoryContextSwitchTo(caller);
	return shape;
}

static void
begin_cache(void)
{
	static bool is_registered = false;
	static uint64 generations = 0;
	Oid			schema = get_namespace_oid(NEXTAUTH_SCHEMA, false);
	MemoryContext caller;

	if (!is_registered)
	{
		CacheRegisterRelcacheCallback(note_change, (Datum) 0);
		CacheRegisterSyscacheCallback(NAMESPACEOID, note_rename, (Datum) 0);
		CacheRegisterSyscacheCallback(OPEROID, note_rename, (Datum) 0);
		CacheRegisterSyscacheCallback(CASTSOURCETARGET, note_rename, (Datum) 0);
		RegisterXactCallback(free_retired, NULL);
		is_registered = true;
	}
	caller = MemoryContextSwitchTo(TopMemoryContext);
	cache = palloc0_object(ShapeCache);
	cache->generation = ++generations;
	cache->context = AllocSetContextCreate(CacheMemoryContext, "nextauth shapes",
										   ALLOCSET_SMALL_SIZES);
	MemoryContextSwitchTo(cache->context);

	/* The catalog's own tables, whose rows say what a model is */
	cache->relids = list_make3_oid(get_relname_relid("model", schema),
								   get_relname_relid("custom_column", schema),
								   get_relname_relid("adapter", schema));
	MemoryContextSwitchTo(caller);
}

static void
retire_cache(void)
{
	MemoryContext caller = MemoryContextSwitchTo(TopMemoryContext);

	if (cache)
		retired = lappend(retired, cache);
	MemoryContextSwitchTo(caller);
	cache = NULL;
	is_stale = false;
}

static void
free_retired(XactEvent event, void *argument pg_attribute_unused())
{
	ListCell   *lc;

	if (event != XACT_EVENT_COMMIT && event != XACT_EVENT_ABORT &&
		event != XACT_EVENT_PREPARE)
		return;
	foreach(lc, retired)
	{
		ShapeCache *old = lfirst(lc);
		ListCell   *lc2;

		foreach(lc2, old->plans)
			SPI_freeplan(((KeptPlan *) lfirst(lc2))->plan);
		MemoryContextDelete(old->context);
		pfree(old);
	}
	list_free(retired);
	retired = NIL;
}

/*
 * A table has changed, or all may have.
 */
static void
note_change(Datum argument pg_attribute_unused(), Oid relid)
{
	if (cache && (!OidIsValid(relid) || list_member_oid(cache->relids, relid)))
		is_stale = true;
}

/*
 * A schema or an operator, which statements name, may have got another name, or
 * a type another cast to JSON.  Tables do not tell of that.
 */
static void
note_rename(Datum argument pg_attribute_unused(),
			int cache_id pg_attribute_unused(),
			uint32 hash pg_attribute_unused())
{
	is_stale = cache != NULL;
}

/*
 * A number that changes whenever what was read may have changed, 0 if nothing
 * is read.
 */
uint64
shape_generation(void)
{
	return cache && !is_stale ? cache->generation : 0;
}

/*
 * A change of this relation is one of the shapes, too.
 */
void
watch_relation(Oid relid)
{
	MemoryContext caller = MemoryContextSwitchTo(cache->context);

	cache->relids = lappend_oid(cache->relids, relid);
	MemoryContextSwitchTo(caller);
}

/*
 * The cache learns first which table it is of, so that it misses no change of
 * the table while this is read.
 */
static Shape *
read_shape(const ModelDefinition *definition)
{
	Model	   *model = read_model(definition->name, NEWEST_ROWS);
	Shape	   *shape = MemoryContextAllocZero(cache->context, sizeof(Shape));
	List	   *specs;
	List	   *shown;
	MemoryContext caller;
	int			nest;

	shape->definition = definition;
	if (OidIsValid(model->relid))
	{
		watch_relation(model->relid);
		model = read_model(definition->name, NEWEST_ROWS);
	}
	shape->relid = model->relid;
	if (!OidIsValid(shape->relid))
		return shape;

	nest = pin_search_path();
	specs = read_model_columns(model, read_table(model->relid)->columns, NEWEST_ROWS);
	check_time_zones(&method_terms, model, specs);
	shown = make_view_columns(&method_terms, view_of(&method_terms, definition), specs);
	caller = MemoryContextSwitchTo(cache->context);
	shape->table = quote_table(model);
	add_terms(shape, specs, shown);
	set_output(shape, model->owner);
	MemoryContextSwitchTo(caller);
	AtEOXact_GUC(false, nest);
	return shape;
}

/*
 * First what the methods return, and then the other columns.  Those that an
 * application has declared with "select": false can be written.
 */
static void
add_terms(Shape *shape, List *specs, List *shown)
{
	ListCell   *lc;

	shape->terms = palloc0_array(Term, list_length(specs) + list_length(shown));
	foreach(lc, shown)
	{
		const ViewColumn *column = lfirst(lc);
		Term	   *term = &shape->terms[shape->term_count++];

		term->name = pstrdup(column->name);
		term->property = pstrdup(column->property);
		term->is_read = column->column != NULL;
		if (column->column)
			set_term(term, column->column);
	}
	foreach(lc, specs)
	{
		const ColumnSpec *spec = lfirst(lc);
		bool		is_shown = spec->attnum == 0 || spec->property == NULL;
		Term	   *term;
		ListCell   *lc2;

		foreach(lc2, shown)
			is_shown |= ((ViewColumn *) lfirst(lc2))->column == spec;
		if (is_shown)
			continue;
		term = &shape->terms[shape->term_count++];
		term->property = pstrdup(spec->property);
		if (!spec->builtin && !spec->of_adapter)
			term->name = pstrdup(spec->property);
		set_term(term, spec);
	}
}

/*
 * What the table says of a term's column.
 */
static void
set_term(Term *term, const ColumnSpec *spec)
{
	term->column = pstrdup(quote_identifier(spec->column_name));
	term->attnum = spec->attnum;
	term->type = spec->type;
	term->base_type = getBaseType(spec->type);
	term->typmod = spec->typmod;
	term->collation = spec->collation;
	term->role = spec->role;
	term->has_default = spec->default_sql != NULL || spec->generated != GENERATED_NEVER;
	term->is_inserted = spec->insert;
	term->is_updated = spec->update;
	term->is_computed = spec->as_expression != NULL;
	term->equals = print_equals(spec->type);
}

/*
 * The operator by which values are looked up, in any search_path.
 */
static char *
print_equals(Oid type)
{
	Oid			operator = lookup_type_cache(type, TYPECACHE_EQ_OPR)->eq_opr;
	HeapTuple	tuple;
	char	   *result;

	if (!OidIsValid(operator))
		return NULL;
	tuple = SearchSysCache1(OPEROID, ObjectIdGetDatum(operator));
	if (!HeapTupleIsValid(tuple))
		return NULL;
	result = psprintf("OPERATOR(%s.%s)",
					  quote_identifier(name_of_schema(((Form_pg_operator) GETSTRUCT(tuple))->oprnamespace)),
					  NameStr(((Form_pg_operator) GETSTRUCT(tuple))->oprname));
	ReleaseSysCache(tuple);
	return result;
}

static void
set_output(Shape *shape, Oid owner)
{
	const char *user_id = user_property(shape->definition);

	for (int i = 0; i < shape->term_count; i++)
	{
		Term	   *term = &shape->terms[i];
		StringInfoData key;

		if (!term->is_read)
			continue;
		term->is_id = strcmp(term->property, "id") == 0 ||
			(user_id && strcmp(term->property, user_id) == 0);
		initStringInfo(&key);
		if (shape->read_count++ > 0)
			appendStringInfoString(&key, ", ");
		escape_json(&key, term->name);
		appendStringInfoString(&key, ": ");
		term->key = key.data;
		term->key_length = key.len;
		choose_output(term, owner);
	}
}

/*
 * The term of a property, or NULL if the table has no column for it.
 */
const Term *
find_term(const Shape *shape, const char *property)
{
	for (int i = 0; i < shape->term_count; i++)
	{
		const Term *term = &shape->terms[i];

		if (term->column && strcmp(term->property, property) == 0)
			return term;
	}
	return NULL;
}

/*
 * The same.
 *
 * Raise an ERROR if the table has no column for it.
 */
const Term *
get_term(const Shape *shape, const char *property)
{
	const Term *term = find_term(shape, property);

	if (term == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("model \"%s\" has no column for \"%s\"",
						shape->definition->name, property)));
	return term;
}

/*
 * A statement, prepared, and kept as long as the shapes are.
 */
SPIPlanPtr
get_plan(const char *sql, int count, Oid *types)
{
	SPIPlanPtr	plan;
	KeptPlan   *kept;
	MemoryContext caller;
	ListCell   *lc;

	foreach(lc, cache ? cache->plans : NIL)
	{
		kept = lfirst(lc);
		if (strcmp(kept->sql, sql) == 0)
			return kept->plan;
	}

	/* This can tell of a change */
	plan = SPI_prepare(sql, count, types);
	if (is_stale || cache == NULL || list_length(cache->plans) >= MAX_PLANS)
		return plan;
	caller = MemoryContextSwitchTo(cache->context);
	kept = palloc_object(KeptPlan);
	kept->sql = pstrdup(sql);
	kept->plan = plan;
	SPI_keepplan(plan);
	cache->plans = lappend(cache->plans, kept);
	MemoryContextSwitchTo(caller);
	return plan;
}
