/*-------------------------------------------------------------------------
 *
 * token_owner.c
 *	  Whose session a token is
 *
 * No query looks it up, so neither policies nor views, rules or expressions
 * run, with whomever's rights, and no message can name a value.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/nbtree.h"
#include "access/relation.h"
#include "access/stratnum.h"
#include "access/transam.h"
#include "access/xlog.h"
#include "catalog/pg_am.h"
#include "catalog/pg_index.h"
#include "catalog/pg_inherits.h"
#include "miscadmin.h"
#include "parser/parse_coerce.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

#include "compat.h"
#include "identity.h"

/* A value by which rows of a model are looked up */
typedef struct Search
{
	const Model *model;
	const char *column_name;
	Oid			type;
	Datum		value;
} Search;

/* Is it the row?  If so, remembers in "argument" what the caller needs of it */
typedef bool (*RowTest) (Relation relation, HeapTuple row, void *argument);

/* What is_session_row() looks for, and what it finds */
typedef struct SessionSearch
{
	const char *token;
	const Model *users;
	char	   *id;
	char	   *user;
} SessionSearch;

static bool is_session_row(Relation relation, HeapTuple row, void *argument);
static bool is_user_row(Relation relation, HeapTuple row, void *argument);
static Model *get_model(const char *name);
static void check_expiry(const Model *sessions);
static bool find_in_heirs(const Search *search, RowTest test, void *argument);
static bool find_in_table(Relation relation, const Search *search, RowTest test,
						  void *argument);
static void make_key(ScanKey key, Relation relation, const Search *search,
					 AttrNumber attnum, Oid *opfamily);
static Oid	find_index(Relation relation, AttrNumber attnum, Oid opfamily,
					   Oid *collation);
static bool is_usable(Relation index, AttrNumber attnum, Oid opfamily);
static Datum column_value(Relation relation, HeapTuple row,
						  const char *column_name, Oid *type, bool *isnull);
static char *print_value(Relation relation, HeapTuple row,
						 const char *column_name);

/*
 * Find the session that has the token, and its user.  Returns false if there is
 * none, if it has expired, or if its user does not exist; else their ids, as
 * texts.
 *
 * Raise an ERROR if there is no table to look in.
 */
bool
find_token_owner(text *token, char **user, char **session)
{
	Model	   *sessions = get_model("Session");
	Search		search = {sessions, "session_token", TEXTOID, PointerGetDatum(token)};
	SessionSearch found = {text_to_cstring(token), get_model(users_definition()->name), NULL, NULL};

	check_expiry(sessions);
	if (!find_in_heirs(&search, is_session_row, &found))
		return false;
	*user = found.user;
	*session = found.id;
	return true;
}

/*
 * The model of that name.
 *
 * Raise an ERROR if it has no table.
 */
static Model *
get_model(const char *name)
{
	Model	   *result = read_model(name, NEWEST_ROWS);

	check_model_table(result);
	return result;
}

/*
 * Raise an ERROR if nobody knows which time it is when a session expires.
 */
static void
check_expiry(const Model *sessions)
{
	AttrNumber	attnum = get_attnum(sessions->relid, "expires");

	if (attnum != InvalidAttrNumber &&
		getBaseType(get_atttype(sessions->relid, attnum)) == TIMESTAMPOID)
		check_time_zones(&method_terms, sessions,
						 read_model_columns(sessions,
											read_table(sessions->relid)->columns,
											NEWEST_ROWS));
}

/*
 * Has the session exactly this token, whatever the column's collation takes for
 * equal; has it not expired; and does its user exist?
 */
static bool
is_session_row(Relation relation, HeapTuple row, void *argument)
{
	SessionSearch *session = argument;
	Search		search = {session->users, "id", InvalidOid, 0};
	char	   *token = print_value(relation, row, "session_token");
	Oid			type;
	bool		isnull;
	Datum		expires = column_value(relation, row, "expires", &type, &isnull);

	if (token == NULL || strcmp(token, session->token) != 0)
		return false;
	if (isnull || type != TIMESTAMPTZOID ||
		DatumGetTimestampTz(expires) <= GetCurrentTimestamp())
		return false;
	search.value = column_value(relation, row, "user_id", &search.type, &isnull);
	if (isnull || !find_in_heirs(&search, is_user_row, &session->user))
		return false;
	session->id = print_value(relation, row, "id");
	return session->id != NULL;
}

static bool
is_user_row(Relation relation, HeapTuple row, void *argument)
{
	char	  **id = argument;

	*id = print_value(relation, row, "id");
	return *id != NULL;
}

/*
 * Find a row that passes the test in the model's table, or in one that inherits
 * from it, as a query would.  Tables of other owners do not count: they could
 * make up sessions.
 *
 * Raise an ERROR if a standby does not have the rows.
 */
static bool
find_in_heirs(const Search *search, RowTest test, void *argument)
{
	bool		result = false;
	ListCell   *lc;

	foreach(lc, find_all_inheritors(search->model->relid, NoLock, NULL))
	{
		Relation	relation = try_relation_open(lfirst_oid(lc), AccessShareLock);

		if (relation == NULL)
			continue;
		if (!result && relation->rd_rel->relkind == RELKIND_RELATION &&
			!RELATION_IS_OTHER_TEMP(relation) &&
			is_taken_from(relation->rd_rel->relowner, search->model->owner))
			result = find_in_table(relation, search, test, argument);
		relation_close(relation, AccessShareLock);
	}
	return result;
}

