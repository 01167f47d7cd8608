/*-------------------------------------------------------------------------
 *
 * plain_expression.c
 *	  An expression that means the same in another database
 *
 * That is one of columns, literals, comparisons, IS NULL, IN, AND, OR and NOT.
 * Casts that PostgreSQL prints to name a literal's type are left out.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "nodes/parsenodes.h"
#include "parser/parse_type.h"
#include "parser/parser.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "engine.h"

static bool append_plain(StringInfo buf, const EngineModel *model, Node *node);
static bool append_operator(StringInfo buf, const EngineModel *model, A_Expr *node);
static bool append_boolean(StringInfo buf, const EngineModel *model, BoolExpr *node);
static bool is_text(const EngineModel *model, Node *node);
static bool append_values(StringInfo buf, const EngineModel *model, List *values);
static bool append_column(StringInfo buf, const EngineModel *model, ColumnRef *node);
static bool append_constant(StringInfo buf, const EngineModel *model, A_Const *node);
static Node *without_cast(Node *node);

/*
 * An expression that PostgreSQL printed, for the model's engine; NULL if it may
 * mean something else there.
 */
char *
print_plain_expression(const char *expression, const EngineModel *model)
{
	StringInfoData buf;
	List	   *parsed = raw_parser(expression, RAW_PARSE_PLPGSQL_EXPR);
	SelectStmt *select = (SelectStmt *) linitial_node(RawStmt, parsed)->stmt;

	initStringInfo(&buf);
	if (!append_plain(&buf, model,
					  linitial_node(ResTarget, select->targetList)->val))
		return NULL;
	return buf.data;
}

static bool
append_plain(StringInfo buf, const EngineModel *model, Node *node)
{
	node = without_cast(node);
	switch (nodeTag(node))
	{
		case T_A_Expr:
			return append_operator(buf, model, (A_Expr *) node);
		case T_BoolExpr:
			return append_boolean(buf, model, (BoolExpr *) node);
		case T_NullTest:
			if (!append_plain(buf, model, (Node *) ((NullTest *) node)->arg))
				return false;
			appendStringInfoString(buf, ((NullTest *) node)->nulltesttype == IS_NULL ?
								   " IS NULL" : " IS NOT NULL");
			return true;
		case T_ColumnRef:
			return append_column(buf, model, (ColumnRef *) node);
		case T_A_Const:
			return append_constant(buf, model, (A_Const *) node);
		default:
			return false;
	}
}

/*
 * A comparison, or one with each value of a list.
 */
static bool
append_operator(StringInfo buf, const EngineModel *model, A_Expr *node)
{
	static const char *const comparisons[] = {"=", "<>", "<", "<=", ">", ">=", NULL};
	const char *name = strVal(llast(node->name));
	Node	   *right;

	if (list_length(node->name) != 1 || !is_one_of(name, comparisons) ||
		node->lexpr == NULL)
		return false;

	/* Texts have another order there, and labels that of texts */
	if (strcmp(name, "=") != 0 && strcmp(name, "<>") != 0 &&
		(is_text(model, node->lexpr) || is_text(model, node->rexpr)))
		return false;
	if (node->kind == AEXPR_OP)
	{
		appendStringInfoChar(buf, '(');
		if (!append_plain(buf, model, node->lexpr))
			return false;
		appendStringInfo(buf, " %s ", name);
		if (!append_plain(buf, model, node->rexpr))
			return false;
		appendStringInfoChar(buf, ')');
		return true;
	}

	/* x IN (a, b) is printed as x = ANY (ARRAY[a, b]) */
	right = without_cast(node->rexpr);
	if (node->kind != AEXPR_OP_ANY || strcmp(name, "=") != 0 ||
		!IsA(right, A_ArrayExpr) ||
		!append_plain(buf, model, node->lexpr))
		return false;
	appendStringInfoString(buf, " IN (");
	if (!append_values(buf, model, ((A_ArrayExpr *) right)->elements))
		return false;
	appendStringInfoChar(buf, ')');
	return true;
}

/*
 * Is it a column of text, or of an enum?
 */
