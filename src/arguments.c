/*-------------------------------------------------------------------------
 *
 * arguments.c
 *	  The arguments of functions that SQL calls, and the rows that they return
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "compat.h"
#include "nextauth.h"

/*
 * An argument of type text.  Names are text, so that no function of the same
 * name by another role fits a literal better.
 *
 * Raise an ERROR, with the name of the argument, if it is null.
 */
char *
get_text(FunctionCallInfo fcinfo, int argument, const char *name)
{
	if (PG_ARGISNULL(argument))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("argument \"%s\" must not be null", name)));
	return text_to_cstring(PG_GETARG_TEXT_PP(argument));
}

/*
 * An argument of type jsonb, or text that is converted to it; {} if there is
 * none.  Each function is declared with both types: without the one of text, a
 * call with a literal would find a function of the same name that another role
 * has created in the schema.
 */
Jsonb *
get_jsonb(FunctionCallInfo fcinfo, int argument)
{
	if (argument >= PG_NARGS())
		return parse_jsonb("{}");
	if (type_of_argument(fcinfo, argument) == JSONBOID)
		return PG_GETARG_JSONB_P(argument);
	return parse_jsonb(text_to_cstring(PG_GETARG_TEXT_PP(argument)));
}

/*
 * The type that the function is declared with.
 */
Oid
type_of_argument(FunctionCallInfo fcinfo, int argument)
{
	Oid		   *types;
	int			count;

	(void) get_func_signature(fcinfo->flinfo->fn_oid, &types, &count);
	Assert(argument < count);
	return types[argument];
}

/*
 * Raise an ERROR if the text is not JSON.
 */
Jsonb *
parse_jsonb(const char *text)
{
	return DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(text)));
}

/*
 * Return a row of texts, one for each column of the result; NULL is null.
 */
void
put_texts(ReturnSetInfo *rsinfo, const char *const *texts)
{
	int			natts = rsinfo->setDesc->natts;
	Datum	   *values = palloc0_array(Datum, natts);
	bool	   *nulls = palloc0_array(bool, natts);

	for (int i = 0; i < natts; i++)
	{
		nulls[i] = texts[i] == NULL;
		if (texts[i])
			values[i] = CStringGetTextDatum(texts[i]);
	}
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}