/*
 * The same in one table, by an index if there is one, as of the active
 * snapshot.
 */
static bool
find_in_table(Relation relation, const Search *search, RowTest test,
			  void *argument)
{
	AttrNumber	attnum = get_attnum(RelationGetRelid(relation), search->column_name);
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	row;
	Oid			opfamily;
	Oid			index;
	bool		result = false;

	if (attnum == InvalidAttrNumber)
		return false;
	if (relation->rd_rel->relpersistence == RELPERSISTENCE_UNLOGGED &&
		RecoveryInProgress())
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cannot access temporary or unlogged relations during recovery")));
	make_key(&key, relation, search, attnum, &opfamily);
	index = find_index(relation, attnum, opfamily, &key.sk_collation);
	scan = systable_beginscan(relation, index, OidIsValid(index),
							  GetActiveSnapshot(), 1, &key);
	while (!result && (row = systable_getnext(scan)) != NULL)
	{
		CHECK_FOR_INTERRUPTS();
		result = test(relation, row, argument);
	}
	systable_endscan(scan);
	return result;
}

/*
 * Make the condition that the column equals the value, and find the family of
 * operators to which its operator belongs.
 *
 * Raise an ERROR if their types cannot be compared.
 */
static void
make_key(ScanKey key, Relation relation, const Search *search,
		 AttrNumber attnum, Oid *opfamily)
{
	Form_pg_attribute attribute = TupleDescAttr(RelationGetDescr(relation), attnum - 1);
	TypeCacheEntry *entry = lookup_type_cache(getBaseType(attribute->atttypid),
											  TYPECACHE_BTREE_OPFAMILY);
	Oid			right = IsBinaryCoercible(search->type, entry->btree_opintype) ?
	entry->btree_opintype : search->type;
	Oid			equal = get_opfamily_member(entry->btree_opf, entry->btree_opintype,
											right, BTEqualStrategyNumber);

	if (!OidIsValid(equal))
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("column \"%s\" of table \"%s\" has type %s, which cannot be compared with type %s",
						search->column_name, RelationGetRelationName(relation),
						format_type_be(attribute->atttypid),
						format_type_be(search->type))));
	*opfamily = entry->btree_opf;
	ScanKeyEntryInitialize(key, 0, attnum, BTEqualStrategyNumber, right,
						   attribute->attcollation, get_opcode(equal),
						   search->value);
}

/*
 * An index on the column that has the operator, and its collation; invalid if
 * there is none.
 */
static Oid
find_index(Relation relation, AttrNumber attnum, Oid opfamily, Oid *collation)
{
	Oid			result = InvalidOid;
	ListCell   *lc;

	foreach(lc, RelationGetIndexList(relation))
	{
		Relation	index = index_open(lfirst_oid(lc), AccessShareLock);

		if (is_usable(index, attnum, opfamily))
		{
			result = lfirst_oid(lc);
			*collation = index->rd_indcollation[0];
		}
		index_close(index, AccessShareLock);
		if (OidIsValid(result))
			break;
	}
	return result;
}

/*
 * Does a scan of the index with the active snapshot find all rows by the
 * column?
 */
static bool
is_usable(Relation index, AttrNumber attnum, Oid opfamily)
{
	Form_pg_index form = index->rd_index;

	return index->rd_rel->relam == BTREE_AM_OID &&
		form->indisvalid && form->indkey.values[0] == attnum &&
		index->rd_opfamily[0] == opfamily &&
		heap_attisnull(index->rd_indextuple, Anum_pg_index_indpred, NULL) &&
		(!form->indcheckxmin ||
		 TransactionIdPrecedes(HeapTupleHeaderGetXmin(index->rd_indextuple->t_data),
							   TransactionXmin));
}

/*
 * A column's value in a row, and its type, without its domain.  A missing
 * column is null.
 */
static Datum
column_value(Relation relation, HeapTuple row, const char *column_name,
			 Oid *type, bool *isnull)
{
	TupleDesc	tupdesc = RelationGetDescr(relation);
	AttrNumber	attnum = get_attnum(RelationGetRelid(relation), column_name);

	*isnull = true;
	if (attnum == InvalidAttrNumber)
		return (Datum) 0;
	*type = getBaseType(TupleDescAttr(tupdesc, attnum - 1)->atttypid);
	return heap_getattr(row, attnum, tupdesc, isnull);
}

/*
 * The same as a string; NULL if it is null.
 */
static char *
print_value(Relation relation, HeapTuple row, const char *column_name)
{
	Oid			type = InvalidOid;
	Oid			output;
	bool		is_varlena;
	bool		isnull;
	Datum		value = column_value(relation, row, column_name, &type, &isnull);

	if (isnull)
		return NULL;
	getTypeOutputInfo(type, &output, &is_varlena);
	return OidOutputFunctionCall(output, value);
}
