/*-------------------------------------------------------------------------
 *
 * compat.h
 *	  Every difference between PostgreSQL 15, 17 and 18, and nothing else
 *
 *-------------------------------------------------------------------------
 */
#ifndef NEXTAUTH_COMPAT_H
#define NEXTAUTH_COMPAT_H

#include "access/genam.h"
#include "access/htup_details.h"
#include "catalog/pg_class.h"
#include "catalog/pg_constraint.h"
#include "catalog/pg_database.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/acl.h"
#include "utils/guc_tables.h"
#include "utils/regproc.h"
#include "utils/rel.h"
#include "utils/varlena.h"

/* 16 hides all functions of a module that are not marked as exported */
#if PG_VERSION_NUM < 160000
#undef PGDLLEXPORT
#define PGDLLEXPORT __attribute__((visibility("default")))

#undef PG_FUNCTION_INFO_V1
#define PG_FUNCTION_INFO_V1(funcname) \
extern PGDLLEXPORT Datum funcname(PG_FUNCTION_ARGS); \
extern PGDLLEXPORT const Pg_finfo_record * CppConcat(pg_finfo_,funcname)(void); \
const Pg_finfo_record * \
CppConcat(pg_finfo_,funcname) (void) \
{ \
	static const Pg_finfo_record my_finfo = { 1 }; \
	return &my_finfo; \
} \
extern int no_such_variable
#endif

/*
 * 16 replaced the ownership and privilege checks of each kind of object by
 * common ones
 */
#if PG_VERSION_NUM < 160000

static inline bool
object_ownercheck(Oid classid, Oid objectid, Oid roleid)
{
	Assert(classid == TypeRelationId || classid == NamespaceRelationId);

	return classid == TypeRelationId ? pg_type_ownercheck(objectid, roleid) :
		pg_namespace_ownercheck(objectid, roleid);
}

static inline AclResult
object_aclcheck(Oid classid, Oid objectid, Oid roleid, AclMode mode)
{
	Assert(classid == NamespaceRelationId || classid == DatabaseRelationId ||
		   classid == TypeRelationId || classid == ProcedureRelationId);

	return classid == NamespaceRelationId ?
		pg_namespace_aclcheck(objectid, roleid, mode) :
		classid == TypeRelationId ? pg_type_aclcheck(objectid, roleid, mode) :
		classid == ProcedureRelationId ? pg_proc_aclcheck(objectid, roleid, mode) :
		pg_database_aclcheck(objectid, roleid, mode);
}

/* 16 can grant a membership without the right to SET ROLE or to inherit */
static inline bool
role_can_become(Oid member, Oid role)
{
	return is_member_of_role(member, role);
}

/* 16 added the search for the closest match of a misspelt word */
typedef struct ClosestMatchState
{
	const char *source;
	int			min_d;
	int			max_d;
	const char *match;
} ClosestMatchState;

static inline void
initClosestMatch(ClosestMatchState *state, const char *source, int max_d)
{
	state->source = source;
	state->min_d = -1;
	state->max_d = max_d;
	state->match = NULL;
}

static inline void
updateClosestMatch(ClosestMatchState *state, const char *candidate)
{
	int			source_len = (int) strlen(state->source);
	int			candidate_len = (int) strlen(candidate);
	int			dist;

	if (source_len == 0 || candidate_len == 0)
		return;

	dist = varstr_levenshtein_less_equal(state->source, source_len,
										 candidate, candidate_len,
										 1, 1, 1, state->max_d, true);
	if (dist <= state->max_d && dist <= source_len / 2 &&
		(state->min_d == -1 || dist < state->min_d))
	{
		state->min_d = dist;
		state->match = candidate;
	}
}

static inline const char *
getClosestMatch(ClosestMatchState *state)
{
	return state->match;
}

#else

static inline bool
role_can_become(Oid member, Oid role)
{
	return member_can_set_role(member, role) || has_privs_of_role(member, role);
}

#endif							/* PG_VERSION_NUM < 160000 */

/* 16 can return errors of input functions */
#if PG_VERSION_NUM < 160000
#define stringToQualifiedNameList(string, escontext) stringToQualifiedNameList(string)
#endif

/* 18 added virtual generated columns */
#if PG_VERSION_NUM < 180000
#define ATTRIBUTE_GENERATED_VIRTUAL 'v'
#define HAVE_VIRTUAL_COLUMNS false
#else
#define HAVE_VIRTUAL_COLUMNS true
#endif

/*
 * 18 added NOT ENFORCED constraints, and NOT NULL constraints that are NOT
 * VALID.  This returns the name of such a NOT NULL constraint, NULL if it is
 * valid.
 */
