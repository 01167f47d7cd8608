/*-------------------------------------------------------------------------
 *
 * expression.c
 *	  Defaults and other expressions, as PostgreSQL stores them
 *
 * An expression is cooked exactly as CREATE TABLE would, and kept as the text
 * that PostgreSQL prints for it.  Statements use that text, never the
 * author's, and expressions are compared by it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/sysattr.h"
#include "catalog/heap.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/optimizer.h"
#include "parser/parse_clause.h"
#include "parser/parse_collate.h"
#include "parser/parse_expr.h"
#include "parser/parse_node.h"
#include "parser/parse_relation.h"
#include "parser/parser.h"
#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/fmgrprotos.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/queryenvironment.h"
#include "utils/rel.h"
#include "utils/ruleutils.h"

#include "model.h"

/* Literals of an expression that may mean the time of this call */
typedef struct FrozenContext
{
	const ColumnSpec *column;
	List	   *literals;		/* of A_Const */
} FrozenContext;

/* The source of an error, and the text that its position refers to */
typedef struct ExpressionContext
{
	const char *what;			/* as in "default of property" */
	const char *name;
	const char *expression;		/* NULL for a literal */
	ErrorContextCallback callback;
} ExpressionContext;

static void expression_error_callback(void *arg);
static void push_expression_context(ExpressionContext *context);
static Node *parse_expression(const char *expression);
static bool is_star(Node *node);
static Node *transform_index_key(ParseState *pstate, Node *raw);
static TupleDesc make_tuple_descriptor(List *columns);
static Node *cook(const ColumnSpec *column, Node *raw);
static bool has_time_word(const char *literal);
static void refuse_frozen_time(const ColumnSpec *column, const char *literal);
static bool find_time_words(Node *raw, void *context);
static bool refuse_frozen_constants(Node *cooked, void *context);
static bool is_uuid_function(Node *expression);
static int	begin_plain_output(void);
static void end_plain_output(int nest);
static Node *replace_sql_values(Node *node, void *context);

/*
 * Report a parser's error position as one in the expression, not in the
 * caller's query.
 */
static void
expression_error_callback(void *arg)
{
	ExpressionContext *context = (ExpressionContext *) arg;

	if (context->expression)
	{
		int			position = geterrposition();

		if (position > 0)
		{
			errposition(0);
			internalerrposition(position);
			internalerrquery(context->expression);
		}
	}
	if (geterrcode() == ERRCODE_INSUFFICIENT_PRIVILEGE)
		errhint("The table is altered with the rights of its owner: grant it to role \"%s\".",
				GetUserNameFromId(GetUserId(), true));
	errcontext("%s \"%s\"", context->what, context->name);
}

static void
push_expression_context(ExpressionContext *context)
{
	context->callback.callback = expression_error_callback;
	context->callback.arg = context;
	context->callback.previous = error_context_stack;
	error_context_stack = &context->callback;
}

/*
 * Raise an ERROR if the literal is not JSON.
 */
void
check_json_literal(const ColumnSpec *column, const char *literal)
{
	ExpressionContext context = {"default of property", column->property, NULL, {0}};

	push_expression_context(&context);

	(void) DirectFunctionCall1(jsonb_in, CStringGetDatum(literal));

	error_context_stack = context.callback.previous;
}

/*
 * Make "literal", a value in the input syntax of the column's type, the
 * column's default.
 *
 * Raise an ERROR if the type does not accept it.
 */
void
set_default_literal(ColumnSpec *column, const char *literal)
{
	ExpressionContext context = {"default of property", column->property, NULL, {0}};
	A_Const    *constant;

	column->default_literal = pstrdup(literal);

	/* The labels of an enum that does not exist yet were checked already */
	if (!OidIsValid(column->type))
	{
		column->default_sql = quote_literal_cstr(literal);
		return;
	}

	push_expression_context(&context);

	if (is_time_type(column->type))
		refuse_frozen_time(column, literal);

	constant = makeNode(A_Const);
	constant->val.sval.type = T_String;
	constant->val.sval.sval = pstrdup(literal);
	constant->location = -1;
	set_default_node(column, cook(column, (Node *) constant));

	/* A value that is too long fails only when the length is applied */
	if (!IsA(column->default_expr, Const))
		(void) eval_const_expressions(NULL, column->default_expr);

	error_context_stack = context.callback.previous;
}