static bool
is_text(const EngineModel *model, Node *node)
{
	ListCell   *lc;

	node = without_cast(node);
	if (!IsA(node, ColumnRef))
		return false;
	foreach(lc, model->columns)
	{
		const EngineColumn *column = lfirst(lc);

		if (column->left_out == NULL &&
			(column->type->storage == STORED_AS_STRING ||
			 column->type->storage == STORED_AS_TEXT ||
			 column->type->storage == STORED_AS_ENUM) &&
			strcmp(column->spec->column_name,
				   strVal(llast(((ColumnRef *) node)->fields))) == 0)
			return true;
	}
	return false;
}

static bool
append_values(StringInfo buf, const EngineModel *model, List *values)
{
	ListCell   *lc;

	foreach(lc, values)
	{
		if (foreach_current_index(lc) > 0)
			appendStringInfoString(buf, ", ");
		if (!append_plain(buf, model, lfirst(lc)))
			return false;
	}
	return values != NIL;
}

static bool
append_boolean(StringInfo buf, const EngineModel *model, BoolExpr *node)
{
	ListCell   *lc;

	appendStringInfoString(buf, node->boolop == NOT_EXPR ? "(NOT " : "(");
	foreach(lc, node->args)
	{
		if (foreach_current_index(lc) > 0)
			appendStringInfoString(buf, node->boolop == AND_EXPR ? " AND " : " OR ");
		if (!append_plain(buf, model, lfirst(lc)))
			return false;
	}
	appendStringInfoChar(buf, ')');
	return true;
}

/*
 * A column that the other database's table has, and compares as PostgreSQL
 * does.
 */
static bool
append_column(StringInfo buf, const EngineModel *model, ColumnRef *node)
{
	ListCell   *lc;

	if (list_length(node->fields) != 1 || !IsA(linitial(node->fields), String))
		return false;
	foreach(lc, model->columns)
	{
		const EngineColumn *column = lfirst(lc);

		if (column->left_out ||
			strcmp(column->spec->column_name, strVal(linitial(node->fields))) != 0)
			continue;
		switch (column->type->storage)
		{
			case STORED_AS_STRING:
			case STORED_AS_TEXT:
			case STORED_AS_ENUM:
			case STORED_AS_INTEGER:
			case STORED_AS_DECIMAL:
			case STORED_AS_FLOAT:
			case STORED_AS_BOOLEAN:
			case STORED_AS_DATE:
				appendStringInfoString(buf, quote_engine_name(model->engine,
															  column->name));
				return true;
			default:
				return false;
		}
	}
	return false;
}

static bool
append_constant(StringInfo buf, const EngineModel *model, A_Const *node)
{
	if (node->isnull)
	{
		appendStringInfoString(buf, "NULL");
		return true;
	}
	switch (nodeTag(&node->val))
	{
		case T_Integer:
			appendStringInfo(buf, "%d", intVal(&node->val));
			return true;
		case T_Float:
			appendStringInfoString(buf, castNode(Float, &node->val)->fval);
			return true;
		case T_Boolean:
			appendStringInfoString(buf, boolVal(&node->val) ? "1" : "0");
			return true;
		case T_String:
			appendStringInfoString(buf, model->engine->quote_string(strVal(&node->val)));
			return true;
		default:
			return false;
	}
}

/*
 * The expression below casts that do not change what it is compared with.
 */
static Node *
without_cast(Node *node)
{
	while (IsA(node, TypeCast))
	{
		TypeCast   *cast = (TypeCast *) node;
		Type		type = LookupTypeName(NULL, cast->typeName, NULL, true);
		Oid			oid;
		char		category;
		bool		is_preferred;

		if (type == NULL)
			return node;
		oid = typeTypeId(type);
		ReleaseSysCache(type);
		if (OidIsValid(get_element_type(oid)))
			oid = get_element_type(oid);
		get_type_category_preferred(oid, &category, &is_preferred);
		if (category != TYPCATEGORY_STRING && category != TYPCATEGORY_ENUM &&
			category != TYPCATEGORY_NUMERIC && category != TYPCATEGORY_BOOLEAN &&
			oid != DATEOID)
			return node;

		/* A column cast to another kind of type is compared in another way */
		if (category != TYPCATEGORY_STRING &&
			!IsA(cast->arg, A_Const) && !IsA(cast->arg, A_ArrayExpr) &&
			!IsA(cast->arg, TypeCast))
			return node;
		node = cast->arg;
	}
	return node;
}