#if PG_VERSION_NUM < 180000
#define is_enforced_check(check) true
#define is_enforced_constraint(form) true
#define unvalidated_not_null(relation, attnum) NULL
#else
#define is_enforced_check(check) ((check)->ccenforced)
#define is_enforced_constraint(form) ((form)->conenforced)

static inline char *
unvalidated_not_null(Relation relation, AttrNumber attnum)
{
	HeapTuple	tuple;

	if (TupleDescCompactAttr(RelationGetDescr(relation), attnum - 1)->attnullability !=
		ATTNULLABLE_INVALID)
		return NULL;
	tuple = findNotNullConstraintAttnum(RelationGetRelid(relation), attnum);
	return HeapTupleIsValid(tuple) ?
		pstrdup(NameStr(((Form_pg_constraint) GETSTRUCT(tuple))->conname)) : NULL;
}
#endif

/* 16 named the function by what its argument is */
#if PG_VERSION_NUM < 160000
#define pgstat_get_local_beentry_by_index(index) pgstat_fetch_stat_local_beentry(index)
#endif

/* 17 can change the expression of a generated column */
#define HAVE_SET_EXPRESSION (PG_VERSION_NUM >= 170000)

/* 17 can ask for a lock that is at least as strong */
#if PG_VERSION_NUM < 170000
#define LockHeldByMe(locktag, lockmode, orstronger) LockHeldByMe(locktag, lockmode)
#endif

/* 17 can read JSON without allocating for it */
#if PG_VERSION_NUM < 170000
#define makeJsonLexContextCstringLen(lex, json, len, encoding, escapes) \
	makeJsonLexContextCstringLen(json, len, encoding, escapes)
#endif

/* Until 17, PortalRun() needs to know whether the portal runs once */
#if PG_VERSION_NUM >= 180000
#define PortalRun(portal, count, top, once, dest, altdest, qc) \
	PortalRun(portal, count, top, dest, altdest, qc)
#endif

/* 16 exports the lookup of a setting */
#if PG_VERSION_NUM < 160000
static inline struct config_generic *
find_option(const char *name, bool create_placeholders pg_attribute_unused(),
			bool skip_errors pg_attribute_unused(),
			int elevel pg_attribute_unused())
{
	for (int i = 0; i < GetNumConfigOptions(); i++)
	{
		if (strcmp(get_guc_variables()[i]->name, name) == 0)
			return get_guc_variables()[i];
	}
	pg_unreachable();
}
#endif

/*
 * 16 tells of a text that is no value of a type without raising an error.
 * Before, only errors of PostgreSQL's own types can be caught like this: their
 * input functions hold nothing but memory.
 */
#if PG_VERSION_NUM < 160000
typedef struct ErrorSaveContext
{
	NodeTag		type;
} ErrorSaveContext;

#define T_ErrorSaveContext T_Invalid

static inline bool
InputFunctionCallSafe(FmgrInfo *function, char *text, Oid parameter, int32 typmod,
					  Node *error pg_attribute_unused(), Datum *result)
{
	MemoryContext caller = CurrentMemoryContext;
	volatile bool is_value = true;

	if (function->fn_oid >= FirstNormalObjectId)
	{
		*result = InputFunctionCall(function, text, parameter, typmod);
		return true;
	}
	PG_TRY();
	{
		*result = InputFunctionCall(function, text, parameter, typmod);
	}
	PG_CATCH();
	{
		if (ERRCODE_TO_CATEGORY(geterrcode()) != ERRCODE_DATA_EXCEPTION)
			PG_RE_THROW();
		MemoryContextSwitchTo(caller);
		FlushErrorState();
		is_value = false;
	}
	PG_END_TRY();
	return is_value;
}
#else
#include "nodes/miscnodes.h"
#endif

/* 16 has memory of its own for settings */
#if PG_VERSION_NUM < 160000
#define guc_malloc(elevel, size) malloc(size)
#endif

/* 17 allows a background worker for a role that may not log in */
#if PG_VERSION_NUM < 170000
#define BGWORKER_BYPASS_ROLELOGINCHECK 0
#endif

/* 17 added a timeout for transactions */
#define HAVE_TRANSACTION_TIMEOUT (PG_VERSION_NUM >= 170000)

/* 18 counts the searches of an index scan for EXPLAIN */
#if PG_VERSION_NUM >= 180000
#define index_beginscan(table, index, snapshot, keys, orderbys) \
	index_beginscan(table, index, snapshot, NULL, keys, orderbys)
#endif

/* 18 added a module's name and version */
#if PG_VERSION_NUM < 180000
#define PG_MODULE_MAGIC_EXT(...) PG_MODULE_MAGIC
#endif

#endif							/* NEXTAUTH_COMPAT_H */