/*
 * Make "expression" the column's default.  As in ALTER TABLE, a plain NULL
 * means none.
 *
 * Raise an ERROR unless it is exactly one expression that is allowed as a
 * default and that the column's type accepts.
 */
void
set_default_expression(ColumnSpec *column, const char *expression)
{
	ExpressionContext context = {"default of property", column->property, NULL, {0}};
	FrozenContext frozen = {.column = column};
	Node	   *raw;
	Node	   *cooked;

	context.expression = expression;
	push_expression_context(&context);

	raw = parse_expression(expression);
	cooked = cook(column, copyObject(raw));

	(void) find_time_words(raw, &frozen);
	if (frozen.literals)
		(void) refuse_frozen_constants(cooked, &frozen);

	/*
	 * On a column of another type TypeORM reads a bare call of a function
	 * that makes uuids as a generated uuid.  An explicit cast, which
	 * PostgreSQL would otherwise imply and not print, prevents that.
	 */
	if (column->type != UUIDOID && is_uuid_function(cooked))
	{
		TypeCast   *cast = makeNode(TypeCast);

		cast->arg = raw;
		cast->typeName = SystemTypeName("text");
		cast->location = -1;
		cooked = cook(column, (Node *) cast);
	}

	if (!(IsA(cooked, Const) && ((Const *) cooked)->constisnull))
	{
		const char *printed = expression;

		/*
		 * PostgreSQL may parse its own text as something simpler, such as (-
		 * 1) as a constant.  The statement has that text, so print the result
		 * of parsing it.
		 */
		set_default_node(column, replace_sql_values(cooked, NULL));
		while (strcmp(printed, column->default_sql) != 0)
		{
			CHECK_FOR_INTERRUPTS();
			printed = column->default_sql;
			set_default_node(column, cook(column, parse_expression(printed)));
		}
	}

	error_context_stack = context.callback.previous;
}

/*
 * Make an expression, as PostgreSQL stores it, the column's default.
 */
void
set_default_node(ColumnSpec *column, Node *expression)
{
	int			nest = begin_plain_output();
	char	   *printed = deparse_expression(expression, NIL, false, false);

	end_plain_output(nest);
	CHECK_FOR_INTERRUPTS();

	/* The buffer of the printed text is far larger */
	column->default_expr = expression;
	column->default_sql = pstrdup(printed);
	pfree(printed);

	/* The one that TypeORM knows as a generated uuid */
	if (column->type == UUIDOID &&
		strcmp(column->default_sql, "gen_random_uuid()") == 0)
		column->generated = GENERATED_UUID;
}

/*
 * The value of a default that is a literal of the column's type, in the output
 * syntax of that type; NULL if there is no default, or if it is not a literal.
 */
char *
constant_default(const ColumnSpec *column)
{
	Node	   *node = column->default_expr;
	Const	   *constant;
	Oid			output;
	bool		is_varlena;
	int			nest;
	char	   *result;

	if (node == NULL)
		return NULL;

	/* Below the coercion to the column's length */
	node = strip_implicit_coercions(node);
	if (!IsA(node, Const))
		return NULL;
	constant = (Const *) node;
	if (constant->constisnull || constant->consttype != column->type)
		return NULL;

	getTypeOutputInfo(constant->consttype, &output, &is_varlena);
	nest = begin_plain_output();
	result = OidOutputFunctionCall(output, constant->constvalue);
	end_plain_output(nest);
	return result;
}

/*
 * An expression over the existing and new columns of a model's table, as
 * PostgreSQL prints it: the one that computes "generated" or, if that is NULL,
 * one of the "kind": the condition of an index, a check, or a key of an index.
 * "what" and "name" describe its object in errors.  "column_names", unless
 * NULL, is set to the columns that occur in it.
 *
 * Raise an ERROR unless it is exactly one expression that is allowed there.
 */
