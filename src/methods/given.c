/*-------------------------------------------------------------------------
 *
 * given.c
 *	  JSON that a caller gives, as values of a model's columns
 *
 * jsonb_populate_record() converts the values, so each type takes what it takes
 * there.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "nodes/makefuncs.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "methods.h"

static List *match_terms(const Shape *shape, Jsonb *object, bool inserts);
static const Term *match_term(const Shape *shape, const char *key);
static void check_writable(const Shape *shape, const Term *term, bool inserts);
static void report_unknown(const Shape *shape, const char *key);
static void report_missing(const Shape *shape, const Term *term);
static void convert_values(List *given, Jsonb *object);
static HeapTupleHeader populate_record(HeapTupleHeader base, Jsonb *object);

/*
 * The values in an object, as a list of Given.  Its keys are the terms of a
 * model.  The id of a new row is left out: the database makes it.
 *
 * Raise an ERROR if the model has no property of a key, or if the property
 * cannot be written.
 */
List *
read_given(const Shape *shape, Jsonb *object, bool inserts)
{
	List	   *given;

	if (!JB_ROOT_IS_OBJECT(object))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("properties of model \"%s\" must be a JSON object",
						shape->definition->name)));
	given = match_terms(shape, object, inserts);
	if (given != NIL)
		convert_values(given, object);
	return given;
}

static List *
match_terms(const Shape *shape, Jsonb *object, bool inserts)
{
	JsonbIterator *it = JsonbIteratorInit(&object->root);
	JsonbIteratorToken token;
	JsonbValue	value;
	List	   *result = NIL;

	while ((token = JsonbIteratorNext(&it, &value, true)) != WJB_DONE)
	{
		Given	   *given;
		const Term *term;

		if (token != WJB_KEY)
			continue;
		term = match_term(shape, pnstrdup(value.val.string.val, value.val.string.len));
		if (inserts && strcmp(term->property, "id") == 0)
			continue;
		check_writable(shape, term, inserts);
		given = palloc0_object(Given);
		given->term = term;
		result = lappend(result, given);
	}
	return result;
}

static const Term *
match_term(const Shape *shape, const char *key)
{
	for (int i = 0; i < shape->term_count; i++)
	{
		const Term *term = &shape->terms[i];

		if (term->name == NULL || strcmp(term->name, key) != 0)
			continue;
		if (term->column == NULL)
			report_missing(shape, term);
		return term;
	}
	report_unknown(shape, key);
	return NULL;
}

static void
check_writable(const Shape *shape, const Term *term, bool inserts)
{
	if (strcmp(term->property, "id") == 0 ||
		(!term->is_computed && (inserts ? term->is_inserted : term->is_updated)))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_GENERATED_ALWAYS),
			 errmsg("property \"%s\" of model \"%s\" cannot be written", term->name,
					shape->definition->name),
			 term->is_computed ? errdetail("It is computed.") :
			 errdetail("It is declared with \"%s\": false.", inserts ? "insert" : "update")));
}

static void
report_unknown(const Shape *shape, const char *key)
{
	ClosestMatchState match;
	const char *closest;

	initClosestMatch(&match, key, 4);
	for (int i = 0; i < shape->term_count; i++)
	{
		if (shape->terms[i].name)
			updateClosestMatch(&match, shape->terms[i].name);
	}
	closest = getClosestMatch(&match);
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_COLUMN),
			 errmsg("model \"%s\" has no property \"%s\"", shape->definition->name, key),
			 closest ? errhint("Perhaps you meant the property \"%s\".", closest) : 0));
}

/*
 * A term of Auth.js for which NextAuth.js v3 has no column: the hint is the
 * call that adds all such columns.
 */
static void
report_missing(const Shape *shape, const Term *term)
{
	StringInfoData columns;

	initStringInfo(&columns);
	for (const MissingColumn *missing = missing_columns(&method_terms, shape->definition);
		 missing->property; missing++)
	{
		if (find_term(shape, missing->property) == NULL)
			appendStringInfo(&columns, "%s\"%s\": {\"type\": \"%s\", \"nullable\": true}",
							 columns.len > 0 ? ", " : "", missing->property,
							 missing->type_name);
	}
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_COLUMN),
			 errmsg("model \"%s\" has no column for \"%s\"", shape->definition->name,
					term->name),
			 errhint("SELECT * FROM nextauth.extend_model(%s, %s);",
					 quote_literal_cstr(shape->definition->name),
					 quote_literal_cstr(psprintf("{%s}", columns.data)))));
}

/*
 * Convert the values by a record that has an attribute for each.
 */