char *
print_table_expression(const Model *model, List *columns,
					   const char *expression, const ColumnSpec *generated,
					   ParseExprKind kind, const char *what, const char *name,
					   List **column_names)
{
	ExpressionContext context = {what, name, NULL, {0}};
	EphemeralNamedRelation relation = palloc0(sizeof(EphemeralNamedRelationData));
	PlannedStmt *statement = makeNode(PlannedStmt);
	char	   *previous = NULL;
	char	   *printed = pstrdup(expression);

	context.expression = expression;
	push_expression_context(&context);

	relation->md.name = model->table_name;
	relation->md.enrtype = ENR_NAMED_TUPLESTORE;
	relation->md.tupdesc = make_tuple_descriptor(columns);

	/*
	 * PostgreSQL may parse its own text as something simpler, as with
	 * defaults
	 */
	while (previous == NULL || strcmp(printed, previous) != 0)
	{
		ParseState *pstate = make_parsestate(NULL);
		Node	   *node = parse_expression(printed);
		int			nest;

		CHECK_FOR_INTERRUPTS();
		pstate->p_queryEnv = create_queryEnv();
		register_ENR(pstate->p_queryEnv, relation);
		addNSItemToQuery(pstate,
						 addRangeTableEntryForENR(pstate,
												  makeRangeVar(NULL, model->table_name, -1),
												  true),
						 false, true, true);
		if (generated)
			node = cookDefault(pstate, node, generated->type, generated->typmod,
							   generated->column_name,
							   generated->generated_type);
		else if (kind == EXPR_KIND_INDEX_EXPRESSION)
			node = transform_index_key(pstate, node);
		else
		{
			node = transformWhereClause(pstate, node, kind,
										kind == EXPR_KIND_CHECK_CONSTRAINT ?
										"CHECK" : "WHERE");
			assign_expr_collations(pstate, node);
		}

		/* An existing index may have any key */
		if (kind == EXPR_KIND_INDEX_EXPRESSION && column_names &&
			!is_of_columns(node))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("expression of an index must use columns, not the whole row")));
		check_expression_rights(node, model->owner);
		previous = printed;
		statement->rtable = pstate->p_rtable;
		nest = begin_plain_output();
		printed = deparse_expression(node,
									 deparse_context_for_plan_tree(statement,
																   list_make1(model->table_name)),
									 false, false);
		end_plain_output(nest);
		if (column_names)
			*column_names = names_in_expression(node, relation->md.tupdesc);
		free_parsestate(pstate);
	}

	error_context_stack = context.callback.previous;
	return printed;
}

/*
 * Raise an ERROR for a collation at the end of an index expression, which
 * PostgreSQL would move from the expression to the index.
 */
static Node *
transform_index_key(ParseState *pstate, Node *raw)
{
	Node	   *node = transformExpr(pstate, raw, EXPR_KIND_INDEX_EXPRESSION);

	if (IsA(node, CollateExpr))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("expression of an index cannot end with a collation"),
				 errhint("Write it within a function, as in lower(name COLLATE \"C\"), or define the property with \"collation\".")));
	assign_expr_collations(pstate, node);
	return node;
}

/*
 * Does an expression over a table use single columns, at least one, and not
 * the whole row, which changes with every new column?
 */
bool
is_of_columns(Node *expression)
{
	Bitmapset  *attnums = NULL;

	pull_varattnos(expression, 1, &attnums);
	return !bms_is_empty(attnums) &&
		!bms_is_member(-FirstLowInvalidHeapAttributeNumber, attnums);
}

/*
 * The columns that occur in an expression over a table.
 */
List *
names_in_expression(Node *expression, TupleDesc tupdesc)
{
	List	   *result = NIL;
	Bitmapset  *attnums = NULL;
	int			i = -1;

	pull_varattnos(expression, 1, &attnums);
	while ((i = bms_next_member(attnums, i)) >= 0)
	{
		AttrNumber	attnum = i + FirstLowInvalidHeapAttributeNumber;

		if (attnum > 0)
			result = lappend(result,
							 pstrdup(NameStr(TupleDescAttr(tupdesc, attnum - 1)->attname)));
	}
	return result;
}

/*
 * The same for columns, except those whose enum type does not exist yet.
 */