static void
convert_values(List *given, Jsonb *object)
{
	TupleDesc	tupdesc = CreateTemplateTupleDesc(list_length(given));
	Datum	   *values = palloc0_array(Datum, list_length(given));
	bool	   *nulls = palloc_array(bool, list_length(given));
	HeapTupleData tuple;
	ListCell   *lc;

	foreach(lc, given)
	{
		const Term *term = ((Given *) lfirst(lc))->term;
		int			number = foreach_current_index(lc);

		TupleDescInitEntry(tupdesc, number + 1, term->name, term->type, term->typmod, 0);
		nulls[number] = true;
	}
	BlessTupleDesc(tupdesc);
	tuple.t_data = populate_record(heap_form_tuple(tupdesc, values, nulls)->t_data,
								   object);
	tuple.t_len = HeapTupleHeaderGetDatumLength(tuple.t_data);
	heap_deform_tuple(&tuple, tupdesc, values, nulls);
	foreach(lc, given)
	{
		Given	   *element = lfirst(lc);

		element->value = values[foreach_current_index(lc)];
		element->isnull = nulls[foreach_current_index(lc)];
	}
}

static HeapTupleHeader
populate_record(HeapTupleHeader base, Jsonb *object)
{
	FmgrInfo	function;
	LOCAL_FCINFO(call, 2);

	/* It asks for the type of its first argument */
	fmgr_info(F_JSONB_POPULATE_RECORD, &function);
	fmgr_info_set_expr((Node *) makeFuncExpr(F_JSONB_POPULATE_RECORD, RECORDOID,
											 list_make2(makeNullConst(RECORDOID, -1, InvalidOid),
														makeNullConst(JSONBOID, -1, InvalidOid)),
											 InvalidOid, InvalidOid,
											 COERCE_EXPLICIT_CALL),
					   &function);
	InitFunctionCallInfoData(*call, &function, 2, InvalidOid, NULL, NULL);
	call->args[0].value = HeapTupleHeaderGetDatum(base);
	call->args[0].isnull = false;
	call->args[1].value = JsonbPGetDatum(object);
	call->args[1].isnull = false;
	return DatumGetHeapTupleHeader(FunctionCallInvoke(call));
}

/*
 * The value of a property, or NULL if it is not given.
 */
Given *
find_given(List *given, const char *property)
{
	ListCell   *lc;

	foreach(lc, given)
	{
		Given	   *element = lfirst(lc);

		if (strcmp(element->term->property, property) == 0)
			return element;
	}
	return NULL;
}

/*
 * A given value as text, NULL if there is none.
 */
char *
given_text(const Given *given)
{
	return given == NULL || given->isnull ? NULL :
		value_text(given->term, given->value);
}

/*
 * A value of a term's column as text.
 */
char *
value_text(const Term *term, Datum value)
{
	Oid			function;
	bool		is_varlena;

	getTypeOutputInfo(term->type, &function, &is_varlena);
	return OidOutputFunctionCall(function, value);
}

/*
 * The value, without its domain, that is looked for in the column.  Returns
 * false if the text can be none: no row has it.
 */
bool
get_sought_value(const Term *term, const char *text, Datum *value)
{
	ErrorSaveContext error = {.type = T_ErrorSaveContext};
	FmgrInfo	function;
	Oid			input;
	Oid			parameter;

	*value = (Datum) 0;
	getTypeInputInfo(term->base_type, &input, &parameter);
	fmgr_info(input, &function);
	return InputFunctionCallSafe(&function, unconstify(char *, text), parameter, -1,
								 (Node *) &error, value);
}

/*
 * The value that a text is, which must fit into the column if "fits" is set.
 */
Datum
text_value(const Term *term, const char *text, bool fits)
{
	Oid			function;
	Oid			parameter;

	getTypeInputInfo(term->type, &function, &parameter);
	return OidInputFunctionCall(function, unconstify(char *, text), parameter,
								fits ? term->typmod : -1);
}

/*
 * Add a value for a term, unless it has one.
 */
void
add_given(List **given, const Term *term, Datum value)
{
	Given	   *element;

	if (find_given(*given, term->property))
		return;
	element = palloc0_object(Given);
	element->term = term;
	element->value = value;
	*given = lappend(*given, element);
}

/*
 * The same of the value that a text is, if the table has such a column.
 */
void
add_text(const Shape *shape, List **given, const char *property, const char *text)
{
	const Term *term = find_term(shape, property);

	if (term)
		add_given(given, term, text_value(term, text, true));
}

/*
 * The same of a time, so many seconds from now.
 */
void
add_time(const Shape *shape, List **given, const char *property, int64 seconds)
{
	TimestampTz time = GetCurrentTransactionStartTimestamp() + seconds * USECS_PER_SEC;

	add_text(shape, given, property, timestamptz_to_str(time));
}