static TupleDesc
make_tuple_descriptor(List *columns)
{
	TupleDesc	tupdesc;
	ListCell   *lc;
	AttrNumber	attnum = 0;

	foreach(lc, columns)
	{
		if (OidIsValid(((ColumnSpec *) lfirst(lc))->type))
			attnum++;
	}
	tupdesc = CreateTemplateTupleDesc(attnum);

	attnum = 0;
	foreach(lc, columns)
	{
		ColumnSpec *column = lfirst(lc);

		if (!OidIsValid(column->type))
			continue;
		TupleDescInitEntry(tupdesc, ++attnum, column->column_name, column->type,
						   column->typmod, 0);
		TupleDescInitEntryCollation(tupdesc, attnum, column->collation);
	}
	return tupdesc;
}

/*
 * A stored expression, as PostgreSQL prints it.
 */
char *
print_stored_expression(Relation relation, const char *node_string)
{
	return print_stored_node(relation, stringToNode(node_string));
}

/*
 * The same of an expression that has been read.
 */
char *
print_stored_node(Relation relation, Node *expression)
{
	int			nest = begin_plain_output();
	char	   *result;

	result = deparse_expression(expression,
								deparse_context_for(RelationGetRelationName(relation),
													RelationGetRelid(relation)),
								false, false);
	end_plain_output(nest);
	return result;
}

/*
 * Until end_plain_output(result), print text that means the same in every
 * session, independent of the settings of this one.  If the settings are right
 * already, no level of settings is entered, and the result is 0.
 */
static int
begin_plain_output(void)
{
	int			nest;

	if (DateStyle == USE_ISO_DATES && IntervalStyle == INTSTYLE_POSTGRES &&
		extra_float_digits >= 1 && !quote_all_identifiers)
		return 0;

	nest = NewGUCNestLevel();
	if (DateStyle != USE_ISO_DATES)
		(void) set_config_option("datestyle", "ISO", PGC_USERSET, PGC_S_SESSION,
								 GUC_ACTION_SAVE, true, 0, false);
	if (IntervalStyle != INTSTYLE_POSTGRES)
		(void) set_config_option("intervalstyle", "postgres", PGC_USERSET,
								 PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	if (extra_float_digits < 1)
		(void) set_config_option("extra_float_digits", "1", PGC_USERSET,
								 PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	if (quote_all_identifiers)
		(void) set_config_option("quote_all_identifiers", "off", PGC_USERSET,
								 PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	return nest;
}

static void
end_plain_output(int nest)
{
	if (nest != 0)
		AtEOXact_GUC(false, nest);
}

/*
 * Parse exactly one expression, and nothing else.
 */
static Node *
parse_expression(const char *expression)
{
	List	   *statements = raw_parser(expression, RAW_PARSE_PLPGSQL_EXPR);
	SelectStmt *select = NULL;
	ResTarget  *target = NULL;

	CHECK_FOR_INTERRUPTS();
	if (list_length(statements) == 1)
		select = (SelectStmt *) linitial_node(RawStmt, statements)->stmt;
	if (select && IsA(select, SelectStmt) &&
		list_length(select->targetList) == 1 &&
		select->distinctClause == NIL && select->intoClause == NULL &&
		select->fromClause == NIL && select->whereClause == NULL &&
		select->groupClause == NIL && select->havingClause == NULL &&
		select->windowClause == NIL && select->valuesLists == NIL &&
		select->sortClause == NIL && select->limitOffset == NULL &&
		select->limitCount == NULL && select->lockingClause == NIL &&
		select->withClause == NULL && select->op == SETOP_NONE)
		target = linitial_node(ResTarget, select->targetList);

	if (target == NULL || target->name != NULL || target->indirection != NIL ||
		is_star(target->val))
		ereport(ERROR,
				(errcode(ERRCODE_SYNTAX_ERROR),
				 errmsg("text is not exactly one expression"),
				 errdetail("The text is: %s", expression)));
	return target->val;
}

/*
 * Is it the "*" of SELECT *?  PostgreSQL accepts that only where several
 * columns are possible, and crashes elsewhere.
 */
static bool
is_star(Node *node)
{
	return node && IsA(node, ColumnRef) &&
		IsA(linitial(((ColumnRef *) node)->fields), A_Star);
}

/*
 * Does the literal have a word that PostgreSQL reads in a date or time as the
 * time of this call?
 */
static bool
has_time_word(const char *literal)
{
	static const char *const words[] = {"now", "today", "tomorrow", "yesterday"};
	const char *letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

	for (const char *p = literal + strcspn(literal, letters); *p;
		 p += strcspn(p, letters))
	{
		size_t		length = strspn(p, letters);

		CHECK_FOR_INTERRUPTS();
		for (size_t i = 0; i < lengthof(words); i++)
		{
			if (length == strlen(words[i]) &&
				pg_strncasecmp(p, words[i], length) == 0)
				return true;
		}
		p += length;
	}
	return false;
}

/*
 * Raise an ERROR for a literal that means the time of this call, which is
 * never intended.
 */
static void
refuse_frozen_time(const ColumnSpec *column, const char *literal)
{
	if (has_time_word(literal))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("default \"%s\" of property \"%s\" would be fixed at the time of this call",
						literal, column->property),
				 errhint("Give an expression as \"defaultExpression\", for example \"now()\".")));
}

/*
 * Collect the literals with such a word.
 */
static bool
find_time_words(Node *raw, void *context)
{
	FrozenContext *frozen = (FrozenContext *) context;

	if (raw == NULL)
		return false;
	if (IsA(raw, A_Const))
	{
		A_Const    *literal = (A_Const *) raw;

		if (!literal->isnull && IsA(&literal->val, String) &&
			has_time_word(literal->val.sval.sval))
			frozen->literals = lappend(frozen->literals, literal);
		return false;
	}
	return raw_expression_tree_walker(raw, find_time_words, context);
}

/*
 * Raise an ERROR if one of them was parsed as a date or time.  The parsed node
 * has the literal's location.
 */
static bool
refuse_frozen_constants(Node *cooked, void *context)
{
	FrozenContext *frozen = (FrozenContext *) context;

	if (cooked == NULL)
		return false;
	if (IsA(cooked, Const))
	{
		Const	   *constant = (Const *) cooked;
		ListCell   *lc;

		if (!is_time_type(constant->consttype))
			return false;
		foreach(lc, frozen->literals)
		{
			A_Const    *literal = lfirst(lc);

			if (literal->location == constant->location)
				refuse_frozen_time(frozen->column, literal->val.sval.sval);
		}
		return false;
	}
	return expression_tree_walker(cooked, refuse_frozen_constants, context);
}

static bool
is_uuid_function(Node *expression)
{
	char	   *name;

	expression = strip_implicit_coercions(expression);
	if (!IsA(expression, FuncExpr))
		return false;
	name = get_func_name(((FuncExpr *) expression)->funcid);
	return strcmp(name, "gen_random_uuid") == 0 ||
		strncmp(name, "uuid_generate_v", strlen("uuid_generate_v")) == 0;
}

static Node *
cook(const ColumnSpec *column, Node *raw)
{
	ParseState *pstate = make_parsestate(NULL);
	Node	   *cooked;

	cooked = cookDefault(pstate, raw, column->type, column->typmod,
						 column->column_name, '\0');
	free_parsestate(pstate);
	return cooked;
}

/*
 * Write CURRENT_TIMESTAMP as now(), CURRENT_DATE as ('now'::text)::date and
 * so on, as TypeORM does before it creates a column and before it compares
 * one.  They mean the same.
 */
static Node *
replace_sql_values(Node *node, void *context)
{
	if (node == NULL)
		return NULL;
	if (IsA(node, SQLValueFunction))
	{
		SQLValueFunction *function = (SQLValueFunction *) node;
		ColumnSpec	value = {0};
		char	   *expression = NULL;

		value.column_name = "";
		value.type = function->type;
		value.typmod = function->typmod;

		switch (function->op)
		{
			case SVFOP_CURRENT_TIMESTAMP:
				expression = "now()";
				break;
			case SVFOP_CURRENT_DATE:
			case SVFOP_CURRENT_TIME:
			case SVFOP_CURRENT_TIME_N:
			case SVFOP_CURRENT_TIMESTAMP_N:
			case SVFOP_LOCALTIME:
			case SVFOP_LOCALTIME_N:
			case SVFOP_LOCALTIMESTAMP:
			case SVFOP_LOCALTIMESTAMP_N:
				expression = psprintf("('now'::pg_catalog.text)::%s",
									  format_type_with_typemod(function->type,
															   function->typmod));
				break;
			default:
				return node;
		}
		return cook(&value, parse_expression(expression));
	}
	return expression_tree_mutator(node, replace_sql_values, context);
}
